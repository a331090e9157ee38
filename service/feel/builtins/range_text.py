"""Ranges out of text whose ends are constants.

Source: DMN 1.5 §10.3.1.2 rules 66 and 67, §10.3.4.1 `range(from)`.
"""

import re
from decimal import Decimal
from typing import Any

from service.feel.builtin_names import CONSTRUCTORS
from service.feel.builtins.registry import BUILTINS, builtin
from service.feel.comparison import order
from service.feel.errors import Fault, FeelSyntaxError
from service.feel.invoking import invoke
from service.feel.parser import parse_expression
from service.feel.run import Run
from service.feel.tree import Call, Literal, Name, Negation, Node, RangeOf
from service.feel.values import Range

_NO_END = re.compile(r"\s*([\[(\]])(.+)\.\.\s*[)\[]\s*", re.DOTALL)
_NO_START = re.compile(r"\s*[(\]]\s*\.\.(.+)([)\[\]])\s*", re.DOTALL)
_MOST_CHARACTERS = 1_000
_COST_OF_A_CHARACTER = 4


@builtin("range", "from: string", needs_run=True)
def _range(run: Run, text: str) -> Range:
    if len(text) > _MOST_CHARACTERS:
        raise _no_range(text)
    run.step(len(text) * _COST_OF_A_CHARACTER)
    endless = _NO_END.fullmatch(text)
    if endless is not None:
        start = _only_end(run, endless[2], text)
        return Range(start, None, endless[1] == "[", False, is_half_open=True)
    beginless = _NO_START.fullmatch(text)
    if beginless is not None:
        end = _only_end(run, beginless[1], text)
        return Range(None, end, False, beginless[2] == "]", is_half_open=True)
    node = _parsed(text, text)
    if not isinstance(node, RangeOf) or node.start is None or node.end is None:
        raise Fault(f"不是有两端的区间：“{text[:40]}”", f"No range with two ends: '{text[:40]}'.")
    start, end = _constant(run, node.start), _constant(run, node.end)
    found = order(start, end) if type(start) is type(end) else None
    if found is None or found > 0:
        raise Fault(
            f"区间的两端不可比较，或次序颠倒：“{text[:40]}”",
            f"The ends have no order or are the wrong way round: '{text[:40]}'.",
        )
    return Range(start, end, node.start_included, node.end_included)


def _only_end(run: Run, written: str, text: str) -> Any:
    """Return the end of a range that has no other, such as `[2..)`."""
    value = _constant(run, _parsed(written, text))
    if order(value, value) is None:
        raise _no_range(text)
    return value


def _parsed(written: str, text: str) -> Node:
    try:
        return parse_expression(written)
    except FeelSyntaxError as error:
        raise _no_range(text) from error


def _no_range(text: str) -> Fault:
    return Fault(f"不是区间：“{text[:40]}”", f"No range: '{text[:40]}'.")


def _constant(run: Run, node: Node) -> Any:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Negation):
        value = _constant(run, node.operand)
        if isinstance(value, Decimal):
            return -value
    if isinstance(node, Call) and isinstance(node.function, Name) and not node.named:
        arguments = [one.value for one in node.positional if isinstance(one, Literal)]
        if node.function.name in CONSTRUCTORS and len(arguments) == len(node.positional):
            return invoke(run, BUILTINS[node.function.name], arguments)
    raise Fault("区间的两端应为常量", "Expected the range's ends to be constants.")
