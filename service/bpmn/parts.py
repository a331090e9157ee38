"""The smaller values a BPMN file is made of: flows, event definitions, loop markers, `zeebe:` extensions."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ZeebeTag:
    """One element of the `zeebe:` namespace.

    Attributes:
        name: Local name (`taskDefinition`).
        attributes: As written.
        children: Inner `zeebe:` elements, in order.
    """

    name: str
    attributes: Mapping[str, str]
    children: tuple["ZeebeTag", ...]
    line: int

    def get(self, attribute: str) -> str | None:
        """Return an attribute's text, or None when it is absent."""
        return self.attributes.get(attribute)

    def given(self, attribute: str) -> bool:
        """Return True when an attribute is there and not blank."""
        return bool((self.get(attribute) or "").strip())

    def is_true(self, attribute: str, *, default: bool) -> bool:
        """Return what a boolean attribute says as Camunda 8 reads it (Java's parseBoolean), or the default."""
        text = self.get(attribute)
        return default if text is None else text.lower() == "true"


LINKED_FORM = "form"
"""The type of a linked resource, in any case, that is a form; all others are files of other kinds."""


@dataclass(frozen=True)
class VariableMapping:
    """One `zeebe:input` or `zeebe:output`; `source` is None when the attribute is absent."""

    source: str | None
    target: str
    line: int


WAITED_FOR = frozenset({"message", "timer", "signal", "conditional"})
"""Kinds of events that are waited for by a subscription of their own."""


@dataclass(frozen=True)
class EventDefinition:
    """What an event waits for or throws.

    Attributes:
        kind: `message`, `timer`, `signal`, `error`, `escalation`, `conditional`, `terminate`, `link`, or
            another BPMN kind (`cancel` ...).
        reference: The id of the message, signal, error or escalation it names, or None.
        name: Name of the message or signal (may be an expression) or link; None when absent.
        correlation_key: Expression of the message's `zeebe:subscription`, or None.
        code: Code of the error or escalation; None when the event refers to none or that has no code.
        condition: FEEL of a conditional event; None when absent.
        variable_changes: `create` and `update`, of those named in `zeebe:conditionalFilter`; none: both.
        timer_kind: `timeDate`, `timeDuration` or `timeCycle`; None when it is no timer or is empty.
        timer_text: The timer's text, stripped.
        activity_id: The only activity that a compensation throws for, or None.
        waits: Whether a compensation waits for its handlers.
    """

    kind: str
    line: int
    reference: str | None = None
    name: str | None = None
    correlation_key: str | None = None
    code: str | None = None
    timer_kind: str | None = None
    timer_text: str = ""
    condition: str | None = None
    variable_changes: tuple[str, ...] = ()
    activity_id: str | None = None
    waits: bool = True


@dataclass(frozen=True)
class Loop:
    """A multi-instance marker with the texts of `zeebe:loopCharacteristics`, None when absent.

    Attributes:
        cardinality: How many instances there are, in place of a collection.
        unread: BPMN names of its parts, and of its behavior, that are not in this model.
    """

    is_sequential: bool
    cardinality: str | None
    input_collection: str | None
    input_element: str | None
    output_collection: str | None
    output_element: str | None
    completion_condition: str | None
    unread: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class StandardLoop:
    """A standard loop marker: repeat while a condition is true.

    Attributes:
        condition: As written, None when absent.
        maximum: As written (a number of rounds), None when absent.
        tests_before: Whether the condition is asked before the first round too.
    """

    condition: str | None
    maximum: str | None
    tests_before: bool
    line: int


BINDINGS = ("latest", "deployment", "versionTag")
"""How a step may say which version of what it names is meant."""


@dataclass(frozen=True)
class Reference:
    """A called process, decision or form.

    Attributes:
        id: Its id; may be an expression; None when absent.
        binding: One of `BINDINGS` (or whatever is written).
        version_tag: What is bound by `versionTag`; of a decision it may be an expression.
    """

    id: str | None
    binding: str
    version_tag: str | None
    line: int

    @property
    def is_static(self) -> bool:
        """Whether what is meant is written: no expression says the id, or the tag it is bound by."""
        tag = self.version_tag if self.binding == "versionTag" else None
        return self.id is not None and not any(
            text.startswith("=") for text in (self.id, tag or "")
        )


@dataclass(frozen=True)
class FlowModel:
    """A sequence flow; `condition` is None when it has none."""

    id: str
    name: str
    source_id: str
    target_id: str
    condition: str | None
    line: int
