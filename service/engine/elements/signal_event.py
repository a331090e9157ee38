"""Signal throw and end events: everybody who waits for the signal hears it."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel
from service.engine.elements.base import Element, element
from service.engine.events import broadcast
from service.engine.expressions import formula
from service.engine.machine import Token


@element("intermediateThrowEvent:signal")
class SignalThrowEvent(Element):
    """Passes through and throws; its local variables, those of its input mappings, go along.

    Source: Camunda 8 signals: who waits when the event is reached hears it, what comes behind the event
    does not.
    """

    type_name = "INTERMEDIATE_THROW_EVENT"

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile the name, which may be an expression."""
        super().__init__(spec, model, name)
        self.signal_name = formula("信号名", (model.event.name if model.event else None) or "")

    def prepare(self, token: Token) -> Any:
        """Evaluate the name."""
        return self.signal_name.string(token.workflow.at(token))

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Done at once; what is thrown is what the event holds now."""
        token.notes["signal"] = {
            "name": prepared,
            "variables": token.workflow.at(token).local(),
        }
        return {}

    def completed(self, token: Token) -> None:
        """Throw: only when nothing can fail any more, or a retry would throw a second time."""
        signal = token.notes["signal"]
        broadcast(token, signal["name"], signal["variables"])


@element("endEvent:signal")
class SignalEndEvent(SignalThrowEvent):
    """Throws and ends its path."""

    type_name = "END_EVENT"
