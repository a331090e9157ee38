"""A column cut into classes: single positions that cells speak of, and the gaps between them.

Class 0 is the gap before the first position, 1 the first position, 2 the gap after it, and so on to
the last gap; one more class stands for null. Sets of classes and sets of rows are whole numbers read
as bits.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from operator import xor
from typing import Any

from service.dmn.regions.constants import NOWHERE, Constants, values_compared
from service.dmn.regions.domains import DOMAINS, Domain
from service.feel import UnaryTests
from service.feel.errors import AssertionFailed, LimitExceeded
from service.feel.number_context import feel_numbers
from service.feel.run import Frame, Run


@dataclass(frozen=True)
class Cut:
    """What one cell says of every class of its column.

    Attributes:
        met: Classes that meet it.
        unknown: Classes of which it cannot tell (null).
        is_opaque: The cell asks more than comparisons with constants, so nothing is known of it.
    """

    met: int
    unknown: int
    is_opaque: bool = False


@dataclass(frozen=True)
class Axis:
    """A column cut into classes.

    Attributes:
        positions: Those the cells speak of, ascending.
        cuts: A cut for every cell, in order of the rows.
        filled: Classes that hold a value at all; null is not among them.
        examples: A value of each class, None where there is none.
        names_null: Whether some cell speaks of null.
    """

    domain: Domain
    positions: Sequence[Any]
    cuts: Sequence[Cut]
    filled: int
    examples: Sequence[Any]
    names_null: bool = False

    @property
    def null(self) -> int:
        """The class of null, as a set."""
        return 1 << (2 * len(self.positions) + 1)

    @property
    def everything(self) -> int:
        """All classes that hold a value, and null."""
        return self.filled | self.null

    @cached_property
    def rows_met(self) -> Sequence[int]:
        """For each class the rows whose cells it meets; opaque cells are taken as met."""
        return rows_by_class([cut.met for cut in self.cuts], self.width)

    @cached_property
    def rows_unknown(self) -> Sequence[int]:
        """For each class the rows whose cells cannot tell."""
        return rows_by_class([cut.unknown for cut in self.cuts], self.width)

    @cached_property
    def opaque_rows(self) -> int:
        """The rows whose cells are opaque."""
        return sum(1 << row for row, cut in enumerate(self.cuts) if cut.is_opaque)

    @property
    def width(self) -> int:
        """The number of classes, null counted in."""
        return 2 * len(self.positions) + 2


def rows_by_class(sets: Sequence[int], width: int) -> list[int]:
    """Turn a set of classes for each row into a set of rows for each class."""
    changes = [0] * (width + 1)
    for row, classes in enumerate(sets):
        for begin, end in runs(classes):
            changes[begin] ^= 1 << row
            changes[end] ^= 1 << row
    return list(accumulate(changes, xor))[:-1]


def runs(classes: int) -> Iterable[tuple[int, int]]:
    """Yield the stretches of neighbouring classes in a set: first, and one after the last."""
    at = 0
    while classes:
        skipped = (classes & -classes).bit_length() - 1
        classes >>= skipped
        at += skipped
        length = (~classes & (classes + 1)).bit_length() - 1
        yield at, at + length
        classes >>= length
        at += length


def stretch(begin: int, end: int) -> int:
    """Return the set of classes from `begin` to before `end`."""
    return (1 << end) - (1 << begin) if end > begin else 0


def cut_column(
    rows: Sequence[Sequence[UnaryTests]],
    kind: str | None,
    constants: Constants,
    allowed: Sequence[UnaryTests] = (),
) -> Axis | None:
    """Return a column cut by its cells; None when they compare with values of different types.

    Args:
        rows: For each row the cells that must be met together; none where anything will do.
        kind: The FEEL type of the column; None to take that of the constants.
        allowed: Tests every value meets that can come; those that cannot be cut are passed over.
    """
    asked: dict[str, list[Any] | None] = {}
    for cell in (*allowed, *(cell for cells in rows for cell in cells)):
        if cell.text not in asked:
            asked[cell.text] = values_compared(cell, constants)
    spoken = [value for values in asked.values() for value in values or ()]
    domain = _domain(kind, spoken)
    return None if domain is None else _Cutting(domain, asked).axis(rows, allowed)


def _domain(kind: str | None, spoken: Sequence[Any]) -> Domain | None:
    kinds = {kind_of(value) for value in spoken if value is not None}
    if kind is None:
        if len(kinds) > 1 or "" in kinds:
            return None
        kind = next(iter(kinds), "string")
    if kind == "date and time" and "instant" in kinds:
        kind = None if kinds & {"date and time", "date"} else "instant"
    if kind == "time" and "" in kinds:
        kind = None
    return DOMAINS.get(kind) if kind is not None else None


def kind_of(value: Any) -> str:
    """Return the domain a constant belongs to, or the empty string."""
    return next(
        (kind for kind, domain in DOMAINS.items() if domain.position(value) is not None), ""
    )


class _Cutting:
    """One column being cut."""

    def __init__(self, domain: Domain, asked: dict[str, list[Any] | None]) -> None:
        self._domain = domain
        self._own = {
            text: None if values is None else self._marks(values) for text, values in asked.items()
        }
        positions: set[Any] = set(domain.fixed)
        for marks in self._own.values():
            positions.update(marks or ())
        self._positions = sorted(positions)
        self._index = {at: index for index, at in enumerate(self._positions)}
        self._null = 2 * len(self._positions) + 1
        self._names_null = any(None in values for values in asked.values() if values)
        self._by_text: dict[str, Cut] = {}

    def _marks(self, values: Sequence[Any]) -> list[Any]:
        own = {at for value in values for at in self._domain.marks(value)}
        return sorted(own.union(self._domain.fixed))

    def axis(self, rows: Sequence[Sequence[UnaryTests]], allowed: Sequence[UnaryTests]) -> Axis:
        examples = self._examples()
        filled = sum(1 << at for at, example in enumerate(examples) if example is not None)
        with feel_numbers():
            cuts = [self._together(cells) for cells in rows]
            for test in allowed:
                filled &= self._cut(test).met
        return Axis(self._domain, self._positions, cuts, filled, examples, self._names_null)

    def _examples(self) -> list[Any]:
        positions = self._positions
        found: list[Any] = [self._domain.between(None, positions[0] if positions else None)]
        for index, at in enumerate(positions):
            following = positions[index + 1] if index + 1 < len(positions) else None
            found.append(self._domain.value_at(at))
            found.append(self._domain.between(at, following))
        return found

    def _together(self, cells: Sequence[UnaryTests]) -> Cut:
        everything = stretch(0, self._null + 1)
        met, possible, is_opaque = everything, everything, False
        for cell in cells:
            cut = self._cut(cell)
            met, possible = met & cut.met, possible & (cut.met | cut.unknown)
            is_opaque = is_opaque or cut.is_opaque
        return Cut(met, possible & ~met, is_opaque)

    def _cut(self, cell: UnaryTests) -> Cut:
        if cell.text not in self._by_text:
            self._by_text[cell.text] = self._cut_anew(cell)
        return self._by_text[cell.text]

    def _cut_anew(self, cell: UnaryTests) -> Cut:
        own = self._own[cell.text]
        if own is None:
            return Cut(stretch(0, self._null + 1), 0, is_opaque=True)
        met = unknown = 0
        run = Run(NOWHERE)
        for value, classes in self._pieces(own):
            answer = _answer(cell, value, run)
            if answer is True:
                met |= classes
            elif answer is None:
                unknown |= classes
        return Cut(met, unknown)

    def _pieces(self, own: Sequence[Any]) -> Iterator[tuple[Any, int]]:
        """Yield a value and the classes it stands for, for each piece between a cell's own marks."""
        before: Any = None
        begin = 0
        for at in own:
            index = self._index[at]
            yield from self._gap(before, at, stretch(begin, 2 * index + 1))
            yield self._domain.value_at(at), 1 << (2 * index + 1)
            before, begin = at, 2 * index + 2
        yield from self._gap(before, None, stretch(begin, self._null))
        yield None, 1 << self._null

    def _gap(self, low: Any, high: Any, classes: int) -> Iterator[tuple[Any, int]]:
        value = self._domain.between(low, high)
        if value is not None:
            yield value, classes


def _answer(cell: UnaryTests, value: Any, run: Run) -> bool | None:
    try:
        return cell.met_in(Frame({"?": value}, Frame({}, None, run), run))
    except (AssertionFailed, LimitExceeded, RecursionError):
        return None
