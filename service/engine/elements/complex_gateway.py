"""The complex gateway: starts when its activation condition says so, then waits for the rest.

Source: BPMN 2.0.2 §10.6.5, §13.4.5. What the standard calls `activationCount` of an incoming flow
is seen by FEEL as `activationCounts.<flow id>`, their sum as `activationCount`; `waitingForStart`
is true in the first phase and false at the reset.
"""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from service.bpmn import ElementModel
from service.engine.elements.base import element
from service.engine.elements.exclusive_gateway import condition_missing
from service.engine.elements.inclusive_gateway import InclusiveGateway
from service.engine.errors import ElementFailure
from service.engine.expressions import optional_formula
from service.engine.machine import ACTIVATING, Token


@element("complexGateway")
class ComplexGateway(InclusiveGateway):
    """Fork and join in two phases.

    One waiting token in a scope counts the arrivals. Its note `started` names the flows whose tokens
    began the round; while it is there the gateway waits for the reset.
    """

    type_name = "COMPLEX_GATEWAY"

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile the activation condition."""
        super().__init__(spec, model, name)
        self.activation = optional_formula("激活条件", model.activation_condition)

    def has_joined(self, token: Token) -> bool:
        """Whether the condition starts a round, or the last flow that was missing has come."""
        if len(self.model.incoming) < 2:
            return True
        if "incident" in token.notes:
            return False
        arrived, started = token.notes["arrived"], token.notes.get("started")
        if started is not None:
            return not self._missing(arrived, started)
        try:
            return bool(arrived) and self._starts(token, arrived)
        except ElementFailure as failure:
            self._announce(token)
            token.workflow.fail(token, ACTIVATING, failure)
            return False

    def _announce(self, token: Token) -> None:
        """Tell of the waiting token before it runs: its incident must hang on something."""
        if "announced" not in token.notes:
            token.notes["announced"] = True
            token.workflow.event("ACTIVATED", token)

    def _starts(self, token: Token, arrived: Mapping[str, int]) -> bool:
        counts = {flow_id: arrived.get(flow_id, 0) for flow_id in self.model.incoming}
        extra = {"activationCount": sum(counts.values()), "activationCounts": counts}
        assert self.activation is not None, self.element_id
        return self.activation.boolean(token.workflow.at(token), extra)

    def may_fire(self, token: Token, is_stalled: bool) -> bool:
        """Whether nothing more can come that the reset waits for."""
        started = token.notes.get("started")
        if started is None or "incident" in token.notes:
            return False
        come = {*token.notes["arrived"], *started}
        return self.nothing_comes(token, come, is_stalled)

    def _missing(self, arrived: Mapping[str, int], started: list[str]) -> set[str]:
        return {f for f in self.model.incoming if f not in started and not arrived.get(f)}

    def prepare(self, token: Token) -> Any:
        """Return the ids of the flows to take; at the reset there may be none.

        Raises:
            ElementFailure: A condition failed, or at the start none is true and there is no default.
        """
        is_start = token.notes.get("is_start", True)
        place = token.workflow.at(token)
        default = self.model.default_flow_id
        chosen = [
            flow.id
            for flow in self.flows
            if flow.id != default
            and (
                flow.condition is None
                or flow.condition.boolean(place, {"waitingForStart": is_start})
            )
        ]
        if chosen or not is_start or not self.flows:
            return chosen
        if default is None:
            raise condition_missing(self.element_name)
        return [default]

    def fire_join(self, token: Token) -> None:
        """Take the tokens of this phase; the next phase waits in a token of its own."""
        arrived, started = token.notes.pop("arrived"), token.notes.pop("started", None)
        token.notes["is_start"] = started is None
        token._ready()
        used = [flow_id for flow_id in arrived if started is None or flow_id not in started]
        rest = {f: count - (f in used) for f, count in arrived.items() if count > (f in used)}
        if token.scope is None or (started is not None and not rest):
            return
        following = self.waiting_in(token.scope)
        following.notes["arrived"] = rest
        if started is None:
            following.notes["started"] = used
        self.try_fire(following)

    def repeat(self, token: Token) -> None:
        """Ask the activation condition again, or try the stage again that failed."""
        if token.state == TaskState.WAITING:
            del token.notes["incident"]
            self.try_fire(token)
        else:
            super().repeat(token)
