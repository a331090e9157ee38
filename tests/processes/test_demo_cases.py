"""The demonstration cases: stories that the real use cases tell, each step at its own time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from service.demo_cases.loading import (
    FILE,
    TAKEN_EACH,
    AlreadyLoadedError,
    StillRunningError,
    load_demo_cases,
)
from service.demo_cases.stories import read_stories
from service.domain.outside import Mail
from service.persistence.tables import cases, instances, tasks
from service.sla import WorkingCalendar
from service.usecases import heartbeats
from service.usecases.definitions import Definitions
from tests.fakes import NOW, FakeClock, RecordingMail, RecordingQueue
from tests.processes.conftest import walking
from tests.processes.walker import Walker

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
CLOSED, WAITING, LATE = "closed", "asked", "with_evidence"
CALENDAR = WorkingCalendar()


@dataclass(frozen=True)
class Told:
    """A house in which all stories were told.

    Attributes:
        count: How many cases they opened.
        file: Its database.
        sent: What reached its mail port.
    """

    count: int
    file: bytes
    sent: Sequence[Mail]


@pytest.fixture(scope="module")
def told(
    furnished: bytes, definitions: Definitions, tmp_path_factory: pytest.TempPathFactory
) -> Told:
    """Tell the stories, once: that takes as long as a hundred other tests."""
    mail, folder = RecordingMail(), tmp_path_factory.mktemp("told")
    house = walking(furnished, folder, definitions, FakeClock(), RecordingQueue(), mail)
    with house as walker:
        count = load_demo_cases(walker.house, ROOT / FILE)
        with walker.house.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        file = (folder / "house.sqlite3").read_bytes()
    return Told(count, file, mail.sent)


@pytest.fixture
def listener(
    told: Told,
    definitions: Definitions,
    tmp_path: Path,
    clock: FakeClock,
    queue: RecordingQueue,
    mail_port: RecordingMail,
) -> Iterator[Walker]:
    """Return a walker through the house in which they were told, of this test alone."""
    with walking(told.file, tmp_path, definitions, clock, queue, mail_port) as walker:
        yield walker


def seen(walker: Walker) -> list[tuple[Any, ...]]:
    """Return what a reader sees of every case."""
    table = cases.cases
    rows = walker.rows(table)
    return [(row.case_no, row.title, row.grade, row.state, row.opened_at) for row in rows]


def first_case(walker: Walker, path: str) -> Any:
    """Return the case of the first story that goes this way: the one opened when the story begins."""
    written = orjson.loads((ROOT / FILE).read_bytes())
    number = [story["path"] for story in written["stories"]].index(path)
    begun_at = read_stories(written, NOW, CALENDAR)[number].steps[0].at
    [row] = walker.rows(cases.cases, cases.cases.c.opened_at == begun_at)
    return row


def test_stories_happen_in_the_past_at_their_own_times(told: Told, listener: Walker) -> None:
    """Cases are months old, reminders and marks came when they were due, and nothing is due now."""
    assert told.count == len(listener.rows(cases.cases))

    closed, waiting, late = (first_case(listener, path) for path in (CLOSED, WAITING, LATE))
    assert (closed.state, closed.opened_at.month) == ("CLOSED", 7)
    assert (waiting.state, late.is_overdue) == ("OPEN", True)
    marks = listener.rows(cases.events, cases.events.c.kind == "clock.overdue")
    due = {str(task.key): task.due_at for task in listener.rows(tasks.user_tasks)}
    assert marks
    assert all(mark.at == due[mark.detail["task_key"]] for mark in marks)
    fired = listener.rows(instances.timers, instances.timers.c.state == "FIRED")
    assert fired
    assert all(timer.lateness_s == 0 for timer in fired)
    open_timers = listener.rows(instances.timers, instances.timers.c.state == "OPEN")
    assert min(timer.due_at for timer in open_timers) > NOW


def test_mails_of_the_stories_are_kept_and_not_sent(told: Told, listener: Walker) -> None:
    """Nobody gets months-old mail: the port of the house is not touched. Who has no address gets none."""
    assert told.sent == []
    mails = cases.mails
    assert {mail.state for mail in listener.rows(mails, mails.c.recipient != "")} == {"SENT"}
    unsent = listener.rows(mails, mails.c.recipient == "")
    assert {(mail.state, mail.attempts) for mail in unsent} == {("FAILED", 0)}


def test_the_stories_are_told_once(listener: Walker) -> None:
    """A second load changes nothing and says why."""
    before = seen(listener)
    assert before
    with pytest.raises(AlreadyLoadedError):
        load_demo_cases(listener.house, ROOT / FILE)
    assert seen(listener) == before


def test_no_story_is_told_beside_a_living_worker(walker: Walker) -> None:
    """A worker would fire the past's timers now: the load is refused before anything is written."""
    heartbeats.beat(walker.house, "worker")
    with pytest.raises(StillRunningError):
        load_demo_cases(walker.house, ROOT / FILE)
    assert seen(walker) == []


def test_people_have_taken_some_of_what_waits(listener: Walker) -> None:
    """Nobody's inbox is empty while tasks of his groups wait, and nobody has more than two."""
    open_tasks = listener.rows(tasks.user_tasks, tasks.user_tasks.c.state == "CREATED")
    holders = Counter(row.assignee for row in open_tasks if row.assignee)
    assert holders
    assert max(holders.values()) <= TAKEN_EACH


def test_every_step_lies_before_now_on_a_working_day() -> None:
    """However the calendar lies, people of the stories keep office days (but for the last hours)."""
    told = orjson.loads((ROOT / FILE).read_bytes())
    for story in read_stories(told, NOW, CALENDAR):
        for step in story.steps:
            assert step.at < NOW
            assert CALENDAR.day(CALENDAR.local_day(step.at)).is_working


def test_all_stories_spread_over_grades_and_steps(listener: Walker) -> None:
    """At least forty complaints, all grades, closed and open at most kinds of tasks, no incident."""
    table = cases.cases
    complaints = listener.rows(table, table.c.process_id == "customer_feedback")
    assert len(complaints) >= 40
    assert {row.grade for row in complaints} == {"1级", "2级", "3级", None}
    assert len([row for row in complaints if row.state == "CLOSED"]) >= 20
    assert listener.rows(instances.incidents) == []
    with listener.house.database.reading() as connection:
        query = select(tasks.user_tasks.c.element_id).where(tasks.user_tasks.c.state == "CREATED")
        kinds = set(connection.execute(query).scalars())
        doers = set(connection.execute(select(tasks.user_tasks.c.completed_by)).scalars())
    assert len(kinds) >= 25
    assert len(doers) >= 20
