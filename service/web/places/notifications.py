"""站内信: letters of the house to one person, and the page about himself."""

from flask import Blueprint, Response, make_response, render_template, request, url_for

from service.reports import notifications as report
from service.reports.names import group_names
from service.usecases import notifications
from service.web.frame.redirects import see_other
from service.web.parts.facts import Fact
from service.web.request import current
from service.web.request.access import signed_in
from service.web.words.roles import role_name
from service.web.words.texts import gettext

blueprint = Blueprint("notifications", __name__)

PAGE_SIZE = 30


@blueprint.get("/notifications")
@signed_in
def page() -> Response:
    """Show the reader's letters, newest first."""
    with current.reading() as connection:
        found = report.page(
            connection, current.person(), cursor=request.args.get("cursor"), limit=PAGE_SIZE
        )
    next_url = ""
    if found.next_cursor:
        next_url = url_for("web.notifications.page", cursor=found.next_cursor)
    return make_response(render_template("notifications.html", rows=found.rows, next_url=next_url))


@blueprint.post("/notifications/<int:key>")
@signed_in
def open(key: int) -> Response:
    """Mark a letter as read and go to what it is about."""
    with current.reading() as connection:
        letter = report.letter(connection, current.person(), key)
    notifications.mark_read(current.house(), current.person(), key)
    if letter.task_key is not None:
        return see_other("web.task.page", task_key=letter.task_key)
    if letter.case_no:
        return see_other("web.cases.case", case_no=letter.case_no)
    return see_other("web.notifications.page")


@blueprint.post("/notifications")
@signed_in
def read_all() -> Response:
    """Mark all letters as read."""
    notifications.mark_read(current.house(), current.person())
    return see_other("web.notifications.page")


@blueprint.get("/me")
@signed_in
def me() -> Response:
    """Show who is signed in, the language switch, and the places that a phone's bar has no room for."""
    person = current.person()
    with current.reading() as connection:
        departments = group_names(connection, [person.department] if person.department else [])
    rows = [
        Fact(gettext("部门"), departments.get(person.department or "", "")),
        Fact(gettext("角色"), "、".join(role_name(role) for role in sorted(person.roles))),
        Fact(gettext("邮箱"), person.email or ""),
    ]
    return make_response(render_template("me.html", me=person, rows=rows))
