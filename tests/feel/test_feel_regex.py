"""The own regular expression matcher against Python's, where both mean the same, and its bounds."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feel import compile_expression
from service.feel.errors import Fault, LimitExceeded
from service.feel.regex import compiled_regex
from service.feel.run import Run
from tests.feel.trees import OFFICE, fuzz

ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\d", "ab"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        # What repeats an empty match is where engines differ; it is left out.
        st.tuples(
            inner.filter(lambda part: not re.fullmatch(part, "")),
            st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{1,2}", "{2}?", "{2,}", "{0,3}?"]),
        ).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
    ),
    max_leaves=6,
)


def spans(pattern: str, text: str) -> list[tuple[str | None, ...]]:
    """Return the groups of every match."""
    return [one.groups for one in compiled_regex(pattern, "").matches_in(text, lambda count: None)]


@fuzz(100)
@given(PATTERNS, st.sampled_from(["", "^", "$", "\\1"]), st.text("ab1", max_size=8))
def test_matches_are_where_python_finds_them(pattern: str, more: str, text: str) -> None:
    """Every match of every group, also where the expression refers back to its first group."""
    whole = f"({pattern}){more}" if more != "^" else f"^({pattern})"

    expected = [(one[0], *one.groups()) for one in re.finditer(whole, text)]
    found = spans(whole, text)

    # Behind an empty match Python looks for another at the same place; only the first is compared then.
    many = 1 if re.search(whole, "") else None
    assert found[:many] == expected[:many]


@fuzz(40)
@given(st.text("ab(", max_size=6), st.text("ab(", max_size=20))
def test_a_literal_pattern_is_plain_search(pattern: str, text: str) -> None:
    """The flag `q` takes every sign as it is."""
    assert compiled_regex(pattern, "q").has_match_in(text, lambda count: None) is (pattern in text)


LONG = {
    "repeated-group": ("^(ab?c)*$", "ac" * 50_000, True),
    "repeated-group-that-fails": ("^(ab?c)*$", "ac" * 50_000 + "x", False),
    "lines": ("^([^,]*,){3}[^,]*$", "甲" * 100_000 + ",1,2,3", True),
    "groups-in-groups": ("^((a|b)+c)+$", "abac" * 12_000, True),
    "bomb": ("(a+)+$", "a" * 5_000 + "b", False),
    "bomb-of-choices": ("^(a|a|aa)*$", "a" * 5_000 + "b", False),
    "bomb-of-runs": ("a*a*a*a*b", "a" * 5_000, False),
    "bomb-of-options": ("^(a?){60}a{60}$", "a" * 60, True),
    "counted-groups": ("^(ab{1,3}){500}$", "abb" * 500, True),
}


@pytest.mark.parametrize(("pattern", "text", "expected"), LONG.values(), ids=LONG)
def test_long_texts_and_notorious_expressions_are_answered(
    pattern: str, text: str, expected: bool
) -> None:
    """No recursion, and no way gone twice: what others give up is answered within the allowance."""
    run = Run(OFFICE)

    assert compiled_regex(pattern, "").has_match_in(text, run.step) is expected


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("^(a+)+\\1b$", "a" * 2_000), ("(a*)*\\1b", "a" * 60), ("(.*)(.*)\\2\\1x", "ab" * 300)],
)
def test_an_expression_that_refers_back_is_given_up(pattern: str, text: str) -> None:
    """With back references no matcher knows a short way: the allowance ends the search, in time."""
    expression, began = compile_expression("matches(s, p)"), time.process_time()

    outcome = expression.evaluate({"s": text, "p": pattern}, OFFICE)

    assert [found.kind for found in outcome.diagnostics] == ["limit_exceeded"]
    assert time.process_time() - began < 0.3


def test_a_large_expression_is_refused_and_so_remembered() -> None:
    """Counted groups inside each other are a fault; reading it again costs nothing."""
    with pytest.raises(Fault):
        compiled_regex("(((a{0,90}b){0,90}){0,90}){0,90}", "").has_match_in("a", lambda count: None)

    with pytest.raises(Fault):
        compiled_regex("(((a{0,90}b){0,90}){0,90}){0,90}", "").has_match_in("a", _none_left)


def test_reading_an_expression_is_counted() -> None:
    """An expression is not read where the evaluation has nothing left for it."""
    with pytest.raises(LimitExceeded):
        compiled_regex("[ab]" * 2_000, "").has_match_in("a", _none_left)


def _none_left(count: int) -> None:
    raise LimitExceeded("没有了", "None left.")


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "expected"),
    [
        ("^b$", "m", "a\nb\nc", True),
        ("^b$", "", "a\nb\nc", False),
        ("(a)|b\\1", "", "b", True),
        ("(a)\\1", "i", "aA", True),
        ("(a?)*b", "", "aab", True),
        ("(a?)+$", "", "", True),
        ("(|a)+b", "", "aab", True),
        ("(a*)*?b", "", "aab", True),
        ("", "", "", True),
        ("", "q", "x", True),
        ("A.", "qi", "xa.", True),
        ("ß", "i", "ẞ", True),
    ],
)
def test_corners(pattern: str, flags: str, text: str, expected: bool) -> None:
    """Lines, groups that took no part, rounds that take nothing, case."""
    assert compiled_regex(pattern, flags).has_match_in(text, lambda count: None) is expected
