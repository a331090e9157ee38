"""Timers on a real PostgreSQL: several workers at once fire different ones and wait for nobody."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, select

from service.persistence.database import Database
from service.persistence.tables import cases, instances
from service.usecases import process_instances, timers
from tests.fakes import FakeClock
from tests.persistence.postgresql import migrated_database
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, open_tasks, started, state

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.usefixtures("audited")]

COUNT = 30
LIMITED = drawing.line(
    "limited", drawing.user_task("work"), beside=drawing.boundary("work", drawing.timer("PT1H"))
)


@pytest.fixture
def database() -> Iterator[Database]:
    """Put the house of these tests on a PostgreSQL."""
    with migrated_database() as engine:
        yield Database(engine)


@pytest.fixture
def overdue(office: Office, clock: FakeClock) -> Office:
    """Return the office with many tasks whose time is over."""
    deployed(office, LIMITED)
    for _ in range(COUNT):
        started(office, "limited")
    clock.advance(hours=1)
    return office


def test_workers_side_by_side_fire_each_timer_once(overdue: Office) -> None:
    """SKIP LOCKED: together they fire all, and the history tells of each once."""

    def work(_number: int) -> int:
        fired = 0
        while count := timers.fire_due(overdue.house, 4):
            fired += count
        return fired

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == COUNT
    told = overdue.rows(cases.events, cases.events.c.kind == "timer.fired")
    assert set(Counter(row.instance_key for row in told).values()) == {1}
    assert open_tasks(overdue) == ["work_mended"] * COUNT
    assert {row.state for row in overdue.rows(instances.timers)} == {"FIRED"}


def test_a_tree_that_somebody_has_in_hand_is_passed_over(overdue: Office) -> None:
    """The others fire meanwhile; that one at the next look, or never, if the command ended its task."""
    house, table = overdue.house, instances.process_instances
    held = overdue.rows(table)[0]
    with house.database.unit(house.outside) as unit:
        query = select(table.c.key).where(table.c.key == held.key).with_for_update()
        unit.connection.execute(query)
        assert timers.fire_due(house, COUNT) == COUNT - 1
        assert timers.fire_due(house, COUNT) == 0
    process_instances.cancel(house, overdue.operator, held.key)
    assert (timers.fire_due(house), state(overdue, held.key)) == (0, "TERMINATED")


def test_a_batch_costs_no_statement_a_timer(office: Office, clock: FakeClock) -> None:
    """Claimed, read and written together: thirty take hardly more than one."""
    wait = f'<bpmn:intermediateCatchEvent id="wait">{drawing.timer("PT1H")}</bpmn:intermediateCatchEvent>'
    deployed(office, drawing.line("waiting", wait, drawing.user_task("after")))
    for _ in range(COUNT):
        started(office, "waiting")
    clock.advance(hours=1)
    told: list[str] = []
    event.listen(
        office.house.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: told.append(statement),
    )
    assert timers.fire_due(office.house, COUNT) == COUNT
    assert len(told) < COUNT / 2, told
