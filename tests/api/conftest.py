"""The API on a real WSGI server on a loopback port, driven by the official client."""

import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaClient
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.serving import make_server

from service import api
from service.identity import hash_password
from service.persistence.tables import house as house_tables
from service.usecases.house import House
from tests.api.conformance import Conformance, watch, watch_reading
from tests.applications import another
from tests.conftest import furnished_file

DATA = Path(__file__).parent / "data"
PASSWORD = "right-password"
SALT = b"0123456789abcdef"

PEOPLE = {
    "owner": (["process_owner", "operator", "staff"], []),
    "quinn": (["staff"], ["quality"]),
    "quentin": (["staff"], ["quality"]),
    "sam": (["staff"], ["sales"]),
    "worker": (["operator"], []),
    "rita": (["rules_admin", "staff"], []),
    "ada": (["admin", "staff"], []),
}
"""Username -> roles and groups."""


@pytest.fixture(scope="session")
def staffed_sqlite(empty_sqlite: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a database in which `PEOPLE` work, as bytes of its file; all have the same password."""
    path = tmp_path_factory.mktemp("staffed") / "staffed.sqlite3"
    return furnished_file(empty_sqlite, path, staff)


@pytest.fixture
def sqlite_file(
    request: pytest.FixtureRequest, empty_sqlite: bytes, staffed_sqlite: bytes
) -> bytes:
    """Return a staffed database for the tests that ask for one, an empty one for the others."""
    return staffed_sqlite if "staffed" in request.fixturenames else empty_sqlite


@pytest.fixture
def staffed(house: House) -> House:
    """Return the house, in which `PEOPLE` work; all have the same password."""
    return house


def staff(house: House) -> None:
    """Let `PEOPLE` work in a house."""
    with house.database.unit(house.outside) as unit:
        for username, (roles, groups) in PEOPLE.items():
            unit.connection.execute(
                insert(house_tables.people).values(
                    username=username,
                    name=username.title(),
                    password_hash=hash_password(PASSWORD, SALT),
                    roles=roles,
                    is_active=True,
                    is_program=username == "worker",
                )
            )
            for group in groups:
                unit.connection.execute(
                    insert(house_tables.memberships).values(group_key=group, username=username)
                )
        for group in ("quality", "sales"):
            unit.connection.execute(
                insert(house_tables.groups).values(
                    key=group, name=group, other_names=[], is_department=True
                )
            )
        unit.commit()


@pytest.fixture(scope="session")
def routes(house_of_nobody: House) -> Flask:
    """Return an application with the API, of which each test gets its own."""
    flask = Flask(__name__, static_folder=None)
    flask.config["SECRET_KEY"] = "for tests"
    api.register(flask, house_of_nobody)
    return flask


@pytest.fixture(scope="session")
def conformance(routes: Flask) -> Conformance:
    """Return the document of the API, against which the answers to all tests are held."""
    return watch(routes)


@pytest.fixture
def app(
    routes: Flask, conformance: Conformance, staffed: House, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """Give an application with the API and nothing else, whose answers fit its OpenAPI document."""
    flask = another(routes)
    api.furnish(flask, staffed)
    watch_reading(monkeypatch)
    conformance.findings.clear()
    yield flask
    assert conformance.findings == []


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return Flask's test client."""
    return app.test_client()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Serve the application on a loopback port and give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


SignIn = Callable[..., CamundaClient]


@pytest.fixture(scope="session")
def certificates() -> ssl.SSLContext:
    """Return what clients make for themselves when they are given none: reading all roots takes them 20 ms."""
    return ssl.create_default_context()


@pytest.fixture
def sign_in(address: str, certificates: ssl.SSLContext) -> Iterator[SignIn]:
    """Give a function that returns the official client of somebody."""
    opened: list[CamundaClient] = []

    def make(username: str, password: str = PASSWORD) -> CamundaClient:
        configuration: Any = {
            "CAMUNDA_REST_ADDRESS": address,
            "CAMUNDA_AUTH_STRATEGY": "BASIC",
            "CAMUNDA_BASIC_AUTH_USERNAME": username,
            "CAMUNDA_BASIC_AUTH_PASSWORD": password,
            "CAMUNDA_SDK_LOG_LEVEL": "silent",
        }
        opened.append(CamundaClient(configuration=configuration, verify_ssl=certificates))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def paths(*names: str) -> list[str | Path]:
    """Return the paths of files of `DATA`."""
    return [DATA / name for name in names]


@pytest.fixture
def deployed(staffed: House) -> House:
    """Return the staffed house with the repair process, its form and its decision deployed."""
    from dataclasses import replace

    from service.usecases.deployments import DeployFile, deploy
    from service.usecases.transaction import SYSTEM

    names = ("repair.bpmn", "repair_price.dmn", "inspect_item.form")
    owner = replace(SYSTEM, roles=frozenset({"process_owner"}))
    deploy(staffed, owner, [DeployFile(name, (DATA / name).read_bytes()) for name in names])
    return staffed
