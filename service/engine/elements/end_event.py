"""End events: none, terminate, error; a message end is a job, see `job_task`."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.task import Task

from service.bpmn import ElementModel
from service.engine.catching import caught_codes, throw
from service.engine.elements.base import Element, element
from service.engine.errors import UNHANDLED_ERROR_EVENT, ElementFailure
from service.engine.expressions import formula
from service.engine.leaving import dismiss
from service.engine.machine import Token
from service.feel import verbatim


@element("endEvent")
class EndEvent(Element):
    """Ends its path; its scope completes when nothing else is left in it."""

    type_name = "END_EVENT"


@element("endEvent:terminate")
class TerminateEndEvent(EndEvent):
    """Terminates everything else in its scope; the scope completes.

    Source: Camunda 8 (the scope's state is COMPLETED and its outgoing flows are taken).
    """

    def _on_complete_hook(self, my_task: Task) -> None:
        machine = my_task.workflow
        scope = my_task.parent
        for other in machine.live_in(scope.key):
            if other is not my_task:
                dismiss(other)


@element("endEvent:error")
class ErrorEndEvent(EndEvent):
    """Throws an error; the search for a catch begins with its scope."""

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile the error code, which may be an expression."""
        super().__init__(spec, model, name)
        code = model.event.code if model.event else None
        self.code = formula("错误代码", code or "")

    def prepare(self, token: Token) -> Any:
        """Evaluate the error code."""
        return self.code.string(token.workflow.at(token))

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Throw; who catches interrupts this event too."""
        scope = token.scope
        assert scope is not None, self.element_id
        if throw(scope, prepared, self.element_name, {}) is not None:
            raise uncaught(scope, prepared)
        return None


def uncaught(scope: Token, code: str) -> ElementFailure:
    """Return why an error that is thrown in a scope stops there."""
    codes = caught_codes(scope)
    known = "、".join(verbatim(caught) if caught else "（任意）" for caught in codes) or "（没有）"
    told = ", ".join(f"'{caught}'" if caught else "any" for caught in codes) or "none"
    return ElementFailure(
        UNHANDLED_ERROR_EVENT,
        f"抛出的错误 «{code}» 没有被捕获；此处能捕获的错误代码：{known}。",
        f"Expected somebody to catch the error '{code}', but the codes that are caught are: {told}.",
    )
