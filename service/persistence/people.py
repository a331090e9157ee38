"""People and the groups they belong to, as the rows hold them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from service.identity import ROLES, Person
from service.persistence.facts import group_by_name
from service.persistence.grants import with_grants
from service.persistence.tables import rights
from service.persistence.tables.house import groups, memberships, people


def person(connection: Connection, username: str) -> Person | None:
    """Return an active person or program; None when there is none of that user name."""
    return next(iter(persons(connection, [username])), None)


def account(connection: Connection, username: str) -> tuple[str | None, Person | None]:
    """Return the stored hash of an active person's password, if he has one, and the person."""
    query = select(people.c.password_hash).where(people.c.username == username, people.c.is_active)
    return connection.execute(query).scalar_one_or_none(), person(connection, username)


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
    table, group = people, groups
    query = (
        select(table, memberships.c.group_key, group.c.roles.label("group_roles"), _has_grants())
        .outerjoin(memberships, memberships.c.username == table.c.username)
        .outerjoin(group, group.c.key == memberships.c.group_key)
        .where(table.c.is_active, condition)
        .order_by(table.c.username)
    )
    rows: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(query):
        rows.setdefault(row.username, []).append(row)
    found = tuple(_person(of_one) for of_one in rows.values())
    if not any(of_one[0].has_grants for of_one in rows.values()):
        return found
    return with_grants(connection, found)


def _has_grants() -> ColumnElement[bool]:
    """Return whether there is any authorization at all: most houses have none and ask no more."""
    return select(rights.authorizations.c.key).exists().label("has_grants")


def _person(rows: Sequence[Row[Any]]) -> Person:
    """Return the person of his rows, one for each group he belongs to, without his grants."""
    row = rows[0]
    roles = frozenset(row.roles).union(*(each.group_roles or () for each in rows))
    return Person(
        username=row.username,
        name=row.name,
        email=row.email,
        groups=frozenset(each.group_key for each in rows if each.group_key is not None),
        roles=roles.intersection(ROLES),
        department=row.department,
        is_program=row.is_program,
        other_roles=roles.difference(ROLES),
        session_epoch=row.session_epoch,
    )
