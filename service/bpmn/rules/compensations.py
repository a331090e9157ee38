"""Compensation: every handler is reached in one way only, and every throw means something."""

from collections import Counter
from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.domain.errors import Finding

Problems = Iterator[tuple[ElementModel, str, str]]


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every compensation event or handler that Camunda 8 refuses.

    Source: Camunda 8 (bpmn-model validation); the start event: BPMN 2.0.2 §10.7.
    """
    for process in scene.processes:
        for element, message, advice in _problems(process):
            yield scene.error(
                "compensations",
                f"{called(element)} {message}",
                advice=advice,
                element_id=element.id,
                line=element.line,
            )


def _problems(process: ProcessModel) -> Problems:
    calls = Counter(element.handler_id for element in process.elements.values())
    for element in process.elements.values():
        if element.is_for_compensation:
            yield from _of_handler(process, element, calls[element.id])
        if element.defines("compensate") is None:
            continue
        if element.kind == "boundaryEvent":
            yield from _of_boundary(process, element)
        elif element.kind == "startEvent":
            yield from _of_start(process, element)
        else:
            yield from _of_throw(process, element)


def _of_handler(process: ProcessModel, handler: ElementModel, calls: int) -> Problems:
    if handler.incoming or handler.outgoing:
        yield handler, "是补偿活动，不能有连线。", "只用关联线从补偿边界事件连到它。"
    if process.boundaries(handler.id):
        yield handler, "是补偿活动，不能带边界事件。", "把它放进子流程里。"
    if calls != 1:
        text = f"是补偿活动，应恰有一个补偿边界事件关联到它，实际有 {calls} 个。"
        yield handler, text, "从补偿边界事件画一条关联线到它。"


def _of_boundary(process: ProcessModel, event: ElementModel) -> Problems:
    handler = process.elements.get(event.handler_id or "")
    if event.outgoing and len(event.events) == 1:
        yield event, "是补偿边界事件，不能有出线。", "改用关联线连到补偿活动。"
    if handler is None:
        yield event, "是补偿边界事件，但没有关联到补偿活动。", "画一条关联线到补偿活动。"
    elif handler.parent_id != event.parent_id:
        yield event, "关联的补偿活动不在同一层。", "把补偿活动移到同一层。"
    others = process.boundaries(event.attached_to_id or "")
    same = [other for other in others if other.defines("compensate")]
    if len(same) > 1:
        yield event, "所在的活动有两个补偿边界事件。", "只留一个。"


def _of_start(process: ProcessModel, event: ElementModel) -> Problems:
    around = process.elements.get(event.parent_id)
    outer = process.elements.get(around.parent_id) if around is not None else None
    if around is None or not around.is_triggered_by_event:
        yield event, "是补偿开始事件，只能放在事件子流程里。", ""
    elif outer is None or not outer.is_scope:
        yield event, "所在的事件子流程必须放在子流程里，流程本身不能被补偿。", ""


def _of_throw(process: ProcessModel, event: ElementModel) -> Problems:
    definition = event.defines("compensate")
    assert definition is not None, event.id
    if definition.activity_id is None:
        return
    target = process.elements.get(definition.activity_id)
    if target is None or target.parent_id not in _scopes(process, event):
        text = f"要补偿的活动 «{definition.activity_id}» 不在同一层。"
        yield event, text, "选同一层的活动，或去掉它以补偿全部。"
    elif not target.is_scope and not any(e.handler_id for e in process.boundaries(target.id)):
        yield event, f"要补偿的活动 {called(target)} 没有补偿边界事件。", ""


def _scopes(process: ProcessModel, event: ElementModel) -> tuple[str, ...]:
    """Return where the activity may lie: an event sub-process also compensates around itself."""
    around = process.elements.get(event.parent_id)
    if around is not None and around.is_triggered_by_event:
        return around.id, around.parent_id
    return (event.parent_id,)
