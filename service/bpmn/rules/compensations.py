"""Compensation: every handler is reached in one way only, and every throw means something."""

from collections import Counter
from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.domain.errors import Finding
from service.feel import Text

Problems = Iterator[tuple[ElementModel, Text, Text | None]]

HANDLER_WITH_FLOWS = Text(
    "是补偿活动，不能有连线。", "is a compensation handler and takes no sequence flow."
)
ASSOCIATE_ONLY = Text(
    "只用关联线从补偿边界事件连到它。",
    "Connect its compensation boundary event to it by an association only.",
)
HANDLER_WITH_EVENTS = Text(
    "是补偿活动，不能带边界事件。", "is a compensation handler and takes no boundary event."
)
PUT_INSIDE = Text("把它放进子流程里。", "Put it into a sub-process.")
DRAW_TO_IT = Text(
    "从补偿边界事件画一条关联线到它。",
    "Draw an association from a compensation boundary event to it.",
)
EVENT_WITH_FLOWS = Text(
    "是补偿边界事件，不能有出线。",
    "is a compensation boundary event and takes no outgoing sequence flow.",
)
ASSOCIATE = Text(
    "改用关联线连到补偿活动。", "Connect it to the compensation handler by an association."
)
NO_HANDLER = Text(
    "是补偿边界事件，但没有关联到补偿活动。",
    "is a compensation boundary event without an association to a compensation handler.",
)
DRAW_TO_HANDLER = Text(
    "画一条关联线到补偿活动。", "Draw an association to the compensation handler."
)
HANDLER_ELSEWHERE = Text(
    "关联的补偿活动不在同一层。",
    "is associated with a compensation handler that is not in the same scope.",
)
MOVE_HANDLER = Text("把补偿活动移到同一层。", "Move the compensation handler into the same scope.")
TWO_EVENTS = Text(
    "所在的活动有两个补偿边界事件。",
    "is attached to an activity that has two compensation boundary events.",
)
KEEP_ONE = Text("只留一个。", "Keep one.")
START_ELSEWHERE = Text(
    "是补偿开始事件，只能放在事件子流程里。",
    "is a compensation start event, which only an event sub-process may have.",
)
NOTHING_TO_COMPENSATE = Text(
    "所在的事件子流程必须放在子流程里，流程本身不能被补偿。",
    "starts an event sub-process that must be inside a sub-process: a process itself is not compensated.",
)
CHOOSE_ACTIVITY = Text(
    "选同一层的活动，或去掉它以补偿全部。",
    "Choose an activity of the same scope, or none to compensate them all.",
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every compensation event or handler that Camunda 8 refuses.

    Source: Camunda 8 (bpmn-model validation); the start event: BPMN 2.0.2 §10.7.
    """
    for process in scene.processes:
        for element, problem, advice in _problems(process):
            name = called(element)
            yield scene.error(
                "compensations",
                Text(f"{name} {problem}", f"{name:en} {problem:en}"),
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
        yield handler, HANDLER_WITH_FLOWS, ASSOCIATE_ONLY
    if process.boundaries(handler.id):
        yield handler, HANDLER_WITH_EVENTS, PUT_INSIDE
    if calls != 1:
        yield handler, _called_by(calls), DRAW_TO_IT


def _called_by(calls: int) -> Text:
    return Text(
        f"是补偿活动，应恰有一个补偿边界事件关联到它，实际有 {calls} 个。",
        "is a compensation handler, which needs exactly one compensation boundary event that is "
        f"associated with it, but has {calls}.",
    )


def _of_boundary(process: ProcessModel, event: ElementModel) -> Problems:
    handler = process.elements.get(event.handler_id or "")
    if event.outgoing and len(event.events) == 1:
        yield event, EVENT_WITH_FLOWS, ASSOCIATE
    if handler is None:
        yield event, NO_HANDLER, DRAW_TO_HANDLER
    elif handler.parent_id != event.parent_id:
        yield event, HANDLER_ELSEWHERE, MOVE_HANDLER
    others = process.boundaries(event.attached_to_id or "")
    same = [other for other in others if other.defines("compensate")]
    if len(same) > 1:
        yield event, TWO_EVENTS, KEEP_ONE


def _of_start(process: ProcessModel, event: ElementModel) -> Problems:
    around = process.elements.get(event.parent_id)
    outer = process.elements.get(around.parent_id) if around is not None else None
    if around is None or not around.is_triggered_by_event:
        yield event, START_ELSEWHERE, None
    elif outer is None or not outer.is_scope:
        yield event, NOTHING_TO_COMPENSATE, None


def _of_throw(process: ProcessModel, event: ElementModel) -> Problems:
    definition = event.defines("compensate")
    assert definition is not None, event.id
    if definition.activity_id is None:
        return
    target = process.elements.get(definition.activity_id)
    if target is None or target.parent_id not in _scopes(process, event):
        yield event, _activity_elsewhere(definition.activity_id), CHOOSE_ACTIVITY
    elif not target.is_scope and not any(e.handler_id for e in process.boundaries(target.id)):
        yield event, _never_compensated(called(target)), None


def _activity_elsewhere(activity_id: str) -> Text:
    return Text(
        f"要补偿的活动 «{activity_id}» 不在同一层。",
        f"compensates the activity '{activity_id}', which is not in the same scope.",
    )


def _never_compensated(activity: Text) -> Text:
    return Text(
        f"要补偿的活动 {activity} 没有补偿边界事件。",
        f"compensates the activity {activity:en}, which has no compensation boundary event.",
    )


def _scopes(process: ProcessModel, event: ElementModel) -> tuple[str, ...]:
    """Return where the activity may lie: an event sub-process also compensates around itself."""
    around = process.elements.get(event.parent_id)
    if around is not None and around.is_triggered_by_event:
        return around.id, around.parent_id
    return (event.parent_id,)
