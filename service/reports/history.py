"""The history of a case or of a tree of instances: who did what when, before and after (XC-X-6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from service.persistence.tables import cases, instances
from service.reports.names import people_names

LATEST = 500
"""Events shown at most; older ones stand in the archive of the case."""


@dataclass(frozen=True)
class HistoryRow:
    """One event.

    Attributes:
        kind: Its kind, in the past (`user_task.completed`).
        who: User name, or None when the house acted by itself.
        who_name: His name; empty when there is nobody.
        element_name: The step it happened at, as the diagram calls it; empty outside of steps, and where
            the diagram has no name for it.
        before: JSON value, or None.
        after: JSON value, or None.
        detail: More of it, by name.
    """

    key: int
    at: datetime
    kind: str
    who: str | None
    who_name: str
    instance_key: int | None
    element_id: str | None
    element_name: str
    before: Any
    after: Any
    rule_refs: tuple[str, ...]
    detail: Mapping[str, Any]


def of_case(connection: Connection, case_key: int) -> tuple[HistoryRow, ...]:
    """Return the history of a case, newest first."""
    return _rows(connection, cases.events.c.case_key == case_key)


def of_tree(connection: Connection, root_key: int) -> tuple[HistoryRow, ...]:
    """Return the history of an instance with everything it called, newest first."""
    table, running = cases.events, instances.process_instances
    members = select(running.c.key).where(running.c.root_key == root_key)
    return _rows(connection, table.c.instance_key.in_(members))


def _rows(connection: Connection, condition: ColumnElement[bool]) -> tuple[HistoryRow, ...]:
    table = cases.events
    found = connection.execute(
        select(table).where(condition).order_by(table.c.key.desc()).limit(LATEST)
    ).all()
    names = people_names(connection, (row.who for row in found))
    steps = _step_names(connection, {row.instance_key for row in found if row.element_id})
    return tuple(
        HistoryRow(
            key=row.key,
            at=row.at,
            kind=row.kind,
            who=row.who,
            who_name=names.get(row.who, "") if row.who else "",
            instance_key=row.instance_key,
            element_id=row.element_id,
            element_name=steps.get((row.instance_key, row.element_id), ""),
            before=row.before,
            after=row.after,
            rule_refs=tuple(row.rule_refs),
            detail=row.detail,
        )
        for row in found
    )


def _step_names(
    connection: Connection, instance_keys: set[int | None]
) -> dict[tuple[int, str], str]:
    """Return the names of steps by instance and element id; a name that is only an id is left out."""
    keys: Sequence[int] = sorted(key for key in instance_keys if key is not None)
    if not keys:
        return {}
    table = instances.element_instances
    query = select(table.c.instance_key, table.c.element_id, table.c.name).where(
        table.c.instance_key.in_(keys),
        or_(table.c.name != table.c.element_id, table.c.type == "USER_TASK"),
    )
    return {(key, element): name for key, element, name in connection.execute(query.distinct())}
