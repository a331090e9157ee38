"""Whole numbers as diagrams write them."""

import re

LARGEST = 2**31 - 1
"""What a count may be at most: as much as its column holds."""
SMALLEST = -(2**31)
"""What such a column holds at least."""

_INTEGER = re.compile(r"[-+]?[0-9]{1,10}")


def whole_number(text: str) -> int | None:
    """Return the number that digits mean; None when they are none, or too many."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > len(str(LARGEST)):
        return None
    number = int(digits)
    return number if number <= LARGEST else None


def integer(text: str) -> int | None:
    """Return the number of 32 bits that a text means, which may have a sign; None when it is none.

    Source: Camunda 8 (`Integer.parseInt`).
    """
    if _INTEGER.fullmatch(text) is None:
        return None
    number = int(text)
    return number if SMALLEST <= number <= LARGEST else None
