"""The business rule task with a called decision."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel
from service.engine.elements.base import Element
from service.engine.errors import CALLED_DECISION, ElementFailure
from service.engine.expressions import formula
from service.engine.machine import Token
from service.engine.place import Place
from service.engine.values import Binding, DecisionEvaluated


class BusinessRuleTask(Element):
    """Has a decision evaluated over the visible variables; writes one result variable."""

    type_name = "BUSINESS_RULE_TASK"

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile the decision id and the version tag, which may be expressions.

        Source: Camunda 8.10 (BusinessRuleTaskTest: of a called decision alone the tag may be one).
        """
        super().__init__(spec, model, name)
        tag = model.tag("calledDecision")
        assert tag is not None, model.id
        self.decision_id = formula("决策 id", tag.get("decisionId") or "")
        self.result_variable = tag.get("resultVariable") or ""
        self.binding = tag.get("bindingType") or "latest"
        is_tagged = self.binding == "versionTag"
        self.version_tag = formula("版本标签", tag.get("versionTag") or "") if is_tagged else None

    def prepare(self, token: Token) -> Any:
        """Return the answer.

        Raises:
            ElementFailure: There is no such decision, or it could not be evaluated.
        """
        machine = token.workflow
        place = machine.at(token)
        decision_id = self.decision_id.string(place)
        binding = Binding(decision_id, self.binding, self._version_tag(place))
        answer = machine.surroundings.decide(binding, place.visible())
        machine.record.decisions.append(
            DecisionEvaluated(token.key, self.element_id, answer.decision_key, answer.record)
        )
        if answer.failure is not None:
            raise ElementFailure(answer.error_type, answer.failure.marked, answer.failure.english)
        return answer.output

    def _version_tag(self, place: Place) -> str | None:
        """Return the tag that the decision shall have, None for any.

        Raises:
            ElementFailure: It is no text: such a decision cannot be found.

        Source: Camunda 8.10 (`CALLED_DECISION_ERROR`, unlike an id that is no text).
        """
        if self.version_tag is None:
            return None
        try:
            return self.version_tag.string(place)
        except ElementFailure as failure:
            raise ElementFailure(
                CALLED_DECISION, failure.text.marked, failure.text.english
            ) from failure

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Done at once."""
        return {self.result_variable: prepared}
