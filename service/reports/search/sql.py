"""SQL that SQLite and PostgreSQL write differently: patterns with case, lists in JSON columns."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

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


class _Matches(FunctionElement[bool]):
    """Column, LIKE pattern, GLOB pattern: each database takes the one it knows."""

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


class _Items(FunctionElement[str]):
    """The items of a JSON list as rows with one text column `value`."""

    type = Text()
    name = "items"
    inherit_cache = True


@compiles(_Items, "sqlite")
def _as_json_each(element: _Items, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_Items, "postgresql")
def _as_elements(element: _Items, compiler: Any, **options: Any) -> str:
    return f"jsonb_array_elements_text({compiler.process(element.clauses, **options)})"


class _Epoch(FunctionElement[int]):
    """Whole seconds since 1970 of a moment."""

    type = BigInteger()
    name = "epoch"
    inherit_cache = True


@compiles(_Epoch, "sqlite")
def _as_strftime(element: _Epoch, compiler: Any, **options: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **options)}) AS INTEGER)"


@compiles(_Epoch, "postgresql")
def _as_extract(element: _Epoch, compiler: Any, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"CAST(floor(extract(epoch from {moment})) AS BIGINT)"


class _Holds(FunctionElement[bool]):
    """A JSON list of strings, and some strings: whether one of them is in it."""

    type = Boolean()
    name = "holds"
    inherit_cache = True


@compiles(_Holds, "sqlite")
def _as_in_items(element: _Holds, compiler: Any, **options: Any) -> str:
    column, *names = (compiler.process(part, **options) for part in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value IN ({', '.join(names)}))"


@compiles(_Holds, "postgresql")
def _as_exists_any(element: _Holds, compiler: Any, **options: Any) -> str:
    column, *names = (compiler.process(part, **options) for part in element.clauses)
    return f"jsonb_exists_any({column}, CAST(ARRAY[{', '.join(names)}] AS TEXT[]))"


class _HoldsFound(FunctionElement[bool]):
    """A JSON list of strings, and a query of one column: whether one of what it finds is in the list."""

    type = Boolean()
    name = "holds_found"
    inherit_cache = True


@compiles(_HoldsFound, "sqlite")
def _as_in_query(element: _HoldsFound, compiler: Any, **options: Any) -> str:
    column, query = (compiler.process(part, **options) for part in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value IN {query})"


@compiles(_HoldsFound, "postgresql")
def _as_exists_found(element: _HoldsFound, compiler: Any, **options: Any) -> str:
    column, query = (compiler.process(part, **options) for part in element.clauses)
    return f"jsonb_exists_any({column}, ARRAY{query})"


class _Among(FunctionElement[bool]):
    """A column, and a query of one column: whether its value is one of those that are found.

    PostgreSQL takes what is found as a list and looks for each by the index of the column. Told to look
    whether it is in a query, it would read the whole table where it believes that much is found.
    """

    type = Boolean()
    name = "among"
    inherit_cache = True


@compiles(_Among, "sqlite")
def _as_in_found(element: _Among, compiler: Any, **options: Any) -> str:
    column, query = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN {query}"


@compiles(_Among, "postgresql")
def _as_any_found(element: _Among, compiler: Any, **options: Any) -> str:
    column, query = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY (ARRAY{query})"


class _Finds(_Holds):
    """The same as `_Holds`, written so that an index of the items is used."""

    name = "finds"
    inherit_cache = True


@compiles(_Finds, "postgresql")
def _as_operator(element: _Finds, compiler: Any, **options: Any) -> str:
    column, *names = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} ?| CAST(ARRAY[{', '.join(names)}] AS TEXT[])"


class _FindsFound(_HoldsFound):
    """The same as `_HoldsFound`, written so that an index of the items is used."""

    name = "finds_found"
    inherit_cache = True


@compiles(_FindsFound, "postgresql")
def _as_operator_found(element: _FindsFound, compiler: Any, **options: Any) -> str:
    column, query = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} ?| ARRAY{query}"


class _NamesAny(FunctionElement[bool]):
    """A JSON object, the name of an entry, and some names: whether one of them is in its text of names.

    Commas stand between them and spaces do not count; an entry that is not there has no names.
    """

    type = Boolean()
    name = "names_any"
    inherit_cache = True


@compiles(_NamesAny, "sqlite")
def _as_instr(element: _NamesAny, compiler: Any, **options: Any) -> str:
    column, entry, *names = (compiler.process(part, **options) for part in element.clauses)
    text = f"json_extract({column}, '$.\"' || {entry} || '\"')"
    padded = f"',' || replace({text}, ' ', '') || ','"
    return "(" + " OR ".join(f"instr({padded}, ',' || {name} || ',') > 0" for name in names) + ")"


@compiles(_NamesAny, "postgresql")
def _as_overlap(element: _NamesAny, compiler: Any, **options: Any) -> str:
    column, entry, *names = (compiler.process(part, **options) for part in element.clauses)
    text = f"{column} ->> {entry}"
    listed = f"string_to_array(replace({text}, ' ', ''), ',')"
    return f"({text} IS NOT NULL AND {listed} && CAST(ARRAY[{', '.join(names)}] AS TEXT[]))"


class _Entries(FunctionElement[str]):
    """The entries of a JSON object as rows: `key`, `value`, and in SQLite `type`."""

    type = Text()
    name = "entries"
    inherit_cache = True


@compiles(_Entries, "sqlite")
def _as_json_entries(element: _Entries, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_Entries, "postgresql")
def _as_jsonb_entries(element: _Entries, compiler: Any, **options: Any) -> str:
    return f"jsonb_each({compiler.process(element.clauses, **options)})"


class _EntryText(FunctionElement[str]):
    """The string that is the value of an entry; NULL when it is something else."""

    type = Text()
    name = "entry_text"
    inherit_cache = True


@compiles(_EntryText, "sqlite")
def _as_typed_text(element: _EntryText, compiler: Any, **options: Any) -> str:
    value, kind = (compiler.process(part, **options) for part in element.clauses)
    return f"CASE WHEN {kind} = 'text' THEN {value} END"


@compiles(_EntryText, "postgresql")
def _as_jsonb_text(element: _EntryText, compiler: Any, **options: Any) -> str:
    value = compiler.process(next(iter(element.clauses)), **options)
    return f"CASE WHEN jsonb_typeof({value}) = 'string' THEN {value} #>> '{{}}' END"


class _EntryNumber(FunctionElement[float]):
    """The number that is the value of an entry; NULL when it is something else."""

    type = Double()
    name = "entry_number"
    inherit_cache = True


@compiles(_EntryNumber, "sqlite")
def _as_typed_number(element: _EntryNumber, compiler: Any, **options: Any) -> str:
    value, kind = (compiler.process(part, **options) for part in element.clauses)
    return f"CASE WHEN {kind} IN ('integer', 'real') THEN {value} END"


@compiles(_EntryNumber, "postgresql")
def _as_jsonb_number(element: _EntryNumber, compiler: Any, **options: Any) -> str:
    value = compiler.process(next(iter(element.clauses)), **options)
    return f"CASE WHEN jsonb_typeof({value}) = 'number' THEN CAST({value} AS DOUBLE PRECISION) END"


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
