"""Suspension: nothing advances a suspended instance; once resumed, what is due catches up."""

from datetime import timedelta

import pytest

from service.domain.errors import NotAllowedError, WrongStateError
from service.persistence.tables import cases, instances, tasks
from service.usecases import (
    clocks,
    incidents,
    job_activation,
    jobs,
    messages,
    process_instances,
    suspension,
    timers,
    user_tasks,
)
from service.usecases.execution.messages import PublishMessage
from tests.fakes import FakeClock
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import (
    children,
    deployed,
    finish,
    incident,
    instance,
    mend,
    open_tasks,
    started,
    state,
    values,
)


def suspended(office: Office, key: int) -> int:
    """Suspend an instance as the operator and return its key."""
    suspension.suspend(office.house, office.operator, key)
    return key


def resumed(office: Office, key: int) -> None:
    """Resume it as the operator."""
    suspension.resume(office.house, office.operator, key)


def activated(office: Office) -> tuple[job_activation.ActivatedJob, ...]:
    """Return the jobs of type `work` that a worker gets now."""
    command = job_activation.ActivateJobs(
        type="work", worker="w", timeout=timedelta(minutes=1), max_jobs=9
    )
    return job_activation.activate(office.house, office.operator, command)


def test_a_suspended_instance_says_since_when(office: Office, clock: FakeClock) -> None:
    """Its state and moment; both are gone once it is resumed, and the history has both."""
    deployed(office, drawing.line("plain", drawing.user_task("ask")))
    key = suspended(office, started(office, "plain"))
    assert (state(office, key), instance(office, key).suspended_at) == ("SUSPENDED", clock.now())
    resumed(office, key)
    assert (state(office, key), instance(office, key).suspended_at) == ("ACTIVE", None)
    told = [row.kind for row in office.rows(cases.events, cases.events.c.instance_key == key)]
    assert {"instance.suspended", "instance.resumed"} <= set(told)


def test_suspending_twice_and_resuming_the_active_are_refused(office: Office) -> None:
    """Each names the state that is so; only operators do either."""
    deployed(office, drawing.line("plain", drawing.user_task("ask")))
    key = started(office, "plain")
    with pytest.raises(WrongStateError, match="to be suspended, but it is ACTIVE"):
        resumed(office, key)
    with pytest.raises(NotAllowedError):
        suspension.suspend(office.house, office.clerk, key)
    suspended(office, key)
    with pytest.raises(WrongStateError, match="to be active, but it is SUSPENDED"):
        suspended(office, key)


def test_no_command_on_a_user_task_of_a_suspended_instance(office: Office) -> None:
    """Neither completing, claiming, changing nor drafting; after resuming all of it."""
    deployed(office, drawing.line("plain", drawing.user_task("ask")))
    key = suspended(office, started(office, "plain"))
    house, person, task = office.house, office.inspector, office.task("ask").key
    for command in (
        lambda: user_tasks.complete(house, person, task, {}),
        lambda: user_tasks.claim(house, person, task),
        lambda: user_tasks.save_draft(house, person, task, {"a": 1}),
        lambda: user_tasks.unassign(house, person, task),
    ):
        with pytest.raises(WrongStateError, match="SUSPENDED"):
            command()
    resumed(office, key)
    finish(office, "ask")
    assert state(office, key) == "COMPLETED"


def test_jobs_of_a_suspended_instance_are_handed_to_nobody(office: Office) -> None:
    """A job in a worker's hand cannot be completed meanwhile; resumed in time it can."""
    deployed(office, drawing.line("plain", drawing.job("do_it", "work")))
    first, second = started(office, "plain"), started(office, "plain")
    (held, _other) = activated(office)
    suspended(office, first)
    with pytest.raises(WrongStateError, match="SUSPENDED"):
        jobs.complete(office.house, office.operator, held.key, {})
    suspended(office, started(office, "plain"))
    assert activated(office) == ()
    resumed(office, first)
    jobs.complete(office.house, office.operator, held.key, {})
    assert (state(office, first), state(office, second)) == ("COMPLETED", "ACTIVE")


def test_timers_stand_still_and_catch_up_once(office: Office, clock: FakeClock) -> None:
    """A cycle that was missed three times fires once on resuming, and next an interval later."""
    cycle = "<bpmn:timeCycle>R/PT1H</bpmn:timeCycle>"
    definition = f"<bpmn:timerEventDefinition>{cycle}</bpmn:timerEventDefinition>"
    beside = drawing.boundary("ask", definition, is_interrupting=False)
    deployed(office, drawing.line("reminded", drawing.user_task("ask"), beside=beside))
    key = suspended(office, started(office, "reminded"))
    clock.advance(hours=3, minutes=30)
    assert timers.fire_due(office.house) == 0
    resumed(office, key)
    assert timers.fire_due(office.house) == 1
    assert timers.fire_due(office.house) == 0
    (following,) = office.rows(instances.timers, instances.timers.c.state == "OPEN")
    assert following.due_at - clock.now() == timedelta(hours=1)


def test_a_message_meanwhile_is_taken_only_if_it_still_lives(office: Office) -> None:
    """Without a time to live it is lost; with one it is correlated when the instance is resumed."""
    waits = drawing.waits_for("wait", "paid")
    definitions = drawing.message("paid", "no")
    deployed(office, drawing.line("paying", waits, definitions=definitions))
    lost, kept = (suspended(office, started(office, "paying", no=no)) for no in ("A", "B"))
    assert office.rows(instances.message_subscriptions) == []
    for no, lives in (("A", timedelta(0)), ("B", timedelta(hours=1))):
        command = PublishMessage("paid", no, {}, time_to_live=lives)
        messages.publish(office.house, office.operator, command)
    resumed(office, lost)
    resumed(office, kept)
    assert (state(office, lost), state(office, kept)) == ("ACTIVE", "COMPLETED")
    (open_again,) = office.rows(instances.message_subscriptions)
    assert open_again.instance_key == lost


def test_a_called_process_goes_on_and_its_result_is_taken_later(office: Office) -> None:
    """The caller is suspended alone; the child ends meanwhile; resumed, the caller has its variables."""
    caller = drawing.line("caller", drawing.call("sub", "child"), drawing.user_task("after"))
    deployed(office, drawing.line("child", drawing.user_task("inside")), caller)
    key = suspended(office, started(office, "caller"))
    finish(office, "inside", found=7)
    (child,) = children(office, key)
    assert (child.state, state(office, key), open_tasks(office)) == ("COMPLETED", "SUSPENDED", [])
    resumed(office, key)
    assert (open_tasks(office), values(office, key)["found"]) == (["after"], 7)
    assert office.rows(instances.suspended_returns) == []


def test_what_a_called_process_gave_back_is_forgotten_when_its_caller_is_cancelled(
    office: Office,
) -> None:
    """At once, though the caller ends only when its task has heard it."""
    listener = '<zeebe:taskListener eventType="canceling" type="work" />'
    asked = drawing.user_task("ask", f"<zeebe:taskListeners>{listener}</zeebe:taskListeners>")
    fork = '<bpmn:parallelGateway id="fork" />'
    beside = asked + drawing.flow("fork", "ask")
    caller = drawing.line("caller", fork, drawing.call("sub", "child"), beside=beside)
    deployed(office, drawing.line("child", drawing.user_task("inside")), caller)
    key = suspended(office, started(office, "caller"))
    finish(office, "inside")
    assert len(office.rows(instances.suspended_returns)) == 1
    process_instances.cancel(office.house, office.operator, key)
    assert (state(office, key), office.rows(instances.suspended_returns)) == ("ACTIVE", [])
    (given,) = activated(office)
    jobs.complete(office.house, office.operator, given.key, {})
    assert state(office, key) == "TERMINATED"


def test_an_error_of_a_called_process_is_caught_on_resuming(office: Office) -> None:
    """The boundary event of the suspended caller takes it then."""
    over = '<bpmn:endEvent id="over" />'
    beside = drawing.boundary("sub", drawing.caught("broken"))
    failing = drawing.job("inside", "work")
    caller = drawing.line(
        "caller",
        drawing.call("sub", "child"),
        beside=beside + over,
        definitions=drawing.errors("broken"),
    )
    deployed(office, drawing.line("child", failing), caller)
    key = suspended(office, started(office, "caller"))
    (job,) = activated(office)
    jobs.throw_error(office.house, office.operator, job.key, "broken")
    (child,) = children(office, key)
    assert (child.state, state(office, key)) == ("TERMINATED", "SUSPENDED")
    resumed(office, key)
    elements = instances.element_instances
    caught = office.rows(elements, elements.c.instance_key == key, elements.c.element_id == "sub")
    assert [row.state for row in caught] == ["TERMINATED"]


def test_variables_may_be_written_but_not_those_of_a_user_task(office: Office) -> None:
    """The instance's own at once; a user task's are frozen."""
    deployed(office, drawing.line("plain", drawing.user_task("ask")))
    key = suspended(office, started(office, "plain"))
    mend(office, key, amount=3)
    assert values(office, key)["amount"] == 3
    with pytest.raises(WrongStateError, match="SUSPENDED"):
        mend(office, office.task("ask").element_instance_key, amount=4)


def conditional(condition: str) -> str:
    """Return the definition of a conditional event."""
    inner = f"<bpmn:condition>={condition}</bpmn:condition>"
    return f"<bpmn:conditionalEventDefinition>{inner}</bpmn:conditionalEventDefinition>"


def test_a_condition_that_comes_true_meanwhile_is_caught_on_resuming(office: Office) -> None:
    """Also if it is false again by then: it was true when the variable was written."""
    waits = drawing.event("intermediateCatchEvent", "rise", conditional("x &gt; 10"))
    deployed(office, drawing.line("rising", waits, drawing.user_task("ask")))
    risen, fallen, flat = (suspended(office, started(office, "rising", x=1)) for _ in range(3))
    mend(office, risen, x=11)
    mend(office, fallen, x=11)
    mend(office, fallen, x=2)
    assert open_tasks(office) == []
    for key in (risen, fallen, flat):
        resumed(office, key)
    assert {row.instance_key for row in office.rows(tasks.user_tasks)} == {risen, fallen}


def test_conditions_beside_a_task_are_caught_as_often_as_they_came_true(office: Office) -> None:
    """One that does not interrupt."""
    beside = drawing.boundary("ask", conditional("x &gt; 10"), is_interrupting=False)
    deployed(office, drawing.line("beside", drawing.user_task("ask"), beside=beside))
    key = suspended(office, started(office, "beside", x=1))
    for x in (11, 12):
        mend(office, key, x=x)
    resumed(office, key)
    caught = instances.element_instances.c.type == "BOUNDARY_EVENT"
    rows = office.rows(instances.element_instances, caught)
    assert [row.instance_key for row in rows] == [key, key]


def test_a_suspended_instance_can_be_canceled(office: Office) -> None:
    """Its timers, tasks and jobs end with it."""
    waits = f'<bpmn:intermediateCatchEvent id="wait">{drawing.timer("PT1H")}</bpmn:intermediateCatchEvent>'
    deployed(office, drawing.line("waiting", waits))
    key = suspended(office, started(office, "waiting"))
    process_instances.cancel(office.house, office.operator, key)
    (timer,) = office.rows(instances.timers)
    assert (state(office, key), timer.state) == ("TERMINATED", "CANCELED")


def test_incidents_of_a_suspended_instance_wait_until_it_is_resumed(office: Office) -> None:
    """Resolving is refused and the incident stays."""
    deployed(office, drawing.line("numbering", drawing.job("number_it", "huiyin:next-number")))
    key = suspended(office, started(office, "numbering"))
    with pytest.raises(WrongStateError, match="SUSPENDED"):
        incidents.resolve(office.house, office.operator, incident(office).key)
    mend(office, key, code="HB")
    resumed(office, key)
    incidents.resolve(office.house, office.operator, incident(office).key)
    assert state(office, key) == "COMPLETED"


def test_a_task_clock_stands_still_and_catches_up(office: Office, clock: FakeClock) -> None:
    """Nobody is reminded of a task that he may not do."""
    due = '<zeebe:taskSchedule dueDate="=now() + duration(&quot;PT2H&quot;)" />'
    deployed(office, drawing.line("plain", drawing.user_task("ask", due)))
    key = suspended(office, started(office, "plain"))
    clock.advance(hours=3)
    assert clocks.claim_due(office.house) == ()
    resumed(office, key)
    assert clocks.claim_due(office.house) != ()


def test_a_task_of_a_called_process_is_overdue_while_its_caller_is_suspended(
    office: Office, clock: FakeClock
) -> None:
    """What it called goes on, and so does its clock; the root keeps the mark for its own time."""
    due = '<zeebe:taskSchedule dueDate="=now() + duration(&quot;PT2H&quot;)" />'
    has_cases = {"caseNumber": "complaint"}
    caller = drawing.line("caller", drawing.call("sub", "child"), properties=has_cases)
    deployed(office, drawing.line("child", drawing.user_task("inside", due)), caller)
    key = suspended(office, started(office, "caller"))
    clock.advance(hours=3)

    assert [clocks.run(office.house, task) for task in clocks.claim_due(office.house)] == [2]

    assert office.task("inside").overdue_level == 1
    assert values(office, key)["overdue_nodes"] == ["inside"]
