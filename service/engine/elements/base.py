"""What every element does: activate, wait or not, complete, leave. The rest: a file an element.

An element is a Spiff task spec. Spiff drives it (`_update`, `run`, `complete`, `cancel`); the
hooks below say what Camunda 8 wants to happen there. Compiled elements are never changed by a
running instance.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.bpmn import ElementModel
from service.engine.compensating import remember
from service.engine.conditions import hear_at_once
from service.engine.elements.conditional_flows import chosen
from service.engine.errors import ElementFailure
from service.engine.expressions import Formula
from service.engine.job_definition import Listener, listeners_of, open_job
from service.engine.job_results import JobResult
from service.engine.machine import ACTIVATING, COMPLETING, STARTING, Token
from service.engine.mappings import Mappings, compile_mappings
from service.engine.place import Place
from service.engine.triggers import Catch, close_all, open_all, prepare_all
from service.engine.variables import json_size

START, END = "start", "end"
CLOSING = "closing"
LISTENING = {START: f"{START} listeners", END: f"{END} listeners"}


@dataclass(frozen=True)
class Flow:
    """A sequence flow out of an element; `condition` is None when it has none."""

    id: str
    target: "Element"
    condition: Formula | None


@dataclass(frozen=True)
class CodeCatch:
    """An event that catches what is thrown inside: `error` or `escalation`; `code` None catches all.

    Attributes:
        part: Position of its definition, of a multiple event; else 0.
    """

    kind: str
    code: str | None
    event: "Element"
    part: int = 0


class Element(TaskSpec):  # type: ignore[misc]
    """One element of the diagram, compiled.

    Attributes:
        model: What the file says.
        element_type: Camunda 8's name of its kind.
        is_strand: Whether it is the scope of one of several things that run in an ad-hoc sub-process and may
            come together in that.
        flows: Its outgoing sequence flows in document order (set once, by the compiler).
        catches: Events that wait while it is active: its boundary events, for scopes also the
            starts of event sub-processes (set once, by the compiler).
        code_catches: Events that catch errors and escalations thrown inside it (set once, by the
            compiler).
        asks_flows: Whether it is an activity with conditions on its flows (set once, by the compiler).
        compensation: Its compensation boundary event (set once, by the compiler).
        undoing_start: Start of the compensation event sub-process inside it (likewise).
        cancel_catch: Its cancel boundary event (likewise).
    """

    type_name: ClassVar[str] = ""
    keeps_variables: ClassVar[bool] = False
    is_strand: ClassVar[bool] = False
    asks_flows: bool = False
    compensation: "Element | None" = None
    undoing_start: "Element | None" = None
    cancel_catch: "Element | None" = None

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile an element.

        Args:
            spec: The process it belongs to.
            model: What the file says.
            name: Its name in the process when it is not the element id.

        Raises:
            DeploymentRefusedError: FEEL is malformed.
        """
        super().__init__(spec, name or model.id)
        self.model = model
        self.element_id = model.id
        self.element_name = model.name or model.id
        self.element_type = self.type_name
        self.mappings: Mappings = compile_mappings(model)
        self.listeners: Mapping[str, tuple[Listener, ...]] = {
            event: listeners_of(model, "executionListeners", event) for event in (START, END)
        }
        self.flows: tuple[Flow, ...] = ()
        self.catches: tuple[Catch, ...] = ()
        self.code_catches: tuple[CodeCatch, ...] = ()

    def make_plain(self) -> None:
        """Leave mappings and listeners to the activity inside: this is the body around it."""
        self.mappings = Mappings((), ())
        self.listeners = {START: (), END: ()}

    # -- what an element may do differently

    def prepare(self, token: Token) -> Any:
        """Evaluate all that its activation needs, changing nothing.

        Raises:
            ElementFailure: Something cannot be evaluated; the whole activation is tried again
                later.
        """

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Begin the work: None waits for the world, variables (often none) mean it is done."""
        return {}

    def leave_with(self, token: Token) -> tuple[Flow, ...]:
        """Return the flows to take when it has completed; several fork."""
        if not self.asks_flows:
            return self.flows
        return tuple(flow for flow in self.flows if flow.id in token.notes["chosen"])

    def hand_over(self, token: Token) -> Mapping[str, Any]:
        """Return the notes that the tokens behind it begin with."""
        return {}

    def take_result(self, token: Token, payload: Mapping[str, Any]) -> None:
        """Write what the work gave: all of it outward, or local when output mappings follow.

        Source: Camunda 8 variables.
        """
        place = token.workflow.at(token)
        if self.mappings.outputs:
            place.set_local(payload)
        else:
            place.propagate(payload)

    def output_start(self, token: Token, place: Place) -> Place:
        """Return where mapped names start outward: the parent, in multi-instance the element."""
        return place if "loop_counter" in token.notes else place.outside

    def has_subscribed(self, token: Token) -> bool:
        """Whether a token is past the stage in which its events are subscribed to."""
        event, _ = token.notes.get("listener", (None, 0))
        before = (ACTIVATING, LISTENING[START], STARTING)
        return event != START and token.notes.get("incident") not in before

    def own_catches(self) -> tuple[Catch, ...]:
        """Return the events that are its work to wait for, beside `catches`."""
        return ()

    def completed(self, token: Token) -> None:
        """It has completed and its flows are taken; what it throws now is heard by its scope, too."""

    def emptied(self, scope: Token) -> None:
        """A token inside was terminated later than it should have been (see `leaving`)."""
        raise AssertionError(f"{self.name} is no scope")

    def follow(self, scope: Token, flow: Flow, notes: Mapping[str, Any]) -> None:
        """A token in this scope takes a flow."""
        flow.target.arrive(scope, flow.id, notes)

    def resume(self, token: Token) -> None:
        """Something that this event has terminated is gone; only cancel end events hear this."""
        raise AssertionError(f"{self.name} cancels nothing")

    def child_left(self, scope: Token, child: Token) -> None:
        """A token inside has completed; only scopes hear this."""
        raise AssertionError(f"{self.name} is no scope")

    def fire(self, host: Token, payload: Mapping[str, Any]) -> None:
        """This event, which `host` waited for, has happened; only catching events hear this."""
        raise AssertionError(f"{self.name} catches nothing")

    def may_fire(self, token: Token, is_stalled: bool) -> bool:
        """Whether a token waiting here may go on; only inclusive joins answer yes."""
        return False

    def fire_join(self, token: Token) -> None:
        """Let a token that waited at this join go on."""
        token._ready()

    def has_joined(self, token: Token) -> bool:
        """Whether a token that arrived may run now."""
        return True

    def remember(self, token: Token) -> None:
        """Have the scope remember how to undo what has completed."""
        remember(token)

    def undo_in(self, scope: Token, notes: Mapping[str, Any]) -> None:
        """Start undoing in a scope; only compensation boundary and start events hear this."""
        raise AssertionError(f"{self.name} undoes nothing")

    def compensated(self, token: Token) -> None:
        """All handlers that this event waits for have ended; only throwing events hear this."""
        raise AssertionError(f"{self.name} throws no compensation")

    # -- arriving

    def arrive(self, scope: Token, flow_id: str, notes: Mapping[str, Any] | None = None) -> None:
        """A token comes along a flow into this element."""
        self.start_in(scope, notes)

    def start_in(self, scope: Token, notes: Mapping[str, Any] | None = None) -> None:
        """Make a token of this element in a scope and let Spiff run it."""
        token = scope.enter(cast(Any, self), notes)
        self._update(token)

    # -- the stages

    def advance(self, token: Token, stage: str) -> bool:
        """Go on from a stage; True when the element is over, False when it waits or is stuck."""
        for name, method in _FROM[stage]:
            try:
                if not method(self, token):
                    return False
            except ElementFailure as failure:
                token.workflow.fail(token, self._stage_to_repeat(name), failure)
                return False
        return token.is_live

    def finish(self, token: Token, payload: Mapping[str, Any]) -> None:
        """What the element waited for is here: complete it."""
        token.notes["payload"] = dict(payload)
        self._end_wait(token, is_terminated=False)
        if self.advance(token, COMPLETING):
            token.complete()

    def job_done(
        self, token: Token, variables: Mapping[str, Any], result: JobResult | None
    ) -> None:
        """The job that a token waits for is done: go on, after a listener with the next one.

        Source: Camunda 8 execution listeners: variables of start listeners are local, those of end
        listeners are written where output mappings write. A result says nothing to such jobs, a denial
        neither (CompleteJobTest, ExecutionListenerCancelTest).
        """
        listener = token.notes.get("listener")
        if listener is None:
            self.finish(token, variables)
            return
        event, position = listener
        self._end_wait(token, is_terminated=False)
        place = token.workflow.at(token)
        if event == END:
            self.output_start(token, place).propagate(variables)
        else:
            place.set_local(variables)
        token.notes["listener"] = [event, position + 1]
        self.heard(token, event)

    def heard(self, token: Token, event: str) -> None:
        """A listener of an event has answered: ask the next one, or go on."""
        if self.advance(token, LISTENING[event]):
            token.complete()

    def repeat(self, token: Token) -> None:
        """Try the stage again that failed."""
        if self.advance(token, token.notes.pop("incident")):
            token.complete()

    def stuck(self, token: Token) -> None:
        """Undo what a failed activation began, so that it can begin again."""
        for child in token.workflow.live_in(token.key):
            token.workflow.terminate(child)
        close_all(token)

    def _stage_to_repeat(self, stage: str) -> str:
        """Return from where a failed stage is tried again: what listeners have done stays done."""
        return ACTIVATING if stage == STARTING and not self.listeners[START] else stage

    def take_inputs(self, token: Token) -> bool:
        """Write what it was given and its input mappings as locals."""
        given = token.notes.pop("given", None)
        if given or self.mappings.inputs:
            place = token.workflow.at(token)
            place.set_local(given or {})
            self.mappings.apply_inputs(place)
        return True

    def _listen(self, token: Token, event: str) -> bool:
        """Open the job of the next listener; True when none is left.

        Source: Camunda 8 execution listeners: when a listener's expression fails, all listeners of
        the event run again.
        """
        listeners = self.listeners[event]
        if not listeners:
            return True
        _, position = token.notes.pop("listener", (event, 0))
        if position == len(listeners):
            return True
        listener = listeners[position]
        terms = listener.job.terms(token.workflow.at(token))
        token.notes["listener"] = [event, position]
        token.notes["wait"] = "job"
        open_job(token, listener.job, terms, kind="EXECUTION_LISTENER", event=listener.event_type)
        return False

    def _start(self, token: Token) -> bool:
        catches = prepare_all(self.catches, token)
        prepared = self.prepare(token)
        open_all(catches, token)
        if not hear_at_once(token):
            return False
        payload = self.begin(token, prepared)
        if payload is None:
            return False
        for name, value in payload.items():
            json_size(name, value)
        token.notes["payload"] = payload
        return True

    def _complete(self, token: Token) -> bool:
        # Each part is done once, whatever fails after it: an operator mends variables between two
        # tries, and a mapping such as `=n + 1` to `n` may not be carried out twice.
        payload = token.notes.get("payload")
        if payload is not None:
            self.take_result(token, payload)
            del token.notes["payload"]
            if self.mappings.outputs:
                token.notes["unmapped"] = True
        if token.notes.get("unmapped"):
            place = token.workflow.at(token)
            self.mappings.apply_outputs(place, self.output_start(token, place))
            del token.notes["unmapped"]
        close_all(token)
        return True

    def close(self, token: Token) -> bool:
        """Do the last thing before it is over: a multi-instance collects the output, flows are chosen."""
        if "loop_counter" in token.notes and token.scope is not None:
            token.scope.task_spec.collect(token.scope, token)
        if self.asks_flows:
            place = token.workflow.at(token).outside
            default = self.model.default_flow_id
            token.notes["chosen"] = chosen(self.flows, default, place, self.element_name)
        return True

    # -- Spiff's hooks; what it would do besides is for predictions, assignments and listeners of its own

    def _update(self, my_task: Task) -> None:
        if self.has_joined(cast(Token, my_task)):
            my_task._ready()

    def _on_ready(self, my_task: Task) -> None:
        """Nothing: the machine has seen that the token is ready."""

    def _on_complete(self, my_task: Task) -> None:
        self._on_complete_hook(my_task)
        my_task.workflow._task_completed_notify(my_task)

    def _predict_hook(self, my_task: Task) -> None:
        """Nothing is predicted: tokens are made when flows are taken."""

    def test(self) -> None:
        """Spiff wants an incoming flow here; start events and boundary events have none."""

    def _run_hook(self, my_task: Task) -> bool | None:
        token = cast(Token, my_task)
        token._set_state(TaskState.STARTED)
        if not token.notes.pop("announced", False):
            token.workflow.event("ACTIVATED", token)
        return True if self.advance(token, ACTIVATING) else None

    def _on_complete_hook(self, my_task: Task) -> None:
        token = cast(Token, my_task)
        scope = token.scope
        if scope is None or token.workflow.ends_after(token):
            return
        self.remember(token)
        for flow in self.leave_with(token):
            token.workflow.record.flows_taken.append(flow.id)
            scope.task_spec.follow(scope, flow, self.hand_over(token))

    def _on_cancel(self, my_task: Task) -> None:
        token = cast(Token, my_task)
        self._end_wait(token, is_terminated=True)
        close_all(token)

    def _end_wait(self, token: Token, *, is_terminated: bool) -> None:
        kind = token.notes.pop("wait", None)
        if kind is not None:
            token.workflow.record.end_wait(token.key, kind, is_terminated=is_terminated)

    def serialize(self, serializer: Any, **kwargs: Any) -> Any:
        """Specs are compiled from the stored XML, never serialized."""
        raise NotImplementedError


_METHODS: tuple[tuple[str, Callable[[Element, Token], bool]], ...] = (
    (ACTIVATING, lambda element, token: element.take_inputs(token)),
    (LISTENING[START], lambda element, token: element._listen(token, START)),
    (STARTING, lambda element, token: element._start(token)),
    (COMPLETING, lambda element, token: element._complete(token)),
    (LISTENING[END], lambda element, token: element._listen(token, END)),
    (CLOSING, lambda element, token: element.close(token)),
)
"""What an element goes through, in order."""
_FROM = {stage: _METHODS[begin:] for begin, (stage, _) in enumerate(_METHODS)}

ElementClass = type[Element]
ELEMENTS: dict[str, ElementClass] = {}
"""The class behind each kind of element: BPMN's name, for events with `:` and the event's kind."""


def element(*kinds: str) -> Callable[[ElementClass], ElementClass]:
    """Enter a class into `ELEMENTS`; a kind has one class only."""

    def enter(made: ElementClass) -> ElementClass:
        for kind in kinds:
            if kind in ELEMENTS:
                raise ValueError(f"the element {kind} has two classes")
            ELEMENTS[kind] = made
        return made

    return enter


def kind_of(model: ElementModel) -> str:
    """Return the name of an element's kind in `ELEMENTS`."""
    if model.kind == "subProcess" and model.is_triggered_by_event:
        return "subProcess:event"
    if model.kind.endswith("Event") and model.events:
        return f"{model.kind}:{model.event_kind}"
    return model.kind
