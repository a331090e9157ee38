"""One delivery of each kind through a real broker and a real Celery worker with its beat."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, select, update

from service.bootstrap import build
from service.domain.outside import QueueDownError
from service.persistence.tables import cases
from service.persistence.tables import house as house_tables
from service.persistence.tables import instances as instance_tables
from service.running.preparing import prepare
from service.usecases.house import House
from service.usecases.outbox import SENT_AGAIN_AFTER
from tests.services import servers
from tests.workers import patrol

pytestmark = [pytest.mark.services, pytest.mark.slow]

SOON = {"cool_down": "PT1S", "check_within": "PT1S"}


class BrokenQueue:
    """A queue that never answers."""

    def send(self, job: str, subject_key: int) -> None:
        """Refuse."""
        raise QueueDownError("nobody there")


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[House, servers.House]]:
    """Give a house whose jobs a worker does, and its processes."""
    with servers.house() as parts, servers.valkey(parts.folder / "data" / "broker"):
        prepare(parts.settings)
        house = build(parts.settings).house
        patrol.prepare(house)
        parts.worker()
        parts.beat()
        yield house, parts
        parts.stop()
        house.database.engine.dispose()


def rows(house: House, table: Table, *conditions: Any) -> list[Any]:
    """Return rows of a table."""
    with house.database.reading() as connection:
        return list(connection.execute(select(table).where(*conditions)).all())


def test_mail_file_letters_timer_and_clock_come_by_themselves(
    served: tuple[House, servers.House],
) -> None:
    """A patrol is started and left alone: the worker does all that waits."""
    house, parts = served

    instance = patrol.begin(house, SOON).key

    outbox, events, timers = house_tables.outbox, cases.events, instance_tables.timers
    worker = parts.parts[0]
    servers.until(lambda: not rows(house, outbox, outbox.c.done_at.is_(None)), "outbox", worker)
    overdue = events.c.kind == "clock.overdue"
    servers.until(lambda: rows(house, events, overdue), "the clock runs", worker)
    fired = (timers.c.instance_key == instance, timers.c.state == "FIRED")
    servers.until(lambda: rows(house, timers, *fired), "the timer fires", worker)
    unsent = cases.mails.c.state != "SENT"
    servers.until(lambda: not rows(house, cases.mails, unsent), "the mails go out", worker)
    mails = list((parts.settings.data / "mail").glob("*.eml"))
    assert len(mails) == len(rows(house, cases.mails)) > 0
    letters = rows(house, cases.notifications)
    assert {"PT-M1", "XC-CS-1", "XC-X-3"} <= {letter.message_id for letter in letters}
    assert rows(house, cases.archives)[0].state == "FROZEN"


def test_what_the_queue_lost_is_sent_again(served: tuple[House, servers.House]) -> None:
    """The broker was down at the commit; later the poller finds the rows, and each is done once."""
    house, parts = served
    outbox = house_tables.outbox
    deaf = replace(house, outside=replace(house.outside, queue=BrokenQueue()))

    instance = patrol.begin(deaf)
    _age(house, SENT_AGAIN_AFTER)

    worker = parts.parts[0]
    servers.until(lambda: not rows(house, outbox, outbox.c.done_at.is_(None)), "outbox", worker)
    sent = rows(house, cases.mails, cases.mails.c.case_key == instance.case_key)
    assert [mail.state for mail in sent if mail.message_id == "PT-M1"] == ["SENT"]


def _age(house: House, by: timedelta) -> None:
    """Let the outbox rows that are not done have been sent that much earlier."""
    table = house_tables.outbox
    with house.database.unit(house.outside) as unit:
        unit.connection.execute(
            update(table).where(table.c.done_at.is_(None)).values(sent_at=unit.now - by)
        )
        unit.commit()
