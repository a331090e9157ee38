"""The shape of what may be submitted: which keys exist, where objects and where lists stand."""

from collections.abc import Iterator, Mapping
from typing import Any

from service.domain.errors import FieldProblem
from service.forms.messages import problem
from service.forms.model import Component, Form, Node
from service.forms.paths import Path


def shape_of(components: tuple[Component, ...]) -> tuple[Node, tuple[Component, ...]]:
    """Return the tree of paths, and the components that want a place taken by an earlier one."""
    root, refused = Node(), list[Component]()
    _claim_all(root, components, refused)
    return root, tuple(refused)


def shape_problems(form: Form, submitted: Mapping[str, Any]) -> Iterator[FieldProblem]:
    """Return the keys that the form does not know, and objects and lists where none may stand."""
    yield from _problems(form.shape, submitted, ())


def _claim_all(node: Node, components: tuple[Component, ...], refused: list[Component]) -> None:
    for component in components:
        target = _claim(node, component)
        if target is None:
            refused.append(component)
        else:
            _claim_all(target, component.children, refused)


def _claim(node: Node, component: Component) -> Node | None:
    """Return the node where a component stands; None when the way there or the place is taken."""
    if not component.path:
        return node
    *way, last = component.path
    for step in way:
        node = node.children.setdefault(step, Node())
        if node.component is not None:
            return None
    is_new = last not in node.children
    node = node.children.setdefault(last, Node())
    if component.is_keyed or component.is_repeating:
        if not is_new:
            return None
        node.component = component
    return node if node.component in (None, component) else None


def _problems(node: Node, given: Any, path: Path) -> Iterator[FieldProblem]:
    if not isinstance(given, Mapping):
        yield problem("type", path, None, {"expected": "一组数据"})
        return
    for key, value in given.items():
        below, here = node.children.get(key), (*path, key)
        if below is None:
            yield problem("unknown_key", here, None, {"key": key})
        elif below.component is None:
            if value is not None:
                yield from _problems(below, value, here)
        elif below.component.is_repeating:
            yield from _row_problems(below, below.component, value, here)


def _row_problems(
    node: Node, component: Component, value: Any, path: Path
) -> Iterator[FieldProblem]:
    if value is None:
        return
    if not isinstance(value, list):
        yield problem("type", path, component.id, {"expected": "列表"})
        return
    for index, row in enumerate(value):
        yield from _problems(node, row, (*path, index))
