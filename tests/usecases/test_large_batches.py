"""Batch operations of any size: found page by page, worked off a few chunks at a time, nothing left over."""

from typing import Any

import pytest
from sqlalchemy import update

from service.domain import batch_operations as words
from service.domain import jobs as names
from service.domain.batch_operations import BatchItem
from service.persistence.tables import cases
from service.persistence.tables import house as house_tables
from service.usecases import outbox
from service.usecases.batch_operations import chunks, control, finding
from tests.fakes import FakeClock, RecordingQueue
from tests.usecases.conftest import Office
from tests.usecases.looking import started, state
from tests.usecases.test_batch_operations import batch, create, items, many, work_off
from workers.jobs import REGISTERED


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two items be a stretch, one a page and a chunk, two chunks be under way; thousands take longer."""
    monkeypatch.setattr(finding, "STRETCH", 2)
    monkeypatch.setattr(finding, "PAGE", 1)
    monkeypatch.setattr(finding, "CHUNK", 1)
    monkeypatch.setattr(chunks, "LANES", 2)


def found(office: Office, key: int) -> list[int]:
    """Return the keys of the items that were found so far."""
    return sorted(items(office, key))


def step(office: Office, queue: RecordingQueue) -> None:
    """Do the oldest thing that the queue was told of batch operations."""
    job, key = queue.sent.pop(0)
    REGISTERED[job](office.house, key)


@pytest.mark.parametrize("count", [1, 2, 4, 5])
def test_every_item_of_the_filter_is_found_and_done(
    office: Office, queue: RecordingQueue, count: int
) -> None:
    """Less than a stretch, exactly one, exactly two, and some more."""
    keys = many(office, count)
    queue.take()
    key = create(office, words.CANCEL)
    work_off(office, queue)
    assert (batch(office, key).state, found(office, key)) == ("COMPLETED", keys)
    assert {state(office, one) for one in keys} == {"TERMINATED"}


def test_nothing_begins_before_all_is_found(office: Office, queue: RecordingQueue) -> None:
    """Until then it is created, its numbers grow; then few chunks are under way at once, each followed."""
    many(office, 5)
    queue.take()
    key = create(office, words.SUSPEND)
    seen = []
    while queue.sent:
        seen.append((batch(office, key).state, len(items(office, key)), len(queue.sent)))
        step(office, queue)
    assert seen == [
        ("CREATED", 0, 1),
        ("CREATED", 2, 1),
        ("CREATED", 4, 1),
        *[("ACTIVE", 5, 2)] * 4,
        ("ACTIVE", 5, 1),
    ]
    assert batch(office, key).state == "COMPLETED"


def test_what_is_younger_than_the_batch_is_not_touched(
    office: Office, queue: RecordingQueue
) -> None:
    """Whether it is started before the first stretch is looked for or between two."""
    keys = many(office, 3)
    queue.take()
    key = create(office, words.CANCEL)
    younger = [started(office, "plain")]
    queue.sent = [(names.PREPARE_BATCH, key)]
    step(office, queue)
    younger.append(started(office, "plain"))
    work_off(office, queue)
    assert found(office, key) == keys
    assert {state(office, one) for one in younger} == {"ACTIVE"}


def test_a_worker_that_dies_between_two_stretches_loses_and_doubles_nothing(
    office: Office, queue: RecordingQueue, clock: FakeClock
) -> None:
    """The outbox tells the next one, which goes on behind the stretch that was written."""
    keys = many(office, 5)
    queue.take()
    key = create(office, words.CANCEL)
    step(office, queue)
    assert found(office, key) == keys[:2]
    queue.take()
    clock.advance(minutes=1)
    again = [(row.job, row.subject_key) for row in outbox.claim_unsent(office.house, 9)]
    assert again.count((names.PREPARE_BATCH, key)) == 1
    queue.sent = [(names.PREPARE_BATCH, key)]
    work_off(office, queue)
    assert found(office, key) == keys
    canceled = office.rows(cases.events, cases.events.c.kind == "instance.canceled")
    assert sorted(row.instance_key for row in canceled) == keys


def test_a_worker_that_dies_between_two_pages_of_a_stretch_leaves_the_first(
    office: Office, queue: RecordingQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Delivered again, the second and all that follow are found, each once."""
    keys = many(office, 3)
    queue.take()
    key = create(office, words.CANCEL)
    write = finding._write
    written: list[Any] = []

    def die_at_the_second(*arguments: Any) -> bool:
        if written:
            raise SystemExit
        written.append(arguments)
        return write(*arguments)

    # Nothing else stands between two pages that a death could be put into.
    monkeypatch.setattr(finding, "_write", die_at_the_second)
    with pytest.raises(SystemExit):
        REGISTERED[names.PREPARE_BATCH](office.house, key)
    monkeypatch.setattr(finding, "_write", write)
    assert found(office, key) == keys[:1]
    work_off(office, queue)
    assert (batch(office, key).state, found(office, key)) == ("COMPLETED", keys)


def test_a_page_that_somebody_else_has_written_is_not_written_again(
    office: Office, queue: RecordingQueue
) -> None:
    """Two workers have found the same page; the one that comes late neither adds nor ends anything."""
    keys = many(office, 5)
    queue.take()
    key = create(office, words.CANCEL)
    step(office, queue)
    late = [BatchItem(one, one, one) for one in keys[:2]]
    finding.fill(office.house, key, None, late)
    assert (found(office, key), batch(office, key).state) == (keys[:2], "CREATED")
    work_off(office, queue)
    assert (found(office, key), batch(office, key).state) == (keys, "COMPLETED")


def test_a_batch_is_suspended_and_resumed_while_its_items_are_found(
    office: Office, queue: RecordingQueue
) -> None:
    """It goes on behind the last stretch, and is worked off once everything is found."""
    keys = many(office, 5)
    queue.take()
    key = create(office, words.CANCEL)
    step(office, queue)
    control.suspend(office.house, office.operator, key)
    work_off(office, queue)
    assert (batch(office, key).state, found(office, key)) == ("SUSPENDED", keys[:2])
    control.resume(office.house, office.operator, key)
    work_off(office, queue)
    assert (batch(office, key).state, found(office, key)) == ("COMPLETED", keys)


def test_a_batch_is_cancelled_while_its_items_are_found(
    office: Office, queue: RecordingQueue
) -> None:
    """What was found is cancelled, nothing more is, and nothing was done."""
    keys = many(office, 5)
    queue.take()
    key = create(office, words.CANCEL)
    step(office, queue)
    control.cancel(office.house, office.operator, key)
    work_off(office, queue)
    assert {one: row.state for one, row in items(office, key).items()} == dict.fromkeys(
        keys[:2], "CANCELED"
    )
    assert {state(office, one) for one in keys} == {"ACTIVE"}


def test_a_batch_whose_creator_has_gone_while_its_items_are_found_fails(
    office: Office, queue: RecordingQueue
) -> None:
    """What was found is cancelled: nobody would do it any more."""
    keys = many(office, 3)
    queue.take()
    key = create(office, words.CANCEL)
    step(office, queue)
    with office.house.database.unit(office.house.outside) as unit:
        people = house_tables.people
        mine = people.c.username == office.operator.username
        unit.connection.execute(update(people).where(mine).values(is_active=False))
        unit.commit()
    work_off(office, queue)
    assert batch(office, key).state == "FAILED"
    assert [row.state for row in items(office, key).values()] == ["CANCELED"] * 2
    assert {state(office, one) for one in keys} == {"ACTIVE"}


def test_a_batch_is_suspended_and_resumed_in_the_middle_of_the_work(
    office: Office, queue: RecordingQueue
) -> None:
    """What was done stays done, no chunk is forgotten and never more are under way than may be."""
    keys = many(office, 5)
    queue.take()
    key = create(office, words.SUSPEND)
    while batch(office, key).state == "CREATED":
        step(office, queue)
    step(office, queue)
    control.suspend(office.house, office.operator, key)
    work_off(office, queue)
    assert [state(office, one) for one in keys] == ["SUSPENDED", *["ACTIVE"] * 4]
    control.resume(office.house, office.operator, key)
    assert len(queue.sent) == 2
    work_off(office, queue)
    assert {state(office, one) for one in keys} == {"SUSPENDED"}
    assert batch(office, key).state == "COMPLETED"


def test_a_chunk_delivered_twice_is_followed_by_one(office: Office, queue: RecordingQueue) -> None:
    """Or there would be ever more chunks under way than may be."""
    many(office, 5)
    queue.take()
    key = create(office, words.SUSPEND)
    while batch(office, key).state == "CREATED":
        step(office, queue)
    (job, chunk), *_ = queue.sent
    step(office, queue)
    REGISTERED[job](office.house, chunk)
    assert len(queue.sent) == 2
