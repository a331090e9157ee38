"""The standard loop marker: an activity that is repeated while a condition is true.

Source: BPMN 2.0.2 §10.3.8 (StandardLoopCharacteristics): `testBefore` asks before the first round
too, `loopMaximum` bounds the rounds, `loopCounter` counts them. Camunda 8 has no such marker.
"""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel
from service.engine.elements.body import Body
from service.engine.errors import ElementFailure
from service.engine.expressions import optional_formula
from service.engine.machine import Token

LOOPING = "looping"


class StandardLoopBody(Body):
    """The body; its note `round` counts the rounds."""

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile the condition."""
        super().__init__(spec, model, name)
        loop = model.standard_loop
        assert loop is not None, model.id
        self.condition = optional_formula("循环条件", loop.condition)
        self.maximum = None if loop.maximum is None else int(loop.maximum)
        self.tests_before = loop.tests_before

    def prepare(self, token: Token) -> Any:
        """Whether there is a first round."""
        return self._goes_on(token, 0) if self.tests_before else self.maximum != 0

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Begin the first round, or be done at once."""
        if not prepared:
            return {}
        self._next_round(token)
        return None

    def child_left(self, scope: Token, child: Token) -> None:
        """A round is over: ask the condition."""
        try:
            goes_on = self._goes_on(scope, scope.notes["round"])
        except ElementFailure as failure:
            scope.workflow.fail(scope, LOOPING, failure)
            return
        if goes_on:
            self._next_round(scope)
        else:
            self.finish(scope, {})

    def repeat(self, token: Token) -> None:
        """Ask the condition again, or try the stage again that failed."""
        if token.notes["incident"] == LOOPING:
            del token.notes["incident"]
            self.child_left(token, token)
        else:
            super().repeat(token)

    def take_result(self, token: Token, payload: Mapping[str, Any]) -> None:
        """Nothing: each round has written its own results."""

    def _goes_on(self, token: Token, rounds: int) -> bool:
        if self.maximum is not None and rounds >= self.maximum:
            return False
        if self.condition is None:
            return True
        return self.condition.boolean(token.workflow.at(token), {"loopCounter": rounds})

    def _next_round(self, token: Token) -> None:
        token.notes["round"] = token.notes.get("round", 0) + 1
        child = token.enter(self.inner, {"given": {"loopCounter": token.notes["round"]}})
        self.inner._update(child)
