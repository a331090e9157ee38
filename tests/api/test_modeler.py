"""What the Camunda Modeler sends when somebody presses its deploy and start buttons."""

import base64
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.api.loopback import LOOPBACK_USER
from service.settings import SettingError, Settings
from service.usecases.house import House
from tests.api.conftest import DATA, PASSWORD

OWNER = {"Authorization": "Basic " + base64.b64encode(f"owner:{PASSWORD}".encode()).decode()}


def deploy(client: FlaskClient, name: str, **options: Any) -> Any:
    """Deploy a file as the Modeler does: its name, its type as bytes, the default tenant."""
    parts = {
        "resources": (DATA.joinpath(name).open("rb"), name, "application/octet-stream"),
        "tenantId": "<default>",
    }
    return client.post("/v2/deployments", data=parts, **options)


def start(client: FlaskClient, process_id: str, **options: Any) -> Any:
    """Start what was deployed as the Modeler does: with empty lists of instructions."""
    body = {
        "processDefinitionId": process_id,
        "variables": {"repair_no": "R-1"},
        "startInstructions": [],
        "runtimeInstructions": [],
        "tenantId": "<default>",
    }
    return client.post("/v2/process-instances", json=body, **options)


def deploy_and_start(client: FlaskClient, **options: Any) -> None:
    """Go the Modeler's way from the connection check to the polls of a running instance."""
    topology = client.get("/v2/topology", **options)
    assert (topology.status, topology.get_json()["gatewayVersion"][:2]) == ("200 OK", "8.")

    for name in ("repair_price.dmn", "inspect_item.form"):
        assert deploy(client, name, **options).status_code == 200
    deployed = deploy(client, "repair.bpmn", **options)
    assert deployed.status_code == 200, deployed.text
    (process,) = [
        one["processDefinition"]
        for one in deployed.json["deployments"]
        if one["processDefinition"]["resourceName"] == "repair.bpmn"
    ]
    assert deployed.json["deploymentKey"].isdigit()
    assert process["processDefinitionVersion"] == 1

    started = start(client, process["processDefinitionId"], **options)
    assert started.status_code == 200, started.text
    key = started.json["processInstanceKey"]
    for noun in ("process-instances", "variables", "element-instances", "incidents"):
        body = {"filter": {"processInstanceKey": key}}
        polled = client.post(f"/v2/{noun}/search", json=body, **options)
        assert polled.status_code == 200
        assert bool(polled.get_json()["items"]) is (noun != "incidents")


def test_deploy_and_start_with_basic_credentials(staffed: House, client: FlaskClient) -> None:
    """The Modeler's user name and password are a person's of the house."""
    deploy_and_start(client, headers=OWNER)


def test_deploy_and_start_without_credentials(
    staffed: House, app: Flask, client: FlaskClient
) -> None:
    """Where the operator names a user, programs on this machine act in his name."""
    app.config[LOOPBACK_USER] = "owner"
    deploy_and_start(client)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-CN", "用到的决策 «repair_price» 还没有部署，流程走到这里会停下并报异常。"),
        ("zh-TW", "用到的決策 «repair_price» 還沒有部署，流程走到這裡會停下並報異常。"),
        ("en", "uses the decision 'repair_price', which is not deployed: until it is, reaching it"),
    ],
)
def test_a_diagram_may_be_deployed_before_what_it_uses(
    staffed: House, client: FlaskClient, language: str, said: str
) -> None:
    """As with Camunda 8; the answer remarks on what is not there yet, in the reader's language."""
    answer = deploy(client, "repair.bpmn", headers={**OWNER, "Accept-Language": language})
    assert answer.status_code == 200
    told = [one["detail"] for one in answer.json["warnings"] if one["rule"] == "references"]
    assert any(said in one for one in told), told


def test_a_refused_form_is_told_with_its_reason(staffed: House, client: FlaskClient) -> None:
    """The Modeler names no language: in English, with the place before it."""
    form = b'{"id": "ask",\n "components": [{"type": "hologram", "id": "h"}]}'
    answer = client.post(
        "/v2/deployments", data={"resources": (BytesIO(form), "ask.form")}, headers=OWNER
    )
    assert answer.status_code == 400
    assert answer.json["detail"].endswith(
        "but found 1; the first: In 'ask.form', line 2, at 'h': "
        "The component type 'hologram' is not supported."
    )


def test_without_the_setting_credentials_are_needed(staffed: House, client: FlaskClient) -> None:
    """Nobody is let in by default; the reason phrase is what the Modeler looks for."""
    assert client.get("/v2/topology").status.lower() == "401 unauthorized"


@pytest.mark.parametrize(
    ("environ", "headers"),
    [
        ({"REMOTE_ADDR": "192.168.1.9"}, {}),
        ({}, {"Host": "evil.example"}),
        ({}, {"Host": "evil.example:8000"}),
        ({}, {"Origin": "https://evil.example"}),
        ({}, {"Sec-Fetch-Site": "cross-site"}),
    ],
    ids=["another machine", "another name", "another name and port", "foreign page", "browser"],
)
def test_only_programs_of_this_machine_need_no_credentials(
    staffed: House, app: Flask, client: FlaskClient, environ: Any, headers: Any
) -> None:
    """Another machine, and a page of another site in a browser of this one, are refused."""
    app.config[LOOPBACK_USER] = "owner"
    asked = client.get("/v2/topology", environ_overrides=environ, headers=headers)
    assert asked.status_code == 401


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_every_name_of_this_machine_counts(
    staffed: House, app: Flask, client: FlaskClient, host: str
) -> None:
    """The loopback names, with and without a port."""
    app.config[LOOPBACK_USER] = "owner"
    assert client.get("/v2/topology", headers={"Host": host}).status_code == 200


def test_a_setting_that_names_nobody_is_told(
    staffed: House, app: Flask, client: FlaskClient
) -> None:
    """Whoever misspells the setting reads which one, not that he lacks credentials."""
    app.config[LOOPBACK_USER] = "ownr"
    answer = client.get("/v2/topology")
    assert answer.status_code == 401
    assert answer.get_json()["detail"] == (
        "Expected HUIYIN_LOOPBACK_USER to name a user, but there is no 'ownr'."
    )


def test_wrong_credentials_are_not_forgiven(
    staffed: House, app: Flask, client: FlaskClient
) -> None:
    """Who names himself must be right, also on this machine."""
    app.config[LOOPBACK_USER] = "owner"
    wrong = {"Authorization": "Basic " + base64.b64encode(b"owner:wrong-password").decode()}
    assert client.get("/v2/topology", headers=wrong).status_code == 401


@pytest.mark.parametrize(
    ("environment", "is_taken"),
    [
        ({}, True),
        ({"HUIYIN_HOST": "localhost"}, True),
        ({"HUIYIN_HOST": "0.0.0.0"}, False),
        ({"HUIYIN_PROXIES": "1"}, False),
    ],
    ids=["default", "localhost", "all addresses", "behind a proxy"],
)
def test_the_setting_is_taken_only_where_nobody_else_can_reach(
    environment: dict[str, str], is_taken: bool
) -> None:
    """On another address, or behind a proxy, the house does not start with it."""
    given = {**environment, "HUIYIN_LOOPBACK_USER": "owner"}
    if is_taken:
        assert Settings.from_environment(given).loopback_user == "owner"
    else:
        with pytest.raises(SettingError, match="HUIYIN_LOOPBACK_USER"):
            Settings.from_environment(given)
