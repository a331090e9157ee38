"""Hints beside syntax errors: what people write who know other languages, or type in Chinese."""

import re
from collections.abc import Collection

from service.feel.known_names import PLAIN
from service.feel.suggestions import FULL_WIDTH, full_width_hint, meant, nearest
from service.feel.wording import Text

_FOREIGN = {
    "&": "and",
    "||": "or",
    "!": "not(…)",
    "'": '"…"',
    "<>": "!=",
    "=>": ">=",
    "=<": "<=",
    "==": "=",
    "%": "modulo(…, …)",
    ";": ",",
}
_NAME_BEFORE = re.compile(r"(\w+)\s+\Z")


def hint_at(text: str, at: int, keywords: Collection[str]) -> Text | None:
    """Return what the writer may have meant by the word at an offset, or None."""
    word = PLAIN.match(text, at)
    written = text[at : at + 1] if word is None else word[0]
    sign = next((one for one in written if one in FULL_WIDTH), None)
    if sign is not None:
        return full_width_hint(sign)
    if word is None:
        return _of_sign(text, at)
    return _of_word(text, at, word[0], keywords)


def _of_sign(text: str, at: int) -> Text | None:
    for begin in (at - 1, at):
        for foreign, plain in _FOREIGN.items():
            if begin >= 0 and text.startswith(foreign, begin) and begin + len(foreign) > at:
                return meant(plain)
    return None


def _of_word(text: str, at: int, word: str, keywords: Collection[str]) -> Text | None:
    if word in keywords:
        return None
    keyword = nearest(word, keywords)
    if keyword is not None:
        return meant(keyword)
    before = _NAME_BEFORE.search(text, max(0, at - 80), at)
    if before is None or before[1] in keywords or before[1].isdigit():
        return None
    return Text(
        f"如果“{before[1]} {word}”是一个名称，请写在反引号中：`{before[1]} {word}`。",
        f"If '{before[1]} {word}' is one name, write it in backticks: `{before[1]} {word}`.",
    )
