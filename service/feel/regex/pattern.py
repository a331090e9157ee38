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


def refers_back(pattern: Pattern) -> bool:
    """Tell whether a part speaks of the text of a group."""
    match pattern:
        case BackReference():
            return True
        case Sequence(parts) | Choice(parts):
            return any(map(refers_back, parts))
        case Group(_, part) | Repeat(part):
            return refers_back(part)
    return False


def may_be_empty(pattern: Pattern) -> bool:
    """Tell whether a part may take no character; of back references it is not known, so yes."""
    match pattern:
        case One() | Literal():
            return False
        case Sequence(parts):
            return all(map(may_be_empty, parts))
        case Choice(parts):
            return any(map(may_be_empty, parts))
        case Group(_, part):
            return may_be_empty(part)
        case Repeat(part, least):
            return least == 0 or may_be_empty(part)
    return True
