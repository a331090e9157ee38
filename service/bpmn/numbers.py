"""Whole numbers as diagrams write them."""

LARGEST = 2**31 - 1
"""What a count may be at most: as much as its column holds."""


def whole_number(text: str) -> int | None:
    """Return the number that digits mean; None when they are none, or too many."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > len(str(LARGEST)):
        return None
    number = int(digits)
    return number if number <= LARGEST else None
