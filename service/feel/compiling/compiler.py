"""Tree to closures: the table of node kinds, filled by the modules of this folder."""

from collections.abc import Callable
from typing import Any, TypeVar

from service.feel.run import Frame, Place
from service.feel.tree import Node

Code = Callable[[Frame], Any]
_N = TypeVar("_N", bound=Node)
_RULES: dict[type[Node], Callable[[Any, "Compiler"], Code]] = {}


def compiles(
    kind: type[_N],
) -> Callable[[Callable[[_N, "Compiler"], Code]], Callable[[_N, "Compiler"], Code]]:
    """Register the function that compiles one kind of node."""

    def register(rule: Callable[[_N, "Compiler"], Code]) -> Callable[[_N, "Compiler"], Code]:
        if kind in _RULES:
            raise ValueError(f"{kind.__name__} is compiled twice")
        _RULES[kind] = rule
        return rule

    return register


class Compiler:
    """Compiles the nodes of one text.

    Attributes:
        has_scopes: Whether the node at hand stands inside a frame of the expression's own.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.has_scopes = False

    def compile(self, node: Node) -> Code:
        """Return the closure that gives the node's value."""
        return _RULES[type(node)](node, self)

    def compile_inner(self, node: Node) -> Code:
        """Do as `compile` for a node inside a frame of its own."""
        outer, self.has_scopes = self.has_scopes, True
        code = self.compile(node)
        self.has_scopes = outer
        return code

    def place(self, at: int) -> Place:
        """Return line and column of an offset."""
        return self.text.count("\n", 0, at) + 1, at - self.text.rfind("\n", 0, at)
