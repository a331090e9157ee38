"""The short way of a decision table's cell whose tests are constants: `> 1000`, `"a", "b"`, `[1..5]`."""

from collections.abc import Callable
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from service.feel.quick.compiler import NotQuick, Unusual
from service.feel.quick.expressions import constant_of, constant_range
from service.feel.tree import Literal, Node, RangeOf, Tests
from service.feel.values import Range

_Compare = Callable[[Any, Any], bool]
QuickTests = Callable[[Any], bool | None]
"""Takes the input's value; raises `Unusual` for one of another type, which the long way explains."""


def quick_tests(tests: Tests) -> QuickTests | None:
    """Return the short way of a cell, or None."""
    try:
        return _of(tests)
    except NotQuick:
        return None


def _of(tests: Tests) -> QuickTests:
    if not tests.items:
        return lambda value: True
    met = _any_of([_single(item) for item in tests.items], tests.items)
    return _negated(met) if tests.is_negated else met


def _negated(met: QuickTests) -> QuickTests:
    def code(value: Any) -> bool | None:
        answer = met(value)
        return None if answer is None else not answer

    return code


def _any_of(tests: list[QuickTests], items: tuple[Node, ...]) -> QuickTests:
    if len(tests) == 1:
        return tests[0]
    constants = [constant_of(item) for item in items]
    kinds = {type(one) for one in constants}
    if len(kinds) == 1 and kinds <= {str, Decimal}:
        return _among(kinds.pop(), frozenset(constants))

    def code(value: Any) -> bool | None:
        answer: bool | None = False
        for test in tests:
            met = test(value)
            if met is True:
                return True
            if met is None:
                answer = None
        return answer

    return code


def _among(kind: type, known: frozenset[Any]) -> QuickTests:
    def code(value: Any) -> bool:
        if type(value) is kind:
            return value in known
        if value is None:
            return False
        raise Unusual

    return code


def _single(node: Node) -> QuickTests:
    if isinstance(node, RangeOf):
        interval = constant_range(node)
        return _comparison(node) if interval is None else _within(interval)
    constant = constant_of(node)
    if isinstance(node, Literal) and constant is None:
        return _is_null
    if type(constant) not in (str, Decimal, bool):
        raise NotQuick
    return _equal_to(constant)


def _is_null(value: Any) -> bool:
    if type(value) is list:
        raise Unusual
    return value is None


def _equal_to(constant: Any) -> QuickTests:
    kind = type(constant)

    def code(value: Any) -> bool:
        if type(value) is kind:
            return bool(value == constant)
        if value is None:
            return False
        raise Unusual

    return code


def _comparison(node: RangeOf) -> QuickTests:
    compare, operand = _operator(node)
    constant = constant_of(operand)
    kind = type(constant)
    if kind is not Decimal and kind is not str:
        raise NotQuick

    def code(value: Any) -> bool | None:
        if type(value) is kind:
            return compare(value, constant)
        if value is None:
            return None
        raise Unusual

    return code


def _operator(node: RangeOf) -> tuple[Callable[[Any, Any], bool], Node | None]:
    if not node.is_half_open:
        raise NotQuick
    if node.start is not None:
        return (ge if node.start_included else gt), node.start
    return (le if node.end_included else lt), node.end


def _within(interval: Range) -> QuickTests:
    kind, low, high = type(interval.start), interval.start, interval.end
    if interval.start_included and interval.end_included:

        def closed(value: Any) -> Any:
            if type(value) is kind:
                return low <= value <= high
            if value is None:
                return None
            raise Unusual

        return closed
    above: _Compare = ge if interval.start_included else gt
    below: _Compare = le if interval.end_included else lt

    def code(value: Any) -> bool | None:
        if type(value) is kind:
            return above(value, low) and below(value, high)
        if value is None:
            return None
        raise Unusual

    return code
