"""The short way of filters, `some`, `every` and `for` over one list that is there.

The bodies have no loops and no calls themselves, so the work is that of reading the list once.
"""

from collections.abc import Callable, Mapping
from typing import Any

from service.feel.free_names import free_names
from service.feel.quick.compiler import NotQuick, Quick, QuickCompiler, Unusual, has_short_way
from service.feel.quick.expressions import small
from service.feel.tree import Filter, For, Loop, Node, Quantified, children, mentions, size_of

_NODES = 100_000


def _body(node: Node) -> tuple[Quick, Callable[..., dict[str, Any]]]:
    """Return the short way of what is done once an item, and how to pick the variables it reads."""
    if _loops(node):
        raise NotQuick
    inner = QuickCompiler()
    code = inner.compile(node)
    if inner.functions:
        raise NotQuick
    used = tuple(free_names(node))

    def outer_scope(names: Mapping[str, Any]) -> dict[str, Any]:
        return {name: names[name] for name in used if name in names}

    return code, outer_scope


def _loops(node: Node) -> bool:
    return isinstance(node, Filter | For | Quantified) or any(map(_loops, children(node)))


def _items(value: Any, most: int) -> list[Any]:
    if type(value) is not list or len(value) > most:
        raise Unusual
    return value


def _most_items(body: Node) -> int:
    """Return for how many items a body may be done without keeping account."""
    return _NODES // size_of(body)


@has_short_way(Filter)
def _filter(node: Filter, compiler: QuickCompiler) -> Quick:
    base = compiler.compile(node.base)
    condition, outer_scope = _body(node.condition)
    most = _most_items(node.condition)

    def code(names: Mapping[str, Any]) -> list[Any]:
        items = _items(base(names), most)
        scope, kept = outer_scope(names), []
        if not items:
            raise Unusual
        for item in items:
            inner = {**scope, "item": item}
            if type(item) is dict:
                inner.update(item)
            met = condition(inner)
            if met is True:
                kept.append(item)
            elif met is not False:
                raise Unusual
        return kept

    return code


@has_short_way(Quantified)
def _quantified(node: Quantified, compiler: QuickCompiler) -> Quick:
    name, domain = _single(node.iterators, compiler)
    condition, outer_scope = _body(node.condition)
    is_every, most = node.is_every, _most_items(node.condition)

    def code(names: Mapping[str, Any]) -> bool:
        scope = outer_scope(names)
        for item in _items(domain(names), most):
            scope[name] = item
            met = condition(scope)
            if met is (not is_every):
                return not is_every
            if met is not is_every:
                raise Unusual
        return is_every

    return code


@has_short_way(For)
def _for(node: For, compiler: QuickCompiler) -> Quick:
    name, domain = _single(node.iterators, compiler)
    body, outer_scope = _body(node.body)
    most = _most_items(node.body)
    if mentions(node.body, "partial"):
        raise NotQuick

    def code(names: Mapping[str, Any]) -> list[Any]:
        scope, results = outer_scope(names), []
        for item in _items(domain(names), most):
            scope[name] = item
            results.append(small(body(scope)))
        return results

    return code


def _single(loops: tuple[Loop, ...], compiler: QuickCompiler) -> tuple[str, Quick]:
    if len(loops) != 1 or loops[0].end is not None:
        raise NotQuick
    return loops[0].name, compiler.compile(loops[0].domain)
