"""Functions that make dates, times and durations, or take them apart.

Source: DMN 1.5 §10.3.4.1, table 74; §10.3.4.8, §10.3.4.13.
"""

from dataclasses import replace
from decimal import Decimal

from service.feel.builtins.numbers import whole
from service.feel.builtins.registry import builtin
from service.feel.calendar_days import (
    day_of_year,
    in_zone,
    month_length,
    utc_nanos,
    week_of_year,
    weekday,
)
from service.feel.errors import Fault
from service.feel.python_values import from_python
from service.feel.run import Run
from service.feel.temporal_text import (
    make_date,
    make_time,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
    time_zone,
)
from service.feel.values import (
    NANOS,
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
    YearsMonthsDuration,
)

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@builtin("date", "from: string", cost=4)
def _date_of_text(text: str) -> Date:
    found = parse_date(text)
    if found is None:
        raise Fault(f"不是日期：“{text[:40]}”", f"No date: '{text[:40]}'.")
    return found


@builtin("date", "from: date")
def _date_of_date(day: Date) -> Date:
    return day


@builtin("date", "from: date and time")
def _date_of_moment(moment: DateTime) -> Date:
    return moment.date


@builtin("date", "year: number", "month: number", "day: number")
def _date_of_parts(year: Decimal, month: Decimal, day: Decimal) -> Date:
    found = make_date(whole(year), whole(month), whole(day))
    if found is None:
        raise Fault(f"没有这一天：{year}-{month}-{day}", f"No such day: {year}-{month}-{day}.")
    return found


@builtin("date and time", "from: string", cost=10)
def _moment_of_text(text: str) -> DateTime:
    found = parse_date_time(text)
    if found is None:
        raise Fault(f"不是日期时间：“{text[:40]}”", f"No date and time: '{text[:40]}'.")
    return found


@builtin("date and time", "from: date and time")
def _moment_of_moment(moment: DateTime) -> DateTime:
    return moment


@builtin("date and time", "date: date", "time: time")
def _moment_of_date_and_time(day: Date, clock: Time) -> DateTime:
    return DateTime(day, clock)


@builtin("date and time", "date: date and time", "time: time")
def _moment_of_moment_and_time(moment: DateTime, clock: Time) -> DateTime:
    return DateTime(moment.date, clock)


@builtin("date and time", "date: date and time", "timezone: string")
def _moment_in_zone(moment: DateTime, zone: str) -> DateTime:
    target = time_zone(zone)
    if target is None:
        raise Fault(f"没有时区“{zone[:40]}”", f"There is no time zone '{zone[:40]}'.")
    offset, name = target
    utc = utc_nanos(moment)
    if utc is None:
        return DateTime(moment.date, replace(moment.time, offset=offset, zone=name))
    found = in_zone(utc, offset, name)
    if found is None:
        raise Fault("日期超出可处理的范围", "The date is out of range.")
    return found


@builtin("time", "from: string", cost=5)
def _time_of_text(text: str) -> Time:
    found = parse_time(text)
    if found is None:
        raise Fault(f"不是时间：“{text[:40]}”", f"No time: '{text[:40]}'.")
    return found


@builtin("time", "from: time")
def _time_of_time(clock: Time) -> Time:
    return clock


@builtin("time", "from: date and time")
def _time_of_moment(moment: DateTime) -> Time:
    return moment.time


@builtin(
    "time",
    "hour: number",
    "minute: number",
    "second: number",
    "offset?: days and time duration?",
)
def _time_of_parts(
    hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTimeDuration | None = None
) -> Time:
    seconds, fraction = divmod(second, 1)
    east = None if offset is None else offset.nanos // NANOS
    found = make_time(whole(hour), whole(minute), int(seconds), int(fraction * NANOS), east)
    if found is None:
        raise Fault(
            f"没有这个时间：{hour}:{minute}:{second}", f"No such time: {hour}:{minute}:{second}."
        )
    return found


@builtin("duration", "from: string", cost=8)
def _duration(text: str) -> DaysTimeDuration | YearsMonthsDuration:
    found = parse_duration(text)
    if found is None:
        raise Fault(f"不是时长：“{text[:40]}”", f"No duration: '{text[:40]}'.")
    return found


@builtin("duration", "from: days and time duration")
def _duration_of_days_time(length: DaysTimeDuration) -> DaysTimeDuration:
    return length


@builtin("duration", "from: years and months duration")
def _duration_of_years_months(length: YearsMonthsDuration) -> YearsMonthsDuration:
    return length


@builtin("years and months duration", "from: date and time", "to: date and time")
def _months_between(start: DateTime, end: DateTime) -> YearsMonthsDuration:
    months = (end.date.year - start.date.year) * 12 + end.date.month - start.date.month
    in_month = end.date.day - start.date.day
    if months > 0 and in_month < 0:
        months -= 1
    elif months < 0 and in_month > 0:
        months += 1
    return YearsMonthsDuration(months)


@builtin("day of year", "date: date")
def _day_of_year(day: Date) -> Decimal:
    return Decimal(day_of_year(day))


@builtin("day of year", "date: date and time")
def _day_of_year_of_moment(moment: DateTime) -> Decimal:
    return Decimal(day_of_year(moment.date))


@builtin("day of week", "date: date")
def _day_of_week(day: Date) -> str:
    return _WEEKDAYS[weekday(day) - 1]


@builtin("day of week", "date: date and time")
def _day_of_week_of_moment(moment: DateTime) -> str:
    return _day_of_week(moment.date)


@builtin("month of year", "date: date")
def _month_of_year(day: Date) -> str:
    return _MONTHS[day.month - 1]


@builtin("month of year", "date: date and time")
def _month_of_year_of_moment(moment: DateTime) -> str:
    return _month_of_year(moment.date)


@builtin("week of year", "date: date")
def _week_of_year(day: Date) -> Decimal:
    return Decimal(week_of_year(day))


@builtin("week of year", "date: date and time")
def _week_of_year_of_moment(moment: DateTime) -> Decimal:
    return _week_of_year(moment.date)


@builtin("last day of month", "date: date")
def _last_day_of_month(day: Date) -> Date:
    return Date(day.year, day.month, month_length(day.year, day.month))


@builtin("last day of month", "date: date and time")
def _last_day_of_month_of_moment(moment: DateTime) -> Date:
    return _last_day_of_month(moment.date)


@builtin("now", needs_run=True)
def _now(run: Run) -> DateTime:
    now: DateTime = from_python(run.surroundings.now.astimezone(run.surroundings.zone))
    return now


@builtin("today", needs_run=True)
def _today(run: Run) -> Date:
    return _now(run).date
