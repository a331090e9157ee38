"""Histories whose time is over: what waits for a manager, what was confirmed, what is deleted (XC-AR-1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from service.persistence.tables import definitions
from service.persistence.tables import retention as tables
from service.reports import paging
from service.reports.names import people_names
from service.reports.paging import SortColumn, decode, encode

FROZEN, CONFIRMED, DELETED = "FROZEN", "CONFIRMED", "DELETED"


@dataclass(frozen=True)
class HistoryRow:
    """The history of one root instance and its case.

    Attributes:
        process_name: Of the latest version that is left; its id when there is none.
        retain_until: Before that nothing can be deleted.
        counts: Table → number of its rows that go, or went.
        confirmed_by: The name of the manager, or None.
    """

    root_key: int
    case_no: str | None
    process_name: str
    ended_at: datetime
    retain_until: datetime
    frozen_at: datetime
    sha256: str
    counts: Mapping[str, int]
    confirmed_by: str | None
    confirmed_at: datetime | None
    deleted_at: datetime | None


@dataclass(frozen=True)
class HistoriesPage:
    """One page of the list; `next_cursor` is None at the end."""

    rows: Sequence[HistoryRow]
    next_cursor: str | None


def page(
    connection: Connection, state: str, *, cursor: str | None = None, limit: int = 50
) -> HistoriesPage:
    """Return the histories in a state: the one that was over first first, of deleted ones the last first.

    Raises:
        BadInputError: The cursor is none of this list.
    """
    table = tables.retained_histories
    is_latest_first = state == DELETED
    sort = (
        SortColumn(table.c.retain_until, is_latest_first),
        SortColumn(table.c.key, is_latest_first),
    )
    query = select(table).where(table.c.state == state)
    if cursor:
        query = query.where(paging.after(sort, decode(cursor, sort)))
    found = connection.execute(query.order_by(*paging.order(sort)).limit(limit + 1)).all()
    shown = found[:limit]
    names = _process_names(connection, {row.process_id for row in shown})
    people = people_names(connection, {row.confirmed_by for row in shown})
    rows = tuple(
        HistoryRow(
            root_key=row.root_key,
            case_no=row.case_no,
            process_name=names.get(row.process_id) or row.process_id,
            ended_at=row.ended_at,
            retain_until=row.retain_until,
            frozen_at=row.frozen_at,
            sha256=row.sha256,
            counts=row.rows,
            confirmed_by=people.get(row.confirmed_by),
            confirmed_at=row.confirmed_at,
            deleted_at=row.deleted_at,
        )
        for row in shown
    )
    last = [shown[-1].retain_until, shown[-1].key] if len(found) > limit else None
    return HistoriesPage(rows, None if last is None else encode(last))


def counts(connection: Connection) -> Mapping[str, int]:
    """Return how many histories are in each state."""
    table = tables.retained_histories
    query = select(table.c.state, func.count().label("number")).group_by(table.c.state)
    found = {row.state: int(row.number) for row in connection.execute(query)}
    return {state: found.get(state, 0) for state in (FROZEN, CONFIRMED, DELETED)}


def _process_names(connection: Connection, ids: set[str]) -> Mapping[str, str | None]:
    table = definitions.process_definitions
    query = select(table.c.process_id, table.c.name).where(table.c.process_id.in_(ids))
    return {row.process_id: row.name for row in connection.execute(query.order_by(table.c.version))}
