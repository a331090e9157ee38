"""Running a part of a process: beginning inside, ending after an element; the business id.

Source: Camunda 8 process instance creation (start and runtime instructions), business id assignment.
"""

from datetime import timedelta
from typing import Any

import pytest

from service.domain.errors import BadInputError, NotFoundError, WrongStateError
from service.persistence.tables import instances
from service.usecases import business_ids, job_activation, jobs, process_instances, timers
from service.usecases.deployments import DeployFile
from service.usecases.job_activation import ActivateJobs
from service.usecases.process_instances import CreateInstance
from tests.fakes import FakeClock
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import (
    children,
    deployed,
    finish,
    instance,
    open_tasks,
    started,
    state,
    values,
)

MINUTE = timedelta(minutes=1)
TASKS = drawing.line("tasks", *(drawing.user_task(name) for name in ("a", "b", "c")))


def run(office: Office, process_id: str = "tasks", **more: Any) -> int:
    """Start a process in part as its owner and return the instance's key."""
    command = CreateInstance(process_id=process_id, **more)
    return process_instances.create(office.house, office.owner, command).key


def activated(office: Office) -> list[str]:
    """Return the elements that were activated, sorted."""
    return sorted(row.element_id for row in office.rows(instances.element_instances))


def test_an_instance_begins_at_the_elements_that_are_named(office: Office) -> None:
    """Not at its start event; variables are those of the process; from there it goes on."""
    deployed(office, TASKS)
    key = run(office, begins_at=("b",), variables={"n": 1})
    assert (open_tasks(office), activated(office)) == (["b"], ["b", "tasks"])
    finish(office, "b")
    finish(office, "c")
    assert (state(office, key), values(office, key)["n"]) == ("COMPLETED", 1)


def test_an_instance_may_begin_at_several_elements(office: Office) -> None:
    """Also twice at one; it ends when all are through."""
    deployed(office, TASKS)
    key = run(office, begins_at=("c", "c"))
    assert open_tasks(office) == ["c", "c"]
    for task in office.rows(
        instances.element_instances, instances.element_instances.c.element_id == "c"
    ):
        assert task.state == "ACTIVE"
    assert state(office, key) == "ACTIVE"


def test_a_process_without_a_none_start_event_can_begin_inside(office: Office) -> None:
    """The instructions take the place of the start event."""
    by_message = drawing.line(
        "called_for",
        drawing.user_task("work"),
        start=drawing.started_by("begin"),
        definitions=drawing.message("begin"),
    )
    deployed(office, by_message)
    with pytest.raises(WrongStateError):
        run(office, "called_for")
    run(office, "called_for", begins_at=("work",))
    assert open_tasks(office) == ["work"]


@pytest.mark.parametrize("wrong", ["unknown", "start", "tasks"])
def test_a_wrong_beginning_or_end_is_refused_and_nothing_starts(office: Office, wrong: str) -> None:
    """An element that is not there, or that nothing can be begun at."""
    deployed(office, TASKS)
    with pytest.raises(BadInputError):
        run(office, begins_at=(wrong,))
    if wrong != "start":
        with pytest.raises(BadInputError):
            run(office, ends_after=(wrong,))
    assert office.rows(instances.process_instances) == []


def test_no_start_listener_of_what_is_around_is_asked_of_a_beginning_inside(office: Office) -> None:
    """Process and sub-processes are just made around it, as in Camunda 8; their ends are heard."""
    listeners = "".join(
        f'<zeebe:executionListener eventType="{event}" type="{event}" />'
        for event in ("start", "end")
    )
    heard = (
        "<bpmn:extensionElements><zeebe:executionListeners>"
        f"{listeners}</zeebe:executionListeners></bpmn:extensionElements>"
    )
    inside = f'<bpmn:startEvent id="in" />{drawing.user_task("a")}{drawing.flow("in", "a")}'
    sub = f'<bpmn:subProcess id="sub">{heard}{inside}</bpmn:subProcess>'
    flows = drawing.flow("start", "sub") + drawing.flow("sub", "end")
    steps = f"{drawing.PLAIN_START}{sub}{drawing.PLAIN_END}{flows}"
    deployed(office, drawing.file("heard", f"{heard}{steps}"))
    key = run(office, "heard", begins_at=("a",))
    assert (open_tasks(office), activated(office)) == (["a"], ["a", "heard", "sub"])
    finish(office, "a")
    for _ in ("sub", "heard"):
        command = ActivateJobs("end", "w", MINUTE, 9)
        (job,) = job_activation.activate(office.house, office.operator, command)
        jobs.complete(office.house, office.operator, job.key, {})
    assert state(office, key) == "COMPLETED"


def test_an_instance_is_terminated_after_an_element_has_completed(office: Office) -> None:
    """What comes next is not entered, and no flow to it is taken."""
    deployed(office, TASKS)
    key = run(office, ends_after=("b",))
    finish(office, "a")
    finish(office, "b")
    assert state(office, key) == "TERMINATED"
    assert activated(office) == ["a", "b", "start", "tasks"]
    flows = office.rows(instances.taken_flows)
    assert sorted(row.flow_id for row in flows) == ["a_to_b", "start_to_a"]


def test_an_instance_is_terminated_after_an_element_was_terminated(
    office: Office, clock: FakeClock
) -> None:
    """Interrupted by its boundary event: the way behind that is not gone."""
    beside = drawing.boundary("ask", drawing.timer("PT1H"))
    deployed(office, drawing.line("asking", drawing.user_task("ask"), beside=beside))
    key = run(office, "asking", ends_after=("ask",))
    clock.advance(hours=1)
    timers.fire_due(office.house)
    assert (state(office, key), open_tasks(office)) == ("TERMINATED", [])


def test_the_end_of_a_part_terminates_what_runs_beside(office: Office) -> None:
    """Begun at three places, one of them ends it all."""
    deployed(office, TASKS)
    key = run(office, begins_at=("a", "b", "c"), ends_after=("c",))
    finish(office, "c")
    assert (state(office, key), open_tasks(office)) == ("TERMINATED", [])


def test_a_part_of_a_single_step_ends_at_once(office: Office) -> None:
    """Nothing waits between its beginning and its end."""
    script = (
        '<bpmn:scriptTask id="add"><bpmn:extensionElements>'
        '<zeebe:script expression="=n + 1" resultVariable="sum" /></bpmn:extensionElements>'
        "</bpmn:scriptTask>"
    )
    deployed(office, drawing.line("sums", drawing.user_task("a"), script, drawing.user_task("b")))
    key = run(office, "sums", begins_at=("add",), ends_after=("add",), variables={"n": 1})
    assert (state(office, key), values(office, key)["sum"]) == ("TERMINATED", 2)


def test_the_end_of_a_part_is_heard_by_whoever_hears_a_cancellation(office: Office) -> None:
    """A task beside first, the process itself when nothing is left inside; then it is over (Camunda 8.10)."""
    hears = '<zeebe:taskListeners><zeebe:taskListener eventType="canceling" type="ask" /></zeebe:taskListeners>'
    listener = (
        "<bpmn:extensionElements><zeebe:executionListeners>"
        '<zeebe:executionListener eventType="cancel" type="clean" /></zeebe:executionListeners>'
        "</bpmn:extensionElements>"
    )
    tasks = drawing.line("tasks", drawing.user_task("a", hears), drawing.user_task("b"))
    text = tasks.content.decode().replace("<bpmn:startEvent", f"{listener}<bpmn:startEvent", 1)
    deployed(office, DeployFile(tasks.name, text.encode()))
    key = run(office, begins_at=("a", "a", "b"), ends_after=("b",))
    finish(office, "b")
    house, worker = office.house, office.operator
    for type_, count in (("ask", 2), ("clean", 1)):
        assert state(office, key) == "ACTIVE"
        given = job_activation.activate(house, worker, ActivateJobs(type_, "w", MINUTE, 9))
        assert len(given) == count
        for job in given:
            jobs.complete(house, worker, job.key, {})
    assert (state(office, key), activated(office)) == ("TERMINATED", ["a", "a", "b", "tasks"])


def test_a_part_that_ends_at_once_is_heard_too(office: Office) -> None:
    """In the very step that began it."""
    listener = (
        "<bpmn:extensionElements><zeebe:executionListeners>"
        '<zeebe:executionListener eventType="cancel" type="clean" /></zeebe:executionListeners>'
        "</bpmn:extensionElements>"
    )
    steps = f"{drawing.PLAIN_START}{drawing.user_task('a')}{drawing.PLAIN_END}"
    flows = drawing.flow("start", "a") + drawing.flow("a", "end")
    deployed(office, drawing.file("heard", f"{listener}{steps}{flows}"))
    key = run(office, "heard", ends_after=("start",))
    assert (state(office, key), open_tasks(office)) == ("ACTIVE", [])
    command = ActivateJobs("clean", "w", MINUTE, 9)
    (job,) = job_activation.activate(office.house, office.operator, command)
    jobs.complete(office.house, office.operator, job.key, {})
    assert state(office, key) == "TERMINATED"


def test_a_business_id_is_given_once(office: Office) -> None:
    """The same again changes nothing, another one is refused."""
    deployed(office, TASKS)
    key = started(office, "tasks")
    for _ in range(2):
        business_ids.assign(office.house, office.operator, key, "order-1")
    with pytest.raises(WrongStateError, match="order-1"):
        business_ids.assign(office.house, office.operator, key, "order-2")
    assert instance(office, key).business_id == "order-1"


def test_called_instances_inherit_the_business_id_and_are_given_none(office: Office) -> None:
    """It is that of the whole tree."""
    deployed(office, TASKS, drawing.line("outer", drawing.call("sub", "tasks")))
    key = run(office, "outer", business_id="order-1")
    (child,) = children(office, key)
    assert child.business_id == "order-1"
    with pytest.raises(WrongStateError, match="called"):
        business_ids.assign(office.house, office.operator, child.key, "order-2")


def test_a_job_may_give_the_business_id(office: Office) -> None:
    """With its completion, all or nothing."""
    deployed(office, drawing.line("booking", drawing.job("book", "book"), drawing.user_task("a")))
    key = started(office, "booking")
    (job,) = office.rows(instances.jobs)
    house, worker = office.house, office.operator
    with pytest.raises(BadInputError):
        jobs.complete(house, worker, job.key, {}, business_id="")
    jobs.complete(house, worker, job.key, {}, business_id="order-1")
    assert (instance(office, key).business_id, open_tasks(office)) == ("order-1", ["a"])


def test_a_refused_business_id_leaves_the_job_open(office: Office) -> None:
    """The instance has another one."""
    deployed(office, drawing.line("booking", drawing.job("book", "book")))
    key = run(office, "booking", business_id="order-1")
    (job,) = office.rows(instances.jobs)
    with pytest.raises(WrongStateError):
        jobs.complete(office.house, office.operator, job.key, {}, business_id="order-2")
    assert (state(office, key), office.rows(instances.jobs)) == ("ACTIVE", [job])


def test_an_instance_that_is_not_there_or_over_gets_no_business_id(office: Office) -> None:
    """Not found, or in the wrong state."""
    deployed(office, TASKS)
    key = started(office, "tasks")
    process_instances.cancel(office.house, office.operator, key)
    with pytest.raises(WrongStateError):
        business_ids.assign(office.house, office.operator, key, "order-1")
    with pytest.raises(NotFoundError):
        business_ids.assign(office.house, office.operator, 5, "order-1")
