"""Incidents speak the language of who reads them: messages are kept in three."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.engine.attribute_names import NAMES
from service.usecases.deployments import deploy
from service.usecases.house import House
from service.usecases.process_instances import CreateInstance, create
from service.usecases.transaction import SYSTEM
from tests.api.conftest import PASSWORD
from tests.usecases import drawing

ENGLISH: dict[str, str] = {}
CHINESE = {"Accept-Language": "zh-CN"}
TRADITIONAL = {"Accept-Language": "zh-TW"}


@pytest.fixture
def stuck(deployed: House) -> House:
    """Return a house with an incident of an expression that gives another type."""
    script = (
        '<bpmn:serviceTask id="ask"><bpmn:extensionElements>'
        '<zeebe:taskDefinition type="=amount" /></bpmn:extensionElements></bpmn:serviceTask>'
    )
    deploy(deployed, SYSTEM, [drawing.line("stuck", script)])
    create(deployed, SYSTEM, CreateInstance(process_id="stuck", variables={"amount": 7}))
    return deployed


def ask(client: FlaskClient, path: str, headers: Any, body: Any = None) -> Any:
    """Return the items of a search."""
    auth = ("worker", PASSWORD)
    return client.post(f"/v2{path}", json=body or {}, headers=headers, auth=auth).get_json()[
        "items"
    ]


def test_an_incident_is_told_in_the_readers_language(stuck: House, client: FlaskClient) -> None:
    """English unless Chinese is asked for; each finds it by a phrase of his language."""
    (english,) = ask(client, "/incidents/search", ENGLISH)
    assert english["errorMessage"] == (
        "Expected the type of the job (=amount) to give a string, but got the number 7."
    )
    (chinese,) = ask(client, "/incidents/search", CHINESE)
    assert chinese["errorMessage"] == "作业类型（=amount）应得到文本，实际得到 数字 7。"
    (traditional,) = ask(client, "/incidents/search", TRADITIONAL)
    assert traditional["errorMessage"] == "作業類型（=amount）應得到文字，實際得到 數字 7。"
    key = chinese["incidentKey"]
    one = client.get(f"/v2/incidents/{key}", auth=("worker", PASSWORD)).get_json()
    assert one == english
    phrases = ((ENGLISH, "give a string"), (CHINESE, "应得到文本"), (TRADITIONAL, "應得到文字"))
    for headers, phrase in phrases:
        wanted = {"filter": {"errorMessage": phrase}}
        assert len(ask(client, "/incidents/search", headers, wanted)) == 1
        assert len(ask(client, "/process-instances/search", headers, wanted)) == 1


@pytest.mark.parametrize(
    ("wanted", "is_found"),
    [
        ({"$eq": "GIVE A STRING"}, True),
        ({"$neq": "give a string"}, False),
        ({"$neq": "no such words"}, True),
        ({"$in": ["no such words", "Give a string"]}, True),
        ({"$in": ["no such words"]}, False),
        ({"$notIn": ["give a string"]}, False),
        ({"$notIn": ["no such words"]}, True),
        ({"$like": "expected*STRING*"}, True),
        ({"$like": "give*"}, False),
        ({"$exists": True}, True),
        ({"$exists": False}, False),
        ({"$like": "Expected*", "$in": ["no such words"]}, False),
    ],
    ids=str,
)
def test_every_operator_finds_a_message_in_the_readers_language(
    stuck: House, client: FlaskClient, wanted: dict[str, Any], is_found: bool
) -> None:
    """The incident and its instance alike; case does not count."""
    for path in ("/incidents/search", "/process-instances/search"):
        found = ask(client, path, ENGLISH, {"filter": {"errorMessage": wanted}})
        assert len(found) == is_found


def test_the_counts_are_told_in_the_readers_language(stuck: House, client: FlaskClient) -> None:
    """And the number of a message in any language leads to the definitions that have it."""
    for headers in (ENGLISH, CHINESE, TRADITIONAL):
        path = "/incidents/statistics/process-instances-by-"
        (found,) = ask(client, f"{path}error", headers)
        filter_ = {"filter": {"errorHashCode": found["errorHashCode"]}}
        (definition,) = ask(client, f"{path}definition", headers, filter_)
        assert definition["processDefinitionId"] == "stuck"
        for code, count in ((found["errorHashCode"], 1), (7, 0)):
            wanted = {"filter": {"incidentErrorHashCode": {"$in": [code]}}}
            assert len(ask(client, "/process-instances/search", headers, wanted)) == count


def test_every_attribute_that_incidents_speak_of_has_an_english_name() -> None:
    """So that no incident says «the expression» where it could name it."""
    source = "".join(
        path.read_text()
        for path in (Path(__file__).parents[2] / "service/engine").rglob("*.py")
        if path.name != "attribute_names.py"
    )
    named = set(re.findall(r'formula\(\s*f?"([^"{ ]+(?: id)?)[ "]', source))
    assert len(named) > 15
    assert named <= set(NAMES)
