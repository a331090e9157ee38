"""A statement for each kind of change, for SQLite: there a statement is a function call."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from service.domain.errors import BusyError
from service.persistence.changes.gathered import (
    EXPECTED,
    Delete,
    Insert,
    Kind,
    Row,
    Update,
)


def run(connection: Connection, kinds: Sequence[tuple[Kind, list[Row]]]) -> None:
    """Write the rows.

    Raises:
        BusyError: A guarded row was not there any more.
    """
    missed = 0
    for kind, rows in kinds:
        match kind:
            case Insert():
                _insert(connection, kind, rows)
            case Update():
                missed += _update(connection, kind, rows)
            case Delete():
                column = kind.table.c[kind.column]
                values = [row[kind.column] for row in rows]
                connection.execute(delete(kind.table).where(column.in_(values)))
    if missed:
        raise BusyError(f"Expected to write {missed} row(s), but somebody else has written them.")


def _insert(connection: Connection, kind: Insert, rows: list[Row]) -> None:
    names = dict.fromkeys(name for row in rows for name in row)
    statement = insert(kind.table)
    if kind.adds is not None:
        added = kind.table.c[kind.adds] + statement.excluded[kind.adds]
        statement = statement.on_conflict_do_update(kind.conflict, set_={kind.adds: added})
    elif kind.takes:
        taken = {name: statement.excluded[name] for name in kind.takes}
        statement = statement.on_conflict_do_update(kind.conflict, set_=taken)
    elif kind.conflict:
        statement = statement.on_conflict_do_nothing(kind.conflict)
    if kind.counts is not None:
        for row in rows:
            connection.execute(statement.values({**row, **_counted(kind, row)}))
        return
    connection.execute(statement, [{name: row.get(name) for name in names} for row in rows])


def _counted(kind: Insert, row: Row) -> Row:
    """Return the expression of the column that counts."""
    if kind.counts is None:
        return {}
    name, columns = kind.counts
    counted = select(func.count() + 1).select_from(kind.table)
    agree = (kind.table.c[column] == row[column] for column in columns)
    return {name: counted.where(*agree).scalar_subquery()}


def _update(connection: Connection, kind: Update, rows: list[Row]) -> int:
    table = kind.table
    statement = update(table).where(table.c[kind.by] == bindparam("sought"))
    if kind.guard is not None:
        statement = statement.where(table.c[kind.guard] == bindparam(EXPECTED))
    given: list[dict[str, Any]] = [
        {"sought": row[kind.by], **{name: row[name] for name in row if name != kind.by}}
        for row in rows
    ]
    values: dict[str, Any] = {name: bindparam(name) for name in kind.columns}
    written = connection.execute(statement.values(values), given).rowcount
    return len(rows) - written if kind.is_strict else 0
