"""Joins: gateways where tokens wait for each other."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.engine.elements.base import Element
from service.engine.machine import Token


class Join(Element):
    """A gateway where tokens wait for each other: one waiting token a scope counts the arrivals.

    Attributes:
        is_shared: Whether what is started in an ad-hoc sub-process one by one comes together here (set once,
            by the compiler): it waits in the sub-process itself then.
    """

    is_shared: bool = False

    def arrive(self, scope: Token, flow_id: str, notes: Mapping[str, Any] | None = None) -> None:
        """Count the flow; `has_joined` says whether that was the last one missing."""
        if len(self.model.incoming) < 2:
            super().arrive(scope, flow_id, notes)
            return
        around = scope.scope if self.is_shared and scope.task_spec.is_strand else None
        waiting = self.waiting_in(around or scope)
        arrived = waiting.notes.setdefault("arrived", {})
        arrived[flow_id] = arrived.get(flow_id, 0) + 1
        self.try_fire(waiting)

    def start_in(self, scope: Token, notes: Mapping[str, Any] | None = None) -> None:
        """Begin without waiting for anybody: no flow leads here, or somebody began by hand."""
        scope.enter(self, notes)._ready()

    def waiting_in(self, scope: Token) -> Token:
        """Return the token that counts the arrivals in a scope."""
        for token in scope.workflow.live_in(scope.key):
            if token.task_spec is self and token.state == TaskState.WAITING:
                return token
        token = scope.enter(self)
        token._set_state(TaskState.WAITING)
        return token

    def try_fire(self, token: Token) -> None:
        """Let the token go on if it has joined."""
        if self.has_joined(token):
            self.fire_join(token)

    def fire_join(self, token: Token) -> None:
        """Let a token go on with one arrival of each flow; the surplus waits for the next round.

        The surplus is parted here and not when the token runs: until then more may arrive.
        """
        arrived = token.notes.pop("arrived")
        token._ready()
        surplus = {flow_id: count - 1 for flow_id, count in arrived.items() if count > 1}
        if surplus and token.scope is not None:
            waiting = self.waiting_in(token.scope)
            waiting.notes["arrived"] = surplus
            self.try_fire(waiting)

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Done at once."""
        return {}
