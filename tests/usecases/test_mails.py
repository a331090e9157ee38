"""Mails: sent once, tried four times, and given up with a word to the sender's group."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select

from service.domain import jobs
from service.domain.outside import MailRefusedError
from service.persistence.tables import cases as tables
from service.usecases import mails, outbox
from service.usecases.house import House
from service.usecases.notifications import notify
from tests.fakes import NOW, FakeClock, RecordingMail, RecordingQueue
from tests.rows import add_attachment, add_case, add_form, add_group, add_person, add_submission

SLIP = """{"id": "slip", "type": "default", "schemaVersion": 18, "properties": {"title": "受理单"},
"components": [{"type": "textfield", "id": "f1", "key": "customer_name", "label": "顾客名称"}]}"""


@pytest.fixture
def mail_key(house: House) -> int:
    """Return a mail to a customer that waits in the outbox."""
    with house.database.unit(house.outside) as unit:
        add_group(unit.connection, "cs", name="客服部")
        add_person(unit.connection, "wang", ("cs",))
        notify(unit, to=["customer"], subject="主题", body="正文", customer_email="k@example.com")
        unit.commit()
    return int(mail(house).key)


def mail(house: House) -> Row[Any]:
    """Return the only mail."""
    with house.database.reading() as connection:
        return connection.execute(select(tables.mails)).one()


def run_outbox(house: House, clock: FakeClock) -> int:
    """Deliver what the poller finds now, and return how many jobs that were."""
    found = outbox.claim_unsent(house, 10)
    for row in found:
        assert row.job == jobs.DELIVER_MAIL
        mails.deliver(house, row.subject_key)
    return len(found)


def test_a_mail_is_sent_once(house: House, mail_key: int, mail_port: RecordingMail) -> None:
    """A second delivery of the job finds it sent."""
    assert mails.deliver(house, mail_key)
    assert not mails.deliver(house, mail_key)

    (sent,) = mail_port.sent
    assert (sent.recipient, sent.subject, sent.body) == ("k@example.com", "主题", "正文")
    assert sent.message_id == f"<{mail_key}@huiyin>"
    assert (mail(house).state, mail(house).sent_at, mail(house).attempts) == ("SENT", NOW, 1)


def test_a_sent_mail_leaves_nothing_to_send_again(
    house: House, mail_key: int, clock: FakeClock
) -> None:
    """Its row in the outbox is done."""
    mails.deliver(house, mail_key)
    clock.advance(hours=1)
    assert outbox.claim_unsent(house, 10) == []


def test_no_transaction_is_open_while_the_mail_is_sent(house: House, mail_key: int) -> None:
    """Another command can write meanwhile, and it sees that the mail is being sent."""
    states: list[str] = []

    class Curious(RecordingMail):
        def send(self, sent: Any) -> None:
            with house.database.unit(house.outside) as unit:
                unit.record("test.wrote")
                unit.commit()
            states.append(mail(house).state)

    object.__setattr__(house.outside, "mail", Curious())
    assert mails.deliver(house, mail_key)
    assert states == ["SENDING"]


def test_a_refused_mail_is_tried_after_one_five_and_thirty_minutes(
    house: House, mail_key: int, mail_port: RecordingMail, clock: FakeClock
) -> None:
    """XC-M-4: not a second earlier, and the other side's words are kept."""
    mail_port.refusal = "mailbox full"
    mails.deliver(house, mail_key)
    for minutes in (1, 5, 30):
        assert (mail(house).state, mail(house).error) == ("WAITING", "mailbox full")
        clock.advance(minutes=minutes, seconds=-1)
        assert run_outbox(house, clock) == 0
        assert not mails.deliver(house, mail_key)
        clock.advance(seconds=1)
        assert run_outbox(house, clock) == 1

    assert (mail(house).state, mail(house).attempts) == ("FAILED", 4)
    clock.advance(days=1)
    assert run_outbox(house, clock) == 0


def test_a_mail_that_is_taken_at_the_second_attempt_is_sent(
    house: House, mail_key: int, mail_port: RecordingMail, clock: FakeClock
) -> None:
    """The error of the first attempt is gone, and nobody is told of a failure."""
    mail_port.refusal = "try later"
    mails.deliver(house, mail_key)
    mail_port.refusal = None
    clock.advance(minutes=1)
    run_outbox(house, clock)

    assert (mail(house).state, mail(house).error, mail(house).attempts) == ("SENT", None, 2)
    with house.database.reading() as connection:
        assert connection.execute(select(tables.notifications)).all() == []


def test_a_mail_that_is_given_up_is_told_to_the_senders_group(
    house: House, mail_key: int, mail_port: RecordingMail, clock: FakeClock
) -> None:
    """XC-M-4: 通知发送失败处理 in the inbox, with the recipient and the reason; not by mail again."""
    mail_port.refusal = "no such user"
    mails.deliver(house, mail_key)
    for minutes in (1, 5, 30):
        clock.advance(minutes=minutes)
        run_outbox(house, clock)

    with house.database.reading() as connection:
        letter = connection.execute(select(tables.notifications)).one()
    assert letter.username == "wang"
    assert "通知发送失败处理" in letter.subject
    assert "k@example.com" in letter.body
    assert "no such user" in letter.body


def test_a_mail_whose_worker_died_is_sent_again(
    house: House, mail_key: int, clock: FakeClock, mail_port: RecordingMail
) -> None:
    """Left alone for a while, then taken over under the same Message-ID."""

    class Dying(RecordingMail):
        def send(self, sent: Any) -> None:
            raise KeyboardInterrupt

    object.__setattr__(house.outside, "mail", Dying())
    with pytest.raises(KeyboardInterrupt):
        mails.deliver(house, mail_key)
    object.__setattr__(house.outside, "mail", mail_port)

    assert not mails.deliver(house, mail_key)
    clock.advance(mails.SENDING_FOR - timedelta(seconds=1))
    assert not mails.deliver(house, mail_key)
    clock.advance(seconds=1)
    assert mails.deliver(house, mail_key)
    assert [sent.message_id for sent in mail_port.sent] == [f"<{mail_key}@huiyin>"]


def test_a_worker_that_comes_back_late_changes_nothing(
    house: House, mail_key: int, clock: FakeClock, mail_port: RecordingMail
) -> None:
    """Held up for longer than its claim, while another one sent the mail: told once, sent state stays."""

    class HeldUp(RecordingMail):
        def send(self, sent: Any) -> None:
            clock.advance(mails.SENDING_FOR)
            object.__setattr__(house.outside, "mail", mail_port)
            assert mails.deliver(house, mail_key)
            raise MailRefusedError("too late")

    object.__setattr__(house.outside, "mail", HeldUp())
    assert not mails.deliver(house, mail_key)

    with house.database.reading() as connection:
        mail = connection.execute(select(tables.mails)).one()
        kinds = connection.execute(select(tables.events.c.kind)).scalars().all()
    assert (mail.state, mail.attempts, mail.error) == ("SENT", 1, None)
    assert (kinds.count("mail.sent"), kinds.count("mail.failed")) == (1, 0)


def test_files_and_forms_travel_along(house: House, mail_port: RecordingMail) -> None:
    """A stored file as it is; a submission as a PDF with its title and the case's number."""
    with house.database.unit(house.outside) as unit:
        connection = unit.connection
        case = add_case(connection)
        form = add_form(connection, "slip", SLIP.encode())
        values = {"customer_name": "百灵"}
        add_submission(connection, case_key=case, form_id="slip", form_key=form, values=values)
        add_person(connection, "wang")
        add_attachment(connection, "photo", case_key=case)
        notify(unit, to=["wang"], subject="s", body="b", case_key=case, attach_form="slip")
        table = tables.mails
        key = connection.execute(select(table.c.key)).scalar_one()
        (reference,) = connection.execute(select(table.c.attachment_ids)).scalar_one()
        connection.execute(table.update().values(attachment_ids=[reference, "photo"]))
        unit.commit()

    mails.deliver(house, key)

    slip, photo = mail_port.sent[0].attachments
    assert (slip.file_name, slip.content_type) == ("20261124-TEL-001-受理单.pdf", "application/pdf")
    assert slip.content.startswith(b"%PDF-")
    assert (photo.file_name, photo.content) == ("photo.png", b"png")


def test_a_mail_that_does_not_exist_is_nothing_to_do(house: House, queue: RecordingQueue) -> None:
    """A stray message of the queue does no harm."""
    assert not mails.deliver(house, 1)
    assert queue.sent == []
