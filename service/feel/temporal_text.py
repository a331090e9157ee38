"""Dates, times and durations from ISO 8601 text and back.

Source: DMN 1.5 §10.3.2.3.4 to §10.3.2.3.8, §10.3.4.1; XML Schema Part 2 §3.2.
"""

import re
from dataclasses import replace

from service.feel.calendar_days import (
    clock_of,
    day_number,
    day_of,
    month_length,
    offset_of,
    zone_of,
)
from service.feel.values import (
    DAY_NANOS,
    NANOS,
    YEAR_LIMIT,
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
    YearsMonthsDuration,
)

Temporal = Date | Time | DateTime | DaysTimeDuration | YearsMonthsDuration

_DATE = re.compile(r"(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][\w+\-/]*)?"
    r"(?:\[([A-Za-z][\w+\-/]*)\])?",
    re.ASCII,
)
_YEARS_MONTHS = re.compile(r"(-?)P(?=[\d-])(?:(-?\d+)Y)?(?:(-?\d+)M)?", re.ASCII)
_DAYS_TIME = re.compile(
    r"(-?)P(?=[\dT-])(?:(-?\d+)D)?"
    r"(?:T(?=[\d-])(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?)(\d+)(?:\.(\d*))?S)?)?",
    re.ASCII,
)
_OFFSET = re.compile(r"Z|z|[+-]\d\d:\d\d(?::\d\d)?", re.ASCII)
_WEEKS = re.compile(r"(-?)P(\d+)W", re.ASCII)


def parse_date(text: str) -> Date | None:
    """Return the date `text` stands for, or None."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    sign, year_text, month, day = match.groups()
    return make_date(int(sign + year_text), int(month), int(day))


def make_date(year: int, month: int, day: int) -> Date | None:
    """Return the date, or None when there is no such day."""
    if abs(year) > YEAR_LIMIT or not 1 <= month <= 12 or not 1 <= day <= month_length(year, month):
        return None
    return Date(year, month, day)


def parse_time(text: str) -> Time | None:
    """Return the time of day `text` stands for, or None."""
    if text.startswith("T"):
        text = text[1:]
    match = _TIME.fullmatch(text)
    if match is None or match[6] is not None:
        return None
    return _time_of(match)


def _time_of(match: re.Match[str]) -> Time | None:
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    nanos = int((match[4] or "").ljust(9, "0")[:9])
    offset, zone = _zone_part(match[5])
    if zone is not None and zone_of(zone) is None:
        return None
    return make_time(hour, minute, second, nanos, offset, zone)


def make_time(
    hour: int,
    minute: int,
    second: int,
    nanos: int = 0,
    offset: int | None = None,
    zone: str | None = None,
) -> Time | None:
    """Return the time of day, or None when a part is out of range."""
    if hour > 23 or minute > 59 or second > 59 or min(hour, minute, second, nanos) < 0:
        return None
    if offset is not None and abs(offset) > 18 * 3600:
        return None
    return Time(hour, minute, second, nanos, offset, zone)


def _zone_part(text: str | None) -> tuple[int | None, str | None]:
    if not text:
        return None, None
    if text[0] == "@":
        return None, text[1:]
    if text in "Zz":
        return 0, None
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if minutes > 59 or (seconds and seconds[0] > 59):
        return 99 * 3600, None
    total = hours * 3600 + minutes * 60 + (seconds[0] if seconds else 0)
    return (-total if text[0] == "-" else total), None


def parse_date_time(text: str) -> DateTime | None:
    """Return the date and time `text` stands for (a date alone is midnight), or None."""
    day_text, mark, clock_text = text.partition("T")
    day = parse_date(day_text)
    if day is None:
        return None
    if not mark:
        return DateTime(day, Time(0, 0, 0))
    match = _TIME.fullmatch(clock_text)
    if match is None:
        return None
    if clock_text.startswith("24:00:00") and int(match[4] or "0") == 0:
        return _midnight_after(day, match)
    clock = _time_of(match)
    if clock is None:
        return None
    return DateTime(day, clock if match[6] is None else _with_zone(clock, day, match[6]))


def _with_zone(clock: Time, day: Date, name: str) -> Time:
    """Return the clock with the zone named behind its offset (`+02:00[Europe/Berlin]`).

    Where the zone has another offset on that day, the offset alone counts: it fixes the moment.
    """
    named = replace(clock, offset=None, zone=name)
    return named if offset_of(named, day) == clock.offset else clock


def time_zone(text: str) -> tuple[int | None, str | None] | None:
    """Return offset and zone name of `Z`, `+08:00` or `Asia/Shanghai`, one of them None; or None."""
    if _OFFSET.fullmatch(text) is None:
        return None if zone_of(text) is None else (None, text)
    clock = parse_time(f"00:00:00{text}")
    return None if clock is None else (clock.offset, None)


def _midnight_after(day: Date, match: re.Match[str]) -> DateTime | None:
    following = day_of(day_number(day) + 1)
    offset, zone = _zone_part(match[5])
    if following is None or (zone is not None and zone_of(zone) is None):
        return None
    clock = make_time(0, 0, 0, 0, offset, zone)
    return None if clock is None else DateTime(following, clock)


def parse_duration(text: str) -> DaysTimeDuration | YearsMonthsDuration | None:
    """Return the duration `text` stands for, or None."""
    if len(text) > 100:
        return None
    match = _YEARS_MONTHS.fullmatch(text)
    if match is not None:
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonthsDuration(-months if match[1] else months)
    match = _WEEKS.fullmatch(text)
    if match is not None:
        days = 7 * int(match[2])
        return DaysTimeDuration(DAY_NANOS * (-days if match[1] else days))
    match = _DAYS_TIME.fullmatch(text)
    if match is None:
        return None
    days, hours, minutes = (int(match[n] or 0) for n in range(2, 5))
    nanos = int(match[6] or 0) * NANOS + int((match[7] or "").ljust(9, "0")[:9])
    total = ((days * 24 + hours) * 60 + minutes) * 60 * NANOS + (-nanos if match[5] else nanos)
    return DaysTimeDuration(-total if match[1] else total)


def parse_temporal(text: str) -> Temporal | None:
    """Return what the text of an at-literal stands for, or None."""
    if text.startswith(("P", "-P")):
        return parse_duration(text)
    if "T" in text[1:] and not text.startswith("T"):
        return parse_date_time(text)
    return parse_date(text) or parse_time(text)


def text_of(value: Temporal) -> str:
    """Return the ISO text of a temporal value."""
    match value:
        case Date():
            return _date_text(value)
        case Time():
            return _time_text(value)
        case DateTime():
            return f"{_date_text(value.date)}T{_time_text(value.time)}"
        case DaysTimeDuration():
            return _days_time_text(value.nanos)
        case YearsMonthsDuration():
            return _years_months_text(value.months)


def _date_text(day: Date) -> str:
    sign = "-" if day.year < 0 else ""
    return f"{sign}{abs(day.year):04d}-{day.month:02d}-{day.day:02d}"


def _time_text(clock: Time) -> str:
    text = f"{clock.hour:02d}:{clock.minute:02d}:{clock.second:02d}{_fraction(clock.nanos)}"
    if clock.zone is not None:
        return f"{text}@{clock.zone}"
    return text if clock.offset is None else text + offset_text(clock.offset)


def offset_text(offset: int) -> str:
    """Return an offset in seconds as `Z` or `+08:00`."""
    if offset == 0:
        return "Z"
    minutes, seconds = divmod(abs(offset), 60)
    text = f"{'-' if offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


def _fraction(nanos: int) -> str:
    return f".{nanos:09d}".rstrip("0") if nanos else ""


def _days_time_text(nanos: int) -> str:
    clock = clock_of(abs(nanos), None, None)
    days = abs(nanos) // DAY_NANOS
    parts = f"{clock.hour}H" if clock.hour else ""
    parts += f"{clock.minute}M" if clock.minute else ""
    parts += f"{clock.second}{_fraction(clock.nanos)}S" if clock.second or clock.nanos else ""
    body = (f"{days}D" if days else "") + (f"T{parts}" if parts else "")
    return ("-" if nanos < 0 else "") + "P" + (body or "T0S")


def _years_months_text(months: int) -> str:
    years, rest = divmod(abs(months), 12)
    body = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return ("-" if months < 0 else "") + "P" + (body or "0M")
