"""登录: who somebody is, and the language he reads."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from service.domain.errors import NotSignedInError, OverloadedError
from service.usecases import people
from service.usecases.sign_in import GUESSING
from service.web.frame.redirects import see_other
from service.web.request import current, session
from service.web.request.access import public
from service.web.request.languages import LANGUAGES
from service.web.words.texts import gettext

DEMO_PEOPLE = "HUIYIN_DEMO_PEOPLE"
"""Config key: people offered with their passwords, as mappings of `username`, `name`, `password` and
`note`. Set only for a demonstration on this machine."""

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
@public
def page() -> Response:
    """Show the form; somebody who is signed in goes on to his tasks."""
    if current.maybe_person():
        return _go_on()
    return _form("", 200, "")


@blueprint.post("/sign-in")
@public
def sign_in() -> Response:
    """Sign in with user name and password."""
    username = request.form.get("username", "").strip()
    password = request.form.get("password", "")
    address = request.remote_addr or ""
    try:
        person = people.sign_in(current.house(), username, password, address)
    except OverloadedError as error:
        if error.facts.get("reason") != GUESSING:
            raise
        return _form(username, 429, gettext("登录失败次数过多，请 15 分钟后再试"))
    except NotSignedInError:
        return _form(username, 401, gettext("用户名或密码不正确"))
    session.begin(person)
    return _go_on()


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    """Sign out and show the form."""
    session.end()
    return see_other("web.sign_in.page")


@blueprint.post("/language")
@public
def change_language() -> Response:
    """Change the language of the pages and go back to where the reader was."""
    language = request.form.get("language", "")
    if language in LANGUAGES:
        session.choose_language(language)
    return make_response(redirect(safe_target(request.form.get("next", "")), 303))


def safe_target(target: str) -> str:
    """Return an address within this house: the one asked for, or the start page when it leads away."""
    parts = urlsplit(target)
    is_within = not parts.scheme and not parts.netloc and target.startswith("/")
    is_plain = not target.startswith(("//", "/\\")) and "\\" not in target and target.isprintable()
    return target if is_within and is_plain else url_for("web.inbox.root")


def _go_on() -> Response:
    target = request.form.get("next") or request.args.get("next", "")
    return make_response(redirect(safe_target(target), 303))


def _form(username: str, status: int, problem: str) -> Response:
    demo = cast(Sequence[Mapping[str, Any]], current_app.config.get(DEMO_PEOPLE) or ())
    target = request.form.get("next") or request.args.get("next", "")
    page = render_template(
        "sign_in.html", username=username, problem=problem, demo_people=demo, next_url=target
    )
    return make_response(page, status)
