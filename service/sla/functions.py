"""The working-time functions that diagrams call in FEEL, as plain Python (docs/dialect.md §5)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from service.domain.errors import BadInputError
from service.domain.told import told
from service.sla.calendar import WorkingCalendar
from service.sla.deadlines import (
    MAX_DAYS,
    add_working_days,
    add_working_hours,
    end_of_day,
    is_working_day,
    working_days_between,
)


def calendar_functions(
    calendar: WorkingCalendar,
) -> Mapping[str, tuple[tuple[str, ...], Callable[..., Any]]]:
    """Return FEEL name → (parameter names, function) for one calendar.

    The functions take dates or datetimes (one without zone counts as local to the calendar) and
    whole numbers, int or Decimal (hours may have fractions); they answer datetimes in the calendar's
    zone, booleans and ints.

    Raises:
        BadInputError: By the functions, when an argument is of another type or out of range.

    Source: docs/dialect.md §5.
    """

    def add_days(start: Any, n: Any) -> datetime:
        due = add_working_days(_moment(start, calendar), _whole(n), calendar)
        return due.astimezone(calendar.zone)

    def add_hours(start: Any, hours: Any) -> datetime:
        budget = timedelta(hours=float(_number(hours)))
        return add_working_hours(_moment(start, calendar), budget, calendar).astimezone(
            calendar.zone
        )

    def end_day(start: Any, n: Any) -> datetime:
        return end_of_day(_moment(start, calendar), _whole(n), calendar).astimezone(calendar.zone)

    def is_working(on: Any) -> bool:
        return is_working_day(_day(on, calendar), calendar)

    def between(start: Any, end: Any) -> int:
        return working_days_between(_day(start, calendar), _day(end, calendar), calendar)

    return {
        "add working days": (("from", "n"), add_days),
        "add working hours": (("from", "hours"), add_hours),
        "end of day": (("from", "n"), end_day),
        "is working day": (("date",), is_working),
        "working days between": (("from", "to"), between),
    }


def _moment(value: Any, calendar: WorkingCalendar) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=calendar.zone)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=calendar.zone)
    raise BadInputError(
        f"Expected a date or a date and time, but got {told(value)}.",
        message=f"应为日期或日期时间，实际为 {told(value)}",
    )


def _day(value: Any, calendar: WorkingCalendar) -> date:
    return calendar.local_day(_moment(value, calendar))


def _number(value: Any) -> Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
        if number.is_finite() and 0 <= number <= MAX_DAYS * 24:
            return number
    raise BadInputError(
        f"Expected a number of hours of at least 0, but got {told(value)}.",
        message=f"小时数应为不小于 0 的数字，实际为 {told(value)}",
    )


def _whole(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
        return int(value)
    raise BadInputError(
        f"Expected a whole number, but got {told(value)}.",
        message=f"应为整数，实际为 {told(value)}",
    )
