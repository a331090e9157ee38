"""Unary tests: what a cell of a decision table says about its input, the value of `?`.

Source: DMN 1.5 §7.3.3, §8.3.3, §10.3.2.13; the DMN TCK 0036, 0039.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from service.feel.comparison import compare, is_in, order
from service.feel.compiling.compiler import Code, Compiler, compiles
from service.feel.compiling.literals import interval_code
from service.feel.compiling.noting import note_incomparable, note_no_condition
from service.feel.run import Frame, Place
from service.feel.tree import Literal, Name, Node, Path, RangeOf, Tests, mentions
from service.feel.values import Range

_Test = Callable[[Frame, Any], bool | None]


@compiles(Tests)
def _tests(node: Tests, compiler: Compiler) -> Code:
    tests = [_test(item, compiler) for item in node.items]
    is_negated = node.is_negated

    def code(frame: Frame) -> bool | None:
        value = frame.names["?"]
        answer: bool | None = False
        noticed = len(frame.run.diagnostics)
        for test in tests:
            met = test(frame, value)
            if met is True:
                # Another of the tests may well be of another type: `"none", > 10`.
                del frame.run.diagnostics[noticed:]
                return not is_negated
            if met is None:
                answer = None
        return (not answer if answer is not None else None) if is_negated else answer

    return code if tests else _anything


def _anything(frame: Frame) -> bool:
    return True


def _test(node: Node, compiler: Compiler) -> _Test:
    place = compiler.place(node.at)
    if isinstance(node, RangeOf) and (node.is_half_open or node.operator):
        return _comparison(node, compiler, place)
    if isinstance(node, RangeOf) and not mentions(node, "?"):
        code = interval_code(node, compiler)
    else:
        code = compiler.compile_inner(node)
    if mentions(node, "?"):
        return lambda frame, value: _as_condition(frame, code(frame), place)
    judge: Callable[[Any, Any], bool | None]
    judge = compared if isinstance(node, Literal | Name | Path) else meets
    if isinstance(node, Literal) and isinstance(node.value, str | Decimal):
        judge = _constant

    def test(frame: Frame, value: Any) -> bool | None:
        result = code(frame)
        return _explained(frame, judge(value, result), value, result, place)

    return test


def _explained(
    frame: Frame, met: bool | None, value: Any, result: Any, place: Place
) -> bool | None:
    """Return the answer, noting values that cannot be compared; a missing one is no mistake."""
    if met is None and value is not None and result is not None:
        note_incomparable(frame, value, _sample(value, result), place)
    return met


def _sample(value: Any, result: Any) -> Any:
    """Return what a value cannot be compared with: an end of a range, else the result itself."""
    if not isinstance(result, Range):
        return result
    return result.end if order(value, result.start) is not None else result.start


def _constant(value: Any, constant: Any) -> bool | None:
    return is_in(constant, value) if isinstance(value, list) else is_in(value, constant)


def _as_condition(frame: Frame, result: Any, place: Place) -> bool | None:
    if isinstance(result, bool):
        return result
    if result is not None:
        note_no_condition(frame, result, place)
    return None


def _comparison(node: RangeOf, compiler: Compiler, place: Place) -> _Test:
    operator, operand = _operator(node)
    code = compiler.compile_inner(operand)

    def test(frame: Frame, value: Any) -> bool | None:
        result = code(frame)
        return _explained(frame, compare(operator, value, result), value, result, place)

    return test


def _operator(node: RangeOf) -> tuple[str, Node]:
    if node.operator:
        assert node.end is not None
        return node.operator, node.end
    if node.start is not None:
        return (">=" if node.start_included else ">"), node.start
    assert node.end is not None
    return ("<=" if node.end_included else "<"), node.end


def meets(value: Any, result: Any) -> bool | None:
    """Return whether an input meets what its cell has computed.

    A boolean is compared with a boolean input and else is the answer itself; all else is `compared`.
    """
    if isinstance(result, bool) and not isinstance(value, bool):
        return result if not isinstance(value, list) else _shares(value, result) or result
    return compared(value, result)


def compared(value: Any, result: Any) -> bool | None:
    """Return whether an input meets a value written in its cell, or named there.

    A list is tested by membership, a range by position, all else by equality. So the cell `true` is
    not met by a missing input.
    """
    if isinstance(value, list) and not isinstance(result, list | Range):
        return _shares(value, result)
    return is_in(value, result)


def _shares(values: list[Any], result: Any) -> bool:
    return any(is_in(value, result) for value in values)
