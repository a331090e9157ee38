"""Searching a text for a regular expression, with counted steps."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from service.feel.errors import Fault
from service.feel.limits import Spend
from service.feel.regex.machine import Machine
from service.feel.regex.parsing import parse
from service.feel.regex.program import Program
from service.feel.regex.writing import program_of

_COST_OF_A_CHARACTER = 3
_COST_OF_A_MATCH = 3


class Match(NamedTuple):
    """A place where an expression matches.

    Attributes:
        groups: The text of each group, None of one that took no part; group 0 is the whole.
    """

    start: int
    end: int
    groups: tuple[str | None, ...]


class Regex:
    """A regular expression, made ready when it is asked first; that it is none is kept, too."""

    def __init__(self, text: str, flags: str) -> None:
        self._text = text
        self._flags = flags
        self._programs: dict[bool, Program] = {}
        self._fault: Fault | None = None

    def _program(self, spend: Spend, *, keeps_groups: bool) -> Program:
        program = self._programs.get(keeps_groups)
        if program is not None:
            return program
        if self._fault is not None:
            raise self._fault
        spend(len(self._text) * _COST_OF_A_CHARACTER)
        try:
            pattern, groups = parse(self._text, self._flags)
            program = program_of(pattern, groups, self._flags, spend, keeps_groups=keeps_groups)
        except Fault as fault:
            self._fault = fault
            raise
        self._programs[keeps_groups] = program
        return program

    def matches_in(self, text: str, spend: Spend) -> Iterator[Match]:
        """Yield the matches from left to right, none overlapping.

        Args:
            text: What is searched.
            spend: Told what the search costs, in steps of the evaluation around it.

        Raises:
            Fault: It is none, or is too large.
            LimitExceeded: It takes too long.
        """
        program = self._program(spend, keeps_groups=True)
        machine, at = Machine(program, text, spend), 0
        while (found := machine.search(at)) is not None:
            start, end = found
            groups = [machine.group(index + 1) for index in range(program.groups)]
            spend(len(groups) + _COST_OF_A_MATCH)
            texts = [None if span is None else text[span[0] : span[1]] for span in groups]
            yield Match(start, end, (text[start:end], *texts))
            at = end if end > start else end + 1
        machine.settle()

    def has_match_in(self, text: str, spend: Spend) -> bool:
        """Tell whether it matches anywhere; parameters and errors as of `matches_in`."""
        machine = Machine(self._program(spend, keeps_groups=False), text, spend)
        found = machine.search(0)
        machine.settle()
        return found is not None


@lru_cache(maxsize=256)
def compiled_regex(text: str, flags: str) -> Regex:
    """Return the expression for searching; the same text and flags give the same object.

    Raises:
        Fault: A flag is unknown.
    """
    if set(flags) - set("smixq"):
        raise Fault(f"未知的正则标志“{flags}”", f"Unknown flags '{flags}'.")
    return Regex(text, flags)
