"""Timers: the right kind in the right place, and a text that can be read."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.bpmn.parts import EventDefinition
from service.bpmn.timers import TimerTextError, parse_cycle, parse_duration, parse_moment
from service.domain.errors import Finding

DATE, DURATION, CYCLE = "timeDate", "timeDuration", "timeCycle"
NAMES = {DATE: "日期", DURATION: "时长", CYCLE: "周期"}
READERS = {DATE: parse_moment, DURATION: parse_duration, CYCLE: parse_cycle}


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every timer of a wrong kind and every static text that means none.

    Source: Camunda 8 timer events.
    """
    for process, element in scene.elements:
        for event in element.events:
            if event.kind != "timer":
                continue
            message = _problem(process, element, event)
            if message is not None:
                yield scene.error(
                    "timers",
                    f"定时事件 {called(element)} {message}",
                    element_id=element.id,
                    line=event.line,
                )


def _problem(process: ProcessModel, element: ElementModel, event: EventDefinition) -> str | None:
    if event.timer_kind is None or not event.timer_text:
        return "没有写时间。"
    allowed = _allowed(process, element)
    if event.timer_kind not in allowed:
        names = "、".join(NAMES[kind] for kind in allowed)
        return f"只能用{names}，实际是{NAMES[event.timer_kind]}。"
    if event.timer_text.startswith("="):
        return None
    try:
        READERS[event.timer_kind](event.timer_text)
    except TimerTextError as error:
        return str(error)
    return None


def _allowed(process: ProcessModel, element: ElementModel) -> tuple[str, ...]:
    if _starts_process(process, element):
        return (DATE, CYCLE)
    if element in process.instantiating:
        return (DATE,)
    if element.kind == "intermediateCatchEvent" or element.is_interrupting:
        return (DATE, DURATION)
    return (DATE, DURATION, CYCLE)


def _starts_process(process: ProcessModel, element: ElementModel) -> bool:
    return element.kind == "startEvent" and element.parent_id == process.id
