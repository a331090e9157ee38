"""One labelled fact, as the pages list them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """A label and its text; `is_wide` gives it a row of its own."""

    label: str
    text: str
    is_wide: bool = False


LONG_TEXT = 40
"""A text of more characters gets a row of its own."""


def fact(label: str, text: str) -> Fact:
    """Return a fact that is wide when its text is long or has several lines."""
    return Fact(label, text, is_wide=len(text) > LONG_TEXT or "\n" in text)
