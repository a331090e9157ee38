"""Matching by closures that try, go back and count their steps.

Each part becomes a function of the state and a position that returns where the whole rest of the
expression ends, or -1.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from service.feel.errors import Fault, LimitExceeded
from service.feel.regex.characters import variants
from service.feel.regex.parsing import parse
from service.feel.regex.pattern import (
    BackReference,
    Choice,
    Edge,
    Group,
    One,
    Pattern,
    Repeat,
    Sequence,
)

STEPS = 500_000
_STEPS_A_STEP = 5


class _State:
    __slots__ = ("groups", "rounds", "starts", "steps", "text")

    def __init__(self, text: str, groups: int, repeats: int) -> None:
        self.text = text
        self.starts: list[list[int]] = [[] for _ in range(groups + 1)]
        self.rounds: list[list[tuple[int, int]]] = [[] for _ in range(repeats)]
        self.groups: list[tuple[int, int] | None] = [None] * (groups + 1)
        self.steps = STEPS

    def step(self, count: int = 1) -> None:
        self.steps -= count
        if self.steps < 0:
            raise LimitExceeded(f"正则表达式的匹配超过 {STEPS} 步")


_Matcher = Callable[[_State, int], int]


@dataclass(frozen=True)
class Match:
    """A place where an expression matches.

    Attributes:
        groups: The text of each group, None of one that took no part; group 0 is the whole.
    """

    start: int
    end: int
    groups: tuple[str | None, ...]


class Regex:
    """A compiled regular expression."""

    def __init__(self, pattern: Pattern, groups: int, flags: str) -> None:
        self._groups = groups
        builder = _Builder(flags)
        self._match = builder.build(pattern, lambda state, at: at)
        self._repeats = builder.repeats

    def matches_in(self, text: str, spend: Callable[[int], None]) -> Iterator[Match]:
        """Yield the matches from left to right, none overlapping.

        Args:
            text: What is searched.
            spend: Told what the search costs, in steps of the evaluation around it.

        Raises:
            LimitExceeded: It takes too long.
        """
        state, at = _State(text, self._groups, self._repeats), 0
        spent = STEPS
        while at <= len(text):
            state.step()
            end = self._try(state, at)
            if end < 0:
                at += 1
                continue
            spend((spent - state.steps) // _STEPS_A_STEP)
            spent = state.steps
            yield self._found(state, at, end)
            at = end if end > at else at + 1
        spend((spent - state.steps) // _STEPS_A_STEP)

    def has_match_in(self, text: str, spend: Callable[[int], None]) -> bool:
        """Tell whether it matches anywhere; parameters as of `matches_in`."""
        return next(self.matches_in(text, spend), None) is not None

    def _try(self, state: _State, at: int) -> int:
        state.groups = [None] * (self._groups + 1)
        try:
            return self._match(state, at)
        except RecursionError as error:
            raise LimitExceeded("正则表达式的匹配回溯太深") from error

    def _found(self, state: _State, start: int, end: int) -> Match:
        spans = [(start, end), *state.groups[1:]]
        texts = tuple(None if span is None else state.text[span[0] : span[1]] for span in spans)
        return Match(start, end, texts)


class _Builder:
    """Builds matchers from the last part to the first."""

    def __init__(self, flags: str) -> None:
        self._is_multiline = "m" in flags
        self._ignores_case = "i" in flags
        self.repeats = 0

    def build(self, pattern: Pattern, following: _Matcher) -> _Matcher:
        match pattern:
            case One():
                return _one(pattern, following)
            case Edge():
                return self._edge(pattern, following)
            case Sequence():
                for part in reversed(pattern.parts):
                    following = self.build(part, following)
                return following
            case Choice():
                return _choice([self.build(part, following) for part in pattern.parts])
            case Group():
                return self._group(pattern, following)
            case Repeat():
                return self._repeat(pattern, following)
            case BackReference():
                return self._back_reference(pattern, following)
        raise TypeError(type(pattern))

    def _edge(self, pattern: Edge, following: _Matcher) -> _Matcher:
        is_multiline = self._is_multiline

        def at_start(state: _State, at: int) -> int:
            text = state.text
            begins_line = is_multiline and 0 < at < len(text) and text[at - 1] == "\n"
            return following(state, at) if at == 0 or begins_line else -1

        def at_end(state: _State, at: int) -> int:
            ends_line = is_multiline and state.text[at : at + 1] == "\n"
            return following(state, at) if at == len(state.text) or ends_line else -1

        return at_start if pattern.is_start else at_end

    def _group(self, pattern: Group, following: _Matcher) -> _Matcher:
        index = pattern.index
        if index == 0:
            return self.build(pattern.part, following)

        def close(state: _State, at: int) -> int:
            starts = state.starts[index]
            kept, start = state.groups[index], starts.pop()
            state.groups[index] = (start, at)
            end = following(state, at)
            if end < 0:
                state.groups[index] = kept
            starts.append(start)
            return end

        inner = self.build(pattern.part, close)

        def opened(state: _State, at: int) -> int:
            state.starts[index].append(at)
            end = inner(state, at)
            state.starts[index].pop()
            return end

        return opened

    def _repeat(self, pattern: Repeat, following: _Matcher) -> _Matcher:
        if isinstance(pattern.part, One):
            quick = _greedy_run if pattern.is_greedy else _lazy_run
            return quick(pattern.part, pattern.least, pattern.most, following)
        return self._repeat_groups(pattern, following)

    def _repeat_groups(self, pattern: Repeat, following: _Matcher) -> _Matcher:
        least, most, is_greedy = pattern.least, pattern.most, pattern.is_greedy
        slot = self.repeats
        self.repeats += 1

        def again(state: _State, at: int) -> int:
            count, start = state.rounds[slot][-1]
            if at == start and count > least:
                return -1
            return go_on(state, at, count)

        inner = self.build(pattern.part, again)

        def leave(state: _State, at: int) -> int:
            kept, state.rounds[slot] = state.rounds[slot], []
            end = following(state, at)
            state.rounds[slot] = kept
            return end

        def once_more(state: _State, at: int, count: int) -> int:
            state.rounds[slot].append((count + 1, at))
            end = inner(state, at)
            state.rounds[slot].pop()
            return end

        def go_on(state: _State, at: int, count: int) -> int:
            state.step()
            may_repeat = most is None or count < most
            if count < least:
                return once_more(state, at, count)
            if not is_greedy:
                end = leave(state, at)
                return once_more(state, at, count) if end < 0 and may_repeat else end
            end = once_more(state, at, count) if may_repeat else -1
            return end if end >= 0 else leave(state, at)

        return lambda state, at: go_on(state, at, 0)

    def _back_reference(self, pattern: BackReference, following: _Matcher) -> _Matcher:
        ignores_case = self._ignores_case

        def matcher(state: _State, at: int) -> int:
            span = state.groups[pattern.index]
            wanted = "" if span is None else state.text[span[0] : span[1]]
            given = state.text[at : at + len(wanted)]
            state.step(len(wanted) + 1)
            if given != wanted and not (ignores_case and _same_letters(given, wanted)):
                return -1
            return following(state, at + len(wanted))

        return matcher


def _same_letters(one: str, other: str) -> bool:
    return len(one) == len(other) and all(
        a in variants(b) or b in variants(a) for a, b in zip(one, other, strict=True)
    )


def _one(pattern: One, following: _Matcher) -> _Matcher:
    test = pattern.test

    def matcher(state: _State, at: int) -> int:
        state.step()
        if at < len(state.text) and test(state.text[at]):
            return following(state, at + 1)
        return -1

    return matcher


def _choice(parts: list[_Matcher]) -> _Matcher:
    def matcher(state: _State, at: int) -> int:
        for part in parts:
            state.step()
            end = part(state, at)
            if end >= 0:
                return end
        return -1

    return matcher


def _greedy_run(part: One, least: int, most: int | None, following: _Matcher) -> _Matcher:
    test = part.test

    def matcher(state: _State, at: int) -> int:
        text, end = state.text, at
        limit = len(text) if most is None else min(len(text), at + most)
        while end < limit and test(text[end]):
            end += 1
        state.step(end - at + 1)
        for stop in range(end, at + least - 1, -1):
            state.step()
            found = following(state, stop)
            if found >= 0:
                return found
        return -1

    return matcher


def _lazy_run(part: One, least: int, most: int | None, following: _Matcher) -> _Matcher:
    test = part.test

    def matcher(state: _State, at: int) -> int:
        text, stop = state.text, at
        limit = len(text) if most is None else min(len(text), at + most)
        while True:
            state.step()
            if stop - at >= least:
                found = following(state, stop)
                if found >= 0:
                    return found
            if stop >= limit or not test(text[stop]):
                return -1
            stop += 1

    return matcher


@lru_cache(maxsize=512)
def compiled_regex(pattern: str, flags: str) -> Regex:
    """Return the expression ready for searching.

    Raises:
        Fault: It is none, or a flag is unknown.
    """
    if set(flags) - set("smixq"):
        raise Fault(f"未知的正则标志“{flags}”")
    parsed, groups = parse(pattern, flags)
    return Regex(parsed, groups, flags)
