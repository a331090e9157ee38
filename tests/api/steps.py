"""Steps that tests with the official client take again and again."""

from typing import Any

from camunda_orchestration_sdk import CamundaClient, ProcessInstanceKey
from camunda_orchestration_sdk.models import (
    JobActivationRequest,
    ProcessCreationById,
    UserTaskCompletionRequest,
    UserTaskSearchQuery,
)


def start(client: CamundaClient, **more: Any) -> Any:
    """Start a repair and return the client's answer."""
    body = {"processDefinitionId": "repair", "variables": {"repair_no": "R-1"}, **more}
    return client.create_process_instance(data=ProcessCreationById.from_dict(body))


def open_task(client: CamundaClient) -> Any:
    """Return the only open task."""
    query = UserTaskSearchQuery.from_dict({"filter": {"state": "CREATED"}})
    (task,) = client.search_user_tasks(data=query).items
    return task


def complete_inspection(client: CamundaClient, damage: str = "严重") -> None:
    """Complete the inspection with its form."""
    body = UserTaskCompletionRequest.from_dict({"variables": {"damage": damage, "remark": "裂"}})
    client.complete_user_task(open_task(client).user_task_key, data=body)


def activate(client: CamundaClient, **more: Any) -> list[Any]:
    """Return the billing jobs that can be had now."""
    body = {"type": "billing", "timeout": 60_000, "maxJobsToActivate": 5, "worker": "w"}
    request = JobActivationRequest.from_dict({**body, "requestTimeout": -1, **more})
    return list(client.activate_jobs(data=request).jobs)


def instance_state(client: CamundaClient, key: str) -> str:
    """Return the state of an instance."""
    return str(client.get_process_instance(ProcessInstanceKey(key)).state.value)
