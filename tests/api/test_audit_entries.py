"""What the entries of the audit log tell: keys, results, one entry for each thing.

Source: camunda/camunda, `AuditLogTransformerConfigs`, `AuditLogProcessOperationsIT` and their neighbours.
"""

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.domain.jobs import RUN_BATCH_CHUNK
from service.usecases.deployments import DeployFile, deploy
from service.usecases.house import House
from service.usecases.transaction import SYSTEM
from tests.api.conftest import DATA, PASSWORD
from tests.fakes import RecordingQueue
from tests.rows import add_event
from workers.jobs import REGISTERED


class Caller:
    """Somebody who calls the API."""

    def __init__(self, client: FlaskClient, username: str) -> None:
        self._client = client
        self._auth = (username, PASSWORD)

    def __call__(self, method: str, path: str, body: Any = None, status: int = 204) -> Any:
        """Return the JSON of an answer that has that status."""
        answer = self._client.open(f"/v2{path}", method=method, json=body, auth=self._auth)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json(silent=True)

    def log(self, **filters: Any) -> list[dict[str, Any]]:
        """Return the entries that a filter keeps, oldest first."""
        body = {"filter": filters, "sort": [{"field": "auditLogKey"}]}
        found: list[dict[str, Any]] = self("POST", "/audit-logs/search", body, 200)["items"]
        return found

    def search(self, noun: str, **filters: Any) -> list[dict[str, Any]]:
        """Return what a search finds."""
        found: list[dict[str, Any]] = self("POST", f"/{noun}/search", {"filter": filters}, 200)[
            "items"
        ]
        return found

    def start(self) -> str:
        """Start a repair and return its key."""
        body = {"processDefinitionId": "repair", "variables": {"repair_no": "R-1"}}
        return str(self("POST", "/process-instances", body, 200)["processInstanceKey"])


@pytest.fixture
def owner(client: FlaskClient, deployed: House) -> Caller:
    """Return who may do all of it."""
    return Caller(client, "owner")


def told(entries: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """Return some fields of each entry."""
    return [tuple(entry[name] for name in names) for entry in entries]


def test_each_variable_that_is_set_has_an_entry(owner: Caller) -> None:
    """With its key, the scope it is in, and whether it is new; what already had the value has none."""
    key = owner.start()
    element = owner.search("element-instances", elementId="inspect_item")[0]["elementInstanceKey"]
    path = f"/element-instances/{element}/variables"
    owner("PUT", path, {"variables": {"repair_no": "R-1", "note": "a", "count": 1}})
    owner("PUT", path, {"variables": {"note": "b"}})
    owner("PUT", path, {"variables": {"note": "c"}, "local": True})

    entries = owner.log(entityType="VARIABLE", processInstanceKey=key)
    assert told(entries, "entityDescription", "operationType", "elementInstanceKey") == [
        ("count", "CREATE", key),
        ("note", "CREATE", key),
        ("note", "UPDATE", key),
        ("note", "CREATE", element),
    ]
    keys = {
        (one["name"], one["scopeKey"]): one["variableKey"]
        for one in owner.search("variables", processInstanceKey=key)
    }
    names = [(one["entityDescription"], one["elementInstanceKey"]) for one in entries]
    assert [one["entityKey"] for one in entries] == [keys[name] for name in names]
    assert told(owner.log(entityKey=keys["count", key]), "entityDescription") == [("count",)]


def test_entries_name_the_element_instance(owner: Caller, client: FlaskClient) -> None:
    """Of tasks, jobs, decisions and incidents; entries of an instance itself name none."""
    key = owner.start()
    (task,) = owner.search("user-tasks", state="CREATED")
    done = {"variables": {"damage": "严重", "remark": "裂"}}
    quinn = Caller(client, "quinn")
    quinn("POST", f"/user-tasks/{task['userTaskKey']}/completion", done)
    wanted = {"type": "billing", "timeout": 60_000, "maxJobsToActivate": 1, "worker": "w"}
    (job,) = owner("POST", "/jobs/activation", wanted, 200)["jobs"]
    owner("POST", f"/jobs/{job['jobKey']}/failure", {"retries": 0})
    (incident,) = owner.search("incidents", state="ACTIVE")
    owner("PATCH", f"/jobs/{job['jobKey']}", {"changeset": {"retries": 1}})
    owner("POST", f"/incidents/{incident['incidentKey']}/resolution")
    owner("POST", "/jobs/activation", wanted, 200)
    owner("POST", f"/jobs/{job['jobKey']}/completion", {})

    at = {
        (one["entityType"], one["operationType"]): one["elementInstanceKey"]
        for one in owner.log(processInstanceKey=key)
    }
    (decided,) = owner.log(entityType="DECISION", operationType="EVALUATE")
    assert at == {
        ("PROCESS_INSTANCE", "CREATE"): None,
        ("USER_TASK", "COMPLETE"): task["elementInstanceKey"],
        ("DECISION", "EVALUATE"): decided["elementInstanceKey"],
        ("JOB", "UPDATE"): job["elementInstanceKey"],
        ("INCIDENT", "RESOLVE"): job["elementInstanceKey"],
        ("JOB", "COMPLETE"): job["elementInstanceKey"],
    }
    assert decided["elementInstanceKey"] is not None
    (resolved,) = owner.log(entityType="INCIDENT")
    assert resolved["jobKey"] == job["jobKey"]
    names = ("decisionRequirementsKey", "decisionRequirementsId")
    (requirements,) = owner.search("decision-requirements")
    assert told([decided], *names) == told([requirements], *names)
    by_name = [owner.log(entityType="DECISION", **{name: decided[name]}) for name in names]
    assert all(decided in found for found in by_name)
    assert owner.log(elementInstanceKey=task["elementInstanceKey"])[-1]["entityType"] == "USER_TASK"


def test_what_the_state_forbids_is_logged_as_failed(owner: Caller) -> None:
    """Commands on tasks, instances and incidents; what is not there or not allowed leaves no entry."""
    key = owner.start()
    (task,) = owner.search("user-tasks", state="CREATED")
    at_task = f"/user-tasks/{task['userTaskKey']}"
    owner("POST", f"/process-instances/{key}/resumption", status=409)
    owner("POST", f"/process-instances/{key}/suspension")
    for path, body in (
        ("/completion", {"variables": {"damage": "严重", "remark": "裂"}}),
        ("/assignment", {"assignee": "quinn"}),
    ):
        owner("POST", f"{at_task}{path}", body, 409)
    owner("PATCH", at_task, {"changeset": {"priority": 7}}, 409)
    owner("POST", f"/process-instances/{key}/suspension", status=409)
    owner("POST", "/process-instances/1/suspension", status=404)

    refused = owner.log(result="FAIL")
    assert told(refused, "entityType", "operationType", "entityKey", "category") == [
        ("PROCESS_INSTANCE", "RESUME", key, "DEPLOYED_RESOURCES"),
        ("USER_TASK", "COMPLETE", task["userTaskKey"], "USER_TASKS"),
        ("USER_TASK", "ASSIGN", task["userTaskKey"], "USER_TASKS"),
        ("USER_TASK", "UPDATE", task["userTaskKey"], "USER_TASKS"),
        ("PROCESS_INSTANCE", "SUSPEND", key, "DEPLOYED_RESOURCES"),
    ]
    assert {one["entityDescription"] for one in refused} == {"INVALID_STATE"}
    assert {one["processInstanceKey"] for one in refused} == {key}
    assert told(refused[1:4], "elementInstanceKey") == [(task["elementInstanceKey"],)] * 3
    assert owner.log(result="SUCCESS", entityType="USER_TASK") == []


def test_a_decision_that_fails_is_logged_as_failed(owner: Caller, deployed: House) -> None:
    """It was evaluated, and nothing came of it."""
    text = (DATA / "repair_price.dmn").read_text(encoding="utf-8")
    twice = text.replace(">-<", "><").replace('"轻微"', "-").replace('"FIRST"', '"UNIQUE"')
    body = {"decisionDefinitionId": "repair_price", "variables": {"damage": "严重"}}
    owner("POST", "/decision-definitions/evaluation", body, 200)
    deploy(deployed, SYSTEM, [DeployFile("repair_price.dmn", twice.encode())])
    answer = owner("POST", "/decision-definitions/evaluation", body, 200)
    assert answer["failureMessage"]
    results = told(owner.log(operationType="EVALUATE"), "result", "elementInstanceKey")
    assert results == [("SUCCESS", None), ("FAIL", None)]


def test_items_of_a_batch_operation_name_it(
    owner: Caller, deployed: House, queue: RecordingQueue
) -> None:
    """What was done to each, and what was refused of it; of which kind the operation is tells its own entry."""
    suspended, other = owner.start(), owner.start()
    wanted = {"filter": {"processDefinitionId": "repair"}}
    batch = owner("POST", "/process-instances/suspension", wanted, 200)["batchOperationKey"]
    while queue.sent:
        job, key = queue.sent.pop(0)
        if job == RUN_BATCH_CHUNK:
            owner("POST", f"/process-instances/{suspended}/suspension")
        REGISTERED[job](deployed, key)

    names = ("operationType", "result", "batchOperationKey", "batchOperationType")
    items = owner.log(entityType="PROCESS_INSTANCE", operationType="SUSPEND")
    assert sorted(told(items, "entityKey", *names), key=str) == sorted(
        [
            (suspended, "SUSPEND", "SUCCESS", None, None),
            (suspended, "SUSPEND", "FAIL", batch, None),
            (other, "SUSPEND", "SUCCESS", batch, None),
        ],
        key=str,
    )
    (created,) = owner.log(entityType="BATCH")
    assert told([created], *names) == [("CREATE", "SUCCESS", batch, "SUSPEND_PROCESS_INSTANCE")]


def test_each_definition_that_comes_or_goes_has_an_entry(owner: Caller) -> None:
    """Processes, requirements, decisions and forms, by key and name, with their deployment."""
    (process,) = owner.search("process-definitions")
    (decision,) = owner.search("decision-definitions")
    (requirements,) = owner.search("decision-requirements")
    entries = owner.log(operationType="CREATE", category="DEPLOYED_RESOURCES")
    form = next(one["formKey"] for one in entries if one["formKey"])
    assert set(told(entries, "entityType", "entityKey", "entityDescription")) == {
        ("RESOURCE", process["processDefinitionKey"], "repair.bpmn"),
        ("RESOURCE", requirements["decisionRequirementsKey"], "repair_price.dmn"),
        ("DECISION", decision["decisionDefinitionKey"], decision["name"]),
        ("RESOURCE", form, "inspect_item.form"),
    }
    (deployment,) = {one["deploymentKey"] for one in entries}
    assert len(owner.log(deploymentKey=deployment)) == 4
    (created,) = owner.log(processDefinitionKey=process["processDefinitionKey"])
    assert created["processDefinitionId"] == "repair"
    for filters in (
        {"decisionDefinitionKey": decision["decisionDefinitionKey"]},
        {"formKey": form},
        {"processDefinitionId": "repair"},
    ):
        assert len(owner.log(**filters)) == 1, filters

    owner("POST", f"/resources/{requirements['decisionRequirementsKey']}/deletion", {}, 200)
    gone = owner.log(operationType="DELETE")
    assert told(gone, "entityType", "entityKey", "entityDescription") == [
        ("RESOURCE", requirements["decisionRequirementsKey"], "repair_price.dmn"),
        ("DECISION", decision["decisionDefinitionKey"], decision["name"]),
    ]


def test_a_deployment_made_before_its_definitions_had_entries_has_one(
    owner: Caller, deployed: House
) -> None:
    """What the log once told of a deployment stays in it; what is deployed today is told once."""
    was = {"deployment_key": "7", "resources": ["old.bpmn"]}
    with deployed.database.unit(deployed.outside) as unit:
        event = {"instance_key": None, "who": "owner", "element_id": None}
        add_event(unit.connection, kind="deployment.created", detail=was, **event)
        unit.commit()
    entries = owner.log(entityType="RESOURCE", operationType="CREATE")
    (old,) = [one for one in entries if one["deploymentKey"] == "7"]
    assert told([old], "entityKey", "result", "actorId") == [("7", "SUCCESS", "owner")]
    assert len(entries) == 4


@pytest.mark.parametrize(
    ("record", "seen"),
    [
        (("AUDIT_LOG", "*", "READ"), {"ADMIN", "DEPLOYED_RESOURCES", "USER_TASKS"}),
        (("AUDIT_LOG", "ADMIN", "READ"), {"ADMIN"}),
        (
            ("PROCESS_DEFINITION", "repair", "READ_PROCESS_INSTANCE"),
            {"DEPLOYED_RESOURCES", "USER_TASKS"},
        ),
        (("PROCESS_DEFINITION", "repair", "READ_USER_TASK"), {"USER_TASKS"}),
        (("PROCESS_DEFINITION", "other", "READ_PROCESS_INSTANCE"), set()),
    ],
)
def test_an_authorization_shows_entries_by_category_or_process(
    owner: Caller, client: FlaskClient, record: tuple[str, str, str], seen: set[str]
) -> None:
    """Also those that say when a process was deployed.

    Source: `AuditLogAuthorizationsIT`.
    """
    owner.start()
    (task,) = owner.search("user-tasks", state="CREATED")
    ada = Caller(client, "ada")
    ada("POST", f"/user-tasks/{task['userTaskKey']}/assignment", {"assignee": "quinn"})
    resource_type, resource_id, permission = record
    body = {
        "ownerId": "sam",
        "ownerType": "USER",
        "resourceType": resource_type,
        "resourceId": resource_id,
        "permissionTypes": [permission],
    }
    ada("POST", "/authorizations", body, 201)

    entries = Caller(client, "sam").log()
    assert {one["category"] for one in entries} == seen
    if record[1] == "repair":
        assert {one["processDefinitionId"] for one in entries} == {"repair"}
