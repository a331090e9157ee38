"""Only extensions that are carried out may stand in a file."""

from collections.abc import Iterator

from lxml import etree

from service.bpmn.gate import Scene, rule
from service.bpmn.leftovers import CAMUNDA_7, SILENT, is_leftover_attribute
from service.bpmn.xml import ZEEBE, source_line
from service.domain.errors import Finding

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
        "conditionalFilter": "variableEvents",
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
    }.items()
}
"""What is carried out: `zeebe:` elements and their attributes."""

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
    }.items()
}
"""Where an extension has a meaning; those not named here may stand anywhere."""


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every `zeebe:` element, attribute or place that is not carried out, and Camunda 7's."""
    for node in scene.nodes:
        for message, advice in _problems(node):
            yield scene.error(
                "zeebe_extensions",
                message,
                advice=advice,
                element_id=_owner(node),
                line=source_line(node),
            )


def _problems(node: etree._Element) -> Iterator[tuple[str, str]]:
    name = etree.QName(node)
    if name.namespace == CAMUNDA_7:
        yield f"camunda:{name.localname} 是 Camunda 7 的扩展，不支持。", "改用 zeebe: 扩展。"
    if name.namespace == ZEEBE:
        yield from _of_tag(node, name.localname)
        return
    for attribute, _ in node.items():
        full = etree.QName(str(attribute))
        if full.namespace == ZEEBE and not full.localname.startswith("modelerTemplate"):
            yield f"属性 zeebe:{full.localname} 不会被执行。", "请删除它。"
        if full.namespace != CAMUNDA_7 or full.localname in SILENT:
            continue
        if not is_leftover_attribute(node, full.localname):
            yield f"属性 camunda:{full.localname} 是 Camunda 7 的，不支持。", "改用 zeebe: 扩展。"


def _of_tag(node: etree._Element, name: str) -> Iterator[tuple[str, str]]:
    if name not in TAGS:
        yield f"扩展 zeebe:{name} 不会被执行。", "请删除它。"
        return
    for attribute in map(str, node.keys()):
        if attribute not in TAGS[name]:
            yield f"zeebe:{name} 的属性 {attribute} 不会被执行。", "请删除它。"
    holder = node.getparent()
    owner = holder.getparent() if holder is not None else None
    if owner is None or name not in PLACES:
        return
    place = etree.QName(owner).localname
    if place not in PLACES[name]:
        yield f"zeebe:{name} 写在 bpmn:{place} 上没有作用。", "请删除它，或移到对应的元素上。"


def _owner(node: etree._Element) -> str | None:
    """Return the id of the BPMN element the node belongs to."""
    found: etree._Element | None = node
    while found is not None:
        if etree.QName(found).namespace != ZEEBE and found.get("id"):
            return found.get("id")
        found = found.getparent()
    return None
