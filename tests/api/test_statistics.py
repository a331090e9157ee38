"""Statistics and searches beside the nouns, as the official client reads them."""

from typing import Any

import pytest
from camunda_orchestration_sdk.models import (
    ElementInstanceWaitStateQuery,
    IncidentProcessInstanceStatisticsByDefinitionQuery,
    IncidentProcessInstanceStatisticsByErrorQuery,
    JobErrorRequest,
    JobErrorStatisticsQuery,
    JobFailRequest,
    JobTimeSeriesStatisticsQuery,
    JobTypeStatisticsQuery,
    JobWorkerStatisticsQuery,
    ProcessDefinitionInstanceVersionStatisticsQuery,
    ProcessDefinitionVariableNameSearchQuery,
)

from service.usecases.house import House
from tests.api.conftest import SignIn
from tests.api.steps import activate, complete_inspection, open_task, start
from tests.fakes import FakeClock

pytestmark = pytest.mark.slow

WINDOW = {"from": "2026-11-24T00:00:00Z", "to": "2026-11-25T00:00:00Z"}
BILLING = {**WINDOW, "jobType": "billing"}


def counts(item: Any) -> tuple[int, int, int]:
    """Return how many were made, completed, failed."""
    return item.created.count, item.completed.count, item.failed.count


def test_jobs_are_counted_by_type_worker_error_and_time(
    deployed: House, sign_in: SignIn, clock: FakeClock
) -> None:
    """Two made; one failed twice and was completed, the other waits."""
    owner, quinn, worker = sign_in("owner"), sign_in("quinn"), sign_in("worker")
    for number in ("R-1", "R-2"):
        start(owner, variables={"repair_no": number})
        complete_inspection(quinn)
    for message in ("No bank", "No bank again"):
        (job,) = activate(worker, maxJobsToActivate=1)
        body = {"retries": 1, "errorMessage": message}
        worker.fail_job(job.job_key, data=JobFailRequest.from_dict(body))
        clock.advance(hours=1)
    (job,) = activate(worker, maxJobsToActivate=1)
    worker.complete_job(job.job_key)

    in_all = owner.get_global_job_statistics(from_=clock.at.replace(hour=0), to=clock.at)
    assert (*counts(in_all), in_all.is_incomplete) == (2, 1, 2, False)
    assert in_all.completed.last_updated_at == clock.at
    other = owner.get_global_job_statistics(
        from_=clock.at.replace(hour=0), to=clock.at, job_type="other"
    )
    assert counts(other) == (0, 0, 0)
    assert other.created.last_updated_at is None

    query: Any = JobTypeStatisticsQuery.from_dict({"filter": WINDOW})
    (of_type,) = owner.get_job_type_statistics(data=query).items
    assert (of_type.job_type, *counts(of_type), of_type.workers) == ("billing", 2, 1, 2, 1)
    query = JobWorkerStatisticsQuery.from_dict({"filter": BILLING})
    (of_worker,) = owner.get_job_worker_statistics(data=query).items
    assert (of_worker.worker, *counts(of_worker)) == ("w", 0, 1, 2)
    query = JobErrorStatisticsQuery.from_dict({"filter": BILLING})
    (error,) = owner.get_job_error_statistics(data=query).items
    assert (error.error_message, error.workers) == ("No bank again", 1)
    query = JobTimeSeriesStatisticsQuery.from_dict({"filter": {**BILLING, "resolution": "PT1H"}})
    series = owner.get_job_time_series_statistics(data=query).items
    assert [(one.time.hour, *counts(one)) for one in series] == [
        (2, 2, 0, 1),
        (3, 0, 0, 1),
        (4, 0, 1, 0),
    ]
    in_his_eyes = quinn.get_global_job_statistics(from_=clock.at.replace(hour=0), to=clock.at)
    assert counts(in_his_eyes) == (0, 0, 0)
    query = JobTypeStatisticsQuery.from_dict({"filter": WINDOW})
    assert quinn.get_job_type_statistics(data=query).items == []


def test_a_failure_is_of_the_worker_that_had_the_job(
    deployed: House, sign_in: SignIn, clock: FakeClock
) -> None:
    """One lets its time run out, one reports, one throws; what was made is nobody's (JobWorkerStatisticsIT)."""
    owner, quinn, worker = sign_in("owner"), sign_in("quinn"), sign_in("worker")
    for number in ("R-1", "R-2"):
        start(owner, variables={"repair_no": number})
        complete_inspection(quinn)
    activate(worker, maxJobsToActivate=1, worker="late")
    clock.advance(hours=1)
    (job,) = activate(worker, maxJobsToActivate=1, worker="reports")
    worker.fail_job(job.job_key, data=JobFailRequest.from_dict({"retries": 1}))
    thrown, done = activate(worker, worker="throws")
    worker.throw_job_error(thrown.job_key, data=JobErrorRequest.from_dict({"errorCode": "no_bank"}))
    worker.complete_job(done.job_key)

    query: Any = JobWorkerStatisticsQuery.from_dict({"filter": BILLING})
    found = owner.get_job_worker_statistics(data=query).items
    assert [(one.worker, *counts(one)) for one in found] == [
        ("late", 0, 0, 1),
        ("reports", 0, 0, 1),
        ("throws", 0, 1, 1),
    ]
    query = JobTypeStatisticsQuery.from_dict({"filter": WINDOW})
    (of_type,) = owner.get_job_type_statistics(data=query).items
    assert (*counts(of_type), of_type.workers) == (2, 1, 3, 3)


def test_incidents_are_counted_by_message_and_definition(deployed: House, sign_in: SignIn) -> None:
    """The message's number leads to the definitions that have it."""
    owner, quinn, worker = sign_in("owner"), sign_in("quinn"), sign_in("worker")
    start(owner)
    complete_inspection(quinn)
    (job,) = activate(worker)
    body = {"retries": 0, "errorMessage": "No bank"}
    worker.fail_job(job.job_key, data=JobFailRequest.from_dict(body))

    sort = [{"field": "activeInstancesWithErrorCount", "order": "DESC"}]
    query: Any = IncidentProcessInstanceStatisticsByErrorQuery.from_dict({"sort": sort})
    (found,) = owner.get_process_instance_statistics_by_error(data=query).items
    assert found.active_instances_with_error_count == 1
    assert "No bank" in found.error_message
    for hash_code, expected in ((found.error_hash_code, ["repair"]), (1, [])):
        query = IncidentProcessInstanceStatisticsByDefinitionQuery.from_dict(
            {"filter": {"errorHashCode": hash_code}}
        )
        items = owner.get_process_instance_statistics_by_definition(data=query).items
        assert [one.process_definition_id for one in items] == expected

    (of_process,) = owner.get_process_definition_instance_statistics().items
    assert (
        of_process.latest_process_definition_name,
        of_process.has_multiple_versions,
        of_process.active_instances_with_incident_count,
        of_process.active_instances_without_incident_count,
    ) == ("维修", False, 1, 0)
    query = ProcessDefinitionInstanceVersionStatisticsQuery.from_dict(
        {"filter": {"processDefinitionId": "repair"}}
    )
    (of_version,) = owner.get_process_definition_instance_version_statistics(data=query).items
    assert of_version.process_definition_version == 1
    assert of_version.active_instances_with_incident_count == 1


def test_what_is_waited_for(deployed: House, sign_in: SignIn) -> None:
    """A person, then a worker, then a message: each is said with what it is about."""
    owner, quinn, worker = sign_in("owner"), sign_in("quinn"), sign_in("worker")
    created = start(owner)
    task = open_task(quinn)

    def waiting() -> Any:
        body = {"filter": {"processInstanceKey": created.process_instance_key}}
        query = ElementInstanceWaitStateQuery.from_dict(body)
        (one,) = owner.search_element_instance_wait_states(data=query).items
        return one

    of_person = waiting()
    assert (of_person.element_id, of_person.element_type.value) == ("inspect_item", "USER_TASK")
    assert of_person.details.task_key == task.user_task_key
    complete_inspection(quinn)
    assert (waiting().details.job_type, waiting().details.retries) == ("billing", 2)
    (job,) = activate(worker)
    worker.complete_job(job.job_key)
    assert waiting().details.message_name == "repair_paid"
    assert waiting().details.correlation_key == "R-1"
    statistics = owner.get_process_instance_wait_state_statistics(created.process_instance_key)
    assert [(one.element_id, one.waiting_count) for one in statistics.items] == [
        ("await_payment", 1)
    ]
    (subscribed,) = owner.get_process_definition_message_subscription_statistics().items
    assert subscribed.process_definition_key == created.process_definition_key
    assert (
        subscribed.active_subscriptions,
        subscribed.process_instances_with_active_subscriptions,
    ) == (
        1,
        1,
    )
    body = {"filter": {"name": {"$like": "p*"}}}
    names = owner.search_process_definition_variable_names(
        created.process_definition_key,
        data=ProcessDefinitionVariableNameSearchQuery.from_dict(body),
    ).items
    assert [one.name for one in names] == ["price"]


@pytest.mark.parametrize(
    "given",
    [
        {"from": "yesterday", "to": "2026-11-25T00:00:00Z", "jobType": "x"},
        {"from": "2026-11-26T00:00:00Z", "to": "2026-11-25T00:00:00Z", "jobType": "x"},
        WINDOW,
        {**BILLING, "resolution": "hourly"},
        {**BILLING, "resolution": "PT0S"},
        {**BILLING, "resolution": "PT1S"},
    ],
    ids=["no moment", "end first", "no type", "no duration", "zero", "too many"],
)
def test_a_time_that_is_none_is_refused(staffed: House, client: Any, given: Any) -> None:
    """400 by field."""
    answer = client.post(
        "/v2/jobs/statistics/time-series",
        json={"filter": given},
        auth=("owner", "right-password"),
    )
    assert answer.status_code == 400
    assert answer.get_json()["title"] == "INVALID_ARGUMENT"
