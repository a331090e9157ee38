"""Parts of a regular expression to the steps of a program, from the last to the first."""

from itertools import groupby
from typing import NamedTuple

from service.feel.errors import Fault
from service.feel.limits import Spend
from service.feel.regex.characters import variants
from service.feel.regex.pattern import (
    BackReference,
    CharacterTest,
    Choice,
    Edge,
    Group,
    Literal,
    One,
    Pattern,
    Repeat,
    Sequence,
    may_be_empty,
    refers_back,
)
from service.feel.regex.program import (
    CLOSE,
    EDGE,
    END,
    KEEP,
    LITERAL,
    MOVED,
    ONCE,
    ONE,
    RUN,
    SAME,
    SPLIT,
    First,
    Fork,
    Peek,
    Program,
    Span,
    Step,
    Table,
)

_MOST_STEPS = 5_000
_COST_OF_A_STEP = 8


def program_of(
    pattern: Pattern, groups: int, flags: str, spend: Spend, *, keeps_groups: bool
) -> Program:
    """Return the program of an expression.

    Args:
        spend: Told what the writing costs, in steps of the evaluation around.
        keeps_groups: Whether the texts of groups are asked for; back references keep them anyway.

    Raises:
        Fault: It would be too long.
        LimitExceeded: The evaluation around has no steps left.
    """
    goes_back = refers_back(pattern)
    writer = _Writer(groups, flags, spend)
    writer.keeps_groups, writer.is_once = keeps_groups or goes_back, not goes_back
    first = writer.write(pattern, writer.add(END, 0, None))
    begins = writer.begins[first]
    beginning = None if begins is None else Peek(begins.test, begins.test)
    return Program(tuple(writer.steps), first, beginning, groups, writer.slots)


class _Begins(NamedTuple):
    """What something may begin with; `depth` counts the choices inside each other."""

    test: First
    depth: int


_MOST_CHOICES = 20


def _either(one: _Begins | None, other: _Begins | None) -> _Begins | None:
    """Return what one of two may begin with; None is anything."""
    if one is None or other is None or one.depth + other.depth > _MOST_CHOICES:
        return None
    first, second = one.test, other.test
    return _Begins(lambda sign: first(sign) or second(sign), one.depth + other.depth + 1)


class _Writer:
    """Writes steps behind the one that follows them.

    Attributes:
        begins: A step: what it and all behind it may begin with.
        slots: How many are taken so far.
        keeps_groups: Whether groups are kept.
        is_once: Whether what failed at a position fails there again.
    """

    def __init__(self, groups: int, flags: str, spend: Spend) -> None:
        self.steps: list[Step] = []
        self.begins: list[_Begins | None] = []
        self.slots = 2 * groups + 1
        self.keeps_groups = False
        self.is_once = True
        self._tables: dict[int, Table] = {}
        self._spend = spend
        self._groups = groups
        self._is_multiline = "m" in flags
        self._ignores_case = "i" in flags

    def add(
        self, kind: int, following: int, argument: object, begins: _Begins | None = None
    ) -> int:
        """Write a step and return its place.

        Args:
            begins: None is anything.

        Raises:
            Fault: There are too many.
            LimitExceeded: The evaluation around has no steps left.
        """
        self._spend(_COST_OF_A_STEP)
        if len(self.steps) >= _MOST_STEPS:
            raise Fault("正则表达式太大", "The regular expression is too large.")
        self.steps.append(Step(kind, following, argument))
        self.begins.append(begins)
        return len(self.steps) - 1

    def write(self, pattern: Pattern, following: int) -> int:
        """Write a part before what follows it, and return its first step."""
        match pattern:
            case One(test):
                return self.add(ONE, following, self._table(pattern), _class(test))
            case Literal(text):
                return self.add(LITERAL, following, text, _class(text[0].__eq__))
            case Edge(is_start):
                return self._edge(following, is_start=is_start)
            case Sequence(parts):
                return self._sequence(parts, following)
            case Choice(parts):
                return self._choice([self.write(part, following) for part in parts])
            case Group(index, part):
                return self._group(index, part, following)
            case Repeat():
                return self._repeat(pattern, following)
            case BackReference(index):
                same = _same_letters if self._ignores_case else str.__eq__
                return self.add(SAME, following, (self._groups + index, same))
        raise TypeError(type(pattern))

    def _table(self, part: One) -> Table:
        """Return the table of a part, the same for all copies of it."""
        return self._tables.setdefault(id(part), Table(part.test))

    def _edge(self, following: int, *, is_start: bool) -> int:
        if is_start:
            return self.add(EDGE, following, _starts_line if self._is_multiline else starts_text)
        if self._is_multiline:
            return self.add(EDGE, following, _ends_line, _Begins(("", "\n").__contains__, 0))
        return self.add(EDGE, following, _ends_text, _Begins("".__eq__, 0))

    def _sequence(self, parts: tuple[Pattern, ...], following: int) -> int:
        for part in reversed(_joined(parts)):
            following = self.write(part, following)
        return following

    def _choice(self, firsts: list[int]) -> int:
        other = firsts[-1]
        for first in reversed(firsts[:-1]):
            other = self._split(first, other)
        return other

    def _split(self, first: int, other: int) -> int:
        begins = self.begins[first], self.begins[other]
        return self.add(*self._fork(first, other), _either(*begins))

    def _fork(self, first: int, other: int) -> Step:
        if not self.is_once:
            return Step(SPLIT, first, other)
        one, two = (
            None if it is None else it.test for it in (self.begins[first], self.begins[other])
        )
        return Step(ONCE, first, Fork(other, Peek(one, two)))

    def _group(self, index: int, part: Pattern, following: int) -> int:
        if index == 0 or not self.keeps_groups:
            return self.write(part, following)
        slots = index, self._groups + index
        close = self.add(CLOSE, following, slots, self.begins[following])
        first = self.write(part, close)
        return self.add(KEEP, first, index, self.begins[first])

    def _repeat(self, pattern: Repeat, following: int) -> int:
        part, least, most = pattern.part, pattern.least, pattern.most
        if isinstance(part, One) and pattern.is_greedy and (least, most) != (0, 1):
            return self._run(part, Span(self._table(part), least, most, self.is_once), following)
        if most is None:
            following = self._endless(pattern, following)
            copies = least - 1
        else:
            following = self._up_to(pattern, most - least, following)
            copies = least
        for _ in range(copies):
            following = self.write(part, following)
        return following

    def _run(self, part: One, span: Span, following: int) -> int:
        begins: _Begins | None = _class(part.test)
        if span.least == 0:
            begins = _either(begins, self.begins[following])
        return self.add(RUN, following, span, begins)

    def _endless(self, pattern: Repeat, following: int) -> int:
        """Write the last round that must be and all beyond it; a round that takes nothing is the last."""
        end = self.add(SPLIT, 0, 0)
        first = self.write(pattern.part, end)
        again = first
        if may_be_empty(pattern.part):
            slot, self.slots = self.slots, self.slots + 1
            first = self.add(KEEP, first, slot)
            again = self.add(MOVED, first, slot)
        ways = (again, following) if pattern.is_greedy else (following, again)
        self.steps[end] = self._fork(*ways)
        self.begins[end] = _either(self.begins[again], self.begins[following])
        return first if pattern.least > 0 else self._optional(pattern, first, following)

    def _up_to(self, pattern: Repeat, rounds: int, following: int) -> int:
        end = following
        for _ in range(rounds):
            following = self._optional(pattern, self.write(pattern.part, following), end)
        return following

    def _optional(self, pattern: Repeat, first: int, following: int) -> int:
        ways = (first, following) if pattern.is_greedy else (following, first)
        return self._split(*ways)


def _joined(parts: tuple[Pattern, ...]) -> list[Pattern]:
    """Return the parts, single characters beside each other joined to a text."""
    joined: list[Pattern] = []
    for is_text, some in groupby(
        parts, lambda part: isinstance(part, One) and part.sign is not None
    ):
        if is_text:
            joined.append(Literal("".join(one.sign or "" for one in some if isinstance(one, One))))
        else:
            joined += some
    return joined


def _class(test: CharacterTest) -> _Begins:
    return _Begins(lambda sign: sign != "" and test(sign), 0)


def starts_text(text: str, at: int) -> bool:
    """Tell whether a position is the beginning of the text."""
    return at == 0


def _ends_text(text: str, at: int) -> bool:
    return at == len(text)


def _starts_line(text: str, at: int) -> bool:
    return at == 0 or (at < len(text) and text[at - 1] == "\n")


def _ends_line(text: str, at: int) -> bool:
    return at == len(text) or text[at] == "\n"


def _same_letters(one: str, other: str) -> bool:
    return len(one) == len(other) and all(
        a in variants(b) or b in variants(a) for a, b in zip(one, other, strict=True)
    )
