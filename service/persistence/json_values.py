"""JSON of the database to Python values and back, fast and exact."""

import json
from re import compile as compile_pattern
from typing import Any

import orjson

EXACT_DIGITS = 18
"""Digits of integers that fit 64 bits in any case."""

_MORE_DIGITS = compile_pattern(rb"[0-9]{%d}" % (EXACT_DIGITS + 1))


def json_value(text: bytes | str) -> Any:
    """Return the value of a JSON text; integers are exact, however long.

    orjson would give a float for an integer of more than 64 bits, so such texts are read by Python's own.
    """
    raw = text.encode() if isinstance(text, str) else text
    if len(raw) > EXACT_DIGITS and _MORE_DIGITS.search(raw):
        return json.loads(raw)
    return orjson.loads(raw)


def json_text(value: Any) -> str:
    """Return a value as compact JSON text; integers are exact, however long."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        # Integers of more than 64 bits; slower, and just as exact.
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
