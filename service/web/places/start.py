"""发起: the processes somebody may start, and their start forms."""

from flask import Blueprint, Response, jsonify, make_response, render_template, url_for

from service.domain.errors import NotFoundError
from service.reports import processes as report
from service.usecases import process_instances
from service.web.frame import files, flashes
from service.web.parts import filled_forms
from service.web.request import bodies, current
from service.web.request.access import signed_in
from service.web.words.texts import gettext

blueprint = Blueprint("start", __name__)


@blueprint.get("/start")
@signed_in
def page() -> Response:
    """Show the processes that the reader may start."""
    with current.reading() as connection:
        found = report.startable(connection, current.person())
    return make_response(render_template("start.html", processes=found))


@blueprint.get("/start/<process_id>")
@signed_in
def form(process_id: str) -> Response:
    """Show the start form of a process."""
    with current.reading() as connection:
        process = current.house().definitions.latest_process(connection, process_id)
        if process is None:
            raise NotFoundError(f"Expected a process '{process_id}', but none is deployed.")
        process_instances.require_may_start(current.person(), process)
        key = process_instances.start_form_key(connection, process)
        island = filled_forms.empty_form(connection, key)
    island |= {
        "submitUrl": url_for("web.start.submit", process_id=process_id),
        "uploadUrl": url_for("web.start.upload", process_id=process_id),
        "documentUrl": filled_forms.document_url(),
    }
    return make_response(render_template("start_form.html", process=process, island=island))


@blueprint.post("/start/<process_id>/submit")
@signed_in
def submit(process_id: str) -> Response:
    """Start the process and say where to go on: the next task, else the case."""
    created = process_instances.start_with_form(
        current.house(), current.person(), process_id, bodies.variables(), paper=bodies.paper()
    )
    if created.case_no:
        flashes.tell(gettext("已发起，案件号 %(case_no)s", case_no=created.case_no))
    else:
        flashes.tell(gettext("已发起"))
    flashes.tell_taken_before(created.before)
    return jsonify({"next": _next_url(created)})


@blueprint.post("/start/<process_id>/upload")
@signed_in
def upload(process_id: str) -> Response:
    """Take a file of a start form; it is bound to the case when the form is handed in."""
    return jsonify(files.take())


def _next_url(created: process_instances.StartedWithForm) -> str:
    if created.next_task_key is not None:
        return url_for("web.task.page", task_key=created.next_task_key)
    if created.case_no:
        return url_for("web.cases.case", case_no=created.case_no)
    return url_for("web.inbox.page")
