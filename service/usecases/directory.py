"""The organisation as one directory: groups, people and who belongs where, loaded as a whole."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, func, insert, select

from service.domain.errors import NotAllowedError
from service.identity import hash_password
from service.identity.passwords import SALT_BYTES
from service.persistence.rare_facts import let_nobody_change
from service.persistence.tables.house import groups, memberships, people
from service.persistence.unit import Unit
from service.persistence.upserts import upsert
from service.usecases.accounts import (
    PersonFacts,
    hashed,
    require_identifier,
    require_mail_address,
)
from service.usecases.directory_entries import Directory, GroupEntry, PersonEntry, read_directory
from service.usecases.house import House

FIRST_ADMINISTRATOR = "admin"
FIRST_ROLES = ["admin", "process_owner", "staff"]
"""The first account keeps the house and may publish, until an organisation is loaded (XC-P-5)."""
ONE_TIME_PASSWORD_BYTES = 12


def load_directory(house: House, directory: Mapping[str, Any]) -> None:
    """Bring groups and people to what the directory says; a second load changes nothing.

    The directory's word counts for names, addresses, roles and groups of whom it names. A password, and
    whether an account is active, stay as they are; a new person gets the directory's password. Whom it
    does not name stays too.

    Raises:
        BadInputError: The directory contradicts itself, names what is not there, or somebody new by a user
            name or mail address that cannot be one.
    """
    read = read_directory(directory)
    with house.database.reading() as connection:
        new = _new(connection, read.people)
    for entry in new:
        require_identifier(entry.username, "username")
        require_mail_address(entry.email)
    stored = _hashed(house, read.password) if new and read.password else None
    with house.database.unit(house.outside) as unit:
        counts = {
            "groups": _load_groups(unit.connection, read.groups),
            "people": _load_people(unit.connection, read.people, stored),
            "memberships": _load_memberships(unit.connection, read),
        }
        if any(counts.values()):
            unit.record("directory.loaded", detail=counts)
            unit.commit()


def ensure_first_administrator(house: House) -> str | None:
    """Make the account `admin` when there is nobody, and return its password; None when there is somebody.

    Of several processes that start side by side on an empty database, one makes it.
    """
    with house.database.reading() as connection:
        if not _is_empty(connection):
            return None
    password = urlsafe_b64encode(house.outside.random_bytes(ONE_TIME_PASSWORD_BYTES)).decode()
    stored = _hashed(house, password)
    with house.database.unit(house.outside) as unit:
        let_nobody_change(unit.connection)
        if not _is_empty(unit.connection):
            return None
        _insert_administrator(unit, stored, FIRST_ADMINISTRATOR, "系统管理员", None)
        unit.commit()
    return password


def create_first_administrator(
    house: House, username: str, facts: PersonFacts, password: str
) -> None:
    """Make the first administrator, whom nobody could make.

    Raises:
        NotAllowedError: There is somebody already.
        BadInputError: A name or password that cannot be.
    """
    require_identifier(username, "username")
    require_mail_address(facts.email)
    with house.database.reading() as connection:
        _require_nobody(connection)
    stored = hashed(house, password)
    with house.database.unit(house.outside) as unit:
        let_nobody_change(unit.connection)
        _require_nobody(unit.connection)
        _insert_administrator(unit, stored, username, facts.name, facts.email)
        unit.commit()


def _require_nobody(connection: Connection) -> None:
    if not _is_empty(connection):
        raise NotAllowedError("Expected nobody to have an account yet, but somebody has.")


def _insert_administrator(
    unit: Unit, stored: str, username: str, name: str, email: str | None
) -> None:
    unit.connection.execute(
        insert(people).values(
            username=username,
            name=name,
            email=email,
            password_hash=stored,
            roles=FIRST_ROLES,
            is_active=True,
            is_program=False,
        )
    )
    unit.record("person.created", after={"username": username, "roles": FIRST_ROLES})


def _hashed(house: House, password: str) -> str:
    return hash_password(password, house.outside.random_bytes(SALT_BYTES))


def _is_empty(connection: Connection) -> bool:
    return connection.execute(select(func.count()).select_from(people)).scalar_one() == 0


def _new(connection: Connection, entries: Sequence[PersonEntry]) -> list[PersonEntry]:
    known = set(connection.execute(select(people.c.username)).scalars())
    return [entry for entry in entries if entry.username not in known]


def _load_groups(connection: Connection, entries: Sequence[GroupEntry]) -> int:
    rows = [
        {
            "key": entry.key,
            "name": entry.name,
            "other_names": list(entry.other_names),
            "is_department": entry.is_department,
            "supervisor_group": entry.supervisor_group,
        }
        for entry in entries
    ]
    changed = _changed(connection, groups, "key", rows)
    if changed:
        columns = ("name", "other_names", "is_department", "supervisor_group")
        connection.execute(upsert(connection, groups, ["key"], columns), changed)
    return len(changed)


def _load_people(connection: Connection, entries: Sequence[PersonEntry], stored: str | None) -> int:
    rows = [
        {
            "username": entry.username,
            "name": entry.name,
            "email": entry.email,
            "roles": sorted(entry.roles),
            "department": entry.department,
            "is_program": entry.is_program,
        }
        for entry in entries
    ]
    changed = _changed(connection, people, "username", rows)
    if changed:
        columns = ("name", "email", "roles", "department", "is_program")
        first = {"password_hash": stored, "is_active": True}
        connection.execute(
            upsert(connection, people, ["username"], columns), [{**row, **first} for row in changed]
        )
    return len(changed)


def _load_memberships(connection: Connection, read: Directory) -> int:
    """Make the memberships of the named people exactly those of the directory."""
    table = memberships
    named = [entry.username for entry in read.people]
    wanted = {(key, entry.username) for entry in read.people for key in entry.groups}
    rows = connection.execute(select(table).where(table.c.username.in_(named)))
    there = {(row.group_key, row.username) for row in rows}
    for group_key, username in sorted(there - wanted):
        his = and_(table.c.group_key == group_key, table.c.username == username)
        connection.execute(delete(table).where(his))
    missing = [{"group_key": key, "username": name} for key, name in sorted(wanted - there)]
    if missing:
        connection.execute(insert(table), missing)
    return len(there ^ wanted)


def _changed(
    connection: Connection, table: Table, key: str, rows: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return those rows that the table does not hold just so."""
    there = {row[key]: row for row in connection.execute(select(table)).mappings()}
    return [
        row
        for row in rows
        if row[key] not in there or any(there[row[key]][name] != row[name] for name in row)
    ]
