"""Relations of points and ranges in the order of time or number.

Source: DMN 1.5 §10.3.4.9, tables 80 and 81 (Allen's interval algebra).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from service.feel.builtins.registry import builtin
from service.feel.comparison import order
from service.feel.errors import Fault
from service.feel.values import Range


class _Span(NamedTuple):
    """A point or range, with its ends and whether they belong to it."""

    start: Any
    end: Any
    has_start: bool
    has_end: bool


_Rule = Callable[[_Span, _Span], bool]


def _span(value: Any) -> _Span:
    if not isinstance(value, Range):
        return _Span(value, value, True, True)
    if value.start is None or value.end is None:
        raise Fault("区间须有两端", "Expected a range with two ends.")
    return _Span(value.start, value.end, value.start_included, value.end_included)


def _order(left: Any, right: Any) -> int:
    found = order(left, right)
    if found is None:
        raise Fault("两个值不可比较", "The two values have no order.")
    return found


def _register(name: str, rule: _Rule, shapes: tuple[tuple[str, str], ...]) -> None:
    def call(one: Any, other: Any) -> bool:
        return rule(_span(one), _span(other))

    for first, second in shapes:
        builtin(name, first, second)(call)


def _is_before(a: _Span, b: _Span) -> bool:
    found = _order(a.end, b.start)
    return found < 0 or (found == 0 and not (a.has_end and b.has_start))


def _is_after(a: _Span, b: _Span) -> bool:
    return _is_before(b, a)


def _meets(a: _Span, b: _Span) -> bool:
    return a.has_end and b.has_start and _order(a.end, b.start) == 0


def _is_met_by(a: _Span, b: _Span) -> bool:
    return _meets(b, a)


def _overlaps(a: _Span, b: _Span) -> bool:
    return not _is_before(a, b) and not _is_before(b, a)


def _begins_before(a: _Span, b: _Span) -> bool:
    found = _order(a.start, b.start)
    return found < 0 or (found == 0 and a.has_start and not b.has_start)


def _ends_before(a: _Span, b: _Span) -> bool:
    found = _order(a.end, b.end)
    return found < 0 or (found == 0 and b.has_end and not a.has_end)


def _overlaps_before(a: _Span, b: _Span) -> bool:
    return _begins_before(a, b) and _overlaps(a, b) and _ends_before_or_with(a, b)


def _ends_before_or_with(a: _Span, b: _Span) -> bool:
    return not _ends_before(b, a)


def _overlaps_after(a: _Span, b: _Span) -> bool:
    return _overlaps_before(b, a)


def _finishes(a: _Span, b: _Span) -> bool:
    return a.has_end == b.has_end and _order(a.end, b.end) == 0 and not _begins_before(a, b)


def _is_finished_by(a: _Span, b: _Span) -> bool:
    return _finishes(b, a)


def _includes(a: _Span, b: _Span) -> bool:
    return not _begins_before(b, a) and not _ends_before(a, b)


def _is_during(a: _Span, b: _Span) -> bool:
    return _includes(b, a)


def _starts(a: _Span, b: _Span) -> bool:
    return a.has_start == b.has_start and _order(a.start, b.start) == 0 and not _ends_before(b, a)


def _is_started_by(a: _Span, b: _Span) -> bool:
    return _starts(b, a)


def _coincides(a: _Span, b: _Span) -> bool:
    same_signs = (a.has_start, a.has_end) == (b.has_start, b.has_end)
    return same_signs and _order(a.start, b.start) == 0 and _order(a.end, b.end) == 0


_RANGES = ("range1: range", "range2: range")
_POINT_RANGE = ("point", "range: range")
_RANGE_POINT = ("range: range", "point")
_POINTS = ("point1", "point2")

_register("before", _is_before, (_RANGES, _POINT_RANGE, _RANGE_POINT, _POINTS))
_register("after", _is_after, (_RANGES, _POINT_RANGE, _RANGE_POINT, _POINTS))
_register("meets", _meets, (_RANGES,))
_register("met by", _is_met_by, (_RANGES,))
_register("overlaps", _overlaps, (_RANGES,))
_register("overlaps before", _overlaps_before, (_RANGES,))
_register("overlaps after", _overlaps_after, (_RANGES,))
_register("finishes", _finishes, (_RANGES, _POINT_RANGE))
_register("finished by", _is_finished_by, (_RANGES, _RANGE_POINT))
_register("includes", _includes, (_RANGES, _RANGE_POINT))
_register("during", _is_during, (_RANGES, _POINT_RANGE))
_register("starts", _starts, (_RANGES, _POINT_RANGE))
_register("started by", _is_started_by, (_RANGES, _RANGE_POINT))
_register("coincides", _coincides, (_RANGES, _POINTS))
