"""People and the groups they belong to, as the rows hold them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from service.identity import Person
from service.persistence.facts import group_by_name
from service.persistence.tables.house import memberships, people


def person(connection: Connection, username: str) -> Person | None:
    """Return an active person or program; None when there is none of that user name."""
    return next(iter(persons(connection, [username])), None)


def persons(connection: Connection, usernames: Iterable[str]) -> tuple[Person, ...]:
    """Return the active people and programs of these user names, in their order, each once."""
    wanted = list(dict.fromkeys(usernames))
    if not wanted:
        return ()
    found = {one.username: one for one in _load(connection, people.c.username.in_(wanted))}
    return tuple(found[username] for username in wanted if username in found)


def everybody(connection: Connection) -> tuple[Person, ...]:
    """Return all active people by user name, without programs."""
    return _load(connection, ~people.c.is_program)


def resolve_recipients(connection: Connection, names: Sequence[str]) -> tuple[Person, ...]:
    """Return the active people whom names mean, in the order of the names, each once; no programs.

    Args:
        connection: Where to read.
        names: Each a group's key, name or other name, or else a user name. A name that is neither
            means nobody.

    Source: XC-M-2.
    """
    known = group_by_name(connection)
    keys = {known[name] for name in names if name in known}
    members = _members(connection, keys)
    usernames: list[str] = []
    for name in names:
        usernames += members.get(known[name], []) if name in known else [name]
    return tuple(one for one in persons(connection, usernames) if not one.is_program)


def _members(connection: Connection, keys: Iterable[str]) -> dict[str, list[str]]:
    query = (
        select(memberships.c.group_key, memberships.c.username)
        .where(memberships.c.group_key.in_(list(keys)))
        .order_by(memberships.c.username)
    )
    members: dict[str, list[str]] = {}
    for group_key, username in connection.execute(query):
        members.setdefault(group_key, []).append(username)
    return members


def _load(connection: Connection, condition: Any) -> tuple[Person, ...]:
    query = (
        select(people, memberships.c.group_key)
        .outerjoin(memberships, memberships.c.username == people.c.username)
        .where(people.c.is_active, condition)
        .order_by(people.c.username)
    )
    rows: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(query):
        rows.setdefault(row.username, []).append(row)
    return tuple(_person(of_one) for of_one in rows.values())


def _person(rows: Sequence[Row[Any]]) -> Person:
    """Return the person of his rows, one for each group he belongs to."""
    row = rows[0]
    return Person(
        username=row.username,
        name=row.name,
        email=row.email,
        groups=frozenset(each.group_key for each in rows if each.group_key is not None),
        roles=frozenset(row.roles),
        department=row.department,
        is_program=row.is_program,
    )
