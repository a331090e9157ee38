"""Standard loop markers: they say when they end."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel
from service.bpmn.numbers import whole_number
from service.bpmn.parts import StandardLoop
from service.domain.errors import Finding
from service.feel import Text

ENDLESS = Text(
    "既没有循环条件，也没有最多次数，会无限循环。",
    "has neither a loop condition nor a maximum, so it would go on for ever.",
)
SAY_END = Text("写上 loopCondition 或 loopMaximum。", "Write loopCondition or loopMaximum.")
TWO_MARKERS = Text(
    "同时带有循环和多实例标记，只能有一个。",
    "has both a loop and a multi-instance marker, but can have one only.",
)
KEEP_ONE = Text("去掉其中一个。", "Remove one of them.")
EVENT_SUB_PROCESS = Text("是事件子流程，不能循环。", "is an event sub-process, which cannot loop.")
NO_LOOP = Text("去掉循环标记。", "Remove the loop marker.")


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every standard loop marker without an end, or beside another marker.

    Source: BPMN 2.0.2 §10.3.8.
    """
    for _, element in scene.elements:
        loop = element.standard_loop
        if loop is None:
            continue
        name = called(element)
        for problem, advice in _problems(element, loop):
            yield scene.error(
                "standard_loops",
                Text(f"循环活动 {name} {problem}", f"The loop activity {name:en} {problem:en}"),
                advice=advice,
                element_id=element.id,
                line=loop.line,
            )


def _problems(element: ElementModel, loop: StandardLoop) -> Iterator[tuple[Text, Text | None]]:
    if loop.condition is None and loop.maximum is None:
        yield ENDLESS, SAY_END
    if loop.maximum is not None and whole_number(loop.maximum) is None:
        yield _no_integer(loop.maximum), None
    if element.loop is not None:
        yield TWO_MARKERS, KEEP_ONE
    if element.is_triggered_by_event:
        yield EVENT_SUB_PROCESS, NO_LOOP


def _no_integer(maximum: str) -> Text:
    return Text(
        f"的最多次数应为整数，实际为 «{maximum}»。",
        f"has a maximum that is no integer: '{maximum}'.",
    )
