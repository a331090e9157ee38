"""A directory loads as a whole, again without a change, and only when it is right."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import func, select, update

from service.domain.errors import BadInputError
from service.identity import Person
from service.persistence.facts import group_by_name
from service.persistence.tables.cases import events
from service.persistence.tables.house import people as table
from service.usecases.house import House
from service.usecases.people import (
    ensure_first_administrator,
    load_directory,
    person,
    sign_in,
)
from tests.factories import PASSWORD, directory, group, member

Staff = Mapping[str, Person]


def loads(house: House) -> int:
    """Return how often a load changed something."""
    with house.database.reading() as connection:
        query = select(func.count()).where(events.c.kind == "directory.loaded")
        return connection.execute(query).scalar_one()


def changed(username: str, **changes: Any) -> dict[str, Any]:
    """Return the directory with one person changed."""
    entries = directory()
    entries["people"] = [
        {**one, **changes} if one["username"] == username else one for one in entries["people"]
    ]
    return entries


def test_everybody_new_signs_in_with_the_password_of_the_directory(
    house: House, people: Staff
) -> None:
    """Whatever his place in it."""
    for username in ("carla", "fang", "admin"):
        assert sign_in(house, username, PASSWORD, "") == people[username]


def test_a_second_load_changes_nothing(house: House, people: Staff) -> None:
    """It writes no row, not even to the history."""
    load_directory(house, directory())

    assert loads(house) == 1


def test_a_load_brings_people_to_what_the_directory_says(house: House, people: Staff) -> None:
    """Name, address, roles, department and groups; whom it does not name stays."""
    entries = changed("quinn", name="秦", groups=["finance"], department="finance")
    entries["people"] = [one for one in entries["people"] if one["username"] != "fang"]

    load_directory(house, entries)

    with house.database.reading() as connection:
        quinn, fang = person(connection, "quinn"), person(connection, "fang")
    assert quinn is not None
    assert (quinn.name, quinn.department, quinn.groups) == ("秦", "finance", frozenset({"finance"}))
    assert fang == people["fang"]


def test_a_load_brings_groups_to_what_the_directory_says(house: House, people: Staff) -> None:
    """A new other name is known from then on, an old one no more."""
    entries = directory()
    entries["groups"][0]["other_names"] = ["客服中心"]

    load_directory(house, entries)

    with house.database.reading() as connection:
        known = group_by_name(connection)
    assert known["客服中心"] == "cs"
    assert "客服" not in known


def test_passwords_and_closed_accounts_stay(house: House, people: Staff) -> None:
    """A load opens no account that an administrator closed, and changes no password."""
    with house.database.unit(house.outside) as unit:
        values = {"is_active": False}
        unit.connection.execute(update(table).where(table.c.username == "fang").values(values))
        unit.commit()

    load_directory(house, {**changed("quinn", name="秦"), "password": "something-else"})

    assert sign_in(house, "quinn", PASSWORD, "").name == "秦"
    with house.database.reading() as connection:
        assert person(connection, "fang") is None


@pytest.mark.parametrize(
    ("entries", "named"),
    [
        ({}, "groups"),
        ({"groups": [], "people": [{"username": "a"}]}, "name"),
        ({"groups": [], "people": ["a"]}, "directory"),
        ({"groups": [group("a", "甲"), group("b", "甲")], "people": []}, "甲"),
        ({"groups": [group("a", "甲", other_names=["b"]), group("b", "乙")], "people": []}, "b"),
        ({"groups": [group("a", "甲", supervisor_group="boss")], "people": []}, "boss"),
        ({"groups": [], "people": [member("a", "moon", department=None)]}, "moon"),
        ({"groups": [], "people": [member("a"), member("a")]}, "'a'"),
        ({"groups": [], "people": [member("a", roles=["king"])]}, "king"),
        ({"groups": [], "people": [member("张伟")]}, "'username'"),
        ({"groups": [], "people": [member("a", email="nomail")]}, "'nomail'"),
        (
            {
                "groups": [group("a", "甲", is_department=False)],
                "people": [member("b", department="a")],
            },
            "departments",
        ),
    ],
    ids=[
        "empty",
        "incomplete",
        "no-object",
        "one-name-two-groups",
        "other-name-is-a-key",
        "supervisor",
        "group",
        "one-user-name-two-people",
        "role",
        "user-name-in-chinese",
        "no-mail-address",
        "department",
    ],
)
def test_a_directory_that_contradicts_itself_is_refused(
    house: House, entries: dict[str, Any], named: str
) -> None:
    """The text names what is wrong, and nothing of it is loaded."""
    with pytest.raises(BadInputError, match=named):
        load_directory(house, entries)

    assert loads(house) == 0


def test_the_first_start_makes_an_administrator(house: House) -> None:
    """Once, with a password that is told once and fits."""
    password = ensure_first_administrator(house)

    assert password is not None
    assert sign_in(house, "admin", password, "").has_role("admin")
    assert ensure_first_administrator(house) is None


def test_a_house_with_people_gets_no_administrator(house: House, people: Staff) -> None:
    """Nobody's password is made anew behind his back."""
    assert ensure_first_administrator(house) is None
    assert sign_in(house, "admin", PASSWORD, "") == people["admin"]
