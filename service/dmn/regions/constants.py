"""Which constants a cell compares its input with; None where the cell asks anything else.

A cell whose answer hangs on comparisons of `?` with constants alone has the same answer for all
values between two neighbouring constants. That is what makes tables decidable.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from service.feel import Surroundings, UnaryTests
from service.feel.compiling import Compiler
from service.feel.expression import guarded
from service.feel.number_context import feel_numbers
from service.feel.run import Frame, Run
from service.feel.tree import (
    Between,
    Binary,
    Call,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Name,
    Negation,
    Node,
    RangeOf,
    children,
    mentions,
)
from service.feel.values import Range

MAKERS = frozenset(
    {
        "date", "time", "date and time", "duration", "years and months duration", "number",
        "string", "upper case", "lower case", "abs", "floor", "ceiling", "decimal",
    }
)  # fmt: skip
"""Built-in functions whose value over constants is a constant."""

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_LOGIC = frozenset({"and", "or"})
_ARITHMETIC = frozenset({"+", "-", "*", "/", "**"})

# Constants are computed apart from the world: no clock reaches them.
NOWHERE = Surroundings(datetime(1970, 1, 1, tzinfo=UTC), ZoneInfo("UTC"))


class NotAlone(Exception):
    """The cell asks more than comparisons of its input with constants."""


@dataclass(frozen=True)
class Constants:
    """Tells and computes constants.

    Attributes:
        taken: Names the file gives to functions of its own, so that a call of them is no constant.
    """

    taken: frozenset[str] = frozenset()

    def is_constant(self, node: Node) -> bool:
        """Tell whether a node has the same value whatever the variables are."""
        match node:
            case Literal():
                return True
            case Call(function=Name(name=name)):
                is_maker = name in MAKERS and name not in self.taken
                arguments = (*node.positional, *(value for _, value in node.named))
                return is_maker and all(map(self.is_constant, arguments))
            case Binary():
                is_known = node.operator in _ARITHMETIC
            case Negation() | ListOf() | RangeOf():
                is_known = True
            case _:
                is_known = False
        return is_known and all(map(self.is_constant, children(node)))

    def value(self, node: Node) -> Any:
        """Return the value of a constant node; what fails is null, as in an evaluation."""
        with feel_numbers():
            return guarded(Compiler("").compile(node), Frame({}, None, Run(NOWHERE)))


def values_compared(tests: UnaryTests, constants: Constants) -> list[Any] | None:
    """Return every constant that a cell compares its input with, or None when it does more.

    Ends of ranges and items of lists are given one by one.
    """
    found: list[Any] = []
    try:
        for item in children(tests.tree):
            _item(item, constants, found)
    except NotAlone:
        return None
    return found


def _item(node: Node, constants: Constants, found: list[Any]) -> None:
    if mentions(node, "?"):
        _condition(node, constants, found)
    else:
        _constant(node, constants, found)


def _constant(node: Node, constants: Constants, found: list[Any]) -> None:
    if not constants.is_constant(node):
        raise NotAlone
    if isinstance(node, RangeOf):
        # Its ends, also of one that is the wrong way round, so that nothing lies in it.
        ends = [constants.value(end) for end in (node.start, node.end) if end is not None]
        found.extend(end for end in ends if end is not None)
    else:
        _spread(constants.value(node), found)


def _spread(value: Any, found: list[Any]) -> None:
    if isinstance(value, Range):
        found.extend(end for end in (value.start, value.end) if end is not None)
    elif isinstance(value, list):
        for item in value:
            _spread(item, found)
    else:
        found.append(value)


def _condition(node: Node, constants: Constants, found: list[Any]) -> None:
    if not mentions(node, "?"):
        _constant(node, constants, found)
    elif _is_input(node):
        found.extend((False, True))
    else:
        rule = _CONDITIONS.get(type(node))
        if rule is None:
            raise NotAlone
        rule(node, constants, found)


def _is_input(node: Node) -> bool:
    return isinstance(node, Name) and node.name == "?"


def _binary(node: Binary, constants: Constants, found: list[Any]) -> None:
    if node.operator in _LOGIC:
        _condition(node.left, constants, found)
        _condition(node.right, constants, found)
        return
    if node.operator not in _COMPARISONS or _is_input(node.left) == _is_input(node.right):
        raise NotAlone
    _constant(node.right if _is_input(node.left) else node.left, constants, found)


def _in(node: In, constants: Constants, found: list[Any]) -> None:
    _needs_input(node.value)
    for test in node.tests:
        _constant(test, constants, found)


def _between(node: Between, constants: Constants, found: list[Any]) -> None:
    _needs_input(node.value)
    _constant(node.low, constants, found)
    _constant(node.high, constants, found)


def _instance_of(node: InstanceOf, constants: Constants, found: list[Any]) -> None:
    _needs_input(node.value)


def _needs_input(node: Node) -> None:
    if not _is_input(node):
        raise NotAlone


def _call(node: Call, constants: Constants, found: list[Any]) -> None:
    is_not = isinstance(node.function, Name) and node.function.name == "not"
    if not is_not or "not" in constants.taken or len(node.positional) != 1 or node.named:
        raise NotAlone
    _condition(node.positional[0], constants, found)


_CONDITIONS: dict[type[Node], Callable[[Any, Constants, list[Any]], None]] = {
    Binary: _binary,
    In: _in,
    Between: _between,
    InstanceOf: _instance_of,
    Call: _call,
}
