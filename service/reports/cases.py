"""The list of cases that somebody may read, with filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from service.domain.errors import BadInputError
from service.identity import Person
from service.persistence.tables import cases, definitions, tasks
from service.reports import paging
from service.reports.masked import masked
from service.reports.paging import SortColumn, decode, encode
from service.reports.rights import may_read_case

COUNTED = 10_000
"""Cases counted; a list with more of them has «more than that»."""

SORTS = ("opened_at", "deadline_at", "case_no", "grade", "closed_at")

_SHOWN = (
    "key",
    "case_no",
    "title",
    "customer",
    "grade",
    "channel",
    "state",
    "is_overdue",
    "process_id",
    "deadline_at",
    "opened_at",
    "closed_at",
)
"""Columns of the list; the facts of a case are the longest of what is not shown."""


@dataclass(frozen=True)
class CasesQuery:
    """Which cases are asked for.

    Attributes:
        text: Words of the number, title or customer.
        state: `OPEN`, `CLOSED`, `CANCELED`, or None for all.
        sort: One of `SORTS`.
        cursor: Where an earlier page ended.
    """

    text: str = ""
    state: str | None = None
    grade: str | None = None
    process_id: str | None = None
    overdue_only: bool = False
    sort: str = "opened_at"
    is_descending: bool = True
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class CaseRow:
    """One line of the list; a customer who is a person is masked (XC-P-4).

    Attributes:
        steps: Names of the open tasks, each once.
    """

    key: int
    case_no: str
    title: str
    customer: str
    grade: str | None
    channel: str | None
    state: str
    is_overdue: bool
    process_id: str
    process_name: str
    deadline_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    steps: tuple[str, ...]


@dataclass(frozen=True)
class CasesPage:
    """One page of the list.

    Attributes:
        total: Cases that fit the filters, on all pages, at most one more than `COUNTED`.
        grades: Grades to filter by, those of all cases.
        processes: Process id → name of all that are deployed, to filter by.
        next_cursor: None at the end.
    """

    rows: Sequence[CaseRow]
    total: int
    grades: Sequence[str]
    processes: Mapping[str, str]
    next_cursor: str | None


def page(connection: Connection, person: Person, query: CasesQuery) -> CasesPage:
    """Return a page of the cases that somebody may read.

    Raises:
        BadInputError: The order or the cursor is none of this list.
    """
    sort = _sort(query)
    table = cases.cases
    columns = (table.c[name] for name in _SHOWN)
    readable = select(*columns).where(may_read_case(connection, person))
    filtered = _filtered(readable, query)
    statement = filtered
    if query.cursor:
        statement = statement.where(paging.after(sort, decode(query.cursor, sort)))
    found = connection.execute(statement.order_by(*paging.order(sort)).limit(query.limit + 1)).all()
    shown = found[: query.limit]
    steps = _steps(connection, [row.key for row in shown])
    processes = _processes(connection)
    last = [getattr(shown[-1], query.sort), shown[-1].key] if len(found) > query.limit else None
    return CasesPage(
        rows=tuple(_row(row, processes, steps) for row in shown),
        total=_count(connection, filtered),
        grades=_grades(connection),
        processes=processes,
        next_cursor=None if last is None else encode(last),
    )


def _sort(query: CasesQuery) -> tuple[SortColumn, SortColumn]:
    if query.sort not in SORTS:
        raise BadInputError(f"Expected a sort of {SORTS}, but got '{query.sort}'.")
    table = cases.cases
    column = table.c[query.sort]
    return (
        SortColumn(column, query.is_descending, is_nullable=bool(column.nullable)),
        SortColumn(table.c.key, query.is_descending),
    )


def _filtered(statement: Select[Any], query: CasesQuery) -> Select[Any]:
    table = cases.cases
    wanted = {"state": query.state, "grade": query.grade, "process_id": query.process_id}
    for name, value in wanted.items():
        if value:
            statement = statement.where(table.c[name] == value)
    if query.overdue_only:
        statement = statement.where(table.c.is_overdue)
    for word in query.text.split():
        columns = (table.c.case_no, table.c.title, table.c.customer)
        statement = statement.where(or_(*(c.icontains(word, autoescape=True) for c in columns)))
    return statement


def _row(
    row: Row[Any], processes: Mapping[str, str], steps: Mapping[int, tuple[str, ...]]
) -> CaseRow:
    shown = masked(row.title, row.customer)
    return CaseRow(
        key=row.key,
        case_no=row.case_no,
        title=shown.title or row.case_no,
        customer=shown.customer,
        grade=row.grade,
        channel=row.channel,
        state=row.state,
        is_overdue=row.is_overdue,
        process_id=row.process_id,
        process_name=processes.get(row.process_id, row.process_id),
        deadline_at=row.deadline_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        steps=steps.get(row.key, ()),
    )


def _steps(connection: Connection, case_keys: Sequence[int]) -> dict[int, tuple[str, ...]]:
    table = tasks.user_tasks
    query = (
        select(table.c.case_key, table.c.name)
        .where(table.c.case_key.in_(case_keys), table.c.state == "CREATED")
        .order_by(table.c.key)
    )
    found: dict[int, tuple[str, ...]] = {}
    for case_key, name in connection.execute(query):
        before = found.get(case_key, ())
        found[case_key] = before if name in before else (*before, name)
    return found


def _count(connection: Connection, filtered: Select[Any]) -> int:
    some = filtered.with_only_columns(cases.cases.c.key).limit(COUNTED + 1).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def _processes(connection: Connection) -> dict[str, str]:
    """Return all processes: to look which of them a long list has would be to read all of it."""
    table = definitions.process_definitions
    query = select(table.c.process_id, table.c.name).where(table.c.is_latest)
    rows = connection.execute(query.order_by(table.c.process_id))
    return {process_id: name or process_id for process_id, name in rows}


def _grades(connection: Connection) -> tuple[str, ...]:
    """Return the grades of all cases, each looked for behind the one before: few among very many rows."""
    grade = cases.cases.c.grade
    found = select(func.min(grade).label("grade")).cte("grades", recursive=True)
    next_one = select(func.min(grade)).where(grade > found.c.grade).scalar_subquery()
    found = found.union_all(select(next_one).where(found.c.grade.is_not(None)))
    query = select(found.c.grade).where(found.c.grade.is_not(None))
    return tuple(connection.execute(query.order_by(found.c.grade)).scalars())
