"""How large a value is when everything it holds is counted wherever it is held.

A few lines of FEEL can hold one list in itself a million times over (`[a, a]` of `[b, b]` of ...); in
memory it is small, but whoever walks over it never comes back. So containers are weighed when made.
"""

from typing import Any

from service.feel.errors import LimitExceeded
from service.feel.limits import LIST_ITEMS, VALUE_DEPTH

_CHARACTERS = 64


class Scales:
    """Weighs the values of one evaluation, each container once."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        # The values are kept beside their weights, so that no id is given twice.
        self._known: dict[int, tuple[Any, int, int]] = {}

    def weight(self, value: Any) -> int:
        """Return the number of values inside, texts counting by their length.

        Raises:
            LimitExceeded: It is too large or too deep.
        """
        return self._weigh(value)[0]

    def _weigh(self, value: Any) -> tuple[int, int]:
        kind = type(value)
        if kind is str:
            return 1 + len(value) // _CHARACTERS, 0
        if kind is not list and kind is not dict:
            return 1, 0
        known = self._known.get(id(value))
        if known is not None:
            return known[1], known[2]
        total, depth = 1, 0
        for inner in value if kind is list else value.values():
            weight, below = self._weigh(inner)
            total += weight
            depth = max(depth, below)
            if total > LIST_ITEMS or depth >= VALUE_DEPTH:
                raise LimitExceeded(
                    f"数据超过 {LIST_ITEMS} 项或 {VALUE_DEPTH} 层",
                    f"The data exceeds {LIST_ITEMS} items or {VALUE_DEPTH} levels.",
                )
        self._known[id(value)] = (value, total, depth + 1)
        return total, depth + 1
