"""Laws: nothing raises or hangs, three-valued logic, dates against Python's own calendar."""

import calendar
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feel import Expression, UnaryTests, compile_expression, to_json
from service.feel import tree as t
from tests.feel.trees import CELLS, CONTEXTS, OFFICE, TREES, VALUES, fuzz

TRUTHS: dict[str, Any] = {"true": True, "false": False, "null": None, "1": "no boolean"}
DAYS = st.dates(date(1, 1, 3), date(9999, 12, 29))
SECONDS = st.integers(-2_000_000_000, 7_000_000_000)
ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC"])


def value_of(text: str, **context: Any) -> Any:
    """Return the value of an expression."""
    return compile_expression(text).evaluate(context, OFFICE).value


@pytest.mark.slow
@fuzz(60)
@given(TREES, CONTEXTS)
def test_no_tree_raises_or_hangs(tree: t.Node, context: Mapping[str, Any]) -> None:
    """Any tree over any values gives a value that can be written as JSON, and soon."""
    began = time.process_time()

    to_json(Expression("", tree).evaluate(context, OFFICE).value)

    assert time.process_time() - began < 2


@pytest.mark.slow
@fuzz(30)
@given(CELLS, VALUES, CONTEXTS)
def test_no_cell_raises(cell: t.Tests, value: Any, context: Mapping[str, Any]) -> None:
    """Any cell answers true, false or null for any input."""
    assert UnaryTests("", cell).evaluate(value, context, OFFICE).value in (True, False, None)


@pytest.mark.parametrize(("left", "right"), list(product(TRUTHS, TRUTHS)))
def test_and_and_or_are_kleenes(left: str, right: str) -> None:
    """What is no boolean counts as unknown; a decisive side decides."""
    known = {True: 1.0, False: 0.0}
    one, other = known.get(TRUTHS[left], 0.5), known.get(TRUTHS[right], 0.5)
    back = {1.0: True, 0.0: False, 0.5: None}

    assert value_of(f"{left} and {right}") is back[min(one, other)]
    assert value_of(f"{left} or {right}") is back[max(one, other)]


@pytest.mark.parametrize(("left", "right"), list(product(("true", "false", "null"), repeat=2)))
def test_de_morgan_holds_for_three_values(left: str, right: str) -> None:
    """Not (a and b) = (not a) or (not b), for null too; `all` and `any` agree with the operators."""
    turned = value_of(f"not({left}) or not({right})")

    assert value_of(f"not({left} and {right})") is turned
    assert value_of(f"all([{left}, {right}])") is value_of(f"{left} and {right}")
    assert value_of(f"any([{left}, {right}])") is value_of(f"{left} or {right}")


@fuzz(25)
@given(DAYS, st.integers(-4000, 4000))
def test_days_are_added_as_python_adds_them(day: date, count: int) -> None:
    """Date + days, the difference back, the weekday and the week, against `datetime`."""
    try:
        expected = day + timedelta(days=count)
    except OverflowError:
        return
    text = f'date("{day.isoformat()}")'

    assert to_json(value_of(f"{text} + duration(d)", d=f"P{count}D")) == expected.isoformat()
    assert value_of(f'(date("{expected.isoformat()}") - {text}) / @"P1D"') == count
    assert value_of(f"{text}.weekday") == day.isoweekday()
    assert value_of(f"week of year({text})") == day.isocalendar().week
    assert value_of(f"day of year({text})") == day.timetuple().tm_yday


@fuzz(25)
@given(DAYS, st.integers(-60, 60))
def test_months_are_added_with_the_months_end(day: date, count: int) -> None:
    """Date + months keeps the day or takes the month's last, against `calendar`."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not 1 <= year <= 9999:
        return
    length = calendar.monthrange(year, month + 1)[1]
    expected = date(year, month + 1, min(day.day, length))

    found = value_of(f'date("{day.isoformat()}") + duration(d)', d=f"P{count}M")

    assert to_json(found) == expected.isoformat()
    assert (
        to_json(value_of(f'last day of month(date("{expected}"))'))
        == date(year, month + 1, length).isoformat()
    )


@fuzz(25)
@given(SECONDS, ZONES, SECONDS, ZONES)
def test_moments_of_two_zones_are_apart_as_python_says(
    one: int, one_zone: str, other: int, other_zone: str
) -> None:
    """The difference and the order of moments go by the instant, whatever their zones."""
    # Going over the clock on the wall, so that the hours without a name or with two are met as well.
    first = datetime.fromtimestamp(one, ZoneInfo(one_zone)).replace(fold=0)
    second = datetime.fromtimestamp(other, ZoneInfo(other_zone)).replace(fold=0)
    texts = [
        f'@"{moment.replace(tzinfo=None).isoformat()}@{zone}"'
        for moment, zone in ((first, one_zone), (second, other_zone))
    ]
    first, second = first.astimezone(UTC), second.astimezone(UTC)

    apart = value_of(f'({texts[0]} - {texts[1]}) / @"PT1S"')

    assert apart == int((first - second).total_seconds())
    assert value_of(f"{texts[0]} < {texts[1]}") is (first < second)
    assert value_of(f'date and time({texts[0]}, "Z") = {texts[0]}') is True


@fuzz(60)
@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9
    )
)
def test_rounding_is_decimals_own(number: Decimal) -> None:
    """`floor`, `ceiling`, `decimal` against `Decimal.quantize`; text and back is the same number."""
    for name, mode in (("floor", "ROUND_FLOOR"), ("ceiling", "ROUND_CEILING")):
        assert value_of(f"{name}(x)", x=number) == number.to_integral_value(mode)
    assert value_of("decimal(x, 1)", x=number) == number.quantize(Decimal("0.1"), "ROUND_HALF_EVEN")
    assert value_of("number(string(x))", x=number) == number
