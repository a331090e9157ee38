"""Functions that look for items in lists.

Source: DMN 1.5 §10.3.4.4, table 77; Camunda 8 FEEL built-ins.
"""

from decimal import Decimal
from typing import Any

from service.feel.builtins.registry import builtin
from service.feel.comparison import equal
from service.feel.errors import Fault
from service.feel.run import Run

_COMPARISON = 4


def _cost(value: Any) -> int:
    """Return what comparing a value with another costs, in steps; only containers are looked into."""
    return _COMPARISON if isinstance(value, list | dict) else 1


class Seen:
    """Remembers items and tells whether an equal one was seen; quick for plain values."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._plain: set[tuple[type, Any]] = set()
        self._others: list[Any] = []

    def add(self, item: Any) -> bool:
        """Remember the item; tell whether it is new."""
        self._run.step()
        if isinstance(item, str | bool | Decimal) or item is None:
            key = (type(item), item)
            if key in self._plain:
                return False
            self._plain.add(key)
            return True
        self._run.step(_COMPARISON * len(self._others))
        if any(equal(item, other) for other in self._others):
            return False
        self._others.append(item)
        return True


@builtin("list contains", "list: list", "element", needs_run=True)
def _list_contains(run: Run, items: list[Any], element: Any) -> bool:
    run.step(_cost(element) * len(items))
    return any(equal(item, element) for item in items)


@builtin("index of", "list: list", "match", needs_run=True)
def _index_of(run: Run, items: list[Any], match: Any) -> list[Decimal]:
    run.step(_cost(match) * len(items))
    return [Decimal(place) for place, item in enumerate(items, 1) if equal(item, match)]


@builtin("distinct values", "list: list", needs_run=True)
def _distinct_values(run: Run, items: list[Any]) -> list[Any]:
    seen = Seen(run)
    return [item for item in items if seen.add(item)]


@builtin("duplicate values", "list: list", needs_run=True)
def _duplicate_values(run: Run, items: list[Any]) -> list[Any]:
    seen, again = Seen(run), Seen(run)
    for item in items:
        if not seen.add(item):
            again.add(item)
    # What is asked a second time here has been repeated: an item that stands once is new to `again`.
    listed = Seen(run)
    return [item for item in items if not again.add(item) and listed.add(item)]


@builtin("union", "list: list", rest=True, needs_run=True)
@builtin("union", "lists: list", rest=True, needs_run=True)
def _union(run: Run, lists: list[Any]) -> list[Any]:
    seen, joined = Seen(run), []
    for part in lists:
        if part is None:
            raise Fault("应为列表，实际为 null", "Expected a list, but got null.")
        joined += [item for item in (part if isinstance(part, list) else [part]) if seen.add(item)]
    return joined
