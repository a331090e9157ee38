"""Outgoing mail: sent with no transaction open, three retries, then a note to the sender's group (XC-M-4)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update

from service.domain import jobs
from service.domain.errors import NotFoundError
from service.domain.outside import Mail, MailAttachment, MailRefusedError
from service.identity import Person, policy
from service.notifications import texts
from service.persistence.tables import cases as tables
from service.persistence.unit import Unit
from service.usecases import outbox
from service.usecases.house import House
from service.usecases.mail_attachments import attachments_of
from service.usecases.notifications import INBOX, notify

RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""Pauses before the second, third and fourth attempt (XC-M-4)."""

DEFAULT_SENDER_GROUP = "cs"
"""Who hears of a mail that could not be sent when the case names nobody: the ones who talk to customers."""

SENDING_FOR = timedelta(minutes=5)
"""A mail that was being sent for longer than this belongs to a worker that died: it is sent again."""


def deliver(house: House, mail_key: int) -> bool:
    """Send a mail that waits; False when it is sent, being sent, given up or not due.

    A mail may reach its reader twice when a worker dies between sending and writing that down; its
    Message-ID is the same both times.
    """
    mail = _take(house, mail_key)
    if mail is None:
        return False
    try:
        house.outside.mail.send(
            Mail(
                message_id=f"<{mail.key}@huiyin>",
                recipient=mail.recipient,
                subject=mail.subject,
                body=mail.body,
                attachments=_files(house, mail),
            )
        )
    except MailRefusedError as error:
        _failed(house, mail, str(error))
        return False
    _sent(house, mail)
    return True


def _take(house: House, mail_key: int) -> Row[Any] | None:
    """Mark the mail as being sent and return its row, in a short transaction of its own."""
    table = tables.mails
    with house.database.unit(house.outside) as unit:
        row = unit.connection.execute(
            select(table).where(table.c.key == mail_key).with_for_update()
        ).one_or_none()
        is_waiting = row is not None and row.state == "WAITING"
        is_left = row is not None and row.state == "SENDING"
        if row is None or not (is_waiting or is_left) or row.next_attempt_at > unit.now:
            return None
        unit.connection.execute(
            update(table)
            .where(table.c.key == mail_key)
            .values(state="SENDING", next_attempt_at=unit.now + SENDING_FOR)
        )
        unit.commit()
    return row


def files(house: House, person: Person, mail_key: int) -> list[MailAttachment]:
    """Return the files of a mail as they travel: stored ones, and forms as PDF.

    Raises:
        NotAllowedError: He may not read mails.
        NotFoundError: There is no such mail.
    """
    policy.may_read_mail(person).require()
    table = tables.mails
    with house.database.reading() as connection:
        mail = connection.execute(select(table).where(table.c.key == mail_key)).one_or_none()
    if mail is None:
        raise NotFoundError(f"Expected to find a mail with key '{mail_key}', but there is none.")
    return _files(house, mail)


def _files(house: House, mail: Row[Any]) -> list[MailAttachment]:
    with house.database.reading() as connection:
        return attachments_of(house, connection, mail.attachment_ids)


def _sent(house: House, mail: Row[Any]) -> None:
    with house.database.unit(house.outside) as unit:
        _write(unit, mail, state="SENT", sent_at=unit.now, attempts=mail.attempts + 1, error=None)
        outbox.done(unit, jobs.DELIVER_MAIL, mail.key)
        unit.record(
            "mail.sent",
            case_key=mail.case_key,
            detail={"mail_key": str(mail.key), "message_id": mail.message_id},
        )
        unit.commit()


def _failed(house: House, mail: Row[Any], error: str) -> None:
    with house.database.unit(house.outside) as unit:
        attempts = mail.attempts + 1
        outbox.done(unit, jobs.DELIVER_MAIL, mail.key)
        if attempts <= len(RETRIES):
            pause = RETRIES[attempts - 1]
            _write(
                unit,
                mail,
                state="WAITING",
                attempts=attempts,
                error=error,
                next_attempt_at=unit.now + pause,
            )
            unit.send(jobs.DELIVER_MAIL, mail.key, effect=f"attempt-{attempts + 1}", after=pause)
        else:
            _write(unit, mail, state="FAILED", attempts=attempts, error=error)
            _tell_sender(unit, mail, error)
        unit.record(
            "mail.failed",
            case_key=mail.case_key,
            rule_refs=("XC-M-4",),
            detail={"mail_key": str(mail.key), "attempts": attempts, "error": error},
        )
        unit.commit()


def _tell_sender(unit: Unit, mail: Row[Any], error: str) -> None:
    text = texts.sending_failed(mail.recipient, mail.subject, error)
    notify(
        unit,
        to=[mail.requested_by_group or DEFAULT_SENDER_GROUP],
        subject=text.subject,
        body=text.body,
        channels=(INBOX,),
        message_id="XC-M-4",
        case_key=mail.case_key,
    )


def _write(unit: Unit, mail: Row[Any], **values: Any) -> None:
    table = tables.mails
    unit.connection.execute(update(table).where(table.c.key == mail.key).values(**values))
