"""What a regular expression is made of."""

from collections.abc import Callable
from dataclasses import dataclass

CharacterTest = Callable[[str], bool]


@dataclass(frozen=True)
class Pattern:
    """Any part of an expression."""


@dataclass(frozen=True)
class One(Pattern):
    """A character that passes a test.

    Attributes:
        sign: The only character that does, or None when others may.
    """

    test: CharacterTest
    sign: str | None = None


@dataclass(frozen=True)
class Literal(Pattern):
    """A text; not empty."""

    text: str


@dataclass(frozen=True)
class Edge(Pattern):
    """`^` or `$`."""

    is_start: bool


@dataclass(frozen=True)
class Sequence(Pattern):
    """Parts one after the other."""

    parts: tuple[Pattern, ...]


@dataclass(frozen=True)
class Choice(Pattern):
    """Any of some parts, the first that fits."""

    parts: tuple[Pattern, ...]


@dataclass(frozen=True)
class Group(Pattern):
    """A part whose text is kept; `index` 0 keeps nothing."""

    index: int
    part: Pattern


@dataclass(frozen=True)
class Repeat(Pattern):
    """A part several times; `most` None is endless."""

    part: Pattern
    least: int
    most: int | None
    is_greedy: bool


@dataclass(frozen=True)
class BackReference(Pattern):
    """The text of an earlier group again."""

    index: int
