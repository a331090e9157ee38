"""Which rows of a table match: the class of each input looked up, all rows of a column at once.

Cells that ask more than comparisons with constants, and inputs of another type than the column's
constants, are asked one by one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from service.dmn.outcome import Cells
from service.dmn.regions import Axis, Constants, cut_column, values_compared
from service.feel import UnaryTests
from service.feel.errors import AssertionFailed, LimitExceeded
from service.feel.run import Frame, Run
from service.feel.values import type_label
from service.feel.wording import Text

SPARE_STEPS = 20_000
"""Allowance for cells that are asked only to tell why a row did not match."""

_START = (1, 1)


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
        """The column cut into classes, or None when it holds constants of different types."""
        rows = [() if cell is None else (cell,) for cell in self.cells]
        return cut_column(rows, None, self._constants)

    def look_up(self, value: Any) -> tuple[Cells, int]:
        """Return what is known without asking, and the rows that must be asked."""
        axis = self.axis
        at = None if axis is None else axis.class_of(value)
        if axis is None or at is None:
            return Cells(self._plain, 0, self._plain), self.everyone & ~self._plain
        opaque = axis.opaque_rows
        met, unknown = axis.rows_met[at], axis.rows_unknown[at]
        if not opaque:
            return Cells(met, unknown, self.everyone), 0
        known = self.everyone & ~opaque
        return Cells(met & known, unknown & known, known), opaque

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
        if answer is None and len(run.diagnostics) == noticed:
            self._note_mismatch(cell, frame.names["?"], run)
        if len(run.diagnostics) > noticed:
            run.locate(noticed, cell_place(row + 1, self.name))
        return answer

    def _note_mismatch(self, cell: UnaryTests, value: Any, run: Run) -> None:
        compared = values_compared(cell, self._constants) or ()
        other = next((one for one in compared if type(one) is not type(value)), None)
        if value is None or other is None:
            return
        mine, theirs = type_label(value), type_label(other)
        text = Text(f"比较了{mine}和{theirs}", f"{mine:en} was compared with {theirs:en}.")
        run.note("wrong_type", text, _START)


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
        alive = (1 << self.row_count) - 1
        found: list[Cells] = []
        open_rows: list[int] = []
        must_ask = 0
        for column, value in zip(self.columns, values, strict=True):
            cells, unasked = column.look_up(value)
            found.append(cells)
            open_rows.append(unasked)
            must_ask |= unasked
            alive &= cells.met | unasked
        if must_ask:
            asking = _Asking(self.columns, found, open_rows, frame, values)
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
        open_rows: Sequence[int],
        frame: Frame,
        values: Sequence[Any],
    ) -> None:
        self.found = found
        self._columns = columns
        self._open = [(at, rows) for at, rows in enumerate(open_rows) if rows]
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
