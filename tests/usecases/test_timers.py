"""Timers: fired once, not before their moment, together; one that cannot be fired holds up no other."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from service.persistence.tables import cases, instances
from service.usecases import process_instances, timers
from tests.fakes import NOW, FakeClock
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, finish, open_tasks, started, state, values


def waiting(office: Office, duration: str = "PT1H") -> int:
    """Start a process that waits for a duration and then has the task `after`."""
    wait = f'<bpmn:intermediateCatchEvent id="wait">{drawing.timer(duration)}</bpmn:intermediateCatchEvent>'
    deployed(office, drawing.line("waiting", wait, drawing.user_task("after")))
    return started(office, "waiting")


def reminded(office: Office, cycle: str) -> int:
    """Start a task that a cycle reminds of, without interrupting it."""
    inner = f"<bpmn:timeCycle>{cycle}</bpmn:timeCycle>"
    definition = f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>"
    beside = drawing.boundary("ask", definition, is_interrupting=False)
    deployed(office, drawing.line("reminded", drawing.user_task("ask"), beside=beside))
    return started(office, "reminded")


def timer(office: Office) -> Row[Any]:
    """Return the only timer."""
    (found,) = office.rows(instances.timers)
    return found


def test_a_timer_fires_at_its_moment_and_not_before(office: Office, clock: FakeClock) -> None:
    """One second early there is nothing to do, and firing it changes nothing."""
    waiting(office)
    key = timer(office).key
    clock.advance(minutes=59, seconds=59)
    assert (timers.count_due(office.house, 10), timers.fire_due(office.house)) == (0, 0)
    assert timers.fire(office.house, key) is False
    assert (timer(office).state, open_tasks(office)) == ("OPEN", [])

    clock.advance(seconds=1)
    assert (timers.count_due(office.house, 10), timers.fire_due(office.house)) == (1, 1)
    assert (timer(office).state, open_tasks(office)) == ("FIRED", ["after"])


def test_a_timer_fires_once(office: Office, clock: FakeClock) -> None:
    """The second delivery of the same message finds it done."""
    waiting(office)
    key = timer(office).key
    clock.advance(hours=1)
    assert [timers.fire(office.house, key), timers.fire(office.house, key)] == [True, False]
    assert open_tasks(office) == ["after"]
    assert len(office.rows(cases.events, cases.events.c.kind == "timer.fired")) == 1
    assert timers.fire_due(office.house) == 0


def test_how_late_it_fired_is_kept(office: Office, clock: FakeClock) -> None:
    """In seconds after its moment, at the timer and in the history."""
    waiting(office)
    clock.advance(hours=1, seconds=90)
    timers.fire(office.house, timer(office).key)
    fired = timer(office)
    assert (fired.state, fired.lateness_s) == ("FIRED", 90)
    assert fired.fired_at == NOW + timedelta(hours=1, seconds=90)
    (told,) = office.rows(cases.events, cases.events.c.kind == "timer.fired")
    assert told.detail["lateness_s"] == 90


def test_many_timers_fire_in_one_transaction(office: Office, clock: FakeClock) -> None:
    """Those of one instance and of others together, each with its history."""
    for _ in range(3):
        waiting(office)
    clock.advance(hours=1)
    assert timers.fire_due(office.house) == 3
    assert open_tasks(office) == ["after"] * 3
    assert len(office.rows(cases.events, cases.events.c.kind == "timer.fired")) == 3


def test_many_timers_of_one_instance_fire_in_one_transaction(
    office: Office, clock: FakeClock
) -> None:
    """Twenty tasks of a multi-instance each have their deadline; they need one load and one save."""
    inner = "".join(
        (
            '<bpmn:startEvent id="begin" />',
            drawing.user_task("sign"),
            drawing.boundary("sign", drawing.timer("PT1H")),
            drawing.flow("begin", "sign"),
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>=20</bpmn:loopCardinality>"
            "</bpmn:multiInstanceLoopCharacteristics>",
        )
    )
    asking = f'<bpmn:subProcess id="asking">{inner}</bpmn:subProcess>'
    deployed(office, drawing.line("signing", asking, drawing.user_task("after")))
    started(office, "signing")
    clock.advance(hours=1)
    assert timers.fire_due(office.house) == 20
    assert {row.state for row in office.rows(instances.timers)} == {"FIRED"}
    told = office.rows(cases.events, cases.events.c.kind == "timer.fired")
    assert len({row.detail["timer_key"] for row in told}) == len(told) == 20
    assert open_tasks(office) == ["sign_mended"] * 20


def test_of_two_timers_of_one_task_the_first_may_end_the_second(
    office: Office, clock: FakeClock
) -> None:
    """Both are due in one batch: the one that interrupts takes the task, the later one is canceled."""
    beside = drawing.boundary("ask", drawing.timer("PT1H"))
    later = drawing.boundary("ask", drawing.timer("PT2H")).replace("ask_", "ask_too_")
    deployed(office, drawing.line("asking", drawing.user_task("ask"), beside=beside + later))
    started(office, "asking")
    clock.advance(hours=3)
    timers.fire_due(office.house)
    assert open_tasks(office) == ["ask_mended"]
    assert sorted(row.state for row in office.rows(instances.timers)) == ["CANCELED", "FIRED"]


def test_the_longest_due_is_claimed_first(office: Office, clock: FakeClock) -> None:
    """With a limit the others come in the next batch."""

    def fired() -> list[int]:
        rows = office.rows(instances.timers, instances.timers.c.state == "FIRED")
        return [row.key for row in sorted(rows, key=lambda row: row.due_at)]

    for duration in ("PT3H", "PT1H", "PT2H"):
        waiting(office, duration)
    due = {row.due_at: row.key for row in office.rows(instances.timers)}
    clock.advance(hours=2)
    assert timers.fire_due(office.house, limit=1) == 1
    assert fired() == [due[NOW + timedelta(hours=1)]]
    assert timers.fire_due(office.house) == 1
    assert fired() == [due[NOW + timedelta(hours=1)], due[NOW + timedelta(hours=2)]]


def test_a_timer_of_a_canceled_instance_does_not_fire(office: Office, clock: FakeClock) -> None:
    """It is canceled with it; a late message changes nothing."""
    key = waiting(office)
    process_instances.cancel(office.house, office.operator, key)
    assert timer(office).state == "CANCELED"
    clock.advance(hours=2)
    assert timers.fire_due(office.house) == 0
    assert timers.fire(office.house, timer(office).key) is False
    assert state(office, key) == "TERMINATED"


def test_a_timer_of_a_completed_task_does_not_fire(office: Office, clock: FakeClock) -> None:
    """Completed in time, the boundary event is over."""
    beside = drawing.boundary("ask", drawing.timer("PT1H"))
    deployed(office, drawing.line("asking", drawing.user_task("ask"), beside=beside))
    key = started(office, "asking")
    finish(office, "ask")
    clock.advance(hours=2)
    assert (timers.fire_due(office.house), timer(office).state) == (0, "CANCELED")
    assert timers.fire(office.house, timer(office).key) is False
    assert state(office, key) == "COMPLETED"


def test_an_unknown_timer_is_nothing_to_do(office: Office) -> None:
    """A message may name what a restore of the database has taken away."""
    assert timers.fire(office.house, 5) is False


def test_a_cycle_opens_its_next_timer_when_it_fires(office: Office, clock: FakeClock) -> None:
    """Three reminders an hour apart, and no fourth; the task stays open."""
    reminded(office, "R3/PT1H")
    for count in (1, 2, 3):
        clock.advance(hours=1)
        assert timers.fire_due(office.house) == 1
        assert open_tasks(office) == ["ask"] + ["ask_mended"] * count
    clock.advance(hours=1)
    assert timers.fire_due(office.house) == 0


def test_a_cycle_that_was_late_keeps_its_rhythm(office: Office, clock: FakeClock) -> None:
    """The next moment counts from the planned one and not from the firing (Camunda 8)."""
    reminded(office, "R/PT1H")
    clock.advance(hours=1, minutes=10)
    timers.fire_due(office.house)
    (following,) = office.rows(instances.timers, instances.timers.c.state == "OPEN")
    assert following.due_at == NOW + timedelta(hours=2)


def test_what_follows_a_timer_is_done_in_its_transaction(office: Office, clock: FakeClock) -> None:
    """A house job behind the timer has its result when the timer has fired."""
    wait = f'<bpmn:intermediateCatchEvent id="wait">{drawing.timer("PT1H")}</bpmn:intermediateCatchEvent>'
    work = drawing.job("work", "huiyin:next-number")
    deployed(office, drawing.line("waiting", wait, work))
    key = started(office, "waiting", code="HB")
    clock.advance(hours=1)
    timers.fire(office.house, timer(office).key)
    assert (values(office, key)["number"], state(office, key)) == ("HB-202611-0001", "COMPLETED")
