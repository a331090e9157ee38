"""Timer texts -> moments: ISO 8601 durations, RFC 3339 dates, repeating intervals, cron.

A day, month or year is one of the calendar in Shanghai; hours, minutes and seconds are exact.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from service.bpmn.cron import Cron, CronTextError, parse_cron
from service.bpmn.numbers import LARGEST, whole_number
from service.feel import Text
from service.sla import SHANGHAI, is_in_calendar

ENDLESS = -1

_DURATION = re.compile(
    r"(?P<sign>[-+])?[Pp](?=[-+\dT])(?:(?P<years>[-+]?\d+)[Yy])?(?:(?P<months>[-+]?\d+)[Mm])?"
    r"(?:(?P<weeks>[-+]?\d+)[Ww])?(?:(?P<days>[-+]?\d+)[Dd])?"
    r"(?:T(?=[-+\d])(?:(?P<hours>[-+]?\d+)[Hh])?(?:(?P<minutes>[-+]?\d+)[Mm])?"
    r"(?:(?P<seconds>[-+]?\d+(?:[.,]\d+)?)[Ss])?)?",
    re.ASCII,
)
"""Units in capitals or not, but `T`: so Camunda 8 reads them (Interval, with Java's Period and Duration)."""
_CYCLE = re.compile(r"R(?P<count>\d*)/(?:(?P<start>[^/]+)/)?(?P<interval>[^/]+)")
_ZONE_NAME = re.compile(r"(?:\[(?P<java>[\w/+-]+)\]|@(?P<feel>[\w/+-]+))$", re.ASCII)
_MAX_DIGITS = 9


class TimerTextError(ValueError):
    """A text is no duration, date or cycle.

    Attributes:
        text: What was expected and what is so.
    """

    def __init__(self, text: Text) -> None:
        super().__init__(text.chinese)
        self.text = text


@dataclass(frozen=True)
class Duration:
    """An ISO 8601 duration, split into what the calendar counts and what the clock counts."""

    months: int
    days: int
    clock: timedelta

    def after(self, start: datetime) -> datetime:
        """Return the moment this long after an aware moment.

        Raises:
            TimerTextError: The moment lies outside the years 1 to 9999.

        Source: Camunda 8 timer events; the day after 31 January plus one month is the last of
        February.
        """
        local = start.astimezone(SHANGHAI)
        month = local.year * 12 + local.month - 1 + self.months
        year, month0 = divmod(month, 12)
        try:
            last_day = calendar.monthrange(year, month0 + 1)[1]
            day = min(local.day, last_day)
            moved = local.replace(year=year, month=month0 + 1, day=day)
            moved += timedelta(days=self.days)
            moved = (moved.astimezone(start.tzinfo) + self.clock).astimezone(SHANGHAI)
            return moved.astimezone(start.tzinfo)
        except (ValueError, OverflowError, IndexError) as error:
            text = Text("时长太大，超出了日历范围。", "The duration leads beyond the calendar.")
            raise TimerTextError(text) from error


@dataclass(frozen=True)
class Cycle:
    """A repeating interval.

    Attributes:
        count: How often it fires; `ENDLESS` without end.
        start: First moment, or None: one interval after it is set up.
    """

    count: int
    start: datetime | None
    interval: Duration

    def first(self, now: datetime) -> datetime:
        """Return when it fires first; a start in the past is due at once, and the rhythm begins there.

        Source: Camunda 8 timer events («fires immediately upon deployment, and then continues with the
        regular interval from that point on»).
        """
        return self.interval.after(now) if self.start is None else max(self.start, now)

    def following(self, last_due: datetime, now: datetime) -> datetime:
        """Return when it fires next: missed firings are skipped.

        Source: Camunda 8 (TimerTriggerProcessor): last due + interval, or now + interval when past.
        """
        due = self.interval.after(last_due)
        return due if due >= now else self.interval.after(now)


@dataclass(frozen=True)
class CronCycle:
    """Firings at the moments of a cron text, without end."""

    cron: Cron
    count: int = ENDLESS

    def first(self, now: datetime) -> datetime:
        """Return when it fires first: the first such moment after now.

        Raises:
            TimerTextError: There is none any more.
        """
        moment = self.cron.after(now)
        if moment is None:
            raise TimerTextError(
                Text("cron 表达式不会再触发。", "The cron expression never fires again.")
            )
        return moment

    def following(self, last_due: datetime, now: datetime) -> datetime:
        """Return when it fires next: missed firings are skipped."""
        due = self.first(last_due)
        return due if due >= now else self.first(now)


def parse_duration(text: str) -> Duration:
    """Return the duration an ISO 8601 text means.

    Raises:
        TimerTextError: It means none.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise TimerTextError(
            Text(
                f"应为 ISO 8601 时长（例如 PT4H、P3D），实际为 «{text:.80}»。",
                f"'{text:.80}' is no ISO 8601 duration, such as PT4H or P3D.",
            )
        )
    parts = {name: value for name, value in match.groupdict(default="0").items() if name != "sign"}
    if any(len(re.split("[.,]", value)[0]) > _MAX_DIGITS for value in parts.values()):
        raise TimerTextError(
            Text(
                f"时长 «{text:.80}» 的数字太大。",
                f"A number of the duration '{text:.80}' is too large.",
            )
        )
    sign = -1 if match["sign"] == "-" else 1
    number = {name: sign * float(value.replace(",", ".")) for name, value in parts.items()}
    clock = timedelta(hours=number["hours"], minutes=number["minutes"], seconds=number["seconds"])
    months = int(number["years"] * 12 + number["months"])
    return Duration(months, int(number["weeks"] * 7 + number["days"]), clock)


def parse_moment(text: str) -> datetime:
    """Return the aware moment an RFC 3339 text means; a zone name may follow.

    Raises:
        TimerTextError: It means none, has no offset from UTC, or lies at the very ends of the calendar.
    """
    plain = text.strip()
    zone = _ZONE_NAME.search(plain)
    bare = plain[: zone.start()] if zone else plain
    try:
        moment = datetime.fromisoformat(bare)
    except ValueError as error:
        raise TimerTextError(
            Text(
                f"应为带时区的日期时间（例如 2026-11-24T09:00:00+08:00），实际为 «{text:.80}»。",
                f"'{text:.80}' is no date and time with a time zone, such as 2026-11-24T09:00:00+08:00.",
            )
        ) from error
    if moment.tzinfo is None and zone is not None:
        moment = moment.replace(tzinfo=_zone(zone["java"] or zone["feel"]))
    if moment.tzinfo is None or "T" not in bare:
        raise TimerTextError(
            Text(
                f"日期时间 «{text:.80}» 没有时区，应写成 …+08:00 或 …Z。",
                f"The date and time '{text:.80}' has no time zone: write …+08:00 or …Z.",
            )
        )
    if not is_in_calendar(moment):
        raise TimerTextError(
            Text(
                f"日期时间 «{text:.80}» 超出了日历范围。",
                f"The date and time '{text:.80}' lies outside the calendar.",
            )
        )
    return moment


def parse_cycle(text: str) -> Cycle | CronCycle:
    """Return the cycle of a text: `R3/PT1H`, `R/2026-11-24T09:00:00Z/P1D`, or cron (`0 0 9 * * MON-FRI`).

    Raises:
        TimerTextError: It means none.
    """
    if not text.strip().startswith("R"):
        return _cron_cycle(text)
    match = _CYCLE.fullmatch(text.strip())
    if match is None:
        raise TimerTextError(
            Text(
                f"应为重复间隔（例如 R3/PT1H），实际为 «{text:.80}»。",
                f"'{text:.80}' is no repeating interval, such as R3/PT1H.",
            )
        )
    count = whole_number(match["count"]) if match["count"] else ENDLESS
    if not count:
        raise TimerTextError(
            Text(
                f"重复次数应为 1 到 {LARGEST}，实际为 «{text:.80}»。",
                f"The repetitions must be 1 to {LARGEST}, but '{text:.80}' has others.",
            )
        )
    start = parse_moment(match["start"]) if match["start"] else None
    return Cycle(count, start, parse_duration(match["interval"]))


def _cron_cycle(text: str) -> CronCycle:
    try:
        return CronCycle(parse_cron(text, SHANGHAI))
    except CronTextError as error:
        raise TimerTextError(
            Text(
                "应为重复间隔（例如 R3/PT1H）或 cron 表达式（例如 0 0 9 * * MON-FRI）："
                f"{error.text}",
                f"'{text:.80}' is no repeating interval, such as R3/PT1H, and no cron expression, "
                f"such as 0 0 9 * * MON-FRI: {error.text:en}",
            )
        ) from error


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError) as error:
        raise TimerTextError(
            Text(f"没有名为 «{name:.80}» 的时区。", f"There is no time zone '{name:.80}'.")
        ) from error
