"""Deadlines: the moment at which so many days, working days or months are used up.

Starts are aware datetimes of any zone; answers are UTC.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, islice

from service.domain.errors import BadInputError
from service.sla.calendar import WorkingCalendar
from service.sla.errors import NoWorkingTimeError

MAX_DAYS = 36_600
"""Days, working days or a hundred years of months: more is a mistake, not a deadline."""

_IDLE_DAYS_LIMIT = 366


def is_working_day(on: date, calendar: WorkingCalendar) -> bool:
    """Tell whether a day is worked."""
    return calendar.day(on).is_working


def add_working_days(start: datetime, n: int, calendar: WorkingCalendar) -> datetime:
    """Return closing time of the n-th working day after the day of `start`.

    Raises:
        BadInputError: `n` is not from 1 to 36 600, or `start` has no zone.
        NoWorkingTimeError: The calendar closes every day of a year, or ends before.

    Source: XC-T-2.
    """
    _check_count(n, least=1)
    first = calendar.local_day(_aware(start))
    *_, last = islice(_working_days_after(first, calendar), n)
    return _at(last, calendar.closes, calendar)


def add_working_hours(start: datetime, budget: timedelta, calendar: WorkingCalendar) -> datetime:
    """Return the moment at which a budget of office hours is used up.

    Args:
        start: Outside office hours, counting begins at the next opening.
        budget: Office time. Zero gives `start`, or the next opening when it lies outside office hours.
        calendar: Its office hours count as one stretch a day, without a break at noon.

    Raises:
        BadInputError: `budget` is negative or longer than 36 600 days, or `start` has no zone.
        NoWorkingTimeError: The calendar closes every day of a year, or ends before.

    Source: XC-T-2 (office hours), the clocks in working hours of the catalogue (OD-TM2).
    """
    if not timedelta(0) <= budget <= timedelta(days=MAX_DAYS):
        raise BadInputError(
            f"Expected 0 hours to {MAX_DAYS} days, but got {budget}.",
            message=f"时长应在 0 小时与 {MAX_DAYS} 天之间",
        )
    begin = _aware(start).astimezone(UTC)
    left = budget
    day = calendar.local_day(begin)
    days = chain([day] if calendar.day(day).is_working else [], _working_days_after(day, calendar))
    for day in days:
        closes = _at(day, calendar.closes, calendar)
        begin = max(begin, _at(day, calendar.opens, calendar))
        if begin < closes and begin + left <= closes:
            return begin + left
        left -= max(closes - begin, timedelta(0))
    raise AssertionError("unreachable: working days never end")


def end_of_day(start: datetime, n: int, calendar: WorkingCalendar) -> datetime:
    """Return 24:00 of the n-th calendar day after the day of `start`; 0 is the same day (当日).

    Raises:
        BadInputError: `n` is not from 0 to 36 600, or `start` has no zone.

    Source: XC-T-3.
    """
    _check_count(n, least=0)
    midnight_after = _plus_days(calendar.local_day(_aware(start)), n + 1)
    return _at(midnight_after, time(0), calendar)


def add_months(start: datetime, n: int, calendar: WorkingCalendar) -> datetime:
    """Return the same day and clock time `n` months on, the month's last day if it is shorter.

    Args:
        start: The clock time is that of the calendar's zone.
        n: Negative counts back.

    Raises:
        BadInputError: `n` is outside ±1200, or `start` has no zone.

    Source: XC-T-4.
    """
    limit = 1200
    if not -limit <= n <= limit:
        raise BadInputError(f"Expected at most {limit} months, but got {n}.", limit=limit, given=n)
    local = _aware(start).astimezone(calendar.zone)
    year, month0 = divmod(local.year * 12 + local.month - 1 + n, 12)
    if not date.min.year <= year < date.max.year:
        raise NoWorkingTimeError(f"Expected a year that exists, but got {year}.", year=year)
    day = min(local.day, monthrange(year, month0 + 1)[1])
    return local.replace(year=year, month=month0 + 1, day=day).astimezone(UTC)


def working_days_between(start: date, end: date, calendar: WorkingCalendar) -> int:
    """Return the number of working days after `start`, up to and with `end`; 0 if `end` is earlier.

    Raises:
        BadInputError: The days are more than 36 600 apart.
    """
    span = (end - start).days
    if span <= 0:
        return 0
    _check_count(span, least=0)
    days = (start + timedelta(days=step) for step in range(1, span + 1))
    return sum(1 for day in days if calendar.day(day).is_working)


def _working_days_after(day: date, calendar: WorkingCalendar) -> Iterator[date]:
    idle = 0
    while idle < _IDLE_DAYS_LIMIT:
        day = _plus_days(day, 1)
        idle += 1
        if calendar.day(day).is_working:
            idle = 0
            yield day
    raise NoWorkingTimeError(
        f"Expected a working day within {_IDLE_DAYS_LIMIT} days before {day}, but all are closed.",
        message=f"日历中 {day} 之前 {_IDLE_DAYS_LIMIT} 天内没有工作日",
    )


def _plus_days(day: date, n: int) -> date:
    try:
        return day + timedelta(days=n)
    except OverflowError as error:
        raise NoWorkingTimeError(
            f"Expected a day {n} days after {day}, none exists.", message="日期超出日历的范围"
        ) from error


def _at(day: date, clock: time, calendar: WorkingCalendar) -> datetime:
    return datetime.combine(day, clock, tzinfo=calendar.zone).astimezone(UTC)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise BadInputError(f"Expected a moment with a time zone, but got {moment.isoformat()}.")
    return moment


def _check_count(n: int, least: int) -> None:
    if not least <= n <= MAX_DAYS:
        raise BadInputError(
            f"Expected a number of days from {least} to {MAX_DAYS}, but got {n}.",
            message=f"天数应在 {least} 与 {MAX_DAYS} 之间，实际为 {n}",
            given=n,
        )
