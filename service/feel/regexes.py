"""XPath regular expressions, with a bound on how long they may search.

Source: XQuery and XPath Functions 3.1 §5.6 (DMN 1.5 §10.3.4.3 refers to it).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from elementpath.regex import RegexError, translate_pattern

from service.feel.errors import Fault

_FLAGS = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE}
_REFERENCE = re.compile(r"\\(.)|\$(\d+)|(\$)|(\\)", re.DOTALL)


@lru_cache(maxsize=512)
def compiled_regex(pattern: str, flags: str) -> re.Pattern[str]:
    """Return the expression ready for searching.

    Raises:
        Fault: It is none, or a flag is unknown.
    """
    if set(flags) - set("smixq"):
        raise Fault(f"未知的正则标志“{flags}”")
    bits = 0
    for flag in flags:
        bits |= _FLAGS.get(flag, 0)
    if "q" in flags:
        return re.compile(re.escape(pattern), bits)
    if "x" in flags:
        pattern = re.sub(r"[ \t\r\n]+", "", pattern)
    try:
        translated = translate_pattern(
            pattern, flags=bits, xsd_version="1.1", back_references=True, anchors=False
        )
        return re.compile(translated, bits)
    except (RegexError, re.error, OverflowError, RecursionError, ValueError) as error:
        raise Fault(f"正则表达式有误：{pattern[:60]}") from error


def spans_of(regex: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches from left to right."""
    return regex.finditer(text)


def expand(replacement: str, match: re.Match[str], *, is_literal: bool) -> str:
    """Return the replacement with `$1` and the like filled in.

    Raises:
        Fault: A `$` or backslash stands alone.
    """
    if is_literal:
        return replacement

    def one(found: re.Match[str]) -> str:
        if found[1] in ("$", "\\"):
            return found[1]
        if found[2] is None:
            raise Fault("替换文本中的 $ 后应为数字，反斜杠后应为 $ 或反斜杠")
        return _group(match, found[2])

    return _REFERENCE.sub(one, replacement)


def _group(match: re.Match[str], digits: str) -> str:
    groups = len(match.groups())
    used = digits
    while len(used) > 1 and int(used) > groups:
        used = used[:-1]
    content = (match[int(used)] or "") if int(used) <= groups else ""
    return content + digits[len(used) :]
