"""Functions that sum up lists: count, min, max, sum, mean, median, stddev, mode, product.

Source: DMN 1.5 §10.3.4.4, table 77.
"""

from decimal import Decimal
from functools import reduce
from typing import Any

from service.feel.arithmetic import add
from service.feel.builtins.registry import builtin
from service.feel.comparison import order
from service.feel.errors import Fault
from service.feel.values import DaysTimeDuration, YearsMonthsDuration


def _numbers(items: list[Any]) -> list[Decimal]:
    if not all(isinstance(item, Decimal) for item in items):
        raise Fault("列表只能含有数字", "Expected a list of numbers only.")
    return items


@builtin("count", "list: list", is_glance=True)
def _count(items: list[Any]) -> Decimal:
    return Decimal(len(items))


@builtin("min", "list: list", rest=True)
def least(items: list[Any]) -> Any:
    """Return the least item, None of an empty list.

    Raises:
        Fault: The items have no common order.
    """
    return _extreme(items, -1)


@builtin("max", "list: list", rest=True)
def greatest(items: list[Any]) -> Any:
    """Return the greatest item, None of an empty list.

    Raises:
        Fault: The items have no common order.
    """
    return _extreme(items, 1)


def _extreme(items: list[Any], direction: int) -> Any:
    if not items:
        return None
    best = items[0]
    for item in items:
        found = order(item, best)
        if found is None:
            raise Fault("列表中的值不可比较", "The list's values have no common order.")
        if found * direction > 0:
            best = item
    return best


@builtin("sum", "list: list", rest=True)
def total(items: list[Any]) -> Any:
    """Return the sum of numbers or of durations of one kind, None of an empty list.

    Raises:
        Fault: The items are neither.
    """
    if not items:
        return None
    if not isinstance(items[0], Decimal | DaysTimeDuration | YearsMonthsDuration):
        raise Fault("列表只能含有数字或时长", "Expected a list of numbers or durations only.")
    return reduce(add, items)


@builtin("mean", "list: list", rest=True)
def _mean(items: list[Any]) -> Decimal | None:
    return sum(_numbers(items), Decimal(0)) / len(items) if items else None


@builtin("median", "list: list", rest=True)
def _median(items: list[Any]) -> Decimal | None:
    if not items:
        return None
    ranked, middle = sorted(_numbers(items)), len(items) // 2
    if len(ranked) % 2:
        return ranked[middle]
    return (ranked[middle - 1] + ranked[middle]) / 2


@builtin("stddev", "list: list", rest=True, cost=15)
def _stddev(items: list[Any]) -> Decimal | None:
    numbers = _numbers(items)
    if len(numbers) < 2:
        raise Fault("标准差至少需要两个数字", "A standard deviation needs two numbers at least.")
    mean = sum(numbers, Decimal(0)) / len(numbers)
    squares = sum(((number - mean) ** 2 for number in numbers), Decimal(0))
    return (squares / (len(numbers) - 1)).sqrt()


@builtin("mode", "list: list", rest=True)
def _mode(items: list[Any]) -> list[Decimal]:
    counts: dict[Decimal, int] = {}
    for number in _numbers(items):
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


@builtin("product", "list: list", rest=True)
def _product(items: list[Any]) -> Decimal | None:
    if not items:
        return None
    product = Decimal(1)
    for number in _numbers(items):
        product *= number
    return product
