"""A timer that its instance refuses: told, never thrown away."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from service.domain.errors import WrongStateError
from service.persistence.tables import instances
from service.usecases import timers
from tests.fakes import FakeClock
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, open_tasks, started

LIMITED = drawing.line(
    "limited", drawing.user_task("work"), beside=drawing.boundary("work", drawing.timer("PT1H"))
)


def test_a_timer_that_the_instance_refuses_is_not_thrown_away(
    office: Office, clock: FakeClock
) -> None:
    """Its row says another moment than the instance does: that is told, and tried again later."""
    deployed(office, LIMITED)
    started(office, "limited")
    with office.house.database.unit(office.house.outside) as unit:
        early = {"due_at": clock.now() - timedelta(minutes=1)}
        unit.connection.execute(update(instances.timers).values(early))
        unit.commit()
    (timer_key,) = timers.claim_due(office.house)
    with pytest.raises(WrongStateError, match="due"):
        timers.fire(office.house, timer_key)
    clock.advance(hours=1)
    assert timers.claim_due(office.house) == (timer_key,)
    assert timers.fire(office.house, timer_key)
    assert open_tasks(office) == ["work_mended"]
