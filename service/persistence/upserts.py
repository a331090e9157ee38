"""Inserts that meet rows that stand there already, alike on SQLite and PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

Upsert = SqliteInsert | PostgresqlInsert


def upsert(
    connection: Connection,
    table: Table,
    conflict: Sequence[str],
    changed: Sequence[str] | Mapping[str, Any],
) -> Any:
    """Return an INSERT that changes the row instead where the columns `conflict` stand already.

    Args:
        connection: Tells the dialect.
        table: The table.
        conflict: Columns of a unique constraint.
        changed: Columns that take the new values, or column → expression.
    """
    statement = _insert(connection, table)
    if isinstance(changed, Mapping):
        values = dict(changed)
    else:
        values = {name: statement.excluded[name] for name in changed}
    return statement.on_conflict_do_update(index_elements=list(conflict), set_=values)


def add_missing(
    connection: Connection,
    table: Table,
    conflict: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Insert those of `rows` that do not stand there already."""
    statement = _insert(connection, table).on_conflict_do_nothing(index_elements=list(conflict))
    connection.execute(statement, list(rows))


def insert_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless one with its primary key stands there; return whether it was inserted.

    Of two that insert the same side by side the second waits for the first.
    """
    statement = _insert(connection, table).on_conflict_do_nothing(index_elements=table.primary_key)
    told = statement.values(**row).returning(*table.primary_key)
    return connection.execute(told).one_or_none() is not None


def _insert(connection: Connection, table: Table) -> Upsert:
    if connection.dialect.name == "sqlite":
        return sqlite_insert(table)
    return postgresql_insert(table)
