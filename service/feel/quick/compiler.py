"""The table of node kinds that have a short way, filled by the modules of this folder."""

from collections.abc import Callable, Mapping
from decimal import DecimalException
from typing import Any, TypeVar

from service.feel.errors import AssertionFailed, Fault, LimitExceeded
from service.feel.tree import Node

Quick = Callable[[Mapping[str, Any]], Any]
_N = TypeVar("_N", bound=Node)
_RULES: dict[type[Node], Callable[[Any, "QuickCompiler"], Quick]] = {}


class Unusual(Exception):
    """The short way does not know what to do with a value: take the long one."""


class NotQuick(Exception):
    """A node has no short way, so neither has its expression."""


RETRIED = (Unusual, KeyError, DecimalException, Fault, LimitExceeded, AssertionFailed)
"""What the short way may raise when it is run."""


def has_short_way(
    kind: type[_N],
) -> Callable[[Callable[[_N, "QuickCompiler"], Quick]], Callable[[_N, "QuickCompiler"], Quick]]:
    """Register the function that compiles one kind of node, or raises `NotQuick`."""

    def register(
        rule: Callable[[_N, "QuickCompiler"], Quick],
    ) -> Callable[[_N, "QuickCompiler"], Quick]:
        if kind in _RULES:
            raise ValueError(f"{kind.__name__} is compiled twice")
        _RULES[kind] = rule
        return rule

    return register


class QuickCompiler:
    """Compiles the nodes of one expression.

    Attributes:
        functions: Names of built-ins called; a variable or host function of that name comes first.
        computes: Whether it needs FEEL's arithmetic around it.
    """

    def __init__(self) -> None:
        self.functions: set[str] = set()
        self.computes = False

    def compile(self, node: Node) -> Quick:
        """Return the closure that gives the node's value from the variables.

        Raises:
            NotQuick: There is none.
        """
        rule = _RULES.get(type(node))
        if rule is None:
            raise NotQuick
        return rule(node, self)


def quick_expression(tree: Node) -> tuple[Quick | None, frozenset[str]]:
    """Return the short way of an expression, or None, and the built-ins it calls."""
    compiler = QuickCompiler()
    try:
        code = compiler.compile(tree)
    except NotQuick:
        return None, frozenset()
    return code, frozenset(compiler.functions)
