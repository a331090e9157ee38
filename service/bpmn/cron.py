"""Cron texts -> moments: six fields `second minute hour day month weekday`, or a macro such as `@daily`.

Every field must agree, the day of the month **and** the day of the week. Times are those of Shanghai.

Source: Spring Framework 5.3 `CronExpression` and its fields (the meaning that Camunda 8 gives timer cycles),
written from its documentation; no library for Python has exactly this meaning (docs/decisions/0011).
"""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from service.bpmn.numbers import whole_number
from service.feel import Text

MACROS = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
WEEKDAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
SATURDAY, SUNDAY = 6, 7
YEARS_AHEAD = 40
"""How far it is looked: the calendar repeats itself after 28 years, over 2100 after 40."""

DayRule = Callable[[date], bool]


class CronTextError(ValueError):
    """A text is no cron text, or one that never comes true.

    Attributes:
        text: Why.
    """

    def __init__(self, text: Text) -> None:
        super().__init__(text.chinese)
        self.text = text


@dataclass(frozen=True)
class Field:
    """What a field is called, its bounds, and its names (the first stands for `first`)."""

    name: Text
    least: int
    most: int
    names: tuple[str, ...] = ()


SECOND = Field(Text("秒", "second"), 0, 59)
MINUTE = Field(Text("分钟", "minute"), 0, 59)
HOUR = Field(Text("小时", "hour"), 0, 23)
DAY = Field(Text("日期", "day of the month"), 1, 31)
MONTH = Field(Text("月份", "month"), 1, 12, tuple(MONTHS))
WEEKDAY = Field(Text("星期", "day of the week"), 0, 7, tuple(WEEKDAYS))


@dataclass(frozen=True)
class Cron:
    """When a cron text comes true.

    Attributes:
        times: Times of a day, ascending.
        months: 1 to 12.
        days: The day of the month must agree with one of these.
        weekdays: The day of the week must agree with one of these.
        zone: Where days and hours are counted.
    """

    times: "Times"
    months: frozenset[int]
    days: tuple[DayRule, ...]
    weekdays: tuple[DayRule, ...]
    zone: ZoneInfo

    def after(self, moment: datetime) -> datetime | None:
        """Return the first moment later than an aware one, UTC; None when it never comes."""
        local = moment.astimezone(self.zone)
        # What is due within this very second has passed.
        start = (local + timedelta(seconds=1)).replace(microsecond=0)
        for day in self._days_from(start.date()):
            least = start.time() if day == start.date() else time.min
            found = self.times.first(least)
            if found is not None:
                return datetime.combine(day, found, self.zone).astimezone(UTC)
        return None

    def _days_from(self, first: date) -> Iterator[date]:
        last_year = min(first.year + YEARS_AHEAD, date.max.year)
        for year in range(first.year, last_year + 1):
            for month in sorted(self.months):
                if (year, month) >= (first.year, first.month):
                    yield from (day for day in _days_of(year, month) if self._takes(day, first))

    def _takes(self, day: date, first: date) -> bool:
        return (
            day >= first
            and any(rule(day) for rule in self.days)
            and any(rule(day) for rule in self.weekdays)
        )


@dataclass(frozen=True)
class Times:
    """Times of a day: every hour with every minute with every second."""

    hours: tuple[int, ...]
    minutes: tuple[int, ...]
    seconds: tuple[int, ...]

    def first(self, least: time) -> time | None:
        """Return the first time of a day that is not before `least`, or None."""
        candidates = (
            time(hour, minute, second)
            for hour in self.hours
            if hour >= least.hour
            for minute in self.minutes
            if (hour, minute) >= (least.hour, least.minute)
            for second in self.seconds
        )
        return next((found for found in candidates if found >= least.replace(microsecond=0)), None)


def parse_cron(text: str, zone: ZoneInfo) -> Cron:
    """Return what a cron text means.

    Raises:
        CronTextError: It means nothing, or what never comes (the 30th of February).
    """
    fields = MACROS.get(text.strip().lower(), text).split()
    if len(fields) != 6:
        raise _not_six(text, len(fields))
    second, minute, hour, day, month, weekday = fields
    times = Times(_sorted(hour, HOUR), _sorted(minute, MINUTE), _sorted(second, SECOND))
    cron = Cron(
        times,
        _numbers(month, MONTH),
        tuple(_day_rules(day)),
        tuple(_weekday_rules(weekday)),
        zone,
    )
    if cron.after(datetime(2000, 1, 1, tzinfo=UTC)) is None:
        raise CronTextError(
            Text(
                f"cron 表达式 «{text:.80}» 永远不会触发。",
                f"The cron expression '{text:.80}' never fires.",
            )
        )
    return cron


def _not_six(text: str, fields: int) -> CronTextError:
    return CronTextError(
        Text(
            f"cron 表达式应有六个字段（秒 分 时 日 月 星期），«{text:.80}» 有 {fields} 个。",
            "A cron expression has six fields (second, minute, hour, day, month, weekday), "
            f"but '{text:.80}' has {fields}.",
        )
    )


# -- days of the month


def _day_rules(text: str) -> Iterator[DayRule]:
    for part in ("*" if text == "?" else text).upper().split(","):
        if part == "LW":
            yield _is_last_weekday
        elif part.startswith("L"):
            yield _from_the_end(part)
        elif part.endswith("W"):
            yield _nearest_weekday(_number(part[:-1], DAY))
        else:
            yield _in_days(_numbers(part, DAY))


def _from_the_end(part: str) -> DayRule:
    match = re.fullmatch(r"L(?:-(\d{1,2}))?", part)
    if match is None:
        raise CronTextError(
            Text(
                f"«{part:.80}» 不是日期的写法，应为 L、L-3、LW 或 15W。",
                f"'{part:.80}' is no day of the month: write L, L-3, LW or 15W.",
            )
        )
    offset = int(match[1] or 0)
    return lambda day: day.day == _length(day) - offset


def _is_last_weekday(day: date) -> bool:
    last = day.replace(day=_length(day))
    back = max(last.isoweekday() - 5, 0)
    return day == last - timedelta(days=back)


def _nearest_weekday(wanted: int) -> DayRule:
    """Return the rule of `15W`: that day, or the working day beside it in the same month."""

    def rule(day: date) -> bool:
        if wanted > _length(day):
            return False
        meant = day.replace(day=wanted)
        if meant.isoweekday() == SATURDAY:
            return day == meant + timedelta(days=2 if wanted == 1 else -1)
        if meant.isoweekday() == SUNDAY:
            return day == meant + timedelta(days=1)
        return day == meant

    return rule


def _in_days(days: frozenset[int]) -> DayRule:
    return lambda day: day.day in days


# -- days of the week


def _weekday_rules(text: str) -> Iterator[DayRule]:
    for part in ("*" if text == "?" else text).upper().split(","):
        if "#" in part:
            weekday, _, nth = part.partition("#")
            yield _nth_weekday(_weekday(weekday), _nth(nth))
        elif part.endswith("L"):
            yield _last_weekday(_weekday(part[:-1]))
        else:
            yield _in_weekdays(frozenset(number or SUNDAY for number in _numbers(part, WEEKDAY)))


def _weekday(text: str) -> int:
    return _number(text, WEEKDAY) or SUNDAY


def _nth(text: str) -> int:
    number = whole_number(text)
    if not number:
        raise CronTextError(
            Text(
                f"第几个星期应为不小于 1 的整数，实际为 «{text:.80}»。",
                f"The number behind # must be an integer of at least 1, but is '{text:.80}'.",
            )
        )
    return number


def _nth_weekday(weekday: int, nth: int) -> DayRule:
    return lambda day: day.isoweekday() == weekday and (day.day - 1) // 7 + 1 == nth


def _last_weekday(weekday: int) -> DayRule:
    return lambda day: day.isoweekday() == weekday and day.day > _length(day) - 7


def _in_weekdays(weekdays: frozenset[int]) -> DayRule:
    return lambda day: day.isoweekday() in weekdays


# -- numbers


def _numbers(text: str, field: Field) -> frozenset[int]:
    """Return the numbers of a list of ranges with steps: `1,5-10,*/15`."""
    found: set[int] = set()
    for part in text.upper().split(","):
        span, slash, step = part.partition("/")
        least, most = _span(span, field)
        if slash and "-" not in span:
            most = field.most
        found.update(range(least, most + 1, _step(step, field) if slash else 1))
    return frozenset(found)


def _sorted(text: str, field: Field) -> tuple[int, ...]:
    return tuple(sorted(_numbers(text, field)))


def _span(text: str, field: Field) -> tuple[int, int]:
    if text == "*":
        return field.least, field.most
    first, hyphen, last = text.partition("-")
    least = _number(first, field)
    if not hyphen:
        return least, least
    most = _number(last, field)
    if field is WEEKDAY and least == SUNDAY:
        least = 0
    if least > most:
        raise CronTextError(
            Text(
                f"{field.name}的范围 «{text:.80}» 的起点大于终点。",
                f"The range '{text:.80}' of the {field.name:en} begins behind its end.",
            )
        )
    return least, most


def _number(text: str, field: Field) -> int:
    if text in field.names:
        return field.names.index(text) + 1
    number = whole_number(text)
    if number is None or not field.least <= number <= field.most:
        raise CronTextError(
            Text(
                f"{field.name}应为 {field.least} 到 {field.most} 的数字，实际为 «{text:.80}»。",
                f"The {field.name:en} must be a number from {field.least} to {field.most}, "
                f"but is '{text:.80}'.",
            )
        )
    return number


def _step(text: str, field: Field) -> int:
    number = whole_number(text)
    if not number:
        raise CronTextError(
            Text(
                f"{field.name}的步长应为不小于 1 的整数，实际为 «{text:.80}»。",
                f"The step of the {field.name:en} must be an integer of at least 1, but is '{text:.80}'.",
            )
        )
    return number


def _length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _days_of(year: int, month: int) -> Iterator[date]:
    return (date(year, month, day) for day in range(1, calendar.monthrange(year, month)[1] + 1))
