"""Accounts: administrators make them, change them and set their passwords (XC-P-5)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from service.domain.errors import (
    AlreadyExistsError,
    BadInputError,
    NotFoundError,
    WrongStateError,
)
from service.identity import ROLES, Person, hash_password, policy
from service.identity.passwords import SALT_BYTES
from service.persistence.tables.house import groups, memberships, people
from service.persistence.unit import Unit
from service.usecases.house import House

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 256


@dataclass(frozen=True)
class PersonFacts:
    """What an administrator says of a person.

    Attributes:
        groups: Keys of groups.
        roles: Keys of `identity.ROLES`; a person without any may do nothing.
        department: Key of a group that is a department, or None.
        is_active: False: he cannot sign in and is reached no more; his history stays.
        is_program: An API client: no notification reaches it.
    """

    name: str
    email: str | None = None
    groups: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset({"staff"})
    department: str | None = None
    is_active: bool = True
    is_program: bool = False


def create_person(
    house: House, person: Person, username: str, facts: PersonFacts, password: str | None = None
) -> None:
    """Make an account; without a password he signs in by token or through the company's sign-in.

    Raises:
        NotAllowedError: `person` is no administrator.
        AlreadyExistsError: The user name is taken.
        BadInputError: An unknown role or group, an empty name, or a password too short or too long.
    """
    policy.may_edit_parameters(person).require()
    if not username or username != username.strip():
        raise BadInputError("Expected a user name without spaces around it.")
    stored = None if password is None else _hashed(house, password)
    with house.database.unit(house.outside) as unit:
        _check(unit.connection, facts)
        if _facts(unit.connection, username) is not None:
            raise AlreadyExistsError(f"Expected a new user name, but '{username}' is taken.")
        unit.connection.execute(
            insert(people).values(username=username, password_hash=stored, **_columns(facts))
        )
        _join(unit.connection, username, facts.groups)
        unit.record("person.created", who=person.username, after=_told(username, facts))
        unit.commit()


def update_person(house: House, person: Person, username: str, facts: PersonFacts) -> None:
    """Change what is known of a person, all of it; the password stays.

    Raises:
        NotAllowedError: `person` is no administrator.
        NotFoundError: No such person.
        BadInputError: An unknown role or group, or an empty name.
        WrongStateError: Nobody would be left who is administrator.
    """
    policy.may_edit_parameters(person).require()
    with house.database.unit(house.outside) as unit:
        _check(unit.connection, facts)
        before = _known(unit, username)
        unit.connection.execute(
            update(people).where(people.c.username == username).values(**_columns(facts))
        )
        _keep_an_administrator(unit.connection)
        table = memberships
        unit.connection.execute(delete(table).where(table.c.username == username))
        _join(unit.connection, username, facts.groups)
        unit.record(
            "person.changed",
            who=person.username,
            before=_told(username, before),
            after=_told(username, facts),
        )
        unit.commit()


def set_password(house: House, person: Person, username: str, password: str) -> None:
    """Give somebody another password.

    Raises:
        NotAllowedError: `person` is no administrator.
        NotFoundError: No such person.
        BadInputError: Too short or too long.
    """
    policy.may_edit_parameters(person).require()
    stored = _hashed(house, password)
    with house.database.unit(house.outside) as unit:
        _known(unit, username)
        unit.connection.execute(
            update(people).where(people.c.username == username).values(password_hash=stored)
        )
        unit.record("person.password_set", who=person.username, detail={"username": username})
        unit.commit()


def _hashed(house: House, password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInputError(
            f"Expected a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, "
            f"but got {len(password)}.",
            minimum=SHORTEST_PASSWORD,
            maximum=LONGEST_PASSWORD,
        )
    return hash_password(password, house.outside.random_bytes(SALT_BYTES))


def _check(connection: Connection, facts: PersonFacts) -> None:
    if not facts.name.strip():
        raise BadInputError("Expected 'name' to be what people read, but it is empty.")
    if unknown := facts.roles - ROLES.keys():
        raise BadInputError(f"Expected roles of {sorted(ROLES)}, but got {sorted(unknown)}.")
    known = set(connection.execute(select(groups.c.key)).scalars())
    if unknown := facts.groups - known:
        raise BadInputError(f"Expected known groups, but got {sorted(unknown)}.")
    departments = select(groups.c.key).where(groups.c.is_department)
    if facts.department and facts.department not in set(connection.execute(departments).scalars()):
        raise BadInputError(f"Expected a known department, but got '{facts.department}'.")


def _keep_an_administrator(connection: Connection) -> None:
    active = connection.execute(select(people.c.roles).where(people.c.is_active)).scalars()
    if not any("admin" in roles for roles in active):
        raise WrongStateError("Expected an active administrator to remain, but none would.")


def _known(unit: Unit, username: str) -> PersonFacts:
    facts = _facts(unit.connection, username)
    if facts is None:
        raise NotFoundError(f"Expected to find user '{username}', but there is none.")
    return facts


def _facts(connection: Connection, username: str) -> PersonFacts | None:
    row = connection.execute(select(people).where(people.c.username == username)).one_or_none()
    if row is None:
        return None
    belongs = select(memberships.c.group_key).where(memberships.c.username == username)
    return PersonFacts(
        name=row.name,
        email=row.email,
        groups=frozenset(connection.execute(belongs).scalars()),
        roles=frozenset(row.roles),
        department=row.department,
        is_active=row.is_active,
        is_program=row.is_program,
    )


def _columns(facts: PersonFacts) -> dict[str, Any]:
    columns = asdict(facts)
    del columns["groups"]
    return {**columns, "roles": sorted(facts.roles)}


def _join(connection: Connection, username: str, keys: Iterable[str]) -> None:
    rows = [{"group_key": key, "username": username} for key in sorted(keys)]
    if rows:
        connection.execute(insert(memberships), rows)


def _told(username: str, facts: PersonFacts) -> dict[str, Any]:
    """Return the facts as the history keeps them."""
    return {"username": username, **_columns(facts), "groups": sorted(facts.groups)}
