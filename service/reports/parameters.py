"""Parameters and the working calendar, as administrators see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from service.persistence.facts import working_calendar
from service.persistence.tables import house
from service.reports.names import people_names


@dataclass(frozen=True)
class ParameterRow:
    """One parameter; `changed_by` is a name, empty while the shipped value counts."""

    key: str
    label: str
    value: Any
    default: Any
    unit: str | None
    rule_refs: tuple[str, ...]
    changed_by: str
    changed_at: datetime | None


@dataclass(frozen=True)
class CalendarDay:
    """A day that an administrator has set; `changed_by` is a name."""

    day: date
    is_working: bool
    name: str
    changed_by: str


@dataclass(frozen=True)
class CalendarYear:
    """Whether the holidays of a year are known; of another Monday to Friday is worked."""

    year: int
    is_announced: bool


def parameters(connection: Connection) -> tuple[ParameterRow, ...]:
    """Return all parameters by key."""
    rows = connection.execute(select(house.parameters).order_by(house.parameters.c.key)).all()
    names = people_names(connection, (row.changed_by for row in rows))
    return tuple(
        ParameterRow(
            key=row.key,
            label=row.label,
            value=row.value,
            default=row.default,
            unit=row.unit,
            rule_refs=tuple(row.rule_refs),
            changed_by=names.get(row.changed_by, "") if row.changed_by else "",
            changed_at=row.changed_at,
        )
        for row in rows
    )


def calendar_days(connection: Connection) -> tuple[CalendarDay, ...]:
    """Return the days that administrators have set, the latest first."""
    table = house.calendar_days
    rows = connection.execute(select(table).order_by(table.c.day.desc())).all()
    names = people_names(connection, (row.changed_by for row in rows))
    return tuple(
        CalendarDay(
            row.day,
            row.is_working,
            row.name or "",
            names.get(row.changed_by, "") if row.changed_by else "",
        )
        for row in rows
    )


def calendar_years(connection: Connection, now: datetime) -> Sequence[CalendarYear]:
    """Return this year and the next, and whether their holidays are known."""
    calendar = working_calendar(connection)
    this_year = calendar.local_day(now).year
    return tuple(
        CalendarYear(year, calendar.announced(year)) for year in (this_year, this_year + 1)
    )
