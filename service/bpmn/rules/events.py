"""Events: where each kind may stand, and what must not be caught twice."""

from collections import Counter
from collections.abc import Iterable, Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.bpmn.parts import EventDefinition
from service.domain.errors import Finding

Problem = tuple[ElementModel, str]

CODED = {"error": "错误", "escalation": "升级"}
NAMED = {"link": "链接", "signal": "信号"}
CHANGES = ("create", "update")
TOLD = {"message": "等待同一消息", "signal": "等待同一信号"}
CAUGHT = {"error": "捕获同一错误", "escalation": "捕获同一升级"}


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every event that Camunda 8 refuses.

    Source: Camunda 8 (bpmn-model validation).
    """
    for process in scene.processes:
        for element, message in _problems(process):
            yield scene.error(
                "events",
                f"{called(element)} {message}",
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
            yield from _twice(element, boundaries, "的边界事件")
    for scope_id in (process.id, *process.elements):
        yield from _of_scope(scope_id, process)


def _of_event(element: ElementModel, process: ProcessModel) -> Iterator[Problem]:
    if element.kind == "boundaryEvent":
        host = process.elements.get(element.attached_to_id or "")
        if host is None or not host.is_activity or host.parent_id != element.parent_id:
            yield element, "没有附着在同一层的任务或子流程上。"
        elif host.is_triggered_by_event:
            yield element, "附着在事件子流程上，事件子流程不能有边界事件。"
    for definition in element.events:
        for problem in _of_definition(element, definition, process):
            yield element, problem


def _of_definition(
    element: ElementModel, event: EventDefinition, process: ProcessModel
) -> Iterator[str]:
    is_throw = element.kind in ("endEvent", "intermediateThrowEvent")
    if event.kind in CODED:
        what = CODED[event.kind]
        if is_throw and event.code is None:
            yield f"抛出{what}，但没有{what}代码。"
        if event.kind == "error" and not is_throw and not element.is_interrupting:
            yield "捕获错误，必须是中断的。"
        if element.kind == "startEvent" and element.parent_id == process.id:
            yield f"是流程的开始事件，不能是{what}事件。"
    if event.kind == "conditional":
        if not (event.condition or "").removeprefix("=").strip():
            yield "是条件事件，但没有写条件。"
        if unknown := [c for c in event.variable_changes if c not in CHANGES]:
            yield f"的变量事件 «{'、'.join(unknown)}» 不存在，只有 create 和 update。"
    if event.kind in NAMED and not event.name:
        yield f"是{NAMED[event.kind]}事件，但没有名称。"


def _of_sub_process(element: ElementModel, process: ProcessModel) -> Iterator[Problem]:
    children = process.children(element.id)
    starts = [child for child in children if child.kind == "startEvent"]
    begins_itself = not element.is_triggered_by_event and any(c.is_startable for c in children)
    if len(starts) > 1 or not (starts or begins_itself):
        yield element, f"应恰有一个开始事件，实际有 {len(starts)} 个。"
    for start in starts:
        if element.is_triggered_by_event and start.event is None:
            yield element, "是事件子流程，其开始事件必须是有类型的（消息、定时、错误等）。"
        if not element.is_triggered_by_event and start.event is not None:
            yield element, "是普通子流程，其开始事件必须是普通开始事件。"
    if element.is_triggered_by_event and element.loop is not None:
        yield element, "是事件子流程，不能是多实例。"


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
        yield from _twice(starts[0], starts, "所在范围的事件子流程")
    links = [(child, told.name) for child in children if (told := child.defines("link"))]
    catches = Counter(name for child, name in links if child.kind == "intermediateCatchEvent")
    for link, name in links:
        if link.kind == "intermediateThrowEvent" and not catches[name]:
            yield link, f"跳转到链接 «{name}»，但同一层没有这个名称的链接捕获事件。"
        if link.kind == "intermediateThrowEvent" and link.outgoing:
            yield link, "是链接抛出事件，不能有出线。"
        if link.kind == "intermediateCatchEvent" and catches[name] > 1:
            yield link, f"与另一个链接捕获事件同名 «{name}»。"
        if link.kind == "intermediateCatchEvent" and link.incoming and len(link.events) == 1:
            yield link, "是链接捕获事件，不能有入线。"


def _same_starts(process: ProcessModel) -> Iterator[Problem]:
    """Give messages, signals and conditions that two start events of the process share."""
    told = [(event_id, d) for event_id, _, d in process.start_definitions if d.kind in TOLD]
    counts = Counter((d.kind, d.name) for _, d in told)
    for event_id, definition in told:
        if definition.name and counts[definition.kind, definition.name] > 1:
            problem = f"与另一个开始事件{TOLD[definition.kind]} «{definition.name}»。"
            yield process.elements[event_id], problem
    conditions = [(i, d.condition) for i, _, d in process.start_definitions if d.condition]
    texts = Counter(text for _, text in conditions)
    for event_id, text in conditions:
        if texts[text] > 1:
            yield process.elements[event_id], f"与另一个开始事件使用同一条件 «{text}»。"


def _twice(owner: ElementModel, events: Iterable[ElementModel], where: str) -> Iterator[Problem]:
    """Give messages, signals and codes that are caught twice by events that stand together."""
    definitions = [definition for event in events for definition in event.events]
    told = Counter((d.kind, d.name) for d in definitions if d.kind in TOLD and d.name)
    caught = Counter((d.kind, d.code) for d in definitions if d.kind in CAUGHT)
    for (kind, name), count in told.items():
        if count > 1:
            yield owner, f"{where}有两个{TOLD[kind]} «{name}»。"
    for (kind, code), count in caught.items():
        if count > 1:
            yield owner, f"{where}有两个{CAUGHT[kind]} «{code or '（任意）'}»。"
