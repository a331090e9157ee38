"""Random FEEL: trees, variables to evaluate them over, and how often to try."""

import os
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from service.feel import Surroundings
from service.feel import tree as t
from service.feel.temporal_text import parse_temporal
from service.feel.types import FeelType

OFFICE = Surroundings(datetime(2026, 11, 24, 1, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
TIMES = int(os.environ.get("FUZZ_TIMES", "1"))
"""How many times more examples than usual: `FUZZ_TIMES=200 pytest tests/feel` takes a while."""


def fuzz(examples: int) -> Callable[[Any], Any]:
    """Return the decorator for a property that is tried so often, times `FUZZ_TIMES`."""
    return settings(max_examples=examples * TIMES, deadline=None)


TEMPORAL = [
    "2026-11-24", "2024-02-29", "-0001-01-01", "10:30:00", "23:59:59.5@Asia/Shanghai", "00:00:00Z",
    "2026-11-24T09:30:00+08:00", "2026-11-24T09:30:00", "2026-03-29T02:30:00@Europe/Berlin",
    "P1D", "-PT1H30M", "PT0S", "P1Y2M", "-P14M", "P999999999Y", "999999999-12-31",
]  # fmt: skip
NUMBERS = st.one_of(
    st.integers(0, 12).map(Decimal),
    st.sampled_from(["0.1", "2.50", "1E+30", "1E-30", "1E+6000", "0.3333333333333333"]).map(
        Decimal
    ),
)
TEXTS = st.one_of(
    st.sampled_from(["", "a", "ab", "(a+)+b", "2026-11-24", "P1D", "金额", 'q"\\\n', "🐎"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
)
PLAIN_NAMES = ["a", "b", "c", "金额", "item", "x1", "date", "count"]
SPECIAL_NAMES = ["a b", "a-b", "a and b", "if", "b+1", "partial"]
NAMES = st.sampled_from([*PLAIN_NAMES, *SPECIAL_NAMES])
FUNCTIONS = st.sampled_from(
    [
        "not", "count", "sum", "min", "string", "number", "date", "duration", "abs", "floor", "modulo",
        "decimal", "sort", "flatten", "append", "concatenate", "index of", "substring", "matches",
        "replace", "split", "string join", "upper case", "contains", "context put", "get value",
        "date and time", "is defined", "get or else", "list contains", "sublist", "day of week",
        "years and months duration", "overlaps", "before", "range", "to json", "from json", "median",
        "partition", "duplicate values", "is", "all", "round up", "exp", "log", "sqrt", "stddev",
    ]
)  # fmt: skip
LITERALS = st.one_of(
    st.none(), st.booleans(), NUMBERS, TEXTS, st.sampled_from(TEMPORAL).map(parse_temporal)
).map(lambda value: t.Literal(0, value))
TYPES = st.recursive(
    st.sampled_from(
        ["any", "number", "string", "boolean", "date", "date and time", "list", "context", "null"]
    ).map(FeelType),
    lambda inner: st.one_of(
        inner.map(lambda item: FeelType("list", item=item)),
        st.lists(st.tuples(NAMES, inner), min_size=1, max_size=2).map(
            lambda members: FeelType("context", members=tuple(members))
        ),
        st.tuples(inner, inner).map(
            lambda pair: FeelType("function", parameters=(pair[0],), returns=pair[1])
        ),
    ),
    max_leaves=3,
)
BINARY = st.sampled_from(
    ["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or"],
)


def tuples(of: Any, least: int = 0, most: int = 3) -> Any:
    """Return the strategy of tuples of one kind."""
    return st.lists(of, min_size=least, max_size=most).map(tuple)


def comparisons(inner: Any) -> Any:
    """Return the strategy of `< 10`, `>= a`, `= b` and their like."""
    low = st.tuples(inner, st.booleans()).map(
        lambda part: t.RangeOf(0, part[0], None, part[1], False, is_half_open=True)
    )
    high = st.tuples(inner, st.booleans()).map(
        lambda part: t.RangeOf(0, None, part[0], False, part[1], is_half_open=True)
    )
    same = st.tuples(inner, st.sampled_from(["=", "!="])).map(
        lambda part: t.RangeOf(0, None, part[0], True, True, operator=part[1])
    )
    return st.one_of(low, high, same)


def compound(inner: Any) -> Any:
    """Return the strategy of nodes over nodes."""
    loops = tuples(st.builds(t.Loop, st.just(0), NAMES, inner, st.none() | inner), 1, 2)
    tests = tuples(inner | comparisons(inner), 1, 3)
    return st.one_of(
        st.builds(t.Binary, st.just(0), BINARY, inner, inner),
        st.builds(t.Call, st.just(0), FUNCTIONS.map(lambda n: t.Name(0, n)), tuples(inner), st.just(())),
        st.builds(t.Negation, st.just(0), inner),
        st.builds(t.ListOf, st.just(0), tuples(inner | comparisons(inner))),
        st.builds(t.ContextOf, st.just(0), tuples(st.tuples(NAMES | TEXTS, inner))),
        st.builds(t.RangeOf, st.just(0), inner, inner, st.booleans(), st.booleans()),
        st.builds(t.Between, st.just(0), inner, inner, inner),
        st.builds(t.In, st.just(0), inner, tests),
        st.builds(t.If, st.just(0), inner, inner, inner),
        st.builds(t.For, st.just(0), loops, inner),
        st.builds(t.Quantified, st.just(0), st.booleans(), loops, inner),
        st.builds(t.Filter, st.just(0), inner, inner | comparisons(inner)),
        st.builds(t.Path, st.just(0), inner, NAMES),
        st.builds(
            t.Call, st.just(0), NAMES.map(lambda n: t.Name(0, n)), st.just(()),
            tuples(st.tuples(NAMES, inner), 1, 2),
        ),
        st.builds(t.InstanceOf, st.just(0), inner, TYPES),
        st.builds(
            t.FunctionOf, st.just(0), tuples(st.tuples(NAMES, st.none() | TYPES), 0, 2), inner
        ),
    )  # fmt: skip


TREES = st.recursive(LITERALS | NAMES.map(lambda n: t.Name(0, n)), compound, max_leaves=12)
CELLS = st.builds(
    t.Tests, st.just(0), tuples(TREES | comparisons(TREES), 1, 3), st.booleans()
) | st.just(t.Tests(0, ()))
VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), NUMBERS, TEXTS, st.sampled_from(TEMPORAL).map(parse_temporal)
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(PLAIN_NAMES), inner, max_size=3)
    ),
    max_leaves=6,
)
CONTEXTS = st.dictionaries(st.sampled_from([*PLAIN_NAMES, *SPECIAL_NAMES]), VALUES, max_size=6)


def without_places(node: Any) -> Any:
    """Return a tree whose nodes all stand at 0."""
    if isinstance(node, t.Node):
        parts = {one.name: without_places(getattr(node, one.name)) for one in fields(node)}
        return replace(node, **{**parts, "at": 0})
    if isinstance(node, tuple):
        return tuple(map(without_places, node))
    return node
