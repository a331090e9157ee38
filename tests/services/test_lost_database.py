"""The database is stopped and started again under the house: 503 meanwhile, nothing half-written."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text

from service.app import create_app
from service.bootstrap import Parts, build
from service.domain.errors import UnavailableError
from service.logs import Seldom
from service.persistence import failures
from service.persistence.database import Database
from service.persistence.tables import cases, instances
from service.running.preparing import prepare
from service.settings import Settings
from service.usecases import people
from service.usecases.deployments import deploy
from service.usecases.transaction import SYSTEM
from tests.persistence.postgresql_server import serve
from tests.services import servers
from tests.usecases import drawing

pytestmark = [pytest.mark.services, pytest.mark.slow]

START = {"processDefinitionId": "asking", "variables": {"subject": "换货"}}


class Site:
    """A house in this process, on a PostgreSQL that can be stopped."""

    def __init__(self, folder: Any) -> None:
        """Start the server, deploy a process, sign a program in."""
        self.folder = folder / "pg"
        self.start()
        settings = Settings(data=folder, database_url=self.server.get_uri())
        prepare(settings)
        self.parts: Parts = build(settings)
        self.client: FlaskClient = create_app(settings, self.parts).test_client()
        owner = replace(SYSTEM, roles=frozenset({"process_owner"}))
        deploy(self.parts.house, owner, [drawing.line("asking", drawing.user_task("ask"))])
        people.ensure_first_administrator(self.parts.house)
        with self.parts.house.database.reading() as connection:
            admin = people.person(connection, "admin")
        assert admin is not None
        token = people.create_token(self.parts.house, admin, "test", None)
        self.headers = {"Authorization": f"Bearer {token}"}

    def start(self) -> None:
        """Start the server, or start it again."""
        self.server = serve(self.folder, cleanup_mode="stop")

    def stop(self) -> None:
        """Stop it, whoever is connected."""
        self.server.cleanup()

    def post(self, path: str, body: Any) -> Any:
        """Send a command of the API."""
        return self.client.post(path, json=body, headers=self.headers)

    def instances(self) -> int:
        """Return how many instances there are."""
        with self.parts.house.database.reading() as connection:
            return len(connection.execute(select(instances.process_instances.c.key)).all())


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Give the site."""
    with servers.short_folder() as folder:
        made = Site(folder)
        yield made
        made.parts.house.database.engine.dispose()
        made.stop()


def test_while_the_database_is_away_commands_are_answered_503(site: Site) -> None:
    """With Retry-After; once it is back the next command goes through, and nothing was written twice."""
    assert site.post("/v2/process-instances", START).status_code == 200
    site.stop()
    refused = site.post("/v2/process-instances", START)
    page = site.client.get("/tasks", headers={"Accept": "text/html"})
    ready, status = site.client.get("/readyz"), site.client.get("/v2/status")
    site.start()

    assert (refused.status_code, refused.get_json()["title"]) == (503, "UNAVAILABLE")
    assert int(refused.headers["Retry-After"]) > 0
    assert page.status_code in (303, 503)
    assert (ready.status_code, status.status_code) == (503, 503)
    assert ready.get_json()["database"] == "down"
    assert site.post("/v2/process-instances", START).status_code == 200
    assert site.instances() == 2


def test_a_database_lost_in_the_middle_leaves_nothing_half_written(site: Site) -> None:
    """The connection dies between two statements of a command: told as such, rolled back as a whole."""
    house = site.parts.house
    before = site.instances()
    with house.database.unit(house.outside) as unit:
        unit.record("test.lost")
        unit.flush()
        pid = unit.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with create_engine(house.database.engine.url).connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(UnavailableError):
            unit.commit()
    with house.database.reading() as connection:
        query = select(cases.events.c.key).where(cases.events.c.kind == "test.lost")
        assert connection.execute(query).all() == []
    assert site.instances() == before


def test_a_database_that_was_never_there_is_told_as_such(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nobody listens on the port; the log says so, once."""
    failures.log.filters[:] = [Seldom(UnavailableError)]
    database = Database(create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing"))
    assert not database.is_alive()
    with pytest.raises(UnavailableError), database.reading():
        raise AssertionError("not reached")
    (told,) = caplog.messages
    assert "Connection refused" in told
