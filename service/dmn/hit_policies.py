"""Which of the rules that match give the output, and how their outputs are put together.

Source: DMN 1.5 §8.2.10, table 35.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service.dmn.errors import DecisionFailed
from service.feel.builtins.statistics import greatest, least, total
from service.feel.comparison import equal
from service.feel.wording import Text, joined


@dataclass(frozen=True)
class Hit:
    """A rule that matches.

    Attributes:
        position: In the table, from 0.
        outputs: A value a column.
        ranks: Place of each output among its column's output values; beyond the last when not there.
    """

    position: int
    outputs: tuple[Any, ...]
    ranks: tuple[int, ...]


Policy = Callable[[list[Hit]], list[Hit]]
POLICIES: dict[str, Policy] = {}
LISTS = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})


def _policy(name: str) -> Callable[[Policy], Policy]:
    def register(choose: Policy) -> Policy:
        if name in POLICIES:
            raise ValueError(f"{name} is registered twice")
        POLICIES[name] = choose
        return choose

    return register


@_policy("UNIQUE")
def _unique(hits: list[Hit]) -> list[Hit]:
    if len(hits) > 1:
        rows = joined([Text(str(hit.position + 1), str(hit.position + 1)) for hit in hits])
        raise DecisionFailed(
            Text(
                f"命中策略为“唯一”（UNIQUE），但第 {rows} 行同时命中",
                f"The hit policy is UNIQUE, but rows {rows:en} match together.",
            )
        )
    return hits


@_policy("ANY")
def _any(hits: list[Hit]) -> list[Hit]:
    for hit in hits[1:]:
        if not all(map(_same, hit.outputs, hits[0].outputs)):
            one, other = hits[0].position + 1, hit.position + 1
            raise DecisionFailed(
                Text(
                    f"命中策略为“任一”（ANY），但第 {one}、{other} 行的输出不同",
                    f"The hit policy is ANY, but the outputs of rows {one} and {other} differ.",
                )
            )
    return hits[:1]


def _same(one: Any, other: Any) -> bool:
    return equal(one, other) is True


@_policy("FIRST")
def _first(hits: list[Hit]) -> list[Hit]:
    return hits[:1]


@_policy("PRIORITY")
def _priority(hits: list[Hit]) -> list[Hit]:
    return _output_order(hits)[:1]


@_policy("OUTPUT ORDER")
def _output_order(hits: list[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: hit.ranks)


@_policy("RULE ORDER")
def _rule_order(hits: list[Hit]) -> list[Hit]:
    return hits


@_policy("COLLECT")
def _collect(hits: list[Hit]) -> list[Hit]:
    return hits


AGGREGATIONS: dict[str, Callable[[list[Any]], Any]] = {
    "SUM": total,
    "MIN": least,
    "MAX": greatest,
    "COUNT": lambda values: Decimal(len(values)),
}
