"""Where a list goes on: opaque cursors over the values it is sorted by."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, false, or_

from service.domain.errors import BadInputError

Value = datetime | str | int | None


def encode(values: Sequence[Value]) -> str:
    """Return the cursor behind a row with these sort values."""
    plain = [
        {"at": value.isoformat()} if isinstance(value, datetime) else value for value in values
    ]
    return urlsafe_b64encode(orjson.dumps(plain)).decode()


def decode(cursor: str, columns: Sequence["SortColumn"]) -> list[Value]:
    """Return the values in a cursor of a list that is sorted by these columns.

    Raises:
        BadInputError: It is none of ours.
    """
    try:
        plain = orjson.loads(urlsafe_b64decode(cursor.encode()))
        values = [_value(entry) for entry in plain]
    except (Base64Error, ValueError, TypeError, KeyError) as error:
        raise BadInputError("Expected a cursor of this list, but got something else.") from error
    kinds = [column.column.type.python_type for column in columns]
    if len(values) != len(kinds) or not all(map(_is_of, values, kinds)):
        raise BadInputError("Expected a cursor of this list, but got one of another.")
    return values


@dataclass(frozen=True)
class SortColumn:
    """One column a list is sorted by; missing values come last either way."""

    column: Any
    is_descending: bool = False
    is_nullable: bool = False


def after(columns: Sequence[SortColumn], values: Sequence[Value]) -> ColumnElement[bool]:
    """Return the condition for rows behind the one with these values; the last column is unique."""
    alternatives: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for sort, value in zip(columns, values, strict=True):
        column = sort.column
        if value is None:
            same.append(column.is_(None))
            continue
        beyond = column < value if sort.is_descending else column > value
        behind = or_(beyond, column.is_(None)) if sort.is_nullable else beyond
        alternatives.append(and_(*same, behind))
        same.append(column == value)
    return or_(false(), *alternatives)


def order(columns: Sequence[SortColumn]) -> list[Any]:
    """Return the ORDER BY of these columns; as an index has it, but where a missing value is descending."""
    parts: list[Any] = []
    for sort in columns:
        part = sort.column.desc() if sort.is_descending else sort.column
        parts.append(part.nulls_last() if sort.is_nullable else part)
    return parts


def _is_of(value: Value, kind: type) -> bool:
    return value is None or isinstance(value, kind)


def _value(entry: Any) -> Value:
    if isinstance(entry, dict):
        moment = datetime.fromisoformat(entry["at"])
        if moment.tzinfo is None:
            raise ValueError(f"no aware moment: {entry!r}")
        return moment
    if entry is None or isinstance(entry, str | int):
        return entry
    raise ValueError(f"no sort value: {entry!r}")
