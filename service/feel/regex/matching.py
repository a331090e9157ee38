"""Searching a text for a regular expression, with counted steps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from service.feel.errors import Fault, LimitExceeded
from service.feel.regex.building import Builder
from service.feel.regex.parsing import parse
from service.feel.regex.pattern import Pattern
from service.feel.regex.state import State


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
        builder = Builder(flags)
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
        state, at = State(text, self._groups, self._repeats, spend), 0
        while at <= len(text):
            state.step()
            end = self._try(state, at)
            if end < 0:
                at += 1
                continue
            state.settle()
            yield self._found(state, at, end)
            at = end if end > at else at + 1
        state.settle()

    def has_match_in(self, text: str, spend: Callable[[int], None]) -> bool:
        """Tell whether it matches anywhere; parameters as of `matches_in`."""
        return next(self.matches_in(text, spend), None) is not None

    def _try(self, state: State, at: int) -> int:
        state.groups = [None] * (self._groups + 1)
        try:
            return self._match(state, at)
        except RecursionError as error:
            raise LimitExceeded(
                "正则表达式的匹配回溯太深", "The regular expression goes back too deep."
            ) from error

    def _found(self, state: State, start: int, end: int) -> Match:
        spans = [(start, end), *state.groups[1:]]
        texts = tuple(None if span is None else state.text[span[0] : span[1]] for span in spans)
        return Match(start, end, texts)


@lru_cache(maxsize=512)
def compiled_regex(pattern: str, flags: str) -> Regex:
    """Return the expression ready for searching.

    Raises:
        Fault: It is none, or a flag is unknown.
    """
    if set(flags) - set("smixq"):
        raise Fault(f"未知的正则标志“{flags}”", f"Unknown flags '{flags}'.")
    parsed, groups = parse(pattern, flags)
    return Regex(parsed, groups, flags)
