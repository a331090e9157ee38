"""Stored XML -> a process that can run: elements compiled, wired once, then never changed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel, ProcessModel, parse
from service.bpmn.numbers import whole_number
from service.domain.errors import DeploymentRefusedError, NotFoundError
from service.engine.elements.ad_hoc import AdHocSubProcess, InnerInstance, told_of
from service.engine.elements.base import CodeCatch, Element, Flow
from service.engine.elements.body import Body
from service.engine.elements.choice import class_of
from service.engine.elements.compensation import CompensationBoundaryEvent
from service.engine.elements.inclusive_gateway import InclusiveGateway
from service.engine.elements.join import Join
from service.engine.elements.link_event import LinkThrowEvent
from service.engine.elements.multi_instance import MultiInstanceBody
from service.engine.elements.multiple_event import MultipleThrowEvent
from service.engine.elements.scope import Process, Scope, SubProcess
from service.engine.elements.standard_loop import StandardLoopBody
from service.engine.elements.start_event import StartEvent
from service.engine.elements.task_listening import ListenedTask
from service.engine.expressions import Formula, formula, optional_formula
from service.engine.triggers import Catch, compile_catches
from service.feel import Text, names_of
from service.feel.findings import finding_of


@dataclass(frozen=True)
class CompiledProcess:
    """A process that can run. Safe to share between threads: no instance changes it.

    Attributes:
        model: What the file says.
        spec: The same as SpiffWorkflow's spec; for the engine only.
    """

    model: ProcessModel
    spec: WorkflowSpec

    def listens(self, element_id: str, event: str) -> bool:
        """Whether a user task has listeners for an event (`completing` ...)."""
        task = self.spec.task_specs.get(f"{element_id}#inner") or self.spec.task_specs[element_id]
        return bool(task.task_listeners[event])


def compile_process(xml: bytes, process_id: str) -> CompiledProcess:
    """Return the process of that id in a BPMN file, ready to run.

    Raises:
        NotFoundError: The file has no such process.
        DeploymentRefusedError: It has an element that is not executed, or malformed FEEL. (The
            deploy gate says much more; this is the last door.)
    """
    model = parse(xml).process(process_id)
    if model is None:
        raise NotFoundError(
            f"Expected the file to hold the process '{process_id}', but it does not."
        )
    return compile_model(model)


def compile_model(model: ProcessModel) -> CompiledProcess:
    """Return a process that has been read, ready to run.

    Raises:
        DeploymentRefusedError: As `compile_process`.
    """
    return CompiledProcess(model, _Compiler(model).spec)


class _Compiler:
    """Makes the elements first, then wires them."""

    def __init__(self, model: ProcessModel) -> None:
        self.model = model
        self.spec = WorkflowSpec(model.id)
        root = ElementModel(model.id, "process", model.name, model.line, "", zeebe=model.zeebe)
        self.outer: dict[str, Element] = {}
        self.inner: dict[str, Element] = {}
        self.spec.conditions = dict(self._conditions())
        self.spec.watched_names = _watched(self.spec.conditions.values())
        self._add(root, Process)
        self.spec.start = self.outer[model.id]
        for element in map(self._with_priority, model.elements.values()):
            made = class_of(element)
            if made is None or not _can_run(element):
                raise _refused(element)
            self._add(element, made)
        self.spec.has_calls = any(e.kind == "callActivity" for e in model.elements.values())
        self.spec.has_canceling_listeners = any(
            isinstance(one, ListenedTask) and one.task_listeners["canceling"]
            for one in self.inner.values()
        )
        for element in model.elements.values():
            self._wire(element)
        self.spec.start.gateways = dict(self._gateways())
        for scope_id in (model.id, *(e.id for e in model.elements.values())):
            self._wire_scope(scope_id)

    def _gateways(self) -> Iterator[tuple[str, Element]]:
        """Give the instantiating gateway of each event behind one."""
        for element in self.model.children(self.model.id):
            if element.instantiates and not element.events:
                for event in self.model.behind(element):
                    yield event.id, self.outer[element.id]

    def _with_priority(self, element: ElementModel) -> ElementModel:
        """Give an element the job priority of the process when it has none of its own."""
        default = tuple(tag for tag in self.model.zeebe if tag.name == "jobPriorityDefinition")
        if not default or element.tag("jobPriorityDefinition") is not None:
            return element
        return replace(element, zeebe=(*element.zeebe, *default))

    def _conditions(self) -> Iterator[tuple[tuple[str, int], Formula]]:
        """Give the conditions of conditional events by element and position of the definition."""
        for element in self.model.elements.values():
            for part, definition in enumerate(element.events):
                if definition.kind == "conditional":
                    yield (element.id, part), formula("条件", definition.condition or "")

    def _add(self, model: ElementModel, made: type[Element]) -> None:
        if model.loop is None and model.standard_loop is None:
            self.outer[model.id] = self.inner[model.id] = made(self.spec, model)
            return
        body: Body
        body = (MultiInstanceBody if model.loop else StandardLoopBody)(self.spec, model)
        body.inner = made(self.spec, model, f"{model.id}#inner")
        self.outer[model.id], self.inner[model.id] = body, body.inner

    def _wire(self, model: ElementModel) -> None:
        element = self.outer[model.id]
        element.flows = tuple(self._flow(flow_id) for flow_id in model.outgoing)
        element.asks_flows = model.is_activity and any(
            flow.condition or flow.id == model.default_flow_id for flow in element.flows
        )
        for flow in element.flows:
            element.connect(flow.target)
        boundaries = self.model.boundaries(model.id)
        element.catches = tuple(_catches(boundaries))
        element.code_catches = tuple(self._code_catches(boundaries))
        element.compensation = self._compensation(boundaries)
        element.cancel_catch = self._boundary(boundaries, "cancel")
        if isinstance(element, InclusiveGateway):
            element.predecessors = self._predecessors(model.parent_id)
        if isinstance(element, LinkThrowEvent | MultipleThrowEvent):
            element.target = self._link_target(model)

    def _boundary(self, events: tuple[ElementModel, ...], kind: str) -> Element | None:
        return next((self.outer[event.id] for event in events if event.defines(kind)), None)

    def _compensation(self, boundaries: tuple[ElementModel, ...]) -> Element | None:
        """Return the compensation boundary event; of a multiple event a companion that only undoes."""
        event = next((event for event in boundaries if event.defines("compensate")), None)
        if event is None:
            return None
        made = self.outer[event.id]
        if not isinstance(made, CompensationBoundaryEvent):
            made = CompensationBoundaryEvent(self.spec, event, f"{event.id}#compensate")
            made.make_plain()
        made.handler = self.outer.get(event.handler_id or "")
        return made

    def _flow(self, flow_id: str) -> Flow:
        flow = self.model.flows[flow_id]
        condition = optional_formula(f"条件 {flow.name or flow_id}", flow.condition)
        return Flow(flow_id, self.outer[flow.target_id], condition)

    def _code_catches(self, events: tuple[ElementModel, ...]) -> Iterator[CodeCatch]:
        for event in events:
            for part, definition in enumerate(event.events):
                if definition.kind in ("error", "escalation"):
                    yield CodeCatch(definition.kind, definition.code, self.outer[event.id], part)

    def _wire_scope(self, scope_id: str) -> None:
        scope = self.inner[scope_id]
        if not isinstance(scope, Scope):
            return
        children = self.model.children(scope_id)
        if isinstance(scope, AdHocSubProcess):
            scope.inner_instance = InnerInstance(
                self.spec, scope.model, f"{scope_id}#innerInstance"
            )
            scope.startable = {child.id: child for child in children if child.is_startable}
            scope.told = tuple(told_of(child) for child in scope.startable.values())
            self._share_joins(scope_id, scope.startable)
        starts = [child for child in children if child.kind == "startEvent"]
        scope.start = next(
            (self.outer[s.id] for s in starts if s.event is None or scope_id != self.model.id), None
        )
        if isinstance(scope, SubProcess) and not starts and not isinstance(scope, AdHocSubProcess):
            scope.entries = tuple(self.outer[child.id] for child in children if child.is_startable)
        event_starts = tuple(self._event_sub_process_starts(children))
        scope.event_starts = frozenset(start.id for start in event_starts)
        scope.undoing_start = self._boundary(event_starts, "compensate")
        scope.catches = (*scope.catches, *_catches(event_starts))
        scope.code_catches = (*self._code_catches(event_starts), *scope.code_catches)

    def _event_sub_process_starts(
        self, children: tuple[ElementModel, ...]
    ) -> Iterator[ElementModel]:
        for child in children:
            if not child.is_triggered_by_event:
                continue
            for start in self.model.children(child.id):
                made = self.outer[start.id]
                if isinstance(made, StartEvent):
                    made.sub_process = self.outer[child.id]
                    yield start

    def _predecessors(self, scope_id: str) -> dict[str, tuple[tuple[str | None, str], ...]]:
        members = self.model.children(scope_id)
        throws = [member for member in members if kind_is_link(member, "intermediateThrowEvent")]
        found: dict[str, tuple[tuple[str | None, str], ...]] = {}
        for member in members:
            sources: list[tuple[str | None, str]] = [
                (flow_id, self.model.flows[flow_id].source_id) for flow_id in member.incoming
            ]
            if member.attached_to_id is not None:
                sources.append((None, member.attached_to_id))
            if kind_is_link(member, "intermediateCatchEvent"):
                sources += [(None, t.id) for t in throws if link_name(t) == link_name(member)]
            found[member.id] = tuple(sources)
        return found

    def _share_joins(self, scope_id: str, startable: Collection[str]) -> None:
        """Mark the joins of an ad-hoc sub-process that more than one of its activities can reach."""
        predecessors = self._predecessors(scope_id)
        for member_id in predecessors:
            join = self.outer[member_id]
            if isinstance(join, Join):
                join.is_shared = len(_before(member_id, predecessors) & set(startable)) > 1

    def _link_target(self, throw: ElementModel) -> Element | None:
        for member in self.model.children(throw.parent_id):
            is_catch = kind_is_link(member, "intermediateCatchEvent")
            if is_catch and link_name(member) == link_name(throw):
                return self.outer[member.id]
        return None


def _before(
    element_id: str, predecessors: Mapping[str, tuple[tuple[str | None, str], ...]]
) -> set[str]:
    """Return the elements from which an element can be reached."""
    found: set[str] = set()
    todo = [element_id]
    while todo:
        for _, source in predecessors.get(todo.pop(), ()):
            if source not in found:
                found.add(source)
                todo.append(source)
    return found


def _watched(conditions: Iterable[Formula]) -> frozenset[str] | None:
    """Return the variables that some condition depends on; None: one depends on all there are."""
    names = [names_of(c.text[1:]) if c.expression else frozenset() for c in conditions]
    return frozenset().union(*names) if all(names) else None


def kind_is_link(model: ElementModel, kind: str) -> bool:
    """Whether an element is a link event of that BPMN kind."""
    return model.kind == kind and model.defines("link") is not None


def link_name(model: ElementModel) -> str | None:
    """Return the name of a link event."""
    link = model.defines("link")
    return link.name if link else None


def _catches(events: tuple[ElementModel, ...]) -> Iterator[Catch]:
    for event in events:
        yield from compile_catches(event)


NEEDED = {
    "serviceTask": ("taskDefinition",),
    "sendTask": ("taskDefinition",),
    "callActivity": ("calledElement",),
    "scriptTask": ("script", "taskDefinition"),
    "businessRuleTask": ("calledDecision", "taskDefinition"),
}
"""One of these extensions must be there for the element to have something to do."""


def _can_run(model: ElementModel) -> bool:
    """Whether nothing that the element says would be left out."""
    needed = NEEDED.get(model.kind)
    if model.kind in THROWING and any(event.kind == "message" for event in model.events):
        needed = ("taskDefinition",)
    has_work = needed is None or any(model.tag(name) is not None for name in needed)
    return has_work and not model.unread and _can_repeat(model)


def _can_repeat(model: ElementModel) -> bool:
    """Whether the loop marker, if any, says when it ends."""
    loop = model.standard_loop
    if loop is None:
        return True
    is_bounded = loop.maximum is not None or loop.condition is not None
    is_number = loop.maximum is None or whole_number(loop.maximum) is not None
    is_feel = loop.condition is None or loop.condition.startswith("=")
    return model.loop is None and is_bounded and is_number and is_feel


THROWING = ("endEvent", "intermediateThrowEvent")


def _refused(model: ElementModel) -> DeploymentRefusedError:
    text = Text(
        f"元素 «{model.name or model.id}»（{model.kind}）不能执行。",
        f"The element '{model.id}' ({model.kind}) cannot be executed.",
    )
    finding = finding_of("error", "unsupported_element", text, element_id=model.id, line=model.line)
    return DeploymentRefusedError(
        f"Expected elements that can be executed, but: {text:en}", [finding]
    )
