"""The outbox: what the queue lost is sent again, what is done is not."""

from datetime import timedelta

from sqlalchemy import select

from service.domain import jobs
from service.persistence.tables import house as tables
from service.usecases import outbox
from service.usecases.house import House
from tests.fakes import FakeClock, RecordingQueue


def send(house: House, key: int = 7, **options: object) -> None:
    """Ask for a job in a unit of its own."""
    with house.database.unit(house.outside) as unit:
        unit.send(jobs.DELIVER_MAIL, key, **options)  # type: ignore[arg-type]
        unit.commit()


def claimed(house: House, limit: int = 10) -> list[int]:
    """Claim what is to be sent and return the subjects' keys."""
    return [row.subject_key for row in outbox.claim_unsent(house, limit)]


def test_a_committed_job_reaches_the_queue_and_a_rolled_back_one_does_not(
    house: House, queue: RecordingQueue
) -> None:
    """The message is sent after the commit, never before."""
    with house.database.unit(house.outside) as unit:
        unit.send(jobs.DELIVER_MAIL, 1)
    send(house, 2)
    assert queue.sent == [(jobs.DELIVER_MAIL, 2)]
    assert claimed(house) == []


def test_what_the_broker_lost_is_sent_again(
    house: House, queue: RecordingQueue, clock: FakeClock
) -> None:
    """Trusted for half a minute, then claimed; claimed once, until half a minute has passed again."""
    queue.is_down = True
    send(house)
    clock.advance(outbox.SENT_AGAIN_AFTER - timedelta(seconds=1))
    assert claimed(house) == []
    clock.advance(seconds=1)
    assert claimed(house) == [7]
    assert claimed(house) == []
    clock.advance(outbox.SENT_AGAIN_AFTER)
    assert claimed(house) == [7]


def test_a_done_job_rests(house: House, clock: FakeClock) -> None:
    """Done in the transaction of its effect; rolled back, it is not done."""
    send(house)
    with house.database.unit(house.outside) as unit:
        outbox.done(unit, jobs.DELIVER_MAIL, 7)
    clock.advance(minutes=1)
    assert claimed(house) == [7]

    with house.database.unit(house.outside) as unit:
        outbox.done(unit, jobs.DELIVER_MAIL, 7)
        unit.commit()
    clock.advance(hours=1)
    assert claimed(house) == []


def test_a_job_for_later_waits_for_its_time(
    house: House, queue: RecordingQueue, clock: FakeClock
) -> None:
    """Nothing is sent at the commit; the poller finds it when its pause is over."""
    send(house, after=timedelta(minutes=5))
    clock.advance(minutes=4, seconds=59)
    assert (queue.sent, claimed(house)) == ([], [])
    clock.advance(seconds=1)
    assert claimed(house) == [7]


def test_the_oldest_come_first_and_no_more_than_asked_for(house: House, clock: FakeClock) -> None:
    """A look takes a bounded number of rows; the next look takes the rest."""
    for key in (3, 1, 2):
        send(house, key)
    clock.advance(minutes=1)
    assert claimed(house, 2) == [3, 1]
    assert claimed(house, 2) == [2]


def test_a_job_that_never_succeeds_is_left_to_the_operator(house: House, clock: FakeClock) -> None:
    """After many sendings the row rests, and stays."""
    send(house)
    sendings = 0
    while clock.advance(outbox.SENT_AGAIN_AFTER) and claimed(house):
        sendings += 1
    with house.database.reading() as connection:
        row = connection.execute(select(tables.outbox)).one()
    assert (sendings, row.done_at) == (outbox.GIVEN_UP_AFTER, None)


def test_an_effect_asked_for_twice_is_one_row(house: House) -> None:
    """In one transaction or in two: the effect's key stands once and nothing is refused."""
    with house.database.unit(house.outside) as unit:
        for _ in range(2):
            unit.send(jobs.DELIVER_MAIL, 7, effect="first")
        unit.commit()
    send(house, 7, effect="first")
    with house.database.reading() as connection:
        rows = connection.execute(select(tables.outbox.c.effect_key)).scalars().all()
    assert rows == [f"{jobs.DELIVER_MAIL}/7/first"]
