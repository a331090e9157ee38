"""Event-based gateways: at least two events behind, nothing else, and no other way to them."""

from collections import Counter
from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.domain.errors import Finding

AWAITED = {
    "message": "消息",
    "timer": "定时",
    "signal": "信号",
    "conditional": "条件",
    "multiple": "多重",
    "parallelMultiple": "并行多重",
}


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every event-based gateway that Camunda 8 refuses.

    Source: Camunda 8 (bpmn-model validation); receive tasks: BPMN 2.0.2 §10.6.6.
    """
    for process, element in scene.elements:
        if element.kind != "eventBasedGateway":
            continue
        problems = _problems(process, element)
        yield from scene.errors("event_gateways", element, "事件网关", problems)


def _problems(process: ProcessModel, gateway: ElementModel) -> Iterator[str]:
    flows = [process.flows[flow_id] for flow_id in gateway.outgoing]
    targets = [process.elements[flow.target_id] for flow in flows]
    if len(targets) < 2:
        yield "后面应至少有两个事件。"
    for target in targets:
        problem = _of_target(process, gateway, target)
        if problem is not None:
            yield problem
    definitions = [definition for target in targets for definition in target.events]
    names = Counter((d.kind, d.name) for d in definitions if d.name)
    for (kind, name), count in names.items():
        if count > 1:
            yield f"后面有两个事件等待同一{AWAITED.get(kind, '事件')} «{name}»。"
    if gateway.needs_all and not gateway.instantiates:
        yield "要等齐所有事件（Parallel），只有启动流程的事件网关可以这样。"
    if gateway.instantiates and (gateway.incoming or gateway.parent_id != process.id):
        yield "会启动流程，因此不能有入线，也不能放在子流程里。"


def _of_target(process: ProcessModel, gateway: ElementModel, target: ElementModel) -> str | None:
    is_catch = target.kind == "intermediateCatchEvent" and target.event_kind in AWAITED
    is_task = target.kind == "receiveTask"
    if not is_catch and not is_task:
        return f"后面只能是接收任务或消息、定时、信号、条件捕获事件，实际有 {called(target)}。"
    if is_task and (target.loop or target.standard_loop or process.boundaries(target.id)):
        return f"后面的接收任务 {called(target)} 不能重复，也不能带边界事件。"
    if gateway.instantiates and gateway.needs_all and target.event_kind != "message":
        return f"要等齐所有事件才算完，后面只能是消息事件，实际有 {called(target)}。"
    if len(target.incoming) > 1:
        return f"后面的 {called(target)} 还有别的入线。"
    return None
