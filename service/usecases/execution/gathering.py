"""Parallel multiple start events: what has come is kept until nothing is missing, then it starts one instance.

Triggers that carry a correlation key (messages) belong together when it is the same; those without one
(timers, signals, conditions, messages with an empty key) go with whatever is complete with them first. One of
each is taken, the oldest; what is more waits for the next instance.

Source: BPMN 2.0.2 §10.5.2 (parallel multiple start: all triggers before the process is instantiated); which
belong together: none, our own, as message start events of Camunda 8 use their key. A new version forgets what
has come.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, delete, select

from service.persistence.locks import hold
from service.persistence.tables import definitions
from service.persistence.unit import Unit
from service.usecases.definitions import LoadedProcess
from service.usecases.execution.messages import Buffered, is_start_blocked

_TABLE = definitions.start_triggers


@dataclass(frozen=True)
class Trigger:
    """Something that starts instances has happened.

    Attributes:
        element_id: The start event.
        part: Position of the definition, of a multiple event; else 0.
        variables: What it brought.
        message: The message, if it is one.
    """

    element_id: str
    part: int = 0
    variables: Mapping[str, Any] = field(default_factory=dict)
    message: Buffered | None = None


@dataclass(frozen=True)
class Together:
    """What starts an instance.

    Attributes:
        variables: Of all triggers; where names meet, the later definition's.
        messages: Those among them, the one whose key the instance has first.
    """

    variables: Mapping[str, Any]
    messages: tuple[Buffered, ...]


def take(unit: Unit, process: LoadedProcess, trigger: Trigger) -> Together | None:
    """Return what starts an instance now; None: the trigger is kept, for others are still missing."""
    if not _needs_all(process, trigger.element_id):
        return Together(trigger.variables, (trigger.message,) if trigger.message else ())
    _one_at_a_time(unit, process.process_id)
    key = trigger.message.correlation_key if trigger.message else ""
    unit.insert(_TABLE, [_row(unit, process, trigger, key)])
    waiting = _waiting(unit, process, trigger.element_id)
    keys = dict.fromkeys([key] if key else [row.correlation_key for row in waiting])
    free = (k for k in keys if not is_start_blocked(unit.connection, process.process_id, k))
    return _first_complete(unit, process, trigger.element_id, waiting, free)


def take_kept(
    unit: Unit, process: LoadedProcess, correlation_key: str
) -> tuple[str, Together] | None:
    """Return a start event, and what has come of it, that an instance of that key has held back until now."""
    for event in process.model.instantiating:
        if not _needs_all(process, event.id):
            continue
        _one_at_a_time(unit, process.process_id)
        waiting = _waiting(unit, process, event.id)
        found = _first_complete(unit, process, event.id, waiting, [correlation_key])
        if found is not None:
            return event.id, found
    return None


def part_of_signal(
    unit: Unit, process: LoadedProcess, element_id: str, signal_name: str
) -> int | None:
    """Return which definition of a start event hears a signal; None: of a version that listens no more."""
    if not _needs_all(process, element_id):
        return 0
    table = definitions.start_events
    query = select(table.c.part).where(
        table.c.process_key == process.key,
        table.c.element_id == element_id,
        table.c.kind == "signal",
        table.c.name == signal_name,
    )
    return unit.connection.execute(query).scalar_one_or_none()


def forget(unit: Unit, process_id: str) -> None:
    """Drop what has come of the start events of a process; its versions listen no more."""
    unit.delete(_TABLE, "process_id", [process_id])


def lock_of(process_id: str) -> str:
    """Return the name of the lock under which triggers of a process come and go."""
    return f"start triggers/{process_id}"


def _needs_all(process: LoadedProcess, element_id: str) -> bool:
    event = process.model.elements[element_id]
    return event.kind == "startEvent" and event.needs_all and len(event.events) > 1


def _one_at_a_time(unit: Unit, process_id: str) -> None:
    """Let triggers pass one after another: two at once would each miss the other."""
    hold(unit.connection, lock_of(process_id))


def _row(unit: Unit, process: LoadedProcess, trigger: Trigger, key: str) -> dict[str, Any]:
    message = trigger.message
    return {
        "key": unit.new_key(),
        "process_key": process.key,
        "process_id": process.process_id,
        "element_id": trigger.element_id,
        "part": trigger.part,
        "correlation_key": key,
        "message_key": message.key if message else None,
        "message_name": message.name if message else None,
        "business_id": message.business_id if message else None,
        "variables": dict(trigger.variables),
        "came_at": unit.now,
    }


def _waiting(unit: Unit, process: LoadedProcess, element_id: str) -> Sequence[Row[Any]]:
    query = select(_TABLE).where(
        _TABLE.c.process_id == process.process_id,
        _TABLE.c.process_key == process.key,
        _TABLE.c.element_id == element_id,
        _TABLE.c.dropped_at.is_(None),
    )
    return unit.connection.execute(query.order_by(_TABLE.c.key)).all()


def _first_complete(
    unit: Unit,
    process: LoadedProcess,
    element_id: str,
    waiting: Sequence[Row[Any]],
    keys: Iterable[str],
) -> Together | None:
    """Take one of each definition for the first of some correlation keys that lacks none."""
    parts = len(process.model.elements[element_id].events)
    for key in keys:
        own = {row.part: row for row in reversed(waiting) if row.correlation_key == key}
        common = {row.part: row for row in reversed(waiting) if not row.correlation_key}
        chosen = {**common, **own}
        if len(chosen) == parts:
            return _taken(unit, [chosen[part] for part in range(parts)])
    return None


def _taken(unit: Unit, rows: Sequence[Row[Any]]) -> Together:
    unit.connection.execute(delete(_TABLE).where(_TABLE.c.key.in_([row.key for row in rows])))
    messages = [
        Buffered(
            row.message_key, row.message_name, row.correlation_key, row.variables, row.business_id
        )
        for row in rows
        if row.message_key is not None
    ]
    variables = {name: value for row in rows for name, value in row.variables.items()}
    return Together(variables, tuple(sorted(messages, key=lambda m: not m.correlation_key)))
