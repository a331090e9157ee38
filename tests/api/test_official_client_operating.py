"""The official client operates running instances: suspends, modifies, migrates, deletes them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaClient, errors
from camunda_orchestration_sdk.models import (
    BatchOperationItemSearchQuery,
    BatchOperationSearchQuery,
    CancelProcessInstanceRequest,
    DeleteProcessInstanceRequest,
    IncidentSearchQuery,
    JobBatchUpdateRequest,
    JobFailRequest,
    JobSearchQuery,
    ProcessInstanceCancellationBatchOperationRequest,
    ProcessInstanceDeletionBatchOperationRequest,
    ProcessInstanceMigrationBatchOperationRequest,
    ProcessInstanceMigrationInstruction,
    ProcessInstanceModificationBatchOperationRequest,
    ProcessInstanceModificationInstruction,
    ProcessInstanceResumptionBatchOperationRequest,
    ProcessInstanceSearchQuery,
    ProcessInstanceSuspensionBatchOperationRequest,
    ResumeProcessInstanceRequest,
    SuspendProcessInstanceRequest,
    UserTaskSearchQuery,
)
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.usecases.deployments import DeployFile, deploy
from service.usecases.house import House
from service.usecases.transaction import SYSTEM
from tests.api.conftest import DATA, PASSWORD, SignIn
from tests.api.steps import activate, complete_inspection, instance_state, start
from tests.fakes import RecordingQueue
from workers.jobs import REGISTERED

pytestmark = pytest.mark.slow

ALL = {"processDefinitionId": "repair"}
"""A filter that finds every instance of these tests."""


def found(client: CamundaClient, **filter_: object) -> list[str]:
    """Return the keys of the instances that a filter finds."""
    query = ProcessInstanceSearchQuery.from_dict({"filter": filter_})
    return [one.process_instance_key for one in client.search_process_instances(data=query).items]


def test_an_instance_is_suspended_and_resumed(deployed: House, sign_in: SignIn) -> None:
    """Active ones are not those suspended; a command on it meets 409; the date is there and goes."""
    owner, quinn = sign_in("owner"), sign_in("quinn")
    key = start(owner).process_instance_key
    owner.suspend_process_instance(key, data=SuspendProcessInstanceRequest())
    shown = owner.get_process_instance(key)
    assert (shown.state.value, shown.suspended_date is not None) == ("SUSPENDED", True)
    assert (found(owner, state="ACTIVE"), found(owner, state="SUSPENDED")) == ([], [key])
    with pytest.raises(errors.ConflictError):
        owner.suspend_process_instance(key, data=SuspendProcessInstanceRequest())
    with pytest.raises(errors.ConflictError):
        complete_inspection(quinn)
    owner.resume_process_instance(key, data=ResumeProcessInstanceRequest())
    assert owner.get_process_instance(key).suspended_date is None
    complete_inspection(quinn)
    with pytest.raises(errors.ConflictError):
        owner.resume_process_instance(key, data=ResumeProcessInstanceRequest())
    assert instance_state(owner, key) == "ACTIVE"


def newer(house: House) -> str:
    """Deploy a second version of the repair, in which the inspection has another name; return its key."""
    xml = (DATA / "repair.bpmn").read_bytes().replace("检查物品".encode(), "检查".encode())
    owner = replace(SYSTEM, roles=frozenset({"process_owner"}))
    deployed = deploy(house, owner, [DeployFile("repair.bpmn", xml)])
    return str(deployed.processes[0].key)


def same(*ids: str) -> list[dict[str, str]]:
    """Return mapping instructions of elements to themselves."""
    return [{"sourceElementId": one, "targetElementId": one} for one in ids]


def work_off(house: House, queue: RecordingQueue) -> None:
    """Do the batch jobs that the queue was told of, like a worker."""
    while queue.sent:
        job, key = queue.sent.pop(0)
        if job.startswith("batch_operations."):
            REGISTERED[job](house, key)


def names_of_tasks(client: CamundaClient) -> list[str]:
    """Return the names of the open user tasks."""
    query = UserTaskSearchQuery.from_dict({"filter": {"state": "CREATED"}})
    return [task.name for task in client.search_user_tasks(data=query).items]


def test_an_instance_is_modified(deployed: House, sign_in: SignIn) -> None:
    """By three kinds of instructions, or by none; what cannot be done is 400, an ended instance 404."""
    owner, worker = sign_in("owner"), sign_in("worker")
    key = start(owner).process_instance_key
    nothing = ProcessInstanceModificationInstruction.from_dict({})
    owner.modify_process_instance(key, data=nothing)
    move = {
        "moveInstructions": [
            {
                "sourceElementInstruction": {
                    "sourceType": "byId",
                    "sourceElementId": "inspect_item",
                },
                "targetElementId": "send_bill",
                "ancestorScopeInstruction": {"ancestorScopeType": "sourceParent"},
                "variableInstructions": [{"variables": {"price": 9}}],
            }
        ]
    }
    owner.modify_process_instance(key, data=ProcessInstanceModificationInstruction.from_dict(move))
    (job,) = activate(worker)
    assert job.variables["price"] == 9
    add = {"activateInstructions": [{"elementId": "inspect_item"}]}
    owner.modify_process_instance(key, data=ProcessInstanceModificationInstruction.from_dict(add))
    end = {
        "terminateInstructions": [
            {"elementInstanceKey": job.element_instance_key},
            {"elementId": "inspect_item"},
        ]
    }
    change = ProcessInstanceModificationInstruction.from_dict(end)
    owner.modify_process_instance(key, data=change)
    assert instance_state(owner, key) == "TERMINATED"
    with pytest.raises(errors.NotFoundError):
        owner.modify_process_instance(key, data=change)
    other = start(owner).process_instance_key
    wrong = ProcessInstanceModificationInstruction.from_dict(
        {"activateInstructions": [{"elementId": "nowhere"}]}
    )
    with pytest.raises(errors.BadRequestError, match="nowhere"):
        owner.modify_process_instance(other, data=wrong)


def test_an_instance_is_migrated(deployed: House, sign_in: SignIn) -> None:
    """Its task has the new name; what is not mapped is 409, what is not there 400 or 404."""
    owner, quinn = sign_in("owner"), sign_in("quinn")
    key = start(owner).process_instance_key
    target = newer(deployed)

    def plan(target_key: str, *ids: str) -> ProcessInstanceMigrationInstruction:
        body = {"targetProcessDefinitionKey": target_key, "mappingInstructions": same(*ids)}
        return ProcessInstanceMigrationInstruction.from_dict(body)

    with pytest.raises(errors.ConflictError, match="inspect_item"):
        owner.migrate_process_instance(key, data=plan(target, "send_bill"))
    with pytest.raises(errors.BadRequestError):
        owner.migrate_process_instance(key, data=plan(target, "nowhere"))
    with pytest.raises(errors.NotFoundError):
        owner.migrate_process_instance(key, data=plan("5", "inspect_item"))
    owner.migrate_process_instance(key, data=plan(target, "inspect_item"))
    shown = owner.get_process_instance(key)
    assert (shown.process_definition_version, shown.process_definition_key) == (2, target)
    assert names_of_tasks(quinn) == ["检查"]
    complete_inspection(quinn)


def test_an_ended_instance_is_deleted(deployed: House, sign_in: SignIn) -> None:
    """A running one is 409; gone is 404."""
    owner = sign_in("owner")
    key = start(owner).process_instance_key
    with pytest.raises(errors.ConflictError):
        owner.delete_process_instance(key, data=DeleteProcessInstanceRequest())
    owner.cancel_process_instance(key, data=CancelProcessInstanceRequest())
    owner.delete_process_instance(key, data=DeleteProcessInstanceRequest())
    with pytest.raises(errors.NotFoundError):
        owner.get_process_instance(key)


def test_many_instances_are_operated_together(
    deployed: House, sign_in: SignIn, queue: RecordingQueue
) -> None:
    """Suspended, resumed, migrated, moved, cancelled, deleted; the batches can be looked at."""
    owner = sign_in("owner")
    keys = [start(owner).process_instance_key for _ in range(2)]
    target = newer(deployed)
    some = {"filter": {"processInstanceKey": {"$in": keys}}}
    mapping = {"targetProcessDefinitionKey": target, "mappingInstructions": same("inspect_item")}
    move = [{"sourceElementId": "inspect_item", "targetElementId": "send_bill"}]
    runs: tuple[tuple[Callable[..., Any], Any], ...] = (
        (
            owner.suspend_process_instances_batch_operation,
            ProcessInstanceSuspensionBatchOperationRequest.from_dict(some),
        ),
        (
            owner.resume_process_instances_batch_operation,
            ProcessInstanceResumptionBatchOperationRequest.from_dict(some),
        ),
        (
            owner.migrate_process_instances_batch_operation,
            ProcessInstanceMigrationBatchOperationRequest.from_dict(
                {**some, "migrationPlan": mapping}
            ),
        ),
        (
            owner.modify_process_instances_batch_operation,
            ProcessInstanceModificationBatchOperationRequest.from_dict(
                {**some, "moveInstructions": move}
            ),
        ),
        (
            owner.cancel_process_instances_batch_operation,
            ProcessInstanceCancellationBatchOperationRequest.from_dict(some),
        ),
        (
            owner.delete_process_instances_batch_operation,
            ProcessInstanceDeletionBatchOperationRequest.from_dict(some),
        ),
    )
    for create, body in runs:
        created = create(data=body)
        assert owner.get_batch_operation(created.batch_operation_key).state.value == "CREATED"
        work_off(deployed, queue)
        done = owner.get_batch_operation(created.batch_operation_key)
        assert (
            done.state.value,
            done.operations_completed_count,
            done.operations_failed_count,
            done.operations_total_count,
        ) == ("COMPLETED", 2, 0, 2), done
        assert (done.actor_id, done.errors) == ("owner", [])
    query = BatchOperationSearchQuery.from_dict(
        {"filter": {"operationType": "DELETE_PROCESS_INSTANCE"}, "sort": [{"field": "startDate"}]}
    )
    (found_batch,) = owner.search_batch_operations(data=query).items
    item_query = BatchOperationItemSearchQuery.from_dict(
        {"filter": {"batchOperationKey": found_batch.batch_operation_key}}
    )
    items = owner.search_batch_operation_items(data=item_query).items
    assert sorted(item.process_instance_key for item in items) == sorted(keys)


def test_searches_find_by_batch_operation(
    deployed: House, sign_in: SignIn, queue: RecordingQueue
) -> None:
    """The instances that a batch was about; both names of the filter together are refused."""
    owner = sign_in("owner")
    first, _other = (start(owner).process_instance_key for _ in range(2))
    body = {"filter": {"processInstanceKey": first}}
    created = owner.suspend_process_instances_batch_operation(
        data=ProcessInstanceSuspensionBatchOperationRequest.from_dict(body)
    )
    work_off(deployed, queue)
    assert found(owner, batchOperationKey=created.batch_operation_key) == [first]
    assert found(owner, batchOperationId=created.batch_operation_key) == [first]
    with pytest.raises(errors.BadRequestError):
        found(owner, batchOperationKey="1", batchOperationId="1")


def test_a_batch_is_cancelled_and_a_wrong_filter_refused(
    deployed: House, sign_in: SignIn, queue: RecordingQueue
) -> None:
    """Cancelled before its items were found; over, it is 404; a filter is read when it is sent."""
    owner, quinn = sign_in("owner"), sign_in("quinn")
    start(owner)
    body = ProcessInstanceCancellationBatchOperationRequest.from_dict({"filter": ALL})
    created = owner.cancel_process_instances_batch_operation(data=body)
    key = created.batch_operation_key
    owner.suspend_batch_operation(key, data={})
    owner.resume_batch_operation(key, data={})
    owner.cancel_batch_operation(key, data={})
    work_off(deployed, queue)
    assert owner.get_batch_operation(key).state.value == "CANCELED"
    with pytest.raises(errors.NotFoundError):
        owner.cancel_batch_operation(key, data={})
    ended = {"filter": {"state": "COMPLETED"}}
    with pytest.raises(errors.BadRequestError):
        owner.cancel_process_instances_batch_operation(
            data=ProcessInstanceCancellationBatchOperationRequest.from_dict(ended)
        )
    with pytest.raises(errors.ForbiddenError):
        quinn.cancel_process_instances_batch_operation(data=body)


@pytest.mark.parametrize("kind", ["cancellation", "deletion", "resumption", "suspension"])
@pytest.mark.parametrize(
    "fields",
    [{"state": {"$eq": "COMPLETE"}}, {"state": 5}, {"parentProcessInstanceKey": 5}],
    ids=["word", "state", "parent"],
)
def test_a_filter_without_effect_must_be_right_too(
    staffed: House, client: FlaskClient, kind: str, fields: dict[str, Any]
) -> None:
    """Whether called instances are meant, the kind says; a slip in that field begins nothing all the same."""
    path = f"/v2/process-instances/{kind}"
    refused = client.post(path, json={"filter": fields}, auth=("owner", PASSWORD))
    assert refused.status_code == 400
    assert f"'filter.{next(iter(fields))}" in refused.get_json()["detail"]


def test_incidents_of_an_instance_are_resolved_and_jobs_changed_together(
    deployed: House, sign_in: SignIn, queue: RecordingQueue
) -> None:
    """The job has a retry again and its incident is over; then all billing jobs get three more."""
    owner, quinn, worker = sign_in("owner"), sign_in("quinn"), sign_in("worker")
    key = start(owner).process_instance_key
    complete_inspection(quinn)
    (job,) = activate(worker)
    worker.fail_job(job.job_key, data=JobFailRequest.from_dict({"retries": 0}))
    created = owner.resolve_process_instance_incidents(key)
    assert created.batch_operation_type.value == "RESOLVE_INCIDENT"
    work_off(deployed, queue)
    assert owner.get_process_instance(key).has_incident is False
    body = {"filter": {"type": "billing"}, "changeset": {"retries": 3, "priority": 7}}
    owner.update_jobs_batch_operation(data=JobBatchUpdateRequest.from_dict(body))
    work_off(deployed, queue)
    (shown,) = owner.search_jobs(data=JobSearchQuery()).items
    assert (shown.retries, shown.priority) == (3, 7)


def test_a_dry_run_of_a_migration_answers_what_would_happen(
    deployed: House, sign_in: SignIn, client: FlaskClient
) -> None:
    """Of one and of many; nothing has happened afterwards (our own query parameter)."""
    owner = sign_in("owner")
    key = start(owner).process_instance_key
    target = newer(deployed)
    plan = {"targetProcessDefinitionKey": target, "mappingInstructions": same("inspect_item")}
    auth = ("owner", PASSWORD)
    one = client.post(f"/v2/process-instances/{key}/migration?dryRun=true", json=plan, auth=auth)
    assert one.status_code == 200
    assert one.json is not None
    assert one.json["refusal"] is None
    assert [each["targetElementName"] for each in one.json["elements"]] == ["检查"]
    wrong = {**plan, "mappingInstructions": same("send_bill")}
    many = client.post(
        "/v2/process-instances/migration?dryRun=true",
        json={"filter": ALL, "migrationPlan": wrong},
        auth=auth,
    )
    assert many.json is not None
    (told,) = many.json["items"]
    assert (told["processInstanceKey"], told["refusal"]["status"]) == (key, 409)
    assert (told["refusal"]["reason"], told["refusal"]["elementId"]) == (
        "not_mapped",
        "inspect_item",
    )
    whole = many.json["overview"]
    assert (whole["tried"], whole["fitting"]) == (1, 0)
    assert whole["refused"] == [{**told["refusal"], "count": 1}]
    assert owner.get_process_instance(key).process_definition_version == 1


def test_a_dry_run_of_many_is_read_page_by_page(
    deployed: House, sign_in: SignIn, client: FlaskClient
) -> None:
    """Each instance stands on exactly one page; what is no page is refused by its name."""
    owner = sign_in("owner")
    keys = [start(owner).process_instance_key for _ in range(3)]
    plan = {
        "targetProcessDefinitionKey": newer(deployed),
        "mappingInstructions": same("inspect_item"),
    }

    def ask(page: dict[str, Any]) -> TestResponse:
        body = {"filter": ALL, "migrationPlan": plan, "page": page}
        url = "/v2/process-instances/migration?dryRun=true"
        return client.post(url, json=body, auth=("owner", PASSWORD))

    first = ask({"limit": 2}).json
    assert first is not None
    second = ask({"limit": 2, "after": first["page"]["endCursor"]}).json
    assert second is not None
    assert [len(page["items"]) for page in (first, second)] == [2, 1]
    told = [*first["items"], *second["items"]]
    assert [each["processInstanceKey"] for each in told] == keys
    assert [page["page"]["totalItems"] for page in (first, second)] == [3, 3]
    whole = {"tried": 3, "fitting": 3, "refused": []}
    assert [page["overview"] for page in (first, second)] == [whole, None]
    beyond = ask({"after": second["page"]["endCursor"]}).json
    assert beyond is not None
    assert (beyond["items"], beyond["page"]["endCursor"]) == ([], None)
    for wrong in ({"limit": 0}, {"limit": 201}, {"after": "nonsense"}):
        refused = ask(wrong)
        assert (refused.status_code, f"page.{next(iter(wrong))}" in refused.text) == (400, True)


def test_a_retry_that_fails_again_names_the_new_incident(
    deployed: House, sign_in: SignIn, client: FlaskClient
) -> None:
    """204 as the API wants it; a header tells that the step did not pass, and what waits now."""
    owner = sign_in("owner")
    key = start(owner).process_instance_key
    no_key = {"variableInstructions": [{"variables": {"repair_no": None}}]}
    broken = {"activateInstructions": [{"elementId": "await_payment", **no_key}]}
    change = ProcessInstanceModificationInstruction.from_dict(broken)
    owner.modify_process_instance(key, data=change)
    query = IncidentSearchQuery.from_dict({"filter": {"state": "ACTIVE"}})
    (incident,) = owner.search_incidents(data=query).items
    url = f"/v2/incidents/{incident.incident_key}/resolution"
    answered = client.post(url, json={}, auth=("owner", PASSWORD))
    assert answered.status_code == 204
    (again,) = owner.search_incidents(data=query).items
    assert answered.headers["Huiyin-New-Incident"] == again.incident_key != incident.incident_key
