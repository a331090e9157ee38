"""What authorizations give people: by their own name, their groups and their roles."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, or_, select

from service.identity import Grant, Person
from service.persistence.tables.rights import authorizations


def with_grants(connection: Connection, persons: Sequence[Person]) -> tuple[Person, ...]:
    """Return the same people with what authorizations give them now."""
    owners = {owner for person in persons for owner in owners_of(person)}
    table = authorizations
    by_type: dict[str, list[str]] = {}
    for owner_type, owner_id in sorted(owners):
        by_type.setdefault(owner_type, []).append(owner_id)
    his = or_(
        *((table.c.owner_type == kind) & table.c.owner_id.in_(ids) for kind, ids in by_type.items())
    )
    granted: dict[tuple[str, str], set[Grant]] = {}
    for row in connection.execute(select(table).where(his)):
        given = {
            Grant(row.resource_type, permission, row.resource_id)
            for permission in row.permission_types
        }
        granted.setdefault((row.owner_type, row.owner_id), set()).update(given)
    return tuple(
        replace(person, grants=frozenset().union(*(granted.get(o, ()) for o in owners_of(person))))
        for person in persons
    )


def owners_of(person: Person) -> Iterable[tuple[str, str]]:
    """Return the type and id of every owner whose authorizations count for somebody."""
    yield ("CLIENT" if person.is_program else "USER", person.username)
    for key in person.groups:
        yield ("GROUP", key)
    for role in person.roles | person.other_roles:
        yield ("ROLE", role)


def forget_owner(connection: Connection, owner_type: str, owner_id: str) -> None:
    """Delete the authorizations of an owner who is there no more."""
    table = authorizations
    connection.execute(
        delete(table).where(table.c.owner_type == owner_type, table.c.owner_id == owner_id)
    )
