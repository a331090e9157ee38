"""The own regular expression matcher against Python's, where both mean the same."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feel.regex import compiled_regex
from tests.feel.trees import fuzz

ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\d"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        # What repeats an empty match is where engines differ; it is left out.
        st.tuples(
            inner.filter(lambda part: not re.fullmatch(part, "")),
            st.sampled_from(["*", "+", "?", "*?", "+?", "{1,2}"]),
        ).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
    ),
    max_leaves=6,
)


@pytest.mark.slow
@fuzz(100)
@given(PATTERNS, st.text("ab1", max_size=8))
def test_matches_are_where_python_finds_them(pattern: str, text: str) -> None:
    """First match: the same place and the same end."""
    expected = re.search(pattern, text)

    found = next(compiled_regex(pattern, "").matches_in(text, lambda count: None), None)

    span = None if found is None else (found.start, found.end)
    assert span == (None if expected is None else expected.span())


@fuzz(40)
@given(st.text("ab(", max_size=6), st.text("ab(", max_size=20))
def test_a_literal_pattern_is_plain_search(pattern: str, text: str) -> None:
    """The flag `q` takes every sign as it is."""
    assert compiled_regex(pattern, "q").has_match_in(text, lambda count: None) is (pattern in text)
