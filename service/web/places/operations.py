"""操作: what operators do to running instances, one or many, and how far a batch operation is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from service.domain import batch_operations as words
from service.domain import errors
from service.domain.errors import BadInputError, HuiyinError, NotFoundError, WrongStateError
from service.domain.languages import ENGLISH, TRADITIONAL
from service.engine import Activate, Modification, Move
from service.reports import calls, timers
from service.reports import diagrams as diagram_report
from service.reports import operating as report
from service.usecases import incidents, modification, process_instances, suspension
from service.usecases.batch_operations import control
from service.usecases.batch_operations.control import CreateBatch
from service.web.frame import flashes
from service.web.frame.redirects import see_other
from service.web.parts import diagrams
from service.web.parts.chosen_instances import chosen_instances
from service.web.request import current, session
from service.web.request.access import OPERATORS, with_role
from service.web.words import refusals
from service.web.words.texts import gettext, lazy_gettext

blueprint = Blueprint("operations", __name__)

KINDS = MappingProxyType(
    {
        words.CANCEL: lazy_gettext("终止流程"),
        words.DELETE: lazy_gettext("删除已结束的流程"),
        words.MIGRATE: lazy_gettext("迁移流程实例"),
        words.MODIFY: lazy_gettext("移动令牌"),
        words.RESOLVE: lazy_gettext("重试异常"),
        words.RESUME: lazy_gettext("恢复运行"),
        words.SUSPEND: lazy_gettext("暂停流程"),
        words.UPDATE_JOB: lazy_gettext("调整作业"),
    }
)
"""Kinds of batch operations as people call them."""

STATES = MappingProxyType(
    {
        words.CREATED: lazy_gettext("等待开始"),
        words.ACTIVE: lazy_gettext("进行中"),
        words.SUSPENDED: lazy_gettext("已暂停"),
        words.COMPLETED: lazy_gettext("已完成"),
        words.CANCELED: lazy_gettext("已取消"),
        words.FAILED: lazy_gettext("失败"),
    }
)
"""States of batch operations as people call them."""

ON_MANY = MappingProxyType(
    {
        "suspend": words.SUSPEND,
        "resume": words.RESUME,
        "cancel": words.CANCEL,
        "resolve": words.RESOLVE,
    }
)
"""What the list of instances offers for those that are chosen."""


@dataclass(frozen=True)
class Refused:
    """An item of a batch operation that was refused, with the reason as people read it."""

    item_key: int
    instance_key: int | None
    reason: str


@blueprint.app_context_processor
def _offer() -> dict[str, object]:
    return {
        "may_operate": lambda: current.person().has_role(*OPERATORS),
        "instance_state": diagrams.state_text,
        "incident_text": incident_text,
    }


@blueprint.get("/processes/<int:key>/instances")
@with_role(*OPERATORS)
def running(key: int) -> Response:
    """Show the running instances of one version of a process, to choose some of them."""
    with current.reading() as connection:
        process = current.house().definitions.process(connection, key)
        rows = report.running(connection, key)
        count = report.count_running(connection, key)
        punctual = timers.punctuality(connection, current.now())
    return make_response(
        render_template(
            "instances.html",
            process=process,
            rows=rows,
            count=count,
            punctual=punctual,
        )
    )


@blueprint.post("/processes/<int:key>/instances")
@with_role(*OPERATORS)
def operate(key: int) -> Response:
    """Begin a batch operation on the chosen instances."""
    chosen = chosen_instances(key)
    kind = ON_MANY.get(request.form.get("action", ""))
    if kind is None:
        raise BadInputError("Expected a known action.")
    batch_key = control.create(current.house(), current.person(), CreateBatch(kind, chosen.filter))
    return see_other("web.operations.batch", key=batch_key)


@blueprint.get("/operations")
@with_role(*OPERATORS)
def batches() -> Response:
    """Show the batch operations, the newest first."""
    with current.reading() as connection:
        rows = report.batch_operations(connection)
    return make_response(render_template("operations.html", rows=rows, kinds=KINDS, states=STATES))


@blueprint.get("/operations/<int:key>")
@with_role(*OPERATORS)
def batch(key: int) -> Response:
    """Show one batch operation; asked by htmx, only how far it is."""
    with current.reading() as connection:
        row = report.batch_operation(connection, key)
        failed = report.failed_items(connection, key)
    template = "_operation.html" if "HX-Request" in request.headers else "operation.html"
    refused = [Refused(one.item_key, one.instance_key, reason_of(one.error)) for one in failed]
    return make_response(
        render_template(template, row=row, refused=refused, kinds=KINDS, states=STATES)
    )


@blueprint.post("/operations/<int:key>/<action>")
@with_role(*OPERATORS)
def steer(key: int, action: str) -> Response:
    """Suspend, resume or cancel a batch operation."""
    acts = {"suspend": control.suspend, "resume": control.resume, "cancel": control.cancel}
    if action not in acts:
        raise BadInputError("Expected a known action.")
    try:
        acts[action](current.house(), current.person(), key)
    except (NotFoundError, WrongStateError):
        _tell_that_it_changed(key)
    return see_other("web.operations.batch", key=key)


@blueprint.get("/instances/<int:key>")
@with_role(*OPERATORS)
def instance(key: int) -> Response:
    """Show one instance on its diagram, with what may be done to it."""
    with current.reading() as connection:
        shown = report.instance(connection, key)
        around = calls.of_instance(connection, key)
        state = diagram_report.of_instance(connection, key)
        island = diagrams.island(connection, state) if state else None
        model = current.house().definitions.process(connection, shown.process_key).model
    targets = [
        one for one in model.elements.values() if one.kind not in ("startEvent", "boundaryEvent")
    ]
    return make_response(
        render_template(
            "instance.html",
            shown=shown,
            row=shown.row,
            calls=around,
            island=island,
            targets=targets,
        )
    )


@blueprint.post("/instances/<int:key>/<action>")
@with_role(*OPERATORS)
def act(key: int, action: str) -> Response:
    """Do one thing to an instance and tell whether it passed."""
    acts: dict[str, Callable[[int], str]] = {
        "suspend": _suspend,
        "resume": _resume,
        "cancel": _cancel,
        "modify": _modify,
        "resolve": _resolve,
    }
    if action not in acts:
        raise BadInputError("Expected a known action.")
    try:
        told = acts[action](key)
    except HuiyinError as refusal:
        flashes.tell(refusals.text_of(refusal), "danger")
    else:
        if told:
            flashes.tell(told)
    return see_other("web.operations.instance", key=key)


def _tell_that_it_changed(key: int) -> None:
    """Tell that a batch operation ended, was suspended or resumed before the button was pressed.

    Raises:
        NotFoundError: There is none.
    """
    with current.reading() as connection:
        report.batch_operation(connection, key)
    flashes.tell(gettext("批量操作的状态已经改变，您的操作未生效"), "warning")


def incident_text(incident: report.IncidentRow) -> str:
    """Return why an element stands still, in the reader's language if it was said in that."""
    told = {ENGLISH: incident.english, TRADITIONAL: incident.traditional}
    return told.get(session.language()) or incident.message


def reason_of(error: Mapping[str, Any]) -> str:
    """Return why an item was refused, in the reader's language."""
    kind = getattr(errors, str(error.get("kind") or "HuiyinError"), HuiyinError)
    return refusals.text_of(kind(str(error.get("detail", "")), **(error.get("facts") or {})))


def _suspend(key: int) -> str:
    suspension.suspend(current.house(), current.person(), key)
    return gettext("流程实例已暂停")


def _resume(key: int) -> str:
    suspension.resume(current.house(), current.person(), key)
    return gettext("流程实例已恢复运行")


def _cancel(key: int) -> str:
    reason = request.form.get("reason", "").strip()
    process_instances.cancel(current.house(), current.person(), key, reason)
    return gettext("流程实例已终止")


def _resolve(key: int) -> str:
    incident_key = _number(request.form.get("incident", ""))
    again = incidents.retry(current.house(), current.person(), incident_key)
    if again is None:
        return gettext("异常已解除，流程继续运行")
    flashes.tell(gettext("已重试，但该环节再次出现异常，原因见下"), "danger")
    return ""


def _modify(key: int) -> str:
    source, target = request.form.get("source", ""), request.form.get("target", "")
    change = Modification()
    if source and target:
        change = Modification(move=(Move(_number(source), target, ancestor="inferred"),))
    elif target:
        change = Modification(activate=(Activate(target),))
    elif source:
        change = Modification(terminate=(_number(source),))
    else:
        message = gettext("请选择要终止或要激活的环节")
        raise BadInputError("Expected a source or a target.", message=message)
    modification.modify(current.house(), current.person(), key, change)
    return gettext("流程已调整")


def _number(text: str) -> int:
    """Return the key of a form field.

    Raises:
        BadInputError: It is none.
    """
    if not text.isdecimal():
        raise BadInputError(f"Expected a key, but got '{text}'.")
    return int(text)
