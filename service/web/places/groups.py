"""组: departments, posts and circles of people. For administrators only (XC-P-5)."""

from flask import Blueprint, Response, make_response, render_template, request

from service.domain.errors import AlreadyExistsError, BadInputError, NotFoundError, WrongStateError
from service.reports import people as report
from service.usecases import groups as usecases
from service.web.frame import flashes
from service.web.frame.redirects import see_other
from service.web.request import current
from service.web.request.access import with_role
from service.web.words.texts import gettext

blueprint = Blueprint("groups", __name__)


@blueprint.get("/administration/groups")
@with_role("admin")
def page() -> Response:
    """Show every group with the number of its members."""
    with current.reading() as connection:
        rows = report.groups(connection)
        counts = report.member_counts(connection)
    names = {row.key: row.name for row in rows}
    shown = render_template("groups.html", rows=rows, counts=counts, names=names)
    return make_response(shown)


@blueprint.get("/administration/groups/new")
@with_role("admin")
def new_group() -> Response:
    """Show an empty group to fill in."""
    return _form(None)


@blueprint.post("/administration/groups/new")
@with_role("admin")
def create_group() -> Response:
    """Make a group."""
    key = request.form.get("key", "").strip()
    try:
        usecases.create(current.house(), current.person(), key, _facts(None))
    except AlreadyExistsError as error:
        message = gettext("组标识 %(key)s 已被使用", key=key)
        raise BadInputError(error.detail, message=message) from error
    except BadInputError as error:
        raise _told(error) from error
    flashes.tell(gettext("组已新增"))
    return _to_group(key)


@blueprint.get("/administration/groups/<key>")
@with_role("admin")
def group(key: str) -> Response:
    """Show a group and who belongs to it."""
    return _form(_found(key))


@blueprint.post("/administration/groups/<key>")
@with_role("admin")
def save_group(key: str) -> Response:
    """Change a group."""
    facts = _facts(_found(key).description)
    try:
        usecases.change(current.house(), current.person(), key, facts)
    except BadInputError as error:
        raise _told(error) from error
    except WrongStateError as error:
        message = gettext("仍有人员属于该部门，不能取消部门属性")
        raise WrongStateError(error.detail, message=message) from error
    flashes.tell(gettext("组已保存"))
    return _to_group(key)


@blueprint.post("/administration/groups/<key>/deletion")
@with_role("admin")
def delete_group(key: str) -> Response:
    """Delete a group that nothing depends on."""
    try:
        usecases.remove(current.house(), current.person(), key)
    except WrongStateError as error:
        message = gettext(
            "该组仍是某人的部门、其他组的主管组，或有待办任务，或是最后的系统管理员所在的组，不能删除"
        )
        raise WrongStateError(error.detail, message=message) from error
    flashes.tell(gettext("组已删除"))
    return see_other("web.groups.page")


def _facts(description: str | None) -> usecases.GroupFacts:
    others = request.form.get("other_names", "").replace("，", ",").replace("、", ",").split(",")
    return usecases.GroupFacts(
        name=request.form.get("name", "").strip(),
        description=description,
        other_names=tuple(name.strip() for name in others if name.strip()),
        is_department=request.form.get("is_department") == "1",
        supervisor_group=request.form.get("supervisor_group") or None,
    )


def _told(error: BadInputError) -> BadInputError:
    message = gettext("请填写名称；名称和别名不能与其他组相同，标识不能含空格和斜杠")
    return BadInputError(error.detail, message=message)


def _found(key: str) -> report.GroupRow:
    with current.reading() as connection:
        found = next((row for row in report.groups(connection) if row.key == key), None)
    if found is None:
        raise NotFoundError(f"Expected to find group '{key}', but there is none.")
    return found


def _form(shown: report.GroupRow | None) -> Response:
    with current.reading() as connection:
        groups = report.groups(connection)
        everybody = report.people(connection) if shown else ()
    members = [row for row in everybody if shown and shown.key in row.groups]
    page = render_template("group.html", shown=shown, groups=groups, members=members)
    return make_response(page)


def _to_group(key: str) -> Response:
    return see_other("web.groups.group", key=key)
