"""Patterns that could take for ever."""

import pytest

from service.forms.patterns import repeats_a_repetition


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",
        r"^(\d*)*$",
        r"(?:a+)*b",
        r"((a+)b?)+",
        r"(x{2,}){3,}",
        r"(a|b+)*",
        r"(?<name>a+)+",
        r"(a+){2,9}",
    ],
)
def test_a_repeated_repetition_is_recognized(pattern: str) -> None:
    """Each of these can double its work with every further character."""
    assert repeats_a_repetition(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"^1[3-9]\d{9}$",
        r"^[A-Z]{2}-\d+$",
        r"(ab)+",
        r"(a{2})+",
        r"a+b+",
        r"[(+*]+",
        r"\(a+\)+",
        r"(a+)b+",
        r"^[+\d][\d\s()（）转-]{4,30}$",
        r"",
        r")+(",
    ],
)
def test_usual_patterns_pass(pattern: str) -> None:
    """One repetition, or a group of fixed length repeated, is no danger."""
    assert not repeats_a_repetition(pattern)
