"""One task: its page, and what its reader does with it."""

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    render_template,
    request,
    url_for,
)

from service.domain.errors import NotAllowedError, WrongStateError
from service.reports import task_page as report
from service.usecases import task_reads, user_tasks
from service.usecases.next_task import next_task_key
from service.web.frame import files, flashes
from service.web.frame.redirects import see_other
from service.web.parts import task_list, task_view
from service.web.request import bodies, current
from service.web.request.access import signed_in
from service.web.request.addresses import Choices
from service.web.words import refusals
from service.web.words.texts import gettext

blueprint = Blueprint("task", __name__)


@blueprint.get("/tasks/<int:task_key>")
@signed_in
def page(task_key: int) -> Response:
    """Show a task: alone when the list asks for it, else beside the list."""
    tab = request.args.get("tab", "")
    with current.reading() as connection:
        detail = task_view.read(connection, current.person(), task_key, tab)
    if detail.is_open:
        task_reads.mark_read(current.house(), current.person(), task_key)
    if request.headers.get("HX-Target") == "detail":
        return make_response(render_template("_task.html", detail=detail))
    with current.asking() as connection:
        chosen = Choices(task_list.ENDPOINT, {"tab": detail.list_tab})
        view = task_list.read(connection, current.person(), chosen)
    return make_response(render_template("inbox.html", view=view, detail=detail))


@blueprint.post("/tasks/<int:task_key>/claim")
@signed_in
def claim(task_key: int) -> Response:
    """Take the task; when somebody was faster, say who."""
    try:
        asked = user_tasks.claim(current.house(), current.person(), task_key)
    except WrongStateError as error:
        flashes.tell(refusals.text_of(error), "warning")
    else:
        flashes.tell(gettext("已领取") if asked is None else gettext("已提交，等待系统确认"))
    return _to_task(task_key)


@blueprint.post("/tasks/<int:task_key>/unassign")
@signed_in
def unassign(task_key: int) -> Response:
    """Put the task back to its candidates."""
    try:
        user_tasks.unassign(current.house(), current.person(), task_key)
    except WrongStateError as error:
        flashes.tell(refusals.text_of(error), "warning")
    else:
        flashes.tell(gettext("已放回，同组的人可以领取"))
    return _to_task(task_key)


@blueprint.put("/tasks/<int:task_key>/draft")
@signed_in
def draft(task_key: int) -> Response:
    """Keep what was typed so far; tell whoever goes on though somebody else has the task by now."""
    saved = user_tasks.save_draft(
        current.house(),
        current.person(),
        task_key,
        bodies.variables(),
        bodies.draft_version(),
    )
    remark = refusals.text_of_other(saved.assignee) if saved.assignee else None
    return jsonify({"draft_version": saved.version, "remark": remark})


@blueprint.post("/tasks/<int:task_key>/complete")
@signed_in
def complete(task_key: int) -> Response:
    """Finish the task and say which page comes next."""
    done = user_tasks.complete(
        current.house(), current.person(), task_key, bodies.variables(), paper=bodies.paper()
    )
    is_done = done.change_key is None
    flashes.tell(gettext("已提交") if is_done else gettext("已提交，等待系统确认"))
    flashes.tell_taken_before(done.before)
    with current.reading() as connection:
        following = next_task_key(connection, current.person(), done.case_key, done.root_key)
    if following is None:
        return jsonify({"next": url_for(task_list.ENDPOINT)})
    return jsonify({"next": url_for("web.task.page", task_key=following)})


@blueprint.post("/tasks/<int:task_key>/upload")
@signed_in
def upload(task_key: int) -> Response:
    """Take a file for the form; it is bound to the case when the form is handed in."""
    return jsonify(files.take(task_key=task_key))


@blueprint.post("/tasks/<int:task_key>/attachments")
@signed_in
def attach(task_key: int) -> Response:
    """Add a file to the case of a task that the reader works on."""
    with current.reading() as connection:
        found = report.facts(connection, current.person(), task_key)
    if "complete" not in found.actions or found.task.case_key is None:
        raise NotAllowedError("Expected the assignee of the task.", reason="not_candidate")
    files.take(case_key=found.task.case_key, task_key=task_key)
    flashes.tell(gettext("附件已上传"))
    return _to_task(task_key)


def _to_task(task_key: int) -> Response:
    return see_other("web.task.page", task_key=task_key)
