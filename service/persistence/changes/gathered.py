"""What a transaction has decided to write and has not yet written, a group a table and kind of writing.

What concerns one row twice becomes one change here: a row that is inserted and then changed is inserted
as changed, a row that is changed twice is changed once. So no change depends on another one of the same
batch, and all may be written in any order or at once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Table

Row = dict[str, Any]

KEY = "key"
"""Name of the primary key that updates go by."""


class Insert(NamedTuple):
    """How rows of a table are inserted.

    Attributes:
        conflict: Columns of a unique constraint that a row may meet; empty: it meets none.
        takes: Columns that the row that stands there takes over from the new one.
        adds: Column whose new value is added to the one that stands there, or None.
        counts: A column that takes one more than the number of rows that agree in some columns, and
            those columns; or None.
    """

    table: Table
    conflict: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    adds: str | None = None
    counts: tuple[str, tuple[str, ...]] | None = None


class Update(NamedTuple):
    """How rows of a table are changed.

    Attributes:
        columns: What is changed, sorted.
        by: Column that says which rows.
        guard: Column of which only rows are changed that hold the value `expected`, or None.
        is_strict: Whether a row that the guard holds back means that somebody else wrote it.
    """

    table: Table
    columns: tuple[str, ...]
    by: str = KEY
    guard: str | None = None
    is_strict: bool = False


class Delete(NamedTuple):
    """How rows of a table are removed: those that have one of the values in a column."""

    table: Table
    column: str


Kind = Insert | Update | Delete

EXPECTED = "expected"
"""Name in the rows of a guarded `Update` of the value that must stand there."""


@dataclass
class Changes:
    """The changes of one transaction since the last time they were written."""

    _inserts: dict[Insert, list[Row]] = field(default_factory=dict)
    _updates: dict[tuple[Table, int], Row] = field(default_factory=dict)
    _guards: dict[tuple[Table, int], tuple[str, Any]] = field(default_factory=dict)
    _sweeps: dict[Update, list[Row]] = field(default_factory=dict)
    _deletes: dict[Delete, dict[Any, None]] = field(default_factory=dict)
    _inserted: dict[tuple[Table, int], Row] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self._inserts or self._updates or self._sweeps or self._deletes)

    def insert(
        self,
        table: Table,
        rows: Iterable[Mapping[str, Any]],
        counts: tuple[str, tuple[str, ...]] | None = None,
    ) -> None:
        """Insert new rows; a column that is not given takes its default or NULL, `counts` its count."""
        kind = Insert(table, counts=counts)
        kept = self._inserts.setdefault(kind, [])
        for given in rows:
            row = dict(given)
            kept.append(row)
            if KEY in row:
                self._inserted[table, row[KEY]] = row
        if not kept:
            del self._inserts[kind]

    def put(
        self,
        table: Table,
        conflict: tuple[str, ...],
        takes: tuple[str, ...],
        rows: Iterable[Mapping[str, Any]],
    ) -> None:
        """Insert rows; where one stands already it takes the columns `takes`, and none: stays as it is."""
        self._merge(Insert(table, conflict, takes), rows)

    def add_up(
        self, table: Table, conflict: tuple[str, ...], adds: str, rows: Iterable[Mapping[str, Any]]
    ) -> None:
        """Insert rows; where one stands already the column `adds` grows by the new value."""
        self._merge(Insert(table, conflict, (), adds), rows)

    def update(
        self,
        table: Table,
        key: int,
        values: Mapping[str, Any],
        guard: tuple[str, Any] | None = None,
    ) -> None:
        """Change columns of a row.

        Args:
            table: The table; its primary key is `key`.
            key: Of the row.
            values: Column → new value.
            guard: Column and the value that it must still hold when the change is written.
        """
        inserted = self._inserted.get((table, key))
        if inserted is not None:
            inserted.update(values)
            return
        self._updates.setdefault((table, key), {}).update(values)
        if guard is not None:
            self._guards.setdefault((table, key), guard)

    def update_of(
        self,
        table: Table,
        column: str,
        keys: Iterable[Any],
        values: Mapping[str, Any],
        only: tuple[str, Sequence[Any]],
    ) -> None:
        """Change columns of the rows that have one of the keys in a column, and in another one `only`.

        Args:
            table: The table.
            column: Where the keys are looked for.
            keys: Of the rows.
            values: Column → new value.
            only: A column, and the values it may hold in rows that are changed.
        """
        guard, held = only
        kind = Update(table, tuple(sorted(values)), column, guard)
        self._sweeps.setdefault(kind, []).extend(
            {column: key, **values, EXPECTED: expected} for key in keys for expected in held
        )

    def delete(self, table: Table, column: str, values: Iterable[Any]) -> None:
        """Remove the rows that have one of the values in a column."""
        self._deletes.setdefault(Delete(table, column), {}).update(dict.fromkeys(values))

    def removes(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Tell whether rows like these wait to be removed, so that new ones must come after that."""
        for kind, values in self._deletes.items():
            if kind.table is table and any(row.get(kind.column) in values for row in rows):
                return True
        return False

    def inserts(self, table: Table, column: str, values: Iterable[Any]) -> bool:
        """Tell whether rows with these values wait to be inserted, so that others must come after that."""
        wanted = set(values)
        for kind, rows in self._inserts.items():
            if kind.table is table and any(row.get(column) in wanted for row in rows):
                return True
        return False

    def clear(self) -> None:
        """Forget all, after it was written."""
        self._inserts.clear()
        self._updates.clear()
        self._guards.clear()
        self._sweeps.clear()
        self._deletes.clear()
        self._inserted.clear()

    def kinds(self) -> Iterator[tuple[Kind, list[Row]]]:
        """Give each kind of writing with its rows, what concerns rows that stand already first.

        The rows of a `Delete` have its one column.
        """
        grouped: dict[Update, list[Row]] = {}
        for (table, key), values in self._updates.items():
            guard, expected = self._guards.get((table, key), (None, None))
            row = {KEY: key, **values}
            if guard is not None:
                row[EXPECTED] = expected
            kind = Update(table, tuple(sorted(values)), KEY, guard, is_strict=guard is not None)
            grouped.setdefault(kind, []).append(row)
        yield from grouped.items()
        yield from self._sweeps.items()
        for removal, values_of in self._deletes.items():
            yield removal, [{removal.column: value} for value in values_of]
        yield from self._inserts.items()

    def _merge(self, kind: Insert, rows: Iterable[Mapping[str, Any]]) -> None:
        """Keep one row for each value of the conflicting columns: two would meet each other."""
        kept = self._inserts.get(kind, [])
        standing = {tuple(row[name] for name in kind.conflict): row for row in kept}
        for given in rows:
            identity = tuple(given[name] for name in kind.conflict)
            known = standing.get(identity)
            if known is None:
                standing[identity] = dict(given)
                kept.append(standing[identity])
                continue
            if kind.adds is not None:
                known[kind.adds] += given[kind.adds]
            known.update({name: given[name] for name in kind.takes})
        if kept:
            self._inserts[kind] = kept
