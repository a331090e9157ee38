"""Only extensions that are carried out may stand in a file, each once where only one can be."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from service.bpmn.gate import Scene, rule
from service.bpmn.leftovers import CAMUNDA_7, MODELERS, SILENT, is_leftover_attribute
from service.bpmn.xml import ZEEBE, bpmn, owner_id, source_line
from service.domain.errors import Finding
from service.domain.identifiers import RESERVED_HEADER

TAGS: dict[str, frozenset[str]] = {
    name: frozenset(attributes.split())
    for name, attributes in {
        "taskDefinition": "type retries",
        "ioMapping": "",
        "input": "source target",
        "output": "source target",
        "taskHeaders": "",
        "header": "id key value",
        "properties": "",
        "property": "name value",
        "userTask": "",
        "assignmentDefinition": "assignee candidateGroups candidateUsers",
        "taskSchedule": "dueDate followUpDate",
        "priorityDefinition": "priority",
        "formDefinition": "formId bindingType versionTag externalReference formKey",
        "script": "expression resultVariable",
        "calledDecision": "decisionId resultVariable bindingType versionTag",
        "calledElement": "processId propagateAllChildVariables propagateAllParentVariables"
        " bindingType versionTag businessId",
        "loopCharacteristics": "inputCollection inputElement outputCollection outputElement",
        "subscription": "correlationKey",
        "conditionalFilter": "variableNames variableEvents",
        "versionTag": "value",
        "userTaskForm": "id",
        "adHoc": "activeElementsCollection outputCollection outputElement",
        "taskListeners": "",
        "taskListener": "eventType type retries",
        "executionListeners": "",
        "executionListener": "eventType type retries",
        "jobPriorityDefinition": "priority",
        "linkedResources": "",
        "linkedResource": "resourceId bindingType versionTag resourceType linkName",
        "agentDefinition": "agentType",
    }.items()
}
"""What may be written: `zeebe:` elements and their attributes, those of `leftovers.UNREAD` without effect."""

AGENTS = {
    "aiAgentTask": frozenset({"serviceTask"}),
    "aiAgentSubProcess": frozenset({"adHocSubProcess"}),
    "external": frozenset({"serviceTask", "adHocSubProcess"}),
}
"""Types of AI agents, and what may be one. Source: Camunda 8.11 (AgentDefinitionValidatorTest)."""

PLACES: dict[str, frozenset[str]] = {
    name: frozenset(kinds.split())
    for name, kinds in {
        "taskDefinition": "serviceTask sendTask scriptTask businessRuleTask endEvent"
        " intermediateThrowEvent adHocSubProcess",
        "taskHeaders": "userTask serviceTask sendTask scriptTask businessRuleTask endEvent"
        " intermediateThrowEvent adHocSubProcess executionListeners"
        " taskListeners",
        "jobPriorityDefinition": "userTask serviceTask sendTask scriptTask businessRuleTask endEvent"
        " intermediateThrowEvent adHocSubProcess process",
        "linkedResources": "serviceTask sendTask scriptTask businessRuleTask",
        "userTask": "userTask",
        "assignmentDefinition": "userTask",
        "taskSchedule": "userTask",
        "priorityDefinition": "userTask",
        "formDefinition": "userTask startEvent",
        "script": "scriptTask",
        "calledDecision": "businessRuleTask",
        "calledElement": "callActivity",
        "loopCharacteristics": "multiInstanceLoopCharacteristics",
        "adHoc": "adHocSubProcess",
        "subscription": "message",
        "conditionalFilter": "conditionalEventDefinition",
        "versionTag": "process",
        "userTaskForm": "process",
        "taskListeners": "userTask",
        "agentDefinition": "serviceTask adHocSubProcess",
    }.items()
}
"""Where an extension has a meaning; those not named here may stand anywhere."""

ONCE = {*PLACES, "ioMapping", "executionListeners", "properties"} - {"userTaskForm"}
"""Extensions of which an element has one. Source: Camunda 8 (`getSingleExtensionElement` refuses several)."""


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every `zeebe:` element, attribute or place that is not carried out, and Camunda 7's.

    Source for what is there twice: Camunda 8 (`Must have exactly one … extension element when exists`, and
    ZeebeTaskHeadersValidator).
    """
    for node in scene.nodes:
        for message, advice in _problems(node):
            yield scene.error(
                "zeebe_extensions",
                message,
                advice=advice,
                element_id=owner_id(node),
                line=source_line(node),
            )


def _problems(node: etree._Element) -> Iterator[tuple[str, str]]:
    name = etree.QName(node)
    if name.namespace == CAMUNDA_7:
        yield f"camunda:{name.localname} 是 Camunda 7 的扩展，不支持。", "改用 zeebe: 扩展。"
    if name.namespace == ZEEBE:
        yield from _of_tag(node, name.localname)
        return
    if node.tag == bpmn("extensionElements"):
        yield from _repeated(node)
    for attribute, _ in node.items():
        full = etree.QName(str(attribute))
        if full.namespace == ZEEBE and not full.localname.startswith("modelerTemplate"):
            yield f"属性 zeebe:{full.localname} 不会被执行。", "请删除它。"
        if full.namespace != CAMUNDA_7 or full.localname in SILENT:
            continue
        if not is_leftover_attribute(node, full.localname):
            yield f"属性 camunda:{full.localname} 是 Camunda 7 的，不支持。", "改用 zeebe: 扩展。"


def _repeated(holder: etree._Element) -> Iterator[tuple[str, str]]:
    """Give what an element has more than once: a second holder of extensions, or an extension in it."""
    if next(holder.itersiblings(str(holder.tag), preceding=True), None) is not None:
        yield "bpmn:extensionElements 写了不止一个，后面的不会被执行。", "合并成一个。"
    names = [etree.QName(child) for child in holder.iterchildren(tag=etree.Element)]
    times = Counter(name.localname for name in names if name.namespace == ZEEBE)
    for name, count in times.items():
        if name in ONCE and count > 1:
            yield f"zeebe:{name} 写了 {count} 次，只能有一个。", "留下一个。"


def _of_tag(node: etree._Element, name: str) -> Iterator[tuple[str, str]]:
    if name not in TAGS:
        yield f"扩展 zeebe:{name} 不会被执行。", "请删除它。"
        return
    for attribute in map(etree.QName, map(str, node.keys())):
        is_foreign = attribute.namespace not in (None, ZEEBE, CAMUNDA_7)
        if is_foreign or attribute.localname in MODELERS:
            continue
        if attribute.namespace is not None or attribute.localname not in TAGS[name]:
            yield f"zeebe:{name} 的属性 {attribute.localname} 不会被执行。", "请删除它。"
    if name == "taskHeaders":
        yield from _of_headers(node)
    holder = node.getparent()
    owner = holder.getparent() if holder is not None else None
    if owner is None or name not in PLACES:
        return
    place = etree.QName(owner).localname
    if place not in PLACES[name] and not _is_for_listeners(name, holder):
        yield f"zeebe:{name} 写在 bpmn:{place} 上没有作用。", "请删除它，或移到对应的元素上。"
    elif name == "agentDefinition" and place not in AGENTS.get(node.get("agentType") or "", ()):
        allowed = "、".join(kind for kind, places in AGENTS.items() if place in places)
        yield f"zeebe:agentDefinition 的 agentType 在 bpmn:{place} 上应为 {allowed}。", ""


def _is_for_listeners(name: str, holder: etree._Element | None) -> bool:
    """Return True for headers that only the execution listeners of their element hand over."""
    listeners = f"{{{ZEEBE}}}executionListeners"
    return name == "taskHeaders" and holder is not None and holder.find(listeners) is not None


def _of_headers(headers: etree._Element) -> Iterator[tuple[str, str]]:
    keys = Counter(child.get("key") for child in headers.iterchildren(tag=etree.Element))
    for key, count in keys.items():
        if key and count > 1:
            yield f"任务标头 «{key}» 写了 {count} 次，只能有一个值。", "留下一个。"
        if key and key.startswith(RESERVED_HEADER):
            yield f"任务标头 «{key}» 的键以 {RESERVED_HEADER} 开头，这是系统保留的。", "换一个键。"
