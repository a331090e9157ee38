"""Migration of user tasks as rows: a job that becomes a task for people, a task whose listeners are asked."""

import pytest

from service.domain.errors import NotFoundError, WrongStateError
from service.persistence.tables import instances, tasks
from service.usecases import jobs, migration, user_tasks
from service.usecases.migration import MigrationPlan
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import active_incidents, deployed, instance, resolve, started
from tests.usecases.test_migration import migrate, plan

INBOX = drawing.extension(
    '<zeebe:assignmentDefinition assignee="elsewhere" candidateGroups="quality" />'
)
LOOP = (
    "<bpmn:multiInstanceLoopCharacteristics>"
    + drawing.extension('<zeebe:loopCharacteristics inputCollection="=[1, 2]" />')
    + "</bpmn:multiInstanceLoopCharacteristics>"
)


def to_people(office: Office, loop: str = "") -> tuple[int, MigrationPlan]:
    """Start a process whose user task is a job; return it and the plan to one for people."""
    task = f'<bpmn:userTask id="ask">{INBOX}{loop}</bpmn:userTask>'
    deployed(office, drawing.line("moving", task))
    key = started(office, "moving")
    for_people = drawing.user_task("look").replace("</bpmn:userTask>", f"{loop}</bpmn:userTask>")
    deployed(office, drawing.line("moving", for_people))
    return key, MigrationPlan(plan(office, "moving").target_key, (("ask", "look"),))


def test_the_job_is_canceled_and_the_task_is_in_the_inbox(office: Office) -> None:
    """The worker comes too late, people of the job's groups take it; a dry run says so and does nothing."""
    key, to = to_people(office)
    (told,) = migration.forecast(office.house, office.operator, [key], to)
    assert told.migrated is not None
    assert [one.is_converted for one in told.migrated.elements] == [True]
    assert (office.rows(tasks.user_tasks), instance(office, key).version) == ([], 1)

    migrate(office, key, to)
    (job,) = office.rows(instances.jobs)
    assert (job.state, job.element_id, job.ended_at is None) == ("CANCELED", "ask", False)
    with pytest.raises(NotFoundError):
        jobs.complete(office.house, office.operator, job.key, {})
    task = office.task("look")
    assert (task.process_key, task.assignee, task.state) == (to.target_key, None, "CREATED")
    assert (task.candidate_groups, task.headers) == (["quality"], {})
    user_tasks.complete(office.house, office.inspector, task.key, {})
    assert instance(office, key).state == "COMPLETED"


def test_tasks_of_a_multi_instance_lie_in_its_body(office: Office) -> None:
    """Each in the scope of the element that was active before."""
    key, to = to_people(office, LOOP)
    migrate(office, key, to)
    elements = instances.element_instances
    (body,) = office.rows(elements, elements.c.type == "MULTI_INSTANCE_BODY")
    found = office.rows(tasks.user_tasks)
    assert [(row.scope_key, row.loop_counter) for row in found] == [(body.key, 1), (body.key, 2)]


def test_a_failed_job_is_looked_at_first(office: Office) -> None:
    """The dry run names the reason; once the incident is resolved it becomes a task."""
    key, to = to_people(office)
    (job,) = office.rows(instances.jobs)
    jobs.fail(office.house, office.operator, job.key, 0)
    (told,) = migration.forecast(office.house, office.operator, [key], to)
    assert told.refusal is not None
    assert told.refusal.facts["reason"] == "failed_job"
    with pytest.raises(WrongStateError):
        migrate(office, key, to)

    jobs.update(office.house, office.operator, job.key, retries=1)
    resolve(office)
    migrate(office, key, to)
    assert (office.task("look").state, active_incidents(office)) == ("CREATED", [])


def test_a_task_whose_listeners_are_asked_moves_along(office: Office) -> None:
    """Whoever completes it waits for the listener; denied, it stands in the inbox as the new version's."""
    listener = '<zeebe:taskListener eventType="completing" type="hear" />'
    hearing = f"<zeebe:taskListeners>{listener}</zeebe:taskListeners>"
    deployed(office, drawing.line("moving", drawing.user_task("ask", hearing)))
    key = started(office, "moving")
    user_tasks.complete(office.house, office.inspector, office.task("ask").key, {})
    deployed(office, drawing.line("moving", drawing.user_task("look", hearing)))
    to = MigrationPlan(plan(office, "moving").target_key, (("ask", "look"),))
    migrate(office, key, to)

    (task,) = office.rows(tasks.user_tasks)
    assert (task.state, task.element_id) == ("COMPLETING", "look")
    assert (task.process_key, task.version) == (to.target_key, 2)
