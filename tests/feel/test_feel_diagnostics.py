"""Why a value is null, and where a text is no FEEL."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from service.feel import (
    FeelSyntaxError,
    Outcome,
    Surroundings,
    compile_expression,
    compile_unary_tests,
    names_of,
)

OFFICE = Surroundings(datetime(2026, 11, 24, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))


def evaluate(text: str) -> Outcome:
    """Return the outcome over no variables."""
    return compile_expression(text).evaluate({}, OFFICE)


@pytest.mark.parametrize(
    ("text", "kind", "line", "column"),
    [
        ("x", "variable_not_found", 1, 1),
        ("1 +\n  price", "variable_not_found", 2, 3),
        ("{a: 1}.b", "property_not_found", 1, 7),
        ("no_such(1)", "function_not_found", 1, 1),
        ('1 + "a"', "wrong_type", 1, 3),
        ("1 / 0", "arithmetic", 1, 3),
        ('date("2026-02-30")', "bad_argument", 1, 1),
        ("add working days(now(), 3)", "function_not_found", 1, 1),
    ],
)
def test_a_mistake_is_null_and_says_where_it_stands(
    text: str, kind: str, line: int, column: int
) -> None:
    """A model's mistake never raises; the first diagnostic names its kind and place."""
    outcome = evaluate(text)

    assert outcome.value is None
    first = outcome.diagnostics[0]
    assert (first.kind, first.line, first.column) == (kind, line, column)


def test_a_failed_assert_can_be_told_apart() -> None:
    """`assert` ends the whole evaluation and leaves one diagnostic with its cause."""
    outcome = evaluate('{a: assert(1, 1 > 2, "金额应为正数"), b: missing}')

    assert outcome.value is None
    assert [(found.kind, found.message) for found in outcome.diagnostics] == [
        ("assertion_failed", "金额应为正数")
    ]


def test_asking_whether_something_is_there_is_no_mistake() -> None:
    """`is defined` and `get or else` leave no diagnostics about what they asked for."""
    assert evaluate("[is defined(x.y), get or else(z, 1)]").diagnostics == ()


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("1 + * 2", 1, 5),
        ("f(1, 2", 1, 7),
        ("", 1, 1),
        ("if a then b", 1, 12),
        ('"open', 1, 1),
        ("a\n  b", 2, 3),
        ("x = = 1", 1, 5),
        ("amount > 1000 §", 1, 15),
        ("1e99999", 1, 1),
    ],
)
def test_a_syntax_error_says_line_and_column(text: str, line: int, column: int) -> None:
    """The error carries the place, what was expected and what stands there, in Chinese."""
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)

    assert (caught.value.line, caught.value.column) == (line, column)
    assert f"第 {line} 行第 {column} 列" in caught.value.detail
    assert caught.value.expected
    assert caught.value.found


def test_python_is_no_feel() -> None:
    """Code of another language is refused or harmless, never run."""
    with pytest.raises(FeelSyntaxError):
        compile_expression("__import__('os').system('true')")
    assert evaluate('__import__("os")').value is None


def test_names_with_spaces_are_read_when_they_are_given() -> None:
    """The longest known name wins over its parts."""
    text = "Monthly Fee + Fee"
    context = {"Monthly Fee": "a", "Fee": "b"}

    outcome = compile_expression(text, ["Monthly Fee"]).evaluate(context, OFFICE)

    assert outcome.value == "ab"
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)


def test_the_longest_of_two_names_that_begin_alike_is_read() -> None:
    """Also where the longer one ends in a sign; and no name ends within a word."""
    context = {"Net Fee": "a", "Net Fee (old)": "b", "Net Feet": "c"}

    outcome = compile_expression("Net Fee (old) + Net Fee + Net Feet", context).evaluate(
        context, OFFICE
    )

    assert outcome.value == "bac"


def test_free_names_leave_out_functions_and_own_names() -> None:
    """Only what must come from outside is told."""
    text = "for x in items return x.price * rate + count(other) + {a: 1, b: a + c}.b"

    assert names_of(text) == {"items", "rate", "other", "c"}
    assert names_of("camunda.vars.cluster.X") == {"camunda"}
    assert compile_unary_tests("> limit").names_used == {"limit"}


def test_the_same_text_is_compiled_once() -> None:
    """Compiled expressions are kept, so asking again is cheap."""
    assert compile_expression("a + 1") is compile_expression("a + 1")
