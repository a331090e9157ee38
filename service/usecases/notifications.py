"""Notifications: 站内信 for staff, mail through the outbox, everything kept (XC-M-1 to XC-M-3)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update

from service.domain import jobs
from service.domain.errors import BadInputError
from service.domain.notifications import CHANNELS, INBOX, MAIL
from service.identity import Person
from service.persistence.tables import cases, tasks
from service.persistence.unit import Unit
from service.usecases import people
from service.usecases.cases import add_readers
from service.usecases.execution.task_rows import NOBODY_GROUP
from service.usecases.house import House

CUSTOMER = "customer"

NO_ADDRESS = ""
"""Recipient of a mail that could not be sent because the customer has no address."""


def notify(
    unit: Unit,
    *,
    to: Sequence[str],
    subject: str,
    body: str,
    cc: Sequence[str] = (),
    channels: Sequence[str] = CHANNELS,
    message_id: str | None = None,
    case_key: int | None = None,
    task_key: int | None = None,
    customer_email: str | None = None,
    attach_form: str | None = None,
    sender_group: str | None = None,
) -> tuple[str, ...]:
    """Tell people and, when `customer` is among them, the customer by mail; return who was reached.

    Everybody is told once, however many of his groups are named; when all names together mean nobody,
    the administrators are told. Who gets a copy may read the case (FB-P4). A customer without a mail
    address is not reached: the message is kept as failed (XC-M-3), and the diagram's tasks are how he is
    told then.

    Raises:
        BadInputError: Nobody is named, or the form was not filled in in this case.
    """
    names = [name for name in dict.fromkeys([*to, *cc]) if name != CUSTOMER]
    tells_customer = CUSTOMER in to or CUSTOMER in cc
    if not names and not tells_customer:
        raise BadInputError(
            "Expected a notification to name somebody, but it names nobody.",
            message="通知没有写明收件人，请在 to 或 cc 中写明。",
        )
    # All that can be refused is refused before a row is written: an operator has it done again.
    is_mailed = MAIL in channels or tells_customer
    attached = _submission(unit, case_key, attach_form) if is_mailed else []
    staff = people.resolve_recipients(unit.connection, names)
    if names and not staff:
        staff = people.resolve_recipients(unit.connection, [NOBODY_GROUP])
    reached = [person.username for person in staff]
    if INBOX in channels:
        _write_inbox(unit, staff, subject, body, message_id, case_key, task_key)
    if MAIL in channels:
        addresses = [person.email for person in staff if person.email]
        _write_mails(unit, addresses, subject, body, message_id, case_key, attached, sender_group)
    if tells_customer:
        _write_mails(
            unit,
            [customer_email or NO_ADDRESS],
            subject,
            body,
            message_id,
            case_key,
            attached,
            sender_group,
            is_to_customer=True,
        )
    if tells_customer and customer_email:
        reached.append(CUSTOMER)
    if case_key is not None and cc:
        add_readers(unit, case_key, [name for name in cc if name != CUSTOMER])
    unit.record(
        "notification.sent",
        case_key=case_key,
        detail={
            "message_id": message_id,
            "subject": subject,
            "to": list(to),
            "cc": list(cc),
            "channels": list(channels),
            "reached": reached,
            "customer_not_reached": tells_customer and not customer_email,
        },
    )
    return tuple(reached)


def mark_read(house: House, person: Person, key: int | None = None) -> None:
    """Mark one notification of a person, or with None all of them, as read."""
    table = cases.notifications
    with house.database.unit(house.outside) as unit:
        his = [table.c.username == person.username, table.c.read_at.is_(None)]
        if key is not None:
            his.append(table.c.key == key)
        unit.connection.execute(update(table).where(*his).values(read_at=unit.now))
        unit.commit()


def _write_inbox(
    unit: Unit,
    staff: Sequence[Person],
    subject: str,
    body: str,
    message_id: str | None,
    case_key: int | None,
    task_key: int | None,
) -> None:
    rows = [
        {
            "key": unit.new_key(),
            "username": person.username,
            "case_key": case_key,
            "task_key": task_key,
            "message_id": message_id,
            "subject": subject,
            "body": body,
            "created_at": unit.now,
        }
        for person in staff
    ]
    if rows:
        unit.connection.execute(insert(cases.notifications), rows)


def _write_mails(
    unit: Unit,
    addresses: Sequence[str],
    subject: str,
    body: str,
    message_id: str | None,
    case_key: int | None,
    attached: list[str],
    sender_group: str | None,
    is_to_customer: bool = False,
) -> None:
    common: dict[str, Any] = {
        "subject": subject,
        "body": body,
        "attachment_ids": attached,
        "message_id": message_id,
        "case_key": case_key,
        "is_to_customer": is_to_customer,
        "attempts": 0,
        "created_at": unit.now,
        "requested_by_group": sender_group,
    }
    rows = [
        {"key": unit.new_key(), "recipient": address, **_sending(unit, address), **common}
        for address in dict.fromkeys(addresses)
    ]
    if rows:
        unit.connection.execute(insert(cases.mails), rows)
    for row in rows:
        if row["state"] == "WAITING":
            unit.send(jobs.DELIVER_MAIL, row["key"])


def _sending(unit: Unit, address: str) -> dict[str, Any]:
    """Return how the sending of a mail begins: it waits, or has failed for want of an address."""
    if address == NO_ADDRESS:
        return {"state": "FAILED", "error": "客户没有邮箱地址", "next_attempt_at": None}
    return {"state": "WAITING", "error": None, "next_attempt_at": unit.now}


def _submission(unit: Unit, case_key: int | None, form_id: str | None) -> list[str]:
    """Return a reference to the last submission of a form in the case: `form:<key>`, made a PDF later."""
    if not form_id:
        return []
    table = tasks.form_submissions
    key = unit.connection.execute(
        select(table.c.key)
        .where(table.c.case_key == case_key, table.c.form_id == form_id)
        .order_by(table.c.key.desc())
        .limit(1)
    ).scalar_one_or_none()
    if key is None:
        raise BadInputError(
            f"Expected the form '{form_id}' to have been filled in in this case, but it was not.",
            form_id=form_id,
            message=f"要附上的表单 {form_id} 在本案件中尚未填写。",
        )
    return [f"form:{key}"]
