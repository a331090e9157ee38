"""The OpenAPI document says what the routes are, and schemathesis finds that the answers are so.

`HUIYIN_FUZZ=200` asks that many requests of each operation instead of a few.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from sqlalchemy import insert

from service import api
from service.api import CLUSTER_PREFIX, OWN_PREFIX, PREFIX
from service.api.openapi.document import document, schemas, starred
from service.api.openapi.operations import NOUNS, operations
from service.api.openapi.shapes import sent_names, shapes
from service.domain.keys import KeyGenerator
from service.domain.outside import Outside
from service.identity import hash_password
from service.persistence.database import Database
from service.persistence.tables import house as house_tables
from service.usecases.definitions import Definitions
from service.usecases.deployments import DeployFile, deploy
from service.usecases.house import House
from service.usecases.house_jobs import HANDLERS
from service.usecases.process_instances import CreateInstance, create
from service.usecases.transaction import SYSTEM
from tests.api.conftest import DATA, PASSWORD, SALT
from tests.conftest import sqlite_engine
from tests.fakes import FakeClock, FakeRandom, RecordingMail, RecordingQueue

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
REQUESTS = int(os.environ.get("HUIYIN_FUZZ", "2"))
"""Requests to each operation."""

AUTH = ("root", PASSWORD)
UNDECLARED_SERVER_ERRORS = frozenset(range(500, 600)) - {501}
"""501 is an answer like another: the API has it, this house does not."""

NOT_FUZZED = frozenset(
    {
        ("POST", "/v2/jobs/activation"),
        ("DELETE", "/v2/users/{username}"),
        ("PUT", "/v2/users/{username}"),
    }
)
"""Waits on purpose; would end the account that asks."""


@pytest.fixture(scope="module")
def fuzzed(empty_sqlite: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Return the API of a house with a repair under way, in which one account may do everything."""
    path: Path = tmp_path_factory.mktemp("fuzzed") / "huiyin.sqlite3"
    path.write_bytes(empty_sqlite)
    engine = sqlite_engine(path)
    outside = Outside(
        FakeClock(), RecordingQueue(), RecordingMail(), KeyGenerator(node=1), FakeRandom()
    )
    house = House(Database(engine), outside, Definitions(), HANDLERS)
    with house.database.unit(outside) as unit:
        unit.connection.execute(
            insert(house_tables.people).values(
                username=AUTH[0],
                name="Root",
                password_hash=hash_password(PASSWORD, SALT),
                roles=["admin", "operator", "process_owner", "staff"],
                is_active=True,
                is_program=False,
            )
        )
        unit.commit()
    names = ("repair.bpmn", "repair_price.dmn", "inspect_item.form")
    deploy(house, SYSTEM, [DeployFile(name, (DATA / name).read_bytes()) for name in names])
    create(house, SYSTEM, CreateInstance(process_id="repair", variables={"repair_no": "R-1"}))
    flask = Flask(__name__, static_folder=None)
    flask.config["SECRET_KEY"] = "for tests"
    api.register(flask, house)
    yield flask
    engine.dispose()


def served(app: Flask) -> set[tuple[str, str]]:
    """Return method and path of every route of the API."""
    return {
        (method, starred(rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith((PREFIX, OWN_PREFIX, CLUSTER_PREFIX)) and "<path:" not in rule.rule
    }


def test_the_document_names_every_route(fuzzed: Flask) -> None:
    """Each with its rule, a sentence, and the problem it may answer."""
    shown = fuzzed.test_client().get("/api/openapi.json", auth=AUTH).get_json()
    named = {
        (method.upper(), starred(path.replace("{", "<").replace("}", ">")))
        for path, methods in shown["paths"].items()
        for method in methods
    }
    assert named == served(fuzzed)
    for methods in shown["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["x-rule"]
            assert "default" in operation["responses"]


def test_every_route_is_described_and_nothing_else(fuzzed: Flask) -> None:
    """No line about a path that is not there, no path without a line; every shape is drawn and used."""
    assert set(operations()) == served(fuzzed)
    assert {("POST", path) for path in NOUNS} <= served(fuzzed)
    text = json.dumps(document(fuzzed, "8.9.0"))
    drawn = {f"#/components/schemas/{name}" for name in schemas()}
    used = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
    assert used == drawn


def test_every_field_that_is_told_is_read(fuzzed: Flask) -> None:
    """What may be sent is named where bodies are read."""
    rooms = (ROOT / "service/api", ROOT / "service/reports/search")
    source = "".join(path.read_text() for room in rooms for path in room.glob("*.py"))
    told = {name for one, fields in sent_fields() for name in fields}
    assert {name for name in told if f'"{name}"' not in source} == set()


def sent_fields() -> list[tuple[str, list[str]]]:
    """Return the shapes that are sent with their fields."""
    sent = sent_names()
    return [
        (name, list(schema["properties"]))
        for name, schema in shapes().items()
        if name in sent and name != "VariableFilter"
    ]


def test_the_document_needs_credentials(fuzzed: Flask) -> None:
    """Closed by default, as everything."""
    assert fuzzed.test_client().get("/api/openapi.json").status_code == 401


def test_schemathesis_finds_what_the_document_says(fuzzed: Flask) -> None:
    """Requests made up for every operation: no server error, and every answer as described."""
    schema = schemathesis.openapi.from_dict(document(fuzzed, "8.9.0"))
    schema.app = fuzzed
    found: list[str] = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        if (operation.method.upper(), operation.path) not in NOT_FUZZED:
            found += _findings(operation)
    assert found == []


def test_a_value_of_another_type_is_never_taken(fuzzed: Flask) -> None:
    """In any field of any command: refused, or the thing is not there, or the API is not served; never done."""
    client = fuzzed.test_client()
    taken = []
    for method, path, schema in _commands(document(fuzzed, "8.9.0")):
        least = {name: _some(schema["properties"][name]) for name in schema.get("required", ())}
        for name, one in schema["properties"].items():
            wrong = {"object": 5, "array": 5, "string": 5, "boolean": "yes", "integer": "x"}
            if (kind := one.get("type")) not in wrong or (method, path) in NOT_FUZZED:
                continue
            url = re.sub(r"{\w+}", "123", path)
            body = {**least, name: wrong[kind]}
            status = client.open(url, method=method, json=body, auth=AUTH).status_code
            if status not in (400, 404, 501):
                taken.append((status, method, path, name))
    assert taken == []


def _some(schema: dict[str, Any]) -> Any:
    """Return a value that fits a schema by its type."""
    if "enum" in schema:
        return schema["enum"][0]
    some = {"object": {}, "array": [], "boolean": True, "integer": 1}
    return some.get(schema.get("type", ""), "1")


def _commands(told: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give method, path and schema, without references at its fields, of each body but those of searches."""
    schemas = told["components"]["schemas"]

    def plain(schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = schemas[schema["$ref"].rpartition("/")[2]]
        options = schema.get("anyOf")
        return plain(options[0]) if options else schema

    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            schema = plain(content.get("application/json", {}).get("schema", {}))
            if schema.get("properties") and not path.endswith("/search"):
                fields = {name: plain(one) for name, one in schema["properties"].items()}
                yield method.upper(), path, {**schema, "properties": fields}


def test_a_wrong_answer_is_found(fuzzed: Flask) -> None:
    """The test above can fail: a document that promises something else is told from the answers."""
    wrong = document(fuzzed, "8.9.0")
    license_ = wrong["components"]["schemas"]["License"]["properties"]
    license_["validLicense"] = {"type": "string"}
    schema = schemathesis.openapi.from_dict(wrong)
    schema.app = fuzzed

    found = _findings(schema["/v2/license"]["GET"])

    assert "validLicense" in "".join(found) or "false is not of type" in "".join(found).lower()


def _findings(operation: Any) -> list[str]:
    """Return what is wrong with the answers to a few requests."""
    found: list[str] = []

    @seed(20261128)
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    @settings(
        max_examples=REQUESTS,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        response = case.call(auth=AUTH)
        if response.status_code in UNDECLARED_SERVER_ERRORS:
            found.append(f"{case.method} {case.formatted_path} {case.body!r}: {response.text}")
            return
        try:
            case.operation.validate_response(response)
        except Exception as error:  # every way to be wrong is one finding
            found.append(f"{case.method} {case.formatted_path} {response.status_code}: {error}")

    ask()
    return found
