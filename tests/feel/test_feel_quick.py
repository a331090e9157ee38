"""The short way of an evaluation gives what the long way gives, or nothing."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feel import Function, Surroundings, compile_expression, compile_unary_tests
from service.feel import tree as t
from service.feel.expression import Expression, UnaryTests
from service.feel.quick import RETRIED, quick_expression, quick_tests
from tests.feel.trees import (
    BINARY,
    CONTEXTS,
    LITERALS,
    OFFICE,
    PLAIN_NAMES,
    VALUES,
    comparisons,
    fuzz,
    tuples,
)

# Mostly what has a short way: few kinds of nodes, few names, values that often fit.
LEAVES = LITERALS | st.sampled_from(PLAIN_NAMES).map(lambda name: t.Name(0, name))
CALLS = st.sampled_from(
    [
        *(
            "not",
            "count",
            "sum",
            "min",
            "max",
            "is defined",
            "abs",
            "floor",
            "round up",
            "contains",
        ),
        *(
            "substring",
            "upper case",
            "date",
            "modulo",
            "duration",
            "day of week",
            "decimal",
            "sqrt",
        ),
    ]
).map(lambda name: t.Name(0, name))
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(t.Binary, st.just(0), BINARY, inner, inner),
        st.builds(t.Call, st.just(0), CALLS, tuples(inner, 1, 2), st.just(())),
        st.builds(t.Negation, st.just(0), inner),
        st.builds(t.Between, st.just(0), inner, inner, inner),
        st.builds(t.In, st.just(0), inner, tuples(inner | comparisons(inner), 1, 3)),
        st.builds(t.If, st.just(0), inner, inner, inner),
        st.builds(t.ListOf, st.just(0), tuples(inner)),
        st.builds(t.ContextOf, st.just(0), tuples(st.tuples(st.sampled_from(PLAIN_NAMES), inner))),
        st.builds(t.Path, st.just(0), inner, st.sampled_from(PLAIN_NAMES)),
        st.builds(t.Filter, st.just(0), inner, inner),
        st.builds(
            t.Quantified,
            st.just(0),
            st.booleans(),
            st.builds(t.Loop, st.just(0), st.just("x1"), inner, st.none()).map(
                lambda loop: (loop,)
            ),
            inner,
        ),
        st.builds(
            t.For,
            st.just(0),
            st.builds(t.Loop, st.just(0), st.just("x1"), inner, st.none()).map(
                lambda loop: (loop,)
            ),
            inner,
        ),
    ),
    max_leaves=6,
)
CONSTANT_CELLS = st.builds(
    t.Tests,
    st.just(0),
    tuples(
        LITERALS
        | comparisons(LITERALS)
        | st.builds(t.RangeOf, st.just(0), LITERALS, LITERALS, st.booleans(), st.booleans()),
        0,
        3,
    ),
    st.booleans(),
)


def short_way(code: Any, argument: Any) -> tuple[bool, Any]:
    """Return whether the short way answers, and its answer."""
    try:
        return True, code(argument)
    except RETRIED:
        return False, None


@pytest.mark.slow
@fuzz(120)
@given(TREES, CONTEXTS)
def test_the_short_way_gives_what_the_long_way_gives(
    tree: t.Node, context: Mapping[str, Any]
) -> None:
    """Where it gives a value, the long way gives the same, of the same type, without a limit."""
    quick, calls = quick_expression(tree)
    if quick is None or any(name in context for name in calls):
        return
    answers, value = short_way(quick, context)
    if not answers:
        return

    full = Expression("", tree)._evaluate_fully(context, OFFICE)

    assert repr(full.value) == repr(value)
    assert not {"wrong_type", "limit_exceeded"} & {found.kind for found in full.diagnostics}


@pytest.mark.slow
@fuzz(100)
@given(CONSTANT_CELLS, VALUES)
def test_the_short_way_of_a_cell_gives_what_the_long_way_gives(cell: t.Tests, value: Any) -> None:
    """The same for the constants of decision tables."""
    quick = quick_tests(cell)
    if quick is None:
        return
    answers, met = short_way(quick, value)
    if not answers:
        return
    tests = UnaryTests("", cell)
    tests._quick = None

    full = tests.evaluate(value, {}, OFFICE)

    assert full.value is met
    assert full.diagnostics == ()


@pytest.mark.parametrize(
    "text",
    [
        "amount > 1000 and severity = 1",
        'customer.level in ("gold", "vip") or not(is_vip)',
        "if amount between 10 and 20 then amount * 2 else -amount",
        "items[item > 2]",
        "some x in items satisfies x.amount > limit",
        "for x in items return x.price * rate",
        "{total: amount * 2, label: upper case(name)}",
        "count(items) > 3 and sum(items) <= 100",
        "name = null",
    ],
)
def test_usual_expressions_have_a_short_way(text: str) -> None:
    """What gateways and mappings mostly hold is not left to the long way."""
    assert quick_expression(compile_expression(text).tree)[0] is not None


@pytest.mark.parametrize(
    "text", ["> 1000", '"a", "b"', "[1..5)", "not(1)", "-", "true", "null", "-1"]
)
def test_usual_cells_have_a_short_way(text: str) -> None:
    """So do the cells of most tables."""
    assert quick_tests(compile_unary_tests(text).tree) is not None


def test_a_function_of_the_host_stands_before_the_built_in() -> None:
    """The short way calls built-ins only where nobody else has the name."""
    host = Function(("value",), lambda value: "mine")
    own = Surroundings(OFFICE.now, OFFICE.zone, {"count": host})

    assert compile_expression("count([1])").evaluate({}, own).value == "mine"
    assert compile_expression("count([1])").evaluate({}, OFFICE).value == 1
