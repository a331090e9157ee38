"""What somebody may have meant by a name that nobody knows."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice

from service.feel.wording import Text

FULL_WIDTH = {
    "，": ",", "、": ",", "（": "(", "）": ")", "：": ":", "；": ",", "＝": "=", "＞": ">", "＜": "<",
    "≥": ">=", "≤": "<=", "≠": "!=", "＋": "+", "－": "-", "＊": "*", "×": "*", "÷": "/", "／": "/",
    "［": "[", "］": "]", "【": "[", "】": "]", "｛": "{", "｝": "}", "“": '"', "”": '"', "‘": '"',
    "’": '"', "。": ".", "．": ".", "？": "?", "｜": "|",
}  # fmt: skip
"""Signs as Chinese keyboards write them, and what FEEL wants in their place."""

_ASKED = 2000
_LONGEST = 60
_ALIKE = 0.65
_KEPT = 1024
"""A diagram misses the same names among the same names in each of its cases: comparing all is done once."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, or None when none is much alike.

    Names that differ in case, spaces or underscores only come first.
    """
    if len(name) > _LONGEST:
        return None
    return _nearest(
        name, tuple(one for one in islice(known, _ASKED) if one and len(one) <= _LONGEST)
    )


@lru_cache(maxsize=_KEPT)
def _nearest(name: str, candidates: tuple[str, ...]) -> str | None:
    bare = _bare(name)
    same = next((one for one in candidates if _bare(one) == bare and one != name), None)
    if same is not None or len(name) < (2 if not name.isascii() else 3):
        return same
    found = get_close_matches(name, candidates, n=1, cutoff=_ALIKE)
    return found[0] if found else None


def _bare(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign not in " _-")


def suggestion(name: str, known: Iterable[str]) -> Text | None:
    """Return the question whether something else was meant, or None."""
    sign = next((one for one in name if one in FULL_WIDTH), None)
    if sign is not None:
        return full_width_hint(sign)
    found = nearest(name, known)
    return None if found is None else meant(found)


def meant(text: str) -> Text:
    """Return the question whether this was meant."""
    return Text(f"你是不是想写“{text}”？", f"Did you mean '{text}'?")


def full_width_hint(sign: str) -> Text:
    """Return the question whether a full-width sign should be a half-width one."""
    plain = FULL_WIDTH[sign]
    return Text(
        f"“{sign}”是全角符号，你是不是想写半角的 {plain} ？",
        f"'{sign}' is a full-width sign. Did you mean {plain} ?",
    )
