"""The official client `camunda-orchestration-sdk`, unchanged, works a process off from end to end."""

import json
import threading
import time
from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaClient, errors
from camunda_orchestration_sdk.models import (
    CancelProcessInstanceRequest,
    Changeset,
    ElementInstanceSearchQuery,
    IncidentSearchQuery,
    JobChangeset,
    JobCompletionRequest,
    JobErrorRequest,
    JobFailRequest,
    JobSearchQuery,
    JobUpdateRequest,
    MessageCorrelationRequest,
    MessagePublicationRequest,
    MessageSubscriptionSearchQuery,
    ProcessInstanceBusinessIdAssignmentInstruction,
    ProcessInstanceSearchQuery,
    SetVariableRequest,
    UserTaskAssignmentRequest,
    UserTaskCompletionRequest,
    UserTaskSearchQuery,
    UserTaskUpdateRequest,
    VariableSearchQuery,
)

from service.usecases.house import House
from tests.api.conftest import SignIn
from tests.api.steps import activate, complete_inspection, instance_state, open_task, start

pytestmark = pytest.mark.slow


def test_a_repair_goes_from_start_to_end(deployed: House, sign_in: SignIn) -> None:
    """Start, claim, complete with a form, decide, bill by a worker, pay by message."""
    owner, quinn, worker = sign_in("owner"), sign_in("quinn"), sign_in("worker")

    created = start(owner, businessId="B-1", tags=["vip"], startInstructions=[])
    assert (created.process_definition_version, created.tags) == (1, ["vip"])
    assert instance_state(owner, created.process_instance_key) == "ACTIVE"

    task = open_task(quinn)
    assert (task.name, task.process_name, task.priority) == ("检查物品", "维修", 70)
    assert (task.candidate_groups, task.business_id, task.tags) == (["quality"], "B-1", ["vip"])
    assert "field_damage" in quinn.get_user_task_form(task.user_task_key).schema
    assignment = UserTaskAssignmentRequest.from_dict(
        {"assignee": "quinn", "allowOverride": False, "action": "claim"}
    )
    quinn.assign_user_task(task.user_task_key, data=assignment)
    assert quinn.get_user_task(task.user_task_key).assignee == "quinn"
    complete_inspection(quinn)
    done = quinn.get_user_task(task.user_task_key)
    assert (done.state.value, done.completion_date is not None) == ("COMPLETED", True)

    (job,) = activate(worker)
    assert job.variables["price"] == 150.5
    assert job.custom_headers["currency"] == "CNY"
    assert (job.retries, job.process_instance_key) == (2, created.process_instance_key)
    assert activate(worker) == []
    completion = JobCompletionRequest.from_dict({"variables": {"bill_no": "B-7"}})
    worker.complete_job(job.job_key, data=completion)

    query = VariableSearchQuery.from_dict(
        {"filter": {"processInstanceKey": created.process_instance_key, "name": "bill_no"}}
    )
    (variable,) = owner.search_variables(data=query).items
    assert variable.value == '"B-7"'
    assert owner.get_variable(variable.variable_key).value == '"B-7"'

    (waiting,) = owner.search_message_subscriptions(data=MessageSubscriptionSearchQuery()).items
    assert (waiting.message_name, waiting.correlation_key) == ("repair_paid", "R-1")
    message = MessageCorrelationRequest.from_dict({"name": "repair_paid", "correlationKey": "R-1"})
    correlated = worker.correlate_message(data=message)
    assert correlated.process_instance_key == created.process_instance_key
    assert instance_state(owner, created.process_instance_key) == "COMPLETED"

    statistics = owner.get_process_instance_statistics(created.process_instance_key).items
    assert {one.element_id for one in statistics if one.completed} >= {"inspect_item", "send_bill"}
    flows = owner.get_process_instance_sequence_flows(created.process_instance_key).items
    assert {flow.element_id for flow in flows} == {f"flow_{n}" for n in range(1, 6)}


def test_a_failed_job_becomes_an_incident_that_is_resolved(
    deployed: House, sign_in: SignIn
) -> None:
    """No retries left: incident; new retries, resolve: the job can be had again."""
    owner, quinn, worker = sign_in("owner"), sign_in("quinn"), sign_in("worker")
    created = start(owner)
    complete_inspection(quinn)
    (job,) = activate(worker)
    failure = JobFailRequest.from_dict({"retries": 0, "errorMessage": "No connection to the bank"})
    worker.fail_job(job.job_key, data=failure)

    assert owner.get_process_instance(created.process_instance_key).has_incident is True
    query = IncidentSearchQuery.from_dict(
        {"filter": {"state": "ACTIVE", "errorMessage": "no connection"}}
    )
    (incident,) = owner.search_incidents(data=query).items
    assert (incident.error_type.value, incident.job_key) == ("JOB_NO_RETRIES", job.job_key)
    assert owner.get_incident(incident.incident_key) == incident
    with pytest.raises(errors.ConflictError):
        owner.resolve_incident(incident.incident_key)

    changes = JobUpdateRequest(changeset=JobChangeset.from_dict({"retries": 1}))
    worker.update_job(job.job_key, data=changes)
    owner.resolve_incident(incident.incident_key)
    assert owner.get_incident(incident.incident_key).state.value == "RESOLVED"
    (again,) = activate(worker)
    assert again.job_key == job.job_key
    (shown,) = owner.search_jobs(data=JobSearchQuery()).items
    assert (shown.state.value, shown.worker) == ("CREATED", "w")


def test_a_leased_job_wants_its_token(deployed: House, sign_in: SignIn) -> None:
    """Activated with a lease: the token comes with the job, and without it completing is a conflict."""
    owner, quinn, worker = sign_in("owner"), sign_in("quinn"), sign_in("worker")
    start(owner)
    complete_inspection(quinn)
    (job,) = activate(worker, withLease=True)

    for body in ({}, {"jobLeaseToken": "another"}):
        with pytest.raises(errors.ConflictError):
            worker.complete_job(job.job_key, data=JobCompletionRequest.from_dict(body))
    body = {"jobLeaseToken": job.job_lease_token}
    worker.complete_job(job.job_key, data=JobCompletionRequest.from_dict(body))
    (shown,) = owner.search_jobs(data=JobSearchQuery()).items
    assert shown.state.value == "COMPLETED"


def test_an_error_of_a_job_takes_the_boundary_event(deployed: House, sign_in: SignIn) -> None:
    """The instance ends on the other path."""
    owner, quinn, worker = sign_in("owner"), sign_in("quinn"), sign_in("worker")
    created = start(owner)
    complete_inspection(quinn)
    (job,) = activate(worker)
    worker.throw_job_error(job.job_key, data=JobErrorRequest.from_dict({"errorCode": "refused"}))
    assert instance_state(owner, created.process_instance_key) == "COMPLETED"
    query = ElementInstanceSearchQuery.from_dict({"filter": {"elementId": "repair_refused"}})
    (ended,) = owner.search_element_instances(data=query).items
    assert (ended.type_.value, ended.state.value) == ("END_EVENT", "COMPLETED")
    assert owner.get_element_instance(ended.element_instance_key) == ended


def test_an_error_that_nobody_catches_is_found_by_what_the_worker_said(
    deployed: House, sign_in: SignIn
) -> None:
    """Job and incident keep the worker's words; its retries are still there."""
    owner, quinn, worker = sign_in("owner"), sign_in("quinn"), sign_in("worker")
    start(owner)
    complete_inspection(quinn)
    (job,) = activate(worker)
    said = {"errorCode": "no_such_code", "errorMessage": "the bank is closed"}
    worker.throw_job_error(job.job_key, data=JobErrorRequest.from_dict(said))

    wanted = {"errorMessage": said["errorMessage"], "hasFailedWithRetriesLeft": True}
    query = JobSearchQuery.from_dict({"filter": {**wanted, "errorCode": said["errorCode"]}})
    (shown,) = owner.search_jobs(data=query).items
    assert (shown.job_key, shown.state.value) == (job.job_key, "ERROR_THROWN")
    assert shown.has_failed_with_retries_left is True
    incidents = IncidentSearchQuery.from_dict({"filter": {"errorMessage": "bank is closed"}})
    (incident,) = owner.search_incidents(data=incidents).items
    assert incident.error_type.value == "UNHANDLED_ERROR_EVENT"


def test_a_long_poll_returns_as_soon_as_there_is_a_job(deployed: House, sign_in: SignIn) -> None:
    """A waiting worker is served while it waits."""
    owner, quinn, worker = sign_in("owner"), sign_in("quinn"), sign_in("worker")
    start(owner)
    got: list[Any] = []
    waiter = threading.Thread(target=lambda: got.extend(activate(worker, requestTimeout=20_000)))
    began = time.monotonic()
    waiter.start()
    complete_inspection(quinn)
    waiter.join(timeout=10)
    assert len(got) == 1
    assert time.monotonic() - began < 10


def test_a_message_waits_for_its_subscription(deployed: House, sign_in: SignIn) -> None:
    """Published before anybody waits, taken when the instance arrives; the same id twice is 409."""
    owner, quinn, worker = sign_in("owner"), sign_in("quinn"), sign_in("worker")
    created = start(owner)
    message = MessagePublicationRequest.from_dict(
        {"name": "repair_paid", "correlationKey": "R-1", "timeToLive": 60_000, "messageId": "m1"}
    )
    worker.publish_message(data=message)
    with pytest.raises(errors.ApiError) as doubled:
        worker.publish_message(data=message)
    assert doubled.value.status_code == 409
    complete_inspection(quinn)
    (job,) = activate(worker)
    worker.complete_job(job.job_key)
    assert instance_state(owner, created.process_instance_key) == "COMPLETED"
    (taken,) = owner.search_correlated_message_subscriptions().items
    assert taken.message_name == "repair_paid"


def test_a_message_nobody_waits_for_is_not_found(deployed: House, sign_in: SignIn) -> None:
    """Correlation buffers nothing."""
    message = MessageCorrelationRequest.from_dict({"name": "repair_paid", "correlationKey": "R-9"})
    with pytest.raises(errors.NotFoundError):
        sign_in("worker").correlate_message(data=message)


def test_a_completed_task_cannot_be_completed_again(deployed: House, sign_in: SignIn) -> None:
    """409 INVALID_STATE, and the text names who was faster."""
    start(sign_in("owner"))
    task = open_task(sign_in("quinn"))
    complete_inspection(sign_in("quinn"))
    body = UserTaskCompletionRequest.from_dict({"variables": {"damage": "严重"}})
    with pytest.raises(errors.ConflictError) as late:
        sign_in("quentin").complete_user_task(task.user_task_key, data=body)
    problem = json.loads(late.value.content)
    assert problem["title"] == "INVALID_STATE"
    assert problem["detail"].startswith("Command 'COMPLETE' rejected with code 'INVALID_STATE': ")
    assert "quinn" in problem["detail"].lower()


def test_claiming_what_somebody_has_is_a_conflict(deployed: House, sign_in: SignIn) -> None:
    """`allowOverride: false` never takes a task away; putting it back frees it."""
    start(sign_in("owner"))
    quinn, quentin = sign_in("quinn"), sign_in("quentin")
    key = open_task(quinn).user_task_key

    def claim(client: CamundaClient, username: str) -> None:
        body = {"assignee": username, "allowOverride": False, "action": "claim"}
        client.assign_user_task(key, data=UserTaskAssignmentRequest.from_dict(body))

    claim(quinn, "quinn")
    claim(quinn, "quinn")
    with pytest.raises(errors.ConflictError):
        claim(quentin, "quentin")
    quinn.unassign_user_task(key)
    claim(quentin, "quentin")
    assert quinn.get_user_task(key).assignee == "quentin"


def test_a_task_of_strangers_is_not_there(deployed: House, sign_in: SignIn) -> None:
    """Reading, claiming and completing answer 404 to who may not see it, like a key that never was."""
    start(sign_in("owner"))
    key = open_task(sign_in("quinn")).user_task_key
    sam = sign_in("sam")
    assert sam.search_user_tasks(data=UserTaskSearchQuery()).items == []
    assignment = UserTaskAssignmentRequest.from_dict({"assignee": "sam"})
    for attempt in (
        lambda: sam.get_user_task(key),
        lambda: sam.get_user_task_form(key),
        lambda: sam.assign_user_task(key, data=assignment),
        lambda: sam.complete_user_task(key, data=UserTaskCompletionRequest()),
        lambda: sam.unassign_user_task(key),
    ):
        with pytest.raises(errors.NotFoundError):
            attempt()


def test_a_task_is_changed_field_by_field(deployed: House, sign_in: SignIn) -> None:
    """Absent keeps, the empty list clears."""
    start(sign_in("owner"))
    worker = sign_in("worker")
    key = open_task(worker).user_task_key
    changes = Changeset.from_dict({"dueDate": "2026-12-01T10:00:00+08:00", "priority": 80})
    worker.update_user_task(key, data=UserTaskUpdateRequest(changeset=changes))
    task = worker.get_user_task(key)
    assert task.due_date.isoformat() == "2026-12-01T02:00:00+00:00"
    assert (task.priority, task.candidate_groups) == (80, ["quality"])
    changes = Changeset.from_dict({"candidateGroups": [], "candidateUsers": ["sam"]})
    worker.update_user_task(key, data=UserTaskUpdateRequest(changeset=changes))
    assert open_task(sign_in("sam")).candidate_groups == []


def test_an_instance_is_canceled_once(deployed: House, sign_in: SignIn) -> None:
    """A second cancellation finds nothing that runs."""
    owner = sign_in("owner")
    created = start(owner)
    nothing = CancelProcessInstanceRequest()
    owner.cancel_process_instance(created.process_instance_key, data=nothing)
    assert instance_state(owner, created.process_instance_key) == "TERMINATED"
    (task,) = owner.search_user_tasks(data=UserTaskSearchQuery()).items
    assert task.state.value == "CANCELED"
    with pytest.raises(errors.NotFoundError):
        owner.cancel_process_instance(created.process_instance_key, data=nothing)


def test_variables_are_set_and_found_by_their_values(deployed: House, sign_in: SignIn) -> None:
    """PUT variables, then search the instance by the JSON text of one."""
    owner = sign_in("owner")
    created = start(owner)
    request = SetVariableRequest.from_dict({"variables": {"grade": "A", "n": 2}})
    owner.create_element_instance_variables(created.process_instance_key, data=request)
    for value, count in (('"A"', 1), ('"B"', 0)):
        query = ProcessInstanceSearchQuery.from_dict(
            {"filter": {"variables": [{"name": "grade", "value": value}]}}
        )
        assert len(owner.search_process_instances(data=query).items) == count
    task = open_task(owner)
    seen = owner.search_user_task_effective_variables(task.user_task_key).items
    assert {(one.name, one.value) for one in seen} >= {("grade", '"A"'), ("n", "2")}


def test_awaiting_the_end_answers_its_variables(deployed: House, sign_in: SignIn) -> None:
    """An instance that does not end in time answers 504 and runs on; so does one that ends without result."""
    owner = sign_in("owner")
    ends = {"type": "TERMINATE_PROCESS_INSTANCE", "afterElementId": "start_repair"}
    with pytest.raises(errors.GatewayTimeoutError, match="it was terminated"):
        start(owner, awaitCompletion=True, requestTimeout=60_000, runtimeInstructions=[ends])
    with pytest.raises(errors.GatewayTimeoutError):
        start(owner, awaitCompletion=True, requestTimeout=100)
    query = ProcessInstanceSearchQuery.from_dict({"filter": {"state": "ACTIVE"}})
    assert len(owner.search_process_instances(data=query).items) == 1


def test_a_part_of_a_process_is_run(deployed: House, sign_in: SignIn) -> None:
    """Begun at one element, terminated after another: what the Modeler's task testing asks for."""
    owner, quinn = sign_in("owner"), sign_in("quinn")
    created = start(
        owner,
        startInstructions=[{"elementId": "inspect_item"}],
        runtimeInstructions=[
            {"type": "TERMINATE_PROCESS_INSTANCE", "afterElementId": "inspect_item"}
        ],
    )
    complete_inspection(quinn)
    assert instance_state(owner, created.process_instance_key) == "TERMINATED"
    with pytest.raises(errors.BadRequestError):
        start(owner, startInstructions=[{"elementId": "nothing"}])
    with pytest.raises(errors.BadRequestError):
        start(owner, runtimeInstructions=[{"type": "EXPLODE", "afterElementId": "inspect_item"}])


def test_a_business_id_is_assigned_once(deployed: House, sign_in: SignIn) -> None:
    """Another one is a conflict; what was assigned is found by it."""
    owner = sign_in("owner")
    created = start(owner)

    def assign(business_id: str) -> None:
        body = ProcessInstanceBusinessIdAssignmentInstruction.from_dict({"businessId": business_id})
        owner.assign_process_instance_business_id(created.process_instance_key, data=body)

    assign("order-1")
    assign("order-1")
    with pytest.raises(errors.ConflictError):
        assign("order-2")
    query = ProcessInstanceSearchQuery.from_dict({"filter": {"businessId": "order-1"}})
    (found,) = owner.search_process_instances(data=query).items
    assert found.process_instance_key == created.process_instance_key
