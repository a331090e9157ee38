"""Gathered changes as statements: on PostgreSQL one for all of them, on SQLite one for each kind."""

from sqlalchemy import Connection

from service.domain.errors import BusyError
from service.persistence.changes import one_by_one, together
from service.persistence.changes.gathered import Changes


def write(connection: Connection, *batches: Changes) -> None:
    """Write all changes and forget them; no batch may concern the tables of another one.

    Raises:
        BusyError: A guarded row holds another value by now: somebody else wrote it.
    """
    kinds = [kind for changes in batches for kind in changes.kinds()]
    if not kinds:
        return
    run = together.run if connection.dialect.name == "postgresql" else one_by_one.run
    missed = run(connection, kinds)
    for changes in batches:
        changes.clear()
    if missed:
        raise BusyError(f"Expected to write {missed} row(s), but somebody else has written them.")
