"""人员与令牌: accounts and API tokens. For administrators only (XC-P-5)."""

from datetime import datetime, time, timedelta

from flask import Blueprint, Response, make_response, render_template, request

from service.domain.errors import AlreadyExistsError, BadInputError, NotFoundError, WrongStateError
from service.domain.identifiers import EXPECTED as IDENTIFIER
from service.domain.identifiers import is_identifier
from service.identity import ROLES, Person
from service.reports import people as report
from service.sla import SHANGHAI
from service.usecases import people
from service.usecases.accounts import SHORTEST_PASSWORD
from service.usecases.people import PersonFacts
from service.web.frame import flashes
from service.web.frame.redirects import see_other
from service.web.request import current, session
from service.web.request.access import with_role
from service.web.words.roles import role_name
from service.web.words.texts import gettext

blueprint = Blueprint("people", __name__)
blueprint.add_app_template_filter(role_name, "role_name")


@blueprint.get("/administration/people")
@with_role("admin")
def page() -> Response:
    """Show everybody."""
    with current.reading() as connection:
        rows = report.people(connection)
    return make_response(render_template("people.html", rows=rows))


@blueprint.get("/administration/people/new")
@with_role("admin")
def new_person() -> Response:
    """Show an empty account to fill in."""
    return _form(None)


@blueprint.post("/administration/people/new")
@with_role("admin")
def create_person() -> Response:
    """Make an account."""
    username, password = _new_username(), _password()
    try:
        people.create_person(
            current.house(), current.person(), username, _facts(is_active=True), password
        )
    except AlreadyExistsError as error:
        message = gettext("用户名 %(username)s 已被使用", username=username)
        raise BadInputError(error.detail, message=message) from error
    flashes.tell(gettext("人员已新增"))
    return _to_person(username)


@blueprint.get("/administration/people/<username>")
@with_role("admin")
def person(username: str) -> Response:
    """Show an account and its tokens."""
    return _form(_found(username))


@blueprint.post("/administration/people/<username>")
@with_role("admin")
def save_person(username: str) -> Response:
    """Change an account."""
    is_active = request.form.get("is_active") == "1"
    is_program = _found(username).is_program
    facts = _facts(is_active=is_active, is_program=is_program)
    try:
        people.update_person(current.house(), current.person(), username, facts)
    except WrongStateError as error:
        message = gettext("至少要保留一名在用的系统管理员")
        raise WrongStateError(error.detail, message=message) from error
    flashes.tell(gettext("人员信息已保存"))
    return _to_person(username)


@blueprint.post("/administration/people/<username>/password")
@with_role("admin")
def set_password(username: str) -> Response:
    """Give somebody another password."""
    people.set_password(current.house(), current.person(), username, _password())
    if username == current.person().username:
        _stay_signed_in(username)
    flashes.tell(gettext("密码已重设"))
    return _to_person(username)


@blueprint.post("/administration/people/<username>/tokens")
@with_role("admin")
def create_token(username: str) -> Response:
    """Make a token for somebody; it is shown on the answer of this request and never again."""
    found = _found(username)
    label = request.form.get("label", "").strip()
    token = people.create_token(current.house(), _owner(found), label, _expires_at())
    return _form(found, token)


@blueprint.post("/administration/people/<username>/tokens/<sha256>")
@with_role("admin")
def revoke_token(username: str, sha256: str) -> Response:
    """End a token."""
    people.revoke_token(current.house(), current.person(), sha256)
    flashes.tell(gettext("令牌已作废"))
    return _to_person(username)


def _new_username() -> str:
    """Return the user name that was typed.

    Raises:
        BadInputError: The clients of the API could not read it.
    """
    username = request.form.get("username", "").strip()
    if not is_identifier(username):
        message = gettext("用户名只能由字母、数字和 _ ~ @ . + - 组成；中文请填在“姓名”中")
        raise BadInputError(f"Expected 'username' to be {IDENTIFIER}.", message=message)
    return username


def _password() -> str:
    """Return the password that was typed.

    Raises:
        BadInputError: It is too short.
    """
    password = request.form.get("password", "")
    if len(password) < SHORTEST_PASSWORD:
        message = gettext("密码至少 %(count)s 位", count=SHORTEST_PASSWORD)
        raise BadInputError("Expected a longer password.", message=message)
    return password


def _stay_signed_in(username: str) -> None:
    """Begin the session anew of who changed his own password; his other sessions are over."""
    with current.reading() as connection:
        himself = people.person(connection, username)
    if himself is not None:
        session.begin(himself)


def _facts(*, is_active: bool, is_program: bool = False) -> PersonFacts:
    return PersonFacts(
        name=request.form.get("name", "").strip(),
        email=request.form.get("email", "").strip() or None,
        groups=frozenset(request.form.getlist("group")),
        roles=frozenset(request.form.getlist("role")),
        department=request.form.get("department") or None,
        is_active=is_active,
        is_program=is_program,
    )


def _expires_at() -> datetime | None:
    """Return the end of the day that was typed, or None when none was."""
    text = request.form.get("expires_on", "").strip()
    if not text:
        return None
    try:
        on = datetime.fromisoformat(text).date()
    except ValueError as error:
        message = gettext("请输入有效的日期")
        raise BadInputError("Expected 'expires_on' to be a date.", message=message) from error
    return datetime.combine(on, time(), SHANGHAI) + timedelta(days=1)


def _owner(row: report.PersonRow) -> Person:
    return Person(row.username, row.name, groups=row.groups, roles=frozenset(row.roles))


def _found(username: str) -> report.PersonRow:
    with current.reading() as connection:
        found = report.person(connection, username)
    if found is None:
        raise NotFoundError(f"Expected to find user '{username}', but there is none.")
    return found


def _form(shown: report.PersonRow | None, new_token: str = "") -> Response:
    with current.reading() as connection:
        groups = report.groups(connection)
        tokens = report.tokens(connection, shown.username) if shown else ()
        own_roles = report.own_roles(connection)
    page = render_template(
        "person.html",
        shown=shown,
        is_readable=shown is None or is_identifier(shown.username),
        groups=groups,
        tokens=tokens,
        roles=list(ROLES),
        own_roles=own_roles,
        new_token=new_token,
        shortest_password=SHORTEST_PASSWORD,
    )
    return make_response(page)


def _to_person(username: str) -> Response:
    return see_other("web.people.person", username=username)
