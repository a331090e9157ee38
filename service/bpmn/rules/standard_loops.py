"""Standard loop markers: they say when they end."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel
from service.bpmn.numbers import whole_number
from service.bpmn.parts import StandardLoop
from service.domain.errors import Finding


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every standard loop marker without an end, or beside another marker.

    Source: BPMN 2.0.2 §10.3.8.
    """
    for _, element in scene.elements:
        loop = element.standard_loop
        if loop is None:
            continue
        for message, advice in _problems(element, loop):
            yield scene.error(
                "standard_loops",
                f"循环活动 {called(element)} {message}",
                advice=advice,
                element_id=element.id,
                line=loop.line,
            )


def _problems(element: ElementModel, loop: StandardLoop) -> Iterator[tuple[str, str]]:
    if loop.condition is None and loop.maximum is None:
        yield "既没有循环条件，也没有最多次数，会无限循环。", "写上 loopCondition 或 loopMaximum。"
    if loop.maximum is not None and whole_number(loop.maximum) is None:
        yield f"的最多次数应为整数，实际为 «{loop.maximum}»。", ""
    if element.loop is not None:
        yield "同时带有循环和多实例标记，只能有一个。", "去掉其中一个。"
    if element.is_triggered_by_event:
        yield "是事件子流程，不能循环。", "去掉循环标记。"
