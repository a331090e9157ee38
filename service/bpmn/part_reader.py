"""XML of the parts of an element -> their models: extensions, event definitions, loop markers."""

from collections.abc import Iterator

from lxml import etree

from service.bpmn.model import split_list
from service.bpmn.parts import EventDefinition, Loop, StandardLoop, ZeebeTag
from service.bpmn.xml import ZEEBE, bpmn, bpmn_name, is_true, source_line

_IN_ZEEBE = f"{{{ZEEBE}}}"


class Shared:
    """What the parts of one file refer to by id, and its name for findings."""

    def __init__(self, root: etree._Element, resource: str) -> None:
        self.messages = {node.get("id"): node for node in root.iterchildren(bpmn("message"))}
        self.signals = {node.get("id"): node for node in root.iterchildren(bpmn("signal"))}
        self.errors = {node.get("id"): node for node in root.iterchildren(bpmn("error"))}
        self.escalations = {n.get("id"): n for n in root.iterchildren(bpmn("escalation"))}
        self.resource = resource


def text_of(node: etree._Element | None) -> str | None:
    """Return all text inside an element, or None where there is none."""
    return None if node is None else "".join(map(str, node.itertext())).strip()


def zeebe_tags(node: etree._Element) -> tuple[ZeebeTag, ...]:
    """Return the `zeebe:` extensions of an element, with those inside them."""
    holder = node.find(bpmn("extensionElements"))
    return () if holder is None else _tags_in(holder)


def _tags_in(holder: etree._Element) -> tuple[ZeebeTag, ...]:
    return tuple(
        ZeebeTag(
            child.tag.removeprefix(_IN_ZEEBE),
            {str(name): str(value) for name, value in child.items()},
            _tags_in(child),
            source_line(child),
        )
        for child in holder.iterchildren()
        if isinstance(child.tag, str) and child.tag.startswith(_IN_ZEEBE)
    )


def properties(tags: tuple[ZeebeTag, ...]) -> dict[str, str]:
    """Return the `zeebe:properties` among extensions; those without a name are left out."""
    return {
        name: child.get("value") or ""
        for tag in tags
        if tag.name == "properties"
        for child in tag.children
        if (name := child.get("name"))
    }


def events_of(node: etree._Element, kind: str, shared: Shared) -> tuple[EventDefinition, ...]:
    """Return the event definitions of an element of some kind; a receive task has a message's."""
    if kind == "receiveTask":
        return (_message(node, shared),)
    return tuple(
        _event(child, name.removesuffix("EventDefinition"), shared)
        for child in node.iterchildren()
        if (name := bpmn_name(child)).endswith("EventDefinition")
    )


def _event(node: etree._Element, kind: str, shared: Shared) -> EventDefinition:
    match kind:
        case "message":
            return _message(node, shared)
        case "timer":
            return _timer(node)
        case "compensate":
            return EventDefinition(
                kind,
                source_line(node),
                activity_id=node.get("activityRef"),
                waits=is_true(node, "waitForCompletion", default=True),
            )
        case "conditional":
            return _condition(node)
        case "signal":
            reference = node.get("signalRef")
            signal = shared.signals.get(reference)
            name = signal.get("name") if signal is not None else None
            return EventDefinition(kind, source_line(node), reference, name=name)
        case "error" | "escalation":
            reference = node.get(f"{kind}Ref")
            thrown = (shared.errors if kind == "error" else shared.escalations).get(reference)
            code = thrown.get(f"{kind}Code") if thrown is not None else None
            return EventDefinition(kind, source_line(node), reference, code=code or None)
        case "link":
            return EventDefinition(kind, source_line(node), name=node.get("name"))
        case _:
            return EventDefinition(kind, source_line(node))


def _message(node: etree._Element, shared: Shared) -> EventDefinition:
    reference = node.get("messageRef")
    message = shared.messages.get(reference)
    if message is None:
        return EventDefinition("message", source_line(node), reference)
    subscription = next((t for t in zeebe_tags(message) if t.name == "subscription"), None)
    return EventDefinition(
        "message",
        source_line(node),
        reference,
        name=message.get("name"),
        correlation_key=subscription.get("correlationKey") if subscription else None,
    )


def _timer(node: etree._Element) -> EventDefinition:
    for child in node.iterchildren():
        if (name := bpmn_name(child)) in ("timeDate", "timeDuration", "timeCycle"):
            text = (child.text or "").strip()
            return EventDefinition("timer", source_line(node), timer_kind=name, timer_text=text)
    return EventDefinition("timer", source_line(node))


def _condition(node: etree._Element) -> EventDefinition:
    tag = next((t for t in zeebe_tags(node) if t.name == "conditionalFilter"), None)
    return EventDefinition(
        "conditional",
        source_line(node),
        condition=text_of(node.find(bpmn("condition"))),
        variable_changes=split_list(tag.get("variableEvents") or "") if tag else (),
    )


def loop_of(node: etree._Element) -> Loop | None:
    """Return the multi-instance marker of an activity."""
    marker = node.find(bpmn("multiInstanceLoopCharacteristics"))
    if marker is None:
        return None
    tags = {tag.name: tag for tag in zeebe_tags(marker)}
    zeebe = tags.get("loopCharacteristics")
    condition = marker.find(bpmn("completionCondition"))
    return Loop(
        is_sequential=is_true(marker, "isSequential"),
        cardinality=text_of(marker.find(bpmn("loopCardinality"))),
        input_collection=zeebe.get("inputCollection") if zeebe else None,
        input_element=zeebe.get("inputElement") if zeebe else None,
        output_collection=zeebe.get("outputCollection") if zeebe else None,
        output_element=zeebe.get("outputElement") if zeebe else None,
        completion_condition=text_of(condition),
        unread=tuple(_unread_of_loop(marker)),
        line=source_line(marker),
    )


def _unread_of_loop(marker: etree._Element) -> Iterator[str]:
    read = {"", "extensionElements", "documentation", "loopCardinality", "completionCondition"}
    yield from (name for name in map(bpmn_name, marker.iterchildren()) if name not in read)
    if marker.get("behavior", "All") != "All":
        yield "behavior"


def standard_loop_of(node: etree._Element) -> StandardLoop | None:
    """Return the loop marker of an activity."""
    marker = node.find(bpmn("standardLoopCharacteristics"))
    if marker is None:
        return None
    return StandardLoop(
        condition=text_of(marker.find(bpmn("loopCondition"))),
        maximum=marker.get("loopMaximum"),
        tests_before=is_true(marker, "testBefore"),
        line=source_line(marker),
    )
