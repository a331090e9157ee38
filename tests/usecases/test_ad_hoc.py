"""Ad-hoc sub-processes on the platform: started by hand, led by a worker, several in one case."""

from datetime import timedelta

import pytest

from service.domain.errors import BadInputError, NotAllowedError, NotFoundError
from service.engine import AdHocActivation, AdHocResult
from service.persistence.tables import instances
from service.usecases import ad_hoc, incidents, job_activation, jobs, user_tasks
from service.usecases.deployments import deploy
from service.usecases.job_activation import ActivatedJob, ActivateJobs
from service.usecases.process_instances import CreateInstance, create
from tests.usecases.conftest import Office
from tests.usecases.drawing import extension, line, user_task


def start(office: Office, extra: str = "") -> int:
    """Start a process with an ad-hoc sub-process and return the key of its element instance."""
    head = extension(extra) if extra else ""
    inner = user_task("look") + user_task("ask")
    part = f'<bpmn:adHocSubProcess id="part">{head}{inner}</bpmn:adHocSubProcess>'
    deploy(office.house, office.owner, [line("free", part)])
    create(office.house, office.owner, CreateInstance(process_id="free"))
    table = instances.element_instances
    (row,) = office.rows(table, table.c.element_id == "part")
    return int(row.key)


def lead(office: Office) -> ActivatedJob:
    """Return the job of the leading worker."""
    command = ActivateJobs("lead", "w", timedelta(minutes=1), 10)
    (given,) = job_activation.activate(office.house, office.operator, command)
    return given


def test_activities_are_started_by_hand(office: Office) -> None:
    """The inner scope is an element instance of its own; done when nothing is left."""
    key = start(office)
    activations = (AdHocActivation("look", {"hint": 1}), AdHocActivation("ask"))
    ad_hoc.activate(office.house, office.operator, key, activations)

    table = instances.element_instances
    inner = office.rows(table, table.c.type == "AD_HOC_SUB_PROCESS_INNER_INSTANCE")
    assert [(row.element_id, row.scope_key) for row in inner] == [("part#innerInstance", key)] * 2
    for element_id in ("look", "ask"):
        task_key = office.task(element_id).key
        user_tasks.claim(office.house, office.inspector, task_key)
        user_tasks.complete(office.house, office.inspector, task_key, {})
    assert [row.state for row in office.rows(instances.process_instances)] == ["COMPLETED"]


def test_who_may_not_operate_starts_nothing(office: Office) -> None:
    """Nor does anybody start nothing, or what is not there."""
    key = start(office)

    with pytest.raises(NotAllowedError):
        ad_hoc.activate(office.house, office.clerk, key, (AdHocActivation("look"),))
    with pytest.raises(BadInputError):
        ad_hoc.activate(office.house, office.operator, key, ())
    for wrong, element_id in ((key, "x"), (key + 10**6, "look")):
        with pytest.raises(NotFoundError):
            ad_hoc.activate(office.house, office.operator, wrong, (AdHocActivation(element_id),))


def test_a_new_job_takes_the_place_of_the_old_one(office: Office) -> None:
    """Once an inner flow has ended the old key is gone: the worker that comes late hears 404."""
    start(office, '<zeebe:taskDefinition type="lead" />')
    both = AdHocResult((AdHocActivation("look"), AdHocActivation("ask")))
    jobs.complete(office.house, office.operator, lead(office).key, {}, result=both)
    for element_id in ("look", "ask"):
        if element_id == "ask":
            late = lead(office)
        task_key = office.task(element_id).key
        user_tasks.claim(office.house, office.inspector, task_key)
        user_tasks.complete(office.house, office.inspector, task_key, {})

    with pytest.raises(NotFoundError):
        jobs.complete(office.house, office.operator, late.key, {})
    newest, done = lead(office), AdHocResult(is_fulfilled=True)
    assert newest.kind == "AD_HOC_SUB_PROCESS"
    jobs.complete(office.house, office.operator, newest.key, {}, result=done)
    assert [row.state for row in office.rows(instances.process_instances)] == ["COMPLETED"]


def test_a_leading_job_without_retries_is_an_incident_of_its_own(office: Office) -> None:
    """It can be resolved like any other."""
    start(office, '<zeebe:taskDefinition type="lead" />')
    given = lead(office)
    jobs.fail(office.house, office.operator, given.key, 0, "broken")

    (incident,) = office.rows(instances.incidents)
    assert incident.error_type == "AD_HOC_SUB_PROCESS_NO_RETRIES"
    jobs.update(office.house, office.operator, given.key, retries=1)
    incidents.resolve(office.house, office.operator, incident.key)
    assert lead(office).key == given.key
