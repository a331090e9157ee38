"""Wrong values as refusals show them: JSON as programs write it, texts in single quotes."""

import json
from decimal import Decimal

_LONGEST = 100
"""Characters shown of a value."""


def told(value: object) -> str:
    """Return a value as a sentence shows it, cut after a hundred characters.

    A text stands in single quotes, its control characters escaped; None, flags, numbers, lists and objects are
    JSON; of what JSON does not know stands its text.
    """
    if isinstance(value, Decimal):
        return _cut(str(value))
    text = json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, str):
        inner = _cut(text[1:-1].replace('\\"', '"'))
        return f"'{inner}'"
    return _cut(text)


def _cut(text: str) -> str:
    whole = text.encode(errors="replace").decode()
    return whole if len(whole) <= _LONGEST else f"{whole[:_LONGEST]}…"
