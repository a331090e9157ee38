"""Execution listeners over the jobs of workers: kinds, priority, failures, incidents."""

from datetime import timedelta

import pytest

from service.domain.errors import WrongStateError
from service.engine import AdHocResult, Modification, TaskListenerResult
from service.persistence.tables import instances
from service.usecases import incidents, job_activation, jobs
from service.usecases.deployments import DeployFile, deploy
from service.usecases.job_activation import ActivatedJob, ActivateJobs
from service.usecases.modification import modify
from service.usecases.process_instances import CreateInstance, cancel, create
from service.usecases.suspension import suspend
from tests.usecases.conftest import Office
from tests.usecases.drawing import extension, job, line

LISTENER = (
    "<zeebe:executionListeners>"
    '<zeebe:executionListener eventType="start" type="before" retries="1" />'
    "</zeebe:executionListeners>"
)


def start(office: Office, *elements: str) -> int:
    """Deploy a line of elements, start it and return the instance's key."""
    deploy(office.house, office.owner, [line("listened", *elements)])
    return create(office.house, office.owner, CreateInstance(process_id="listened")).key


def activate(office: Office, job_type: str, most: int = 10) -> tuple[ActivatedJob, ...]:
    """Return the jobs of a type, for a minute."""
    command = ActivateJobs(job_type, "w", timedelta(minutes=1), most)
    return job_activation.activate(office.house, office.operator, command)


def test_a_listener_is_a_job_of_its_own_kind_before_that_of_the_element(office: Office) -> None:
    """It says its event; what it gives back is local to the element."""
    start(office, job("work", "work", more=LISTENER))
    assert activate(office, "work") == ()

    (given,) = activate(office, "before")
    assert (given.kind, given.listener_event_type) == ("EXECUTION_LISTENER", "START")
    jobs.complete(office.house, office.operator, given.key, {"seen": True})
    (given,) = activate(office, "work")
    assert (given.kind, given.listener_event_type) == ("BPMN_ELEMENT", "UNSPECIFIED")
    assert given.variables["seen"] is True
    jobs.complete(office.house, office.operator, given.key, {})
    assert [row.state for row in office.rows(instances.process_instances)] == ["COMPLETED"]


def test_a_listener_without_retries_is_an_incident_that_can_be_resolved(office: Office) -> None:
    """Only the failed listener is tried again."""
    start(office, job("work", "work", more=LISTENER))
    (given,) = activate(office, "before")
    jobs.fail(office.house, office.operator, given.key, 0, "broken")

    (incident,) = office.rows(instances.incidents)
    assert incident.error_type == "EXECUTION_LISTENER_NO_RETRIES"
    jobs.update(office.house, office.operator, given.key, retries=1)
    incidents.resolve(office.house, office.operator, incident.key)
    assert [again.key for again in activate(office, "before")] == [given.key]


def test_no_error_is_thrown_from_a_listener(office: Office) -> None:
    """Camunda 8 execution listeners; the job stays as it was."""
    start(office, job("work", "work", more=LISTENER))
    (given,) = activate(office, "before")

    with pytest.raises(WrongStateError):
        jobs.throw_error(office.house, office.operator, given.key, "broken")
    jobs.complete(office.house, office.operator, given.key, {})
    assert len(activate(office, "work")) == 1


@pytest.mark.parametrize("result", [TaskListenerResult(is_denied=True), AdHocResult()])
def test_a_result_says_nothing_to_jobs_that_are_no_listeners_of_tasks(
    office: Office, result: TaskListenerResult | AdHocResult
) -> None:
    """Camunda 8 (CompleteJobTest): also a denial, which an execution listener cannot give either."""
    start(office, job("work", "work", more=LISTENER))
    for job_type in ("before", "work"):
        (given,) = activate(office, job_type)
        jobs.complete(office.house, office.operator, given.key, {}, result=result)
    assert [row.state for row in office.rows(instances.process_instances)] == ["COMPLETED"]


def test_cancelling_ends_the_job_of_a_listener(office: Office) -> None:
    """Nobody gets it any more."""
    key = start(office, job("work", "work", more=LISTENER))
    cancel(office.house, office.operator, key)

    assert [(job.state, job.ended_at is None) for job in office.rows(instances.jobs)] == [
        ("CANCELED", False)
    ]


def test_jobs_of_higher_priority_are_given_out_first(office: Office) -> None:
    """A task's own priority stands above that of its process; expressions are evaluated."""
    urgent = '<zeebe:jobPriorityDefinition priority="=5 + 2" />'
    head = extension('<zeebe:jobPriorityDefinition priority="3" />')
    for process_id, first in (("plain", ""), ("urgent", urgent)):
        drawn = line(process_id, job("work", "work", more=first))
        if process_id == "plain":
            text = drawn.content.replace(
                b'isExecutable="true">', b'isExecutable="true">' + head.encode()
            )
            drawn = type(drawn)(drawn.name, text)
        deploy(office.house, office.owner, [drawn])
        create(office.house, office.owner, CreateInstance(process_id=process_id))

    assert [job.priority for job in activate(office, "work", 1)] == [7]
    assert [job.priority for job in activate(office, "work", 1)] == [3]


def cleaned_up(office: Office) -> int:
    """Start a process whose own listener `clean` hears that it is terminated, and return its key."""
    told = LISTENER.replace('"start"', '"cancel"').replace('"before"', '"clean"')
    process = line("listened", job("work", "work"))
    text = process.content.decode().replace(
        "<bpmn:startEvent", f"{extension(told)}<bpmn:startEvent", 1
    )
    deploy(office.house, office.owner, [DeployFile(process.name, text.encode())])
    return create(office.house, office.owner, CreateInstance(process_id="listened")).key


def states(office: Office) -> list[str]:
    """Return the states of all instances."""
    return [row.state for row in office.rows(instances.process_instances)]


def test_a_cancelled_process_ends_when_its_own_listener_has_answered(office: Office) -> None:
    """Until then it is not over; what the listener gives is a variable of the process."""
    cancel(office.house, office.operator, cleaned_up(office))
    assert activate(office, "work") == ()

    (given,) = activate(office, "clean")
    assert (given.kind, given.listener_event_type) == ("EXECUTION_LISTENER", "CANCEL")
    assert states(office) == ["ACTIVE"]
    jobs.complete(office.house, office.operator, given.key, {"cleaned": True})
    assert states(office) == ["TERMINATED"]


def test_what_is_being_cancelled_is_neither_cancelled_again_nor_suspended(office: Office) -> None:
    """Camunda 8: a cancel request is already in progress."""
    key = cleaned_up(office)
    cancel(office.house, office.operator, key)
    for command in (cancel, suspend):
        with pytest.raises(WrongStateError, match="being canceled already"):
            command(office.house, office.operator, key)
    assert states(office) == ["ACTIVE"]


def test_a_suspended_process_that_is_cancelled_is_heard_at_once(office: Office) -> None:
    """Nobody need resume it first (Camunda 8, UserTaskSuspensionGateTest)."""
    key = cleaned_up(office)
    suspend(office.house, office.operator, key)
    cancel(office.house, office.operator, key)
    (given,) = activate(office, "clean")
    jobs.complete(office.house, office.operator, given.key, {})
    assert states(office) == ["TERMINATED"]


def test_a_process_that_a_modification_empties_is_heard_too(office: Office) -> None:
    """Camunda 8 (ExecutionListenerCancelTest); the listeners of its user tasks are not."""
    key = cleaned_up(office)
    modify(office.house, office.operator, key, Modification(terminate=("work",)))
    (given,) = activate(office, "clean")
    jobs.complete(office.house, office.operator, given.key, {})
    assert states(office) == ["TERMINATED"]
