"""Where FEEL may, must or must not stand in a file.

Source: Camunda 8 (ZeebeRuntimeValidators), `docs/dialect.md`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from service.bpmn.model import ElementModel, ProcessModel
from service.bpmn.parts import Loop
from service.feel import Text, verbatim

REQUIRED = "required"
OPTIONAL = "optional"
NEVER = "never"

CONDITION = Text("条件", "condition")
TARGET = Text("映射目标", "mapping target")
MESSAGE_NAME = Text("消息名", "message name")
SIGNAL_NAME = Text("信号名", "signal name")


@dataclass(frozen=True)
class Position:
    """One attribute's text.

    Attributes:
        attribute: Its name as the modeler sees it.
        feel: `REQUIRED` (must begin with `=`), `OPTIONAL` or `NEVER`.
    """

    element_id: str
    attribute: Text
    text: str
    feel: str
    line: int


TAG_ATTRIBUTES = {
    ("taskDefinition", "type"): OPTIONAL,
    ("taskDefinition", "retries"): OPTIONAL,
    ("assignmentDefinition", "assignee"): OPTIONAL,
    ("assignmentDefinition", "candidateGroups"): OPTIONAL,
    ("assignmentDefinition", "candidateUsers"): OPTIONAL,
    ("taskSchedule", "dueDate"): OPTIONAL,
    ("taskSchedule", "followUpDate"): OPTIONAL,
    ("priorityDefinition", "priority"): OPTIONAL,
    ("formDefinition", "formId"): OPTIONAL,
    ("formDefinition", "externalReference"): OPTIONAL,
    ("formDefinition", "versionTag"): NEVER,
    ("script", "expression"): REQUIRED,
    ("script", "resultVariable"): NEVER,
    ("calledDecision", "decisionId"): OPTIONAL,
    ("calledDecision", "resultVariable"): NEVER,
    ("calledDecision", "versionTag"): OPTIONAL,
    ("calledElement", "processId"): OPTIONAL,
    ("calledElement", "businessId"): OPTIONAL,
    ("calledElement", "versionTag"): NEVER,
    ("linkedResource", "resourceId"): OPTIONAL,
    ("linkedResource", "versionTag"): NEVER,
    ("adHoc", "activeElementsCollection"): REQUIRED,
    ("adHoc", "outputElement"): REQUIRED,
    ("adHoc", "outputCollection"): NEVER,
    ("jobPriorityDefinition", "priority"): OPTIONAL,
    ("taskListener", "type"): OPTIONAL,
    ("taskListener", "retries"): OPTIONAL,
    ("executionListener", "type"): OPTIONAL,
    ("executionListener", "retries"): OPTIONAL,
}
"""Attributes of `zeebe:` tags; the others are no place for FEEL and are not looked at."""


def positions(process: ProcessModel) -> Iterator[Position]:
    """Give every text of a process that may or may not be FEEL, in document order."""
    yield from _of_tags(process)
    for element in process.elements.values():
        yield from _of_tags(element)
        yield from _of_mappings(element)
        yield from _of_events(element)
        yield from _of_conditions(element)
        if element.loop is not None:
            yield from _of_loop(element.id, element.loop)
    for flow in process.flows.values():
        if flow.condition is not None:
            yield Position(flow.id, CONDITION, flow.condition, REQUIRED, flow.line)


def _of_tags(element: ElementModel | ProcessModel) -> Iterator[Position]:
    listeners = [inner for tag in element.zeebe for inner in tag.children]
    for tag in (*element.zeebe, *listeners):
        for (name, attribute), feel in TAG_ATTRIBUTES.items():
            text = tag.get(attribute)
            if tag.name == name and text is not None:
                yield Position(element.id, _plain(attribute), text, feel, tag.line)


def _of_mappings(element: ElementModel) -> Iterator[Position]:
    for mapping in element.inputs:
        if mapping.source is not None:
            what = _of("输入映射", "input mapping", mapping.target)
            yield Position(element.id, what, mapping.source, OPTIONAL, mapping.line)
    for mapping in element.outputs:
        what = _of("输出映射", "output mapping", mapping.target)
        yield Position(element.id, what, mapping.source or "", REQUIRED, mapping.line)
    for mapping in (*element.inputs, *element.outputs):
        yield Position(element.id, TARGET, mapping.target, NEVER, mapping.line)


def _of_events(element: ElementModel) -> Iterator[Position]:
    for event in element.events:
        is_throw = element.kind in ("endEvent", "intermediateThrowEvent")
        if event.kind == "message" and event.name is not None and not is_throw:
            yield Position(element.id, MESSAGE_NAME, event.name, OPTIONAL, event.line)
        if event.kind == "message" and event.correlation_key is not None:
            key = event.correlation_key
            yield Position(element.id, _plain("correlationKey"), key, REQUIRED, event.line)
        if event.kind == "timer" and event.timer_kind is not None:
            what = _plain(event.timer_kind)
            yield Position(element.id, what, event.timer_text, OPTIONAL, event.line)
        if event.kind == "conditional" and event.condition is not None:
            yield Position(element.id, CONDITION, event.condition, REQUIRED, event.line)
        if event.kind == "signal" and event.name is not None:
            yield Position(element.id, SIGNAL_NAME, event.name, OPTIONAL, event.line)
        if event.kind in ("error", "escalation") and event.code is not None:
            feel = OPTIONAL if is_throw else NEVER
            what = _plain(f"{event.kind}Code")
            yield Position(element.id, what, event.code, feel, event.line)


def _of_conditions(element: ElementModel) -> Iterator[Position]:
    loop = element.standard_loop
    texts = (
        ("activationCondition", element.activation_condition),
        ("completionCondition", element.completion_condition),
        ("loopCondition", loop.condition if loop else None),
    )
    for attribute, text in texts:
        if text is not None:
            yield Position(element.id, _plain(attribute), text, REQUIRED, element.line)


def _of_loop(element_id: str, loop: Loop) -> Iterator[Position]:
    texts = (
        ("loopCardinality", loop.cardinality, OPTIONAL),
        ("inputCollection", loop.input_collection, REQUIRED),
        ("outputElement", loop.output_element, REQUIRED),
        ("completionCondition", loop.completion_condition, REQUIRED),
        ("inputElement", loop.input_element, NEVER),
        ("outputCollection", loop.output_collection, NEVER),
    )
    for attribute, text, feel in texts:
        if text is not None:
            yield Position(element_id, _plain(attribute), text, feel, loop.line)


def _plain(attribute: str) -> Text:
    """Return an attribute that every language calls as the file does."""
    return Text(attribute, attribute)


def _of(chinese: str, english: str, target: str) -> Text:
    return Text(f"{chinese} {verbatim(target)}", f"{english} '{target}'")
