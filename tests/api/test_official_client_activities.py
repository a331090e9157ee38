"""Listeners and ad-hoc sub-processes through the official client: jobs with results, waiting commands."""

import threading
from pathlib import Path
from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk.errors import ApiError
from camunda_orchestration_sdk.models import (
    AdHocSubProcessActivateActivitiesInstruction,
    ElementInstanceSearchQuery,
    JobCompletionRequest,
    JobSearchQuery,
    ProcessCreationById,
    UserTaskCompletionRequest,
)

from service.usecases.house import House
from tests.api.conftest import SignIn
from tests.api.steps import activate, open_task

pytestmark = pytest.mark.slow

DIAGRAM = Path(__file__).parent / "data" / "listened.bpmn"


def begin(client: CamundaClient) -> None:
    """Deploy the process and start it."""
    client.deploy_resources_from_files([str(DIAGRAM)])
    body = {"processDefinitionId": "listened"}
    client.create_process_instance(data=ProcessCreationById.from_dict(body))


def element(client: CamundaClient, element_id: str) -> Any:
    """Return the element instance of an element."""
    body = {"filter": {"elementId": element_id}}
    (found,) = client.search_element_instances(
        data=ElementInstanceSearchQuery.from_dict(body)
    ).items
    return found


def complete(client: CamundaClient, job: Any, **body: Any) -> None:
    """Complete a job with a body."""
    client.complete_job(job.job_key, data=JobCompletionRequest.from_dict(body))


def reasons(client: CamundaClient, **filters: Any) -> list[str | None]:
    """Return why the jobs of the listener denied, of those that fit."""
    body = {"filter": {"type": "check", **filters}, "sort": [{"field": "isDenied"}]}
    return [
        job.denied_reason for job in client.search_jobs(data=JobSearchQuery.from_dict(body)).items
    ]


def test_a_waiting_completion_hears_the_denial_and_then_the_consent(
    house: House, sign_in: SignIn
) -> None:
    """409 with the reason, the second time 204; the listener is told of the task."""
    owner, quinn, worker = sign_in("owner"), sign_in("quinn"), sign_in("worker")
    begin(owner)
    task_key = open_task(quinn).user_task_key
    refusals: list[ApiError] = []

    def finish() -> None:
        try:
            quinn.complete_user_task(task_key, data=UserTaskCompletionRequest.from_dict({}))
        except ApiError as refused:
            refusals.append(refused)

    for result in ({"type": "userTask", "denied": True, "deniedReason": "not yet"}, None):
        waiter = threading.Thread(target=finish)
        waiter.start()
        (job,) = activate(worker, type="check", requestTimeout=20_000)
        assert (job.kind.value, job.listener_event_type.value) == ("TASK_LISTENER", "COMPLETING")
        assert job.user_task.user_task_key == task_key
        complete(worker, job, **({"result": result} if result else {}))
        waiter.join(timeout=15)

    (refused,) = refusals
    assert refused.status_code == 409
    assert "not yet" in str(refused)
    assert quinn.get_user_task(task_key).state.value == "COMPLETED"
    assert reasons(worker, isDenied=True) == reasons(worker, deniedReason="not yet") == ["not yet"]
    assert reasons(worker, isDenied=False) == [None]


def test_activities_are_started_by_hand_and_by_a_worker(house: House, sign_in: SignIn) -> None:
    """The command of the API, and the result of the leading job."""
    owner, worker = sign_in("owner"), sign_in("worker")
    begin(owner)
    body = {"elements": [{"elementId": "look"}]}
    data = AdHocSubProcessActivateActivitiesInstruction.from_dict(body)
    with pytest.raises(ApiError) as missing:
        worker.activate_ad_hoc_sub_process_activities("4711", data=data)
    assert missing.value.status_code == 404

    free = element(owner, "free")
    assert free.type_.value == "AD_HOC_SUB_PROCESS"
    worker.activate_ad_hoc_sub_process_activities(free.element_instance_key, data=data)
    (looking,) = activate(worker, type="look")
    complete(worker, looking)

    (leading,) = activate(worker, type="lead")
    assert leading.kind.value == "AD_HOC_SUB_PROCESS"
    started = [{"elementId": "search", "variables": {"term": "x"}}]
    complete(worker, leading, result={"type": "adHocSubProcess", "activateElements": started})
    (searching,) = activate(worker, type="search")
    assert searching.variables["term"] == "x"
    complete(worker, searching)
    (leading,) = activate(worker, type="lead")
    done = {"type": "adHocSubProcess", "isCompletionConditionFulfilled": True}
    complete(worker, leading, result=done)
    assert element(owner, "agent").state.value == "COMPLETED"
