"""The text of one statement for all changes, for PostgreSQL: each kind of change a part of one WITH.

The text depends on the kinds of change, their columns and roughly the number of rows, not on values: it is
made once and prepared once. A row alone is given value by value: nothing is parsed as JSON, nothing is
joined. Several rows travel as one JSON text, however many there are.

Source: PostgreSQL «Data-Modifying Statements in WITH»: the parts see the same snapshot and none of
another's rows, which `gathered` has made sure that they need not.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Column, LargeBinary, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from service.persistence.changes.gathered import EXPECTED, Delete, Insert, Kind, Row, Update

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


class Part(NamedTuple):
    """A kind of change as the statement has it.

    Attributes:
        kind: The kind.
        names: Names in its rows, in order.
        size: Number of rows, roundly.
    """

    kind: Kind
    names: tuple[str, ...]
    size: int

    @property
    def is_alone(self) -> bool:
        """Whether it is one row, which is given value by value."""
        return self.size == 1

    @property
    def is_strict(self) -> bool:
        """Whether each of its rows must be written, or none of the statement is."""
        return isinstance(self.kind, Update) and self.kind.is_strict

    def column(self, name: str) -> Column[Any]:
        """Return the column that a name in the rows stands for."""
        if name == EXPECTED and isinstance(self.kind, Update) and self.kind.guard is not None:
            return self.kind.table.c[self.kind.guard]
        return self.kind.table.c[name]


def part_of(kind: Kind, rows: list[Row]) -> Part:
    """Return the part of a statement that writes some rows, one at least."""
    names = tuple(rows[0])
    if len(rows) == 1:
        return Part(kind, names, 1)
    if any(row.keys() != rows[0].keys() for row in rows):
        names = tuple(dict.fromkeys(name for row in rows for name in row))
    return Part(kind, names, _roundly(len(rows)))


def _roundly(count: int) -> int:
    """Return a number of rows not below `count`, from a few: it stands in the text for the planner.

    Without it he expects a hundred rows of every JSON text and reads whole tables to meet them.
    """
    return next(some for some in (1, 4, 20, 1_000, 1_000_000_000) if count <= some)


def text_of(parts: tuple[Part, ...]) -> str:
    """Return the statement that writes all parts.

    Its parameters are those of the parts in order: the values of a row that is alone, one JSON text of
    several rows; and last, where a part is strict, the number of rows of all that are.
    """
    written: list[str] = []
    strict: list[str] = []
    parameter = 1
    for number, part in enumerate(parts, 1):
        written.append(f"w{number} AS ({_statement(part, parameter)})")
        parameter += len(part.names) if part.is_alone else 1
        if part.is_strict:
            strict.append(f"(SELECT count(*) FROM w{number})")
    told = f"require_rows({' + '.join(strict)}, ${parameter})" if strict else "0"
    return f"WITH {', '.join(written)} SELECT {told}"


class _Rows(NamedTuple):
    """How a statement reads the rows that it is given.

    Attributes:
        source: What stands behind FROM; None: nothing does.
        read: Name → expression of its value.
    """

    source: str | None
    read: Mapping[str, str]

    def behind(self, word: str) -> str:
        """Return the clause that a word begins, FROM or USING; empty: there is none."""
        return "" if self.source is None else f" {word} {self.source}"


def _statement(part: Part, parameter: int) -> str:
    rows = _row_alone(part, parameter) if part.is_alone else _json_rows(part, parameter)
    match part.kind:
        case Insert() as kind:
            return _insert(kind, rows)
        case Update() as kind:
            return _update(kind, rows)
        case Delete() as kind:
            return (
                f"DELETE FROM {_name(kind.table)} AS t{rows.behind('USING')} "
                f'WHERE t."{kind.column}" = {rows.read[kind.column]}'
            )


def _row_alone(part: Part, parameter: int) -> _Rows:
    return _Rows(
        None,
        {
            name: _value(part.column(name), f"CAST(${number} AS {_type(part.column(name))})")
            for number, name in enumerate(part.names, parameter)
        },
    )


def _json_rows(part: Part, parameter: int) -> _Rows:
    typed = ", ".join(f'"{name}" {_type(part.column(name))}' for name in part.names)
    rows = f"json_to_recordset(${parameter}::json) AS r({typed})"
    if not isinstance(part.kind, Insert):
        rows = f"(SELECT * FROM {rows} LIMIT {part.size}) AS r"
    return _Rows(rows, {name: _value(part.column(name), f'r."{name}"') for name in part.names})


def _insert(kind: Insert, rows: _Rows) -> str:
    table = kind.table
    defaults = {
        column.name: f"'{column.default.arg}'"
        for column in table.columns
        if column.name not in rows.read and isinstance(column.default, ScalarElementColumnDefault)
    }
    counted = {} if kind.counts is None else {kind.counts[0]: _next(table, kind.counts[1], rows)}
    values = {**rows.read, **defaults, **counted}
    columns = ", ".join(f'"{name}"' for name in values)
    return (
        f"INSERT INTO {_name(table)} AS t ({columns}) "
        f"SELECT {', '.join(values.values())}{rows.behind('FROM')}{_on_conflict(kind)}"
    )


def _on_conflict(kind: Insert) -> str:
    if not kind.conflict:
        return ""
    met = f" ON CONFLICT ({', '.join(kind.conflict)}) DO"
    changes = [f'"{name}" = excluded."{name}"' for name in kind.takes]
    if kind.adds is not None:
        changes.append(f'"{kind.adds}" = t."{kind.adds}" + excluded."{kind.adds}"')
    return f"{met} UPDATE SET {', '.join(changes)}" if changes else f"{met} NOTHING"


def _update(kind: Update, rows: _Rows) -> str:
    changed = ", ".join(f'"{name}" = {rows.read[name]}' for name in kind.columns)
    guard = f' AND t."{kind.guard}" = {rows.read[EXPECTED]}' if kind.guard else ""
    told = " RETURNING 1" if kind.is_strict else ""
    return (
        f"UPDATE {_name(kind.table)} AS t SET {changed}{rows.behind('FROM')} "
        f'WHERE t."{kind.by}" = {rows.read[kind.by]}{guard}{told}'
    )


def _next(table: Table, columns: tuple[str, ...], rows: _Rows) -> str:
    same = " AND ".join(f'e."{name}" = {rows.read[name]}' for name in columns)
    return f"(SELECT count(*) + 1 FROM {_name(table)} AS e WHERE {same})"


def _value(column: Column[Any], read: str) -> str:
    """Return how a value is written that travels as `_type` says: bytes as base64."""
    return f"decode({read}, 'base64')" if isinstance(column.type, LargeBinary) else read


def _type(column: Column[Any]) -> str:
    return "text" if isinstance(column.type, LargeBinary) else column.type.compile(_DIALECT)


def _name(table: Table) -> str:
    return f'"{table.name}"'
