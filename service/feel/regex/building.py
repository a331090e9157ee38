"""Parts of a regular expression to functions that try and go back.

Each part becomes a function of the state and a position that returns where the whole rest of the
expression ends, or -1.
"""

from collections.abc import Callable

from service.feel.regex.characters import variants
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
from service.feel.regex.state import State

Matcher = Callable[[State, int], int]


class Builder:
    """Builds matchers from the last part to the first.

    Attributes:
        repeats: How many repeated parts there are so far.
    """

    def __init__(self, flags: str) -> None:
        self._is_multiline = "m" in flags
        self._ignores_case = "i" in flags
        self.repeats = 0

    def build(self, pattern: Pattern, following: Matcher) -> Matcher:
        """Return the matcher of a part that hands on to what follows."""
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

    def _edge(self, pattern: Edge, following: Matcher) -> Matcher:
        is_multiline = self._is_multiline

        def at_start(state: State, at: int) -> int:
            text = state.text
            begins_line = is_multiline and 0 < at < len(text) and text[at - 1] == "\n"
            return following(state, at) if at == 0 or begins_line else -1

        def at_end(state: State, at: int) -> int:
            ends_line = is_multiline and state.text[at : at + 1] == "\n"
            return following(state, at) if at == len(state.text) or ends_line else -1

        return at_start if pattern.is_start else at_end

    def _group(self, pattern: Group, following: Matcher) -> Matcher:
        index = pattern.index
        if index == 0:
            return self.build(pattern.part, following)

        def close(state: State, at: int) -> int:
            starts = state.starts[index]
            kept, start = state.groups[index], starts.pop()
            state.groups[index] = (start, at)
            end = following(state, at)
            if end < 0:
                state.groups[index] = kept
            starts.append(start)
            return end

        inner = self.build(pattern.part, close)

        def opened(state: State, at: int) -> int:
            state.starts[index].append(at)
            end = inner(state, at)
            state.starts[index].pop()
            return end

        return opened

    def _repeat(self, pattern: Repeat, following: Matcher) -> Matcher:
        if isinstance(pattern.part, One):
            quick = _greedy_run if pattern.is_greedy else _lazy_run
            return quick(pattern.part, pattern.least, pattern.most, following)
        return self._repeat_groups(pattern, following)

    def _repeat_groups(self, pattern: Repeat, following: Matcher) -> Matcher:
        least, most, is_greedy = pattern.least, pattern.most, pattern.is_greedy
        slot = self.repeats
        self.repeats += 1

        def again(state: State, at: int) -> int:
            count, start = state.rounds[slot][-1]
            if at == start and count > least:
                return -1
            return go_on(state, at, count)

        inner = self.build(pattern.part, again)

        def leave(state: State, at: int) -> int:
            kept, state.rounds[slot] = state.rounds[slot], []
            end = following(state, at)
            state.rounds[slot] = kept
            return end

        def once_more(state: State, at: int, count: int) -> int:
            state.rounds[slot].append((count + 1, at))
            end = inner(state, at)
            state.rounds[slot].pop()
            return end

        def go_on(state: State, at: int, count: int) -> int:
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

    def _back_reference(self, pattern: BackReference, following: Matcher) -> Matcher:
        ignores_case = self._ignores_case

        def matcher(state: State, at: int) -> int:
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


def _one(pattern: One, following: Matcher) -> Matcher:
    test = pattern.test

    def matcher(state: State, at: int) -> int:
        state.step()
        if at < len(state.text) and test(state.text[at]):
            return following(state, at + 1)
        return -1

    return matcher


def _choice(parts: list[Matcher]) -> Matcher:
    def matcher(state: State, at: int) -> int:
        for part in parts:
            state.step()
            end = part(state, at)
            if end >= 0:
                return end
        return -1

    return matcher


def _greedy_run(part: One, least: int, most: int | None, following: Matcher) -> Matcher:
    test = part.test

    def matcher(state: State, at: int) -> int:
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


def _lazy_run(part: One, least: int, most: int | None, following: Matcher) -> Matcher:
    test = part.test

    def matcher(state: State, at: int) -> int:
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
