"""What can be undone: completed activities with a compensation handler, remembered by their scope.

A scope remembers in its note `compensations`, for each completed execution: `activity`, `boundary`
(its compensation boundary event), for sub-processes also `inner` (what they remembered), `locals`
(their variables when they completed) and `start` (of their compensation event sub-process).

Source: Camunda 8 compensation events (BpmnCompensationSubscriptionBehaviour); compensation event
sub-processes and the snapshot of variables: BPMN 2.0.2 §10.7, §13.5.5.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from service.engine.machine import Token

Record = dict[str, Any]


def remember(token: Token) -> None:
    """An activity has completed: its scope remembers how to undo it, if there is a way."""
    scope, element = token.scope, token.task_spec
    inner = token.notes.get("compensations")
    if scope is None or not (element.compensation or element.undoing_start or inner):
        return
    record: Record = {"activity": element.element_id}
    if element.compensation is not None:
        record["boundary"] = element.compensation.name
    if element.undoing_start is not None:
        record["start"] = element.undoing_start.element_id
    if inner or element.undoing_start is not None:
        record["inner"] = inner or []
        record["locals"] = dict(token.workflow.variables.local(token.key))
    scope.notes.setdefault("compensations", []).append(record)


def take(scope: Token, activity_id: str | None = None) -> list[Record]:
    """Return what a scope remembers (only of one activity), so that it is undone once only."""
    taken: list[Record] = []
    kept: list[Record] = []
    for record in scope.notes.pop("compensations", ()):
        is_meant = activity_id is None or record["activity"] == activity_id
        (taken if is_meant else kept).append(record)
    if kept:
        scope.notes["compensations"] = kept
    return taken


def undo(throw: Token, records: Iterable[Record], given: Mapping[str, Any]) -> None:
    """Start all handlers, in no order, in the scope of the event that throws.

    Args:
        throw: The event; it hears `compensated` when the last handler has ended.
        records: What to undo.
        given: Variables of the completed sub-processes around; locals of the handlers.
    """
    scope = throw.scope
    assert scope is not None, throw.key
    specs = throw.workflow.spec.task_specs
    for record in records:
        seen = {**given, **record.get("locals", {})}
        for name, notes in (
            ("boundary", {"given": dict(given)}),
            ("start", {"given": seen, "compensations": record.get("inner", [])}),
        ):
            if name in record:
                specs[record[name]].undo_in(scope, {"compensates": throw.key, **notes})
        # An event sub-process takes the place of the handlers inside; it may throw for them.
        if "start" not in record:
            undo(throw, record.get("inner", ()), seen)
