"""我的: who is signed in, his language, and the places that a phone's bar has no room for."""

from flask import Blueprint, Response, make_response, render_template

from service.reports.names import group_names
from service.web.parts.facts import Fact
from service.web.request import current
from service.web.request.access import signed_in
from service.web.words.roles import role_name
from service.web.words.texts import gettext

blueprint = Blueprint("me", __name__)


@blueprint.get("/me")
@signed_in
def page() -> Response:
    """Show who is signed in, the language switch, and the places that a phone's bar has no room for."""
    person = current.person()
    with current.reading() as connection:
        departments = group_names(connection, [person.department] if person.department else [])
    rows = [
        Fact(gettext("部门"), departments.get(person.department or "", "")),
        Fact(gettext("角色"), gettext("、").join(role_name(role) for role in sorted(person.roles))),
        Fact(gettext("邮箱"), person.email or ""),
    ]
    return make_response(render_template("me.html", me=person, rows=rows))
