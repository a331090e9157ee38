"""What is done at once: the undefined and the manual task, none throw events, FEEL scripts."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel
from service.engine.elements.base import Element, element
from service.engine.expressions import formula
from service.engine.machine import Token


@element("task")
class UndefinedTask(Element):
    """Passes through."""

    type_name = "TASK"


@element("manualTask")
class ManualTask(Element):
    """Passes through: what people do outside of the house is not waited for."""

    type_name = "MANUAL_TASK"


@element("intermediateThrowEvent")
class NoneThrowEvent(Element):
    """Passes through, output mappings applied."""

    type_name = "INTERMEDIATE_THROW_EVENT"


class ScriptTask(Element):
    """Evaluates one FEEL expression into its result variable."""

    type_name = "SCRIPT_TASK"

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile the expression."""
        super().__init__(spec, model, name)
        tag = model.tag("script")
        assert tag is not None, model.id
        self.expression = formula("脚本", tag.get("expression") or "")
        self.result_variable = tag.get("resultVariable") or ""

    def prepare(self, token: Token) -> Any:
        """Evaluate the expression; it may be null."""
        return self.expression.value(token.workflow.at(token))

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Done at once."""
        return {self.result_variable: prepared}
