"""Joins: gateways where tokens wait for each other."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.engine.elements.base import Element
from service.engine.machine import Token


class Join(Element):
    """A gateway where tokens wait for each other: one waiting token a scope counts the arrivals."""

    def arrive(self, scope: Token, flow_id: str, notes: Mapping[str, Any] | None = None) -> None:
        """Count the flow; Spiff asks `has_joined` whether that was the last one missing."""
        if len(self.model.incoming) < 2:
            super().arrive(scope, flow_id, notes)
            return
        waiting = self._waiting_in(scope)
        arrived = waiting.notes.setdefault("arrived", {})
        arrived[flow_id] = arrived.get(flow_id, 0) + 1
        self._update(waiting)

    def _waiting_in(self, scope: Token) -> Token:
        for token in scope.workflow.live_in(scope.key):
            if token.task_spec is self and token.state == TaskState.WAITING:
                return token
        token = scope.enter(self)
        token._set_state(TaskState.WAITING)
        return token

    def keep_surplus(self, token: Token) -> None:
        """Take one arrival of each flow; what is more waits for the next round in a new token."""
        arrived = token.notes.pop("arrived", {})
        surplus = {flow: count - 1 for flow, count in arrived.items() if count > 1}
        if surplus and token.scope is not None:
            waiting = self._waiting_in(token.scope)
            waiting.notes["arrived"] = surplus
            self._update(waiting)

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Done at once."""
        return {}
