"""A timer that its instance refuses: told, never thrown away."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from service.domain.errors import BusyError, UnavailableError, WrongStateError
from service.persistence.tables import instances
from service.usecases import timers
from service.usecases.timers import FIRST_PAUSE
from tests.fakes import FakeClock
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, open_tasks, started

SECOND = timedelta(seconds=1)
LIMITED = drawing.line(
    "limited", drawing.user_task("work"), beside=drawing.boundary("work", drawing.timer("PT1H"))
)


def put_forward(office: Office, by: timedelta) -> int:
    """Let the row of the newest timer say an earlier moment than its instance does; return its key."""
    table = instances.timers
    newest = max(office.rows(table), key=lambda row: int(row.key))
    with office.house.database.unit(office.house.outside) as unit:
        earlier = update(table).where(table.c.key == newest.key).values(due_at=newest.due_at - by)
        unit.connection.execute(earlier)
        unit.commit()
    return int(newest.key)


def test_a_timer_that_the_instance_refuses_holds_up_no_other(
    office: Office, clock: FakeClock
) -> None:
    """Two fire, the third rests, twice as long each time, and fires when its instance lets it."""
    deployed(office, LIMITED)
    started(office, "limited")
    started(office, "limited")
    clock.advance(minutes=2)
    started(office, "limited")
    refused = put_forward(office, timedelta(minutes=2))

    clock.advance(minutes=58)
    assert timers.fire_due(office.house) == 3
    assert open_tasks(office) == ["work", "work_mended", "work_mended"]
    (row,) = office.rows(instances.timers, instances.timers.c.state == "OPEN")
    assert (row.key, row.attempts, row.retry_at) == (refused, 1, clock.now() + FIRST_PAUSE)

    clock.advance(FIRST_PAUSE - SECOND)
    assert (timers.count_due(office.house, 9), timers.fire_due(office.house)) == (0, 0)
    clock.advance(SECOND)
    assert (timers.count_due(office.house, 9), timers.fire_due(office.house)) == (1, 1)
    (row,) = office.rows(instances.timers, instances.timers.c.state == "OPEN")
    assert (row.attempts, row.retry_at) == (2, clock.now() + 2 * FIRST_PAUSE)

    clock.advance(minutes=2)
    assert timers.fire_due(office.house) == 1
    assert open_tasks(office) == ["work_mended"] * 3


def test_a_refused_timer_is_told_to_who_fires_it(office: Office) -> None:
    """Fired by itself it raises; nothing of it is written."""
    deployed(office, LIMITED)
    started(office, "limited")
    key = put_forward(office, timedelta(hours=2))
    with pytest.raises(WrongStateError, match="due"):
        timers.fire(office.house, key)
    assert [row.state for row in office.rows(instances.timers)] == ["OPEN"]


@pytest.mark.parametrize(
    "error",
    [
        BusyError("Expected the instance to be free, but somebody has it."),
        UnavailableError("Expected the database to answer, but it does not."),
    ],
    ids=["busy", "unavailable"],
)
def test_a_timer_that_cannot_fire_now_waits_a_moment_only(
    office: Office, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """It is no fault of the timer: its attempts are not counted, and a second later it fires."""
    deployed(office, LIMITED)
    started(office, "limited")
    clock.advance(hours=1)
    fire = timers._run

    def busy(*_: object) -> None:
        raise error

    monkeypatch.setattr(timers, "_run", busy)
    assert timers.fire_due(office.house) == 1
    monkeypatch.setattr(timers, "_run", fire)
    (row,) = office.rows(instances.timers)
    assert (row.state, row.attempts, row.retry_at) == ("OPEN", 0, clock.now() + SECOND)

    clock.advance(SECOND)
    assert timers.fire_due(office.house) == 1
    assert open_tasks(office) == ["work_mended"]
