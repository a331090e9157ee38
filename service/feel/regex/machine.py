"""Searching one text by the steps of a program, with its own stack and counted work.

Where an expression does not refer back to its groups, what failed at a position fails there again, from
whatever start; so no way is gone twice, and the time grows with the text and not beyond. Where it does
refer back, the allowance of the evaluation around ends a search that takes too long.
"""

from typing import Any

from service.feel.limits import Spend
from service.feel.regex.program import (
    CLOSE,
    EDGE,
    KEEP,
    LITERAL,
    MOVED,
    ONCE,
    ONE,
    RUN,
    SAME,
    SPLIT,
    Peek,
    Program,
    Span,
)
from service.feel.regex.writing import starts_text

_TICKS = 2_000
"""Ticks that are taken before the evaluation around is told of them."""
_TICKS_A_STEP = 3
_CHARACTERS_A_TICK = 2
_TICKS_OF_A_RUN = 4
_TICKS_TO_GO_BACK = 2
_TICKS_OF_THE_RARE = 2


class Machine:
    """A program on its way through a text."""

    def __init__(self, program: Program, text: str, spend: Spend) -> None:
        self._program = program
        self._text = text
        self._spend = spend
        self._ticks = _TICKS
        self._width = len(text) + 1
        self._tried = set[int]()
        self._claimed: dict[int, int] = {}
        self._extents: dict[int, tuple[int, int]] = {}
        self._ways: list[tuple[int, Any, int]] = []
        self._slots: list[Any] = [None] * program.slots

    def search(self, start: int) -> tuple[int, int] | None:
        """Return the first span from a position on that matches, or None.

        Raises:
            LimitExceeded: The evaluation around has no steps left.
        """
        while True:
            start = self._next_start(start)
            if start < 0:
                return None
            end = self._match_at(start)
            if end >= 0:
                self._tried.clear()
                self._claimed.clear()
                return start, end
            start += 1

    def group(self, index: int) -> tuple[int, int] | None:
        """Return the span of a group in the last match, None when it took no part."""
        span: tuple[int, int] | None = self._slots[self._program.groups + index]
        return span

    def settle(self) -> None:
        """Tell the evaluation around of the work done since it was told last.

        Raises:
            LimitExceeded: It has no steps left.
        """
        used, self._ticks = _TICKS - self._ticks, _TICKS
        self._spend(used // _TICKS_A_STEP + 1)

    def _next_start(self, at: int) -> int:
        """Return the next position where the first step may be taken, or -1."""
        text = self._text
        kind, _, argument = self._program.steps[self._program.first]
        if at > len(text):
            return -1
        if kind == LITERAL:
            return text.find(argument, at)
        if kind == EDGE and argument is starts_text:
            return at if at == 0 else -1
        beginning = self._program.beginning
        return at if beginning is None else self._next_of(beginning, at)

    def _next_of(self, beginning: Peek, at: int) -> int:
        text, began = self._text, at
        while at < len(text) and not beginning[text[at]]:
            at += 1
        self._ticks -= (at - began) // _CHARACTERS_A_TICK
        return at if at < len(text) or beginning[""] else -1

    def _match_at(self, at: int) -> int:
        """Return the end of the match that begins at a position, or -1.

        One loop over local names, because a call for each step would double what a search costs.
        """
        text, steps, width = self._text, self._program.steps, self._width
        tried, ways, length = self._tried, self._ways, len(text)
        ways.clear()
        self._slots = [None] * self._program.slots
        place, ticks = self._program.first, self._ticks
        while True:
            ticks -= 1
            if ticks < 0:
                self._ticks = ticks
                self.settle()
                ticks = _TICKS
            kind, following, argument = steps[place]
            if kind == LITERAL:
                taken = at + len(argument) if text.startswith(argument, at) else -1
            elif kind == ONE:
                taken = at + 1 if at < length and argument[text[at]] else -1
            elif kind == ONCE:
                other, peek = argument
                taken, allowed = at, peek[text[at] if at < length else ""]
                if allowed == 2:
                    place = other
                    continue
                if allowed != 1:
                    key = place * width + at
                    if allowed == 0 or key in tried:
                        taken = -1
                    else:
                        ticks -= 1
                        tried.add(key)
                        ways.append((other, at, at))
            elif kind == RUN:
                self._ticks = ticks - _TICKS_OF_A_RUN
                taken = self._run(place, argument, at)
                ticks = self._ticks
            elif kind == SPLIT:
                taken = at
                ways.append((argument, at, at))
            elif kind <= SAME:
                ticks -= _TICKS_OF_THE_RARE
                taken = self._rarely(kind, argument, at)
            else:
                self._ticks = ticks
                return at
            if taken >= 0:
                place, at = following, taken
                continue
            ticks -= _TICKS_TO_GO_BACK
            place, at = self._go_back()
            if place < 0:
                self._ticks = ticks
                return -1

    def _go_back(self) -> tuple[int, int]:
        """Return the next way still open: a step and a position; (-1, -1) when there is none."""
        ways, slots = self._ways, self._slots
        while ways:
            place, kept, least = ways.pop()
            if place < 0:
                slots[~place] = kept
                continue
            if kept > least:
                ways.append((place, kept - 1, least))
            return place, kept
        return -1, -1

    def _run(self, place: int, span: Span, at: int) -> int:
        """Return how far a run goes, keeping open that it goes less far; -1 when no end is left."""
        end, lowest = self._extent(place, span, at), at + span.least
        if span.is_once:
            end = self._untried(place, span, at, end)
        if lowest > end:
            return -1
        if lowest < end:
            self._ways.append((self._program.steps[place].following, end - 1, lowest))
        return end

    def _untried(self, place: int, span: Span, at: int, end: int) -> int:
        """Return the furthest end that did not fail before.

        Of an endless run all ends between the last and the lowest asked for so far did.
        """
        if span.most is not None:
            key = place * self._width + at
            if key in self._tried:
                return -1
            self._tried.add(key)
            return end
        key, lowest = place * self._width + end, at + span.least
        claimed = self._claimed.get(key, end + 1)
        self._claimed[key] = min(claimed, lowest)
        return claimed - 1

    def _extent(self, place: int, span: Span, at: int) -> int:
        text, table, end = self._text, span.table, at
        if span.most is not None:
            limit = min(len(text), at + span.most)
            while end < limit and table[text[end]]:
                end += 1
            self._ticks -= (end - at) // _CHARACTERS_A_TICK
            return end
        known_start, known_end = self._extents.get(place, (-1, -1))
        if known_start <= at <= known_end:
            return known_end
        limit = len(text)
        while end < limit and table[text[end]]:
            end += 1
            if end == known_start:
                break
        self._ticks -= (end - at) // _CHARACTERS_A_TICK
        if end == known_start:
            end = known_end
        self._extents[place] = at, end
        return end

    def _rarely(self, kind: int, argument: Any, at: int) -> int:
        """Take one of the less frequent steps: return the position behind it, or -1."""
        if kind == EDGE:
            return at if argument(self._text, at) else -1
        if kind == KEEP:
            self._keep(argument, at)
            return at
        if kind == CLOSE:
            self._keep(argument[1], (self._slots[argument[0]], at))
            return at
        if kind == MOVED:
            return at if at > self._slots[argument] else -1
        return self._same(argument, at)

    def _keep(self, slot: int, value: Any) -> None:
        self._ways.append((~slot, self._slots[slot], 0))
        self._slots[slot] = value

    def _same(self, argument: Any, at: int) -> int:
        slot, is_same = argument
        start, end = self._slots[slot] or (0, 0)
        behind = at + end - start
        self._ticks -= end - start
        return behind if is_same(self._text[at:behind], self._text[start:end]) else -1
