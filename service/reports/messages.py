"""What was said to whom about a case: letters to staff, mails to staff and customers (XC-M-3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, select

from service.domain.notifications import INBOX, MAIL
from service.identity import mask_email
from service.persistence.tables import cases
from service.reports.names import people_names


@dataclass(frozen=True)
class Message:
    """One message.

    Attributes:
        channel: `站内信` or `邮件`.
        recipient: Names of the people, or the mail address.
        message_id: The catalogue's id, or None.
        state: Of a mail `WAITING`, `SENDING`, `SENT` or `FAILED`; of a letter empty.
    """

    channel: str
    recipient: str
    subject: str
    body: str
    at: datetime
    message_id: str | None
    is_to_customer: bool
    state: str
    error: str | None


def of_case(connection: Connection, case_key: int, *, is_masked: bool) -> tuple[Message, ...]:
    """Return what was sent about a case, newest first; one letter to many people is one message.

    Args:
        connection: Where they are read.
        case_key: The case.
        is_masked: Whether the customer's address is hidden (XC-P-4).
    """
    found = [*_letters(connection, case_key), *_mails(connection, case_key, is_masked)]
    return tuple(sorted(found, key=lambda message: message.at, reverse=True))


def _letters(connection: Connection, case_key: int) -> Iterable[Message]:
    table = cases.notifications
    query = select(table).where(table.c.case_key == case_key)
    rows = connection.execute(
        query.order_by(table.c.created_at, table.c.subject, table.c.key)
    ).all()
    names = people_names(connection, (row.username for row in rows))
    for (at, subject, body, message_id), same in groupby(rows, key=_content):
        people = "、".join(dict.fromkeys(names[row.username] for row in same))
        yield Message(INBOX, people, subject, body, at, message_id, False, "", None)


def _content(row: Row[Any]) -> tuple[datetime, str, str, str | None]:
    return row.created_at, row.subject, row.body, row.message_id


def _mails(connection: Connection, case_key: int, is_masked: bool) -> Iterable[Message]:
    table = cases.mails
    query = select(table).where(table.c.case_key == case_key).order_by(table.c.key)
    for row in connection.execute(query):
        hides = is_masked and row.is_to_customer
        yield Message(
            channel=MAIL,
            recipient=mask_email(row.recipient) if hides else row.recipient,
            subject=row.subject,
            body=row.body,
            at=row.sent_at or row.created_at,
            message_id=row.message_id,
            is_to_customer=row.is_to_customer,
            state=row.state,
            error=row.error,
        )
