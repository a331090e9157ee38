"""Which rows of a table match: the class of each input looked up, all rows of a column at once.

Cells that ask more than comparisons with constants, and inputs of another type than the column's
constants, are asked one by one.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from service.dmn.outcome import Cells
from service.dmn.regions import Axis, Constants, cut_column
from service.feel import UnaryTests
from service.feel.errors import AssertionFailed, LimitExceeded
from service.feel.run import Frame
from service.feel.wording import Text

MOST_ROWS = 3_000
"""How long a table may be to be looked up by classes; longer ones are asked cell by cell."""

SPARE_STEPS = 20_000
"""Allowance for cells that are asked only to tell why a row did not match."""


class Column:
    """The cells of one input.

    Attributes:
        name: The label, or the expression where there is none.
        cells: A cell a row; None where anything meets it.
    """

    def __init__(self, name: str, cells: Sequence[UnaryTests | None], constants: Constants) -> None:
        self.name = name
        self.cells = cells
        self._constants = constants
        self._plain = sum(1 << row for row, cell in enumerate(cells) if cell is None)
        self.everyone = (1 << len(cells)) - 1

    @cached_property
    def axis(self) -> Axis | None:
        """The column cut into classes, or None when it holds constants of different types.

        None, too, when it is so long that its classes by rows would fill the memory.
        """
        if len(self.cells) > MOST_ROWS:
            return None
        rows = [() if cell is None else (cell,) for cell in self.cells]
        return cut_column(rows, None, self._constants)

    @cached_property
    def look_up(self) -> Callable[[Any], Cells]:
        """A function from an input to what is known of the cells without asking them."""
        axis = self.axis
        unasked = Cells(self._plain, 0, self._plain)
        if axis is None:
            return lambda value: unasked
        known = self.everyone & ~axis.opaque_rows
        cells = [
            Cells(met & known, unknown & known, known)
            for met, unknown in zip(axis.rows_met, axis.rows_unknown, strict=True)
        ]
        if axis.domain.kind == "string" and len(set(cells[0:-1:2])) == 1:
            return _by_text(axis.positions, cells, unasked)
        return _by_position(axis, cells, unasked)

    def ask(self, row: int, frame: Frame) -> bool | None:
        """Return what a cell says of the `?` of a frame; what it notices is located.

        Raises:
            LimitExceeded: The evaluation has used up its allowance.
            AssertionFailed: `assert` does not hold.
        """
        cell = self.cells[row]
        assert cell is not None
        run = frame.run
        noticed = len(run.diagnostics)
        answer = cell.met_in(frame)
        if len(run.diagnostics) > noticed:
            run.locate(noticed, cell_place(row + 1, self.name))
        return answer


def _by_text(
    positions: Sequence[str], cells: Sequence[Cells], unasked: Cells
) -> Callable[[Any], Cells]:
    """Return the look-up for texts that are compared for equality only."""
    by_text = dict(zip(positions, cells[1:-1:2], strict=True))
    other, null = cells[0], cells[-1]

    def look_up(value: Any) -> Cells:
        if type(value) is str:
            return by_text.get(value, other)
        return null if value is None else unasked

    return look_up


def _by_position(axis: Axis, cells: Sequence[Cells], unasked: Cells) -> Callable[[Any], Cells]:
    """Return the look-up for values that have an order."""
    position, positions, count = axis.domain.position, axis.positions, len(axis.positions)

    def look_up(value: Any) -> Cells:
        at = position(value)
        if at is None:
            return cells[-1] if value is None else unasked
        index = bisect_left(positions, at)
        return cells[2 * index + (index < count and positions[index] == at)]

    return look_up


def cell_place(row: int, column: str) -> Text:
    """Return where a cell stands, in words; rows count from 1."""
    return Text(f"第 {row} 行“{column}”列", f"Row {row}, column “{column}”")


@dataclass(frozen=True)
class Matcher:
    """The cells of a table by columns."""

    columns: tuple[Column, ...]
    row_count: int
    stops_at_first: bool

    def match(self, frame: Frame, values: Sequence[Any]) -> tuple[int, tuple[Cells, ...]]:
        """Return the rows that match, as a set, and what every cell said.

        Raises:
            LimitExceeded: The evaluation has used up its allowance.
            AssertionFailed: `assert` does not hold.
        """
        alive = asked = everyone = (1 << self.row_count) - 1
        found = [column.look_up(value) for column, value in zip(self.columns, values, strict=True)]
        for met, _, known in found:
            alive &= met | ~known
            asked &= known
        if asked != everyone:
            asking = _Asking(self.columns, found, everyone, frame, values)
            alive = asking.matching(alive, self.stops_at_first)
            found = asking.found
        if self.stops_at_first:
            alive &= -alive
        return alive, tuple(found)


class _Asking:
    """The cells of one match that must be asked one by one."""

    def __init__(
        self,
        columns: Sequence[Column],
        found: list[Cells],
        everyone: int,
        frame: Frame,
        values: Sequence[Any],
    ) -> None:
        self.found = found
        self._columns = columns
        self._open = [
            (at, everyone & ~cells.asked)
            for at, cells in enumerate(found)
            if cells.asked != everyone
        ]
        self._frames = [Frame({"?": value}, frame, frame.run) for value in values]
        self._run = frame.run

    def matching(self, alive: int, stops_at_first: bool) -> int:
        """Return which of the rows match; cells that decide nothing are asked last and quietly."""
        matched = 0
        for row in bits(alive):
            if all(self._ask(at, row) is True for at, rows in self._open if rows >> row & 1):
                matched |= 1 << row
                if stops_at_first:
                    break
        self._ask_the_rest()
        return matched

    def _ask(self, at: int, row: int) -> bool | None:
        answer = self._columns[at].ask(row, self._frames[at])
        bit = 1 << row
        met, unknown, asked = self.found[at]
        self.found[at] = Cells(
            met | bit if answer is True else met,
            unknown | bit if answer is None else unknown,
            asked | bit,
        )
        return answer

    def _ask_the_rest(self) -> None:
        run = self._run
        steps, calls, noticed = run.steps, run.calls, len(run.diagnostics)
        run.steps = min(steps, SPARE_STEPS)
        try:
            for at, rows in self._open:
                for row in bits(rows & ~self.found[at].asked):
                    run.step()
                    self._ask(at, row)
        except (LimitExceeded, AssertionFailed, RecursionError):
            # Nothing hangs on these cells: they stay unasked, the decision stands.
            run.calls = calls
        run.steps = steps
        del run.diagnostics[noticed:]


def bits(number: int) -> Iterator[int]:
    """Yield the positions of the bits of a set, ascending."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
