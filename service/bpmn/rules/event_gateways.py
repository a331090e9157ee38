"""Event-based gateways: at least two events behind, nothing else, and no other way to them."""

from collections import Counter
from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.bpmn.names import EVENTS
from service.domain.errors import Finding
from service.feel import Text

AWAITED = frozenset({"message", "timer", "signal", "conditional", "multiple", "parallelMultiple"})
KIND = Text("事件网关", "The event-based gateway")

FEW = Text("后面应至少有两个事件。", "must be followed by at least two events.")
NEEDS_ALL = Text(
    "要等齐所有事件（Parallel），只有启动流程的事件网关可以这样。",
    "waits for all events (Parallel), which only those that start a process may do.",
)
INSTANTIATES = Text(
    "会启动流程，因此不能有入线，也不能放在子流程里。",
    "starts the process, so it takes no incoming sequence flow and must not be in a sub-process.",
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every event-based gateway that Camunda 8 refuses.

    Source: Camunda 8 (bpmn-model validation); receive tasks: BPMN 2.0.2 §10.6.6.
    """
    for process, element in scene.elements:
        if element.kind != "eventBasedGateway":
            continue
        problems = _problems(process, element)
        yield from scene.errors("event_gateways", element, KIND, problems)


def _problems(process: ProcessModel, gateway: ElementModel) -> Iterator[Text]:
    flows = [process.flows[flow_id] for flow_id in gateway.outgoing]
    targets = [process.elements[flow.target_id] for flow in flows]
    if len(targets) < 2:
        yield FEW
    for target in targets:
        problem = _of_target(process, gateway, target)
        if problem is not None:
            yield problem
    definitions = [definition for target in targets for definition in target.events]
    names = Counter((d.kind, d.name) for d in definitions if d.name)
    for (kind, name), count in names.items():
        if count > 1:
            yield _twice(EVENTS[kind], name)
    if gateway.needs_all and not gateway.instantiates:
        yield NEEDS_ALL
    if gateway.instantiates and (gateway.incoming or gateway.parent_id != process.id):
        yield INSTANTIATES


def _of_target(process: ProcessModel, gateway: ElementModel, target: ElementModel) -> Text | None:
    is_catch = target.kind == "intermediateCatchEvent" and target.event_kind in AWAITED
    is_task = target.kind == "receiveTask"
    if not is_catch and not is_task:
        return _not_awaited(called(target))
    if is_task and (target.loop or target.standard_loop or process.boundaries(target.id)):
        return _no_plain_task(called(target))
    if gateway.instantiates and gateway.needs_all and target.event_kind != "message":
        return _no_message(called(target))
    return _reached_otherwise(called(target)) if len(target.incoming) > 1 else None


def _twice(event: Text, name: str) -> Text:
    return Text(
        f"后面有两个事件等待同一{event} «{name}»。",
        f"is followed by two events that wait for the same {event:en} '{name}'.",
    )


def _not_awaited(target: Text) -> Text:
    return Text(
        f"后面只能是接收任务或消息、定时、信号、条件捕获事件，实际有 {target}。",
        "may be followed by receive tasks and message, timer, signal or conditional catch events only, "
        f"but {target:en} follows it.",
    )


def _no_plain_task(target: Text) -> Text:
    return Text(
        f"后面的接收任务 {target} 不能重复，也不能带边界事件。",
        f"is followed by the receive task {target:en}, which must not repeat or have boundary events there.",
    )


def _no_message(target: Text) -> Text:
    return Text(
        f"要等齐所有事件才算完，后面只能是消息事件，实际有 {target}。",
        f"waits for all events, so only message events may follow it, but {target:en} does.",
    )


def _reached_otherwise(target: Text) -> Text:
    return Text(
        f"后面的 {target} 还有别的入线。",
        f"is followed by {target:en}, which has other incoming sequence flows, too.",
    )
