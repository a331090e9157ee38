"""等待凑齐的启动: what has come of parallel multiple start events, for operators to see and to drop."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request, url_for
from sqlalchemy import Connection

from service.bpmn import EventDefinition
from service.domain.errors import HuiyinError, NotFoundError
from service.reports import start_triggers as report
from service.reports.start_triggers import WaitingTrigger
from service.usecases import start_triggers
from service.web.frame import flashes
from service.web.frame.redirects import see_other
from service.web.request import current, ticked
from service.web.request.access import OPERATORS, with_role
from service.web.words import refusals
from service.web.words.texts import gettext

blueprint = Blueprint("start_triggers", __name__)

PAGE_SIZE = 50


@dataclass(frozen=True)
class Line:
    """One trigger in words.

    Attributes:
        came: What has come.
        missing: What it waits for.
    """

    trigger: WaitingTrigger
    came: str
    missing: Sequence[str]


@blueprint.app_context_processor
def _offer() -> dict[str, object]:
    return {"waiting_triggers": _count}


@blueprint.get("/start-triggers")
@with_role(*OPERATORS)
def page() -> Response:
    """Show the triggers that wait, the oldest first."""
    after = request.args.get("after", "")
    with current.reading() as connection:
        behind = int(after) if after.isdecimal() else 0
        found = report.page(connection, after=behind, limit=PAGE_SIZE + 1)
        lines = [_line(connection, one) for one in found[:PAGE_SIZE]]
    next_url = ""
    if len(found) > PAGE_SIZE:
        next_url = url_for("web.start_triggers.page", after=lines[-1].trigger.key)
    return make_response(render_template("start_triggers.html", lines=lines, next_url=next_url))


@blueprint.post("/start-triggers")
@with_role(*OPERATORS)
def drop() -> Response:
    """Drop the chosen triggers, all or none.

    Raises:
        BadInputError: None is chosen.
    """
    keys = ticked.keys("trigger", none_ticked=gettext("请先选择要丢弃的触发"))
    try:
        start_triggers.drop(current.house(), current.person(), keys)
    except NotFoundError:
        flashes.tell(gettext("所选触发中有的已不再等待，未丢弃任何一个，请重新选择"), "danger")
    except HuiyinError as refusal:
        flashes.tell(refusals.text_of(refusal), "danger")
    else:
        flashes.tell(gettext("已丢弃 %(count)s 个触发", count=len(keys)))
    return see_other("web.start_triggers.page")


def _count() -> int:
    with current.reading() as connection:
        return report.count(connection)


def _line(connection: Connection, trigger: WaitingTrigger) -> Line:
    process = current.house().definitions.process(connection, trigger.process_key)
    events = process.model.elements[trigger.element_id].events
    missing = [event for part, event in enumerate(events) if part not in trigger.came]
    return Line(trigger, _told(events[trigger.part]), list(_all_told(missing)))


def _all_told(events: Iterable[EventDefinition]) -> Iterable[str]:
    return map(_told, events)


def _told(event: EventDefinition) -> str:
    """Return what an event waits for, in words."""
    if event.kind == "message":
        return gettext("消息 %(name)s", name=event.name or "")
    if event.kind == "signal":
        return gettext("信号 %(name)s", name=event.name or "")
    if event.kind == "timer":
        return gettext("定时 %(when)s", when=event.timer_text)
    return gettext("条件 %(name)s", name=event.condition or "")
