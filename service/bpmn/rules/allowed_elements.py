"""Only elements that are executed exactly as BPMN and Camunda 8 define them may be deployed."""

from collections.abc import Iterator

from lxml import etree

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel
from service.bpmn.reader import NODE_KINDS, bpmn_name, unread_parts
from service.bpmn.xml import bpmn, source_line
from service.domain.errors import Finding

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
        "startEvent:conditional",
        "startEvent:error",
        "startEvent:compensate",
        "startEvent:escalation",
        "endEvent",
        "endEvent:message",
        "endEvent:signal",
        "endEvent:escalation",
        "endEvent:error",
        "endEvent:terminate",
        "endEvent:compensate",
        "endEvent:cancel",
        "intermediateCatchEvent:message",
        "intermediateCatchEvent:timer",
        "intermediateCatchEvent:signal",
        "intermediateCatchEvent:conditional",
        "intermediateCatchEvent:link",
        "intermediateThrowEvent",
        "intermediateThrowEvent:message",
        "intermediateThrowEvent:signal",
        "intermediateThrowEvent:escalation",
        "intermediateThrowEvent:link",
        "intermediateThrowEvent:compensate",
        "boundaryEvent:message",
        "boundaryEvent:timer",
        "boundaryEvent:signal",
        "boundaryEvent:conditional",
        "boundaryEvent:escalation",
        "boundaryEvent:error",
        "boundaryEvent:compensate",
        "boundaryEvent:cancel",
    }
)
"""What runs, by BPMN's name; events with `:` and the kind of their definition."""

REFUSED_ATTRIBUTES = {
    ("ordering", "Sequential"): "不支持依次执行的临时子流程，请用普通子流程画出顺序。",
    ("instantiate", "true"): "不支持由它启动流程，请用消息开始事件。",
    ("parallelMultiple", "true"): "不支持并行多重事件。",
    ("eventGatewayType", "Parallel"): "不支持并行的事件网关。",
}


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every element that would not be executed exactly."""
    for _, element in scene.elements:
        yield from _of_element(scene, element)
    for process in scene.file.root.iterchildren(bpmn("process")):
        if process.get("isExecutable") == "true":
            yield from _of_writing(scene, process)


def _of_element(scene: Scene, element: ElementModel) -> Iterator[Finding]:
    if len(element.events) > 1:
        yield scene.error(
            "allowed_elements",
            f"事件 {called(element)} 有多个事件定义，不能执行。",
            advice="每个事件只留一个定义，其余的另画事件。",
            element_id=element.id,
            line=element.line,
        )
        return
    event = element.event
    is_event = element.kind.endswith("Event")
    kind = f"{element.kind}:{event.kind}" if is_event and event else element.kind
    if kind not in EXECUTED:
        yield scene.error(
            "allowed_elements",
            f"元素 {called(element)}（{kind}）目前不能按标准准确执行，因此不能部署。",
            advice="请改用支持的元素（见 docs/bpmn-coverage.md）。",
            element_id=element.id,
            line=element.line,
        )


def _of_writing(scene: Scene, process: etree._Element) -> Iterator[Finding]:
    """Look at the XML itself, for what the model does not hold."""
    for node in (process, *_nodes(process)):
        element_id = node.get("id")
        for (attribute, value), text in REFUSED_ATTRIBUTES.items():
            if node.get(attribute) == value:
                yield scene.error(
                    "allowed_elements",
                    f"«{element_id}»：{text}",
                    element_id=element_id,
                    line=source_line(node),
                )
        for name in unread_parts(node):
            yield _refused_part(scene, element_id, name, node)


def _refused_part(scene: Scene, element_id: str | None, name: str, node: etree._Element) -> Finding:
    advice = {
        "ioSpecification": "改用输入、输出映射。",
        "script": "改用 FEEL 脚本（zeebe:script）。",
    }.get(name, "请删除它。")
    return scene.error(
        "allowed_elements",
        f"«{element_id}» 里的 bpmn:{name} 不会被执行，因此不能部署。",
        advice=advice,
        element_id=element_id,
        line=source_line(node),
    )


def _nodes(process: etree._Element) -> Iterator[etree._Element]:
    return (node for node in process.iterdescendants() if bpmn_name(node) in NODE_KINDS)
