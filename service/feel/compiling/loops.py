"""`for`, `some`, `every` and filters: bodies evaluated once an item.

Source: DMN 1.5 §10.3.2.5, §10.3.2.14; the DMN TCK 0069, 0084.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from service.feel.calendar_days import day_number, day_of
from service.feel.compiling.compiler import Code, Compiler, compiles
from service.feel.errors import Fault
from service.feel.run import Frame, Run
from service.feel.tree import Filter, For, Loop, Quantified, mentions
from service.feel.values import Date, Range, type_label


@compiles(For)
def _for(node: For, compiler: Compiler) -> Code:
    loops, place = _Loops(node.iterators, compiler), compiler.place(node.at)
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
    loops, place = _Loops(node.iterators, compiler), compiler.place(node.at)
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

    def __init__(self, loops: tuple[Loop, ...], compiler: Compiler) -> None:
        self._loops = [
            (
                loop.name,
                compiler.compile_inner(loop.domain),
                compiler.compile_inner(loop.end) if loop.end is not None else None,
            )
            for loop in loops
        ]

    def frames(self, frame: Frame, level: int = 0) -> Iterator[Frame]:
        """Yield a frame for every combination of items.

        Raises:
            Fault: Something is no list.
        """
        if level == len(self._loops):
            yield frame
            return
        name, domain, end = self._loops[level]
        start = domain(frame)
        items = _steps(start, end(frame)) if end is not None else iterate(start)
        for item in items:
            frame.run.step()
            yield from self.frames(Frame({name: item}, frame, frame.run), level + 1)


def iterate(domain: Any) -> Iterator[Any]:
    """Yield the items of a list, or the whole numbers or days of a range that rises.

    Raises:
        Fault: There is nothing to go through.
    """
    if isinstance(domain, list):
        return iter(domain)
    if isinstance(domain, Range):
        return _range_items(domain)
    if domain is None:
        raise Fault("循环的对象为 null", "The loop goes over null.", "wrong_type")
    return iter([domain])


def _range_items(interval: Range) -> Iterator[Any]:
    low, high = _ordinal(interval.start), _ordinal(interval.end)
    low += not interval.start_included
    high -= not interval.end_included
    if low > high:
        raise Fault("循环的区间为空或反向", "The loop's range is empty or descends.", "wrong_type")
    return _from_ordinals(interval.start, range(low, high + 1))


def _steps(start: Any, end: Any) -> Iterator[Any]:
    low, high = _ordinal(start), _ordinal(end)
    if type(start) is not type(end):
        raise Fault(
            "循环区间两端的类型不同", "The ends of the loop's range differ in type.", "wrong_type"
        )
    ordinals = range(low, high + 1) if low <= high else range(low, high - 1, -1)
    return _from_ordinals(start, ordinals)


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


def _from_ordinals(like: Any, ordinals: range) -> Iterator[Any]:
    return map(day_of if isinstance(like, Date) else Decimal, ordinals)


@compiles(Filter)
def _filter(node: Filter, compiler: Compiler) -> Code:
    base, condition = compiler.compile(node.base), compiler.compile_inner(node.condition)
    place = compiler.place(node.at)

    def code(frame: Frame) -> Any:
        items = base(frame)
        if items is None:
            return None
        if not isinstance(items, list):
            items = [items]
        try:
            return filtered(frame, items, condition)
        except Fault as fault:
            frame.run.note(fault.kind, fault.text, place)
            return None

    return code


def filtered(frame: Frame, items: list[Any], condition: Code) -> Any:
    """Return the item a number points at, or the items for which the condition is true.

    Raises:
        Fault: The condition is neither a number nor a boolean.
    """
    if not items:
        return _of_empty(frame, condition)
    first = condition(_item_frame(frame, items[0]))
    if isinstance(first, Decimal):
        return _item_at(items, first)
    kept = [items[0]] if first is True else []
    for item in items[1:]:
        frame.run.step()
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
