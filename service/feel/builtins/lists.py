"""Functions that build lists out of lists.

Source: DMN 1.5 §10.3.4.4, table 77.
"""

from decimal import Decimal
from typing import Any

from service.feel.builtins.numbers import whole
from service.feel.builtins.registry import builtin
from service.feel.errors import Fault
from service.feel.invoking import invoke
from service.feel.run import Run
from service.feel.values import Builtin, Function, Lambda


@builtin("sublist", "list: list", "start position: number", "length?: number?", needs_run=True)
@builtin("sublist", "list: list", "start: number", "length?: number?", needs_run=True)
def _sublist(
    run: Run, items: list[Any], start: Decimal, length: Decimal | None = None
) -> list[Any]:
    begin = _index(items, start)
    if length is None:
        return items[begin:]
    if length < 0:
        raise Fault(
            f"长度不得为负，实际为 {length}", f"Expected a length of at least 0, but got {length}."
        )
    return items[begin : begin + int(length)]


def _index(items: list[Any], position: Decimal) -> int:
    index = int(position)
    if index == 0 or abs(index) > len(items):
        raise Fault(
            f"位置应在 1 与 {len(items)} 之间，实际为 {position}",
            f"Expected a position from 1 to {len(items)}, but got {position}.",
        )
    return index - 1 if index > 0 else len(items) + index


@builtin("append", "list: list", "item", rest=True, needs_run=True)
@builtin("append", "list: list", "items", rest=True, needs_run=True)
def _append(run: Run, items: list[Any], added: list[Any]) -> list[Any]:
    run.step(len(items) + len(added))
    return [*items, *added]


@builtin("concatenate", "list: list", rest=True, needs_run=True)
@builtin("concatenate", "lists: list", rest=True, needs_run=True)
def _concatenate(run: Run, lists: list[Any]) -> list[Any]:
    joined: list[Any] = []
    for part in lists:
        joined += _as_list(part)
        run.step(len(joined))
    return joined


def _as_list(part: Any) -> list[Any]:
    if part is None:
        raise Fault("应为列表，实际为 null", "Expected a list, but got null.")
    return part if isinstance(part, list) else [part]


@builtin("insert before", "list: list", "position: number", "newItem", needs_run=True)
def _insert_before(run: Run, items: list[Any], position: Decimal, item: Any) -> list[Any]:
    run.step(len(items))
    index = _index(items, position)
    return [*items[:index], item, *items[index:]]


@builtin("remove", "list: list", "position: number", needs_run=True)
def _remove(run: Run, items: list[Any], position: Decimal) -> list[Any]:
    run.step(len(items))
    index = _index(items, position)
    return [*items[:index], *items[index + 1 :]]


@builtin("list replace", "list: list", "position: number", "newItem", needs_run=True)
def _replace_at(run: Run, items: list[Any], position: Decimal, item: Any) -> list[Any]:
    run.step(len(items))
    index = _index(items, position)
    return [*items[:index], item, *items[index + 1 :]]


@builtin("list replace", "list: list", "match: function", "newItem", needs_run=True)
def _replace_matching(
    run: Run, items: list[Any], match: Function | Lambda | Builtin, new_item: Any
) -> list[Any]:
    replaced = []
    for item in items:
        met = invoke(run, match, [item, new_item])
        if not isinstance(met, bool):
            raise Fault("匹配函数的结果应为布尔值", "Expected the match to return a boolean.")
        replaced.append(new_item if met else item)
    return replaced


@builtin("reverse", "list: list", needs_run=True)
def _reverse(run: Run, items: list[Any]) -> list[Any]:
    run.step(len(items))
    return items[::-1]


@builtin("flatten", "list: list", needs_run=True)
def _flatten(run: Run, items: list[Any]) -> list[Any]:
    flat: list[Any] = []
    for item in items:
        run.step()
        flat += _flatten(run, item) if isinstance(item, list) else [item]
    return flat


@builtin("partition", "list: list", "size: number", needs_run=True)
def _partition(run: Run, items: list[Any], size: Decimal) -> list[list[Any]]:
    width = whole(size)
    if width < 1:
        raise Fault(
            f"分组的大小应至少为 1，实际为 {size}",
            f"Expected a size of at least 1, but got {size}.",
        )
    run.step(len(items))
    return [items[at : at + width] for at in range(0, len(items), width)]
