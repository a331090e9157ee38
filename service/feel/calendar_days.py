"""Counting days in the proleptic Gregorian calendar, for years far beyond what `datetime` holds."""

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from service.feel.values import DAY_NANOS, NANOS, YEAR_LIMIT, Date, DateTime, Time


def day_number(day: Date) -> int:
    """Return days since 1970-01-01, negative before."""
    year = day.year - (day.month <= 2)
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((day.month + 9) % 12) + 2) // 5 + day.day - 1
    return (
        era * 146_097
        + year_of_era * 365
        + year_of_era // 4
        - year_of_era // 100
        + (day_of_year - 719_468)
    )


def day_of(number: int) -> Date | None:
    """Return the day with that `day_number`, or None beyond the limits of years."""
    era, day_of_era = divmod(number + 719_468, 146_097)
    year_of_era = (
        day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    year = year_of_era + era * 400 + (month <= 2)
    if abs(year) > YEAR_LIMIT:
        return None
    return Date(year, month, day_of_year - (153 * shifted + 2) // 5 + 1)


def is_leap(year: int) -> bool:
    """Tell whether the year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """Return the number of days of a month."""
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def weekday(day: Date) -> int:
    """Return 1 for Monday to 7 for Sunday."""
    return (day_number(day) + 3) % 7 + 1


def day_of_year(day: Date) -> int:
    """Return 1 for January 1st."""
    return day_number(day) - day_number(Date(day.year, 1, 1)) + 1


def week_of_year(day: Date) -> int:
    """Return the ISO 8601 week number."""
    thursday = day_number(day) - weekday(day) + 4
    year_of_week = day_of(thursday)
    year = year_of_week.year if year_of_week else day.year
    return (thursday - day_number(Date(year, 1, 1))) // 7 + 1


def add_months(day: Date, months: int) -> Date | None:
    """Return the same day so many months on, the month's last when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if abs(year) > YEAR_LIMIT:
        return None
    return Date(year, month + 1, min(day.day, month_length(year, month + 1)))


def clock_nanos(clock: Time) -> int:
    """Return nanoseconds since midnight."""
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * NANOS + clock.nanos


def clock_of(nanos: int, offset: int | None, zone: str | None) -> Time:
    """Return the time of day so many nanoseconds after midnight, wrapping around."""
    seconds, fraction = divmod(nanos % DAY_NANOS, NANOS)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return Time(hour, minute, second, fraction, offset, zone)


def local_nanos(moment: DateTime) -> int:
    """Return nanoseconds since 1970-01-01T00:00 as the clock on the wall shows."""
    return day_number(moment.date) * DAY_NANOS + clock_nanos(moment.time)


def moment_of(nanos: int, offset: int | None, zone: str | None) -> DateTime | None:
    """Return the moment with those `local_nanos`, or None beyond the limits of years."""
    days, rest = divmod(nanos, DAY_NANOS)
    day = day_of(days)
    return None if day is None else DateTime(day, clock_of(rest, offset, zone))


def offset_of(clock: Time, day: Date | None) -> int | None:
    """Return seconds east of UTC, a zone name being looked up on that day; None when local.

    A time without a day uses the zone's offset at the beginning of 1970.
    """
    if clock.zone is None:
        return clock.offset
    zone = zone_of(clock.zone)
    if zone is None:
        return None
    year = day.year if day is not None and 1 < day.year < 9999 else 1970
    month, date = (day.month, day.day) if day is not None else (1, 1)
    date = min(date, month_length(year, month))
    moment = datetime(year, month, date, clock.hour, clock.minute, clock.second, tzinfo=zone)
    offset = moment.utcoffset()
    return None if offset is None else int(offset.total_seconds())


def in_zone(utc: int, offset: int | None, zone: str | None) -> DateTime | None:
    """Return the moment so many nanoseconds after the epoch, as a zone or offset shows it.

    None beyond the limits of years, or beyond those that zones are known for (1 to 9999).
    """
    seconds = offset
    named = None if zone is None else zone_of(zone)
    if named is not None:
        try:
            moment = datetime.fromtimestamp(0, UTC) + timedelta(seconds=utc // NANOS)
            seconds = int((moment.astimezone(named).utcoffset() or timedelta()).total_seconds())
        except (OverflowError, ValueError):
            return None
    return moment_of(utc + (seconds or 0) * NANOS, offset, zone)


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo | timezone | None:
    """Return the zone of an IANA name, or None when there is no such."""
    if name in ("Z", "UTC", "Etc/UTC"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def utc_nanos(moment: DateTime) -> int | None:
    """Return nanoseconds since the epoch in UTC, or None for a local moment."""
    offset = offset_of(moment.time, moment.date)
    return None if offset is None else local_nanos(moment) - offset * NANOS
