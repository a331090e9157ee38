"""All changes in one statement, for PostgreSQL, and how their values travel to it.

Neither SQLAlchemy nor the driver looks at the values one by one: several rows are one JSON text, and of a
row alone each value is a text or a number.
"""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import JSON, Connection, Integer, Text
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import TypeEngine

from service.domain.errors import BusyError
from service.persistence.changes.gathered import Kind, Row
from service.persistence.changes.statements import Part, part_of, text_of
from service.persistence.driver import row_of
from service.persistence.wire import Value

ROW_MOVED_ON = "40001"
"""What `require_rows` tells when a guarded row is not as it was (migration 0029)."""


SHAPES = 500
"""Statements kept; a house uses some dozens."""

_Travels = Callable[[Any], Value]


class _Statement(NamedTuple):
    """A statement and how values travel to it.

    Attributes:
        text: As PostgreSQL takes it.
        travelling: For each part the names in its one row, each with the way of its value, None: it
            travels as it is; or None: its rows are one JSON text.
        strict: Places of the parts whose rows are counted.
    """

    text: str
    travelling: Sequence[Sequence[tuple[str, _Travels | None]] | None]
    strict: Sequence[int]


def run(
    connection: Connection, kinds: Sequence[tuple[Kind, list[Row]]], *, then_commit: bool
) -> None:
    """Write the rows, and make them durable if wanted: the commit travels with them.

    Raises:
        BusyError: A guarded row was not there any more; nothing is written.
    """
    statement = _statement(tuple(part_of(kind, rows) for kind, rows in kinds))
    given: list[Value] = []
    for (_kind, rows), travelling in zip(kinds, statement.travelling, strict=True):
        if travelling is None:
            given.append(_as_json(rows))
        else:
            row = rows[0]
            given += [row[name] if way is None else way(row[name]) for name, way in travelling]
    if statement.strict:
        given.append(sum(len(kinds[place][1]) for place in statement.strict))
    try:
        row_of(connection, statement.text, given, then_commit=then_commit)
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != ROW_MOVED_ON:
            raise
        raise BusyError(f"Expected to write, but {error.orig}.") from error


@lru_cache(SHAPES)
def _statement(parts: tuple[Part, ...]) -> _Statement:
    return _Statement(
        text_of(parts),
        [_travelling(part) if part.is_alone else None for part in parts],
        [place for place, part in enumerate(parts) if part.is_strict],
    )


def _travelling(part: Part) -> list[tuple[str, _Travels | None]]:
    return [(name, _way_to(part.column(name).type)) for name in part.names]


def _way_to(kind: TypeEngine[Any]) -> _Travels | None:
    if isinstance(kind, Integer | Text):
        return None
    return _json_alone if isinstance(kind, JSON) else _alone


def _alone(value: Any) -> Value:
    """Return a value of a column that holds no JSON, as it travels."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    for kind, plain in _PLAIN.items():
        if isinstance(value, kind):
            return plain(value)
    return _as_json(value)


def _json_alone(value: Any) -> str | None:
    return None if value is None else _as_json(value)


def _as_json(value: Any) -> str:
    """Return rows, or a value, as a JSON text."""
    try:
        return orjson.dumps(value, _plain, orjson.OPT_PASSTHROUGH_DATETIME).decode()
    except (TypeError, UnicodeDecodeError):
        # Integers of more than 64 bits; slower, and just as exact.
        return json.dumps(value, default=_plain)


def _plain(value: object) -> object:
    for kind, plain in _PLAIN.items():
        if isinstance(value, kind):
            return plain(value)
    raise TypeError(f"expected a JSON value, a moment or bytes, got {value!r}")


def _moment(value: Any) -> str:
    if value.tzinfo is None:
        raise ValueError(f"expected an aware datetime, got {value!r}")
    return str(value.isoformat())


_PLAIN: dict[type, Callable[[Any], str]] = {
    datetime: _moment,
    bytes: lambda value: base64.b64encode(value).decode(),
}
