"""What the body of a modification may say: each instruction names one thing, and says how."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.usecases.house import House
from service.usecases.process_instances import CreateInstance, create
from service.usecases.transaction import SYSTEM
from tests.api.test_doors import basic, problem

BY_ID = {"sourceType": "byId", "sourceElementId": "inspect_item"}
BY_KEY = {"sourceType": "byKey", "sourceElementInstanceKey": "5"}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"terminateInstructions": [{}]}, "elementId"),
    (
        {"terminateInstructions": [{"elementId": "inspect_item", "elementInstanceKey": "5"}]},
        "elementInstanceKey",
    ),
    ({"moveInstructions": [{"targetElementId": "send_bill"}]}, "sourceType"),
    *(
        ({"moveInstructions": [{"sourceElementInstruction": given, "targetElementId": "x"}]}, field)
        for given, field in (
            ({"sourceElementId": "inspect_item"}, "sourceType"),
            ({"sourceType": "byName", "sourceElementId": "inspect_item"}, "sourceType"),
            ({**BY_ID, "sourceType": "byKey"}, "sourceElementInstanceKey"),
            ({**BY_KEY, "sourceType": "byId"}, "sourceElementId"),
            ({**BY_KEY, **BY_ID}, "sourceElementInstanceKey"),
            ({**BY_ID, **BY_KEY}, "sourceElementId"),
        )
    ),
    (
        {
            "moveInstructions": [
                {
                    "sourceElementInstruction": BY_ID,
                    "targetElementId": "send_bill",
                    "ancestorScopeInstruction": {"ancestorElementInstanceKey": "5"},
                }
            ]
        },
        "ancestorScopeType",
    ),
    (
        {
            "activateInstructions": [
                {"elementId": "send_bill", "variableInstructions": [{"variables": {}}]}
            ]
        },
        "variables",
    ),
]


@pytest.mark.parametrize(
    ("body", "field"), WRONG, ids=[f"{n}-{field}" for n, (_, field) in enumerate(WRONG)]
)
def test_an_instruction_that_says_too_much_or_too_little_is_refused(
    deployed: House, client: FlaskClient, body: dict[str, Any], field: str
) -> None:
    """400 with the field, and nothing has happened (Camunda 8: ProcessInstanceRequestValidator)."""
    key = create(deployed, SYSTEM, CreateInstance(process_id="repair")).key
    path = f"/v2/process-instances/{key}/modification"
    told = problem(client.post(path, json=body, headers=basic("owner")), 400)
    assert f".{field}'" in told["detail"]


def test_a_suspended_instance_is_not_modified(deployed: House, client: FlaskClient) -> None:
    """409, as in Camunda 8.10 (process-instance-suspend-resume-api.spec)."""
    key = create(deployed, SYSTEM, CreateInstance(process_id="repair")).key
    path, owner = f"/v2/process-instances/{key}", basic("owner")
    assert client.post(f"{path}/suspension", headers=owner).status_code == 204
    body = {"terminateInstructions": [{"elementInstanceKey": str(key)}]}
    told = problem(client.post(f"{path}/modification", json=body, headers=owner), 409)
    assert told["title"] == "INVALID_STATE"
    assert client.post(f"{path}/resumption", headers=owner).status_code == 204
    assert client.post(f"{path}/modification", json=body, headers=owner).status_code == 204


def test_a_source_is_found_by_its_key(deployed: House, client: FlaskClient) -> None:
    """And moved; a variable that names the target is local to it."""
    key = create(deployed, SYSTEM, CreateInstance(process_id="repair")).key
    found = client.post(
        "/v2/element-instances/search",
        json={"filter": {"processInstanceKey": str(key), "elementId": "inspect_item"}},
        headers=basic("owner"),
    ).json["items"]
    body = {
        "moveInstructions": [
            {
                "sourceElementInstruction": {
                    "sourceType": "byKey",
                    "sourceElementInstanceKey": found[0]["elementInstanceKey"],
                },
                "targetElementId": "send_bill",
                "variableInstructions": [{"scopeId": "send_bill", "variables": {"price": 9}}],
            }
        ]
    }
    path = f"/v2/process-instances/{key}/modification"
    assert client.post(path, json=body, headers=basic("owner")).status_code == 204

    (variable,) = client.post(
        "/v2/variables/search",
        json={"filter": {"processInstanceKey": str(key), "name": "price"}},
        headers=basic("owner"),
    ).json["items"]
    (bill,) = client.post(
        "/v2/element-instances/search",
        json={"filter": {"processInstanceKey": str(key), "elementId": "send_bill"}},
        headers=basic("owner"),
    ).json["items"]
    assert (variable["scopeKey"], variable["value"]) == (bill["elementInstanceKey"], "9")
