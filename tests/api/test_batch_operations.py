"""Batch operations as a client sees them: by key or by any other text, in order, stopped and going on."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.usecases.house import House
from service.usecases.process_instances import CreateInstance, create
from service.usecases.transaction import SYSTEM
from tests.api.test_doors import basic, problem
from tests.fakes import RecordingQueue
from workers.jobs import REGISTERED

LEGACY = "6ab0a1f5-11e5-4d44-9f4e-0d8d7d9e4c55"
"""What a batch operation was called before it had a key."""


def post(client: FlaskClient, path: str, status: int, body: Any = None) -> Any:
    """Ask as the owner and return the answer."""
    given = client.post(f"/v2/{path}", json=body, headers=basic("owner"))
    assert given.status_code == status, given.text
    return given.json if given.content_length else None


@pytest.fixture
def keys(deployed: House, client: FlaskClient, queue: RecordingQueue) -> tuple[str, str]:
    """Return the keys of a batch operation that is done, and of one that has only been asked for."""
    instance = create(deployed, SYSTEM, CreateInstance(process_id="repair")).key
    body = {"filter": {"processInstanceKey": str(instance)}}
    done = post(client, "process-instances/suspension", 200, body)["batchOperationKey"]
    while queue.sent:
        job, key = queue.sent.pop(0)
        if job.startswith("batch_operations."):
            REGISTERED[job](deployed, key)
    return done, post(client, "process-instances/resumption", 200, body)["batchOperationKey"]


@pytest.mark.parametrize("name", ["someBatchOperation", LEGACY, "9" * 30, "2251799813999999"])
def test_what_is_no_key_names_no_batch_operation(client: FlaskClient, name: str) -> None:
    """Read, it is not found; told to stop, it is no key (Camunda 8: BatchOperationSearchIT, e2e suites)."""
    told = client.get(f"/v2/batch-operations/{name}", headers=basic("owner"))
    assert f"'{name}'" in problem(told, 404)["detail"]
    stopped = client.post(f"/v2/batch-operations/{name}/cancellation", headers=basic("owner"))
    assert stopped.status_code == (404 if name.isdecimal() and len(name) < 20 else 400)


def test_what_is_stopped_already_is_not_stopped_again(
    client: FlaskClient, keys: tuple[str, str]
) -> None:
    """Its state forbids it: 409, as resuming what runs; what is over is not found."""
    done, asked = keys
    post(client, f"batch-operations/{asked}/resumption", 409)
    post(client, f"batch-operations/{asked}/suspension", 204)
    refused = post(client, f"batch-operations/{asked}/suspension", 409)
    assert "SUSPENDED" in refused["detail"]
    post(client, f"batch-operations/{asked}/resumption", 204)
    post(client, f"batch-operations/{done}/suspension", 404)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (LEGACY, 0),
        ({"$eq": "x"}, 0),
        ({"$neq": LEGACY}, 2),
        ({"$in": [LEGACY, "{done}"]}, 1),
        ({"$notIn": ["{done}"]}, 1),
        ({"$exists": True}, 2),
    ],
)
def test_batch_operations_are_found_by_any_text(
    client: FlaskClient, keys: tuple[str, str], wanted: Any, found: int
) -> None:
    """A text that is no key names none; so do their items, but the key of an item is one."""
    told = json.loads(json.dumps(wanted).replace("{done}", keys[0]))
    body = {"filter": {"batchOperationKey": told}}
    answer = post(client, "batch-operations/search", 200, body)
    assert len(answer["items"]) == found
    items = post(client, "batch-operation-items/search", 200, body)["items"]
    assert all(item["batchOperationKey"] == keys[0] for item in items)
    post(client, "batch-operation-items/search", 400, {"filter": {"itemKey": LEGACY}})


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (
            "batch-operations/search",
            "batchOperationKey operationType state startDate endDate actorType actorId",
        ),
        (
            "batch-operation-items/search",
            "batchOperationKey itemKey processInstanceKey processedDate state",
        ),
    ],
)
def test_each_field_sorts_them(
    client: FlaskClient, keys: tuple[str, str], path: str, fields: str
) -> None:
    """Up and down, page by page: what comes second in one order comes first in the other."""
    for field in fields.split():
        seen = [
            [
                page["items"][0]["batchOperationKey"]
                for page in pages(client, path, {"field": field, "order": order})
            ]
            for order in ("ASC", "DESC")
        ]
        assert {*seen[0]} == {*seen[1]}
        assert len(seen[0]) == len({*seen[0]})
    refused = post(client, path, 400, {"sort": [{"field": "nothing"}]})
    assert all(field in refused["detail"] for field in fields.split())


def pages(client: FlaskClient, path: str, sort: dict[str, str]) -> list[Any]:
    """Return the pages of one item each."""
    found: list[Any] = []
    after: dict[str, str] = {}
    while True:
        page = post(client, path, 200, {"sort": [sort], "page": {"limit": 1, **after}})
        if not page["items"]:
            return found
        found.append(page)
        after = {"after": page["page"]["endCursor"]}


@pytest.mark.parametrize(
    ("path", "states"),
    [
        ("cancellation", "ACTIVE SUSPENDED"),
        ("deletion", "COMPLETED TERMINATED"),
        ("incident-resolution", "ACTIVE"),
        ("migration", "ACTIVE"),
        ("modification", "ACTIVE"),
        ("resumption", "SUSPENDED"),
        ("suspension", "ACTIVE"),
    ],
)
def test_a_state_that_a_kind_cannot_be_done_to_is_refused(
    deployed: House, client: FlaskClient, path: str, states: str
) -> None:
    """Asked for by `$eq` or `$in`; another operator or an alternative only narrows.

    Source: Camunda 8.11 announcements; ProcessInstanceRequestValidatorTest.
    """
    target = client.post("/v2/process-definitions/search", json={}, headers=basic("owner")).json
    pair = {"sourceElementId": "inspect_item", "targetElementId": "send_bill"}
    plan = {
        "targetProcessDefinitionKey": target["items"][0]["processDefinitionKey"],
        "mappingInstructions": [pair],
    }
    plans: dict[str, dict[str, Any]] = {
        "migration": {"migrationPlan": plan},
        "modification": {"moveInstructions": [pair]},
    }
    more = plans.get(path, {})

    def asked(status: int, **narrowed: Any) -> Any:
        body = {"filter": {"processDefinitionId": "repair", **narrowed}, **more}
        return post(client, f"process-instances/{path}", status, body)

    fit = states.split()
    for word in ("ACTIVE", "SUSPENDED", "COMPLETED", "TERMINATED"):
        for given in (word, {"$eq": word}, {"$in": [fit[0], word]}):
            told = asked(200 if word in fit else 400, state=given)
            if word not in fit:
                assert (
                    f"'filter.state' to be {' or '.join(fit)}, but got '{word}'" in told["detail"]
                )
        asked(200, state={"$neq": word})
        asked(200, **{"$or": [{"state": word}, {"hasIncident": True}]})
