"""Names that a plain scan would cut short: with spaces or signs in them.

FEEL lets names hold spaces and operators, so the words of a text can only be told apart when the
names in scope are known. Plain names (letters, digits, underscores) need not be known.

Source: DMN 1.5 §10.3.1.2 rules 25 to 31.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
PLAIN = re.compile(f"[{_START}][{_PART}]*")
PART = re.compile(f"[{_PART}]")
_PIECES = re.compile(f"[{_PART}]+|[^\\s{_PART}]")
SPACE = re.compile(
    r"(?:[\s\u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]|//[^\n]*|/\*.*?\*/)+",
    re.DOTALL,
)


class KnownNames:
    """The special names in scope, found at a place of a text; the longest wins."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_start: dict[str, list[_Special]] = {}
        for name in names:
            self.add(name)

    def copy(self) -> "KnownNames":
        """Return an independent copy."""
        twin = KnownNames()
        twin._by_start = {start: list(entries) for start, entries in self._by_start.items()}
        return twin

    def add(self, name: str) -> None:
        """Make one more name known; plain ones are found without."""
        entry = _special(name)
        if entry is None:
            return
        entries = self._by_start.setdefault(name.strip()[0], [])
        if entry not in entries:
            entries.append(entry)
            entries.sort(key=lambda known: -known.length)

    def match(self, text: str, at: int) -> tuple[str, int] | None:
        """Return the longest known name that begins at `at`, and where it ends; or None."""
        for known in self._by_start.get(text[at : at + 1], ()):
            end = known.end(text, at)
            if end is not None:
                return known.name, end
        return None


@dataclass(frozen=True)
class _Special:
    """A name with spaces or signs in it; of two that begin at one place the one of more `length` counts."""

    name: str
    pattern: re.Pattern[str]
    ends_in_word: bool

    @property
    def length(self) -> int:
        return len(self.pattern.pattern)

    def end(self, text: str, at: int) -> int | None:
        """Return where the name ends that begins at `at`; None when it is another, or goes on there."""
        found = self.pattern.match(text, at)
        # As a part of the pattern, what follows would take its compiling fifty times as long.
        if found is None or (self.ends_in_word and PART.match(text, found.end())):
            return None
        return found.end()


@lru_cache(maxsize=4096)
def _special(name: str) -> _Special | None:
    pieces = _PIECES.findall(name)
    if not pieces or PLAIN.fullmatch(name.strip()):
        return None
    pattern = re.escape(pieces[0])
    for before, piece in pairwise(pieces):
        both_words = PART.match(before[-1]) and PART.match(piece[0])
        pattern += (r"\s+" if both_words else r"\s*") + re.escape(piece)
    return _Special(name, re.compile(pattern), PART.match(pieces[-1][-1]) is not None)


def normalised(name: str) -> str:
    """Return a name as keys hold it: runs of space become one, none beside a sign."""
    pieces = _PIECES.findall(name)
    text = "".join(pieces[:1])
    for before, piece in pairwise(pieces):
        both_words = PART.match(before[-1]) and PART.match(piece[0])
        text += (" " if both_words else "") + piece
    return text
