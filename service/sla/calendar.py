"""Which days are worked: bundled holidays and make-up days, and administrators' overrides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from zoneinfo import ZoneInfo

from chinese_calendar import constants

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The zone in which days begin and end (XC-T-5)."""


def is_in_calendar(moment: datetime) -> bool:
    """Tell whether an aware moment has a date wherever it is shown; at the ends of all years it may not."""
    try:
        return all(moment.astimezone(zone) for zone in (UTC, SHANGHAI))
    except OverflowError:
        return False


_BUNDLED_YEARS = frozenset(day.year for day in constants.holidays)
_FIRST_WEEKEND_WEEKDAY = 5
_CHINESE_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


@dataclass(frozen=True)
class DayOverride:
    """One row of the holiday calendar that administrators edit; it stands above everything else.

    Attributes:
        on: The day.
        is_working: Whether it is worked.
        name: Why, in Chinese («国庆节», «调休上班», «公司年会»).
    """

    on: date
    is_working: bool
    name: str = ""


@dataclass(frozen=True)
class Day:
    """What the calendar says of one day.

    Attributes:
        on: The day.
        is_working: Whether it is worked.
        name: The holiday, or what it is worked for; empty on plain days.
        is_announced: False when the year's holidays are not known yet: then Monday to Friday
            counts.
    """

    on: date
    is_working: bool
    name: str
    is_announced: bool


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of mainland China as this company keeps them.

    Attributes:
        overrides: The administrators' rows by day.
        confirmed_years: Years whose holidays an administrator has entered completely although the
            bundled data lacks them.
        opens: Start of office hours.
        closes: End of office hours; working-day deadlines end here.
        zone: Where the days are counted.

    Source: XC-T-2, XC-T-5.
    """

    overrides: Mapping[date, DayOverride] = field(default_factory=lambda: MappingProxyType({}))
    confirmed_years: frozenset[int] = frozenset()
    opens: time = time(9)
    closes: time = time(18)
    zone: ZoneInfo = SHANGHAI

    @classmethod
    def of(
        cls, overrides: Iterable[DayOverride] = (), confirmed_years: Iterable[int] = ()
    ) -> "WorkingCalendar":
        """Return the calendar with these rows; of two rows for one day the later counts."""
        rows = MappingProxyType({row.on: row for row in overrides})
        return cls(overrides=rows, confirmed_years=frozenset(confirmed_years))

    def announced(self, year: int) -> bool:
        """Tell whether the holidays and make-up days of a year are known."""
        return year in _BUNDLED_YEARS or year in self.confirmed_years

    def day(self, on: date) -> Day:
        """Return what the calendar says of one day, and whether its year is announced."""
        announced = self.announced(on.year)
        override = self.overrides.get(on)
        if override is not None:
            return Day(on, override.is_working, override.name, announced)
        name = constants.workdays.get(on)
        if name is not None:
            return Day(on, True, f"{_CHINESE_NAMES.get(name, name)}调休上班", announced)
        name = constants.holidays.get(on)
        if name is not None:
            return Day(on, False, _CHINESE_NAMES.get(name, name), announced)
        return Day(on, on.weekday() < _FIRST_WEEKEND_WEEKDAY, "", announced)

    def local_day(self, moment: datetime) -> date:
        """Return the day on which an aware moment falls in the calendar's zone."""
        return moment.astimezone(self.zone).date()
