"""Plain columns in the words of SQLite and of PostgreSQL: patterns with case, ids, moments, queries."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Boolean, ColumnElement, CompoundSelect, Select, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_LIKE = {"*": "%", "?": "_"}
_LIKE_SPECIAL = "%_\\"
_GLOB_SPECIAL = "*?["


class Written(FunctionElement[Any]):
    """SQL that each database has a text of its own for, written around the texts of its parts.

    Attributes:
        sqlite: Returns how SQLite takes it, from those texts.
        postgresql: Returns how PostgreSQL takes it.
    """

    inherit_cache = True
    sqlite: ClassVar[Callable[..., str]]
    postgresql: ClassVar[Callable[..., str]]


@compiles(Written, "sqlite")
def _for_sqlite(element: Written, compiler: Any, **options: Any) -> str:
    return element.sqlite(*(compiler.process(part, **options) for part in element.clauses))


@compiles(Written, "postgresql")
def _for_postgresql(element: Written, compiler: Any, **options: Any) -> str:
    return element.postgresql(*(compiler.process(part, **options) for part in element.clauses))


class _Matches(FunctionElement[bool]):
    """Column, LIKE pattern, GLOB pattern: each database takes the one it knows, and no value for the other."""

    type = Boolean()
    name = "matches"
    inherit_cache = True


@compiles(_Matches)
def _as_like(element: _Matches, compiler: Any, **options: Any) -> str:
    column, like, _glob = element.clauses
    given, pattern = (
        compiler.process(column, **options),
        compiler.process(like, **options),
    )
    return f"({given} LIKE {pattern} ESCAPE '\\')"


@compiles(_Matches, "sqlite")
def _as_glob(element: _Matches, compiler: Any, **options: Any) -> str:
    column, _like, glob = element.clauses
    return f"({compiler.process(column, **options)} GLOB {compiler.process(glob, **options)})"


class _Epoch(Written):
    """Whole seconds since 1970 of a moment."""

    type = BigInteger()
    name = "epoch"
    inherit_cache = True

    @staticmethod
    def sqlite(moment: str) -> str:
        return f"CAST(strftime('%s', {moment}) AS INTEGER)"

    @staticmethod
    def postgresql(moment: str) -> str:
        return f"CAST(floor(extract(epoch from {moment})) AS BIGINT)"


class _Among(Written):
    """A column, and a query of one column: whether its value is one of those that are found.

    PostgreSQL takes what is found as a list and looks for each by the index of the column. Told to look
    whether it is in a query, it would read the whole table where it believes that much is found.
    """

    type = Boolean()
    name = "among"
    inherit_cache = True

    @staticmethod
    def sqlite(column: str, query: str) -> str:
        return f"{column} IN {query}"

    @staticmethod
    def postgresql(column: str, query: str) -> str:
        return f"{column} = ANY (ARRAY{query})"


class _NotAmong(Written):
    """A column, and a query of one column: whether its value is none of those that are found.

    All are found once, for however many rows. PostgreSQL would not do so for `NOT IN` where it believes that
    much is found, and would read a list from end to end for every row.
    """

    type = Boolean()
    name = "not_among"
    inherit_cache = True

    @staticmethod
    def sqlite(column: str, query: str) -> str:
        return f"{column} NOT IN {query}"

    @staticmethod
    def postgresql(column: str, query: str) -> str:
        return f"NOT EXISTS (SELECT 1 FROM {query} AS sought(value) WHERE sought.value = {column})"


class _IsIdentifier(Written):
    """A text column: whether the official clients of the API can read what it has as an id."""

    type = Boolean()
    name = "is_identifier"
    inherit_cache = True

    @staticmethod
    def sqlite(column: str) -> str:
        return f"{column} NOT GLOB '*[^a-zA-Z0-9_~@.+-]*'"

    @staticmethod
    def postgresql(column: str) -> str:
        return f"{column} ~ '^[a-zA-Z0-9_~@.+-]+$'"


def seconds_since(column: ColumnElement[Any], start: datetime) -> ColumnElement[int]:
    """Return the whole seconds from a moment to that of a column, which is not earlier."""
    return _Epoch(column) - literal(int(start.timestamp()), BigInteger)


def matches(column: ColumnElement[Any], pattern: str) -> ColumnElement[bool]:
    r"""Return whether a text column fits a pattern: `*` any text, `?` one character, `\` escapes.

    Case counts, on both databases.

    Source: Camunda 8 API v2, `$like`.
    """
    like, glob = [], []
    is_escaped = False
    for char in pattern:
        if char == "\\" and not is_escaped:
            is_escaped = True
            continue
        is_wild = char in _LIKE and not is_escaped
        like.append(_LIKE[char] if is_wild else _escaped(char, _LIKE_SPECIAL, "\\{}"))
        glob.append(char if is_wild else _escaped(char, _GLOB_SPECIAL, "[{}]"))
        is_escaped = False
    if is_escaped:
        like.append("\\\\")
        glob.append("\\")
    return _Matches(column, literal("".join(like)), literal("".join(glob)))


def among(
    column: ColumnElement[Any], query: Select[Any] | CompoundSelect[Any]
) -> ColumnElement[bool]:
    """Return whether a column has one of the values that a query finds, which are looked for one by one.

    For queries that find few rows, whatever the database believes.
    """
    return _Among(column, query.scalar_subquery())


def has_identifier(column: ColumnElement[str]) -> ColumnElement[bool]:
    """Return whether a column has an id as `domain.identifiers` describes it, however long."""
    return _IsIdentifier(column)


def not_among(column: ColumnElement[Any], query: Select[Any]) -> ColumnElement[bool]:
    """Return whether a column has none of the values that a query finds, none of which may be NULL."""
    return _NotAmong(column, query.scalar_subquery())


def _escaped(char: str, special: str, form: str) -> str:
    return form.format(char) if char in special else char
