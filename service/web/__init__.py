"""The pages: `register` puts them on a Flask application, a blueprint a place.

Imports go down only: `places` (the views), `parts` (what they show), `frame` (what all pages have),
`words` (how they speak), `request` (who asks for what).
"""

from pathlib import Path

from flask import Blueprint, Flask
from flask_babel import Babel

from service.identity import Person
from service.usecases.house import House
from service.web.frame import assets, errors, shell
from service.web.places import (
    administration,
    attachments,
    cases,
    groups,
    histories,
    inbox,
    mails,
    me,
    migrations,
    notifications,
    operations,
    people,
    processes,
    sign_in,
    start,
    start_triggers,
    task,
    tracked_items,
)
from service.web.request import access, current, security, session
from service.web.request.languages import DEFAULT
from service.web.words.catalogs import TextCatalogs
from service.web.words.texts import template_gettext

__all__ = ["register", "signed_in_person"]

PLACES = (
    assets,
    sign_in,
    inbox,
    task,
    start,
    cases,
    processes,
    operations,
    migrations,
    start_triggers,
    notifications,
    me,
    mails,
    administration,
    groups,
    people,
    histories,
    attachments,
    tracked_items,
)


def register(app: Flask, house: House) -> None:
    """Put the pages on an application that has a `SECRET_KEY`.

    Reads `HUIYIN_DEMO_PEOPLE` of `app.config` (people whom the sign-in page offers, see `sign_in`).

    Raises:
        AssetsMissingError: The front end is not built.
    """
    _configure(app, house)
    pages = Blueprint("web", __name__, template_folder="templates")
    pages.before_request(security.limit_body)
    pages.before_request(session.load_person)
    pages.before_request(access.check)
    pages.before_request(security.check_csrf)
    errors.register(pages)
    shell.register(pages)
    for place in PLACES:
        pages.register_blueprint(place.blueprint)
    app.register_blueprint(pages)
    app.session_interface = security.Sessions()
    app.response_class = security.SafeResponse
    for status in (404, 405):
        app.register_error_handler(status, errors.answer_unknown_address)


def signed_in_person() -> Person | None:
    """Return whom the browser's session of this request belongs to, or None; for the API."""
    session.load_person()
    return current.maybe_person()


def _configure(app: Flask, house: House) -> None:
    app.extensions[current.EXTENSION] = house
    folder = Path(app.config.get(assets.CONFIG_KEY, assets.BUILT))
    app.extensions[assets.EXTENSION] = assets.load(folder)
    app.config.setdefault("WTF_CSRF_CHECK_DEFAULT", False)
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    security.csrf.init_app(app)
    babel = Babel(
        app,
        default_locale=DEFAULT,
        default_timezone="Asia/Shanghai",
        locale_selector=session.language,
    )
    babel.domain_instance = TextCatalogs()
    app.jinja_env.globals.update(_=template_gettext, gettext=template_gettext)
