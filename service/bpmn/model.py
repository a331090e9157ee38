"""What a BPMN file says, as frozen values: processes, elements, flows, `zeebe:` extensions.

Nothing is judged here: an element that nobody executes is in the model too, so that the deploy
gate can name it. Texts are as written, expressions still begin with `=`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from service.bpmn.parts import (
    EventDefinition,
    FlowModel,
    Loop,
    Reference,
    StandardLoop,
    VariableMapping,
    ZeebeTag,
)

ACTIVITY_KINDS = frozenset(
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
    }
)
"""BPMN names of the elements that may carry boundary events and multi-instance markers."""

GATEWAY_KINDS = frozenset(
    {
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "complexGateway",
    }
)

EMBEDDED = "camunda-forms:bpmn:"
"""What the key of a form begins with that stands in the diagram."""

SCOPE_KINDS = frozenset({"subProcess", "transaction", "adHocSubProcess"})
"""BPMN names of the activities that hold other elements."""


@dataclass(frozen=True)
class ElementModel:
    """A flow node: event, activity or gateway.

    Attributes:
        kind: BPMN's local name (`userTask`).
        parent_id: The process or sub-process it lies in.
        process_id: The process it is part of.
        incoming: Ids of the sequence flows that end here, in document order.
        outgoing: Ids of the sequence flows that begin here, in document order.
        default_flow_id: Of a gateway or activity, or None.
        events: Its event definitions; more than one is a multiple event.
        needs_all: Whether a multiple event waits for all of them, or an instantiating gateway for all its
            events (`parallelMultiple`, `eventGatewayType="Parallel"`).
        instantiates: Whether a receive task or event-based gateway starts instances.
        attached_to_id: The activity a boundary event sits on, or None.
        is_interrupting: Of a boundary or event sub-process start event.
        is_triggered_by_event: Whether a sub-process is an event sub-process.
        loop: The multi-instance marker, or None.
        standard_loop: The standard loop marker, or None.
        is_for_compensation: Whether it is a compensation handler.
        handler_id: The compensation handler that a boundary event is associated with, or None.
        activation_condition: When a complex gateway starts; None when absent.
        completion_condition: When an ad-hoc sub-process is done; None when absent.
        is_ordered: Whether an ad-hoc sub-process runs one activity at a time.
        cancels_remaining: Whether an ad-hoc sub-process that is done terminates what still runs.
        properties: `zeebe:properties`.
        zeebe: All its `zeebe:` extension elements.
        unread: BPMN names of its parts that are not in this model.
    """

    id: str
    kind: str
    name: str
    line: int
    parent_id: str
    process_id: str = ""
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default_flow_id: str | None = None
    events: tuple[EventDefinition, ...] = ()
    needs_all: bool = False
    instantiates: bool = False
    attached_to_id: str | None = None
    is_interrupting: bool = True
    is_triggered_by_event: bool = False
    loop: Loop | None = None
    standard_loop: StandardLoop | None = None
    is_for_compensation: bool = False
    handler_id: str | None = None
    activation_condition: str | None = None
    completion_condition: str | None = None
    is_ordered: bool = False
    cancels_remaining: bool = True
    documentation: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    zeebe: tuple[ZeebeTag, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def event(self) -> EventDefinition | None:
        """The only event definition, or None (a none event, or no event at all)."""
        return self.events[0] if self.events else None

    @property
    def event_kind(self) -> str | None:
        """The kind of its event definition; of several `multiple` or `parallelMultiple`; None: it has none."""
        if len(self.events) > 1:
            return "parallelMultiple" if self.needs_all else "multiple"
        return self.events[0].kind if self.events else None

    def defines(self, kind: str) -> EventDefinition | None:
        """Return its first event definition of a kind, or None."""
        return next((definition for definition in self.events if definition.kind == kind), None)

    @property
    def is_activity(self) -> bool:
        """Whether it is a task, call activity or sub-process."""
        return self.kind in ACTIVITY_KINDS

    @property
    def is_startable(self) -> bool:
        """Whether it can be started by its id, lying in an ad-hoc sub-process.

        Source: Camunda 8 ad-hoc sub-processes (elements without incoming flow).
        """
        is_link = self.kind == "intermediateCatchEvent" and self.event_kind == "link"
        comes_by_itself = self.kind in ("startEvent", "boundaryEvent") or self.is_triggered_by_event
        return not (self.incoming or is_link or comes_by_itself or self.is_for_compensation)

    @property
    def is_scope(self) -> bool:
        """Whether it holds other elements."""
        return self.kind in SCOPE_KINDS

    @property
    def linked_resources(self) -> tuple[ZeebeTag, ...]:
        """Its `zeebe:linkedResource`s, in document order."""
        holder = self.tag("linkedResources")
        return (
            tuple(tag for tag in holder.children if tag.name == "linkedResource") if holder else ()
        )

    def tag(self, name: str) -> ZeebeTag | None:
        """Return its first `zeebe:` extension of that name, or None."""
        # Asked a dozen times of each element while a process is compiled.
        for tag in self.zeebe:
            if tag.name == name:
                return tag
        return None

    @property
    def inputs(self) -> tuple[VariableMapping, ...]:
        """Its input mappings, in order."""
        return self._mappings("input")

    @property
    def outputs(self) -> tuple[VariableMapping, ...]:
        """Its output mappings, in order."""
        return self._mappings("output")

    def _mappings(self, name: str) -> tuple[VariableMapping, ...]:
        return tuple(
            VariableMapping(child.get("source"), child.get("target") or "", child.line)
            for tag in self.zeebe
            if tag.name == "ioMapping"
            for child in tag.children
            if child.name == name
        )

    @property
    def headers(self) -> dict[str, str]:
        """Its task headers; those with an empty key or value are dropped, as Camunda 8 does."""
        tag = self.tag("taskHeaders")
        pairs = [(child.get("key"), child.get("value")) for child in tag.children] if tag else []
        return {key: value for key, value in pairs if key and value}

    @property
    def job_type(self) -> str | None:
        """The type of its `zeebe:taskDefinition` (may be an expression), or None."""
        tag = self.tag("taskDefinition")
        return tag.get("type") if tag else None

    @property
    def form(self) -> Reference | None:
        """The form it shows (user task, none start event), or None.

        An embedded one that is shown here is deployed with the process, under an id of its own.
        """
        if self.shown_form is not None:
            own = embedded_form_id(self.process_id, self.shown_form)
            return Reference(own, "deployment", None, self.line)
        return self._reference("formDefinition", "formId")

    @property
    def embedded_form(self) -> str | None:
        """The id of the `zeebe:userTaskForm` that its form key names, or None."""
        tag = self.tag("formDefinition")
        key = (tag.get("formKey") if tag else None) or ""
        return key.removeprefix(EMBEDDED) if key.startswith(EMBEDDED) else None

    @property
    def shown_form(self) -> str | None:
        """The id of its embedded form when people see it here, not in the inbox of another program.

        Of a Camunda user task that has a linked or external form its key is not read, as in Camunda 8.
        """
        tag = self.tag("formDefinition")
        if tag is None or (self.kind != "startEvent" and self.tag("userTask") is None):
            return None
        is_other = tag.given("formId") or (
            self.kind != "startEvent" and tag.given("externalReference")
        )
        return None if is_other else self.embedded_form

    @property
    def called_process(self) -> Reference | None:
        """The process a call activity calls, or None."""
        return self._reference("calledElement", "processId")

    @property
    def called_decision(self) -> Reference | None:
        """The decision a business rule task calls, or None."""
        return self._reference("calledDecision", "decisionId")

    def _reference(self, tag_name: str, attribute: str) -> Reference | None:
        tag = self.tag(tag_name)
        if tag is None or (
            not tag.given(attribute) and (tag.given("externalReference") or tag.given("formKey"))
        ):
            return None
        binding = tag.get("bindingType") or "latest"
        return Reference(tag.get(attribute), binding, tag.get("versionTag"), tag.line)

    @property
    def rule_refs(self) -> tuple[str, ...]:
        """Catalogue ids of its property `ruleRefs`."""
        return split_list(self.properties.get("ruleRefs", ""))


@dataclass(frozen=True)
class ProcessModel:
    """One `bpmn:process`.

    Attributes:
        elements: All flow nodes by id, those of sub-processes too, in document order.
        flows: All sequence flows by id.
        properties: `zeebe:properties` of the process.
        zeebe: All `zeebe:` extensions of the process.
        embedded_forms: The JSON texts of its `zeebe:userTaskForm`s by id.
    """

    id: str
    name: str
    line: int
    is_executable: bool
    version_tag: str | None
    documentation: str
    properties: Mapping[str, str]
    zeebe: tuple[ZeebeTag, ...]
    elements: Mapping[str, ElementModel]
    flows: Mapping[str, FlowModel]
    embedded_forms: Mapping[str, str] = field(default_factory=dict)

    def children(self, parent_id: str) -> tuple[ElementModel, ...]:
        """Return the elements that lie directly in a process or sub-process."""
        return self._by_parent.get(parent_id, ())

    def boundaries(self, element_id: str) -> tuple[ElementModel, ...]:
        """Return the boundary events that sit on an activity."""
        return self._by_host.get(element_id, ())

    @cached_property
    def _by_parent(self) -> dict[str, tuple[ElementModel, ...]]:
        return _grouped((element.parent_id, element) for element in self.elements.values())

    @cached_property
    def _by_host(self) -> dict[str, tuple[ElementModel, ...]]:
        return _grouped((e.attached_to_id, e) for e in self.elements.values() if e.attached_to_id)

    def starts(self, kind: str | None) -> tuple[ElementModel, ...]:
        """Return the process's own start events of an event kind (None: none start events)."""
        return tuple(
            element
            for element in self.children(self.id)
            if element.kind == "startEvent" and element.event_kind == kind
        )

    @property
    def start_form(self) -> Reference | None:
        """The form of the none start event, or None."""
        return next((e.form for e in self.starts(None) if e.form), None)

    @property
    def start_definitions(self) -> tuple[tuple[str, int, EventDefinition], ...]:
        """What starts the process from outside: the element's id with position and each of its definitions."""
        return tuple(
            (element.id, part, definition)
            for element in self.instantiating
            for part, definition in enumerate(element.events)
        )

    @property
    def instantiating(self) -> tuple[ElementModel, ...]:
        """The start events, the receive tasks and the events behind gateways that start instances."""
        found: list[ElementModel] = []
        for element in self.children(self.id):
            if element.kind == "startEvent" or (element.instantiates and element.events):
                found.append(element)
            elif element.instantiates:
                found += self.behind(element)
        return tuple(found)

    def behind(self, element: ElementModel) -> tuple[ElementModel, ...]:
        """Return the elements to which the flows of an element lead."""
        return tuple(self.elements[self.flows[f].target_id] for f in element.outgoing)


@dataclass(frozen=True)
class BpmnFile:
    """A BPMN file that could be read; whether it may be deployed is for `check` to say.

    Attributes:
        resource: The file's name.
        root: The XML, for the rules that look at the writing itself. Never changed.
    """

    resource: str
    processes: tuple[ProcessModel, ...]
    root: etree._Element = field(repr=False, compare=False)

    def process(self, process_id: str) -> ProcessModel | None:
        """Return the process of that id, or None."""
        return next((process for process in self.processes if process.id == process_id), None)


def embedded_form_id(process_id: str, form_id: str) -> str:
    """Return the id under which an embedded form of a process is deployed."""
    return f"{process_id}.{form_id}"


def split_list(text: str) -> tuple[str, ...]:
    """Return the parts of a comma separated text, stripped, without empty ones."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _grouped(pairs: Iterable[tuple[str, ElementModel]]) -> dict[str, tuple[ElementModel, ...]]:
    groups: dict[str, list[ElementModel]] = {}
    for key, element in pairs:
        groups.setdefault(key, []).append(element)
    return {key: tuple(elements) for key, elements in groups.items()}
