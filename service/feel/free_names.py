"""Which names an expression takes from outside."""

from service.feel.builtins import BUILTINS
from service.feel.tree import (
    Call,
    ContextOf,
    For,
    FunctionOf,
    Loop,
    Name,
    Node,
    Quantified,
    children,
)


def free_names(node: Node, bound: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the variables an expression reads, built-in functions and own names left out.

    Inside a filter a name may mean an entry of the item; it is counted all the same.
    """
    found: set[str] = set()
    _collect(node, bound, found)
    return frozenset(found)


def _collect(node: Node, bound: frozenset[str], found: set[str]) -> None:
    match node:
        case Name():
            if node.name not in bound and node.name not in BUILTINS and node.name != "?":
                found.add(node.name)
        case For():
            _collect(node.body, _through(node.iterators, bound | {"partial"}, found), found)
        case Quantified():
            _collect(node.condition, _through(node.iterators, bound, found), found)
        case FunctionOf():
            _collect(node.body, bound | {name for name, _ in node.parameters}, found)
        case ContextOf():
            for key, value in node.entries:
                _collect(value, bound, found)
                bound |= {key}
        case _:
            for child in children(node):
                if not (isinstance(node, Call) and child is node.function and _is_name(child)):
                    _collect(child, bound, found)


def _through(loops: tuple[Loop, ...], bound: frozenset[str], found: set[str]) -> frozenset[str]:
    for loop in loops:
        _collect(loop.domain, bound, found)
        if loop.end is not None:
            _collect(loop.end, bound, found)
        bound |= {loop.name}
    return bound


def _is_name(node: Node) -> bool:
    return isinstance(node, Name)
