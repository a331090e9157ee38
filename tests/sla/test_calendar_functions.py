"""The working-time functions as diagrams call them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.domain.errors import BadInputError
from service.sla import WorkingCalendar, calendar_functions

SHANGHAI = ZoneInfo("Asia/Shanghai")
FUNCTIONS = calendar_functions(WorkingCalendar.of())


def call(name: str, *values: Any) -> Any:
    """Return what a function of the dialect answers."""
    parameters, function = FUNCTIONS[name]
    assert len(parameters) == len(values)
    return function(*values)


def test_the_functions_of_the_dialect_are_all_there() -> None:
    """docs/dialect.md §5 names these five with these parameters."""
    assert {name: parameters for name, (parameters, _) in FUNCTIONS.items()} == {
        "add working days": ("from", "n"),
        "add working hours": ("from", "hours"),
        "end of day": ("from", "n"),
        "is working day": ("date",),
        "working days between": ("from", "to"),
    }


def test_dates_local_times_and_aware_times_are_taken() -> None:
    """A date and a local time belong to Shanghai; numbers may be FEEL's decimals."""
    due = datetime(2026, 11, 25, 18, tzinfo=SHANGHAI)

    assert call("add working days", date(2026, 11, 24), 1) == due
    assert call("add working days", datetime.fromisoformat("2026-11-24T23:00"), Decimal(1)) == due
    assert call("add working days", datetime(2026, 11, 24, 23, tzinfo=SHANGHAI), 1) == due
    assert call("add working hours", date(2026, 11, 24), Decimal("4.5")) == datetime(
        2026, 11, 24, 13, 30, tzinfo=SHANGHAI
    )
    assert call("end of day", date(2026, 11, 24), Decimal(0)) == datetime(
        2026, 11, 25, tzinfo=SHANGHAI
    )
    assert call("is working day", date(2026, 10, 10)) is True
    assert (
        call("working days between", date(2026, 9, 30), datetime.fromisoformat("2026-10-12T08:00"))
        == 4
    )


@pytest.mark.parametrize(
    ("start", "n"),
    [
        pytest.param("2026-11-24", 1, id="text_is_no_date"),
        pytest.param(None, 1, id="missing_date"),
        pytest.param(date(2026, 11, 24), Decimal("1.5"), id="half_a_day"),
        pytest.param(date(2026, 11, 24), Decimal("NaN"), id="not_a_number"),
        pytest.param(date(2026, 11, 24), True, id="boolean"),
        pytest.param(date(2026, 11, 24), None, id="missing_number"),
    ],
)
def test_other_types_are_refused_with_a_reason(start: Any, n: Any) -> None:
    """A wrong argument is an error that says what was expected, never a guess."""
    with pytest.raises(BadInputError, match="Expected"):
        call("add working days", start, n)
