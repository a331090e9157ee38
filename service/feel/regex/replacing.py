"""Replacement texts: `$1` stands for the first group.

Source: XQuery and XPath Functions 3.1 §5.6.4.
"""

import re

from service.feel.errors import Fault
from service.feel.regex.matching import Match

_REFERENCE = re.compile(r"\\(.)?|\$(\d+)?", re.DOTALL)


def expanded(replacement: str, match: Match, *, is_literal: bool) -> str:
    """Return the replacement with `$1` and the like filled in.

    Raises:
        Fault: A `$` or backslash stands alone.
    """
    if is_literal or not ("$" in replacement or "\\" in replacement):
        return replacement

    def one(found: re.Match[str]) -> str:
        if found[1] in ("$", "\\"):
            return found[1]
        if found[2] is None:
            raise Fault(
                "替换文本中的 $ 后应为数字，反斜杠后应为 $ 或反斜杠",
                "Expected a digit behind $ and $ or a backslash behind a backslash.",
            )
        return _group_text(match, found[2])

    return _REFERENCE.sub(one, replacement)


def _group_text(match: Match, digits: str) -> str:
    used = digits
    while len(used) > 1 and int(used) >= len(match.groups):
        used = used[:-1]
    text = match.groups[int(used)] if int(used) < len(match.groups) else None
    return (text or "") + digits[len(used) :]
