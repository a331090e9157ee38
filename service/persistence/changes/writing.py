"""Gathered changes as statements: on PostgreSQL one for all of them, on SQLite one for each kind."""

from sqlalchemy import Connection

from service.persistence.changes import one_by_one, together
from service.persistence.changes.gathered import Changes


def write(connection: Connection, *batches: Changes, then_commit: bool = False) -> None:
    """Write all changes and forget them; no batch may concern the tables of another one.

    Args:
        connection: Inside a transaction.
        batches: The changes.
        then_commit: Whether nothing follows but the commit: where it can, it travels with the changes.

    Raises:
        BusyError: A guarded row holds another value by now: somebody else wrote it.
    """
    kinds = [kind for changes in batches for kind in changes.kinds()]
    if not kinds:
        return
    if connection.dialect.name == "postgresql":
        together.run(connection, kinds, then_commit=then_commit)
    else:
        one_by_one.run(connection, kinds)
    for changes in batches:
        changes.clear()
