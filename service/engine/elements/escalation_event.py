"""Escalation throw and end events: somebody around is told; the work goes on or is interrupted."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel
from service.engine.catching import escalate
from service.engine.elements.base import Element, element
from service.engine.expressions import formula
from service.engine.machine import Token


@element("intermediateThrowEvent:escalation")
class EscalationThrowEvent(Element):
    """Throws and passes through, unless who catches it interrupts.

    Source: Camunda 8 escalation events: the search begins with the scope of the event.
    """

    type_name = "INTERMEDIATE_THROW_EVENT"

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile the code, which may be an expression."""
        super().__init__(spec, model, name)
        self.code = formula("升级代码", (model.event.code if model.event else None) or "")

    def prepare(self, token: Token) -> Any:
        """Evaluate the code."""
        return self.code.string(token.workflow.at(token))

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Throw; an interrupting catch has terminated this event, too."""
        scope = token.scope
        assert scope is not None, self.element_id
        escalate(scope, prepared)
        return {} if token.is_live else None


@element("endEvent:escalation")
class EscalationEndEvent(EscalationThrowEvent):
    """Throws and ends its path."""

    type_name = "END_EVENT"
