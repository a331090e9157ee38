"""Notifications: everybody once, on the channels asked for, and nobody forgotten."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Row, Table, select

from service.domain import jobs
from service.domain.errors import BadInputError
from service.persistence.tables import cases as tables
from service.persistence.unit import Unit
from service.usecases import notifications
from service.usecases.house import House
from tests.fakes import NOW, RecordingQueue
from tests.rows import (
    add_case,
    add_group,
    add_notification,
    add_person,
    add_submission,
    new_key,
    person,
)


@pytest.fixture
def unit(house: House) -> Iterator[Unit]:
    """Give an open unit in a house with a quality department and two more people."""
    with house.database.unit(house.outside) as opened:
        connection = opened.connection
        add_group(connection, "quality", name="质量部", other_names=["品质部"])
        add_group(connection, "sys_admin", name="系统管理员")
        add_person(connection, "lina", ("quality",))
        add_person(connection, "zhao", ("quality",), email=None)
        add_person(connection, "gone", ("quality",), is_active=False)
        add_person(connection, "robot", ("quality",), is_program=True)
        add_person(connection, "wang")
        add_person(connection, "admin", ("sys_admin",))
        yield opened


def tell(unit: Unit, **changes: Any) -> tuple[str, ...]:
    """Tell somebody something."""
    return notifications.notify(
        unit, **{"to": ["quality"], "subject": "主题", "body": "正文", **changes}
    )


def rows(unit: Unit, table: Table) -> list[Row[Any]]:
    """Return the rows of a table in the order they were written."""
    unit.flush()
    return list(unit.connection.execute(select(table).order_by(table.c.key)))


def test_everybody_is_told_once_however_he_is_named(unit: Unit) -> None:
    """Key, name and other name of a group and a member's own name are one letter to each member."""
    reached = tell(unit, to=["quality", "质量部", "lina"], cc=["品质部", "wang"])

    assert reached == ("lina", "zhao", "wang")
    assert [row.username for row in rows(unit, tables.notifications)] == ["lina", "zhao", "wang"]
    assert [row.recipient for row in rows(unit, tables.mails)] == [
        "lina@example.com",
        "wang@example.com",
    ]


@pytest.mark.parametrize(
    ("channels", "letters", "mails"),
    [(["站内信"], 2, 0), (["邮件"], 0, 1), (["站内信", "邮件"], 2, 1)],
)
def test_the_channels_decide_what_is_written(
    unit: Unit, channels: list[str], letters: int, mails: int
) -> None:
    """XC-M-2: one without a mail address is told in the inbox alone."""
    tell(unit, channels=channels)
    assert len(rows(unit, tables.notifications)) == letters
    assert len(rows(unit, tables.mails)) == mails


def test_each_mail_is_a_job_for_the_workers(unit: Unit, queue: RecordingQueue) -> None:
    """Nothing is sent inside the transaction."""
    tell(unit, to=["lina", "wang"])
    keys = [row.key for row in rows(unit, tables.mails)]
    unit.commit()
    unit.send_jobs()
    assert queue.keys_of(jobs.DELIVER_MAIL) == keys


def test_a_notification_that_would_reach_nobody_goes_to_the_administrators(unit: Unit) -> None:
    """A group without members or a name that nobody has must not swallow a message."""
    assert tell(unit, to=["supplier"]) == ("admin",)
    (event,) = rows(unit, tables.events)
    assert event.detail["to"] == ["supplier"]
    assert event.detail["reached"] == ["admin"]


def test_naming_nobody_is_refused(unit: Unit) -> None:
    """An empty list of recipients is a mistake in the diagram."""
    with pytest.raises(BadInputError):
        tell(unit, to=[])


def test_a_customer_is_told_by_mail_and_it_is_marked_so(unit: Unit) -> None:
    """XC-M-3: text, channel, time and result of what a customer was told are kept."""
    reached = tell(unit, to=["customer"], customer_email="k@example.com", message_id="FB-M2")

    (mail,) = rows(unit, tables.mails)
    assert reached == ("customer",)
    assert (mail.recipient, mail.is_to_customer, mail.message_id) == (
        "k@example.com",
        True,
        "FB-M2",
    )
    assert rows(unit, tables.notifications) == []


def test_a_customer_without_address_is_kept_as_not_reached(
    unit: Unit, queue: RecordingQueue
) -> None:
    """XC-M-3: 未送达 stands there with the text; nothing is given to the workers."""
    assert tell(unit, to=["customer"], customer_email=None) == ()

    (mail,) = rows(unit, tables.mails)
    unit.commit()
    unit.send_jobs()
    assert (mail.state, mail.body, mail.is_to_customer) == ("FAILED", "正文", True)
    assert mail.error
    assert queue.sent == []


def test_who_gets_a_copy_may_read_the_case(unit: Unit) -> None:
    """FB-P4: the group, or the person, becomes a reader of the case; recipients do not by that."""
    case = add_case(unit.connection)
    tell(unit, to=["wang"], cc=["质量部", "lina", "customer"], case_key=case)

    table = tables.case_readers
    found = unit.connection.execute(select(table.c.kind, table.c.name).order_by(table.c.name))
    assert [tuple(row) for row in found] == [("user", "lina"), ("group", "quality")]


def test_the_last_submission_of_a_form_travels_along(unit: Unit) -> None:
    """Of all rounds in the case the last one, as a reference that is made a PDF on the way."""
    case = add_case(unit.connection)
    for _ in range(2):
        key = add_submission(unit.connection, key=new_key(), case_key=case, form_id="slip")
    add_submission(unit.connection, key=new_key(), case_key=case + 1, form_id="slip")
    tell(unit, case_key=case, attach_form="slip")

    assert rows(unit, tables.mails)[0].attachment_ids == [f"form:{key}"]


def test_a_form_that_nobody_filled_in_cannot_travel(unit: Unit) -> None:
    """A mail that promises an attachment is not sent without it."""
    case = add_case(unit.connection)
    with pytest.raises(BadInputError):
        tell(unit, case_key=case, attach_form="slip")
    with pytest.raises(BadInputError):
        tell(unit, attach_form="slip")


@pytest.mark.parametrize("is_one", [True, False])
def test_letters_are_marked_as_read_by_their_owner_only(house: House, is_one: bool) -> None:
    """One or all of one's own; another's stay unread, and the first moment stays."""
    with house.database.unit(house.outside) as unit:
        first, second = (add_notification(unit.connection, "lina") for _ in range(2))
        foreign = add_notification(unit.connection, "wang")
        unit.commit()
    lina = person("lina")
    notifications.mark_read(house, lina, foreign)
    notifications.mark_read(house, lina, first if is_one else None)

    table = tables.notifications
    with house.database.reading() as connection:
        read = {
            row.key: row.read_at for row in connection.execute(select(table.c.key, table.c.read_at))
        }
    assert read == {first: NOW, second: None if is_one else NOW, foreign: None}
