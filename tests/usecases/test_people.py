"""Who people are, and which of them names mean."""

from collections.abc import Mapping

import pytest
from sqlalchemy import update

from service.identity import Person
from service.persistence.tables.house import people as table
from service.usecases.house import House
from service.usecases.people import everybody, person, resolve_recipients

Staff = Mapping[str, Person]


def deactivate(house: House, username: str) -> None:
    """Close an account."""
    with house.database.unit(house.outside) as unit:
        closed = update(table).where(table.c.username == username).values(is_active=False)
        unit.connection.execute(closed)
        unit.commit()


def test_a_person_comes_with_groups_roles_and_department(house: House, people: Staff) -> None:
    """Everything that questions of rights ask for is there."""
    assert people["maria"] == Person(
        username="maria",
        name="Maria",
        email="maria@example.com",
        groups=frozenset({"quality", "quality_manager"}),
        roles=frozenset({"staff"}),
        department="quality",
    )


def test_a_program_is_known_as_one(people: Staff) -> None:
    """An API client of the house acts for it."""
    assert people["worker"].is_operating_program
    assert people["worker"].email is None


def test_nobody_is_known_by_a_name_that_is_none(house: House, people: Staff) -> None:
    """Neither an unknown user name, nor a closed account, nor another spelling."""
    deactivate(house, "fang")

    with house.database.reading() as connection:
        assert [person(connection, name) for name in ("nobody", "fang", "Maria", "")] == [None] * 4


def test_everybody_is_all_active_people_without_programs(house: House, people: Staff) -> None:
    """Lists offer whom work can be given to."""
    deactivate(house, "fang")

    with house.database.reading() as connection:
        names = [one.username for one in everybody(connection)]
    assert names == sorted(set(people) - {"fang", "worker"})


@pytest.mark.parametrize(
    ("names", "reached"),
    [
        ([], []),
        (["quality"], ["maria", "qiao", "quinn"]),
        (["质量部经理"], ["maria"]),
        (["客服"], ["carla", "chen"]),
        (["fang"], ["fang"]),
        (["fang", "cs"], ["fang", "carla", "chen"]),
        (["quality_manager", "quality", "maria"], ["maria", "qiao", "quinn"]),
        (["worker"], []),
        (["nobody"], []),
    ],
    ids=["none", "key", "name", "other-name", "user", "order", "once", "program", "unknown"],
)
def test_names_mean_people(
    house: House, people: Staff, names: list[str], reached: list[str]
) -> None:
    """A group's key, name or other name, or a user name; each person once, in the order of the names."""
    with house.database.reading() as connection:
        assert [one.username for one in resolve_recipients(connection, names)] == reached


def test_who_left_is_reached_no_more(house: House, people: Staff) -> None:
    """A closed account stays in its groups and gets nothing."""
    deactivate(house, "chen")

    with house.database.reading() as connection:
        assert [one.username for one in resolve_recipients(connection, ["cs"])] == ["carla"]
