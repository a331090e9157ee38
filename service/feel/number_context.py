"""The arithmetic of FEEL numbers: 34 digits, half to even, nothing but finite numbers.

Source: DMN 1.5 §10.3.2.3.1 (IEEE 754-2008 Decimal128).
"""

import decimal
from collections.abc import Iterator
from contextlib import contextmanager

_FEEL = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[
        decimal.InvalidOperation,
        decimal.DivisionByZero,
        decimal.Overflow,
        decimal.FloatOperation,
    ],
)


def feel_number(value: decimal.Decimal | int) -> decimal.Decimal:
    """Return a number rounded to the digits FEEL has.

    Raises:
        decimal.DecimalException: It is too large, or no number.
    """
    return _FEEL.create_decimal(value)


@contextmanager
def feel_numbers() -> Iterator[None]:
    """Compute with FEEL's numbers inside; entering it again inside costs nothing."""
    outer = decimal.getcontext()
    if outer is _FEEL:
        yield
        return
    decimal.setcontext(_FEEL)
    try:
        yield
    finally:
        decimal.setcontext(outer)
