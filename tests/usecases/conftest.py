"""A small approval process on a house with a few people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select

from service.identity import Person
from service.persistence.tables import house as house_tables
from service.persistence.tables import tasks
from service.usecases.deployments import DeployFile, deploy
from service.usecases.house import House
from service.usecases.process_instances import CreateInstance, InstanceCreated, create
from tests import rows
from tests.conftest import furnished_file
from tests.ledger.ledger import require_agreement

DIAGRAMS = Path(__file__).parent / "diagrams"


@dataclass(frozen=True)
class Office:
    """The house with its people and the approval process deployed."""

    house: House
    clerk: Person
    inspector: Person
    colleague: Person
    stranger: Person
    operator: Person
    owner: Person

    def start(self, variables: Mapping[str, Any] | None = None) -> InstanceCreated:
        """Start an approval as the clerk."""
        values = {"subject": "换货", "amount": 10, "channel": "TEL", **(variables or {})}
        return create(
            self.house, self.clerk, CreateInstance(process_id="approval", variables=values)
        )

    def task(self, element_id: str, state: str = "CREATED") -> Row[Any]:
        """Return the only task of an element in that state."""
        table = tasks.user_tasks
        query = select(table).where(table.c.element_id == element_id, table.c.state == state)
        with self.house.database.reading() as connection:
            return connection.execute(query).one()

    def rows(self, table: Any, *conditions: Any) -> list[Row[Any]]:
        """Return the rows of a table, oldest first."""
        with self.house.database.reading() as connection:
            return list(connection.execute(select(table).where(*conditions)))


def shipped(*names: str) -> list[DeployFile]:
    """Return files of the diagrams folder."""
    return [DeployFile(name, (DIAGRAMS / name).read_bytes()) for name in names]


@dataclass(frozen=True)
class FurnishedFile:
    """The database of an office as bytes of its file, and its people."""

    file: bytes
    people: Mapping[str, Person]


@pytest.fixture(scope="session")
def furnished(empty_sqlite: bytes, tmp_path_factory: pytest.TempPathFactory) -> FurnishedFile:
    """Return the office, of which each test gets a copy."""
    people: dict[str, Person] = {}
    path = tmp_path_factory.mktemp("office") / "office.sqlite3"
    file = furnished_file(empty_sqlite, path, lambda house: people.update(furnish(house)))
    return FurnishedFile(file, people)


@pytest.fixture
def sqlite_file(
    request: pytest.FixtureRequest, empty_sqlite: bytes, furnished: FurnishedFile
) -> bytes:
    """Return a furnished database for the tests that ask for the office, an empty one for the others."""
    return furnished.file if "office" in request.fixturenames else empty_sqlite


@pytest.fixture
def office(house: House, furnished: FurnishedFile) -> Office:
    """Return the office: 客服 starts, 质量部 checks, 财务部 mends."""
    with house.database.reading() as connection:
        is_furnished = (
            connection.execute(select(house_tables.people.c.username)).first() is not None
        )
    # A module with a database of its own, on PostgreSQL say, has it empty.
    people = furnished.people if is_furnished else furnish(house)
    return Office(house, **people)


@pytest.fixture
def audited(house: House) -> Iterator[None]:
    """Have all tables agree with each other and with the saved states when the test is over."""
    yield
    require_agreement(house)


def furnish(house: House) -> Mapping[str, Person]:
    """Let people work in a house, deploy the approval process and return them by what they are."""
    with house.database.unit(house.outside) as unit:
        connection = unit.connection
        for key, name in (("cs", "客服"), ("quality", "质量部"), ("finance", "财务部")):
            rows.add_group(connection, key, name=name)
        add = rows.add_person
        people = {
            "clerk": add(connection, "wangfang", ("cs",)),
            "inspector": add(connection, "lina", ("quality",)),
            "colleague": add(connection, "zhaolei", ("quality",)),
            "stranger": add(connection, "sunqi", ("finance",)),
            "operator": add(connection, "yunwei", roles=["staff", "operator"]),
            "owner": add(connection, "liucheng", roles=["staff", "process_owner"]),
        }
        unit.commit()
    deploy(house, people["owner"], shipped("approval.bpmn", "check_request.form"))
    return people
