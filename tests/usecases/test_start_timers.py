"""Timer start events: their rows start instances, the newest version alone, as often as they say."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row

from service.domain.errors import DeploymentRefusedError
from service.persistence.tables import cases, instances
from service.usecases import timers
from service.usecases.deployments import DeployFile
from tests.fakes import NOW, FakeClock
from tests.finding_texts import assert_told_in_every_language
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, open_tasks


def timed(kind: str, text: str, task: str = "work") -> DeployFile:
    """Return a process that a timer starts; it waits at a task."""
    definition = (
        f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"
    )
    start = drawing.event("startEvent", "start", definition)
    return drawing.line("timed", drawing.user_task(task), start=start)


def open_timers(office: Office) -> list[Row[Any]]:
    """Return the timers that may still fire."""
    return office.rows(instances.timers, instances.timers.c.state == "OPEN")


def fire_due(office: Office) -> int:
    """Fire all that is due and return how many did."""
    return timers.fire_starts(office.house)


def test_a_cycle_starts_an_instance_at_each_firing(office: Office, clock: FakeClock) -> None:
    """Three instances an hour apart, then never again."""
    deployed(office, timed("timeCycle", "R3/PT1H"))
    for count in (1, 2, 3):
        clock.advance(hours=1)
        assert fire_due(office) == 1
        assert open_tasks(office) == ["work"] * count
    assert open_timers(office) == []
    fired = office.rows(cases.events, cases.events.c.kind == "timer.fired")
    assert len({row.instance_key for row in fired}) == 3


def test_a_date_starts_one_instance(office: Office, clock: FakeClock) -> None:
    """And one of the past starts at once."""
    deployed(office, timed("timeDate", "2026-11-01T09:00:00+08:00"))

    assert (fire_due(office), open_tasks(office), open_timers(office)) == (1, ["work"], [])


def test_a_firing_is_done_once(office: Office, clock: FakeClock) -> None:
    """A second delivery of the same timer starts nothing."""
    deployed(office, timed("timeCycle", "R/PT1H"))
    clock.advance(hours=1, seconds=90)
    (key,) = (row.key for row in open_timers(office))

    assert [timers.fire(office.house, key), timers.fire(office.house, key)] == [True, False]
    assert open_tasks(office) == ["work"]
    (fired,) = office.rows(instances.timers, instances.timers.c.state == "FIRED")
    assert fired.lateness_s == 90
    (following,) = open_timers(office)
    assert following.due_at == NOW + timedelta(hours=2)


def test_a_new_version_cancels_the_timers_of_the_old_one(office: Office, clock: FakeClock) -> None:
    """Also when the new one has none."""
    deployed(office, timed("timeCycle", "R/PT1H"))
    deployed(office, timed("timeCycle", "R/PT5H", "other"))
    assert [row.due_at for row in open_timers(office)] == [NOW + timedelta(hours=5)]
    clock.advance(hours=2)
    assert fire_due(office) == 0

    deployed(office, drawing.line("timed", drawing.user_task("work")))
    assert open_timers(office) == []


def test_the_same_file_again_changes_nothing(office: Office, clock: FakeClock) -> None:
    """The timer keeps its key and its moment."""
    deployed(office, timed("timeCycle", "R/PT1H"))
    before = open_timers(office)
    clock.advance(minutes=30)
    deployed(office, timed("timeCycle", "R/PT1H"))

    assert open_timers(office) == before


def test_a_start_is_evaluated_without_variables(office: Office) -> None:
    """What needs some is refused at deploy, with the element; nothing is stored."""
    with pytest.raises(DeploymentRefusedError) as refused:
        deployed(office, timed("timeDate", "=opening"))

    (finding,) = refused.value.findings
    assert finding.element_id == "start"
    assert_told_in_every_language(finding)
    assert open_timers(office) == []


def test_a_cron_text_starts_instances_by_the_clock_of_shanghai(
    office: Office, clock: FakeClock
) -> None:
    """Nine in the morning is one o'clock UTC; days that were missed are skipped."""
    deployed(office, timed("timeCycle", "0 0 9 * * *"))
    assert [row.due_at for row in open_timers(office)] == [NOW + timedelta(hours=23)]

    clock.advance(days=3)
    assert (fire_due(office), open_tasks(office)) == (1, ["work"])
    assert [row.due_at for row in open_timers(office)] == [NOW + timedelta(days=3, hours=23)]
