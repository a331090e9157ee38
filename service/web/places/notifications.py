"""站内信: letters of the house to one person."""

from flask import Blueprint, Response, make_response, render_template, request, url_for

from service.reports import notifications as report
from service.usecases import notifications
from service.web.frame.redirects import see_other
from service.web.request import current
from service.web.request.access import signed_in

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
