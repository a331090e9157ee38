"""What Camunda 8's own tests of its controllers send to be refused, sent here.

Source: camunda/camunda, `zeebe/gateway-rest`, the tests of its controllers.
"""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.usecases.house import House
from tests.api.conftest import PASSWORD
from tests.rows import add_group

ILLEGAL = "a$b"
LONG = "a" * 257
RECORD = {
    "ownerId": "sam",
    "ownerType": "USER",
    "resourceId": "repair",
    "resourceType": "PROCESS_DEFINITION",
    "permissionTypes": ["READ_PROCESS_INSTANCE"],
}
CHANGED = {"type": "tell", "eventTypes": ["creating"]}
LISTENER = {"id": "told", **CHANGED}
NAMED = {"name": "x"}
VALUE = {"value": 1}

IMPOSSIBLE: list[tuple[str, str, str, Any, str]] = [
    ("ada", "POST", "authorizations", {**RECORD, "ownerId": ILLEGAL}, "ownerId"),
    ("ada", "POST", "authorizations", {**RECORD, "ownerId": LONG}, "ownerId"),
    ("ada", "POST", "authorizations", {**RECORD, "resourceId": LONG}, "resourceId"),
    ("ada", "PUT", f"groups/{ILLEGAL}", NAMED, "groupId"),
    ("ada", "PUT", f"groups/sales/users/{ILLEGAL}", None, "username"),
    ("ada", "DELETE", f"groups/sales/clients/{ILLEGAL}", None, "clientId"),
    ("ada", "PUT", f"groups/sales/mapping-rules/{ILLEGAL}", None, "mappingRuleId"),
    ("ada", "PUT", f"groups/{ILLEGAL}/users/sam", None, "groupId"),
    ("ada", "PUT", f"roles/{ILLEGAL}", NAMED, "roleId"),
    ("ada", "PUT", f"roles/staff/groups/{ILLEGAL}", None, "groupId"),
    ("ada", "DELETE", f"roles/{ILLEGAL}/users/sam", None, "roleId"),
    ("ada", "PUT", f"tenants/{ILLEGAL}/users/sam", None, "tenantId"),
    ("owner", "POST", "global-task-listeners", {**LISTENER, "id": ILLEGAL}, "id"),
    ("owner", "POST", "global-task-listeners", {**LISTENER, "type": "a b"}, "type"),
    ("owner", "POST", "global-task-listeners", {**LISTENER, "eventTypes": []}, "eventTypes"),
    ("owner", "GET", f"global-task-listeners/{ILLEGAL}", None, "id"),
    ("owner", "PUT", f"global-task-listeners/{ILLEGAL}", CHANGED, "id"),
    ("owner", "DELETE", f"global-task-listeners/{ILLEGAL}", None, "id"),
    ("ada", "POST", "cluster-variables/global", {**VALUE, "name": ILLEGAL}, "name"),
    ("ada", "GET", f"cluster-variables/global/{ILLEGAL}", None, "name"),
    ("ada", "PUT", f"cluster-variables/global/{ILLEGAL}", VALUE, "name"),
    ("ada", "DELETE", f"cluster-variables/global/{ILLEGAL}", None, "name"),
    ("ada", "GET", f"cluster-variables/tenants/<default>/{ILLEGAL}", None, "name"),
    ("ada", "GET", f"cluster-variables/tenants/{ILLEGAL}/name", None, "tenantId"),
    ("ada", "POST", f"cluster-variables/tenants/{ILLEGAL}", VALUE | NAMED, "tenantId"),
    (
        "owner",
        "POST",
        "decision-definitions/evaluation",
        {"decisionDefinitionId": "9 lives"},
        "decisionDefinitionId",
    ),
]
"""Who, method, path, body, and what the refusal must name."""

MISSING = [
    ("ada", "POST", "authorizations", {**RECORD, "ownerType": "MAPPING_RULE"}),
    ("ada", "POST", "authorizations", {**RECORD, "ownerId": "nobody"}),
    ("ada", "PUT", "groups/sales/users/nobody", None),
    ("ada", "PUT", "roles/nothing", NAMED),
    ("ada", "PUT", "tenants/nothing/users/sam", None),
    ("ada", "GET", f"users/{ILLEGAL}", None),
    ("ada", "GET", f"mapping-rules/{ILLEGAL}", None),
    ("owner", "GET", "global-task-listeners/nothing", None),
    ("owner", "POST", "decision-definitions/evaluation", {"decisionDefinitionId": "决策"}),
    ("owner", "PATCH", "jobs/1", {"changeset": {"retries": 0}}),
    ("owner", "PATCH", "jobs/1", {"changeset": {"retries": 0}, "operationReference": 0}),
    ("owner", "POST", "jobs/1/failure", {"retries": -1, "retryBackOff": -1}),
    ("ada", "GET", "cluster-variables/global/nothing", None),
]
"""What could be there, or is not looked at before it is looked for."""

SEVERAL: list[tuple[str, str, str, Any, tuple[str, ...]]] = [
    (
        "owner",
        "POST",
        "jobs/activation",
        {"timeout": 0},
        ("type", "timeout", "maxJobsToActivate"),
    ),
    ("owner", "POST", "jobs/statistics/errors", {}, ("filter",)),
    (
        "owner",
        "POST",
        "jobs/statistics/errors",
        {"filter": {"from": "x", "to": "y"}},
        ("filter.from", "filter.to", "filter.jobType"),
    ),
    ("owner", "POST", "global-task-listeners", {}, ("id", "type", "eventTypes")),
    ("owner", "PUT", "global-task-listeners/told", {}, ("type", "eventTypes")),
    (
        "ada",
        "POST",
        "authorizations",
        {},
        ("ownerId", "ownerType", "resourceType", "permissionTypes", "resourceId"),
    ),
    ("ada", "POST", "users", {"username": ILLEGAL}, ("username", "password")),
    ("ada", "POST", "groups", {}, ("groupId", "name")),
    ("ada", "POST", "roles", {}, ("roleId", "name")),
    ("ada", "POST", "cluster-variables/global", {}, ("name", "value")),
    ("ada", "PUT", f"roles/{ILLEGAL}/users/{ILLEGAL}", None, ("roleId", "username")),
    (
        "owner",
        "POST",
        "process-instances",
        {
            "processDefinitionKey": "x",
            "tags": ["1"],
            "businessId": LONG,
            "operationReference": 0,
        },
        ("processDefinitionKey", "operationReference", "businessId", "tags"),
    ),
    (
        "owner",
        "POST",
        "process-instances/1/migration",
        {"operationReference": 0, "mappingInstructions": [{}]},
        (
            "targetProcessDefinitionKey",
            "mappingInstructions[0].sourceElementId",
            "mappingInstructions[0].targetElementId",
            "operationReference",
        ),
    ),
    (
        "owner",
        "POST",
        "process-instances/1/modification",
        {
            "activateInstructions": [{"ancestorElementInstanceKey": "x"}],
            "moveInstructions": [{"sourceElementInstruction": {"sourceType": "byId"}}],
            "terminateInstructions": [{"elementId": ""}, {"elementInstanceKey": "x"}],
            "operationReference": 0,
        },
        (
            "activateInstructions[0].elementId",
            "activateInstructions[0].ancestorElementInstanceKey",
            "terminateInstructions[0].elementId",
            "terminateInstructions[1].elementInstanceKey",
            "moveInstructions[0].sourceElementInstruction.sourceElementId",
            "moveInstructions[0].targetElementId",
            "operationReference",
        ),
    ),
    (
        "owner",
        "POST",
        "process-instances/migration",
        {"migrationPlan": {"mappingInstructions": [{"sourceElementId": "a"}]}},
        (
            "filter",
            "migrationPlan.targetProcessDefinitionKey",
            "migrationPlan.mappingInstructions[0].targetElementId",
        ),
    ),
    (
        "owner",
        "POST",
        "process-instances/modification",
        {"moveInstructions": [{"targetElementId": "a"}]},
        ("filter", "moveInstructions[0].sourceElementId"),
    ),
    (
        "owner",
        "POST",
        "messages/publication",
        {"correlationKey": LONG, "businessId": LONG},
        ("name", "correlationKey", "businessId"),
    ),
    ("owner", "POST", "messages/correlation", {"correlationKey": LONG}, ("name", "correlationKey")),
    (
        "quinn",
        "PATCH",
        "user-tasks/1",
        {"changeset": {"dueDate": "x", "followUpDate": "y", "priority": 101}},
        ("changeset.dueDate", "changeset.followUpDate", "changeset.priority"),
    ),
]
"""Who, method, path, body, and what the one detail must name, in this order."""


def send(client: FlaskClient, who: str, method: str, path: str, body: Any) -> tuple[int, str, str]:
    """Return status, title and detail of what is answered."""
    answer = client.open(f"/v2/{path}", method=method, json=body, auth=(who, PASSWORD))
    told = answer.get_json(silent=True) or {}
    return answer.status_code, told.get("title", ""), told.get("detail", "")


@pytest.mark.usefixtures("staffed")
def test_an_id_that_nothing_can_have_is_refused_by_its_name(client: FlaskClient) -> None:
    """400, not 404: it was asked badly."""
    found = []
    for who, method, path, body, name in IMPOSSIBLE:
        status, title, detail = send(client, who, method, path, body)
        found.append((method, path, status, title, f"'{name}'" in detail))
    assert found == [
        (method, path, 400, "INVALID_ARGUMENT", True) for _, method, path, _, _ in IMPOSSIBLE
    ]


@pytest.mark.usefixtures("staffed")
def test_an_id_that_something_could_have_is_not_found(client: FlaskClient) -> None:
    """404, as ever; negative retries and times of a failed job are none, as for Camunda's engine."""
    found = [
        (path, send(client, who, method, path, body)[0]) for who, method, path, body in MISSING
    ]
    assert found == [(path, 404) for _, _, path, _ in MISSING]


def test_what_has_such_an_id_from_before_is_still_reached(
    client: FlaskClient, staffed: House
) -> None:
    """A group made in the pages may have a key of any characters."""
    with staffed.database.unit(staffed.outside) as unit:
        add_group(unit.connection, "质量部")
        unit.commit()
    assert send(client, "ada", "PUT", "groups/质量部/users/sam", None)[0] == 204
    owner = {**RECORD, "ownerType": "GROUP", "ownerId": "质量部"}
    assert send(client, "ada", "POST", "authorizations", owner)[0] == 201


@pytest.mark.usefixtures("staffed")
def test_what_is_not_there_has_no_members(client: FlaskClient) -> None:
    """200 and none, as Camunda's end-to-end tests have it; who joins it asks for what is not there."""
    for path in ("groups/none/users", "roles/none/clients", "tenants/none/groups"):
        answer = client.post(f"/v2/{path}/search", json={}, auth=("ada", PASSWORD))
        assert answer.status_code == 200, path
        found = answer.get_json()
        assert (found["items"], found["page"]["totalItems"]) == ([], 0)
    assert send(client, "ada", "PUT", "groups/none/users/sam", None)[0] == 404


@pytest.mark.usefixtures("staffed")
def test_all_that_is_wrong_is_told_at_once(client: FlaskClient) -> None:
    """One sentence after the other in one detail, as Camunda's validators tell it."""
    found = []
    for who, method, path, body, _names in SEVERAL:
        status, title, detail = send(client, who, method, path, body)
        told = tuple(re.findall(r"Expected '([\w.\[\]]+)'", detail))
        found.append((path, status, title, told))
    assert found == [(path, 400, "INVALID_ARGUMENT", names) for _, _, path, _, names in SEVERAL]


@pytest.mark.usefixtures("staffed")
def test_all_that_is_wrong_is_told_in_chinese(client: FlaskClient) -> None:
    """Each sentence in the reader's language, one after the other."""
    answer = client.post(
        "/v2/roles", json={}, auth=("ada", PASSWORD), headers={"Accept-Language": "zh-CN"}
    )
    told = answer.get_json()["detail"]
    assert told.endswith(
        "字段 roleId 应为非空字符串，但未提供。字段 name 应为非空字符串，但未提供。"
    )


@pytest.mark.usefixtures("staffed")
def test_what_cannot_be_read_is_told_alone(client: FlaskClient) -> None:
    """A value of another type of JSON is not weighed against the rest."""
    found = send(client, "ada", "POST", "users", {"password": 5})
    assert found == (400, "Bad Request", "Expected 'password' to be a string, but got 5.")
