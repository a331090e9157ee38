"""Sorting, by the natural order or by a function.

Source: DMN 1.5 §10.3.4.6, table 79.
"""

from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from service.feel.builtins.registry import builtin
from service.feel.comparison import order
from service.feel.errors import Fault
from service.feel.invoking import invoke
from service.feel.run import Run
from service.feel.values import Builtin, Function, Lambda

_COMPARISON = 2


@builtin("sort", "list: list", "precedes?: function", needs_run=True)
def _sort(
    run: Run, items: list[Any], precedes: Function | Lambda | Builtin | None = None
) -> list[Any]:
    if precedes is not None:
        return _sorted_by(run, items, precedes)
    kinds = {type(item) for item in items}
    if len(kinds) <= 1 and kinds <= {Decimal, str}:
        run.step(len(items))
        return sorted(items)
    run.step(_COMPARISON * len(items) * len(items).bit_length())
    return sorted(items, key=cmp_to_key(_natural))


def _sorted_by(run: Run, items: list[Any], precedes: Function | Lambda | Builtin) -> list[Any]:
    def compare(one: Any, other: Any) -> int:
        before = invoke(run, precedes, [one, other])
        if not isinstance(before, bool):
            raise Fault(
                "排序函数的结果应为布尔值", "Expected the sorting function to return a boolean."
            )
        # Sorting asks for «below 0» only; so whether the other comes first need not be known.
        return -1 if before else 0

    return sorted(items, key=cmp_to_key(compare))


def _natural(one: Any, other: Any) -> int:
    found = order(one, other)
    if found is None:
        raise Fault("列表中的值不可比较", "The list's values have no common order.")
    return found
