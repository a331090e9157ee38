"""Batch operations: each item once, in a transaction of its own, whatever fails or dies on the way."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Row, and_, update

from service.domain import batch_operations as words
from service.domain import jobs as names
from service.domain.errors import (
    BusyError,
    HuiyinError,
    NotAllowedError,
    NotFoundError,
    UnavailableError,
    WrongStateError,
)
from service.persistence.tables import batch_operations as tables
from service.persistence.tables import cases, instances, tasks
from service.persistence.tables import house as house_tables
from service.usecases import jobs, outbox, process_instances, suspension, user_tasks
from service.usecases.batch_operations import control, finding, work
from service.usecases.batch_operations.control import CreateBatch
from service.usecases.batch_operations.items import carry_out
from service.usecases.house import House
from service.usecases.transaction import SYSTEM
from tests.fakes import FakeClock, RecordingQueue
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import (
    active_incidents,
    deployed,
    incident,
    mend,
    open_tasks,
    started,
    state,
)
from tests.usecases.test_suspension import activated
from workers.jobs import REGISTERED
from workers.jobs import batch_operations as preparing

PLAIN = {"processDefinitionId": "plain"}


def many(office: Office, count: int = 3) -> list[int]:
    """Deploy a process of two tasks and start it some times."""
    two = (drawing.user_task("ask"), drawing.user_task("check"))
    deployed(office, drawing.line("plain", *two))
    return [started(office, "plain") for _ in range(count)]


def create(office: Office, kind: str, /, **plan: Any) -> int:
    """Create a batch operation on the instances of `plain` as the operator."""
    return control.create(office.house, office.operator, CreateBatch(kind, PLAIN, plan))


def work_off(office: Office, queue: RecordingQueue) -> None:
    """Do what the queue was told, and what follows from that, like a worker."""
    while queue.sent:
        job, key = queue.sent.pop(0)
        if job in (names.PREPARE_BATCH, names.RUN_BATCH_CHUNK):
            REGISTERED[job](office.house, key)


def complete_task(office: Office, instance_key: int) -> None:
    """Complete the one open task of an instance."""
    table = tasks.user_tasks
    of_it = and_(table.c.instance_key == instance_key, table.c.state == "CREATED")
    (task,) = office.rows(table, of_it)
    user_tasks.complete(office.house, SYSTEM, task.key, {})


def batch(office: Office, key: int) -> Row[Any]:
    """Return a batch operation."""
    (row,) = office.rows(tables.batch_operations, tables.batch_operations.c.key == key)
    return row


def items(office: Office, key: int) -> Mapping[int, Row[Any]]:
    """Return its items by the key of the thing."""
    table = tables.batch_operation_items
    return {row.item_key: row for row in office.rows(table, table.c.batch_key == key)}


def test_a_batch_is_created_filled_and_worked_off(office: Office, queue: RecordingQueue) -> None:
    """Its items are found by a worker; each is done; the history tells of both ends."""
    keys = many(office)
    key = create(office, words.CANCEL)
    assert (batch(office, key).state, batch(office, key).started_at) == ("CREATED", None)
    work_off(office, queue)
    done = batch(office, key)
    assert (done.state, done.ended_at is not None) == ("COMPLETED", True)
    assert {k: row.state for k, row in items(office, key).items()} == dict.fromkeys(
        keys, "COMPLETED"
    )
    assert {state(office, k) for k in keys} == {"TERMINATED"}
    told = {row.kind for row in office.rows(cases.events)}
    assert {"operation.created", "operation.completed"} <= told


def test_a_refused_item_is_written_down_and_the_others_go_on(
    office: Office, queue: RecordingQueue
) -> None:
    """It ended meanwhile; the batch is completed all the same."""
    keys = many(office)
    key = create(office, words.MODIFY, moves=[["ask", "check"]])
    REGISTERED[names.PREPARE_BATCH](office.house, key)
    process_instances.cancel(office.house, office.operator, keys[1])
    work_off(office, queue)
    found = items(office, key)
    assert [found[k].state for k in keys] == ["COMPLETED", "FAILED", "COMPLETED"]
    error = found[keys[1]].error
    assert (error["kind"], "has ended" in error["detail"]) == ("NotFoundError", True)
    assert (batch(office, key).state, open_tasks(office)) == ("COMPLETED", ["check", "check"])


def test_each_instance_is_moved_from_where_it_stands(office: Office, queue: RecordingQueue) -> None:
    """One of several moves is enough, out of a sub-process, too; only who stands nowhere is refused.

    Source: Camunda 8.10 (BatchOperationModifyProcessInstanceIT): what an instance is not at is left out, and
    the scope is found among those around the source.
    """
    inside = f'<bpmn:startEvent id="begin" />{drawing.user_task("inner")}{drawing.flow("begin", "inner")}'
    part = f'<bpmn:subProcess id="part">{inside}</bpmn:subProcess>'
    steps = (drawing.user_task("ask"), part, drawing.user_task("check"), drawing.user_task("last"))
    deployed(office, drawing.line("plain", *steps))
    outside, deep, elsewhere = (started(office, "plain") for _ in range(3))
    for instance_key, times in ((deep, 1), (elsewhere, 3)):
        for _ in range(times):
            complete_task(office, instance_key)
    moves = [["ask", "check"], ["inner", "last"], ["check", "nowhere"]]
    key = create(office, words.MODIFY, moves=moves)
    work_off(office, queue)
    found = items(office, key)
    states = [found[k].state for k in (outside, deep, elsewhere)]
    assert (states, open_tasks(office)) == (
        ["COMPLETED", "COMPLETED", "FAILED"],
        ["check", "last", "last"],
    )
    assert "'ask', 'inner', 'check' to be active" in found[elsewhere].error["detail"]


def test_a_second_delivery_changes_nothing(office: Office, queue: RecordingQueue) -> None:
    """Neither of the search for items nor of a chunk."""
    many(office)
    key = create(office, words.SUSPEND)
    work_off(office, queue)
    (chunk,) = {row.chunk_key for row in items(office, key).values()}
    before = (batch(office, key), items(office, key), office.rows(cases.events))
    REGISTERED[names.PREPARE_BATCH](office.house, key)
    REGISTERED[names.RUN_BATCH_CHUNK](office.house, chunk)
    assert (batch(office, key), items(office, key), office.rows(cases.events)) == before


def test_a_killed_worker_loses_and_doubles_nothing(
    office: Office, queue: RecordingQueue, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies between two items; the outbox delivers the chunk again, and only the rest is done."""
    keys = many(office)
    key = create(office, words.CANCEL)
    REGISTERED[names.PREPARE_BATCH](office.house, key)
    do = work._do
    done: list[Any] = []

    def die_at_the_second(*arguments: Any) -> None:
        if done:
            raise SystemExit
        done.append(arguments)
        do(*arguments)

    # Nothing else stands between two items of a chunk that a death could be put into.
    monkeypatch.setattr(work, "_do", die_at_the_second)
    job, chunk = queue.sent[-1]
    with pytest.raises(SystemExit):
        REGISTERED[job](office.house, chunk)
    monkeypatch.setattr(work, "_do", do)
    assert [items(office, key)[k].state for k in keys] == ["COMPLETED", "ACTIVE", "ACTIVE"]

    clock.advance(minutes=1)
    again = [(row.job, row.subject_key) for row in outbox.claim_unsent(office.house, 9)]
    assert (job, chunk) in again
    REGISTERED[job](office.house, chunk)
    assert batch(office, key).state == "COMPLETED"
    canceled = office.rows(cases.events, cases.events.c.kind == "instance.canceled")
    assert sorted(row.instance_key for row in canceled) == keys


@pytest.mark.parametrize("error", [BusyError("met"), UnavailableError("gone")])
def test_an_item_somebody_else_works_on_stays_open(
    office: Office, queue: RecordingQueue, monkeypatch: pytest.MonkeyPatch, error: HuiyinError
) -> None:
    """The chunk is not done, so that it is delivered again; so where the database was lost meanwhile."""
    keys = many(office)
    key = create(office, words.CANCEL)

    def meet(execution: Any, kind: str, item: int, plan: Any) -> int | None:
        if item == keys[0]:
            raise error
        return carry_out(execution, kind, item, plan)

    # Two transactions that meet cannot be arranged in one thread.
    monkeypatch.setattr(work, "carry_out", meet)
    monkeypatch.setattr("service.usecases.transaction.PAUSE_S", 0)
    work_off(office, queue)
    assert [items(office, key)[k].state for k in keys] == ["ACTIVE", "COMPLETED", "COMPLETED"]
    assert batch(office, key).state == "ACTIVE"
    monkeypatch.setattr(work, "carry_out", carry_out)
    REGISTERED[names.RUN_BATCH_CHUNK](office.house, items(office, key)[keys[0]].chunk_key)
    assert batch(office, key).state == "COMPLETED"


def test_an_unexpected_error_is_an_item_that_failed(
    office: Office, queue: RecordingQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own bug stops neither the chunk nor the batch; the item says that the log has it."""
    keys = many(office)
    key = create(office, words.CANCEL)

    def fail(execution: Any, kind: str, item: int, plan: Any) -> int | None:
        if item == keys[0]:
            raise ZeroDivisionError
        return carry_out(execution, kind, item, plan)

    # A bug of ours, which no input can bring about.
    monkeypatch.setattr(work, "carry_out", fail)
    work_off(office, queue)
    found = items(office, key)
    assert [found[k].state for k in keys] == ["FAILED", "COMPLETED", "COMPLETED"]
    assert "in the log" in found[keys[0]].error["detail"]


def test_a_batch_is_suspended_resumed_and_cancelled(office: Office, queue: RecordingQueue) -> None:
    """Suspended, nothing is done; resumed, the rest is; cancelled, what is open is cancelled."""
    keys = many(office)
    house, who = office.house, office.operator
    first = create(office, words.SUSPEND)
    REGISTERED[names.PREPARE_BATCH](house, first)
    control.suspend(house, who, first)
    work_off(office, queue)
    assert {state(office, k) for k in keys} == {"ACTIVE"}
    with pytest.raises(WrongStateError):
        control.suspend(house, who, first)
    control.resume(house, who, first)
    work_off(office, queue)
    assert (batch(office, first).state, state(office, keys[0])) == ("COMPLETED", "SUSPENDED")

    second = create(office, words.RESUME)
    REGISTERED[names.PREPARE_BATCH](house, second)
    control.cancel(house, who, second)
    work_off(office, queue)
    assert {row.state for row in items(office, second).values()} == {"CANCELED"}
    assert {state(office, k) for k in keys} == {"SUSPENDED"}
    for over in (first, second):
        with pytest.raises(NotFoundError):
            control.cancel(house, who, over)
    with pytest.raises(NotAllowedError):
        control.cancel(house, office.clerk, second)


def test_a_batch_suspended_before_it_was_filled_is_filled_when_resumed(
    office: Office, queue: RecordingQueue
) -> None:
    """And a batch without items is completed at once."""
    many(office, 1)
    key = create(office, words.CANCEL)
    control.suspend(office.house, office.operator, key)
    work_off(office, queue)
    assert (batch(office, key).state, items(office, key)) == ("SUSPENDED", {})
    control.resume(office.house, office.operator, key)
    work_off(office, queue)
    assert batch(office, key).state == "COMPLETED"
    empty = create(office, words.RESUME)
    work_off(office, queue)
    assert (batch(office, empty).state, items(office, empty)) == ("COMPLETED", {})


def test_a_batch_suspended_behind_its_last_item_is_over_when_resumed(
    office: Office, queue: RecordingQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left for a worker, who alone would say that it is done."""
    many(office)
    key = create(office, words.CANCEL)
    finish = work._finish

    def suspend_first(house: House, chunk_key: int) -> None:
        control.suspend(house, office.operator, key)
        finish(house, chunk_key)

    # Between its last item and the end of a chunk nothing else stands that could be waited for.
    monkeypatch.setattr(work, "_finish", suspend_first)
    work_off(office, queue)
    assert batch(office, key).state == "SUSPENDED"
    control.resume(office.house, office.operator, key)
    assert (batch(office, key).state, queue.sent) == ("COMPLETED", [])
    told = [row.kind for row in office.rows(cases.events) if row.kind.startswith("operation.")]
    assert told[-2:] == ["operation.resumed", "operation.completed"]


def test_a_batch_that_failed_is_neither_suspended_nor_resumed(office: Office) -> None:
    """It is there, but in the wrong state; to be cancelled it is not there (LifecycleBatchOperationTest)."""
    many(office, 1)
    key = create(office, words.CANCEL)
    finding.fail(office.house, key, "Expected the items, but they cannot be found.")
    for command in (control.suspend, control.resume):
        with pytest.raises(WrongStateError, match="FAILED"):
            command(office.house, office.operator, key)
    with pytest.raises(NotFoundError):
        control.cancel(office.house, office.operator, key)


def test_incidents_are_resolved_and_what_fails_again_is_no_success(
    office: Office, queue: RecordingQueue
) -> None:
    """One was mended, one was not: its item names the new incident."""
    deployed(office, drawing.line("plain", drawing.job("n", "huiyin:next-number")))
    mended, broken = started(office, "plain"), started(office, "plain")
    mend(office, mended, code="HB")
    first, second = (row.key for row in active_incidents(office))
    key = create(office, words.RESOLVE)
    work_off(office, queue)
    found = items(office, key)
    assert (found[first].state, state(office, mended)) == ("COMPLETED", "COMPLETED")
    assert (found[second].state, found[second].instance_key) == ("FAILED", broken)
    assert found[second].error["facts"]["incident_key"] == str(incident(office).key)


def test_a_failed_job_gets_a_retry_when_its_incident_is_resolved_by_batch(
    office: Office, queue: RecordingQueue
) -> None:
    """It can be had again."""
    deployed(office, drawing.line("plain", drawing.job("do_it", "work")))
    started(office, "plain")
    (job,) = activated(office)
    jobs.fail(office.house, office.operator, job.key, retries=0)
    create(office, words.RESOLVE)
    work_off(office, queue)
    (again,) = activated(office)
    assert (again.key, again.retries) == (job.key, 1)


def test_jobs_are_changed_together(office: Office, queue: RecordingQueue) -> None:
    """Retries and priority of all that the filter finds."""
    deployed(office, drawing.line("plain", drawing.job("do_it", "work")))
    for _ in range(2):
        started(office, "plain")
    command = CreateBatch(words.UPDATE_JOB, {"type": "work"}, {"retries": 9, "priority": 5})
    control.create(office.house, office.operator, command)
    work_off(office, queue)
    rows = office.rows(instances.jobs)
    assert [(row.retries, row.priority) for row in rows] == [(9, 5), (9, 5)]


def test_each_kind_finds_only_what_it_can_be_done_to(office: Office, queue: RecordingQueue) -> None:
    """Suspended ones are resumed, ended ones deleted, both active and suspended ones cancelled."""
    active, suspended, ended = many(office)
    suspension.suspend(office.house, office.operator, suspended)
    process_instances.cancel(office.house, office.operator, ended)
    expected = {
        words.SUSPEND: {active},
        words.RESUME: {suspended},
        words.CANCEL: {active, suspended},
        words.DELETE: {ended},
    }
    for kind, keys in expected.items():
        key = create(office, kind)
        REGISTERED[names.PREPARE_BATCH](office.house, key)
        control.cancel(office.house, office.operator, key)
        assert set(items(office, key)) == keys
    queue.sent.clear()


def test_the_filter_narrows_what_a_kind_can_be_done_to(
    office: Office, queue: RecordingQueue
) -> None:
    """By state, too, wherever it stands; whose called instances are meant is said by nobody but the kind.

    Source: Camunda 8.11 (ItemProviderFactoryTest).
    """
    active, suspended, canceled, done = many(office, 4)
    suspension.suspend(office.house, office.operator, suspended)
    process_instances.cancel(office.house, office.operator, canceled)
    for _ in range(2):
        complete_task(office, done)
    any_of = {"$or": [{"state": "SUSPENDED"}, {"state": "COMPLETED"}]}
    expected: list[tuple[str, dict[str, Any], set[int]]] = [
        (words.CANCEL, {"state": "SUSPENDED"}, {suspended}),
        (words.CANCEL, {"state": {"$neq": "SUSPENDED"}}, {active}),
        (words.CANCEL, {"state": {"$like": "SUSP*"}}, {suspended}),
        (words.CANCEL, any_of, {suspended}),
        (words.CANCEL, {"parentProcessInstanceKey": "7"}, {active, suspended}),
        (words.SUSPEND, {"state": "ACTIVE"}, {active}),
        (words.SUSPEND, {"state": {"$exists": False}}, set()),
        (words.SUSPEND, any_of, set()),
        (words.SUSPEND, {"parentProcessInstanceKey": "7"}, {active}),
        (words.RESUME, any_of, {suspended}),
        (words.MODIFY, {"state": {"$neq": "ACTIVE"}}, set()),
        (words.MIGRATE, {"state": {"$in": ["ACTIVE"]}}, {active}),
        (words.MIGRATE, {"parentProcessInstanceKey": "7"}, set()),
        (words.DELETE, {"state": "COMPLETED"}, {done}),
        (words.DELETE, {"state": {"$neq": "COMPLETED"}}, {canceled}),
    ]
    for kind, narrowed, keys in expected:
        command = CreateBatch(kind, {**PLAIN, **narrowed}, {"moves": [], "mapping": []})
        key = control.create(office.house, office.operator, command)
        REGISTERED[names.PREPARE_BATCH](office.house, key)
        found = set(items(office, key))
        if batch(office, key).state in words.RUNNING:
            control.cancel(office.house, office.operator, key)
        assert (kind, narrowed, found) == (kind, narrowed, keys)
    queue.sent.clear()


def test_only_jobs_that_are_not_over_are_changed_together(
    office: Office, queue: RecordingQueue
) -> None:
    """What has ended is no item (Camunda 8.10: ItemProviderFactory)."""
    deployed(office, drawing.line("plain", drawing.job("do_it", "work")))
    over, key = started(office, "plain"), started(office, "plain")
    process_instances.cancel(office.house, office.operator, over)
    command = CreateBatch(words.UPDATE_JOB, {"type": "work"}, {"priority": 5})
    batch_key = control.create(office.house, office.operator, command)
    work_off(office, queue)
    found = items(office, batch_key).values()
    assert [(row.instance_key, row.state) for row in found] == [(key, "COMPLETED")]


def test_a_batch_whose_creator_may_no_longer_operate_fails_item_by_item(
    office: Office, queue: RecordingQueue
) -> None:
    """Rights are asked for each item, when it is done."""
    keys = many(office, 1)
    key = create(office, words.SUSPEND)
    REGISTERED[names.PREPARE_BATCH](office.house, key)
    with office.house.database.unit(office.house.outside) as unit:
        people = house_tables.people
        mine = people.c.username == office.operator.username
        unit.connection.execute(update(people).where(mine).values(roles=["staff"]))
        unit.commit()
    work_off(office, queue)
    assert items(office, key)[keys[0]].error["kind"] == "NotAllowedError"
    assert state(office, keys[0]) == "ACTIVE"


@pytest.mark.parametrize("moment", [BusyError, UnavailableError])
def test_a_batch_does_not_fail_for_a_moments_trouble(
    office: Office, monkeypatch: pytest.MonkeyPatch, moment: type[HuiyinError]
) -> None:
    """A database that is gone for a while refuses no plan: the items are looked for again."""
    many(office)
    key = create(office, words.SUSPEND)

    def broken(*_args: Any) -> None:
        raise moment("Expected the database, but it is gone.")

    with monkeypatch.context() as patch:
        patch.setattr(preparing, "items", broken)
        with pytest.raises(moment):
            REGISTERED[names.PREPARE_BATCH](office.house, key)
    assert batch(office, key).state == "CREATED"
    REGISTERED[names.PREPARE_BATCH](office.house, key)
    assert len(items(office, key)) == 3


def test_only_operators_create_batches(office: Office) -> None:
    """Nothing is written for anybody else."""
    with pytest.raises(NotAllowedError):
        control.create(office.house, office.clerk, CreateBatch(words.CANCEL, {}))
    assert office.rows(tables.batch_operations) == []


def test_a_chunk_holds_at_most_so_many_items(
    office: Office, queue: RecordingQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More items are more chunks, each delivered by itself; the last one completes the batch."""
    # A hundred instances would only take longer.
    monkeypatch.setattr(finding, "CHUNK", 2)
    many(office)
    key = create(office, words.SUSPEND)
    REGISTERED[names.PREPARE_BATCH](office.house, key)
    chunks = [subject for job, subject in queue.sent if job == names.RUN_BATCH_CHUNK]
    assert [row.chunk_key for row in items(office, key).values()] == [chunks[0]] * 2 + chunks[1:]
    REGISTERED[names.RUN_BATCH_CHUNK](office.house, chunks[1])
    assert batch(office, key).state == "ACTIVE"
    REGISTERED[names.RUN_BATCH_CHUNK](office.house, chunks[0])
    assert batch(office, key).state == "COMPLETED"
