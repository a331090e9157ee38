"""Events: where each kind may stand, and what must not be caught twice."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.bpmn.names import EVENTS
from service.bpmn.parts import EventDefinition
from service.domain.errors import Finding
from service.feel import Text

Problem = tuple[ElementModel, Text]

CODED = frozenset({"error", "escalation"})
NAMED = frozenset({"link", "signal"})
TOLD = frozenset({"message", "signal"})
CHANGES = ("create", "update")

NOT_ATTACHED = Text(
    "没有附着在同一层的任务或子流程上。", "is attached to no task or sub-process of the same scope."
)
ON_EVENT_SUB_PROCESS = Text(
    "附着在事件子流程上，事件子流程不能有边界事件。",
    "is attached to an event sub-process, which takes no boundary events.",
)
NOT_INTERRUPTING = Text("捕获错误，必须是中断的。", "catches an error and must be interrupting.")
NO_CONDITION = Text("是条件事件，但没有写条件。", "is a conditional event without a condition.")
START_WITHOUT_TYPE = Text(
    "是事件子流程，其开始事件必须是有类型的（消息、定时、错误等）。",
    "is an event sub-process, whose start event must have a type, such as message, timer or error.",
)
START_WITH_TYPE = Text(
    "是普通子流程，其开始事件必须是普通开始事件。",
    "is no event sub-process, so its start event must be a none start event.",
)
REPEATED = Text(
    "是事件子流程，不能是多实例。", "is an event sub-process and takes no multi-instance."
)
THROW_WITH_FLOWS = Text(
    "是链接抛出事件，不能有出线。", "is a link throw event and takes no outgoing sequence flow."
)
CATCH_WITH_FLOWS = Text(
    "是链接捕获事件，不能有入线。", "is a link catch event and takes no incoming sequence flow."
)
BOUNDARIES = Text("的边界事件", "has two boundary events that")
EVENT_SUB_PROCESSES = Text(
    "所在范围的事件子流程", "is in a scope with two event sub-processes that"
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every event that Camunda 8 refuses.

    Source: Camunda 8 (bpmn-model validation).
    """
    for process in scene.processes:
        for element, problem in _problems(process):
            name = called(element)
            yield scene.error(
                "events",
                Text(f"{name} {problem}", f"{name:en} {problem:en}"),
                element_id=element.id,
                line=element.line,
            )


def _problems(process: ProcessModel) -> Iterator[Problem]:
    yield from _same_starts(process)
    for element in process.elements.values():
        yield from _of_event(element, process)
        if element.kind in ("subProcess", "transaction"):
            yield from _of_sub_process(element, process)
        if element.is_activity:
            boundaries = process.boundaries(element.id)
            yield from _twice(element, boundaries, BOUNDARIES)
    for scope_id in (process.id, *process.elements):
        yield from _of_scope(scope_id, process)


def _of_event(element: ElementModel, process: ProcessModel) -> Iterator[Problem]:
    if element.kind == "boundaryEvent":
        host = process.elements.get(element.attached_to_id or "")
        if host is None or not host.is_activity or host.parent_id != element.parent_id:
            yield element, NOT_ATTACHED
        elif host.is_triggered_by_event:
            yield element, ON_EVENT_SUB_PROCESS
    for definition in element.events:
        for problem in _of_definition(element, definition, process):
            yield element, problem


def _of_definition(
    element: ElementModel, event: EventDefinition, process: ProcessModel
) -> Iterator[Text]:
    is_throw = element.kind in ("endEvent", "intermediateThrowEvent")
    if event.kind in CODED:
        what = EVENTS[event.kind]
        if is_throw and event.code is None:
            yield _no_code(what)
        if event.kind == "error" and not is_throw and not element.is_interrupting:
            yield NOT_INTERRUPTING
        if element.kind == "startEvent" and element.parent_id == process.id:
            yield _no_start(what)
    if event.kind == "conditional":
        if not (event.condition or "").removeprefix("=").strip():
            yield NO_CONDITION
        if unknown := [c for c in event.variable_changes if c not in CHANGES]:
            yield _no_changes(unknown)
    if event.kind in NAMED and not event.name:
        yield _no_name(EVENTS[event.kind])


def _no_code(what: Text) -> Text:
    return Text(f"抛出{what}，但没有{what}代码。", f"throws an {what:en} without a code.")


def _no_start(what: Text) -> Text:
    return Text(
        f"是流程的开始事件，不能是{what}事件。",
        f"is a start event of the process and cannot be an {what:en} event.",
    )


def _no_changes(unknown: Sequence[str]) -> Text:
    return Text(
        f"的变量事件 «{'、'.join(unknown)}» 不存在，只有 create 和 update。",
        f"has variable events other than create and update: '{', '.join(unknown)}'.",
    )


def _no_name(what: Text) -> Text:
    return Text(f"是{what}事件，但没有名称。", f"is a {what:en} event without a name.")


def _of_sub_process(element: ElementModel, process: ProcessModel) -> Iterator[Problem]:
    children = process.children(element.id)
    starts = [child for child in children if child.kind == "startEvent"]
    begins_itself = not element.is_triggered_by_event and any(c.is_startable for c in children)
    if len(starts) > 1 or not (starts or begins_itself):
        yield element, _not_one(len(starts))
    for start in starts:
        if element.is_triggered_by_event and start.event is None:
            yield element, START_WITHOUT_TYPE
        if not element.is_triggered_by_event and start.event is not None:
            yield element, START_WITH_TYPE
    if element.is_triggered_by_event and element.loop is not None:
        yield element, REPEATED


def _not_one(starts: int) -> Text:
    return Text(
        f"应恰有一个开始事件，实际有 {starts} 个。",
        f"must have exactly one start event, but has {starts}.",
    )


def _of_scope(scope_id: str, process: ProcessModel) -> Iterator[Problem]:
    children = process.children(scope_id)
    starts = [
        start
        for child in children
        if child.is_triggered_by_event
        for start in process.children(child.id)
        if start.kind == "startEvent"
    ]
    if starts:
        yield from _twice(starts[0], starts, EVENT_SUB_PROCESSES)
    links = [(child, told.name) for child in children if (told := child.defines("link"))]
    catches = Counter(name for child, name in links if child.kind == "intermediateCatchEvent")
    for link, name in links:
        if link.kind == "intermediateThrowEvent" and not catches[name]:
            yield link, _no_target(name)
        if link.kind == "intermediateThrowEvent" and link.outgoing:
            yield link, THROW_WITH_FLOWS
        if link.kind == "intermediateCatchEvent" and catches[name] > 1:
            yield link, _same_name(name)
        if link.kind == "intermediateCatchEvent" and link.incoming and len(link.events) == 1:
            yield link, CATCH_WITH_FLOWS


def _no_target(name: str | None) -> Text:
    return Text(
        f"跳转到链接 «{name}»，但同一层没有这个名称的链接捕获事件。",
        f"jumps to the link '{name}', but no link catch event of the same scope has that name.",
    )


def _same_name(name: str | None) -> Text:
    return Text(
        f"与另一个链接捕获事件同名 «{name}»。",
        f"has the same name '{name}' as another link catch event.",
    )


def _same_starts(process: ProcessModel) -> Iterator[Problem]:
    """Give messages, signals and conditions that two start events of the process share."""
    told = [(event_id, d) for event_id, _, d in process.start_definitions if d.kind in TOLD]
    counts = Counter((d.kind, d.name) for _, d in told)
    for event_id, definition in told:
        if definition.name and counts[definition.kind, definition.name] > 1:
            problem = _same_awaited(EVENTS[definition.kind], definition.name)
            yield process.elements[event_id], problem
    conditions = [(i, d.condition) for i, _, d in process.start_definitions if d.condition]
    texts = Counter(text for _, text in conditions)
    for event_id, text in conditions:
        if texts[text] > 1:
            yield process.elements[event_id], _same_condition(text)


def _same_awaited(what: Text, name: str) -> Text:
    return Text(
        f"与另一个开始事件等待同一{what} «{name}»。",
        f"and another start event wait for the same {what:en} '{name}'.",
    )


def _same_condition(condition: str) -> Text:
    return Text(
        f"与另一个开始事件使用同一条件 «{condition}»。",
        f"and another start event have the same condition '{condition}'.",
    )


def _twice(owner: ElementModel, events: Iterable[ElementModel], where: Text) -> Iterator[Problem]:
    """Give messages, signals and codes that are caught twice by events that stand together."""
    definitions = [definition for event in events for definition in event.events]
    told = Counter((d.kind, d.name) for d in definitions if d.kind in TOLD and d.name)
    caught = Counter((d.kind, d.code) for d in definitions if d.kind in CODED)
    for (kind, name), count in told.items():
        if count > 1:
            yield owner, _told_twice(where, EVENTS[kind], name)
    for (kind, code), count in caught.items():
        if count > 1:
            yield owner, _caught_twice(where, EVENTS[kind], code)


def _told_twice(where: Text, what: Text, name: str | None) -> Text:
    return Text(
        f"{where}有两个等待同一{what} «{name}»。",
        f"{where:en} wait for the same {what:en} '{name}'.",
    )


def _caught_twice(where: Text, what: Text, code: str | None) -> Text:
    caught = f"the same {what:en} '{code}'" if code else f"any {what:en}"
    return Text(
        f"{where}有两个捕获同一{what} «{code or '（任意）'}»。", f"{where:en} catch {caught}."
    )
