"""Accounts: made and changed by administrators only, and never so that nobody can."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from sqlalchemy import insert, select, update

from service.domain.errors import (
    AlreadyExistsError,
    BadInputError,
    NotAllowedError,
    NotFoundError,
    NotSignedInError,
    WrongStateError,
)
from service.identity import Person
from service.persistence.tables.cases import events
from service.persistence.tables.house import groups
from service.persistence.tables.rights import authorizations
from service.usecases import groups as group_usecases
from service.usecases import roles
from service.usecases.groups import GroupFacts
from service.usecases.house import House
from service.usecases.people import (
    PersonFacts,
    create_person,
    delete_person,
    person,
    set_password,
    sign_in,
    update_person,
)
from tests.factories import PASSWORD

Staff = Mapping[str, Person]
NEW_PASSWORD = "another-password"
FACTS = PersonFacts("新人", "xinren@example.com", frozenset({"finance"}), department="finance")
ADMIN_FACTS = PersonFacts("Admin", "admin@example.com", roles=frozenset({"admin", "staff"}))


def test_a_new_person_signs_in(house: House, people: Staff) -> None:
    """With his password, groups, roles and department."""
    create_person(house, people["admin"], "xinren", FACTS, NEW_PASSWORD)

    assert sign_in(house, "xinren", NEW_PASSWORD, "") == Person(
        username="xinren",
        name="新人",
        email="xinren@example.com",
        groups=frozenset({"finance"}),
        department="finance",
    )


def test_a_person_without_a_password_cannot_sign_in_with_one(house: House, people: Staff) -> None:
    """Not even with an empty one."""
    create_person(house, people["admin"], "xinren", FACTS)

    with pytest.raises(NotSignedInError):
        sign_in(house, "xinren", "", "")


def test_changing_a_person_changes_everything_but_the_password(house: House, people: Staff) -> None:
    """Old groups are gone, the password of before still fits."""
    update_person(house, people["admin"], "quinn", FACTS)

    assert sign_in(house, "quinn", PASSWORD, "").groups == {"finance"}


def test_who_is_made_inactive_is_nobody(house: House, people: Staff) -> None:
    """And comes back as he was when he is made active again."""
    quinn = people["quinn"]
    facts = PersonFacts(quinn.name, quinn.email, quinn.groups, quinn.roles, quinn.department)

    update_person(house, people["admin"], "quinn", replace(facts, is_active=False))
    with house.database.reading() as connection:
        assert person(connection, "quinn") is None

    update_person(house, people["admin"], "quinn", facts)
    with house.database.reading() as connection:
        assert person(connection, "quinn") == quinn


def test_another_password_ends_the_one_before(house: House, people: Staff) -> None:
    """Only the new one fits."""
    set_password(house, people["admin"], "quinn", NEW_PASSWORD)

    assert sign_in(house, "quinn", NEW_PASSWORD, "") == people["quinn"]
    with pytest.raises(NotSignedInError):
        sign_in(house, "quinn", PASSWORD, "")


@pytest.mark.parametrize("who", ["quinn", "owner", "olga", "worker"])
@pytest.mark.parametrize(
    "change",
    [
        lambda house, who: create_person(house, who, "xinren", FACTS),
        lambda house, who: update_person(house, who, "quinn", FACTS),
        lambda house, who: set_password(house, who, "quinn", NEW_PASSWORD),
    ],
    ids=["create", "update", "password"],
)
def test_only_administrators_change_accounts(
    house: House, people: Staff, who: str, change: Callable[[House, Person], None]
) -> None:
    """Nobody else, not even for himself (XC-P-5)."""
    with pytest.raises(NotAllowedError):
        change(house, people[who])


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        (replace(FACTS, name=" "), "name"),
        (replace(FACTS, roles=frozenset({"king"})), "king"),
        (replace(FACTS, groups=frozenset({"finance", "moon"})), "moon"),
        (replace(FACTS, department="quality_manager"), "quality_manager"),
        (replace(FACTS, email="xinren"), "'xinren'"),
    ],
    ids=["no-name", "role", "group", "department", "email"],
)
def test_facts_that_name_what_is_not_there_are_refused(
    house: House, people: Staff, facts: PersonFacts, named: str
) -> None:
    """The text names what is unknown, and nothing is changed."""
    with pytest.raises(BadInputError, match=named):
        create_person(house, people["admin"], "xinren", facts)
    with pytest.raises(BadInputError, match=named):
        update_person(house, people["admin"], "quinn", facts)

    with house.database.reading() as connection:
        assert person(connection, "xinren") is None
        assert person(connection, "quinn") == people["quinn"]


@pytest.mark.parametrize("length", [0, 9, 257])
def test_a_password_too_short_or_too_long_is_refused(
    house: House, people: Staff, length: int
) -> None:
    """Ten characters are enough, more than 256 are not looked at."""
    with pytest.raises(BadInputError):
        set_password(house, people["admin"], "quinn", "x" * length)


@pytest.mark.parametrize("username", ["", " quinn", "quinn ", "新人", "a/b", ".", "x" * 257])
def test_a_user_name_that_clients_cannot_read_is_refused(
    house: House, people: Staff, username: str
) -> None:
    """One of them in a list would make the official clients refuse the whole list."""
    with pytest.raises(BadInputError):
        create_person(house, people["admin"], username, FACTS)


def test_a_taken_user_name_is_refused(house: House, people: Staff) -> None:
    """The account that has it stays as it is."""
    with pytest.raises(AlreadyExistsError):
        create_person(house, people["admin"], "quinn", FACTS)

    with house.database.reading() as connection:
        assert person(connection, "quinn") == people["quinn"]


def test_who_does_not_exist_cannot_be_changed(house: House, people: Staff) -> None:
    """Neither his facts nor his password."""
    with pytest.raises(NotFoundError):
        update_person(house, people["admin"], "nobody", FACTS)
    with pytest.raises(NotFoundError):
        set_password(house, people["admin"], "nobody", NEW_PASSWORD)


@pytest.mark.parametrize(
    "facts",
    [replace(ADMIN_FACTS, is_active=False), replace(ADMIN_FACTS, roles=frozenset({"staff"}))],
    ids=["inactive", "role-lost"],
)
def test_the_last_administrator_stays_one(house: House, people: Staff, facts: PersonFacts) -> None:
    """Otherwise nobody could ever change an account again; with a second one it is allowed."""
    with pytest.raises(WrongStateError):
        update_person(house, people["admin"], "admin", facts)

    create_person(house, people["admin"], "second", ADMIN_FACTS)
    update_person(house, people["admin"], "admin", facts)


def test_the_history_tells_who_changed_what_without_the_password(
    house: House, people: Staff
) -> None:
    """Before and after, in order; no password and no hash."""
    create_person(house, people["admin"], "xinren", FACTS, NEW_PASSWORD)
    update_person(house, people["admin"], "xinren", replace(FACTS, name="老人"))
    set_password(house, people["admin"], "xinren", NEW_PASSWORD)

    with house.database.reading() as connection:
        query = select(events).where(events.c.kind.like("person.%")).order_by(events.c.key)
        rows = connection.execute(query).all()
    assert [(row.kind, row.who) for row in rows] == [
        ("person.created", "admin"),
        ("person.changed", "admin"),
        ("person.password_set", "admin"),
    ]
    assert (rows[1].before["name"], rows[1].after["name"]) == ("新人", "老人")
    assert NEW_PASSWORD not in str(rows)
    assert "argon2" not in str(rows)


def test_a_deleted_person_is_gone_and_his_name_is_kept(house: House, people: Staff) -> None:
    """He cannot sign in, belongs nowhere, and nobody gets his user name."""
    delete_person(house, people["admin"], "quinn")

    with pytest.raises(NotSignedInError):
        sign_in(house, "quinn", PASSWORD, "")
    with pytest.raises(NotFoundError):
        update_person(house, people["admin"], "quinn", FACTS)
    with pytest.raises(AlreadyExistsError, match="history"):
        create_person(house, people["admin"], "quinn", FACTS)


def test_the_last_administrator_is_not_deleted(house: House, people: Staff) -> None:
    """Somebody must be left who keeps the house."""
    with pytest.raises(WrongStateError):
        delete_person(house, people["admin"], "admin")


def test_a_group_gives_its_members_its_roles(house: House, people: Staff) -> None:
    """Roles of a group are its members' as long as they belong to it."""
    with house.database.unit(house.outside) as unit:
        of_quality = groups.c.key == "quality"
        unit.connection.execute(update(groups).where(of_quality).values(roles=["auditor", "desk"]))
        unit.commit()
    with house.database.reading() as connection:
        quinn, fang = person(connection, "quinn"), person(connection, "fang")

    assert quinn is not None
    assert fang is not None
    assert quinn.roles == {"staff", "auditor"}
    assert quinn.other_roles == {"desk"}
    assert fang.roles == {"staff"}


def test_authorizations_reach_people_by_name_group_and_role(house: House, people: Staff) -> None:
    """A record of a person, of his group, and of a role he holds, each counts for him."""
    owners = {
        ("USER", "quinn"): "1",
        ("GROUP", "quality"): "2",
        ("ROLE", "staff"): "3",
        ("CLIENT", "worker"): "4",
        ("USER", "worker"): "5",
        ("GROUP", "finance"): "6",
    }
    with house.database.unit(house.outside) as unit:
        for (kind, id_), task in owners.items():
            unit.connection.execute(
                insert(authorizations).values(
                    key=unit.new_key(),
                    owner_type=kind,
                    owner_id=id_,
                    resource_type="USER_TASK",
                    resource_id=task,
                    permission_types=["READ"],
                )
            )
        unit.commit()
    with house.database.reading() as connection:
        quinn, worker = person(connection, "quinn"), person(connection, "worker")

    assert quinn is not None
    assert worker is not None
    assert quinn.granted_ids("USER_TASK", "READ") == {"1", "2", "3"}
    assert worker.granted_ids("USER_TASK", "READ") == {"4"}


def test_an_administrator_through_his_group_counts_as_one(house: House, people: Staff) -> None:
    """He may be the only one; then neither his membership nor the group's role can be taken."""
    admin = people["admin"]
    group_usecases.create(house, admin, "keepers", GroupFacts("管理组"))
    roles.give_to_group(house, admin, "admin", "keepers")
    group_usecases.add_member(house, admin, "keepers", "quinn")

    roles.take_from_account(house, admin, "admin", "admin")

    for take in (
        lambda: group_usecases.remove_member(house, admin, "keepers", "quinn"),
        lambda: group_usecases.remove(house, admin, "keepers"),
        lambda: roles.take_from_group(house, admin, "admin", "keepers"),
        lambda: delete_person(house, admin, "quinn"),
    ):
        with pytest.raises(WrongStateError, match="administrator"):
            take()
    with house.database.reading() as connection:
        quinn = person(connection, "quinn")
    assert quinn is not None
    assert quinn.has_role("admin")
