"""What holds other elements: the process, the embedded sub-process, the event sub-process."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel
from service.engine.conditions import hear
from service.engine.elements.base import CLOSING, END, LISTENING, START, Element, element
from service.engine.errors import ElementFailure
from service.engine.job_definition import listeners_of
from service.engine.leaving import CANCEL, end_instance, leave
from service.engine.machine import COMPLETING, Machine, Token
from service.engine.triggers import close_all, open_all, prepare_all


class Scope(Element):
    """Runs from a start event until no token is left inside.

    Attributes:
        start: The start event taken when nothing else is said (set once, by the compiler).
        entries: What begins in place of a start event, of a sub-process that has none (likewise).
        event_starts: Ids of the start events of the event sub-processes inside (likewise).
    """

    start: Element | None = None
    entries: tuple[Element, ...] = ()
    event_starts: frozenset[str] = frozenset()

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Start inside; the payload of the event that made this scope goes to its start event.

        One that a conditional event has interrupted before it began is that event's already. Without start
        event all begins that no flow leads to.

        Source: BPMN 2.0.2 §13.3.4 (sub-process without start event).
        """
        if token.notes.get("interrupted"):
            return None
        for entry in self.entries:
            entry.start_in(token)
        if self.entries:
            return None
        start = self.start_of(token)
        start.start_in(token, {"fired": token.notes.pop("fired", {})})
        return None

    def start_of(self, token: Token) -> Element:
        """Return the start event to begin with."""
        assert self.start is not None, self.element_id
        return self.start

    def child_left(self, scope: Token, child: Token) -> None:
        """Complete when nobody is left inside; with an incident, that waits for the retry."""
        if scope.workflow.is_empty(scope.key) and "incident" not in scope.notes:
            self.finish(scope, {})

    def emptied(self, scope: Token) -> None:
        """Complete when nobody is left inside, as if the last one had completed."""
        self.child_left(scope, scope)

    def repeat(self, token: Token) -> None:
        """Try again; a scope that an event has filled anew completes when it is empty again."""
        if token.notes["incident"] == COMPLETING and not token.workflow.is_empty(token.key):
            del token.notes["incident"]
        else:
            super().repeat(token)

    def open_catches(self, token: Token) -> None:
        """Subscribe to the events of a scope that a modification has made.

        Raises:
            ElementFailure: One of them cannot be evaluated.
        """
        open_all(prepare_all(self.catches, token), token)

    def is_open(self, token: Token) -> bool:
        """Whether something may begin inside: it has begun itself, and does neither complete nor end."""
        ends = (COMPLETING, LISTENING[END], CLOSING, CANCEL)
        has_begun = self.has_subscribed(token)
        is_ending = token.notes.get("incident") in ends or "leaving" in token.notes
        return has_begun and not is_ending and "listener" not in token.notes

    def interrupt(self, scope: Token) -> None:
        """Terminate all that runs inside, because an event sub-process takes over.

        Source: Camunda 8: all event sub-process subscriptions of the scope are closed first; its
        own boundary events stay open.
        """
        scope.notes["interrupted"] = True
        close_all(scope, self.event_starts)
        for child in scope.workflow.live_in(scope.key):
            scope.workflow.terminate(child)


@element("process")
class Process(Scope):
    """The process instance itself; begins at the start event it was started by.

    Attributes:
        gateways: The instantiating gateway before an event that starts instances (set once, by the
            compiler).
    """

    type_name = "PROCESS"
    gateways: Mapping[str, Element] = {}

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile the listeners that hear of its termination, beside all others."""
        super().__init__(spec, model, name)
        called_off = listeners_of(model, "executionListeners", CANCEL)
        self.listeners = {**self.listeners, CANCEL: called_off}

    def cancel_first(self, token: Token) -> None:
        """Ask the listeners of the termination, one after the other; then terminate.

        Source: Camunda 8.10 execution listeners (`cancel`): their variables are those of the process; an
        expression that fails is an incident, and all are asked again.
        """
        self._end_wait(token, is_terminated=True)
        token.notes.pop("incident", None)
        token.notes["listener"] = [CANCEL, 0]
        self.heard(token, CANCEL)

    def heard(self, token: Token, event: str) -> None:
        """Ask the next listener; after the last one of a termination the instance is over."""
        if event != CANCEL:
            super().heard(token, event)
            return
        try:
            is_heard = self._listen(token, CANCEL)
        except ElementFailure as failure:
            token.workflow.fail(token, CANCEL, failure)
            return
        if is_heard:
            end_instance(token)

    def repeat(self, token: Token) -> None:
        """Ask the listeners of the termination again, or try the stage again that failed."""
        if token.notes["incident"] != CANCEL:
            super().repeat(token)
            return
        del token.notes["incident"]
        self.heard(token, CANCEL)

    def end_part(self, token: Token) -> None:
        """Terminate an instance that runs a part of its process only, when all who must hear it have.

        Source: Camunda 8 (BpmnStateTransitionBehavior, runtime instructions): the process instance is told to
        terminate, as when it is cancelled.
        """
        leave(token, {})

    def hear(self, machine: Machine) -> None:
        """Variables have changed: conditional events that are true now happen."""
        hear(machine)

    def _listen(self, token: Token, event: str) -> bool:
        """Ask the next listener of an event, but none of the start of an instance that begins inside.

        Source: Camunda 8 (ElementActivationBehavior): what is around such a beginning is activated by
        events, not by the command that asks listeners.
        """
        is_skipped = event == START and token.notes.get("begins_inside", False)
        return is_skipped or super()._listen(token, event)

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Start at the event that was named, through the gateway before it if there is one.

        A command that begins at elements of its own choice starts them itself.
        """
        if token.notes.pop("begins_inside", False):
            return None
        gateway = self.gateways.get(token.notes.get("start", ""))
        if gateway is None or token.notes.get("interrupted"):
            return super().begin(token, prepared)
        first = token.notes.pop("start")
        gateway.start_in(token, {"first": first, "fired": token.notes.pop("fired", {})})
        return None

    def start_of(self, token: Token) -> Element:
        """Return the start event the command named, or the none start event."""
        start_id = token.notes.pop("start", None)
        if start_id is None:
            return super().start_of(token)
        found = token.workflow.spec.task_specs[start_id]
        assert isinstance(found, Element)
        return found


@element("subProcess")
class SubProcess(Scope):
    """An embedded sub-process; its variables are dropped unless output mappings name them."""

    type_name = "SUB_PROCESS"


@element("subProcess:event")
class EventSubProcess(Scope):
    """An event sub-process: made when its start event fires, lives in the scope it watches."""

    type_name = "EVENT_SUB_PROCESS"

    def remember(self, token: Token) -> None:
        """Nothing: what an event sub-process did is not undone from outside.

        Source: Camunda 8 compensation events.
        """
