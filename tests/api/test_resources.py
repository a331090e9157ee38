"""Deployed files of other kinds, and the deletion of what was deployed and decided, over HTTP."""

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from service.persistence.tables import instances
from service.usecases.house import House
from tests.api.conftest import PASSWORD

OWNER, WORKER, STAFF = "owner", "worker", "quinn"
RPA = b'{"id": "fetch_bill", "script": "x"}'


def ask(client: FlaskClient, who: str, path: str, body: Any = None) -> Any:
    """Send a request and return the answer."""
    return client.post(f"/v2{path}", json=body or {}, auth=(who, PASSWORD))


def get(client: FlaskClient, path: str) -> Any:
    """Read something as the owner."""
    return client.get(f"/v2{path}", auth=(OWNER, PASSWORD))


@pytest.fixture
def files(deployed: House, client: FlaskClient) -> dict[str, str]:
    """Return the keys of two deployed files by their id."""
    parts = [(BytesIO(b"# Guide"), "guide.md"), (BytesIO(RPA), "robot.rpa")]
    data = {"resources": parts}
    answer = client.post("/v2/deployments", data=data, auth=(OWNER, PASSWORD)).get_json()
    entries = [entry["resource"] for entry in answer["deployments"]]
    return {one["resourceId"]: one["resourceKey"] for one in entries}


def process_key(client: FlaskClient) -> str:
    """Return the key of the repair process."""
    found = ask(client, OWNER, "/process-definitions/search").get_json()["items"]
    return str(found[0]["processDefinitionKey"])


def test_files_of_other_kinds_are_found_and_read(
    client: FlaskClient, files: dict[str, str]
) -> None:
    """As bytes; an RPA file as JSON, too. Processes, tables and forms have paths of their own."""
    sort = {"sort": [{"field": "resourceName"}]}
    found = ask(client, STAFF, "/resources/search", sort).get_json()["items"]
    assert [(one["resourceId"], one["resourceName"], one["version"]) for one in found] == [
        ("guide.md", "guide.md", 1),
        ("fetch_bill", "robot.rpa", 1),
    ]
    guide, robot = files["guide.md"], files["fetch_bill"]
    assert get(client, f"/resources/{guide}").get_json() == found[0]
    binary = get(client, f"/resources/{guide}/content/binary")
    assert (binary.data, binary.content_type) == (b"# Guide", "application/octet-stream")
    assert get(client, f"/resources/{robot}/content").get_json()["id"] == "fetch_bill"
    assert get(client, f"/resources/{guide}/content").status_code == 406
    assert get(client, f"/resources/{process_key(client)}").status_code == 404


def test_a_deleted_file_is_there_no_more(client: FlaskClient, files: dict[str, str]) -> None:
    """Neither found nor read; its history is nothing that could be deleted."""
    path = f"/resources/{files['guide.md']}"
    answer = ask(client, OWNER, f"{path}/deletion", {"deleteHistory": True})
    assert answer.get_json() == {"resourceKey": files["guide.md"], "batchOperation": None}
    assert get(client, path).status_code == 404
    assert get(client, f"{path}/content/binary").status_code == 404
    assert ask(client, OWNER, f"{path}/deletion").status_code == 404


def test_a_deleted_process_drains_and_is_shown_while_it_has_history(
    deployed: House, client: FlaskClient
) -> None:
    """State DRAINING, starts 409; with its last instance it is gone when its history was to go, too."""
    key = process_key(client)
    start = {"processDefinitionKey": key, "variables": {"repair_no": "R-1"}}
    assert ask(client, OWNER, "/process-instances", start).status_code == 200
    assert ask(client, STAFF, f"/resources/{key}/deletion").status_code == 403
    wish = {"deleteHistory": True}
    assert ask(client, OWNER, f"/resources/{key}/deletion", wish).get_json() == {
        "resourceKey": key,
        "batchOperation": None,
    }
    assert get(client, f"/process-definitions/{key}").get_json()["state"] == "DRAINING"
    for path, body in (("/process-instances", start), (f"/resources/{key}/deletion", wish)):
        refused = ask(client, OWNER, path, body)
        assert (refused.status_code, refused.get_json()["title"]) == (409, "INVALID_STATE")

    with deployed.database.unit(deployed.outside) as unit:
        unit.connection.execute(instances.process_instances.delete())
        unit.commit()
    again = ask(client, OWNER, f"/resources/{key}/deletion", wish).get_json()
    assert again["batchOperation"]["batchOperationType"] == "DELETE_PROCESS_INSTANCE"
    assert get(client, f"/process-definitions/{key}").status_code == 404


def evaluate(client: FlaskClient) -> str:
    """Evaluate the decision and return the key of the evaluation."""
    body = {"decisionDefinitionId": "repair_price", "variables": {"damage": "严重"}}
    answer = ask(client, OWNER, "/decision-definitions/evaluation", body)
    return str(answer.get_json()["decisionEvaluationKey"])


def test_a_decision_instance_is_deleted(deployed: House, client: FlaskClient) -> None:
    """With all that was evaluated for it; a stranger may not, and twice is not found."""
    key = evaluate(client)
    path = f"/decision-instances/{key}/deletion"
    assert ask(client, STAFF, path).status_code == 403
    assert ask(client, WORKER, path).status_code == 204
    assert ask(client, WORKER, path).status_code == 404
    with deployed.database.reading() as connection:
        assert connection.execute(select(instances.decision_instances)).all() == []


def test_many_decision_instances_are_deleted_by_a_batch(
    deployed: House, client: FlaskClient
) -> None:
    """Each evaluation is an item."""
    evaluate(client)
    body = {"filter": {"decisionDefinitionId": "repair_price"}}
    assert ask(client, STAFF, "/decision-instances/deletion", body).status_code == 403
    created = ask(client, WORKER, "/decision-instances/deletion", body).get_json()
    assert created["batchOperationType"] == "DELETE_DECISION_INSTANCE"
    wrong = {"filter": {"sorcery": 1}}
    assert ask(client, WORKER, "/decision-instances/deletion", wrong).status_code == 400
