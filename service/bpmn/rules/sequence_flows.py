"""Sequence flows: conditions, defaults, and which elements may have which flows."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ACTIVITY_KINDS, ElementModel, ProcessModel
from service.domain.errors import Finding
from service.feel import Text

CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
CONDITIONED = CHOOSING | {"complexGateway"} | ACTIVITY_KINDS
"""What asks conditions; complex gateways and activities may have flows without, which are always taken."""

CHOOSERS = Text(
    "只有活动和排他、包容、复杂网关可以",
    "which only activities and exclusive, inclusive and complex gateways can have",
)
CONDITIONED_FLOWS = Text(
    f"的出线带有条件，{CHOOSERS}。", f"has outgoing flows with conditions, {CHOOSERS:en}."
)
DEFAULT_FLOW = Text(f"设了默认出线，{CHOOSERS}。", f"has a default flow, {CHOOSERS:en}.")
ADD_CHOICE = Text("在它后面加一个排他网关。", "Put an exclusive gateway behind it.")
CONDITIONED_DEFAULT = Text(
    "的默认出线带有条件，默认出线不判断条件。",
    "has a condition on its default flow, where none is evaluated.",
)
CLEAR_DEFAULT = Text("去掉默认出线上的条件。", "Remove the condition of the default flow.")
SAY_WHEN = Text("写条件，或设为默认出线。", "Write a condition, or make it the default flow.")
END = Text("是结束事件，不能有出线。", "is an end event, which cannot have outgoing flows.")
START = Text("是开始事件，不能有入线。", "is a start event, which cannot have incoming flows.")
BOUNDARY = Text(
    "是边界事件，不能有入线。", "is a boundary event, which cannot have incoming flows."
)
EVENT_SUB_PROCESS = Text(
    "是事件子流程，不能有入线或出线。",
    "is an event sub-process, which can have neither incoming nor outgoing flows.",
)
SHOW_FORK = Text(
    "若只应走一条，在后面加排他网关；若确要并行，加并行网关更清楚。",
    "Put an exclusive gateway behind it where only one is to be taken; where all are, a parallel gateway is "
    "clearer.",
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every flow that Camunda 8 refuses.

    Source: Camunda 8 (bpmn-model validation; BoundaryEventWithoutOutgoingSequenceFlowTest: a boundary event
    may end its way); conditions behind activities: BPMN 2.0.2 §13.3.1.
    """
    for process, element in scene.elements:
        name = called(element)
        for problem, advice in _problems(process, element):
            yield scene.error(
                "sequence_flows",
                Text(f"{name} {problem}", f"{name:en} {problem:en}"),
                advice=advice,
                element_id=element.id,
                line=element.line,
            )
        yield from _implicit_fork(scene, process, element)


def _problems(process: ProcessModel, element: ElementModel) -> Iterator[tuple[Text, Text | None]]:
    flows = [process.flows[flow_id] for flow_id in element.outgoing]
    conditions = [flow for flow in flows if flow.condition is not None]
    if conditions and element.kind not in CONDITIONED:
        yield CONDITIONED_FLOWS, ADD_CHOICE
    if element.default_flow_id is not None:
        if element.kind not in CONDITIONED:
            yield DEFAULT_FLOW, ADD_CHOICE
        elif element.default_flow_id not in element.outgoing:
            yield _no_own_default(element.default_flow_id), None
        elif process.flows[element.default_flow_id].condition is not None:
            yield CONDITIONED_DEFAULT, CLEAR_DEFAULT
    if element.kind in CHOOSING and len(flows) > 1:
        for flow in flows:
            if flow.condition is None and flow.id != element.default_flow_id:
                yield _unconditioned(flow.id), SAY_WHEN
    if element.kind == "endEvent" and flows:
        yield END, None
    if element.kind == "startEvent" and element.incoming:
        yield START, None
    if element.kind == "boundaryEvent" and element.incoming:
        yield BOUNDARY, None
    if element.is_triggered_by_event and (element.incoming or flows):
        yield EVENT_SUB_PROCESS, None


def _no_own_default(flow_id: str) -> Text:
    return Text(
        f"的默认出线 «{flow_id}» 不是它自己的出线。",
        f"has the default flow '{flow_id}', which is none of its own outgoing flows.",
    )


def _unconditioned(flow_id: str) -> Text:
    return Text(
        f"的出线 «{flow_id}» 没有条件，也不是默认出线。",
        f"has the outgoing flow '{flow_id}', which has no condition and is not the default flow.",
    )


def _implicit_fork(scene: Scene, process: ProcessModel, element: ElementModel) -> Iterator[Finding]:
    flows = [process.flows[flow_id] for flow_id in element.outgoing]
    asks = any(flow.condition or flow.id == element.default_flow_id for flow in flows)
    if len(flows) > 1 and not element.kind.endswith("Gateway") and not asks:
        name = called(element)
        yield scene.warning(
            "sequence_flows",
            Text(
                f"{name} 有多条出线，它们会同时走。",
                f"{name:en} has several outgoing flows, which are all taken.",
            ),
            advice=SHOW_FORK,
            element_id=element.id,
            line=element.line,
        )
