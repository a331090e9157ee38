"""The marks of a task's clock."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from service.sla import WorkingCalendar, add_working_days, overdue_schedule

CALENDAR = WorkingCalendar.of()
SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    """Return a Shanghai wall-clock moment."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_a_four_hour_limit_reminds_at_80_percent_and_escalates_a_working_day_apart() -> None:
    """Four hours are shorter than a working day, so the levels wait for the next ones (XC-X-4)."""
    marks = tuple(overdue_schedule(local("2026-11-27T10:00"), local("2026-11-27T14:00"), CALENDAR))

    assert [(mark.kind, mark.level, mark.at) for mark in marks] == [
        ("remind", 0, local("2026-11-27T13:12")),
        ("overdue", 1, local("2026-11-27T14:00")),
        ("escalate", 2, local("2026-11-30T18:00")),
        ("escalate", 3, local("2026-12-01T18:00")),
    ]


def test_a_long_period_escalates_after_a_full_period_each() -> None:
    """Ten days later and ten days later again: the period is longer than a working day (XC-X-4)."""
    marks = tuple(overdue_schedule(local("2026-11-01T18:00"), local("2026-11-11T18:00"), CALENDAR))

    assert [mark.at for mark in marks] == [
        local("2026-11-09T18:00"),
        local("2026-11-11T18:00"),
        local("2026-11-21T18:00"),
        local("2026-12-01T18:00"),
    ]


def test_a_task_due_before_it_opened_has_no_reminder() -> None:
    """There is no period of which 80 % could pass; the overdue mark stands where it was due."""
    marks = tuple(overdue_schedule(local("2026-11-24T10:00"), local("2026-11-23T10:00"), CALENDAR))

    assert [mark.kind for mark in marks] == ["overdue", "escalate", "escalate"]
    assert marks[0].at == local("2026-11-23T10:00")
    assert marks[1].at == local("2026-11-25T18:00")


@given(
    opened=st.datetimes(
        datetime.fromisoformat("2010-01-01"),
        datetime.fromisoformat("2030-01-01"),
        timezones=st.just(UTC),
    ),
    period=st.timedeltas(timedelta(seconds=1), timedelta(days=200)),
)
def test_marks_are_ordered_and_levels_at_least_a_working_day_apart(
    opened: datetime, period: timedelta
) -> None:
    """Whatever the period: reminder, overdue, then one level at a time, three at most."""
    remind, *levels = overdue_schedule(opened, opened + period, CALENDAR)

    assert remind.at < levels[0].at
    assert [mark.level for mark in levels] == [1, 2, 3]
    for earlier, later in itertools.pairwise(levels):
        assert later.at - earlier.at >= period
        assert later.at >= add_working_days(earlier.at, 1, CALENDAR)
