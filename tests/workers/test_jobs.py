"""Each background job does its work once: a second delivery changes nothing."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from service.domain import jobs
from service.persistence.tables import cases, metadata, tasks
from service.persistence.tables import house as house_tables
from service.persistence.tables import instances as instance_tables
from service.usecases import user_tasks
from service.usecases.house import House
from service.usecases.transaction import SYSTEM
from tests.fakes import FakeClock, RecordingMail, RecordingQueue
from tests.workers import patrol
from workers.jobs import REGISTERED

COMES_LATE = timedelta(hours=1)
DUE = timedelta(hours=10)


@pytest.fixture
def running(house: House) -> House:
    """Return a house in which a patrol waits at all its branches."""
    patrol.prepare(house)
    patrol.begin(house)
    return house


def rows(house: House, table: Table, *conditions: Any) -> list[Any]:
    """Return the rows of a table in the order of their keys."""
    with house.database.reading() as connection:
        query = select(table).where(*conditions).order_by(*table.primary_key.columns)
        return list(connection.execute(query).all())


def counts(house: House) -> dict[str, int]:
    """Return the number of rows of each table."""
    with house.database.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def contents(house: House) -> dict[str, list[Any]]:
    """Return all rows of all tables that jobs may write, but for the sign of life."""
    return {
        table.name: sorted(map(repr, rows(house, table)))
        for table in metadata.sorted_tables
        if table is not house_tables.heartbeats
    }


def subject_of(running: House, queue: RecordingQueue, clock: FakeClock, job: str) -> int:
    """Return the key that a delivery of this job carries, at a moment at which it is due."""
    if job == jobs.FIRE_TIMERS:
        clock.advance(COMES_LATE)
        return 0
    if job == jobs.RUN_CLOCK:
        clock.advance(DUE)
        return int(rows(running, tasks.task_clocks)[0].task_key)
    return queue.keys_of(job)[0] if job in (n for n, _ in queue.sent) else 0


@pytest.mark.slow
@pytest.mark.parametrize("job", [name for name in jobs.ALL if name != jobs.POLL])
def test_a_second_delivery_changes_nothing(
    running: House, queue: RecordingQueue, clock: FakeClock, job: str
) -> None:
    """The first delivery writes what is due, the second finds it done."""
    key = subject_of(running, queue, clock, job)
    REGISTERED[job](running, key)
    after_the_first = contents(running)

    REGISTERED[job](running, key)

    assert contents(running) == after_the_first


@pytest.mark.parametrize("job", [jobs.FIRE_TIMERS, jobs.RUN_CLOCK])
def test_what_is_not_due_waits(running: House, job: str) -> None:
    """A delivery before its time changes nothing."""
    table = instance_tables.timers if job == jobs.FIRE_TIMERS else tasks.task_clocks
    before = contents(running)

    REGISTERED[job](running, rows(running, table)[0][0])

    assert contents(running) == before


def test_a_mail_is_sent_and_its_outbox_row_ends(
    running: House, queue: RecordingQueue, mail_port: RecordingMail
) -> None:
    """The mail that the diagram asked for reaches the one person of the group."""
    (key,) = queue.keys_of(jobs.DELIVER_MAIL)

    REGISTERED[jobs.DELIVER_MAIL](running, key)

    assert [mail.recipient for mail in mail_port.sent] == ["quinn@example.com"]
    assert rows(running, cases.mails)[0].state == "SENT"
    outbox = house_tables.outbox
    assert rows(running, outbox, outbox.c.job == jobs.DELIVER_MAIL)[0].done_at is not None


def test_a_mail_that_is_refused_is_tried_again_later(
    running: House, queue: RecordingQueue, clock: FakeClock, mail_port: RecordingMail
) -> None:
    """A minute later the poller sends the job, and the mail goes out (XC-M-4)."""
    (key,) = queue.keys_of(jobs.DELIVER_MAIL)
    mail_port.refusal = "mailbox unavailable"
    REGISTERED[jobs.DELIVER_MAIL](running, key)
    mail_port.refusal = None
    queue.take()
    clock.advance(minutes=1)

    REGISTERED[jobs.POLL](running, 0)

    assert (jobs.DELIVER_MAIL, key) in queue.sent
    REGISTERED[jobs.DELIVER_MAIL](running, key)
    assert rows(running, cases.mails)[0].state == "SENT"


def test_a_timer_opens_what_comes_after_it(running: House, clock: FakeClock) -> None:
    """After the hour of waiting there is a task to measure the machine."""
    clock.advance(COMES_LATE)

    REGISTERED[jobs.FIRE_TIMERS](running, 0)

    assert "measure_machine" in {row.element_id for row in rows(running, tasks.user_tasks)}


def test_a_clock_flags_the_task_and_tells_those_above(
    running: House, queue: RecordingQueue, clock: FakeClock
) -> None:
    """The task is overdue, doer and supervisor have a letter, the case variable knows (XC-X-3)."""
    key = subject_of(running, queue, clock, jobs.RUN_CLOCK)

    REGISTERED[jobs.RUN_CLOCK](running, key)

    table = tasks.user_tasks
    (task,) = rows(running, table, table.c.element_id == "check_machine")
    told = rows(running, cases.notifications, cases.notifications.c.message_id == "XC-X-3")
    variables = instance_tables.variables
    (nodes,) = rows(running, variables, variables.c.name == "overdue_nodes")
    assert task.overdue_level == 1
    assert {row.username for row in told} == {"quinn", "dora"}
    assert nodes.value == '["check_machine"]'


def test_the_signers_of_a_round_are_told(running: House, queue: RecordingQueue) -> None:
    """Each department of the round gets a letter (XC-CS-1)."""
    (key,) = queue.keys_of(jobs.NOTIFY_SIGNERS)

    REGISTERED[jobs.NOTIFY_SIGNERS](running, key)

    told = rows(running, cases.notifications, cases.notifications.c.message_id == "XC-CS-1")
    assert {row.username for row in told} == {"quinn", "sam"}


@pytest.mark.slow
def test_an_archive_gets_its_file(running: House, queue: RecordingQueue) -> None:
    """The frozen file lies among the attachments of the case (XC-AR-1)."""
    (key,) = queue.keys_of(jobs.FREEZE_ARCHIVE)

    REGISTERED[jobs.FREEZE_ARCHIVE](running, key)

    (archive,) = rows(running, cases.archives)
    (file,) = rows(running, cases.attachments)
    assert archive.state == "FROZEN"
    assert file.id == archive.file_attachment_id


def test_a_look_hands_out_what_is_due_once(
    running: House, queue: RecordingQueue, clock: FakeClock
) -> None:
    """Clock marks that are due are left to the worker that was told; timers until somebody fires them."""
    clock.advance(DUE)
    queue.take()

    REGISTERED[jobs.POLL](running, 0)
    first = queue.take()
    REGISTERED[jobs.POLL](running, 0)
    second = queue.take()
    REGISTERED[jobs.FIRE_TIMERS](running, 0)
    REGISTERED[jobs.POLL](running, 0)

    assert {jobs.FIRE_TIMERS, jobs.RUN_CLOCK} <= {job for job, _ in first}
    assert second == [(jobs.FIRE_TIMERS, 0)]
    assert queue.take() == []


def test_a_look_sends_again_what_the_queue_lost(
    running: House, queue: RecordingQueue, clock: FakeClock
) -> None:
    """Half a minute after messages were lost the same jobs are sent again, with the same keys."""
    lost = queue.take()
    clock.advance(seconds=30)

    REGISTERED[jobs.POLL](running, 0)

    assert sorted(queue.take()) == sorted(lost)


def test_a_claim_of_a_dead_worker_ends(
    running: House, queue: RecordingQueue, clock: FakeClock
) -> None:
    """A mark that was claimed and never carried out is handed out again after half a minute."""
    clock.advance(DUE)
    REGISTERED[jobs.POLL](running, 0)
    marks = {key for job, key in queue.take() if job == jobs.RUN_CLOCK}
    clock.advance(seconds=30)

    REGISTERED[jobs.POLL](running, 0)

    assert marks
    assert marks <= set(queue.keys_of(jobs.RUN_CLOCK))


def test_a_look_survives_a_broker_that_is_down(
    running: House, queue: RecordingQueue, clock: FakeClock
) -> None:
    """Nothing is lost: when the broker is back, the claims end and everything is sent."""
    clock.advance(DUE)
    queue.take()
    queue.is_down = True
    REGISTERED[jobs.POLL](running, 0)
    queue.is_down = False
    clock.advance(seconds=30)

    REGISTERED[jobs.POLL](running, 0)

    sent = {job for job, _ in queue.take()}
    assert {jobs.FIRE_TIMERS, jobs.RUN_CLOCK, jobs.DELIVER_MAIL} <= sent


def test_the_sweep_keeps_what_a_case_needs(running: House, clock: FakeClock) -> None:
    """A day later nothing of a running case is gone."""
    clock.advance(days=1, seconds=1)
    before = counts(running)

    REGISTERED[jobs.SWEEP](running, 0)

    assert counts(running) == before


def test_what_is_sent_at_the_end_of_an_overdue_task_is_over_when_it_is_done(
    running: House, queue: RecordingQueue, clock: FakeClock
) -> None:
    """Nobody chases that task; were its row left, it would be sent again every half a minute."""
    REGISTERED[jobs.RUN_CLOCK](running, subject_of(running, queue, clock, jobs.RUN_CLOCK))
    table, outbox = tasks.user_tasks, house_tables.outbox
    (late,) = rows(running, table, table.c.overdue_level > 0)
    user_tasks.complete(running, SYSTEM, late.key, {})
    (key,) = queue.keys_of(jobs.END_CHASE)
    assert key == late.key

    REGISTERED[jobs.END_CHASE](running, key)

    (row,) = rows(running, outbox, outbox.c.job == jobs.END_CHASE)
    assert row.done_at is not None
