"""Intermediate catch events and receive tasks: wait for something to happen."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel
from service.engine.conditions import opened_and_true
from service.engine.elements.base import Element, element
from service.engine.machine import Token
from service.engine.triggers import Catch, close_all, compile_catches, prepare_all


@element(
    "intermediateCatchEvent:message",
    "intermediateCatchEvent:timer",
    "intermediateCatchEvent:signal",
    "intermediateCatchEvent:conditional",
    "intermediateCatchEvent:multiple",
    "intermediateCatchEvent:parallelMultiple",
)
class CatchEvent(Element):
    """Waits for its own event; behind an event-based gateway the event has already come."""

    type_name = "INTERMEDIATE_CATCH_EVENT"

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile the event it waits for."""
        super().__init__(spec, model, name)
        self.own = tuple(compile_catches(model))

    def own_catches(self) -> tuple[Catch, ...]:
        """Return its own event; of a multiple event each of its definitions."""
        return self.own

    def prepare(self, token: Token) -> Any:
        """Evaluate the subscription."""
        return None if "fired" in token.notes else prepare_all(self.own, token)

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Wait, unless the event made this token."""
        if prepared is None:
            fired: Mapping[str, Any] = token.notes.pop("fired")
            return fired
        return next((brought for _, brought in opened_and_true(prepared, token)), None)

    def fire(self, host: Token, payload: Mapping[str, Any]) -> None:
        """Complete with what the event brought; at a gateway, leave it this way."""
        if host.task_spec is self:
            self.finish(host, payload)
        else:
            host.task_spec.choose(host, self, payload)

    def _complete(self, token: Token) -> bool:
        # It has happened: what comes while the completion waits for an operator is for others.
        close_all(token, (self.element_id,))
        return super()._complete(token)


@element("receiveTask")
class ReceiveTask(CatchEvent):
    """A message catch that may carry boundary events and be multi-instance."""

    type_name = "RECEIVE_TASK"
