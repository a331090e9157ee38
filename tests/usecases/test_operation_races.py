"""Operators and workers on a real PostgreSQL, side by side: each item once, no half-done instance."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest

from service.domain import batch_operations as words
from service.domain import jobs as names
from service.domain.errors import NotFoundError, WrongStateError
from service.identity import Person
from service.persistence.database import Database
from service.persistence.tables import cases, instances, tasks
from service.usecases import migration, suspension, user_tasks
from service.usecases.batch_operations import chunks, finding, work
from service.usecases.house import House
from service.usecases.migration import MigrationPlan
from tests.fakes import RecordingQueue
from tests.persistence.postgresql import migrated_database
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, started
from tests.usecases.test_batch_operations import batch, create, items, many, work_off
from tests.usecases.test_migration import plan
from workers.jobs import REGISTERED

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.usefixtures("audited")]

INSTANCES = 12
WORKERS = 3


@pytest.fixture
def database() -> Iterator[Database]:
    """Put the house of these tests on a PostgreSQL."""
    with migrated_database() as engine:
        yield Database(engine)


def test_workers_that_get_the_same_chunk_do_each_item_once(
    office: Office, queue: RecordingQueue
) -> None:
    """It is delivered to three at the same time; every instance is cancelled by one of them."""
    keys = many(office, INSTANCES)
    key = create(office, words.CANCEL)
    REGISTERED[names.PREPARE_BATCH](office.house, key)
    (chunk,) = {row.chunk_key for row in items(office, key).values()}
    together = Barrier(WORKERS)

    def deliver(_number: int) -> None:
        together.wait()
        work.work_off(office.house, chunk)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(deliver, range(WORKERS)))
    work.work_off(office.house, chunk)
    assert batch(office, key).state == "COMPLETED"
    assert {row.state for row in items(office, key).values()} == {"COMPLETED"}
    canceled = office.rows(cases.events, cases.events.c.kind == "instance.canceled")
    assert Counter(row.instance_key for row in canceled) == dict.fromkeys(keys, 1)


def test_workers_that_look_for_the_same_items_find_each_once(
    office: Office, queue: RecordingQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three find them and three do each chunk, at the same time; never too many chunks are under way."""
    # Thousands of items would only take longer.
    monkeypatch.setattr(finding, "STRETCH", 5)
    monkeypatch.setattr(finding, "PAGE", 2)
    monkeypatch.setattr(finding, "CHUNK", 1)
    keys = many(office, INSTANCES)
    queue.take()
    key = create(office, words.SUSPEND)
    with ThreadPoolExecutor(WORKERS) as pool:
        while batch(office, key).state in ("CREATED", "ACTIVE"):
            told = set(queue.take())
            assert 0 < len(told) <= chunks.LANES
            again = [one for one in told for _ in range(WORKERS)]
            list(pool.map(lambda one: REGISTERED[one[0]](office.house, one[1]), again))
    assert {one: row.state for one, row in items(office, key).items()} == dict.fromkeys(
        keys, "COMPLETED"
    )
    suspended = office.rows(cases.events, cases.events.c.kind == "instance.suspended")
    assert Counter(row.instance_key for row in suspended) == dict.fromkeys(keys, 1)


def test_a_task_completed_while_its_instance_is_migrated_is_in_one_version(office: Office) -> None:
    """Whoever comes first, the instance is consistent: it goes on as the version it is in draws it."""
    deployed(office, drawing.line("moving", drawing.user_task("ask")))
    keys = [started(office, "moving") for _ in range(INSTANCES)]
    second = (drawing.user_task("ask"), drawing.user_task("look"))
    deployed(office, drawing.line("moving", *second))
    to: MigrationPlan = plan(office, "moving")
    table = instances.process_instances
    task_by_instance = {row.instance_key: row.key for row in office.rows(tasks.user_tasks)}
    together = Barrier(2)

    def complete() -> None:
        together.wait()
        for key in keys:
            user_tasks.complete(office.house, office.inspector, task_by_instance[key], {})

    def move() -> None:
        together.wait()
        for key in reversed(keys):
            migration.forecast(office.house, office.operator, [key], to)
            with suppress(NotFoundError):
                migration.migrate(office.house, office.operator, key, to)

    with ThreadPoolExecutor(2) as pool:
        for future in (pool.submit(complete), pool.submit(move)):
            future.result()
    ended = {row.key: (row.state, row.version) for row in office.rows(table)}
    assert set(ended.values()) <= {("COMPLETED", 1), ("ACTIVE", 2)}


def test_suspending_and_resuming_by_two_leaves_no_half(
    office: Office, queue: RecordingQueue
) -> None:
    """Rows and state always agree: a suspended instance has no open job, an active one no parked one."""
    deployed(office, drawing.line("plain", drawing.job("do_it", "work"), drawing.user_task("ask")))
    keys = [started(office, "plain") for _ in range(4)]
    together = Barrier(2)

    def act(does: Callable[[House, Person, int], None]) -> None:
        together.wait()
        for key in keys * 3:
            with suppress(WrongStateError):
                does(office.house, office.operator, key)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(act, (suspension.suspend, suspension.resume)))
    work_off(office, queue)
    states = {row.key: row.state for row in office.rows(instances.process_instances)}
    for job in office.rows(instances.jobs):
        assert job.is_suspended is (states[job.instance_key] == "SUSPENDED")
