"""Signals and start timers on a real PostgreSQL: many at once, nothing lost, nothing twice, nobody stuck."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from service.domain import jobs
from service.persistence.database import Database
from service.persistence.tables import instances, tasks
from service.usecases import deployments, signals, starts, timers, user_tasks
from service.usecases.execution.execution import Execution
from tests.fakes import FakeClock, RecordingQueue
from tests.persistence.postgresql import migrated_database
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, open_tasks, started
from tests.usecases.test_parallel_starts import ORDERED, PAID, gathering, kept, publish
from tests.usecases.test_races import meet
from tests.usecases.test_start_timers import open_timers, timed

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.usefixtures("audited")]

COUNT = 4
WATCH = (
    '<bpmn:subProcess id="watch" triggeredByEvent="true">'
    '<bpmn:startEvent id="heard" isInterrupting="false">'
    f"{drawing.signalled('news')}</bpmn:startEvent>{drawing.user_task('handle')}"
    f"{drawing.flow('heard', 'handle')}</bpmn:subProcess>"
)
CHORUS = drawing.line(
    "chorus",
    drawing.user_task("ask"),
    drawing.event("intermediateThrowEvent", "tell", drawing.signalled("news")),
    beside=WATCH,
    definitions=drawing.signal("news"),
)


@pytest.fixture
def database() -> Iterator[Database]:
    """Put the house of these tests on a PostgreSQL."""
    with migrated_database() as engine:
        yield Database(engine)


def test_instances_that_signal_each_other_all_hear_all(
    office: Office, queue: RecordingQueue
) -> None:
    """Thrown at the same time and carried out twice each by four workers: every one heard every one."""
    deployed(office, CHORUS)
    for _ in range(COUNT):
        started(office, "chorus")
    asked = office.rows(tasks.user_tasks, tasks.user_tasks.c.element_id == "ask")

    def complete(key: int) -> None:
        user_tasks.complete(office.house, office.inspector, key, {})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(complete, [row.key for row in asked]))
        sent = queue.keys_of(jobs.DELIVER_SIGNAL)
        list(pool.map(lambda key: signals.deliver(office.house, key), sent + sent))

    handling = office.rows(tasks.user_tasks, tasks.user_tasks.c.element_id == "handle")
    heard = Counter(row.instance_key for row in handling)
    assert (len(sent), sorted(heard.values())) == (COUNT * (COUNT - 1), [COUNT] * COUNT)
    assert office.rows(instances.signal_deliveries) == []


def test_a_start_timer_fired_beside_a_deployment_leaves_no_old_one(
    office: Office, clock: FakeClock
) -> None:
    """The deployment waits, then cancels the next firing that the old version has just set."""
    deployed(office, timed("timeCycle", "R/PT1H"))
    clock.advance(hours=1)
    newer = timed("timeCycle", "R/PT5H", "other")

    def fire(execution: Execution) -> None:
        table = instances.timers
        row = execution.unit.connection.execute(select(table)).one()
        assert starts.fire(execution, row)

    meet(office.house, office.owner, fire, lambda: deployed(office, newer))
    (left,) = open_timers(office)
    assert (left.cycle, open_tasks(office)) == ("R/PT5H", ["work"])


def test_a_deployment_beside_a_start_timer_cancels_it(office: Office, clock: FakeClock) -> None:
    """The firing waits, then finds itself canceled."""
    deployed(office, timed("timeCycle", "R/PT1H"))
    clock.advance(hours=1)
    (due,) = open_timers(office)
    newer = deployments.check_parse([timed("timeCycle", "R/PT5H", "other")])

    def deploy(execution: Execution) -> None:
        deployments.store_all(execution, office.owner, [newer])

    fired = meet(office.house, office.owner, deploy, lambda: timers.fire(office.house, due.key))
    assert (fired, open_tasks(office)) == (False, [])
    assert [timer.cycle for timer in open_timers(office)] == ["R/PT5H"]


def test_triggers_that_come_at_the_same_time_start_one_instance(office: Office) -> None:
    """The parts of a parallel multiple start event: neither overlooks the other, whoever comes first."""
    deployed(office, gathering(ORDERED, PAID))
    with ThreadPoolExecutor(4) as pool:
        parts = [(name, key) for key in "ABCD" for name in ("ordered", "paid")]
        list(pool.map(lambda part: publish(office, *part), parts))

    assert (open_tasks(office), kept(office)) == (["pack"] * 4, 0)
