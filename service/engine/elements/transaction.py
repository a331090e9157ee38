"""The transaction sub-process and its cancel events.

Source: BPMN 2.0.2 §10.3.5 (transaction), §10.5.5, §13.5.6 (cancel events): everything inside is
terminated, what completed is compensated, then the transaction is left by its cancel boundary event.
"""

from collections.abc import Mapping
from typing import Any

from service.engine import compensating
from service.engine.elements.base import Element, element
from service.engine.elements.boundary_event import BoundaryEvent
from service.engine.elements.multi_instance import MultiInstanceBody
from service.engine.elements.scope import SubProcess
from service.engine.leaving import dismiss
from service.engine.machine import Token
from service.engine.triggers import close_all


@element("transaction")
class Transaction(SubProcess):
    """A sub-process that can be cancelled from inside."""


@element("boundaryEvent:cancel")
class CancelBoundaryEvent(BoundaryEvent):
    """Where a cancelled transaction is left."""


class Canceling(Element):
    """Cancels the transaction it lies in; of a multi-instance, all instances."""

    def cancel_transaction(self, token: Token) -> None:
        """Terminate, undo, leave. An error that a handler throws (a hazard) is caught as usual."""
        transaction = token.scope
        assert transaction is not None, self.element_id
        host = _host(transaction)
        records = compensating.take(transaction)
        for other in _others(token):
            records += compensating.take(other)
            dismiss(other)
        records += compensating.take(host)
        close_all(transaction)
        close_all(host)
        token.notes["undoing"] = records
        for around in (transaction, host):
            around.notes["resumes"] = token.key
        self.resume(token)

    def resume(self, token: Token) -> None:
        """Undo when all that ran is gone."""
        if _others(token):
            return
        transaction = token.scope
        assert transaction is not None, self.element_id
        for around in (transaction, _host(transaction)):
            around.notes.pop("resumes", None)
        records = token.notes.pop("undoing")
        if records:
            compensating.undo(token, records, {})
        else:
            self.compensated(token)

    def compensated(self, token: Token) -> None:
        """Everything is undone: leave by the cancel boundary event."""
        assert token.scope is not None, self.element_id
        host = _host(token.scope)
        host.task_spec.cancel_catch.fire(host, {})


@element("endEvent:cancel")
class CancelEndEvent(Canceling):
    """Does nothing else."""

    type_name = "END_EVENT"

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Cancel; the boundary event terminates this event, too."""
        self.cancel_transaction(token)
        return None


def _others(token: Token) -> list[Token]:
    """Return what else runs in the transaction and, of a multi-instance, the other transactions."""
    transaction, machine = token.scope, token.workflow
    assert transaction is not None, token.key
    host = _host(transaction)
    siblings = [] if host is transaction else machine.live_in(host.key)
    return [
        *(sibling for sibling in siblings if sibling is not transaction),
        *(other for other in machine.live_in(transaction.key) if other is not token),
    ]


def _host(transaction: Token) -> Token:
    """Return the token that carries the boundary events."""
    outer = transaction.scope
    assert outer is not None, transaction.key
    return outer if isinstance(outer.task_spec, MultiInstanceBody) else transaction
