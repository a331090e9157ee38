"""Locks by name: for facts that no row stands for yet, such as a message that nobody waits for."""

from sqlalchemy import Connection, func, select


def hold(connection: Connection, name: str) -> None:
    """Wait until nobody else holds the name, and hold it until the transaction ends.

    On SQLite there is nothing to do: a unit of work holds the only write lock from its beginning.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
