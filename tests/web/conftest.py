"""The pages on a house with real processes, and people who are signed in to them."""

from collections.abc import Callable
from json import dumps
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service import web
from service.identity import Person
from service.usecases import people
from service.usecases.deployments import DeployFile, deploy
from service.usecases.house import House
from service.usecases.process_instances import StartedWithForm, start_with_form
from service.web.request.current import EXTENSION
from tests.applications import another
from tests.conftest import furnished_file

SignedIn = Callable[[str], FlaskClient]

FILES = Path(__file__).parent / "files"
ENTRIES = ("app.js", "form.js", "monitor.js", "dmn.js")

DIRECTORY = {
    "groups": [
        {"key": "cs", "name": "客服部", "is_department": True},
        {"key": "quality", "name": "质量部", "is_department": True},
        {"key": "finance", "name": "财务部", "is_department": True},
    ],
    "people": [
        {"username": "wang", "name": "王芳", "groups": ["cs"], "department": "cs"},
        {"username": "li", "name": "李静", "groups": ["cs"], "department": "cs"},
        {"username": "liu", "name": "刘洋", "groups": ["quality"], "department": "quality"},
        {"username": "lu", "name": "卢艳", "groups": ["finance"], "department": "finance"},
        {"username": "admin", "name": "系统管理员", "roles": ["admin", "staff"]},
        {"username": "owner", "name": "柳程", "roles": ["process_owner", "staff"]},
        {"username": "auditor", "name": "沈纪", "roles": ["auditor", "staff"]},
        {"username": "operator", "name": "云薇", "roles": ["operator", "staff"]},
    ],
}
COMPLAINT = {
    "customer_name": "王小明",
    "contact_phone": "13812345207",
    "boxes": 120,
    "problem": "装订开裂",
}
WANG = Person("wang", "王芳", groups=frozenset({"cs"}), department="cs")
LI = Person("li", "李静", groups=frozenset({"cs"}), department="cs")
OWNER = Person("owner", "柳程", roles=frozenset({"process_owner", "staff"}))


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a built front end that has names and no content."""
    folder = tmp_path_factory.mktemp("dist")
    manifest = {name: {"file": f"x-{name}", "css": [], "imports": []} for name in ENTRIES}
    manifest["icons.svg"] = {"file": "icons-1.svg", "css": [], "imports": []}
    (folder / "manifest.json").write_text(dumps(manifest), encoding="utf-8")
    for name in ENTRIES:
        (folder / f"x-{name}").write_text("export {};", encoding="utf-8")
    return folder


def with_pages(house: House, assets: Path) -> Flask:
    """Return a new application with the pages, with CSRF switched off but where a test asks."""
    app = Flask("service.web", static_folder=None)
    app.config.update(
        SECRET_KEY="a key of the tests", HUIYIN_ASSETS=assets, TESTING=False, WTF_CSRF_ENABLED=False
    )
    web.register(app, house)
    return app


@pytest.fixture(scope="session")
def routes(house_of_nobody: House, assets: Path) -> Flask:
    """Return an application with the pages, of which each test gets its own."""
    return with_pages(house_of_nobody, assets)


@pytest.fixture
def pages(routes: Flask, house: House) -> Flask:
    """Return the pages on the house of the test."""
    app = another(routes)
    app.extensions[EXTENSION] = house
    return app


@pytest.fixture(scope="session")
def furnished(empty_sqlite: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a database with people and a small complaint process in it, as bytes of its file."""
    path = tmp_path_factory.mktemp("office") / "office.sqlite3"
    return furnished_file(empty_sqlite, path, _furnish)


def _furnish(house: House) -> None:
    people.load_directory(house, DIRECTORY)
    deploy(
        house, OWNER, [DeployFile(file.name, file.read_bytes()) for file in sorted(FILES.iterdir())]
    )


@pytest.fixture
def sqlite_file(furnished: bytes) -> bytes:
    """Return a furnished database for each test."""
    return furnished


@pytest.fixture
def office(house: House) -> House:
    """Return the house with people and a small complaint process in it."""
    return house


@pytest.fixture
def signed_in(pages: Flask, office: House) -> SignedIn:
    """Return a function that gives a browser in which somebody is signed in, reading Chinese."""

    def sign_in(username: str) -> FlaskClient:
        client = pages.test_client()
        with client.session_transaction() as session:
            session["username"] = username
            session["since"] = office.outside.clock.now().isoformat()
            session["language"] = "zh_Hans_CN"
        return client

    return sign_in


@pytest.fixture
def complaint(office: House) -> StartedWithForm:
    """Return a complaint of 120 boxes that waits for somebody of 客服部 to check it."""
    return start_with_form(office, WANG, "small_complaint", COMPLAINT)
