"""Throw and end events with several definitions: all of them are thrown.

Source: BPMN 2.0.2 §10.5 (multiple); Camunda 8 has none.
"""

from collections.abc import Mapping
from typing import Any, cast

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.task import Task

from service.bpmn import ElementModel
from service.engine.catching import escalate, is_caught, throw
from service.engine.elements.base import Element, element
from service.engine.elements.compensation import must_undo
from service.engine.elements.end_event import uncaught
from service.engine.elements.link_event import jump
from service.engine.elements.transaction import Canceling
from service.engine.events import broadcast
from service.engine.expressions import Formula, formula
from service.engine.job_definition import job_definition, open_job
from service.engine.leaving import dismiss
from service.engine.machine import Token

WHAT = {"signal": "信号名", "escalation": "升级代码", "error": "错误代码"}
TYPES = {"intermediateThrowEvent": "INTERMEDIATE_THROW_EVENT", "endEvent": "END_EVENT"}


@element("intermediateThrowEvent:multiple", "endEvent:multiple")
class MultipleThrowEvent(Canceling):
    """Sends its message first, as a job; then it undoes; when that is done, signals and escalations go out.

    What leads away comes last: the link, the error, the termination, or the cancellation of the transaction.

    Attributes:
        target: The catch of its link (set once, by the compiler).
    """

    target: Element | None = None

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile what is thrown."""
        super().__init__(spec, model, name)
        kinds = [definition.kind for definition in model.events]
        self.element_type = TYPES[model.kind]
        self.job = job_definition(model) if "message" in kinds else None
        self.undoes = "compensate" in kinds
        self.terminates = "terminate" in kinds
        self.cancels = "cancel" in kinds
        self.thrown: tuple[tuple[str, Formula], ...] = tuple(
            (
                definition.kind,
                formula(WHAT[definition.kind], definition.name or definition.code or ""),
            )
            for definition in sorted(model.events, key=lambda d: d.kind == "error")
            if definition.kind in WHAT
        )

    def prepare(self, token: Token) -> Any:
        """Evaluate all names, codes and the job.

        Raises:
            ElementFailure: Nobody catches its error: then nothing is thrown at all.
        """
        place = token.workflow.at(token)
        names = [[kind, text.string(place)] for kind, text in self.thrown]
        for kind, code in names:
            if kind == "error":
                self._require_catch(token, code)
        return names, self.job.terms(place) if self.job else None

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Wait for the job, if there is a message, and for what is undone."""
        names, terms = prepared
        token.notes["thrown"] = names
        token.notes["carried"] = token.workflow.at(token).local()
        if self.job is None:
            return None if self.undoes and must_undo(token) else {}
        token.notes["wait"] = "job"
        open_job(token, self.job, terms)
        return None

    def finish(self, token: Token, payload: Mapping[str, Any]) -> None:
        """The message is sent: undo, if that is among its definitions, and complete."""
        if self.undoes:
            self._end_wait(token, is_terminated=False)
            token.notes["brought"] = dict(payload)
            if must_undo(token):
                return
        super().finish(token, token.notes.pop("brought", payload))

    def compensated(self, token: Token) -> None:
        """Everything is undone: complete, or leave the transaction that it has cancelled."""
        if "cancels" in token.notes:
            super().compensated(token)
        else:
            super().finish(token, token.notes.pop("brought", {}))

    def close(self, token: Token) -> bool:
        """Throw one after the other; whoever interrupts this event keeps its flow from being taken.

        What was thrown is crossed out, so that a retry throws the rest only.
        """
        scope, left = token.scope, token.notes["thrown"]
        assert scope is not None, self.element_id
        while left and token.is_live:
            kind, name = left[0]
            if kind == "signal":
                broadcast(token, name, token.notes["carried"])
            elif kind == "escalation":
                escalate(scope, name)
            elif throw(scope, name, self.element_name, {}) is not None:
                raise uncaught(scope, name)
            left.pop(0)
        if self.cancels and token.is_live:
            token.notes["cancels"] = True
            self.cancel_transaction(token)
        return token.is_live and not self.cancels

    def completed(self, token: Token) -> None:
        """Terminate what else runs in its scope, if that is among its definitions."""
        if self.terminates:
            for other in token.workflow.live_in(token.scope_key):
                if other is not token:
                    dismiss(other)

    def _on_complete_hook(self, my_task: Task) -> None:
        super()._on_complete_hook(my_task)
        if self.target is not None:
            jump(self, cast(Token, my_task))

    def _require_catch(self, token: Token, code: str) -> None:
        scope = token.scope
        assert scope is not None, self.element_id
        if not is_caught(scope, code) and not token.workflow.surroundings.caught_above(code):
            raise uncaught(scope, code)
