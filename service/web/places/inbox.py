"""任务: what somebody has to do, may take, has done, and was copied on."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from service.web.parts import task_list
from service.web.request import current
from service.web.request.access import signed_in
from service.web.request.addresses import choices

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/")
@signed_in
def root() -> Response:
    """Lead to the tasks."""
    return make_response(redirect(url_for(task_list.ENDPOINT)))


@blueprint.get("/tasks")
@signed_in
def page() -> Response:
    """Show the list; the following rows alone when the list asks for them."""
    chosen = choices(task_list.ENDPOINT, *task_list.NAMES)
    with current.asking() as connection:
        view = task_list.read(connection, current.person(), chosen)
    if request.headers.get("HX-Target") is None and request.headers.get("HX-Request") == "true":
        return make_response(render_template("_inbox_rows.html", view=view, detail=None))
    return make_response(render_template("inbox.html", view=view, detail=None))
