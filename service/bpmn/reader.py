"""XML tree -> `BpmnFile`."""

from collections.abc import Iterator

from lxml import etree

from service.bpmn.model import (
    ACTIVITY_KINDS,
    GATEWAY_KINDS,
    SCOPE_KINDS,
    BpmnFile,
    ElementModel,
    ProcessModel,
)
from service.bpmn.part_reader import (
    Shared,
    events_of,
    loop_of,
    properties,
    standard_loop_of,
    text_of,
    zeebe_tags,
)
from service.bpmn.parts import FlowModel
from service.bpmn.xml import ZEEBE, bpmn, bpmn_name, is_true, read_tree, source_line
from service.domain.errors import DeploymentRefusedError
from service.feel import Text
from service.feel.findings import finding_of

MAX_NESTING = 30
"""Sub-processes inside each other."""

MAX_NODES = 2000
"""Flow nodes of one process; a drawing that people can read has far fewer."""

EVENT_KINDS = frozenset(
    {
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
    }
)
NODE_KINDS = ACTIVITY_KINDS | GATEWAY_KINDS | EVENT_KINDS

PASSIVE = frozenset(
    {
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "laneSet",
        "sequenceFlow",
        "textAnnotation",
        "association",
        "group",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "dataInputAssociation",
        "dataOutputAssociation",
        "property",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "activationCondition",
        "completionCondition",
        "messageEventDefinition",
        "timerEventDefinition",
        "signalEventDefinition",
        "escalationEventDefinition",
        "conditionalEventDefinition",
        "errorEventDefinition",
        "terminateEventDefinition",
        "linkEventDefinition",
        "conditionExpression",
    }
)
"""What may stand inside a process or element and is read, or is there for people only."""

_READ = PASSIVE | NODE_KINDS

_NOT_BPMN = Text("根元素应为 bpmn:definitions。", "The root element must be bpmn:definitions.")
_NO_PROCESS_ID = Text("流程没有 id。", "A process has no id.")
_TOO_DEEP = Text(
    f"子流程嵌套超过 {MAX_NESTING} 层。", f"Sub-processes are nested over {MAX_NESTING} deep."
)
_BROKEN_FLOW = Text(
    "连线缺少 id、起点或终点。", "A sequence flow lacks its id, sourceRef or targetRef."
)


def parse(xml: bytes, resource: str = "") -> BpmnFile:
    """Return what a BPMN file says.

    Args:
        xml: The file; any encoding that its XML declaration names.
        resource: The file's name, for findings.

    Raises:
        DeploymentRefusedError: It is no BPMN, is hostile XML, or its ids or references are broken.
    """
    root = read_tree(xml, resource)
    if root.tag != bpmn("definitions"):
        raise _refused("not_bpmn", _NOT_BPMN, resource, None, source_line(root))
    _refuse_double_ids(root, resource)
    shared = Shared(root, resource)
    processes = tuple(_process(node, shared) for node in root.iterchildren(bpmn("process")))
    return BpmnFile(resource, processes, root)


class _Wiring:
    """The sequence flows and associations of one process, looked up by flow node."""

    def __init__(self, process: etree._Element, resource: str) -> None:
        self.process_id = str(process.get("id"))
        self.flows = {flow.id: flow for flow in _flows(process, resource)}
        self.incoming: dict[str, list[str]] = {}
        self.outgoing: dict[str, list[str]] = {}
        for flow in self.flows.values():
            self.incoming.setdefault(flow.target_id, []).append(flow.id)
            self.outgoing.setdefault(flow.source_id, []).append(flow.id)
        self.handlers = dict(_handlers(process))


def _process(node: etree._Element, shared: Shared) -> ProcessModel:
    process_id = node.get("id")
    if not process_id:
        raise _refused("missing_id", _NO_PROCESS_ID, shared.resource, None, source_line(node))
    wiring = _Wiring(node, shared.resource)
    elements = dict(_elements(node, process_id, wiring, shared))
    if len(elements) > MAX_NODES:
        text = _too_many(len(elements))
        raise _refused("process_size", text, shared.resource, process_id, source_line(node))
    _refuse_loose_flows(wiring.flows, elements, shared.resource)
    zeebe = zeebe_tags(node)
    version = next((tag for tag in zeebe if tag.name == "versionTag"), None)
    return ProcessModel(
        id=process_id,
        name=node.get("name") or process_id,
        line=source_line(node),
        is_executable=is_true(node, "isExecutable"),
        version_tag=version.get("value") if version else None,
        documentation=_documentation(node),
        properties=properties(zeebe),
        zeebe=zeebe,
        elements=elements,
        flows=wiring.flows,
        embedded_forms=dict(_embedded_forms(node)),
    )


def _too_many(elements: int) -> Text:
    return Text(
        f"流程有 {elements} 个元素，最多允许 {MAX_NODES} 个。",
        f"The process has {elements} elements, but can have {MAX_NODES} at most.",
    )


def _embedded_forms(process: etree._Element) -> Iterator[tuple[str, str]]:
    holder = process.find(bpmn("extensionElements"))
    for form in () if holder is None else holder.iterchildren(f"{{{ZEEBE}}}userTaskForm"):
        yield form.get("id") or "", form.text or ""


def _elements(
    scope: etree._Element, scope_id: str, wiring: _Wiring, shared: Shared, level: int = 0
) -> Iterator[tuple[str, ElementModel]]:
    if level > MAX_NESTING:
        raise _refused("process_size", _TOO_DEEP, shared.resource, scope_id, source_line(scope))
    for node in scope.iterchildren():
        kind = bpmn_name(node)
        if kind not in NODE_KINDS:
            continue
        element = _element(node, kind, scope_id, wiring, shared)
        yield element.id, element
        if kind in SCOPE_KINDS:
            yield from _elements(node, element.id, wiring, shared, level + 1)


def _element(
    node: etree._Element, kind: str, scope_id: str, wiring: _Wiring, shared: Shared
) -> ElementModel:
    element_id = node.get("id")
    if not element_id:
        text = Text(f"元素 {kind} 没有 id。", f"A bpmn:{kind} has no id.")
        raise _refused("missing_id", text, shared.resource, None, source_line(node))
    zeebe = zeebe_tags(node)
    interrupting = "cancelActivity" if kind == "boundaryEvent" else "isInterrupting"
    return ElementModel(
        id=element_id,
        kind=kind,
        name=node.get("name") or "",
        line=source_line(node),
        parent_id=scope_id,
        process_id=wiring.process_id,
        incoming=tuple(wiring.incoming.get(element_id, ())),
        outgoing=tuple(wiring.outgoing.get(element_id, ())),
        default_flow_id=node.get("default"),
        events=events_of(node, kind, shared),
        needs_all=is_true(node, "parallelMultiple") or node.get("eventGatewayType") == "Parallel",
        instantiates=is_true(node, "instantiate"),
        attached_to_id=node.get("attachedToRef"),
        is_interrupting=is_true(node, interrupting, default=True),
        is_triggered_by_event=is_true(node, "triggeredByEvent"),
        loop=loop_of(node),
        standard_loop=standard_loop_of(node),
        is_for_compensation=is_true(node, "isForCompensation"),
        handler_id=wiring.handlers.get(element_id),
        activation_condition=text_of(node.find(bpmn("activationCondition"))),
        completion_condition=text_of(node.find(bpmn("completionCondition"))),
        is_ordered=node.get("ordering") == "Sequential",
        cancels_remaining=is_true(node, "cancelRemainingInstances", default=True),
        documentation=_documentation(node),
        properties=properties(zeebe),
        zeebe=zeebe,
        unread=unread_parts(node),
    )


def _handlers(process: etree._Element) -> Iterator[tuple[str, str]]:
    """Give the associations that lead from a compensation boundary event to its handler."""
    compensating = {
        event.get("id")
        for event in process.iter(bpmn("boundaryEvent"))
        if event.find(bpmn("compensateEventDefinition")) is not None
    }
    handlers = {
        node.get("id") for node in process.iterdescendants() if is_true(node, "isForCompensation")
    }
    for node in process.iter(bpmn("association")):
        ends = str(node.get("sourceRef")), str(node.get("targetRef"))
        for source, target in (ends, ends[::-1]):
            if source in compensating and target in handlers:
                yield source, target


def _flows(process: etree._Element, resource: str) -> Iterator[FlowModel]:
    for node in process.iter(bpmn("sequenceFlow")):
        flow_id, source, target = node.get("id"), node.get("sourceRef"), node.get("targetRef")
        if not (flow_id and source and target):
            raise _refused("broken_flow", _BROKEN_FLOW, resource, flow_id, source_line(node))
        condition = text_of(node.find(bpmn("conditionExpression")))
        yield FlowModel(
            flow_id, node.get("name") or "", source, target, condition, source_line(node)
        )


def _documentation(node: etree._Element) -> str:
    return text_of(node.find(bpmn("documentation"))) or ""


def unread_parts(node: etree._Element) -> tuple[str, ...]:
    """Return the BPMN names of the parts of a process or element that the model does not hold."""
    names = map(bpmn_name, node.iterchildren())
    return tuple(
        name
        for name in names
        if name and name not in _READ and not name.endswith("EventDefinition")
    )


def _refuse_double_ids(root: etree._Element, resource: str) -> None:
    seen: set[str] = set()
    for node in root.iter(bpmn("*")):
        node_id = node.get("id")
        if node_id is None:
            continue
        if node_id in seen:
            text = Text(f"id «{node_id}» 出现了两次。", f"The id '{node_id}' is there twice.")
            raise _refused("double_id", text, resource, node_id, source_line(node))
        seen.add(node_id)


def _refuse_loose_flows(
    flows: dict[str, FlowModel], elements: dict[str, ElementModel], resource: str
) -> None:
    for flow in flows.values():
        ends = (elements.get(flow.source_id), elements.get(flow.target_id))
        if ends[0] is None or ends[1] is None:
            text = Text(
                f"连线 «{flow.id}» 的起点或终点不存在。",
                f"An end of the sequence flow '{flow.id}' does not exist.",
            )
            raise _refused("broken_flow", text, resource, flow.id, flow.line)
        if ends[0].parent_id != ends[1].parent_id:
            text = Text(
                f"连线 «{flow.id}» 穿过了子流程的边界。",
                f"The sequence flow '{flow.id}' crosses the boundary of a sub-process.",
            )
            raise _refused("broken_flow", text, resource, flow.id, flow.line)


def _refused(
    rule: str, text: Text, resource: str, element_id: str | None, line: int | None
) -> DeploymentRefusedError:
    finding = finding_of("error", rule, text, resource=resource, element_id=element_id, line=line)
    return DeploymentRefusedError(f"Expected a readable BPMN file, but: {text:en}", [finding])
