"""The call activity: waits for another instance, which the caller makes and ends."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel
from service.engine.elements.base import Element, element
from service.engine.errors import CALLED_ELEMENT, EXTRACT_VALUE, ElementFailure
from service.engine.expressions import formula, optional_formula
from service.engine.leaving import canceled
from service.engine.machine import Token
from service.engine.missing import missing
from service.engine.place import Place
from service.engine.triggers import close_all
from service.engine.values import Binding, CallOpened

LONGEST_BUSINESS_ID = 256


@element("callActivity")
class CallActivity(Element):
    """Variables go in and come out as Camunda 8 does it.

    Source: Camunda 8 call activities: `propagateAllParentVariables` and
    `propagateAllChildVariables` are true when absent; output mappings stand above the latter;
    without propagation only the locals that input mappings made go in.
    """

    type_name = "CALL_ACTIVITY"

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile the process id, which may be an expression."""
        super().__init__(spec, model, name)
        tag = model.tag("calledElement")
        assert tag is not None, model.id
        self.process_id = formula("被调用流程", tag.get("processId") or "")
        self.binding = tag.get("bindingType") or "latest"
        self.version_tag = tag.get("versionTag")
        self.hands_all_in = tag.is_true("propagateAllParentVariables", default=True)
        self.business_id = tag.get("businessId")
        self.own_id = optional_formula("业务标识", self.business_id or None)
        self.takes_all_out = tag.is_true("propagateAllChildVariables", default=True)

    def prepare(self, token: Token) -> Any:
        """Return the key of the process to call, and the business id it shall have.

        Raises:
            ElementFailure: There is no such process, only messages and timers start it, or its id is wrong.
        """
        process_id = self.process_id.string(token.workflow.at(token))
        binding = Binding(process_id, self.binding, self.version_tag)
        around = token.workflow.surroundings
        key = around.find_process(binding)
        if key is None:
            text = missing("process", binding)
            raise ElementFailure(CALLED_ELEMENT, text.marked, text.english)
        if not around.may_be_called(key):
            raise ElementFailure(
                CALLED_ELEMENT,
                f"流程 «{process_id}» 没有普通的开始事件，不能被调用。",
                f"Expected process '{process_id}' to have a none start event, but it has none.",
            )
        return key, self._own_id(token.workflow.at(token))

    def _own_id(self, place: Place) -> str | None:
        """Return the business id of the called instance, None for none.

        Source: Camunda 8.10 (`businessId`; absent: the caller's; empty or null: none).
        """
        if self.own_id is None:
            return None
        text = self.own_id.string_or_nothing(place)
        if not text:
            return None
        if len(text) > LONGEST_BUSINESS_ID:
            problem = f"业务标识最多 {LONGEST_BUSINESS_ID} 个字符，实际有 {len(text)} 个。"
            english = f"Expected a business id of up to {LONGEST_BUSINESS_ID} characters, but got {len(text)}."
            raise ElementFailure(EXTRACT_VALUE, problem, english)
        return text

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Ask for the child instance."""
        token.notes["wait"] = "call"
        variables = self._variables_in(token.workflow.at(token))
        process_key, own_id = prepared
        inherits = self.business_id is None
        token.workflow.record.calls.append(
            CallOpened(token.key, self.element_id, process_key, variables, own_id, inherits)
        )
        return None

    def cancel_first(self, token: Token) -> None:
        """Have the called instance ended, unless that is under way; this one ends when it has."""
        close_all(token)
        if "called_off" not in token.notes:
            token.notes["called_off"] = True
            token.workflow.record.called_off.append(token.key)

    def finish(self, token: Token, payload: Mapping[str, Any]) -> None:
        """The called instance has ended: complete, unless it was called off."""
        if "called_off" in token.notes:
            canceled(token)
        else:
            super().finish(token, payload)

    def _variables_in(self, place: Place) -> dict[str, Any]:
        if self.hands_all_in:
            return place.visible()
        return place.local() if self.mappings.inputs else {}

    def take_result(self, token: Token, payload: Mapping[str, Any]) -> None:
        """Take the child's variables when output mappings follow or all of them come back."""
        if self.mappings.outputs or self.takes_all_out:
            super().take_result(token, payload)
