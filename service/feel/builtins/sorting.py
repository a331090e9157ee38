"""Sorting, by the natural order or by a function.

Source: DMN 1.5 §10.3.4.6, table 79.
"""

from functools import cmp_to_key
from typing import Any

from service.feel.builtins.registry import builtin
from service.feel.comparison import order
from service.feel.errors import Fault
from service.feel.invoking import invoke
from service.feel.run import Run
from service.feel.values import Builtin, Function, Lambda


@builtin("sort", "list: list", "precedes?: function", needs_run=True)
def _sort(
    run: Run, items: list[Any], precedes: Function | Lambda | Builtin | None = None
) -> list[Any]:
    run.step(2 * len(items))
    if precedes is None:
        return sorted(items, key=cmp_to_key(_natural))
    by = precedes

    def compare(one: Any, other: Any) -> int:
        before = invoke(run, by, [one, other])
        if not isinstance(before, bool):
            raise Fault(
                "排序函数的结果应为布尔值", "Expected the sorting function to return a boolean."
            )
        if before:
            return -1
        return 1 if invoke(run, by, [other, one]) is True else 0

    return sorted(items, key=cmp_to_key(compare))


def _natural(one: Any, other: Any) -> int:
    found = order(one, other)
    if found is None:
        raise Fault("列表中的值不可比较", "The list's values have no common order.")
    return found
