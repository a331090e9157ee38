"""People, groups and tokens, as administrators see them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from service.persistence.tables import house, rights


@dataclass(frozen=True)
class PersonRow:
    """Somebody, with the names of his groups and his department."""

    username: str
    name: str
    email: str | None
    department: str | None
    department_name: str
    groups: frozenset[str]
    group_names: tuple[str, ...]
    roles: tuple[str, ...]
    is_active: bool
    is_program: bool


@dataclass(frozen=True)
class GroupRow:
    """A group."""

    key: str
    name: str
    is_department: bool
    supervisor_group: str | None
    other_names: tuple[str, ...] = ()
    description: str | None = None


@dataclass(frozen=True)
class RoleRow:
    """A role of the house's own making."""

    role_id: str
    name: str


@dataclass(frozen=True)
class TokenRow:
    """A token of the API, known by the fingerprint that is stored of it."""

    sha256: str
    label: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


def people(connection: Connection) -> tuple[PersonRow, ...]:
    """Return everybody, the active first, by user name."""
    table = house.people
    query = select(table).where(~table.c.is_deleted)
    query = query.order_by(table.c.is_active.desc(), table.c.username)
    names = {group.key: group.name for group in groups(connection)}
    groups_of: defaultdict[str, set[str]] = defaultdict(set)
    for username, key in connection.execute(
        select(house.memberships.c.username, house.memberships.c.group_key)
    ):
        groups_of[username].add(key)
    return tuple(
        _person(row, frozenset(groups_of[row.username]), names)
        for row in connection.execute(query).all()
    )


def person(connection: Connection, username: str) -> PersonRow | None:
    """Return somebody, active or not, or None."""
    table = house.people
    query = select(table).where(table.c.username == username, ~table.c.is_deleted)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    keys = connection.execute(
        select(house.memberships.c.group_key).where(house.memberships.c.username == username)
    ).scalars()
    names = {group.key: group.name for group in groups(connection)}
    return _person(row, frozenset(keys), names)


def groups(connection: Connection) -> tuple[GroupRow, ...]:
    """Return all groups, departments first, by key."""
    table = house.groups
    query = select(table).order_by(table.c.is_department.desc(), table.c.key)
    return tuple(
        GroupRow(
            row.key,
            row.name,
            row.is_department,
            row.supervisor_group,
            tuple(row.other_names),
            row.description,
        )
        for row in connection.execute(query)
    )


def member_counts(connection: Connection) -> dict[str, int]:
    """Return how many people and programs belong to each group that has any."""
    table = house.memberships
    query = select(table.c.group_key, func.count()).group_by(table.c.group_key)
    return {row[0]: row[1] for row in connection.execute(query)}


def own_roles(connection: Connection) -> tuple[RoleRow, ...]:
    """Return the roles beside the built-in ones, by id."""
    table = rights.roles
    query = select(table).order_by(table.c.role_id)
    return tuple(RoleRow(row.role_id, row.name) for row in connection.execute(query))


def tokens(connection: Connection, username: str) -> tuple[TokenRow, ...]:
    """Return the tokens of somebody, newest first."""
    table = house.api_tokens
    query = select(table).where(table.c.username == username).order_by(table.c.created_at.desc())
    return tuple(
        TokenRow(row.sha256, row.label, row.created_at, row.expires_at, row.revoked_at)
        for row in connection.execute(query)
    )


def _person(row: Row[Any], keys: frozenset[str], names: dict[str, str]) -> PersonRow:
    return PersonRow(
        username=row.username,
        name=row.name,
        email=row.email,
        department=row.department,
        department_name=names.get(row.department, ""),
        groups=keys,
        group_names=tuple(names.get(key, key) for key in sorted(keys)),
        roles=tuple(row.roles),
        is_active=row.is_active,
        is_program=row.is_program,
    )
