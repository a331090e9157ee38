"""Events: where each kind may stand, and what must not be caught twice."""

from collections import Counter
from collections.abc import Iterable, Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.domain.errors import Finding

Problem = tuple[ElementModel, str]


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
    yield from _same_start_messages(process)
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
    event = element.event
    if element.kind == "boundaryEvent":
        host = process.elements.get(element.attached_to_id or "")
        if host is None or not host.is_activity or host.parent_id != element.parent_id:
            yield element, "没有附着在同一层的任务或子流程上。"
        elif host.is_triggered_by_event:
            yield element, "附着在事件子流程上，事件子流程不能有边界事件。"
    if event is None:
        return
    if event.kind == "error":
        if element.kind == "endEvent" and event.error_code is None:
            yield element, "抛出错误，但没有错误代码。"
        if element.kind != "endEvent" and not element.is_interrupting:
            yield element, "捕获错误，必须是中断的。"
        if element.kind == "startEvent" and element.parent_id == process.id:
            yield element, "是流程的开始事件，不能是错误事件。"
    if event.kind == "link" and not event.name:
        yield element, "是链接事件，但没有名称。"


def _of_sub_process(element: ElementModel, process: ProcessModel) -> Iterator[Problem]:
    starts = [c for c in process.children(element.id) if c.kind == "startEvent"]
    if len(starts) != 1:
        yield element, f"应恰有一个开始事件，实际有 {len(starts)} 个。"
    for start in starts:
        if element.is_triggered_by_event and start.event is None:
            yield element, "是事件子流程，其开始事件必须是消息、定时或错误事件。"
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
    links = [c for c in children if c.event is not None and c.event.kind == "link"]
    catches = Counter(c.event.name for c in links if c.event and c.kind == "intermediateCatchEvent")
    for link in links:
        name = link.event.name if link.event else None
        if link.kind == "intermediateThrowEvent" and not catches[name]:
            yield link, f"跳转到链接 «{name}»，但同一层没有这个名称的链接捕获事件。"
        if link.kind == "intermediateThrowEvent" and link.outgoing:
            yield link, "是链接抛出事件，不能有出线。"
        if link.kind == "intermediateCatchEvent" and catches[name] > 1:
            yield link, f"与另一个链接捕获事件同名 «{name}»。"
        if link.kind == "intermediateCatchEvent" and link.incoming:
            yield link, "是链接捕获事件，不能有入线。"


def _same_start_messages(process: ProcessModel) -> Iterator[Problem]:
    names = Counter(process.message_starts.values())
    for event_id, name in process.message_starts.items():
        if names[name] > 1:
            yield process.elements[event_id], f"与另一个开始事件使用同一消息 «{name}»。"


def _twice(owner: ElementModel, events: Iterable[ElementModel], where: str) -> Iterator[Problem]:
    """Give messages and error codes that are caught twice by events that stand together."""
    definitions = [event.event for event in events if event.event is not None]
    messages = Counter(d.name for d in definitions if d.kind == "message")
    errors = Counter(d.error_code or "" for d in definitions if d.kind == "error")
    for name, count in messages.items():
        if count > 1 and name:
            yield owner, f"{where}有两个等待同一消息 «{name}»。"
    for code, count in errors.items():
        if count > 1:
            yield owner, f"{where}有两个捕获同一错误 «{code or '（任意）'}»。"
