"""Values inside nested JSON by path: names for objects, numbers for lists."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

MISSING: Any = object()
"""Stands where no value is; never part of an answer."""

_OBJECTS = (dict, Mapping)
"""The usual one first: whether something is a `Mapping` takes longer to find out."""

Path = tuple[str | int, ...]


def get_at(data: Any, path: Path, default: Any = MISSING) -> Any:
    """Return the value at a path, or `default` where the path leads nowhere."""
    for step in path:
        if isinstance(step, int):
            if not _is_list(data) or step >= len(data):
                return default
            data = data[step]
        elif isinstance(data, _OBJECTS) and step in data:
            data = data[step]
        else:
            return default
    return data


def set_at(data: dict[str, Any], path: Path, value: Any) -> None:
    """Put a value at a path, making objects on the way; an index out of range changes nothing."""
    node: Any = data
    for step, following in itertools.pairwise(path):
        node = _child(node, step, make_list=isinstance(following, int))
        if node is None:
            return
    last = path[-1]
    if isinstance(last, str) or last < len(node):
        node[last] = value


def rows_at(data: Any, path: Path) -> Sequence[Any]:
    """Return the list at a path; empty when there is none."""
    rows = get_at(data, path)
    return rows if _is_list(rows) else ()


def _child(node: Any, step: str | int, *, make_list: bool) -> Any:
    expected: type = list if make_list else dict
    if isinstance(step, int):
        if step >= len(node):
            return None
    elif not isinstance(node.get(step), expected):
        node[step] = expected()
    if not isinstance(node[step], expected):
        node[step] = expected()
    return node[step]


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))
