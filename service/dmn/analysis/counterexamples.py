"""Boxes of classes as counter-examples: spans of values a column, and one input that shows it."""

from collections.abc import Iterator

from service.dmn.analysis.findings import Counterexample, Part, Span
from service.dmn.analysis.space import Box
from service.dmn.analysis.tracks import Grid, Track
from service.dmn.regions import Axis, runs


def counterexample(grid: Grid, box: Box) -> Counterexample:
    """Return a box as people and tests read it."""
    pairs = list(zip(grid.tracks, box, strict=True))
    parts = tuple(
        _part(track, classes & track.axis.everything)
        for track, classes in pairs
        if _wanted(track.axis) & ~classes
    )
    example = {
        track.expression: _example(track.axis, classes & track.axis.everything)
        for track, classes in pairs
    }
    return Counterexample(parts, example)


def _wanted(axis: Axis) -> int:
    """Return the classes a column holds when it does not matter."""
    return axis.everything if axis.names_null else axis.filled


def _part(track: Track, classes: int) -> Part:
    axis = track.axis
    filled = classes & axis.filled
    takes_null = bool(classes & axis.null)
    is_other = axis.domain.kind == "string" and not _has_ends(axis, filled)
    spans = _spans(axis, axis.filled & ~filled if is_other else filled)
    return Part(track.name, axis.domain.kind, tuple(spans), is_other, takes_null)


def _has_ends(axis: Axis, filled: int) -> bool:
    """Tell whether a set of texts is told by what it holds, not by what it leaves out."""
    gaps = sum(1 << at for at in range(0, axis.width - 1, 2)) & axis.filled
    return filled & gaps != gaps or not gaps


def _spans(axis: Axis, classes: int) -> Iterator[Span]:
    """Yield stretches of values; classes without any value do not part them."""
    is_listed = bool(axis.domain.fixed)
    hollow = 0 if is_listed else (1 << (axis.width - 1)) - 1 & ~axis.filled
    for begin, end in runs(classes | hollow):
        held = [at for at in range(begin, end) if classes >> at & 1]
        if held:
            yield _span(axis, held[0], held[-1])


def _span(axis: Axis, first: int, last: int) -> Span:
    """Return the span from one class to another; gaps are told by the positions beside them."""
    low = _end(axis, first, (first - 1) // 2)
    high = _end(axis, last, last // 2 if last % 2 == 0 else (last - 1) // 2)
    low_included, high_included = first % 2 == 1, last % 2 == 1
    if axis.domain.is_stepped:
        return _stepped(axis, first, last)
    return Span(low, high, low_included, high_included)


def _end(axis: Axis, at: int, position: int) -> object:
    if not 0 <= position < len(axis.positions):
        return None
    return axis.domain.value_at(axis.positions[position])


def _stepped(axis: Axis, first: int, last: int) -> Span:
    """Return a span of whole steps by the first and the last value it holds."""
    positions = axis.positions
    low = positions[(first - 1) // 2] + (first % 2 == 0) if first else None
    high_at = last // 2 if last % 2 == 0 else (last - 1) // 2
    high = positions[high_at] - (last % 2 == 0) if high_at < len(positions) else None
    value_at = axis.domain.value_at
    return Span(
        None if low is None else value_at(low),
        None if high is None else value_at(high),
        low is not None,
        high is not None,
    )


def _example(axis: Axis, classes: int) -> object:
    """Return a value of the set, of a single position where there is one; null only when alone."""
    held = [at for begin, end in runs(classes & axis.filled) for at in range(begin, end)]
    if not held:
        return None
    single = [at for at in held if at % 2 == 1]
    return axis.examples[single[0] if single else held[-1]]
