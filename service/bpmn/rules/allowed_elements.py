"""Only elements that are executed exactly as BPMN and Camunda 8 define them may be deployed."""

from collections.abc import Iterator

from lxml import etree

from service.bpmn.gate import Scene, called, rule
from service.bpmn.leftovers import ROLES, is_leftover_part
from service.bpmn.model import ElementModel
from service.bpmn.reader import NODE_KINDS, unread_parts
from service.bpmn.xml import bpmn, bpmn_name, is_true, source_line
from service.domain.errors import Finding
from service.feel import Text

EXECUTED = frozenset(
    {
        "task",
        "manualTask",
        "userTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "scriptTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
        "transaction",
        "adHocSubProcess",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "complexGateway",
        "startEvent",
        "startEvent:message",
        "startEvent:timer",
        "startEvent:signal",
        "startEvent:multiple",
        "startEvent:parallelMultiple",
        "startEvent:conditional",
        "startEvent:error",
        "startEvent:compensate",
        "startEvent:escalation",
        "endEvent",
        "endEvent:message",
        "endEvent:signal",
        "endEvent:multiple",
        "endEvent:escalation",
        "endEvent:error",
        "endEvent:terminate",
        "endEvent:compensate",
        "endEvent:cancel",
        "intermediateCatchEvent:message",
        "intermediateCatchEvent:timer",
        "intermediateCatchEvent:signal",
        "intermediateCatchEvent:multiple",
        "intermediateCatchEvent:parallelMultiple",
        "intermediateCatchEvent:conditional",
        "intermediateCatchEvent:link",
        "intermediateThrowEvent",
        "intermediateThrowEvent:message",
        "intermediateThrowEvent:signal",
        "intermediateThrowEvent:multiple",
        "intermediateThrowEvent:escalation",
        "intermediateThrowEvent:link",
        "intermediateThrowEvent:compensate",
        "boundaryEvent:message",
        "boundaryEvent:timer",
        "boundaryEvent:signal",
        "boundaryEvent:multiple",
        "boundaryEvent:parallelMultiple",
        "boundaryEvent:conditional",
        "boundaryEvent:escalation",
        "boundaryEvent:error",
        "boundaryEvent:compensate",
        "boundaryEvent:cancel",
    }
)
"""What runs, by BPMN's name; events with `:` and the kind of their definition."""

AS_FIRST_DRAWN = {
    "intermediateCatchEvent": Text("捕获事件", "catch event"),
    "boundaryEvent": Text("边界事件", "boundary event"),
}
"""Events as a modeler draws them before anybody has said what they wait for."""

USE_ANOTHER = Text(
    "请改用支持的元素（见 docs/bpmn-coverage.md）。",
    "Use an element that is supported (see docs/bpmn-coverage.md).",
)
CHOOSE_TYPE = Text(
    "在建模器里把它换成消息、定时、信号、条件等事件。",
    "Change it in the modeler into a message, timer, signal, conditional or other event.",
)
NAME_ASSIGNEE = Text(
    "请写明由谁办理（zeebe:assignmentDefinition）。",
    "Say who does the task (zeebe:assignmentDefinition).",
)
USE_FEEL = Text("改用 FEEL 脚本（zeebe:script）。", "Use a FEEL script (zeebe:script).")
DELETE = Text("请删除它。", "Delete it.")
ADVICE = {**dict.fromkeys(ROLES, NAME_ASSIGNEE), "script": USE_FEEL}
"""What to do about a part that is not executed, where that is not to delete it."""


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every element that would not be executed exactly."""
    for _, element in scene.elements:
        yield from _of_element(scene, element)
    for process in scene.file.root.iterchildren(bpmn("process")):
        if is_true(process, "isExecutable"):
            yield from _of_writing(scene, process)


def _of_element(scene: Scene, element: ElementModel) -> Iterator[Finding]:
    is_event = element.kind.endswith("Event")
    kind = f"{element.kind}:{element.event_kind}" if is_event and element.events else element.kind
    if kind in EXECUTED:
        return
    if kind in AS_FIRST_DRAWN:
        text, advice = _without_type(element, AS_FIRST_DRAWN[kind]), CHOOSE_TYPE
    else:
        text, advice = _not_executed(element, kind), USE_ANOTHER
    yield scene.error(
        "allowed_elements", text, advice=advice, element_id=element.id, line=element.line
    )


def _without_type(element: ElementModel, what: Text) -> Text:
    name = called(element)
    return Text(
        f"{what} {name} 没有选择类型，不知道要等待什么。",
        f"The {what:en} {name:en} has no type: it is not known what it waits for.",
    )


def _not_executed(element: ElementModel, kind: str) -> Text:
    name = called(element)
    return Text(
        f"元素 {name}（{kind}）目前不能按标准准确执行，因此不能部署。",
        f"The element {name:en} ({kind}) cannot be executed exactly by the standard yet, "
        "and so not be deployed.",
    )


def _of_writing(scene: Scene, process: etree._Element) -> Iterator[Finding]:
    """Look at the XML itself, for what the model does not hold."""
    for node in (process, *_nodes(process)):
        element_id = node.get("id")
        for name in unread_parts(node):
            if is_leftover_part(node, name):
                continue
            yield _refused_part(scene, element_id, name, node)


def _refused_part(scene: Scene, element_id: str | None, name: str, node: etree._Element) -> Finding:
    return scene.error(
        "allowed_elements",
        Text(
            f"«{element_id}» 里的 bpmn:{name} 不会被执行，因此不能部署。",
            f"The bpmn:{name} in '{element_id}' is not executed, and so cannot be deployed.",
        ),
        advice=ADVICE.get(name, DELETE),
        element_id=element_id,
        line=source_line(node),
    )


def _nodes(process: etree._Element) -> Iterator[etree._Element]:
    return (node for node in process.iterdescendants() if bpmn_name(node) in NODE_KINDS)
