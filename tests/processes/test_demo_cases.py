"""The demonstration cases: stories that the real use cases tell, each step at its own time."""

from collections import Counter
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
from service.persistence.tables import cases, instances, tasks
from service.sla import WorkingCalendar
from service.usecases import heartbeats
from tests.fakes import NOW
from tests.processes.walker import Walker

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
CLOSED, WAITING, LATE = "closed", "asked", "with_evidence"


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Return a file with one closed story, one that waits for evidence and one that is late."""
    told = orjson.loads((ROOT / FILE).read_bytes())
    chosen = [
        next(story for story in told["stories"] if story["path"] == path)
        for path in (CLOSED, WAITING, LATE)
    ]
    path = tmp_path / "few.json"
    path.write_bytes(orjson.dumps({**told, "stories": chosen}))
    return path


def seen(walker: Walker) -> list[tuple[Any, ...]]:
    """Return what a reader sees of every case."""
    table = cases.cases
    rows = walker.rows(table)
    return [(row.case_no, row.title, row.grade, row.state, row.opened_at) for row in rows]


def test_stories_happen_in_the_past_at_their_own_times(walker: Walker, few: Path) -> None:
    """Cases are months old, reminders and marks came when they were due, and nothing is due now."""
    assert load_demo_cases(walker.house, few) == 3

    closed, waiting, late = walker.rows(cases.cases)
    assert (closed.state, closed.opened_at.month) == ("CLOSED", 7)
    assert (waiting.state, late.is_overdue) == ("OPEN", True)
    told = walker.rows(cases.events, cases.events.c.kind == "clock.overdue")
    due = {str(task.key): task.due_at for task in walker.rows(tasks.user_tasks)}
    assert told
    assert all(event.at == due[event.detail["task_key"]] for event in told)
    fired = walker.rows(instances.timers, instances.timers.c.state == "FIRED")
    assert fired
    assert all(timer.lateness_s == 0 for timer in fired)
    open_timers = walker.rows(instances.timers, instances.timers.c.state == "OPEN")
    assert min(timer.due_at for timer in open_timers) > NOW


def test_mails_of_the_stories_are_kept_and_not_sent(walker: Walker, few: Path) -> None:
    """Nobody gets months-old mail: the port of the house is not touched."""
    load_demo_cases(walker.house, few)
    assert walker.mail.sent == []
    assert {mail.state for mail in walker.rows(cases.mails)} == {"SENT"}


def test_the_stories_are_told_once(walker: Walker, few: Path) -> None:
    """A second load changes nothing and says why."""
    load_demo_cases(walker.house, few)
    before = seen(walker)
    with pytest.raises(AlreadyLoadedError):
        load_demo_cases(walker.house, few)
    assert seen(walker) == before


def test_no_story_is_told_beside_a_living_worker(walker: Walker, few: Path) -> None:
    """A worker would fire the past's timers now: the load is refused before anything is written."""
    heartbeats.beat(walker.house, "worker")
    with pytest.raises(StillRunningError):
        load_demo_cases(walker.house, few)
    assert seen(walker) == []


def test_people_have_taken_some_of_what_waits(walker: Walker, few: Path) -> None:
    """Nobody's inbox is empty while tasks of his groups wait, and nobody has more than two."""
    load_demo_cases(walker.house, few)
    open_tasks = walker.rows(tasks.user_tasks, tasks.user_tasks.c.state == "CREATED")
    holders = Counter(row.assignee for row in open_tasks if row.assignee)
    assert holders
    assert max(holders.values()) <= TAKEN_EACH


def test_every_step_lies_before_now_on_a_working_day() -> None:
    """However the calendar lies, people of the stories keep office days (but for the last hours)."""
    told = orjson.loads((ROOT / FILE).read_bytes())
    calendar = WorkingCalendar()
    for story in read_stories(told, NOW, calendar):
        for step in story.steps:
            assert step.at < NOW
            assert calendar.day(calendar.local_day(step.at)).is_working


def test_all_stories_spread_over_grades_and_steps(walker: Walker) -> None:
    """At least forty complaints, all grades, closed and open at most kinds of tasks, no incident."""
    load_demo_cases(walker.house, ROOT / FILE)

    table = cases.cases
    complaints = walker.rows(table, table.c.process_id == "customer_feedback")
    assert len(complaints) >= 40
    assert {row.grade for row in complaints} == {"1级", "2级", "3级", None}
    assert len([row for row in complaints if row.state == "CLOSED"]) >= 20
    assert walker.rows(instances.incidents) == []
    with walker.house.database.reading() as connection:
        query = select(tasks.user_tasks.c.element_id).where(tasks.user_tasks.c.state == "CREATED")
        kinds = set(connection.execute(query).scalars())
        doers = set(connection.execute(select(tasks.user_tasks.c.completed_by)).scalars())
    assert len(kinds) >= 25
    assert len(doers) >= 20
