"""The letters of one person (站内信)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from service.domain.errors import NotFoundError
from service.identity import Person
from service.persistence.tables import cases
from service.reports import paging
from service.reports.paging import SortColumn, decode, encode


@dataclass(frozen=True)
class Letter:
    """One letter; `read_at` is None until it was opened."""

    key: int
    subject: str
    body: str
    message_id: str | None
    case_no: str | None
    task_key: int | None
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class LettersPage:
    """One page of the list; `next_cursor` is None at the end."""

    rows: Sequence[Letter]
    next_cursor: str | None


def page(
    connection: Connection, person: Person, *, cursor: str | None = None, limit: int = 30
) -> LettersPage:
    """Return a person's letters, newest first.

    Raises:
        BadInputError: The cursor is none of this list.
    """
    table = cases.notifications
    sort = (SortColumn(table.c.created_at, True), SortColumn(table.c.key, True))
    statement = _letters(person)
    if cursor:
        statement = statement.where(paging.after(sort, decode(cursor, sort)))
    found = connection.execute(statement.order_by(*paging.order(sort)).limit(limit + 1)).all()
    shown = found[:limit]
    last = [shown[-1].created_at, shown[-1].key] if len(found) > limit else None
    return LettersPage(tuple(_letter(row) for row in shown), None if last is None else encode(last))


def letter(connection: Connection, person: Person, key: int) -> Letter:
    """Return one letter.

    Raises:
        NotFoundError: There is none with that key to this person.
    """
    row = connection.execute(_letters(person).where(cases.notifications.c.key == key)).one_or_none()
    if row is None:
        raise NotFoundError(f"Expected to find a notification '{key}', but there is none.")
    return _letter(row)


def _letters(person: Person) -> Select[Any]:
    table, case = cases.notifications, cases.cases
    return (
        select(table, case.c.case_no)
        .outerjoin(case, case.c.key == table.c.case_key)
        .where(table.c.username == person.username)
    )


def _letter(row: Row[Any]) -> Letter:
    return Letter(
        key=row.key,
        subject=row.subject,
        body=row.body,
        message_id=row.message_id,
        case_no=row.case_no,
        task_key=row.task_key,
        created_at=row.created_at,
        read_at=row.read_at,
    )
