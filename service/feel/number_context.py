"""The arithmetic of FEEL numbers: 34 digits, half to even, nothing but finite numbers.

Source: DMN 1.5 §10.3.2.3.1 (IEEE 754-2008 Decimal128).
"""

import decimal

FEEL_NUMBERS = decimal.Context(
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
    return FEEL_NUMBERS.create_decimal(value)


class feel_numbers:  # noqa: N801 - used as `with feel_numbers():`
    """Compute with FEEL's numbers inside; a class, because a generator would cost more than it guards."""

    __slots__ = ("_outer",)

    def __enter__(self) -> None:
        self._outer = decimal.getcontext()
        if self._outer is not FEEL_NUMBERS:
            decimal.setcontext(FEEL_NUMBERS)

    def __exit__(self, *_: object) -> None:
        if self._outer is not FEEL_NUMBERS:
            decimal.setcontext(self._outer)
