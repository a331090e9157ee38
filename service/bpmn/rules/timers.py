"""Timers: the right kind in the right place, and a text that can be read."""

from collections.abc import Iterator, Sequence

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.bpmn.parts import EventDefinition
from service.bpmn.timers import TimerTextError, parse_cycle, parse_duration, parse_moment
from service.domain.errors import Finding
from service.feel import Text

DATE, DURATION, CYCLE = "timeDate", "timeDuration", "timeCycle"
NAMES = {
    DATE: Text("日期", "date"),
    DURATION: Text("时长", "duration"),
    CYCLE: Text("周期", "cycle"),
}
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
            problem = _problem(process, element, event)
            if problem is not None:
                name = called(element)
                yield scene.error(
                    "timers",
                    Text(f"定时事件 {name} {problem}", f"The timer event {name:en} {problem:en}"),
                    element_id=element.id,
                    line=event.line,
                )


def _problem(process: ProcessModel, element: ElementModel, event: EventDefinition) -> Text | None:
    if event.timer_kind is None or not event.timer_text:
        return Text("没有写时间。", "has no time.")
    allowed = _allowed(process, element)
    if event.timer_kind not in allowed:
        return _not_allowed(allowed, NAMES[event.timer_kind])
    if event.timer_text.startswith("="):
        return None
    try:
        READERS[event.timer_kind](event.timer_text)
    except TimerTextError as error:
        return Text(f"{error.text}", f"cannot be read: {error.text:en}")
    return None


def _not_allowed(allowed: Sequence[str], written: Text) -> Text:
    names = [NAMES[kind] for kind in allowed]
    chinese = "、".join(name.marked for name in names)
    english = " or a ".join(name.english for name in names)
    return Text(
        f"只能用{chinese}，实际是{written}。", f"takes a {english} only, but has a {written:en}."
    )


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
