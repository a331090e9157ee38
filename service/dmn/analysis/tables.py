"""The analysis of one table: gaps, overlaps, rows that never count, duplicates.

Exact over the classes of `regions`: what is reported is so, and what could not be decided is named.
Source: DMN 1.5 §8.2.10 (hit policies), §8.2.11 (completeness).
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from service.dmn.analysis.counterexamples import counterexample
from service.dmn.analysis.findings import Problem, TableAnalysis, Undecided
from service.dmn.analysis.space import Allowance, Box, Cover, TooComplex, common, is_empty
from service.dmn.analysis.tracks import Grid, grid_of
from service.dmn.tables import DecisionTable
from service.feel import Expression
from service.feel.comparison import equal, is_in

STEPS = 200_000
"""How many classes a search for gaps, or for rows that never count, may look at."""
MOST = 20
"""How many problems of a kind are told."""

MOST_ROWS, MOST_CELLS = 1_000, 8_000
"""How large a table may be to be analysed at all: rows are compared with each other in pairs."""

_CLASHES = {"UNIQUE": "overlap", "ANY": "conflict"}
_COUNTS_ONCE = frozenset({"FIRST", "ANY", "PRIORITY"})
_UNKNOWN = object()
_PAIRED = ("overlap", "duplicate", "unmeetable", "unreachable")


def analyse_table(
    table: DecisionTable, decision_id: str, name: str, most: int = MOST, steps: int = STEPS
) -> TableAnalysis:
    """Return what is wrong with a table.

    Args:
        most: How many problems of a kind are told.
        steps: How many classes each search may look at.
    """
    if len(table.rules) > MOST_ROWS or len(table.rules) * len(table.inputs) > MOST_CELLS:
        open_kinds = (Undecided("too_complex", detail=kind) for kind in ("gap", *_PAIRED))
        return TableAnalysis(decision_id, name, table.hit_policy or "", None, (), tuple(open_kinds))
    analysis = _Analysis(table, grid_of(table), most, steps)
    problems = [
        *analysis.gaps(),
        *analysis.duplicates(),
        *analysis.clashes(),
        *analysis.unmeetable(),
        *analysis.unreachable(),
    ]
    return TableAnalysis(
        decision_id,
        name,
        table.hit_policy or "",
        analysis.is_complete,
        tuple(problems),
        tuple(analysis.undecided),
        analysis.left_off,
    )


class _Found(NamedTuple):
    """A problem before it is put in values: rows from 0, and inputs that show it."""

    rows: tuple[int, ...]
    box: Box
    is_error: bool = False


class _Analysis:
    """One table being analysed."""

    def __init__(self, table: DecisionTable, grid: Grid, most: int, steps: int) -> None:
        self.undecided: list[Undecided] = list(grid.undecided)
        self.left_off: dict[str, int] = {}
        self.is_complete: bool | None = None
        self._table = table
        self._grid = grid
        self._most = most
        self._steps = steps
        self._certain = Cover(grid.certain, grid.widths)
        self._twins: set[tuple[int, int]] = set()
        self._same_before: dict[int, int] = {}

    def gaps(self) -> list[Problem]:
        """Return inputs that no row meets."""
        room = self._grid.room
        allowance = Allowance(self._steps)
        try:
            cover = Cover(self._grid.possible, self._grid.widths)
            found, is_all = cover.holes(room, self._most, allowance)
            if found:
                self.is_complete = False
            elif self._certain.hole(room, -1, allowance) is None:
                self.is_complete = True
        except TooComplex:
            self.undecided.append(Undecided("too_complex", detail="gap"))
            return []
        if not is_all:
            self.left_off["gap"] = -1
        return [self._problem("gap", (), box) for box in found]

    def duplicates(self) -> list[Problem]:
        """Return rows with the same conditions as an earlier one."""
        first: dict[tuple[object, ...], int] = {}
        found: list[_Found] = []
        for row, shape in enumerate(self._grid.shapes):
            earlier = first.setdefault(shape, row)
            box = self._grid.possible[row]
            if earlier != row and not is_empty(box):
                self._twins.add((earlier, row))
                self._same_before[row] = earlier
                is_clash = self._clashes(earlier, row) is True
                found.append(_Found((row, earlier), box, is_clash))
        return self._some("duplicate", found)

    def clashes(self) -> list[Problem]:
        """Return pairs of rows that match together where the hit policy does not allow it."""
        kind = _CLASHES.get(self._table.hit_policy or "")
        if kind is None:
            return []
        found: list[Problem] = []
        count, is_open = 0, False
        for one, other in self._overlaps():
            clashes = self._clashes(one, other)
            is_open = is_open or clashes is None
            if not clashes or (one, other) in self._twins:
                continue
            count += 1
            if count <= self._most:
                box = common(self._grid.certain[one], self._grid.certain[other])
                found.append(self._problem(kind, (one, other), box, is_error=True))
        if is_open:
            self.undecided.append(Undecided("computed_outputs", detail=kind))
        if count > self._most:
            self.left_off[kind] = count - self._most
        return found

    def unmeetable(self) -> list[Problem]:
        """Return rows that no input meets, with the column that is to blame."""
        found: list[_Found] = []
        for row, box in enumerate(self._grid.possible):
            if is_empty(box):
                blamed = tuple(0 if not part else -1 for part in box)
                found.append(_Found((row,), blamed))
        return self._some("unmeetable", found)

    def unreachable(self) -> list[Problem]:
        """Return rows that never count because others, before or above them, always do."""
        if self._table.hit_policy not in _COUNTS_ONCE:
            return []
        found: list[_Found] = []
        allowance = Allowance(self._steps)
        try:
            for row in range(len(self._table.rules)):
                rivals = self._rivals(row)
                if rivals is not None and row not in self._same_before:
                    is_told = len(found) < self._most
                    found += self._shadowed(row, rivals, allowance, is_told=is_told)
        except TooComplex:
            self.undecided.append(Undecided("too_complex", detail="unreachable"))
        return self._some("unreachable", found)

    def _shadowed(
        self, row: int, rivals: int, allowance: Allowance, *, is_told: bool
    ) -> Iterator["_Found"]:
        room = self._grid.possible[row]
        if is_empty(room):
            return
        near = self._certain.near(room) & rivals
        if not near or self._certain.hole(room, near, allowance) is not None:
            return
        if is_told:
            near = self._fewest(room, near)
        yield _Found((row, *_rows(near)), room)

    def _fewest(self, room: Box, near: int) -> int:
        """Return rows that cover a box, as few as leaving out one after the other finds."""
        alone = next((one for one in _rows(near) if self._contains(one, room)), None)
        if alone is not None:
            return 1 << alone
        allowance = Allowance(self._steps // 50)
        try:
            for one in _rows(near)[::-1]:
                if self._certain.hole(room, near ^ 1 << one, allowance) is None:
                    near ^= 1 << one
        except TooComplex:
            return near
        return near

    def _contains(self, row: int, room: Box) -> bool:
        return not any(
            part & ~mine for part, mine in zip(room, self._grid.certain[row], strict=True)
        )

    def _rivals(self, row: int) -> int | None:
        """Return the rows that count rather than this one where both match; None when unknown."""
        before = (1 << row) - 1
        match self._table.hit_policy:
            case "FIRST":
                return before
            case "ANY":
                return sum(1 << one for one in range(row) if self._same_outputs(one, row) is True)
            case _:
                return self._better(row)

    def _better(self, row: int) -> int | None:
        ranks = self._ranks
        mine = ranks[row]
        if mine is None:
            return None
        return sum(
            1 << other
            for other, theirs in enumerate(ranks)
            if theirs is not None and (theirs, other) < (mine, row)
        )

    @cached_property
    def _ranks(self) -> list[tuple[int, ...] | None]:
        ranks = [self._rank(row) for row in range(len(self._table.rules))]
        if None in ranks:
            self.undecided.append(Undecided("computed_outputs", detail="unreachable"))
        return ranks

    def _rank(self, row: int) -> tuple[int, ...] | None:
        ranks = []
        for column, entry in zip(self._table.outputs, self._table.rules[row].outputs, strict=True):
            if column.values is None:
                continue
            listed, value = self._constant(column.values), self._constant(entry)
            if listed is _UNKNOWN or value is _UNKNOWN:
                return None
            places = [at for at, one in enumerate(listed) if is_in(value, one)]
            ranks.append(places[0] if places else len(listed))
        return tuple(ranks)

    def _overlaps(self) -> Iterator[tuple[int, int]]:
        boxes = self._grid.certain
        for other in range(len(boxes)):
            for one in range(other):
                if all(map(int.__and__, boxes[one], boxes[other])):
                    yield one, other

    def _clashes(self, one: int, other: int) -> bool | None:
        """Tell whether two rows that match together break the hit policy; None when unknown."""
        if self._table.hit_policy == "UNIQUE":
            return True
        if self._table.hit_policy != "ANY":
            return False
        same = self._same_outputs(one, other)
        return None if same is None else not same

    def _same_outputs(self, one: int, other: int) -> bool | None:
        answers = [
            self._same(mine, theirs)
            for mine, theirs in zip(
                self._table.rules[one].outputs, self._table.rules[other].outputs, strict=True
            )
        ]
        if False in answers:
            return False
        return None if None in answers else True

    def _same(self, mine: Expression | None, theirs: Expression | None) -> bool | None:
        one, other = self._constant(mine), self._constant(theirs)
        if one is _UNKNOWN or other is _UNKNOWN:
            is_same_text = mine is not None and theirs is not None and mine.text == theirs.text
            return True if is_same_text else None
        return equal(one, other) is True

    def _constant(self, entry: Expression | None) -> Any:
        if entry is None:
            return None
        constants = self._table.constants
        return constants.value(entry.tree) if constants.is_constant(entry.tree) else _UNKNOWN

    def _problem(
        self, kind: str, rows: tuple[int, ...], box: Box, *, is_error: bool = False
    ) -> Problem:
        return Problem(
            kind,
            tuple(row + 1 for row in rows),
            tuple(self._table.rules[row].id for row in rows),
            counterexample(self._grid, box),
            is_error,
        )

    def _some(self, kind: str, found: list["_Found"]) -> list[Problem]:
        if len(found) > self._most:
            self.left_off[kind] = len(found) - self._most
        return [
            self._problem(kind, one.rows, one.box, is_error=one.is_error)
            for one in found[: self._most]
        ]


def _rows(rows: int) -> list[int]:
    return [row for row in range(rows.bit_length()) if rows >> row & 1]
