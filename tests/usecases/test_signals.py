"""Signals: who waits at the throw hears it, once, each in a transaction of its own."""

from collections.abc import Mapping
from typing import Any

import pytest

from service.domain import jobs
from service.domain.errors import BadInputError, NotAllowedError, NotFoundError
from service.identity import Person
from service.identity.grants import Grant
from service.persistence.tables import cases, definitions, instances
from service.persistence.tables import house as house_tables
from service.usecases import process_instances, signals, suspension, sweeps
from tests.fakes import FakeClock, RecordingQueue
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, finish, open_tasks, started, state, values

NEWS = drawing.signal("news")
CATCH = drawing.event("intermediateCatchEvent", "wait", drawing.signalled("news"))
THROW = drawing.event("intermediateThrowEvent", "tell", drawing.signalled("news"))
LISTENING = drawing.line("listening", CATCH, drawing.user_task("after"), definitions=NEWS)
TELLING = drawing.line("telling", drawing.user_task("ask"), THROW, definitions=NEWS)
STARTED = drawing.line(
    "started_by_news",
    drawing.user_task("handle"),
    start=drawing.event("startEvent", "start", drawing.signalled("news")),
    definitions=NEWS,
)


def broadcast(office: Office, variables: Mapping[str, Any] | None = None) -> int:
    """Broadcast the news as the operator."""
    return signals.broadcast(office.house, office.operator, "news", variables or {})


def deliver_all(office: Office, queue: RecordingQueue) -> list[bool]:
    """Carry out every delivery that was sent, and those that follow from it."""
    done = []
    while keys := [key for job, key in queue.take() if job == jobs.DELIVER_SIGNAL]:
        done += [signals.deliver(office.house, key) for key in keys]
    return done


def test_a_broadcast_reaches_all_who_wait(office: Office, queue: RecordingQueue) -> None:
    """Each instance in its own transaction; the payload propagates; the subscriptions are over."""
    deployed(office, LISTENING)
    keys = [started(office, "listening") for _ in range(3)]
    broadcast(office, {"headline": "涨价"})
    assert open_tasks(office) == []

    assert deliver_all(office, queue) == [True, True, True]
    assert open_tasks(office) == ["after"] * 3
    assert [values(office, key)["headline"] for key in keys] == ["涨价"] * 3
    assert office.rows(instances.signal_subscriptions) == []
    assert office.rows(instances.signal_deliveries) == []


def test_a_delivery_is_carried_out_once(office: Office, queue: RecordingQueue) -> None:
    """What the queue brings again changes nothing; the outbox row is done."""
    deployed(office, LISTENING)
    started(office, "listening")
    broadcast(office)
    ((_, key),) = [sent for sent in queue.take() if sent[0] == jobs.DELIVER_SIGNAL]

    assert [signals.deliver(office.house, key), signals.deliver(office.house, key)] == [True, False]
    assert open_tasks(office) == ["after"]
    table = house_tables.outbox
    (row,) = office.rows(table, table.c.job == jobs.DELIVER_SIGNAL)
    assert row.done_at is not None


def test_what_was_sent_while_another_was_taken_is_done_after_it_was_made(
    office: Office, queue: RecordingQueue, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who takes what waits for an instance takes what comes at the last moment, too."""
    deployed(office, LISTENING)
    started(office, "listening")
    began_at = clock.now()
    clock.advance(seconds=1)
    broadcast(office)
    moments = iter([began_at, began_at])  # As it began, and as it had the instance.
    monkeypatch.setattr(office.house.outside.clock, "now", lambda: next(moments, clock.at))
    deliver_all(office, queue)

    table = house_tables.outbox
    (row,) = office.rows(table, table.c.job == jobs.DELIVER_SIGNAL)
    assert row.done_at >= row.created_at


def test_a_signal_thrown_before_a_suspension_is_heard_before_it(
    office: Office, queue: RecordingQueue
) -> None:
    """However late the worker is; what the signal ended, can be suspended no more."""
    deployed(office, LISTENING, drawing.line("only_listening", CATCH, definitions=NEWS))
    going_on, ended = started(office, "listening"), started(office, "only_listening")
    broadcast(office, {"headline": "涨价"})

    suspension.suspend(office.house, office.operator, going_on)
    with pytest.raises(NotFoundError):
        suspension.suspend(office.house, office.operator, ended)

    assert (open_tasks(office), values(office, going_on)["headline"]) == (["after"], "涨价")
    assert office.task("after").is_suspended
    assert deliver_all(office, queue) == [False, True]
    assert (state(office, going_on), state(office, ended)) == ("SUSPENDED", "COMPLETED")


def test_a_signal_is_not_buffered(office: Office, queue: RecordingQueue) -> None:
    """Who comes later does not hear it; nothing is kept."""
    deployed(office, LISTENING)
    broadcast(office)
    started(office, "listening")

    assert deliver_all(office, queue) == []
    assert (open_tasks(office), office.rows(instances.signals)) == ([], [])


def test_who_no_longer_waits_is_passed_over(office: Office, queue: RecordingQueue) -> None:
    """Canceled between throw and delivery."""
    deployed(office, LISTENING)
    key = started(office, "listening")
    broadcast(office)
    process_instances.cancel(office.house, office.operator, key)

    assert deliver_all(office, queue) == [False]
    assert office.rows(instances.signal_deliveries) == []


def test_a_throw_event_reaches_other_instances_and_starts(
    office: Office, queue: RecordingQueue
) -> None:
    """Its local variables go along; it belongs to the step: rolled back with it."""
    mapping = drawing.mapping(("3", "part"))
    throw = drawing.event("intermediateThrowEvent", "tell", drawing.signalled("news"), mapping)
    telling = drawing.line("telling", drawing.user_task("ask"), throw, definitions=NEWS)
    deployed(office, LISTENING, telling, STARTED)
    listening, thrower = started(office, "listening"), started(office, "telling")
    finish(office, "ask")

    assert state(office, thrower) == "COMPLETED"
    assert deliver_all(office, queue) == [True, True]
    assert open_tasks(office) == ["after", "handle"]
    assert values(office, listening)["part"] == 3
    kinds = [row.kind for row in office.rows(cases.events, cases.events.c.instance_key == thrower)]
    assert kinds.count("signal.broadcast") == 1


def test_an_instance_hears_its_own_signal_at_once(office: Office, queue: RecordingQueue) -> None:
    """In the same step, and not a second time by the queue."""
    beside = (
        '<bpmn:subProcess id="watch" triggeredByEvent="true">'
        '<bpmn:startEvent id="heard" isInterrupting="false">'
        f"{drawing.signalled('news')}</bpmn:startEvent>{drawing.user_task('handle')}"
        f"{drawing.flow('heard', 'handle')}</bpmn:subProcess>"
    )
    deployed(
        office,
        drawing.line("self", THROW, drawing.user_task("ask"), beside=beside, definitions=NEWS),
    )
    started(office, "self")

    assert open_tasks(office) == ["ask", "handle"]
    assert deliver_all(office, queue) == []


def test_only_the_latest_version_is_started(office: Office, queue: RecordingQueue) -> None:
    """A new version closes the start of the old one, even if it has none; the same again changes nothing."""
    deployed(office, STARTED)
    (first,) = office.rows(definitions.start_events)
    deployed(office, STARTED)
    assert [row.key for row in office.rows(definitions.start_events)] == [first.key]

    deployed(office, drawing.line("started_by_news", drawing.user_task("handle")))
    assert office.rows(definitions.start_events) == []
    broadcast(office)
    assert deliver_all(office, queue) == []


def test_signals_of_one_instance_keep_their_order(office: Office, queue: RecordingQueue) -> None:
    """The queue turns them round; the instance hears the older one first."""
    definition = drawing.signalled("news")
    beside = drawing.boundary("ask", definition, is_interrupting=False)
    deployed(
        office, drawing.line("asked", drawing.user_task("ask"), beside=beside, definitions=NEWS)
    )
    key = started(office, "asked")
    broadcast(office, {"last": 1})
    broadcast(office, {"last": 2})
    sent = [key for job, key in queue.take() if job == jobs.DELIVER_SIGNAL]

    assert [signals.deliver(office.house, key) for key in reversed(sent)] == [True, False]
    assert open_tasks(office) == ["ask", "ask_mended", "ask_mended"]
    assert values(office, key)["last"] == 2


def test_a_signal_that_an_instance_cannot_take_in_is_told_and_holds_nothing_up(
    office: Office, queue: RecordingQueue
) -> None:
    """Its variables would grow past 4 MB: the history says so, the next signal is heard."""
    deployed(office, LISTENING)
    key = started(office, "listening", much="x" * 3_000_000)
    broadcast(office, {"more": "x" * 2_000_000})
    broadcast(office, {"little": 1})

    assert deliver_all(office, queue) == [True, False]
    assert (open_tasks(office), values(office, key)["little"]) == (["after"], 1)
    (refused,) = office.rows(cases.events, cases.events.c.kind == "signal.refused")
    assert (refused.instance_key, "bytes" in refused.detail["reason"]) == (key, True)


def test_a_signal_that_reached_everybody_is_swept(office: Office, queue: RecordingQueue) -> None:
    """Not before."""
    deployed(office, LISTENING)
    started(office, "listening")
    broadcast(office)
    sweeps.sweep(office.house)
    assert len(office.rows(instances.signals)) == 1

    deliver_all(office, queue)
    sweeps.sweep(office.house)
    assert office.rows(instances.signals) == []


def test_only_operators_broadcast(office: Office) -> None:
    """And a signal has a name."""
    with pytest.raises(NotAllowedError):
        signals.broadcast(office.house, office.clerk, "news", {})
    with pytest.raises(BadInputError):
        signals.broadcast(office.house, office.operator, " ", {})


def test_who_may_start_a_process_may_broadcast_what_reaches_nothing_else(
    office: Office, queue: RecordingQueue
) -> None:
    """An authorization for the process; with somebody waiting, too, nobody is told."""
    grant = Grant("PROCESS_DEFINITION", "CREATE_PROCESS_INSTANCE", "started_by_news")
    program = Person("bot", "bot", roles=frozenset(), grants=frozenset({grant}), is_program=True)
    deployed(office, STARTED, LISTENING)
    signals.broadcast(office.house, program, "news", {})
    assert deliver_all(office, queue) == [True]

    started(office, "listening")
    with pytest.raises(NotAllowedError):
        signals.broadcast(office.house, program, "news", {})
    assert deliver_all(office, queue) == []
