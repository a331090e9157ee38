"""Nothing that a diagram says can hang or break a worker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feel import (
    FeelSyntaxError,
    compile_expression,
    compile_unary_tests,
    from_json,
    to_json,
)
from tests.feel.trees import OFFICE, fuzz

WORDS = st.sampled_from(
    [
        *"()[]{}.,:<>=+-*/@?|\"'`\\#",
        *("..", "**", "!=", "<=", "1", "0.5", "1e9", "x", "a b", '"text"', "null", "true", "false"),
        *("if ", " then ", " else ", "for ", " in ", " return ", "some ", "every ", " satisfies "),
        *(" and ", " or ", " between ", " instance of ", "number", "list<", "function(", "not("),
        *("date(", '@"2026-01-01"', "count(", "sort(", "string(", "range(", "item", "partial"),
        *("substring(", "matches(", "replace(", '"(a+)+"', "decimal(", "duration(", '"P1D"'),
    ]
)
DOUBLED = "{l0: [1, 2], " + "".join(f"l{n}: [l{n - 1}, l{n - 1}], " for n in range(1, 41))
TEXTS = st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=14).map("".join))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(max_size=8)
    | st.floats(-(2.0**53), 2.0**53),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@pytest.mark.slow
@fuzz(120)
@given(TEXTS, JSON)
def test_any_text_is_refused_or_evaluated(text: str, value: object) -> None:
    """Compiling raises only `FeelSyntaxError`, and evaluating never raises."""
    context = from_json({"x": value, "a b": value})
    try:
        expression = compile_expression(text, ["a b"])
    except FeelSyntaxError:
        return

    to_json(expression.evaluate(context, OFFICE).value)


@pytest.mark.slow
@fuzz(60)
@given(TEXTS, JSON)
def test_any_cell_is_refused_or_answers(text: str, value: object) -> None:
    """A decision table's cell answers true, false or null for every input."""
    try:
        tests = compile_unary_tests(text)
    except FeelSyntaxError:
        return

    assert tests.evaluate(from_json(value), {}, OFFICE).value in (True, False, None)


@fuzz(40)
@given(JSON)
def test_json_values_come_back_as_they_went(value: object) -> None:
    """A JSON value survives the way through FEEL, floats that are whole becoming ints."""
    assert to_json(from_json(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "{f: function(n) f(n + 1), r: f(1)}.r",
        'matches("' + "a" * 40 + '", "(a+)+b")',
        'replace("' + "a" * 60 + '", "(a|a)*b", "x")',
        '{a: for i in 1..600 return "x", b: for i in 1..600, j in 1..900 return i}.b',
        '{s: "' + "x" * 999 + '", t: s+s+s+s+s+s+s+s+s+s, u: t+t+t+t+t+t+t+t+t+t,'
        " v: u+u+u+u+u+u+u+u+u+u, w: v+v+v+v+v+v+v+v+v+v}.w",
        DOUBLED + "r: string(l40)}.r",
        DOUBLED + "r: l40 = l39}.r",
        DOUBLED + "r: l40}.r",
        "for i in 1..9 return for i in 1..9999 return [partial[-1]]",
        'for i in 1..200 return matches("' + "a" * 900 + '", "a*a*a*b")',
    ],
    ids=[
        "endless-recursion",
        "regex-bomb",
        "regex-bomb-in-replace",
        "long-loop",
        "text-bomb",
        "list-bomb-as-text",
        "list-bomb-compared",
        "list-bomb-as-result",
        "deep-nesting",
        "many-slow-regexes",
    ],
)
@pytest.mark.slow
def test_what_would_take_too_long_is_given_up(text: str) -> None:
    """The value is null, and the diagnostic says that a limit was reached."""
    outcome = compile_expression(text).evaluate({}, OFFICE)

    assert outcome.value is None
    assert "limit_exceeded" in [found.kind for found in outcome.diagnostics]


@pytest.mark.parametrize(
    "text",
    ["(" * 5000 + "1" + ")" * 5000, "1" + "+1" * 4000, "[" * 500, "x" * 10_001, "-" * 400 + "1"],
    ids=["parentheses", "long-sum", "brackets", "too-long", "minuses"],
)
def test_texts_beyond_the_limits_are_refused(text: str) -> None:
    """Deep or long texts are a syntax error at deploy, not a crash later."""
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)
