"""The graph of requirements between the elements of one file."""

from collections.abc import Mapping

from service.dmn.model import Decision, Knowledge, Node


def cycle_in(nodes: Mapping[str, Node]) -> tuple[str, ...]:
    """Return the ids along a cycle of requirements, the first repeated at the end; or nothing."""
    done: set[str] = set()
    for start in nodes:
        path: dict[str, None] = {}
        found = _visit(nodes, start, path, done)
        if found:
            return found
    return ()


def _visit(
    nodes: Mapping[str, Node], start: str, path: dict[str, None], done: set[str]
) -> tuple[str, ...]:
    stack = [(start, iter(_next(nodes, start)))]
    path[start] = None
    while stack:
        current, following = stack[-1]
        target = next(following, None)
        if target is None:
            stack.pop()
            path.pop(current)
            done.add(current)
        elif target in path:
            ids = list(path)
            return (*ids[ids.index(target) :], target)
        elif target not in done:
            path[target] = None
            stack.append((target, iter(_next(nodes, target))))
    return ()


def _next(nodes: Mapping[str, Node], start: str) -> list[str]:
    node = nodes[start]
    if not isinstance(node, Decision | Knowledge):
        return []
    return [one.id for one in node.requires if not one.namespace and one.id in nodes]
