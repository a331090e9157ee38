"""A table as boxes over tracks: columns with the same expression are one track, cut by all their cells.

Two columns that read the same expression always see the same value, so only together they say which
inputs there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from service.dmn.analysis.findings import Undecided
from service.dmn.analysis.space import Box
from service.dmn.regions import Axis, Constants, cut_column
from service.dmn.regions.domains import DOMAINS
from service.dmn.tables import DecisionTable, Input
from service.feel import UnaryTests


@dataclass(frozen=True)
class Track:
    """One thing that a table looks at.

    Attributes:
        name: Of the column, or of several.
        expression: What is looked at.
        axis: The classes its cells tell apart; one class of anything where it could not be cut.
    """

    name: str
    expression: str
    names_used: frozenset[str]
    axis: Axis


@dataclass(frozen=True)
class Grid:
    """All rows of a table as boxes over its tracks.

    Attributes:
        possible: For each row all inputs that it may meet.
        certain: For each row inputs that it surely meets; none for rows with a cell not understood.
        shapes: For each row what tells it from others: equal shapes have equal conditions.
    """

    tracks: tuple[Track, ...]
    possible: tuple[Box, ...]
    certain: tuple[Box, ...]
    shapes: tuple[tuple[object, ...], ...]
    undecided: tuple[Undecided, ...]

    @property
    def room(self) -> Box:
        """All inputs that a rule should be there for: null only where a cell of the track names it."""
        return tuple(
            track.axis.everything if track.axis.names_null else track.axis.filled
            for track in self.tracks
        )

    @property
    def widths(self) -> list[int]:
        """The number of classes of each track."""
        return [track.axis.width for track in self.tracks]


def grid_of(table: DecisionTable) -> Grid:
    """Return a table's rows as boxes."""
    groups: dict[str, list[int]] = {}
    for at, column in enumerate(table.inputs):
        groups.setdefault(" ".join(column.expression.text.split()), []).append(at)
    cells = [dict(rule.tests) for rule in table.rules]
    undecided: list[Undecided] = []
    tracks = [
        _track(table, expression, members, cells, undecided)
        for expression, members in groups.items()
    ]
    undecided += _dependent(tracks)
    possible, certain = [], []
    for row in range(len(table.rules)):
        cuts = [track.axis.cuts[row] for track in tracks]
        box = tuple(
            cut.met & track.axis.everything for cut, track in zip(cuts, tracks, strict=True)
        )
        possible.append(box)
        is_certain = not any(cut.is_opaque for cut in cuts)
        certain.append(box if is_certain else (0,) * len(tracks))
    shapes = tuple(_shape(row, tracks, groups, cells) for row in range(len(table.rules)))
    return Grid(tuple(tracks), tuple(possible), tuple(certain), shapes, tuple(undecided))


def _track(
    table: DecisionTable,
    expression: str,
    members: Sequence[int],
    cells: Sequence[dict[int, UnaryTests]],
    undecided: list[Undecided],
) -> Track:
    columns = [table.inputs[at] for at in members]
    rows = [[tests[at] for at in members if at in tests] for tests in cells]
    name = "、".join(dict.fromkeys(column.name for column in columns))
    allowed = [test for column in columns for test in column.allowed]
    axis = cut_column(rows, _kind(columns), table.constants, allowed)
    if axis is None:
        undecided.append(Undecided("opaque_column", None, name, _kind(columns) or ""))
        axis = _uncut(rows)
    else:
        undecided += [
            Undecided("opaque_cell", row + 1, name, "；".join(cell.text for cell in rows[row]))
            for row, cut in enumerate(axis.cuts)
            if cut.is_opaque
        ]
    return Track(name, expression, columns[0].expression.names_used, axis)


def _kind(columns: Sequence[Input]) -> str | None:
    return next((column.kind for column in columns if column.kind not in (None, "any")), None)


def _uncut(rows: Sequence[Sequence[UnaryTests]]) -> Axis:
    """Return an axis of one class that nothing is known of."""
    anything = cut_column([() for _ in rows], "string", Constants())
    assert anything is not None
    everything = anything.everything
    cuts = [
        type(cut)(everything, 0, bool(cells))
        for cut, cells in zip(anything.cuts, rows, strict=True)
    ]
    return Axis(DOMAINS["string"], (), cuts, anything.filled, anything.examples)


def _shape(
    row: int,
    tracks: Sequence[Track],
    groups: dict[str, list[int]],
    cells: Sequence[dict[int, UnaryTests]],
) -> tuple[object, ...]:
    return tuple(
        tuple((at, " ".join(cells[row][at].text.split())) for at in members if at in cells[row])
        if track.axis.cuts[row].is_opaque
        else track.axis.cuts[row].met & track.axis.everything
        for track, members in zip(tracks, groups.values(), strict=True)
    )


def _dependent(tracks: Sequence[Track]) -> list[Undecided]:
    """Return pairs of tracks that read the same variable, so not all inputs may come together."""
    return [
        Undecided("shared_variables", None, f"{one.name}、{other.name}", "、".join(sorted(shared)))
        for at, one in enumerate(tracks)
        for other in tracks[at + 1 :]
        if (shared := one.names_used & other.names_used)
    ]
