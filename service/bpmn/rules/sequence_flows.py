"""Sequence flows: conditions, defaults, and which elements may have which flows."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ACTIVITY_KINDS, ElementModel, ProcessModel
from service.domain.errors import Finding

CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
CONDITIONED = CHOOSING | {"complexGateway"} | ACTIVITY_KINDS
"""What asks conditions; complex gateways and activities may have flows without, which are always taken."""


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every flow that Camunda 8 refuses.

    Source: Camunda 8 (bpmn-model validation; BoundaryEventWithoutOutgoingSequenceFlowTest: a boundary event
    may end its way); conditions behind activities: BPMN 2.0.2 §13.3.1.
    """
    for process, element in scene.elements:
        for message, advice in _problems(process, element):
            yield scene.error(
                "sequence_flows",
                f"{called(element)} {message}",
                advice=advice,
                element_id=element.id,
                line=element.line,
            )
        yield from _implicit_fork(scene, process, element)


def _problems(process: ProcessModel, element: ElementModel) -> Iterator[tuple[str, str]]:
    flows = [process.flows[flow_id] for flow_id in element.outgoing]
    conditions = [flow for flow in flows if flow.condition is not None]
    if conditions and element.kind not in CONDITIONED:
        yield "的出线带有条件，只有活动和排他、包容、复杂网关可以。", "在它后面加一个排他网关。"
    if element.default_flow_id is not None:
        if element.kind not in CONDITIONED:
            yield "设了默认出线，只有活动和排他、包容、复杂网关可以。", "在它后面加一个排他网关。"
        elif element.default_flow_id not in element.outgoing:
            yield f"的默认出线 «{element.default_flow_id}» 不是它自己的出线。", ""
        elif process.flows[element.default_flow_id].condition is not None:
            yield "的默认出线带有条件，默认出线不判断条件。", "去掉默认出线上的条件。"
    if element.kind in CHOOSING and len(flows) > 1:
        for flow in flows:
            if flow.condition is None and flow.id != element.default_flow_id:
                yield f"的出线 «{flow.id}» 没有条件，也不是默认出线。", "写条件，或设为默认出线。"
    if element.kind == "endEvent" and flows:
        yield "是结束事件，不能有出线。", ""
    if element.kind == "startEvent" and element.incoming:
        yield "是开始事件，不能有入线。", ""
    if element.kind == "boundaryEvent" and element.incoming:
        yield "是边界事件，不能有入线。", ""
    if element.is_triggered_by_event and (element.incoming or flows):
        yield "是事件子流程，不能有入线或出线。", ""


def _implicit_fork(scene: Scene, process: ProcessModel, element: ElementModel) -> Iterator[Finding]:
    flows = [process.flows[flow_id] for flow_id in element.outgoing]
    asks = any(flow.condition or flow.id == element.default_flow_id for flow in flows)
    if len(flows) > 1 and not element.kind.endswith("Gateway") and not asks:
        yield scene.warning(
            "sequence_flows",
            f"{called(element)} 有多条出线，它们会同时走。",
            advice="若只应走一条，在后面加排他网关；若确要并行，加并行网关更清楚。",
            element_id=element.id,
            line=element.line,
        )
