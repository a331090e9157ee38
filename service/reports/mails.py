"""Mails the house wrote, for administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from service.persistence.tables import cases
from service.reports import paging
from service.reports.paging import SortColumn, decode, encode


@dataclass(frozen=True)
class MailRow:
    """One mail.

    Attributes:
        state: `WAITING`, `SENDING`, `SENT` or `FAILED`.
    """

    key: int
    recipient: str
    subject: str
    body: str
    message_id: str | None
    case_no: str | None
    is_to_customer: bool
    state: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    sent_at: datetime | None
    error: str | None


@dataclass(frozen=True)
class MailsPage:
    """One page of the list; `next_cursor` is None at the end."""

    rows: Sequence[MailRow]
    next_cursor: str | None


def page(connection: Connection, *, cursor: str | None = None, limit: int = 50) -> MailsPage:
    """Return the mails, newest first, without their files.

    Raises:
        BadInputError: The cursor is none of this list.
    """
    table = cases.mails
    sort = (SortColumn(table.c.created_at, True), SortColumn(table.c.key, True))
    statement = _mails()
    if cursor:
        statement = statement.where(paging.after(sort, decode(cursor, sort)))
    found = connection.execute(statement.order_by(*paging.order(sort)).limit(limit + 1)).all()
    shown = found[:limit]
    last = [shown[-1].created_at, shown[-1].key] if len(found) > limit else None
    return MailsPage(tuple(_row(row) for row in shown), None if last is None else encode(last))


def mail(connection: Connection, key: int) -> MailRow | None:
    """Return one mail, or None."""
    row = connection.execute(_mails().where(cases.mails.c.key == key)).one_or_none()
    return None if row is None else _row(row)


def _mails() -> Any:
    table, case = cases.mails, cases.cases
    return select(table, case.c.case_no).outerjoin(case, case.c.key == table.c.case_key)


def _row(row: Row[Any]) -> MailRow:
    return MailRow(
        key=row.key,
        recipient=row.recipient,
        subject=row.subject,
        body=row.body,
        message_id=row.message_id,
        case_no=row.case_no,
        is_to_customer=row.is_to_customer,
        state=row.state,
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        sent_at=row.sent_at,
        error=row.error,
    )
