"""All changes in one statement, for PostgreSQL: each kind of change a part of one WITH.

The rows of each part travel as one JSON text. So the text of the statement depends on the kinds of change
alone, not on how many rows there are: it is made once, prepared once, and neither SQLAlchemy nor the
driver looks at the values one by one.

Source: PostgreSQL «Data-Modifying Statements in WITH»: the parts see the same snapshot and none of
another's rows, which `gathered` has made sure that they need not.
"""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Column, Connection, LargeBinary, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from service.domain.errors import BusyError
from service.persistence.changes.gathered import (
    EXPECTED,
    Delete,
    Insert,
    Kind,
    Row,
    Update,
)
from service.persistence.driver import row_of
from service.persistence.wire import Value

ROW_MOVED_ON = "40001"
"""What `require_rows` tells when a guarded row is not as it was (migration 0029)."""

SHAPES = 500
"""Texts of statements kept; a house uses some dozens."""

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

Part = tuple[Kind, tuple[str, ...], int]
"""A kind of change, the columns of its rows, and the number of rows, roundly."""


def run(
    connection: Connection, kinds: Sequence[tuple[Kind, list[Row]]], *, then_commit: bool
) -> None:
    """Write the rows, and make them durable if wanted: the commit travels with them.

    Raises:
        BusyError: A guarded row was not there any more; nothing is written.
    """
    parts = tuple(_part(kind, rows) for kind, rows in kinds)
    values = [_as_json(rows) for _kind, rows in kinds]
    guarded = sum(len(rows) for kind, rows in kinds if _is_strict(kind))
    given: list[Value] = [*values, guarded] if guarded else [*values]
    try:
        row_of(connection, _text(parts), given, then_commit=then_commit)
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != ROW_MOVED_ON:
            raise
        raise BusyError(f"Expected to write, but {error.orig}.") from error


def _is_strict(kind: Kind) -> bool:
    return isinstance(kind, Update) and kind.is_strict


def _part(kind: Kind, rows: list[Row]) -> Part:
    names = tuple(rows[0])
    if any(row.keys() != rows[0].keys() for row in rows):
        names = tuple(dict.fromkeys(name for row in rows for name in row))
    return kind, names, _roundly(len(rows))


def _roundly(count: int) -> int:
    """Return a number of rows not below `count`, from a few: it stands in the text for the planner.

    Without it he expects a hundred rows of every JSON text and reads whole tables to meet them.
    """
    return next(some for some in (1, 4, 20, 1_000, 1_000_000_000) if count <= some)


@lru_cache(SHAPES)
def _text(parts: tuple[Part, ...]) -> str:
    written = [f"w{n} AS ({_statement(part, f'${n}')})" for n, part in enumerate(parts, 1)]
    guarded = [
        f"(SELECT count(*) FROM w{n})"
        for n, (kind, _names, _count) in enumerate(parts, 1)
        if _is_strict(kind)
    ]
    told = f"require_rows({' + '.join(guarded)}, ${len(parts) + 1})" if guarded else "0"
    return f"WITH {', '.join(written)} SELECT {told}"


def _statement(part: Part, parameter: str) -> str:
    kind, names, count = part
    match kind:
        case Insert():
            return _insert(kind, names, parameter)
        case Update():
            return _update(kind, names, parameter, count)
        case Delete():
            source = _source(kind.table, (kind.column,), parameter, count)
            return (
                f"DELETE FROM {_name(kind.table)} AS t USING {source} "
                f'WHERE t."{kind.column}" = r."{kind.column}"'
            )


def _insert(kind: Insert, names: tuple[str, ...], parameter: str) -> str:
    table = kind.table
    counted = {} if kind.counts is None else {kind.counts[0]: _next(table, kind.counts[1])}
    defaults = {
        column.name: str(column.default.arg)
        for column in table.columns
        if column.name not in names and isinstance(column.default, ScalarElementColumnDefault)
    }
    columns = ", ".join(f'"{name}"' for name in (*names, *defaults, *counted))
    values = [_value(table.c[name]) for name in names]
    values += [f"'{text}'" for text in defaults.values()]
    values += counted.values()
    source = _source(table, names, parameter)
    text = f"INSERT INTO {_name(table)} AS t ({columns}) SELECT {', '.join(values)} FROM {source}"
    return f"{text}{_on_conflict(kind)}"


def _on_conflict(kind: Insert) -> str:
    if not kind.conflict:
        return ""
    met = f" ON CONFLICT ({', '.join(kind.conflict)}) DO"
    changes = [f'"{name}" = excluded."{name}"' for name in kind.takes]
    if kind.adds is not None:
        changes.append(f'"{kind.adds}" = t."{kind.adds}" + excluded."{kind.adds}"')
    return f"{met} UPDATE SET {', '.join(changes)}" if changes else f"{met} NOTHING"


def _update(kind: Update, names: tuple[str, ...], parameter: str, count: int) -> str:
    table = kind.table
    changed = ", ".join(f'"{name}" = {_value(table.c[name])}' for name in kind.columns)
    guard = f' AND t."{kind.guard}" = r."{EXPECTED}"' if kind.guard else ""
    told = " RETURNING 1" if kind.is_strict else ""
    given = tuple(name for name in names if name != EXPECTED)
    source = _source(table, given, parameter, count, kind.guard)
    return (
        f"UPDATE {_name(table)} AS t SET {changed} FROM {source} "
        f'WHERE t."{kind.by}" = r."{kind.by}"{guard}{told}'
    )


def _source(
    table: Table,
    names: tuple[str, ...],
    parameter: str,
    count: int | None = None,
    guard: str | None = None,
) -> str:
    """Return the rows of a parameter as a table `r`."""
    typed = [f'"{name}" {_type(table.c[name])}' for name in names]
    if guard is not None:
        typed.append(f'"{EXPECTED}" {_type(table.c[guard])}')
    rows = f"json_to_recordset({parameter}::json) AS r({', '.join(typed)})"
    return rows if count is None else f"(SELECT * FROM {rows} LIMIT {count}) AS r"


def _next(table: Table, columns: tuple[str, ...]) -> str:
    same = " AND ".join(f'e."{name}" = r."{name}"' for name in columns)
    return f"(SELECT count(*) + 1 FROM {_name(table)} AS e WHERE {same})"


def _value(column: Column[Any]) -> str:
    """Return how a column is read from `r`: bytes travel as base64."""
    name = f'r."{column.name}"'
    return f"decode({name}, 'base64')" if isinstance(column.type, LargeBinary) else name


def _type(column: Column[Any]) -> str:
    if isinstance(column.type, LargeBinary):
        return "text"
    return column.type.compile(_DIALECT)


def _name(table: Table) -> str:
    return f'"{table.name}"'


def _as_json(rows: list[Row]) -> str:
    """Return rows as a JSON text."""
    try:
        return orjson.dumps(rows, _plain, orjson.OPT_PASSTHROUGH_DATETIME).decode()
    except (TypeError, UnicodeDecodeError):
        # Integers of more than 64 bits; slower, and just as exact.
        return json.dumps(rows, default=_plain)


def _plain(value: object) -> object:
    for kind, plain in _PLAIN.items():
        if isinstance(value, kind):
            return plain(value)
    raise TypeError(f"expected a JSON value, a moment or bytes, got {value!r}")


def _moment(value: Any) -> str:
    if value.tzinfo is None:
        raise ValueError(f"expected an aware datetime, got {value!r}")
    return str(value.isoformat())


_PLAIN: dict[type, Callable[[Any], object]] = {
    datetime: _moment,
    bytes: lambda value: base64.b64encode(value).decode(),
}
