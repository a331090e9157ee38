"""The inclusive gateway: takes every flow that is true, joins what can still come."""

from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.engine.elements.base import Flow, element
from service.engine.elements.exclusive_gateway import condition_missing
from service.engine.elements.join import Join
from service.engine.machine import Token


@element("inclusiveGateway")
class InclusiveGateway(Join):
    """Fork and join.

    Attributes:
        predecessors: For each element of its scope, where tokens may come from: pairs of flow id
            (None for boundary events and links) and element id (set once, by the compiler).
    """

    type_name = "INCLUSIVE_GATEWAY"
    predecessors: Mapping[str, tuple[tuple[str | None, str], ...]] = {}

    def has_joined(self, token: Token) -> bool:
        """Whether every incoming flow has arrived; else `may_fire` is asked when all else waits."""
        arrived = token.notes.get("arrived", {})
        return len(self.model.incoming) < 2 or all(map(arrived.get, self.model.incoming))

    def may_fire(self, token: Token, is_stalled: bool) -> bool:
        """Whether no other token of the scope can still come by a flow that has not arrived."""
        return self.nothing_comes(token, set(token.notes["arrived"]), is_stalled)

    def nothing_comes(self, token: Token, arrived: set[str], is_stalled: bool) -> bool:
        """Whether no other token of the scope can still come by a flow that is not in `arrived`.

        When all is stalled, tokens that wait at joins themselves keep this one from going on only if
        they could not come by a flow that has arrived too: in a loop, joins would else wait for each
        other for ever.

        Source: Camunda 8 inclusive gateway (the search follows flows, boundary events and links, not
        inner scopes, and ends at the gateway itself); stalled: BPMN 2.0.2 §13.4.3.
        """
        by_missing = self._reaching(set(self.model.incoming) - arrived)
        by_arrived = self._reaching(arrived) if is_stalled else set()
        for other in self._others(token):
            place = other.task_spec.element_id
            if other is token or place not in by_missing:
                continue
            if not (other.state == TaskState.WAITING and place in by_arrived):
                return False
        return True

    def _others(self, token: Token) -> Iterator[Token]:
        """Give what lives in the scope; of an ad-hoc sub-process what was started in it."""
        for other in token.workflow.live_in(token.scope_key):
            if other.task_spec.is_strand:
                yield from token.workflow.live_in(other.key)
            else:
                yield other

    def prepare(self, token: Token) -> Any:
        """Return the ids of the flows to take.

        Source: Camunda 8: all flows whose condition is true; none: the default; none:
        CONDITION_ERROR.
        """
        place = token.workflow.at(token)
        default = self.model.default_flow_id
        chosen = [
            flow.id
            for flow in self.flows
            if flow.id != default and (flow.condition is None or flow.condition.boolean(place))
        ]
        if not chosen and default is not None:
            return [default]
        if not chosen and self.flows:
            raise condition_missing(self.element_name)
        return chosen

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Done at once."""
        token.notes["chosen"] = prepared
        return {}

    def leave_with(self, token: Token) -> tuple[Flow, ...]:
        """Return the flows chosen."""
        return tuple(flow for flow in self.flows if flow.id in token.notes["chosen"])

    def _reaching(self, flow_ids: set[str]) -> set[str]:
        """Return the elements from which one of its incoming flows can be reached."""
        here = self.predecessors.get(self.element_id, ())
        todo = [source for flow_id, source in here if flow_id in flow_ids]
        reaching: set[str] = set()
        while todo:
            element_id = todo.pop()
            if element_id in reaching:
                continue
            reaching.add(element_id)
            if element_id != self.element_id:
                todo.extend(source for _, source in self.predecessors.get(element_id, ()))
        return reaching
