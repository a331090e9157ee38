"""The space of all inputs of a table as columns of classes, and holes in what a set of rows covers.

A hole is searched column by column, with the set of rows still alive. States met before are known to
be covered, so the search is over distinct sets of rows and not over the product of all classes. A
search that takes too many steps is given up: the question is co-NP-hard, a guess would be no answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

from service.dmn.regions import rows_by_class

_ATOMS_A_STEP = 20

Box = tuple[int, ...]
"""A set of classes for each column: all inputs whose classes are in them."""


class TooComplex(Exception):
    """The search has used up its steps."""


@dataclass
class Allowance:
    """Steps that searches may still take."""

    steps: int

    def use(self, count: int) -> None:
        """Use up some.

        Raises:
            TooComplex: They are gone.
        """
        self.steps -= count
        if self.steps < 0:
            raise TooComplex


def is_empty(box: Box) -> bool:
    """Tell whether a box holds no input."""
    return not all(box)


def common(one: Box, other: Box) -> Box:
    """Return the inputs that lie in both."""
    return tuple(map(int.__and__, one, other))


class Cover:
    """Boxes, the rows of a table, that together may or may not reach every input.

    Sets of boxes are whole numbers read as bits, in the order the boxes were given.
    """

    def __init__(self, boxes: Sequence[Box], widths: Sequence[int]) -> None:
        """Take the boxes, and the number of classes of each column."""
        self._boxes = list(boxes)
        self._atoms = [
            _atoms(rows_by_class([box[column] for box in boxes], width))
            for column, width in enumerate(widths)
        ]

    def holes(self, room: Box, most: int, allowance: Allowance) -> tuple[list[Box], bool]:
        """Return boxes of `room` that nothing reaches, each as large as can be; and whether that is all.

        The holes count as boxes of the cover from then on.

        Raises:
            TooComplex: The allowance is used up before the first is found.
        """
        found: list[Box] = []
        everyone = (1 << len(self._boxes)) - 1
        while len(found) < most:
            try:
                hole = self.hole(room, -1, allowance)
            except TooComplex:
                if not found:
                    raise
                return found, False
            if hole is None:
                return found, True
            found.append(self._grown(hole, room, everyone))
            self._add(found[-1])
        return found, False

    def hole(self, room: Box, among: int, allowance: Allowance) -> Box | None:
        """Return a box inside `room` that none of a set of boxes reaches, or None when there is none.

        Args:
            among: The boxes that count, all of which reach into the room; -1 for all that do.

        Raises:
            TooComplex: The allowance is used up.
        """
        allowance.use(sum(map(len, self._atoms)) // _ATOMS_A_STEP)
        rows = self.near(room) if among < 0 else among
        return _Search(self._columns(room), rows, allowance).hole()

    def near(self, room: Box) -> int:
        """Return the boxes that reach into `room`."""
        near = (1 << len(self._boxes)) - 1
        for classes, atoms in zip(room, self._atoms, strict=True):
            reaching = 0
            for part, rows in atoms:
                if part & classes:
                    reaching |= rows
            near &= reaching
        return near

    def _columns(self, room: Box) -> list["_Column"]:
        return [
            _Column([(part & classes, rows) for part, rows in atoms if part & classes], classes)
            for classes, atoms in zip(room, self._atoms, strict=True)
        ]

    def _grown(self, hole: Box, room: Box, among: int) -> Box:
        """Return a hole widened as far as a set of boxes lets it, column after column."""
        columns = self._columns(room)
        box = list(hole)
        reaching = [
            _reaching(column, classes) & among
            for column, classes in zip(columns, hole, strict=True)
        ]
        for at, column in enumerate(columns):
            others = among
            for other, rows in enumerate(reaching):
                if other != at:
                    others &= rows
            box[at] = sum(part for part, rows in column.atoms if not rows & others)
            reaching[at] = _reaching(column, box[at]) & among
        return tuple(box)

    def _add(self, box: Box) -> None:
        bit = 1 << len(self._boxes)
        self._boxes.append(box)
        self._atoms = [
            [
                (piece, rows | bit if piece & classes else rows)
                for part, rows in atoms
                for piece in (part & classes, part & ~classes)
                if piece
            ]
            for classes, atoms in zip(box, self._atoms, strict=True)
        ]


def _atoms(by_class: Sequence[int]) -> list[tuple[int, int]]:
    """Return sets of classes that the same rows reach, each with those rows."""
    parts: dict[int, int] = {}
    for at, rows in enumerate(by_class):
        parts[rows] = parts.get(rows, 0) | 1 << at
    return [(classes, rows) for rows, classes in parts.items()]


def _reaching(column: "_Column", classes: int) -> int:
    found = 0
    for part, rows in column.atoms:
        if part & classes:
            found |= rows
    return found


class _Column:
    """One column of the room that is searched.

    Attributes:
        atoms: Classes that the same boxes reach, and those boxes.
        room: All classes.
        whole: Boxes that reach every class.
    """

    def __init__(self, atoms: list[tuple[int, int]], room: int) -> None:
        self.atoms = atoms
        self.room = room
        self.whole = reduce(and_, (rows for _, rows in atoms), -1)


class _Search:
    """One search for a hole, splitting the column that parts the boxes still alive the most."""

    def __init__(self, columns: Sequence[_Column], rows: int, allowance: Allowance) -> None:
        self._columns = columns
        self._rows = rows
        self._allowance = allowance
        self._covered: set[tuple[int, int]] = set()

    def hole(self) -> Box | None:
        """Return a hole, or None.

        Raises:
            TooComplex: The allowance is used up.
        """
        found = self._below(self._rows, tuple(range(len(self._columns))))
        if found is None:
            return None
        return tuple(found.get(at, column.room) for at, column in enumerate(self._columns))

    def _below(self, alive: int, left: tuple[int, ...]) -> dict[int, int] | None:
        """Return a hole among the columns left: the classes of those it restricts."""
        if not alive:
            return {}
        columns = self._columns
        open_columns = tuple(at for at in left if alive & ~columns[at].whole)
        whole = alive
        for at in open_columns:
            whole &= columns[at].whole
        state = (sum(1 << at for at in open_columns), alive)
        if whole or state in self._covered:
            return None
        at = max(open_columns, key=lambda at: (alive & ~columns[at].whole).bit_count())
        found = self._split(at, alive, tuple(other for other in open_columns if other != at))
        if found is None:
            self._covered.add(state)
        return found

    def _split(self, at: int, alive: int, left: tuple[int, ...]) -> dict[int, int] | None:
        parts: dict[int, int] = {}
        for classes, rows in self._columns[at].atoms:
            met = alive & rows
            parts[met] = parts.get(met, 0) | classes
        self._allowance.use(len(parts))
        covered: list[int] = []
        for met in sorted(parts, key=int.bit_count):
            # Where fewer boxes are enough, more are.
            if any(fewer & met == fewer for fewer in covered):
                continue
            found = self._below(met, left)
            if found is not None:
                return {**found, at: parts[met]}
            covered.append(met)
        return None
