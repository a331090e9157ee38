"""Outgoing mail: sent with no transaction open, three retries, then a note to the sender's group (XC-M-4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from service.domain import jobs
from service.domain.errors import NotFoundError
from service.domain.notifications import INBOX
from service.domain.outside import Mail, MailAttachment, MailRefusedError
from service.identity import Person, policy
from service.notifications import texts
from service.persistence.tables import cases as tables
from service.persistence.unit import Unit
from service.usecases import outbox
from service.usecases.house import House
from service.usecases.mail_attachments import attachments_of
from service.usecases.notifications import notify

RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""Pauses before the second, third and fourth attempt (XC-M-4)."""

DEFAULT_SENDER_GROUP = "cs"
"""Who hears of a mail that could not be sent and that nobody's department sent: who talks to customers."""

SENDING_FOR = timedelta(minutes=5)
"""A mail that was being sent for longer than this belongs to a worker that died: it is sent again."""


@dataclass(frozen=True)
class Claim:
    """A mail in a worker's hand.

    Attributes:
        until: When another worker may take it over. It is this claim's token, too: who comes back later
            finds another one in the row, and what he has to tell changes nothing.
    """

    mail: Row[Any]
    until: datetime


def deliver(house: House, mail_key: int) -> bool:
    """Send a mail that waits; False when it is sent, being sent, given up or not due.

    A mail may reach its reader twice when a worker dies or is held up between sending and writing that
    down; its Message-ID is the same both times.
    """
    claim = _take(house, mail_key)
    if claim is None:
        return False
    mail = claim.mail
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
        _failed(house, claim, str(error))
        return False
    return _sent(house, claim)


def _take(house: House, mail_key: int) -> Claim | None:
    """Mark the mail as being sent and return the claim to it, in a short transaction of its own."""
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
        return Claim(row, unit.now + SENDING_FOR)


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


def _sent(house: House, claim: Claim) -> bool:
    mail = claim.mail
    with house.database.unit(house.outside) as unit:
        attempts = mail.attempts + 1
        if not _write(unit, claim, state="SENT", sent_at=unit.now, attempts=attempts, error=None):
            return False
        outbox.done(unit, jobs.DELIVER_MAIL, mail.key)
        unit.record(
            "mail.sent",
            case_key=mail.case_key,
            detail={"mail_key": str(mail.key), "message_id": mail.message_id},
        )
        unit.commit()
    return True


def _failed(house: House, claim: Claim, error: str) -> None:
    mail = claim.mail
    with house.database.unit(house.outside) as unit:
        attempts = mail.attempts + 1
        is_last = attempts > len(RETRIES)
        pause = timedelta(0) if is_last else RETRIES[attempts - 1]
        state = "FAILED" if is_last else "WAITING"
        changes = {"attempts": attempts, "error": error, "next_attempt_at": unit.now + pause}
        if not _write(unit, claim, state=state, **changes):
            return
        outbox.done(unit, jobs.DELIVER_MAIL, mail.key)
        if is_last:
            _tell_sender(unit, mail, error)
        else:
            unit.send(jobs.DELIVER_MAIL, mail.key, effect=f"attempt-{attempts + 1}", after=pause)
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


def _write(unit: Unit, claim: Claim, **values: Any) -> bool:
    """Write what became of a mail; False when another worker has taken it over meanwhile."""
    table = tables.mails
    mine = (table.c.key == claim.mail.key, table.c.next_attempt_at == claim.until)
    written = unit.connection.execute(
        update(table).where(*mine, table.c.state == "SENDING").values(**values)
    )
    return written.rowcount == 1
