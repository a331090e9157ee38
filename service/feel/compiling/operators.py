"""Operators, comparisons, three-valued logic, `if`, `in`, `between`, `instance of`.

Source: DMN 1.5 §10.3.2.5, §10.3.2.10, §10.3.2.13.
"""

from collections.abc import Callable
from decimal import Decimal, DecimalException
from operator import add as plus
from operator import mul as times
from operator import sub as minus
from typing import Any

from service.feel import arithmetic
from service.feel.comparison import equal, is_in, less_or_equal, order
from service.feel.compiling.compiler import Code, Compiler, compiles
from service.feel.compiling.literals import interval_code
from service.feel.compiling.noting import note_incomparable
from service.feel.errors import Fault
from service.feel.run import Frame
from service.feel.tree import (
    Between,
    Binary,
    Filter,
    If,
    In,
    InstanceOf,
    Name,
    Negation,
    Node,
    Path,
    RangeOf,
    mentions,
)
from service.feel.types import is_instance
from service.feel.wording import Text

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "**": arithmetic.power,
}
_QUICK: dict[str, Callable[[Any, Any], Any]] = {"+": plus, "-": minus, "*": times}
_COST = {"**": 100}
_ORDER: dict[str, Callable[[int], bool]] = {
    "<": lambda found: found < 0,
    "<=": lambda found: found <= 0,
    ">": lambda found: found > 0,
    ">=": lambda found: found >= 0,
}


@compiles(Binary)
def _binary(node: Binary, compiler: Compiler) -> Code:
    left, right = compiler.compile(node.left), compiler.compile(node.right)
    if node.operator == "and":
        return _logic(left, right, decisive=False)
    if node.operator == "or":
        return _logic(left, right, decisive=True)
    if node.operator in _ARITHMETIC:
        return _arithmetic(node, compiler, left, right)
    if node.operator in _ORDER:
        return _ordering(node, compiler, left, right)
    return _equality(node, compiler, left, right)


def _logic(left: Code, right: Code, *, decisive: bool) -> Code:
    def code(frame: Frame) -> Any:
        one = left(frame)
        if one is decisive:
            return decisive
        other = right(frame)
        if other is decisive:
            return decisive
        return (not decisive) if one is other is (not decisive) else None

    return code


def _arithmetic(node: Binary, compiler: Compiler, left: Code, right: Code) -> Code:
    compute, quick = _ARITHMETIC[node.operator], _QUICK.get(node.operator)
    place, cost = compiler.place(node.at), _COST.get(node.operator, 3)

    def slow(frame: Frame, one: Any, other: Any) -> Any:
        frame.run.step(cost)
        frame.run.charge(one)
        try:
            return compute(one, other)
        except Fault as fault:
            frame.run.note(fault.kind, fault.text, place)
            return None

    def code(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        if quick is not None and type(one) is Decimal and type(other) is Decimal:
            try:
                return quick(one, other)
            except DecimalException:
                pass
        return slow(frame, one, other)

    return code


def _ordering(node: Binary, compiler: Compiler, left: Code, right: Code) -> Code:
    judge, place = _ORDER[node.operator], compiler.place(node.at)

    def code(frame: Frame) -> bool | None:
        one, other = left(frame), right(frame)
        found = order(one, other)
        if found is None:
            note_incomparable(frame, one, other, place)
            return None
        return judge(found)

    return code


def _equality(node: Binary, compiler: Compiler, left: Code, right: Code) -> Code:
    is_same, place = node.operator == "=", compiler.place(node.at)

    def code(frame: Frame) -> bool | None:
        one, other = left(frame), right(frame)
        frame.run.charge(one)
        found = equal(one, other)
        if found is None:
            note_incomparable(frame, one, other, place)
            return None
        return found is is_same

    return code


@compiles(Negation)
def _negation(node: Negation, compiler: Compiler) -> Code:
    operand, place = compiler.compile(node.operand), compiler.place(node.at)

    def code(frame: Frame) -> Any:
        try:
            return arithmetic.negate(operand(frame))
        except Fault as fault:
            frame.run.note(fault.kind, fault.text, place)
            return None

    return code


@compiles(Between)
def _between(node: Between, compiler: Compiler) -> Code:
    parts = [compiler.compile(part) for part in (node.value, node.low, node.high)]
    place = compiler.place(node.at)

    def code(frame: Frame) -> bool | None:
        value, low, high = (part(frame) for part in parts)
        above, below = less_or_equal(low, value), less_or_equal(value, high)
        if above is None or below is None:
            note_incomparable(frame, value, low if above is None else high, place)
            return None
        return above and below

    return code


@compiles(In)
def _in(node: In, compiler: Compiler) -> Code:
    value = compiler.compile(node.value)
    tests = [_test_of_in(test, compiler) for test in node.tests]

    def code(frame: Frame) -> bool | None:
        subject = value(frame)
        answers = []
        for test in tests:
            answer = test(frame, subject)
            if answer:
                return True
            answers.append(answer)
        return None if None in answers else False

    return code


def _test_of_in(node: Node, compiler: Compiler) -> Callable[[Frame, Any], bool | None]:
    """Return the test; inside a condition (`? < 10`) the subject is `?`, as in a cell."""
    if not mentions(node, "?") or _begins_with_question(node):
        test = (
            interval_code(node, compiler) if isinstance(node, RangeOf) else compiler.compile(node)
        )

        def membership(frame: Frame, subject: Any) -> bool | None:
            tested = test(frame)
            frame.run.charge(tested)
            return is_in(subject, tested)

        return membership
    condition = compiler.compile_inner(node)

    def met(frame: Frame, subject: Any) -> bool | None:
        answer = condition(Frame({"?": subject}, frame, frame.run))
        return answer if isinstance(answer, bool) else None

    return met


def _begins_with_question(node: Node) -> bool:
    while isinstance(node, Path | Filter):
        node = node.base
    return isinstance(node, Name)


@compiles(If)
def _if(node: If, compiler: Compiler) -> Code:
    condition = compiler.compile(node.condition)
    yes, no = compiler.compile(node.yes), compiler.compile(node.no)
    return lambda frame: yes(frame) if condition(frame) is True else no(frame)


@compiles(InstanceOf)
def _instance_of(node: InstanceOf, compiler: Compiler) -> Code:
    value, wanted = compiler.compile(node.value), node.type
    place = compiler.place(node.at)

    def code(frame: Frame) -> bool | None:
        if wanted.kind == "unknown":
            frame.run.note("wrong_type", Text("未知的类型", "The type is unknown."), place)
            return None
        return is_instance(value(frame), wanted, frame.run.step)

    return code
