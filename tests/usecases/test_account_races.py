"""Administrators on a real PostgreSQL, side by side: nothing of one is lost by the other."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from service.domain.errors import HuiyinError, WrongStateError
from service.domain.global_listeners import GlobalListener
from service.identity import Person
from service.persistence.database import Database
from service.persistence.tables.house import people as table
from service.usecases import global_listeners, groups, parameters, roles, tenant_variables
from service.usecases.accounts import keep_an_administrator
from service.usecases.groups import GroupFacts
from service.usecases.house import House
from service.usecases.people import (
    PersonFacts,
    create_first_administrator,
    create_person,
    ensure_first_administrator,
    everybody,
    person,
)
from tests.factories import PASSWORD
from tests.persistence.postgresql import migrated_database
from tests.usecases.test_races import PATIENCE_S, meet, wait_for

pytestmark = [pytest.mark.services, pytest.mark.slow]

Staff = Mapping[str, Person]
Make = Callable[[House, Person], None]

LISTENER = GlobalListener("new", "audit", ("completing",))


@pytest.fixture
def database() -> Iterator[Database]:
    """Put the house of these tests on a PostgreSQL."""
    with migrated_database() as engine:
        yield Database(engine)


def side_by_side(house: House, make: Callable[[House], Any]) -> list[str]:
    """Run a command twice, the second before the first has committed; return what became of each."""
    is_written, is_waited_for = Event(), Event()

    def key() -> int:
        # Asked for with the event of the history, the last thing a command writes.
        is_written.set()
        is_waited_for.wait(PATIENCE_S)
        return house.outside.new_key()

    def outcome(one: House) -> str:
        try:
            make(one)
        except HuiyinError as error:
            return type(error).__name__
        return "made"

    held = replace(house, outside=replace(house.outside, new_key=key))
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(outcome, held)
        assert is_written.wait(PATIENCE_S)
        second = pool.submit(outcome, house)
        wait_for(house.database, second)
        is_waited_for.set()
        return [first.result(PATIENCE_S), second.result(PATIENCE_S)]


def roles_of(house: House, username: str) -> frozenset[str]:
    """Return the roles of somebody."""
    with house.database.reading() as connection:
        found = person(connection, username)
    assert found is not None
    return found.roles


@pytest.mark.parametrize(
    "make",
    [
        lambda house, admin: create_person(house, admin, "new", PersonFacts("新人")),
        lambda house, admin: groups.create(house, admin, "new", GroupFacts("新组")),
        lambda house, admin: roles.create(house, admin, "new", "新角色", None),
        lambda house, admin: parameters.make(house, admin, "new", 1, {}),
        lambda house, admin: tenant_variables.make(house, admin, "new", 1, {}),
        lambda house, admin: global_listeners.make(house, admin, LISTENER),
    ],
    ids=["account", "group", "role", "parameter", "tenant-variable", "listener"],
)
def test_of_two_who_make_one_thing_the_second_is_told_that_it_is_there(
    house: House, people: Staff, make: Make
) -> None:
    """He waits for the first, whichever id they chose; nothing of his is written."""
    owner = replace(people["admin"], roles=frozenset({"admin", "process_owner"}))

    outcomes = side_by_side(house, lambda one: make(one, owner))

    assert outcomes == ["made", "AlreadyExistsError"]


def test_an_empty_house_gets_one_first_administrator(house: House) -> None:
    """The second is refused, though he chose another name; the place of a first one is taken."""
    usernames = iter(("ada", "bob"))

    def make(one: House) -> None:
        create_first_administrator(one, next(usernames), PersonFacts("管理员"), PASSWORD)

    assert side_by_side(house, make) == ["made", "NotAllowedError"]
    with house.database.reading() as connection:
        assert len(everybody(connection)) == 1


def test_two_first_starts_make_one_administrator(house: House) -> None:
    """One of them tells its password; the other tells none that does not fit."""
    told: list[str | None] = []

    side_by_side(house, lambda one: told.append(ensure_first_administrator(one)))

    assert sorted(one is None for one in told) == [False, True]


def test_two_changes_of_a_group_are_both_kept(house: House, people: Staff) -> None:
    """Who renames it keeps what another has just changed besides."""
    admin = people["admin"]
    changed = GroupFacts("客服部", supervisor_group="quality", is_department=True)
    meet(
        house,
        admin,
        lambda execution: groups._change(
            execution.unit,
            admin,
            "cs",
            groups.facts_of(groups._locked(execution.unit.connection, "cs")),
            changed,
        ),
        lambda: groups.rename(house, admin, "cs", "客户服务部", None),
    )
    with house.database.unit(house.outside) as unit:
        row = groups._locked(unit.connection, "cs")
    assert (row.name, row.supervisor_group) == ("客户服务部", "quality")


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
