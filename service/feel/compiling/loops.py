"""`for`, `some`, `every` and filters: bodies evaluated once an item.

Source: DMN 1.5 §10.3.2.5, §10.3.2.14; the DMN TCK 0069, 0084.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from service.feel.calendar_days import day_number, day_of
from service.feel.compiling.compiler import Code, Compiler, compiles
from service.feel.errors import Fault
from service.feel.run import Frame, Run
from service.feel.tree import Filter, For, Loop, Node, Quantified, mentions, size_of
from service.feel.values import Date, Range, type_label


def round_cost(body: Node) -> int:
    """Return what doing a body once costs, in steps, calls and inner loops aside."""
    return 3 + size_of(body) // 4


@compiles(For)
def _for(node: For, compiler: Compiler) -> Code:
    loops, place = _Loops(node.iterators, node.body, compiler), compiler.place(node.at)
    body = compiler.compile_inner(node.body)
    uses_partial = mentions(node.body, "partial")

    def code(frame: Frame) -> list[Any] | None:
        results: list[Any] = []
        seen: dict[str, Any] = {}
        outer = Frame(seen, frame, frame.run) if uses_partial else frame
        try:
            for inner in loops.frames(outer):
                if uses_partial:
                    frame.run.step(len(results) // 10)
                    seen["partial"] = results[:]
                results.append(body(inner))
        except Fault as fault:
            frame.run.note(fault.kind, fault.text, place)
            return None
        frame.run.made(results)
        return results

    return code


@compiles(Quantified)
def _quantified(node: Quantified, compiler: Compiler) -> Code:
    place = compiler.place(node.at)
    loops = _Loops(node.iterators, node.condition, compiler)
    condition, is_every = compiler.compile_inner(node.condition), node.is_every

    def code(frame: Frame) -> bool | None:
        answer: bool | None = is_every
        try:
            for inner in loops.frames(frame):
                met = condition(inner)
                if met is (not is_every):
                    return not is_every
                if not isinstance(met, bool):
                    answer = None
        except Fault as fault:
            frame.run.note(fault.kind, fault.text, place)
            return None
        return answer

    return code


class _Loops:
    """The iterators of one expression, the last turning fastest."""

    def __init__(self, loops: tuple[Loop, ...], body: Node, compiler: Compiler) -> None:
        self._loops = [
            (
                loop.name,
                compiler.compile_inner(loop.domain),
                compiler.compile_inner(loop.end) if loop.end is not None else None,
            )
            for loop in loops
        ]
        self._cost = round_cost(body)

    def frames(self, frame: Frame, level: int = 0) -> Iterator[Frame]:
        """Yield a frame for every combination of items.

        The steps of a loop are used up before it begins: what is too long does not even start.

        Raises:
            Fault: Something is no list.
            LimitExceeded: There are too many items.
        """
        name, domain, end = self._loops[level]
        start, run = domain(frame), frame.run
        items = iterate(start) if end is None else _steps(start, end(frame))
        run.step(self._cost * len(items))
        is_last = level == len(self._loops) - 1
        for item in items:
            inner = Frame({name: item}, frame, run)
            if is_last:
                yield inner
            else:
                yield from self.frames(inner, level + 1)


class _Items(Protocol):
    """What a loop goes through; how much it is, is known before."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Any]: ...


@dataclass(frozen=True)
class _Ordinals:
    """The whole numbers or days of a range, made one by one."""

    like: Any
    numbers: range

    def __len__(self) -> int:
        try:
            return len(self.numbers)
        except OverflowError:
            return sys.maxsize

    def __iter__(self) -> Iterator[Any]:
        return map(day_of if isinstance(self.like, Date) else Decimal, self.numbers)


def iterate(domain: Any) -> _Items:
    """Return the items of a list, or the whole numbers or days of a range that rises.

    Raises:
        Fault: There is nothing to go through.
    """
    if isinstance(domain, list):
        return domain
    if isinstance(domain, Range):
        return _range_items(domain)
    if domain is None:
        raise Fault("循环的对象为 null", "The loop goes over null.", "wrong_type")
    return [domain]


def _range_items(interval: Range) -> _Items:
    low, high = _ordinal(interval.start), _ordinal(interval.end)
    low += not interval.start_included
    high -= not interval.end_included
    if low > high:
        raise Fault("循环的区间为空或反向", "The loop's range is empty or descends.", "wrong_type")
    return _Ordinals(interval.start, range(low, high + 1))


def _steps(start: Any, end: Any) -> _Items:
    low, high = _ordinal(start), _ordinal(end)
    if type(start) is not type(end):
        raise Fault(
            "循环区间两端的类型不同", "The ends of the loop's range differ in type.", "wrong_type"
        )
    ordinals = range(low, high + 1) if low <= high else range(low, high - 1, -1)
    return _Ordinals(start, ordinals)


def _ordinal(value: Any) -> int:
    if isinstance(value, Date):
        return day_number(value)
    if isinstance(value, Decimal) and abs(value) < 10**15 and value == value.to_integral_value():
        return int(value)
    raise Fault(
        f"循环的区间应为整数或日期，实际为{type_label(value)}",
        f"Expected a range of whole numbers or dates, but got {type_label(value):en}.",
        "wrong_type",
    )


@compiles(Filter)
def _filter(node: Filter, compiler: Compiler) -> Code:
    base, condition = compiler.compile(node.base), compiler.compile_inner(node.condition)
    place, cost = compiler.place(node.at), round_cost(node.condition)

    def code(frame: Frame) -> Any:
        items = base(frame)
        if items is None:
            return None
        if not isinstance(items, list):
            items = [items]
        try:
            return filtered(frame, items, condition, cost)
        except Fault as fault:
            frame.run.note(fault.kind, fault.text, place)
            return None

    return code


def filtered(frame: Frame, items: list[Any], condition: Code, cost: int = 4) -> Any:
    """Return the item a number points at, or the items for which the condition is true.

    Args:
        cost: Of asking the condition once, in steps.

    Raises:
        Fault: The condition is neither a number nor a boolean.
    """
    if not items:
        return _of_empty(frame, condition)
    first = condition(_item_frame(frame, items[0]))
    if isinstance(first, Decimal):
        return _item_at(items, first)
    kept = [items[0]] if first is True else []
    frame.run.step(cost * len(items))
    for item in items[1:]:
        if condition(_item_frame(frame, item)) is True:
            kept.append(item)
    if first is not None and not isinstance(first, bool):
        raise Fault(
            f"过滤条件应为布尔值或序号，实际为{type_label(first)}",
            f"Expected a filter to be a boolean or a position, but got {type_label(first):en}.",
            "wrong_type",
        )
    return kept


def _of_empty(frame: Frame, condition: Code) -> Any:
    quiet = Frame({}, frame, Run(frame.run.surroundings))
    return None if isinstance(condition(quiet), Decimal) else []


def _item_frame(frame: Frame, item: Any) -> Frame:
    whole = Frame({"item": item}, frame, frame.run)
    return Frame(item, whole, frame.run) if isinstance(item, dict) else whole


def _item_at(items: list[Any], position: Decimal) -> Any:
    if position != position.to_integral_value() or abs(position) > len(items) or position == 0:
        return None
    index = int(position)
    return items[index - 1 if index > 0 else index]
