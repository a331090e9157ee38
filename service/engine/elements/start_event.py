"""Start events of processes, embedded and event sub-processes: all are done at once."""

from collections.abc import Mapping
from typing import Any

from service.engine.elements.base import Element, element
from service.engine.elements.scope import Scope
from service.engine.leaving import must_wait
from service.engine.machine import Token


@element(
    "startEvent",
    "startEvent:message",
    "startEvent:timer",
    "startEvent:signal",
    "startEvent:conditional",
    "startEvent:multiple",
    "startEvent:parallelMultiple",
    "startEvent:error",
    "startEvent:escalation",
    "startEvent:compensate",
)
class StartEvent(Element):
    """Hands what the event brought to its scope and goes on.

    Attributes:
        sub_process: The event sub-process it starts, None elsewhere (set once, by the compiler).
    """

    type_name = "START_EVENT"
    sub_process: Element | None = None

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Done at once, with the payload of the event."""
        fired: Mapping[str, Any] = token.notes.pop("fired", {})
        return fired

    def fire(self, host: Token, payload: Mapping[str, Any]) -> None:
        """Start the event sub-process in the scope that watched for it."""
        assert self.sub_process is not None, self.element_id
        scope: Scope = host.task_spec
        if self.model.is_interrupting:
            action = {"event": self.name, "payload": dict(payload)}
            if must_wait(host, action, scope.event_starts):
                return
            scope.interrupt(host)
        self.sub_process.start_in(host, {"fired": dict(payload)})

    def undo_in(self, scope: Token, notes: Mapping[str, Any]) -> None:
        """Start the compensation event sub-process of a completed sub-process."""
        assert self.sub_process is not None, self.element_id
        self.sub_process.start_in(scope, notes)
