"""What has come of parallel multiple start events and waits for the others (docs/decisions/0022)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, tuple_

from service.persistence.tables import definitions

_table, _process = definitions.start_triggers, definitions.process_definitions


@dataclass(frozen=True)
class WaitingTrigger:
    """One trigger.

    Attributes:
        process_name: Its id when it has none.
        part: Position of the definition of the event that has come.
        came: Positions of all that have come of the set that it belongs to.
        names: Of the variables that it brought.
    """

    key: int
    process_key: int
    process_name: str
    version: int
    element_id: str
    part: int
    came: frozenset[int]
    correlation_key: str
    message_name: str | None
    names: tuple[str, ...]
    came_at: datetime


def count(connection: Connection) -> int:
    """Return how many triggers wait."""
    counted = select(func.count()).select_from(_table).where(_table.c.dropped_at.is_(None))
    return int(connection.execute(counted).scalar_one())


def page(connection: Connection, *, after: int = 0, limit: int = 50) -> Sequence[WaitingTrigger]:
    """Return the triggers that wait behind one of that key, the oldest first."""
    query = (
        select(_table, _process.c.name, _process.c.version)
        .join(_process, _process.c.key == _table.c.process_key)
        .where(_table.c.dropped_at.is_(None), _table.c.key > after)
        .order_by(_table.c.key)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    came = _came(connection, rows)
    return [
        WaitingTrigger(
            key=row.key,
            process_key=row.process_key,
            process_name=row.name or row.process_id,
            version=row.version,
            element_id=row.element_id,
            part=row.part,
            came=frozenset(came[_set_of(row)] | came[(*_set_of(row)[:2], "")]),
            correlation_key=row.correlation_key,
            message_name=row.message_name,
            names=tuple(sorted(row.variables)),
            came_at=row.came_at,
        )
        for row in rows
    ]


def _came(connection: Connection, rows: Sequence[Row[Any]]) -> defaultdict[Any, set[int]]:
    """Return set of triggers → positions that have come, for the sets of these rows and those without key."""
    events = {_set_of(row)[:2] for row in rows}
    query = (
        select(_table.c.process_key, _table.c.element_id, _table.c.correlation_key, _table.c.part)
        .where(
            _table.c.dropped_at.is_(None),
            tuple_(_table.c.process_key, _table.c.element_id).in_(events),
        )
        .distinct()
    )
    came: defaultdict[Any, set[int]] = defaultdict(set)
    for row in connection.execute(query):
        came[_set_of(row)].add(row.part)
    return came


def _set_of(row: Any) -> tuple[int, str, str]:
    return row.process_key, row.element_id, row.correlation_key
