"""What the machine of regular expressions carries out.

A program is steps that name their followers. What repeats is a loop of steps, or copies of them; so the
machine needs no stack but that of the ways still open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from service.feel.regex.pattern import CharacterTest

# Kinds of steps, the most frequent first; the argument of each in brackets.
LITERAL: Final = 0
"""Takes a text (the text)."""
ONE: Final = 1
"""Takes a character of a class (its `Table`)."""
ONCE: Final = 2
"""Goes on, later elsewhere (a `Fork`); once at each position, since a second time fails as the first."""
RUN: Final = 3
"""Takes as many characters of a class as there are, later fewer (a `Span`)."""
SPLIT: Final = 4
"""Goes on, later elsewhere (the other step), however often."""
EDGE: Final = 5
"""Goes on at certain positions (`(text, position) -> bool`)."""
KEEP: Final = 6
"""Keeps the position (the slot)."""
CLOSE: Final = 7
"""Keeps what lies between a kept position and this one (the slot of the position, the slot of the span)."""
MOVED: Final = 8
"""Goes on when the position lies behind the one kept (the slot)."""
SAME: Final = 9
"""Takes the text of an earlier group again (the slot of its span, `(text, text) -> bool`)."""
END: Final = 10
"""The text matches up to here (nothing)."""


class Table(dict[str, bool]):
    """What a test says of characters, as far as it was asked."""

    _MOST = 4096

    def __init__(self, test: CharacterTest) -> None:
        super().__init__()
        self._test = test

    def __missing__(self, character: str) -> bool:
        passes = self._test(character)
        if len(self) < self._MOST:
            self[character] = passes
        return passes


First = Callable[[str], bool]
"""Whether something may begin with a character; the empty text is the end."""


class Peek(dict[str, int]):
    """Which of two ways may begin with a character, as far as it was asked: 1, 2, both (3) or none."""

    _MOST = 4096

    def __init__(self, one: First | None, other: First | None) -> None:
        """Take when each may begin; None is always."""
        super().__init__()
        self._one, self._other = one, other

    def __missing__(self, character: str) -> int:
        ways = 1 if self._one is None or self._one(character) else 0
        if self._other is None or self._other(character):
            ways += 2
        if len(self) < self._MOST:
            self[character] = ways
        return ways


class Fork(NamedTuple):
    """The other way of a step that has two, and which of them the next character allows."""

    other: int
    peek: Peek


class Span(NamedTuple):
    """Characters of one class in a row.

    Attributes:
        most: None is endless.
        is_once: Whether what failed at a position fails there again.
    """

    table: Table
    least: int
    most: int | None
    is_once: bool


class Step(NamedTuple):
    """One step; `following` is the place of the next one."""

    kind: int
    following: int
    argument: Any


@dataclass(frozen=True)
class Program:
    """The steps of an expression.

    Attributes:
        first: The place of the first step.
        beginning: Answers 3 for the characters a match may begin with; None when that is not known.
        groups: How many; slot `n` keeps where group `n` began, slot `groups + n` its span.
        slots: How many places there are for positions and spans.
    """

    steps: tuple[Step, ...]
    first: int
    beginning: Peek | None
    groups: int
    slots: int
