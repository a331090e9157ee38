"""The audit log, as the official client reads it."""

from typing import Any

import pytest
from camunda_orchestration_sdk import (
    CamundaClient,
    ElementInstanceKey,
    GroupId,
    RoleId,
    Username,
    errors,
)
from camunda_orchestration_sdk.models import (
    AuditLogSearchQueryRequest,
    ProcessInstanceCancellationBatchOperationRequest,
    SetVariableRequest,
    UserRequest,
    UserTaskAssignmentRequest,
    UserTaskAuditLogSearchQueryRequest,
)

from service.usecases.house import House
from tests.api.conftest import SignIn
from tests.api.steps import activate, complete_inspection, open_task, start

pytestmark = pytest.mark.slow


def entries(client: CamundaClient, **filters: Any) -> list[tuple[str, str, str | None]]:
    """Return entity, operation and actor of what the filter keeps, oldest first."""
    body = {"filter": filters, "sort": [{"field": "timestamp"}, {"field": "auditLogKey"}]}
    found = client.search_audit_logs(data=AuditLogSearchQueryRequest.from_dict(body)).items
    return [
        (one.entity_type.value, one.operation_type.value, one.actor_id and str(one.actor_id))
        for one in found
    ]


def test_what_was_done_to_a_task_is_read_at_the_task(deployed: House, sign_in: SignIn) -> None:
    """Who sees the task sees its entries; a stranger does not know of it."""
    owner, quinn = sign_in("owner"), sign_in("quinn")
    start(owner)
    task = open_task(quinn)
    assignment = UserTaskAssignmentRequest.from_dict({"assignee": "quinn"})
    quinn.assign_user_task(task.user_task_key, data=assignment)
    complete_inspection(quinn)

    log = quinn.search_user_task_audit_logs(task.user_task_key).items
    assert [one.operation_type.value for one in log] == ["ASSIGN", "COMPLETE"]
    assert {one.user_task_key for one in log} == {task.user_task_key}
    assert [(one.actor_id, one.actor_type and one.actor_type.value) for one in log] == [
        ("quinn", "USER")
    ] * 2
    assert (log[0].related_entity_key, log[0].related_entity_type) == ("quinn", "USER")
    assert log[0].category.value == "USER_TASKS"
    query = {"filter": {"operationType": {"$in": ["ASSIGN"]}, "actorId": "quinn"}}
    request = UserTaskAuditLogSearchQueryRequest.from_dict(query)
    (assigned,) = quinn.search_user_task_audit_logs(task.user_task_key, data=request).items
    assert owner.get_audit_log(assigned.audit_log_key) == assigned
    with pytest.raises(errors.ApiError) as hidden:
        sign_in("sam").search_user_task_audit_logs(task.user_task_key)
    assert hidden.value.status_code == 404


def test_the_log_of_an_instance(deployed: House, sign_in: SignIn) -> None:
    """Started by a person, decided by the house, worked off by a program."""
    owner, quinn, worker = sign_in("owner"), sign_in("quinn"), sign_in("worker")
    key = start(owner).process_instance_key
    complete_inspection(quinn)
    (job,) = activate(worker)
    worker.complete_job(job.job_key)

    assert entries(owner, processInstanceKey=key) == [
        ("PROCESS_INSTANCE", "CREATE", "owner"),
        ("USER_TASK", "COMPLETE", "quinn"),
        ("DECISION", "EVALUATE", "quinn"),
        ("JOB", "COMPLETE", "worker"),
    ]
    assert entries(owner, jobKey=job.job_key) == [("JOB", "COMPLETE", "worker")]
    assert entries(owner, actorType="CLIENT") == [("JOB", "COMPLETE", "worker")]
    assert ("RESOURCE", "CREATE", "system") in entries(owner, category="DEPLOYED_RESOURCES")


def test_the_log_of_people(staffed: House, sign_in: SignIn) -> None:
    """Accounts, memberships and roles; a member of staff sees what he did himself."""
    ada = sign_in("ada")
    body = {"username": "nina", "password": "long enough"}
    ada.create_user(data=UserRequest.from_dict(body))
    ada.assign_user_to_group(GroupId("quality"), Username("nina"))
    ada.assign_role_to_user(RoleId("auditor"), Username("nina"))

    assert entries(ada, category="ADMIN") == [
        ("USER", "CREATE", "ada"),
        ("GROUP", "ASSIGN", "ada"),
        ("ROLE", "ASSIGN", "ada"),
    ]
    (joined,) = ada.search_audit_logs(
        data=AuditLogSearchQueryRequest.from_dict({"filter": {"entityKey": "quality"}})
    ).items
    assert (joined.related_entity_key, joined.related_entity_type) == ("nina", "USER")
    assert entries(sign_in("quinn")) == []


def test_the_log_of_variables_and_batch_operations(deployed: House, sign_in: SignIn) -> None:
    """What was new is told from what was changed, by name; of a batch operation its key and type."""
    owner = sign_in("owner")
    key = start(owner).process_instance_key
    for variables in ({"remark": "a"}, {"remark": "b", "repair_no": "R-2"}):
        body = SetVariableRequest.from_dict({"variables": variables})
        owner.create_element_instance_variables(ElementInstanceKey(key), data=body)
    wanted = {"filter": {"processInstanceKey": key}}
    batch = owner.cancel_process_instances_batch_operation(
        data=ProcessInstanceCancellationBatchOperationRequest.from_dict(wanted)
    ).batch_operation_key
    owner.suspend_batch_operation(batch)
    owner.resume_batch_operation(batch)
    owner.cancel_batch_operation(batch)

    assert entries(owner, entityType="VARIABLE", entityDescription="remark") == [
        ("VARIABLE", "CREATE", "owner"),
        ("VARIABLE", "UPDATE", "owner"),
    ]
    assert entries(owner, entityType="VARIABLE", entityDescription="repair_no") == [
        ("VARIABLE", "UPDATE", "owner")
    ]
    assert entries(owner, batchOperationType="CANCEL_PROCESS_INSTANCE") == [
        ("BATCH", done, "owner") for done in ("CREATE", "SUSPEND", "RESUME", "CANCEL")
    ]
    begun = AuditLogSearchQueryRequest.from_dict({"filter": {"entityKey": batch}})
    (first, *_rest) = owner.search_audit_logs(data=begun).items
    assert first.batch_operation_key == batch
