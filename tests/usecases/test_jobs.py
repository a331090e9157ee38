"""Jobs for workers outside: leases, failures, errors; nothing is done twice."""

from datetime import timedelta

import orjson
import pytest
from sqlalchemy import event

from service.domain.errors import (
    DeploymentRefusedError,
    NotAllowedError,
    NotFoundError,
    WrongStateError,
)
from service.persistence.tables import definitions, instances
from service.usecases import incidents, job_activation, jobs, messages, user_tasks
from service.usecases.deployments import DeployFile, deploy
from service.usecases.job_activation import ActivatedJob, ActivateJobs
from service.usecases.messages import PublishMessage
from tests.fakes import FakeClock
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import active_incidents, deployed, started

MINUTE = timedelta(minutes=1)


def to_job(office: Office) -> int:
    """Bring an approval to its job and return the job's key."""
    office.start()
    key = office.task("check_request").key
    user_tasks.complete(office.house, office.inspector, key, {"opinion": "同意", "amount": 7})
    (job,) = office.rows(instances.jobs)
    return int(job.key)


def activate(office: Office, worker: str = "w1") -> tuple[ActivatedJob, ...]:
    """Ask for one job, for a minute."""
    command = ActivateJobs("book", worker, MINUTE, 1)
    return job_activation.activate(office.house, office.operator, command)


def test_an_activated_job_carries_what_its_element_sees(office: Office) -> None:
    """Variables, retries, deadline and ids travel with the job."""
    to_job(office)
    (job,) = activate(office)
    assert (job.type, job.element_id, job.retries) == ("book", "book_amount", 2)
    assert (job.variables["amount"], job.variables["opinion"]) == (7, "同意")
    assert job.deadline_at == office.house.outside.clock.now() + MINUTE


def test_a_leased_job_is_given_to_nobody_else_until_the_lease_ends(
    office: Office, clock: FakeClock
) -> None:
    """Just before the deadline nobody gets it, at the deadline the next one does."""
    to_job(office)
    assert len(activate(office)) == 1
    clock.advance(MINUTE - timedelta(seconds=1))
    assert activate(office, "w2") == ()
    clock.advance(seconds=1)
    assert [job.worker for job in activate(office, "w2")] == ["w2"]


@pytest.mark.parametrize("retries", [0, -2])
def test_a_job_that_begins_without_retries_is_given_out_once(office: Office, retries: int) -> None:
    """A failure uses up retries, being created does not: the first one is an incident, and it rests."""
    task = '<bpmn:serviceTask id="work"><bpmn:extensionElements>{}</bpmn:extensionElements></bpmn:serviceTask>'
    definition = '<zeebe:taskDefinition type="book" retries="=r" />'
    deployed(office, drawing.line("once", task.format(definition)))
    started(office, "once", r=retries)

    (job,) = activate(office)
    assert job.retries == retries
    jobs.fail(office.house, office.operator, job.key, retries - 1, "boom")
    assert [row.error_type for row in active_incidents(office)] == ["JOB_NO_RETRIES"]
    assert activate(office) == ()


def test_completing_a_job_goes_on_and_a_second_time_is_refused(office: Office) -> None:
    """The result is written once; the late worker is told that the job is gone."""
    key = to_job(office)
    jobs.complete(office.house, office.operator, key, {"voucher": "V-1"})
    with pytest.raises(NotFoundError):
        jobs.complete(office.house, office.operator, key, {"voucher": "V-2"})
    (variable,) = office.rows(instances.variables, instances.variables.c.name == "voucher")
    assert variable.value == '"V-1"'


def test_only_operators_may_work_on_jobs(office: Office) -> None:
    """A member of staff is refused."""
    key = to_job(office)
    with pytest.raises(NotAllowedError):
        jobs.complete(office.house, office.clerk, key, {})


def test_a_failed_job_comes_back_after_its_pause(office: Office, clock: FakeClock) -> None:
    """With retries left it is given out again, not before the back-off has passed."""
    key = to_job(office)
    activate(office)
    jobs.fail(office.house, office.operator, key, 1, "busy", timedelta(seconds=30))
    assert activate(office) == ()
    clock.advance(seconds=30)
    assert [job.retries for job in activate(office)] == [1]


def test_a_job_without_retries_becomes_an_incident_that_can_be_resolved(office: Office) -> None:
    """The incident is raised, resolving needs retries first, afterwards the job is there again."""
    key = to_job(office)
    jobs.fail(office.house, office.operator, key, 0, "no connection")
    (incident,) = office.rows(instances.incidents)
    (instance,) = office.rows(instances.process_instances)
    assert (incident.error_type, incident.message) == ("JOB_NO_RETRIES", "no connection")
    assert instance.has_incident is True
    with pytest.raises(WrongStateError, match="retries"):
        incidents.resolve(office.house, office.operator, incident.key)
    jobs.update(office.house, office.operator, key, retries=1)
    incidents.resolve(office.house, office.operator, incident.key)
    (instance,) = office.rows(instances.process_instances)
    assert (instance.has_incident, len(activate(office))) == (False, 1)


def test_what_went_wrong_is_kept_shortened(office: Office) -> None:
    """Of a stack trace without end the first ten thousand characters stay, of an error's text likewise."""
    long, short = "x" * 10_001, f"{'x' * 10_000}..."
    key = to_job(office)
    jobs.fail(office.house, office.operator, key, 1, long[1:])
    assert office.rows(instances.jobs)[0].error_message == long[1:]
    jobs.fail(office.house, office.operator, key, 0, long)
    assert office.rows(instances.jobs)[0].error_message == short
    (incident,) = office.rows(instances.incidents)
    assert incident.message == short
    jobs.update(office.house, office.operator, key, retries=1)
    incidents.resolve(office.house, office.operator, incident.key)

    jobs.throw_error(office.house, office.operator, key, "unknown_code", long)
    assert office.rows(instances.jobs)[0].error_message == short


def test_a_thrown_error_takes_the_way_of_its_boundary(office: Office) -> None:
    """The caught code opens the task behind the boundary event; the job is over."""
    key = to_job(office)
    jobs.throw_error(office.house, office.operator, key, "refused", "科目不存在")
    assert office.task("mend_booking").candidate_groups == ["finance"]
    with pytest.raises(NotFoundError):
        jobs.complete(office.house, office.operator, key, {})


def test_an_uncaught_error_becomes_an_incident(office: Office) -> None:
    """Nobody catches the code: an incident names it, the instance stays where it is."""
    key = to_job(office)
    jobs.throw_error(office.house, office.operator, key, "unknown_code")
    (incident,) = office.rows(instances.incidents)
    assert incident.error_type == "UNHANDLED_ERROR_EVENT"
    with pytest.raises(WrongStateError):
        jobs.complete(office.house, office.operator, key, {})


def test_a_message_ends_the_wait_of_its_case_only(office: Office) -> None:
    """Correlation is by case number; the other case waits on."""
    key = to_job(office)
    jobs.complete(office.house, office.operator, key, {})
    (case_no,) = [
        row.value.strip('"')
        for row in office.rows(instances.variables, instances.variables.c.name == "case_no")
    ]
    with pytest.raises(NotFoundError):
        messages.correlate(
            office.house, office.operator, PublishMessage("receipt_arrived", "other")
        )
    messages.correlate(
        office.house, office.operator, PublishMessage("receipt_arrived", case_no, {"paper": 1})
    )
    (instance,) = office.rows(instances.process_instances)
    assert instance.state == "COMPLETED"


def test_a_job_with_an_incident_is_leased_after_it_is_resolved(office: Office) -> None:
    """Retries alone do not free it: else it would be done while its incident stays for ever."""
    key = to_job(office)
    jobs.fail(office.house, office.operator, key, 0, "no connection")
    jobs.update(office.house, office.operator, key, retries=1)
    assert activate(office) == ()
    with pytest.raises(WrongStateError):
        jobs.complete(office.house, office.operator, key, {})
    (incident,) = office.rows(instances.incidents)
    incidents.resolve(office.house, office.operator, incident.key)
    assert [job.key for job in activate(office)] == [key]


def test_many_jobs_cost_no_more_statements_than_two(office: Office) -> None:
    """The lease holds a lock: it is not lengthened by questions for each job."""
    counted: list[str] = []

    def statements(max_jobs: int) -> int:
        counted.clear()
        command = ActivateJobs("book", "w", MINUTE, max_jobs)
        assert len(job_activation.activate(office.house, office.operator, command)) == max_jobs
        return sum("process_instances" in text or "variables" in text for text in counted)

    for _ in range(6):
        office.start()
        key = office.task("check_request").key
        user_tasks.complete(office.house, office.inspector, key, {"opinion": "同意"})
    event.listen(
        office.house.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: counted.append(statement),
    )
    assert statements(2) == statements(4)


def test_no_more_is_handed_over_at_once_than_a_worker_can_take(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest waits for the next request; what is not asked for does not count, and one job always comes."""
    text = "字" * 100
    inner = drawing.extension(
        '<zeebe:taskDefinition type="book" />'
        '<zeebe:ioMapping><zeebe:input source="=whole" target="part" /></zeebe:ioMapping>'
    )
    deployed(
        office, drawing.line("large", f'<bpmn:serviceTask id="book">{inner}</bpmn:serviceTask>')
    )
    for _ in range(5):
        started(office, "large", whole=text)
    monkeypatch.setattr(job_activation, "MAX_LENGTH", 500)

    def given(*names: str) -> int:
        command = ActivateJobs("book", "w", timedelta(milliseconds=1), 9, names or None)
        taken = job_activation.activate(office.house, office.operator, command)
        jobs_by_state = [job for job in office.rows(instances.jobs) if job.state == "ACTIVATED"]
        assert len(jobs_by_state) == len(taken)
        for job in taken:
            jobs.fail(office.house, office.operator, job.key, 3)
        return len(taken)

    assert (given(), given("part"), given("other")) == (2, 4, 5)
    monkeypatch.setattr(job_activation, "MAX_LENGTH", 10)
    assert given() == 1


@pytest.mark.parametrize(
    "binding", ['bindingType="latest"', 'bindingType="versionTag" versionTag="v2"']
)
def test_a_linked_file_that_is_not_there_is_an_incident_until_it_is(
    office: Office, binding: str
) -> None:
    """When the job is created, not when it is deployed; deployed later, a retry finds it."""
    linked = (
        f'<zeebe:linkedResource resourceId="bot" resourceType="RPA" linkName="ask" {binding} />'
    )
    more = f"<zeebe:linkedResources>{linked}</zeebe:linkedResources>"
    deployed(office, drawing.line("linking", drawing.job("work", "linked", more=more)))
    started(office, "linking")
    (found,) = active_incidents(office)
    assert found.error_type == "RESOURCE_NOT_FOUND"
    bot = DeployFile("bot.rpa", b'{"id": "bot", "versionTag": "v2"}')
    newer = deploy(office.house, office.owner, [bot])
    assert incidents.resolve(office.house, office.operator, found.key) is None
    (given,) = job_activation.activate(
        office.house, office.operator, ActivateJobs("linked", "w", MINUTE, 1)
    )
    (told,) = orjson.loads(given.headers["linkedResources"])
    assert told["resourceKey"] == str(newer.resources[0].key)


def test_a_linked_file_of_the_deployment_is_looked_for_when_it_is_deployed(office: Office) -> None:
    """Refused without it; with it, that very version is told, whatever comes later."""
    linked = (
        '<zeebe:linkedResource resourceId="ask.md" bindingType="deployment"'
        ' resourceType="GenericScript" linkName="ask" />'
    )
    more = f"<zeebe:linkedResources>{linked}</zeebe:linkedResources>"
    process = drawing.line("linking", drawing.job("work", "linked", more=more))
    with pytest.raises(DeploymentRefusedError) as refused:
        deployed(office, process)
    assert [finding.rule for finding in refused.value.findings] == ["references"]
    first = deploy(office.house, office.owner, [process, DeployFile("ask.md", b"one")])
    deploy(office.house, office.owner, [DeployFile("ask.md", b"two")])
    started(office, "linking")
    (given,) = job_activation.activate(
        office.house, office.operator, ActivateJobs("linked", "w", MINUTE, 1)
    )
    (told,) = orjson.loads(given.headers["linkedResources"])
    assert told["resourceKey"] == str(first.resources[0].key)


def test_a_linked_form_is_told_by_its_key(office: Office) -> None:
    """Its type says that it is one."""
    linked = (
        '<zeebe:linkedResource resourceId="check_request" resourceType="form" linkName="ask" />'
    )
    more = f"<zeebe:linkedResources>{linked}</zeebe:linkedResources>"
    deployed(office, drawing.line("linking", drawing.job("work", "linked", more=more)))
    started(office, "linking")
    (given,) = job_activation.activate(
        office.house, office.operator, ActivateJobs("linked", "w", MINUTE, 1)
    )
    (told,) = orjson.loads(given.headers["linkedResources"])
    (form,) = office.rows(definitions.forms)
    assert told == {"resourceKey": str(form.key), "resourceType": "form", "linkName": "ask"}


def test_a_worker_finds_the_files_that_its_job_links(office: Office) -> None:
    """The newest version that is deployed when the job is created, by its key."""
    linked = (
        '<zeebe:linkedResource resourceId="ask.md" resourceType="GenericScript" linkName="ask" />'
    )
    more = f"<zeebe:linkedResources>{linked}</zeebe:linkedResources>"
    process = drawing.line("linking", drawing.job("work", "linked", more=more))
    deployed(office, process, DeployFile("ask.md", b"one"))
    newer = deploy(office.house, office.owner, [DeployFile("ask.md", b"two")])
    started(office, "linking")
    command = ActivateJobs("linked", "w", MINUTE, 1)
    (given,) = job_activation.activate(office.house, office.operator, command)

    assert orjson.loads(given.headers["linkedResources"]) == [
        {
            "resourceKey": str(newer.resources[0].key),
            "resourceType": "GenericScript",
            "linkName": "ask",
        }
    ]
