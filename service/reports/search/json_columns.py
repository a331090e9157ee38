"""Lists and objects in JSON columns, asked in the words of SQLite and of PostgreSQL."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
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

from service.reports.search.sql import Written


class _Items(Written):
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


class _Holds(Written):
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


class _HoldsFound(Written):
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


class _NamesAny(Written):
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


class _Entries(Written):
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


class _EntryText(Written):
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


class _EntryNumber(Written):
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


def _array(texts: Sequence[str]) -> str:
    return f"CAST(ARRAY[{', '.join(texts)}] AS TEXT[])"
