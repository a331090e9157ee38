"""Administrators on a real PostgreSQL, side by side: nothing of one is lost by the other."""

from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import insert

from service.domain.errors import AlreadyExistsError, BusyError, WrongStateError
from service.identity import Person
from service.persistence.database import Database
from service.persistence.tables.house import people as table
from service.usecases import roles
from service.usecases.accounts import keep_an_administrator
from service.usecases.house import House
from service.usecases.people import PersonFacts, create_person, person
from tests.persistence.postgresql import migrated_database
from tests.usecases.test_races import meet

pytestmark = [pytest.mark.services, pytest.mark.slow]

Staff = Mapping[str, Person]


@pytest.fixture
def database() -> Iterator[Database]:
    """Put the house of these tests on a PostgreSQL."""
    with migrated_database() as engine:
        yield Database(engine)


def roles_of(house: House, username: str) -> frozenset[str]:
    """Return the roles of somebody."""
    with house.database.reading() as connection:
        found = person(connection, username)
    assert found is not None
    return found.roles


def test_two_who_make_one_account_are_told_that_they_met(house: House, people: Staff) -> None:
    """The second may send it again, and is told then that the name is taken."""
    row = {"name": "新人", "roles": ["staff"], "is_active": True, "is_program": False}
    with pytest.raises(BusyError):
        meet(
            house,
            people["admin"],
            lambda execution: execution.unit.connection.execute(
                insert(table).values(username="xinren", **row)
            ),
            lambda: create_person(house, people["admin"], "xinren", PersonFacts("新人")),
        )
    with pytest.raises(AlreadyExistsError):
        create_person(house, people["admin"], "xinren", PersonFacts("新人"))


def test_two_roles_given_at_once_are_both_held(house: House, people: Staff) -> None:
    """The second adds to what the first has given."""
    admin = people["admin"]
    meet(
        house,
        admin,
        lambda execution: roles._set_roles(execution.unit, table, "quinn", {"staff", "auditor"}),
        lambda: roles.give_to_account(house, admin, "operator", "quinn"),
    )
    assert roles_of(house, "quinn") == {"staff", "auditor", "operator"}


def test_of_the_last_two_administrators_one_stays(house: House, people: Staff) -> None:
    """Each is taken away by the other at the same time."""
    admin = people["admin"]
    roles.give_to_account(house, admin, "admin", "quinn")

    def first(execution: object) -> None:
        unit = execution.unit  # type: ignore[attr-defined]
        roles._set_roles(unit, table, "quinn", {"staff"})
        keep_an_administrator(unit.connection)

    with pytest.raises(WrongStateError):
        meet(house, admin, first, lambda: roles.take_from_account(house, admin, "admin", "admin"))
    assert "admin" in roles_of(house, "admin")
