"""The use cases on a real PostgreSQL: shipped files deployed, a complaint started, a task completed."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, select

from service.bootstrap import open_database
from service.domain.keys import KeyGenerator
from service.domain.outside import Outside
from service.persistence.tables import cases, tasks
from service.running.preparing import prepare
from service.settings import Settings
from service.setup import deploy_shipped
from service.usecases import parameters, people, process_instances, user_tasks
from service.usecases.definitions import Definitions
from service.usecases.house import House
from service.usecases.house_jobs import HANDLERS
from tests.fakes import FakeClock, FakeRandom, RecordingMail, RecordingQueue
from tests.services import servers
from tests.services.feedback import PROBLEM, RECEIVED

pytestmark = [pytest.mark.services, pytest.mark.slow]


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Give a house on PostgreSQL with the shipped files and the demo organisation."""
    with servers.postgresql() as url, servers.short_folder() as folder:
        settings = Settings(data=folder, database_url=url)
        prepare(settings)
        outside = Outside(
            FakeClock(), RecordingQueue(), RecordingMail(), KeyGenerator(1), FakeRandom()
        )
        made = House(open_database(settings), outside, Definitions(), HANDLERS)
        entries = orjson.loads(Path("processes/parameters.json").read_bytes())
        parameters.load_shipped(made, entries)
        deploy_shipped(made, settings.processes, settings.forms)
        people.load_directory(made, orjson.loads(Path("demo/organisation.json").read_bytes()))
        yield made
        made.database.engine.dispose()


def test_a_complaint_is_received_on_postgresql(house: House) -> None:
    """The start form opens a case, the first task takes its form, quality gets the next one."""
    with house.database.reading() as connection:
        wangfang = people.person(connection, "wangfang")
    assert wangfang is not None

    started = process_instances.start_with_form(house, wangfang, "customer_feedback", PROBLEM)
    with house.database.reading() as connection:
        (first,) = open_tasks(connection, started.case_key)
    user_tasks.complete(house, wangfang, first.key, RECEIVED)

    with house.database.reading() as connection:
        following = open_tasks(connection, started.case_key)
        case = connection.execute(select(cases.cases)).one()
    assert first.element_id == "receive_feedback"
    assert following
    assert "receive_feedback" not in {task.element_id for task in following}
    assert (case.customer, case.grade is not None) == (PROBLEM["customer_name"], True)


def test_moments_come_in_the_zone_they_are_kept_in(house: House) -> None:
    """Whatever zone the server is set to: nothing that reads one has to turn it."""
    with house.database.reading() as connection:
        zone, moment = connection.exec_driver_sql("SELECT current_setting('TimeZone'), now()").one()

    assert (zone, moment.tzinfo) == ("UTC", UTC)


def open_tasks(connection: Connection, case_key: int | None) -> list[Any]:
    """Return the open tasks of a case."""
    table = tasks.user_tasks
    query = select(table).where(table.c.case_key == case_key, table.c.state == "CREATED")
    return list(connection.execute(query).all())
