"""Names that people read, for user names and group keys."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from service.persistence.tables import house


def people_names(connection: Connection, usernames: Iterable[str | None]) -> Mapping[str, str]:
    """Return user name → name; somebody unknown keeps his user name, `system` is 系统."""
    wanted = {name for name in usernames if name}
    table = house.people
    names = {name: name for name in wanted} | {"system": "系统"}
    if wanted:
        query = select(table.c.username, table.c.name).where(table.c.username.in_(wanted))
        names.update((key, name) for key, name in connection.execute(query))
    return names


def group_names(connection: Connection, keys: Iterable[str]) -> Mapping[str, str]:
    """Return group key → name; an unknown group keeps its key."""
    wanted = set(keys)
    table = house.groups
    names = {key: key for key in wanted}
    if wanted:
        query = select(table.c.key, table.c.name).where(table.c.key.in_(wanted))
        names.update((key, name) for key, name in connection.execute(query))
    return names
