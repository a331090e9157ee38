"""What may stand in a file and does nothing, as in Camunda 8: parts that describe, attributes of Camunda 7.

None of it may leave the work other than it is drawn: what says who shall do a user task, or how, is a
leftover only beside the `zeebe:` extension that says it here.
"""

from collections.abc import Iterator

from lxml import etree

from service.bpmn.xml import ZEEBE, bpmn
from service.feel import Text

CAMUNDA_7 = "http://camunda.org/schema/1.0/bpmn"

SILENT = frozenset({"diagramRelationId"})
"""Attributes of Camunda 7 that say nothing to anybody: the web modeler's link to its own diagram."""

MODELERS = frozenset({"modelerConfigurationTemplate", "modelerConfigurationName"})
"""Attributes of inputs and properties by which modelers know the template that they come from.

Source: zeebe-bpmn-moddle 2.0 (ConfigurationSupported).
"""

UNREAD = {
    f"{{{ZEEBE}}}agentDefinition": (
        "agentType",
        Text(
            "zeebe:agentDefinition 只标明这是 AI 智能体，执行方式不变。",
            "zeebe:agentDefinition only says that this is an AI agent: it is carried out as without.",
        ),
    ),
    f"{{{ZEEBE}}}conditionalFilter": (
        "variableNames",
        Text(
            "zeebe:conditionalFilter 的 variableNames 不起作用：条件里写到的变量一有变化就会判断。",
            "The variableNames of zeebe:conditionalFilter do nothing: the condition is evaluated "
            "whenever a variable in it changes.",
        ),
    ),
}
"""Extension -> its attribute that changes nothing, and what to say of it.

Source: Camunda 8.9 (ConditionalEventTransformerTest: names are found in the condition), 8.11 (agents).
"""

ALWAYS_SO = frozenset(
    {
        "async",
        "asyncBefore",
        "asyncAfter",
        "exclusive",
        "historyTimeToLive",
        "isStartableInTasklist",
    }
)
"""Attributes of Camunda 7 that change nothing: each wait is stored before and after, jobs of an instance are
carried out one at a time, how long histories are kept and who may start by hand is for the house to say.

Source: Camunda 8, migrating from Camunda 7, «General considerations».
"""

IN_PLACE_OF = {
    "assignee": "assignmentDefinition",
    "candidateUsers": "assignmentDefinition",
    "candidateGroups": "assignmentDefinition",
    "dueDate": "taskSchedule",
    "followUpDate": "taskSchedule",
    "priority": "priorityDefinition",
    "formKey": "formDefinition",
    "formRef": "formDefinition",
    "formRefBinding": "formDefinition",
    "formRefVersion": "formDefinition",
    "type": "taskDefinition",
    "topic": "taskDefinition",
    "class": "taskDefinition",
    "delegateExpression": "taskDefinition",
    "expression": "taskDefinition",
    "taskPriority": "jobPriorityDefinition",
    "jobPriority": "jobPriorityDefinition",
    "decisionRef": "calledDecision",
    "decisionRefBinding": "calledDecision",
    "decisionRefVersion": "calledDecision",
    "mapDecisionResult": "calledDecision",
    "calledElementBinding": "calledElement",
    "calledElementVersion": "calledElement",
    "collection": "loopCharacteristics",
    "elementVariable": "loopCharacteristics",
    "versionTag": "versionTag",
}
"""Attributes of Camunda 7, and the `zeebe:` extension of the same element that decides in their place."""

ROLES = frozenset({"resourceRole", "performer", "humanPerformer", "potentialOwner"})
"""Who does the work, in BPMN's own words."""

DESCRIBING = ROLES | {
    "ioSpecification",
    "dataInput",
    "dataOutput",
    "inputSet",
    "outputSet",
    "auditing",
    "monitoring",
    "supports",
}
"""Parts of processes and elements that Camunda 8 does not read; data objects are for people only, too."""


def is_leftover_part(owner: etree._Element, part: str) -> bool:
    """Whether a BPMN part of a process or element only describes it.

    A user task whose roles name somebody would else be given to others than drawn, unless assigned here.
    """
    if part not in DESCRIBING:
        return False
    if part not in ROLES or owner.tag != bpmn("userTask"):
        return True
    names_somebody = any(len(role) for role in owner.iterchildren(bpmn(part)))
    return not names_somebody or "assignmentDefinition" in extensions(owner)


def is_leftover_attribute(owner: etree._Element, name: str) -> bool:
    """Whether an attribute of Camunda 7 changes nothing here."""
    if name in ALWAYS_SO:
        return True
    return IN_PLACE_OF.get(name) in extensions(owner)


def extensions(node: etree._Element) -> frozenset[str]:
    """Return the names of the `zeebe:` extensions of an element."""
    return frozenset(_extensions(node))


def _extensions(node: etree._Element) -> Iterator[str]:
    for holder in node.iterchildren(bpmn("extensionElements")):
        for tag in holder.iterchildren(f"{{{ZEEBE}}}*"):
            yield etree.QName(tag).localname
