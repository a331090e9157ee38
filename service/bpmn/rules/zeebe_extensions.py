"""Only extensions that are carried out may stand in a file, each once where only one can be."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from service.bpmn.gate import Scene, rule
from service.bpmn.leftovers import CAMUNDA_7, MODELERS, SILENT, is_leftover_attribute
from service.bpmn.xml import ZEEBE, bpmn, owner_id, source_line
from service.domain.errors import Finding
from service.domain.identifiers import RESERVED_HEADER
from service.feel import Text, verbatim

Problems = Iterator[tuple[Text, Text | None]]

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

REMOVE = Text("请删除它。", "Remove it.")
USE_ZEEBE = Text("改用 zeebe: 扩展。", "Use extensions of zeebe: instead.")
TWO_HOLDERS = Text(
    "bpmn:extensionElements 写了不止一个，后面的不会被执行。",
    "There is more than one bpmn:extensionElements: those behind the first are not carried out.",
)
MERGE = Text("合并成一个。", "Merge them into one.")
KEEP_ONE = Text("留下一个。", "Keep one.")
MOVE = Text(
    "请删除它，或移到对应的元素上。", "Remove it, or move it to an element that it is meant for."
)
OTHER_KEY = Text("换一个键。", "Choose another key.")


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every `zeebe:` element, attribute or place that is not carried out, and Camunda 7's.

    Source for what is there twice: Camunda 8 (`Must have exactly one … extension element when exists`, and
    ZeebeTaskHeadersValidator).
    """
    for node in scene.nodes:
        for text, advice in _problems(node):
            yield scene.error(
                "zeebe_extensions",
                text,
                advice=advice,
                element_id=owner_id(node),
                line=source_line(node),
            )


def _problems(node: etree._Element) -> Problems:
    name = etree.QName(node)
    if name.namespace == CAMUNDA_7:
        yield _of_camunda_7(name.localname), USE_ZEEBE
    if name.namespace == ZEEBE:
        yield from _of_tag(node, name.localname)
        return
    if node.tag == bpmn("extensionElements"):
        yield from _repeated(node)
    for attribute, _ in node.items():
        full = etree.QName(str(attribute))
        if full.namespace == ZEEBE and not full.localname.startswith("modelerTemplate"):
            yield _no_attribute(full.localname), REMOVE
        if full.namespace != CAMUNDA_7 or full.localname in SILENT:
            continue
        if not is_leftover_attribute(node, full.localname):
            yield _attribute_of_camunda_7(full.localname), USE_ZEEBE


def _of_camunda_7(name: str) -> Text:
    return Text(
        f"camunda:{verbatim(name)} 是 Camunda 7 的扩展，不支持。",
        f"'camunda:{name}' is an extension of Camunda 7, which is not supported.",
    )


def _no_attribute(name: str) -> Text:
    return Text(
        f"属性 zeebe:{verbatim(name)} 不会被执行。",
        f"The attribute 'zeebe:{name}' is not carried out.",
    )


def _attribute_of_camunda_7(name: str) -> Text:
    return Text(
        f"属性 camunda:{verbatim(name)} 是 Camunda 7 的，不支持。",
        f"The attribute 'camunda:{name}' is one of Camunda 7, which is not supported.",
    )


def _repeated(holder: etree._Element) -> Problems:
    """Give what an element has more than once: a second holder of extensions, or an extension in it."""
    if next(holder.itersiblings(str(holder.tag), preceding=True), None) is not None:
        yield TWO_HOLDERS, MERGE
    names = [etree.QName(child) for child in holder.iterchildren(tag=etree.Element)]
    times = Counter(name.localname for name in names if name.namespace == ZEEBE)
    for name, count in times.items():
        if name in ONCE and count > 1:
            yield _several(name, count), KEEP_ONE


def _several(name: str, count: int) -> Text:
    return Text(
        f"zeebe:{name} 写了 {count} 次，只能有一个。",
        f"zeebe:{name} is there {count} times, but can be there only once.",
    )


def _of_tag(node: etree._Element, name: str) -> Problems:
    if name not in TAGS:
        yield _no_extension(name), REMOVE
        return
    for attribute in map(etree.QName, map(str, node.keys())):
        is_foreign = attribute.namespace not in (None, ZEEBE, CAMUNDA_7)
        if is_foreign or attribute.localname in MODELERS:
            continue
        if attribute.namespace is not None or attribute.localname not in TAGS[name]:
            yield _no_attribute_of(name, attribute.localname), REMOVE
    if name == "taskHeaders":
        yield from _of_headers(node)
    holder = node.getparent()
    owner = holder.getparent() if holder is not None else None
    if owner is None or name not in PLACES:
        return
    place = etree.QName(owner).localname
    if place not in PLACES[name] and not _is_for_listeners(name, holder):
        yield _no_place(name, place), MOVE
    elif name == "agentDefinition" and place not in AGENTS.get(node.get("agentType") or "", ()):
        yield _no_agent(place), None


def _no_extension(name: str) -> Text:
    return Text(
        f"扩展 zeebe:{verbatim(name)} 不会被执行。",
        f"The extension 'zeebe:{name}' is not carried out.",
    )


def _no_attribute_of(name: str, attribute: str) -> Text:
    return Text(
        f"zeebe:{name} 的属性 {verbatim(attribute)} 不会被执行。",
        f"The attribute '{attribute}' of zeebe:{name} is not carried out.",
    )


def _no_place(name: str, place: str) -> Text:
    return Text(
        f"zeebe:{name} 写在 bpmn:{verbatim(place)} 上没有作用。",
        f"zeebe:{name} does nothing at bpmn:{place}.",
    )


def _no_agent(place: str) -> Text:
    allowed = [kind for kind, places in AGENTS.items() if place in places]
    return Text(
        f"zeebe:agentDefinition 的 agentType 在 bpmn:{place} 上应为 {'、'.join(allowed)}。",
        f"The agentType of zeebe:agentDefinition must be {' or '.join(allowed)} at bpmn:{place}.",
    )


def _is_for_listeners(name: str, holder: etree._Element | None) -> bool:
    """Return True for headers that only the execution listeners of their element hand over."""
    listeners = f"{{{ZEEBE}}}executionListeners"
    return name == "taskHeaders" and holder is not None and holder.find(listeners) is not None


def _of_headers(headers: etree._Element) -> Problems:
    keys = Counter(child.get("key") for child in headers.iterchildren(tag=etree.Element))
    for key, count in keys.items():
        if key and count > 1:
            yield _several_values(key, count), KEEP_ONE
        if key and key.startswith(RESERVED_HEADER):
            yield _reserved(key), OTHER_KEY


def _several_values(key: str, count: int) -> Text:
    return Text(
        f"任务标头 «{key}» 写了 {count} 次，只能有一个值。",
        f"The task header '{key}' is there {count} times, but can have one value only.",
    )


def _reserved(key: str) -> Text:
    return Text(
        f"任务标头 «{key}» 的键以 {RESERVED_HEADER} 开头，这是系统保留的。",
        f"The key of the task header '{key}' begins with {RESERVED_HEADER}, which is reserved.",
    )
