"""Boundary events: interrupting or not; errors always interrupt."""

from collections.abc import Mapping
from typing import Any

from service.engine.elements.base import Element, element
from service.engine.leaving import must_wait
from service.engine.machine import Token


@element(
    "boundaryEvent:message",
    "boundaryEvent:timer",
    "boundaryEvent:signal",
    "boundaryEvent:conditional",
    "boundaryEvent:multiple",
    "boundaryEvent:parallelMultiple",
    "boundaryEvent:escalation",
)
class BoundaryEvent(Element):
    """Runs in the scope of its host; an interrupting one terminates the host first."""

    type_name = "BOUNDARY_EVENT"

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Done at once, with the payload of the event."""
        fired: Mapping[str, Any] = token.notes.pop("fired", {})
        return fired

    def fire(self, host: Token, payload: Mapping[str, Any]) -> None:
        """Interrupt the host, or leave it be, and go on from here."""
        scope = host.scope
        assert scope is not None, self.element_id
        if self.model.is_interrupting:
            if must_wait(host, {"event": self.name, "payload": dict(payload)}):
                return
            host.workflow.terminate(host)
        self.start_in(scope, {"fired": dict(payload)})


@element("boundaryEvent:error")
class ErrorBoundaryEvent(BoundaryEvent):
    """Always interrupts; the error's variables stay local unless output mappings name them.

    Source: Camunda 8 error events (ErrorCatchEventTest).
    """

    def take_result(self, token: Token, payload: Mapping[str, Any]) -> None:
        """Write nothing unless output mappings follow."""
        if self.mappings.outputs:
            super().take_result(token, payload)
