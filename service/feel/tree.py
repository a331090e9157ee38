"""The tree a FEEL text is parsed into. `at` is the character offset, for diagnostics.

Source: DMN 1.5 §10.3.1.2.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from service.feel.types import FeelType


@dataclass(frozen=True, slots=True)
class Node:
    """Anything that has a value."""

    at: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value written down."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or function."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """`{key: value}`."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    """`[a..b]`; `b` or `a` is None in `(< 10)`; `operator` for `(= 1)`, `(!= 1)`."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool
    is_half_open: bool = False
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """`left operator right`, also `and` and `or`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in test` or `value in (test, test)`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then yes else no`."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Loop(Node):
    """`name in domain`, or `name in domain..end` when `end` is there."""

    name: str
    domain: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for iterators return body`."""

    iterators: tuple[Loop, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some` or `every`."""

    is_every: bool
    iterators: tuple[Loop, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`base[condition]`."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`base.name`."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(positional)` or `function(name: value)`."""

    function: Node
    positional: tuple[Node, ...]
    named: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: FeelType


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    """`function(parameters) body`; an external one has no body to run."""

    parameters: tuple[tuple[str, FeelType | None], ...]
    body: Node
    is_external: bool = False


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests; `items` empty is `-`, which anything meets."""

    items: tuple[Node, ...]
    is_negated: bool = False


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below."""
    for entry in fields(node):
        yield from _nodes_in(getattr(node, entry.name))


def _nodes_in(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)


def size_of(node: Node) -> int:
    """Return the number of nodes, this one included."""
    return 1 + sum(map(size_of, children(node)))


def mentions(node: Node, name: str) -> bool:
    """Tell whether a name is spoken of anywhere in the node."""
    if isinstance(node, Name) and node.name == name:
        return True
    return any(mentions(child, name) for child in children(node))


def depth_exceeds(root: Node, limit: int) -> bool:
    """Tell whether some node lies more than `limit` levels down."""
    level, layer = 0, [root]
    while layer:
        level += 1
        if level > limit:
            return True
        layer = [child for node in layer for child in children(node)]
    return False
