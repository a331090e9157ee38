"""SQL that SQLite and PostgreSQL write differently: patterns with case, lists in JSON columns."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Double,
    FromClause,
    Select,
    Text,
    exists,
    false,
    literal,
    literal_column,
    select,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_LIKE = {"*": "%", "?": "_"}
_LIKE_SPECIAL = "%_\\"
_GLOB_SPECIAL = "*?["


class _Written(FunctionElement[Any]):
    """SQL that each database has a text of its own for, written around the texts of its parts.

    Attributes:
        sqlite: Returns how SQLite takes it, from those texts.
        postgresql: Returns how PostgreSQL takes it.
    """

    inherit_cache = True
    sqlite: ClassVar[Callable[..., str]]
    postgresql: ClassVar[Callable[..., str]]


@compiles(_Written, "sqlite")
def _for_sqlite(element: _Written, compiler: Any, **options: Any) -> str:
    return element.sqlite(*(compiler.process(part, **options) for part in element.clauses))


@compiles(_Written, "postgresql")
def _for_postgresql(element: _Written, compiler: Any, **options: Any) -> str:
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


class _Items(_Written):
    """The items of a JSON list as rows with one text column `value`."""

    type = Text()
    name = "items"
    inherit_cache = True

    @staticmethod
    def sqlite(column: str) -> str:
        return f"json_each({column})"

    @staticmethod
    def postgresql(column: str) -> str:
        return f"jsonb_array_elements_text({column})"


class _Epoch(_Written):
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


class _Holds(_Written):
    """A JSON list of strings, and some strings: whether one of them is in it."""

    type = Boolean()
    name = "holds"
    inherit_cache = True

    @staticmethod
    def sqlite(column: str, *names: str) -> str:
        return f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value IN ({', '.join(names)}))"

    @staticmethod
    def postgresql(column: str, *names: str) -> str:
        return f"jsonb_exists_any({column}, {_array(names)})"


class _HoldsFound(_Written):
    """A JSON list of strings, and a query of one column: whether one of what it finds is in the list."""

    type = Boolean()
    name = "holds_found"
    inherit_cache = True

    @staticmethod
    def sqlite(column: str, query: str) -> str:
        return f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value IN {query})"

    @staticmethod
    def postgresql(column: str, query: str) -> str:
        return f"jsonb_exists_any({column}, ARRAY{query})"


class _Among(_Written):
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


class _NotAmong(_Written):
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


class _IsIdentifier(_Written):
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


class _Finds(_Holds):
    """The same as `_Holds`, written so that an index of the items is used."""

    name = "finds"
    inherit_cache = True

    @staticmethod
    def postgresql(column: str, *names: str) -> str:
        return f"{column} ?| {_array(names)}"


class _FindsFound(_HoldsFound):
    """The same as `_HoldsFound`, written so that an index of the items is used."""

    name = "finds_found"
    inherit_cache = True

    @staticmethod
    def postgresql(column: str, query: str) -> str:
        return f"{column} ?| ARRAY{query}"


class _NamesAny(_Written):
    """A JSON object, the name of an entry, and some names: whether one of them is in its text of names.

    Commas stand between them and spaces do not count; an entry that is not there has no names.
    """

    type = Boolean()
    name = "names_any"
    inherit_cache = True

    @staticmethod
    def sqlite(column: str, entry: str, *names: str) -> str:
        text = f"json_extract({column}, '$.\"' || {entry} || '\"')"
        padded = f"',' || replace({text}, ' ', '') || ','"
        ways = (f"instr({padded}, ',' || {name} || ',') > 0" for name in names)
        return f"({' OR '.join(ways)})"

    @staticmethod
    def postgresql(column: str, entry: str, *names: str) -> str:
        text = f"{column} ->> {entry}"
        listed = f"string_to_array(replace({text}, ' ', ''), ',')"
        return f"({text} IS NOT NULL AND {listed} && {_array(names)})"


class _Entries(_Written):
    """The entries of a JSON object as rows: `key`, `value`, and in SQLite `type`."""

    type = Text()
    name = "entries"
    inherit_cache = True

    @staticmethod
    def sqlite(column: str) -> str:
        return f"json_each({column})"

    @staticmethod
    def postgresql(column: str) -> str:
        return f"jsonb_each({column})"


class _EntryText(_Written):
    """The string that is the value of an entry; NULL when it is something else."""

    type = Text()
    name = "entry_text"
    inherit_cache = True

    @staticmethod
    def sqlite(value: str, kind: str) -> str:
        return f"CASE WHEN {kind} = 'text' THEN {value} END"

    @staticmethod
    def postgresql(value: str, _kind: str) -> str:
        return f"CASE WHEN jsonb_typeof({value}) = 'string' THEN {value} #>> '{{}}' END"


class _EntryNumber(_Written):
    """The number that is the value of an entry; NULL when it is something else."""

    type = Double()
    name = "entry_number"
    inherit_cache = True

    @staticmethod
    def sqlite(value: str, kind: str) -> str:
        return f"CASE WHEN {kind} IN ('integer', 'real') THEN {value} END"

    @staticmethod
    def postgresql(value: str, _kind: str) -> str:
        return (
            f"CASE WHEN jsonb_typeof({value}) = 'number' THEN CAST({value} AS DOUBLE PRECISION) END"
        )


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


def some_item(column: ColumnElement[Any], condition: Any) -> ColumnElement[bool]:
    """Return whether some item of a JSON list of strings fits; `condition` is given the item's column."""
    items = _Items(column).table_valued("value")
    return exists(select(literal(1)).select_from(items).where(condition(items.c.value)))


def holds_any(column: ColumnElement[Any], names: Collection[str]) -> ColumnElement[bool]:
    """Return whether a JSON list of strings holds one of these, without making rows of the list.

    Asked of every row of a table, it takes a fifth of the time of `some_item`.
    """
    if not names:
        return false()
    return _Holds(column, *(literal(name, Text) for name in sorted(names)))


def holds_any_of(column: ColumnElement[Any], query: Select[Any]) -> ColumnElement[bool]:
    """Return the same of what a query finds, which is asked once and not for each row."""
    return _HoldsFound(column, query.scalar_subquery())


def finds_any(column: ColumnElement[Any], names: Collection[str]) -> ColumnElement[bool]:
    """Return the same as `holds_any`, for finding rows by an index of the items of the column."""
    if not names:
        return false()
    return _Finds(column, *(literal(name, Text) for name in sorted(names)))


def finds_any_of(column: ColumnElement[Any], query: Select[Any]) -> ColumnElement[bool]:
    """Return the same as `holds_any_of`, for finding rows by an index of the items of the column."""
    return _FindsFound(column, query.scalar_subquery())


def names_any(
    column: ColumnElement[Any], entry: str, names: Collection[str]
) -> ColumnElement[bool]:
    """Return whether an entry of a JSON object is a text with one of these names between its commas.

    The name of the entry stands in the statement, as in the index by which rows are found.
    """
    return _NamesAny(
        column, literal_column(f"'{entry}'"), *(literal(name, Text) for name in sorted(names))
    )


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


def some_entry(
    column: ColumnElement[Any],
    name: str,
    condition: Callable[[ColumnElement[str], ColumnElement[float]], ColumnElement[bool]],
) -> ColumnElement[bool]:
    """Return whether a JSON object has an entry of that name that fits.

    Args:
        column: Of the objects; NULL is an object without entries.
        name: Of the entry.
        condition: Is given the value as text and as number; the one that it is not is NULL.
    """
    entries = _Entries(column).table_valued("key", "value", "type")
    value = (entries.c.value, entries.c.type)
    fits = condition(_EntryText(*value), _EntryNumber(*value))
    return exists(select(literal(1)).select_from(entries).where(entries.c.key == name, fits))


def items_of(table: FromClause, column: ColumnElement[Any]) -> Select[Any]:
    """Return the select of the items of a JSON list of strings, of all rows of its table."""
    items = _Items(column).table_valued("value")
    return select(items.c.value).select_from(table.join(items, true()))


def _escaped(char: str, special: str, form: str) -> str:
    return form.format(char) if char in special else char


def _array(texts: Sequence[str]) -> str:
    return f"CAST(ARRAY[{', '.join(texts)}] AS TEXT[])"
