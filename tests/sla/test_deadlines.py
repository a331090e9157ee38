"""Deadlines in working days, days and months."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.errors import BadInputError
from service.sla import (
    DayOverride,
    NoWorkingTimeError,
    WorkingCalendar,
    add_months,
    add_working_days,
    add_working_hours,
    end_of_day,
    working_days_between,
)

CALENDAR = WorkingCalendar.of()
SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    """Return a Shanghai wall-clock moment."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


MOMENTS = st.datetimes(
    min_value=datetime.fromisoformat("2005-01-01"),
    max_value=datetime.fromisoformat("2040-01-01"),
    timezones=st.just(UTC),
)


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        pytest.param("2026-11-24T10:00", 1, "2026-11-25T18:00", id="next_day"),
        pytest.param("2026-11-24T00:00", 1, "2026-11-25T18:00", id="just_at_midnight"),
        pytest.param("2026-11-23T23:59:59", 1, "2026-11-24T18:00", id="just_before_midnight"),
        pytest.param("2026-11-24T18:00", 1, "2026-11-25T18:00", id="at_closing_time"),
        pytest.param("2026-11-24T18:01", 1, "2026-11-25T18:00", id="after_closing_time"),
        pytest.param("2026-11-27T17:00", 1, "2026-11-30T18:00", id="over_a_weekend"),
        pytest.param("2026-11-28T12:00", 1, "2026-11-30T18:00", id="started_on_saturday"),
        pytest.param("2026-09-30T10:00", 1, "2026-10-08T18:00", id="over_national_day"),
        pytest.param("2026-09-30T10:00", 3, "2026-10-10T18:00", id="make_up_saturday_counts"),
        pytest.param("2026-09-30T10:00", 4, "2026-10-12T18:00", id="past_the_make_up_saturday"),
        pytest.param("2026-09-18T10:00", 1, "2026-09-20T18:00", id="make_up_sunday_before"),
        pytest.param("2025-12-31T10:00", 1, "2026-01-04T18:00", id="over_new_year"),
        pytest.param("2024-02-28T10:00", 1, "2024-02-29T18:00", id="leap_day"),
        pytest.param("2026-11-24T10:00", 10, "2026-12-08T18:00", id="ten_days"),
    ],
)
def test_a_working_day_deadline_ends_at_18_of_the_nth_working_day(
    start: str, n: int, due: str
) -> None:
    """The day of the start does not count, whatever its hour (XC-T-2)."""
    assert add_working_days(local(start), n, CALENDAR) == local(due)


def test_the_day_of_the_start_is_the_day_in_shanghai() -> None:
    """17:00 UTC is one o'clock of the next morning in Shanghai (XC-T-5)."""
    start = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)

    due = add_working_days(start, 1, CALENDAR)

    assert due == local("2026-11-26T18:00")
    assert due.utcoffset() == timedelta(0)


@pytest.mark.parametrize("n", [0, -1, 36_601])
def test_a_number_of_working_days_out_of_range_is_refused(n: int) -> None:
    """Zero working days name no day; a hundred years are a mistake."""
    with pytest.raises(BadInputError):
        add_working_days(local("2026-11-24T10:00"), n, CALENDAR)


def test_a_calendar_that_never_opens_is_refused_instead_of_searched_for_ever() -> None:
    """A year and more of closed days ends the search with a reason."""
    closed = [DayOverride(date(2026, 1, 1) + timedelta(days=n), False) for n in range(800)]

    with pytest.raises(NoWorkingTimeError):
        add_working_days(local("2026-01-05T10:00"), 1, WorkingCalendar.of(closed))


def test_the_end_of_the_calendar_is_an_error_with_a_reason() -> None:
    """No deadline exists after the last year that can be written."""
    with pytest.raises(NoWorkingTimeError):
        add_working_days(datetime(9999, 12, 31, 1, tzinfo=UTC), 1, CALENDAR)


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        pytest.param("2026-11-24T10:00", 0, "2026-11-25T00:00", id="same_day"),
        pytest.param("2026-11-24T23:59:59", 0, "2026-11-25T00:00", id="just_before_midnight"),
        pytest.param("2026-11-24T00:00", 0, "2026-11-25T00:00", id="just_at_midnight"),
        pytest.param("2026-11-24T10:00", 3, "2026-11-28T00:00", id="weekends_count"),
        pytest.param("2026-12-31T10:00", 1, "2027-01-02T00:00", id="year_end"),
        pytest.param("2024-02-28T10:00", 1, "2024-03-01T00:00", id="leap_day"),
        pytest.param("2026-02-28T10:00", 15, "2026-03-16T00:00", id="half_a_month"),
    ],
)
def test_a_calendar_day_deadline_ends_at_24_of_the_nth_day(start: str, n: int, due: str) -> None:
    """Days without 工作 are calendar days, and 当日 ends at midnight (XC-T-3)."""
    assert end_of_day(local(start), n, CALENDAR) == local(due)


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        pytest.param("2026-01-31T10:00", 1, "2026-02-28T10:00", id="shorter_month"),
        pytest.param("2024-01-31T10:00", 1, "2024-02-29T10:00", id="leap_february"),
        pytest.param("2024-02-29T10:00", 12, "2025-02-28T10:00", id="leap_day_next_year"),
        pytest.param("2026-11-24T10:00", 3, "2027-02-24T10:00", id="over_the_year"),
        pytest.param("2026-11-24T10:00", -12, "2025-11-24T10:00", id="back"),
        pytest.param("2026-11-24T10:00", 0, "2026-11-24T10:00", id="none"),
        pytest.param("2026-03-01T07:30", 1, "2026-04-01T07:30", id="utc_day_differs"),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last(start: str, n: int, due: str) -> None:
    """The day and clock time are those of Shanghai (XC-T-4)."""
    assert add_months(local(start), n, CALENDAR) == local(due)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        pytest.param("2026-11-24", "2026-11-24", 0, id="same_day"),
        pytest.param("2026-11-24", "2026-11-25", 1, id="next_day"),
        pytest.param("2026-11-27", "2026-11-30", 1, id="weekend"),
        pytest.param("2026-09-30", "2026-10-12", 4, id="national_day_with_make_up"),
        pytest.param("2026-11-25", "2026-11-24", 0, id="backwards"),
    ],
)
def test_working_days_between_excludes_the_first_day(start: str, end: str, count: int) -> None:
    """Counted after the first day up to and with the last (docs/dialect.md §5)."""
    days = date.fromisoformat(start), date.fromisoformat(end)

    assert working_days_between(*days, CALENDAR) == count


def test_a_moment_without_a_zone_is_refused() -> None:
    """A wall clock without a place names no moment."""
    with pytest.raises(BadInputError):
        add_working_days(datetime.fromisoformat("2026-11-24T10:00"), 1, CALENDAR)


@given(start=MOMENTS, n=st.integers(1, 60))
def test_counting_back_from_a_deadline_gives_the_same_number(start: datetime, n: int) -> None:
    """`working_days_between` undoes `add_working_days`."""
    due = add_working_days(start, n, CALENDAR)

    first, last = CALENDAR.local_day(start), CALENDAR.local_day(due)

    assert working_days_between(first, last, CALENDAR) == n


@given(
    start=MOMENTS,
    later=st.timedeltas(timedelta(0), timedelta(days=40)),
    n=st.integers(1, 30),
)
def test_a_later_start_never_gives_an_earlier_deadline(
    start: datetime, later: timedelta, n: int
) -> None:
    """Deadlines are monotone in the start and strictly so in the number of days."""
    due = add_working_days(start, n, CALENDAR)

    assert add_working_days(start + later, n, CALENDAR) >= due
    assert add_working_days(start, n + 1, CALENDAR) > due


@given(start=MOMENTS, n=st.integers(0, 400))
def test_the_end_of_a_day_is_always_shanghai_midnight_ahead(start: datetime, n: int) -> None:
    """24:00 is later than the start by at most n + 1 days and always midnight (XC-T-3)."""
    due = end_of_day(start, n, CALENDAR)

    assert timedelta(days=n) < due - start <= timedelta(days=n + 1)
    assert due.astimezone(SHANGHAI).timetz().replace(tzinfo=None).isoformat() == "00:00:00"


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        pytest.param("2026-11-24T10:00", 4, "2026-11-24T14:00", id="same_day"),
        pytest.param("2026-11-24T14:00", 4, "2026-11-24T18:00", id="up_to_closing_time"),
        pytest.param("2026-11-24T14:01", 4, "2026-11-25T09:01", id="into_the_next_day"),
        pytest.param("2026-11-24T07:00", 4, "2026-11-24T13:00", id="before_opening"),
        pytest.param("2026-11-24T18:00", 4, "2026-11-25T13:00", id="at_closing_time"),
        pytest.param("2026-11-27T17:00", 4, "2026-11-30T12:00", id="over_a_weekend"),
        pytest.param("2026-11-28T12:00", 4, "2026-11-30T13:00", id="started_on_saturday"),
        pytest.param("2026-10-10T16:00", 4, "2026-10-12T11:00", id="make_up_saturday_counts"),
        pytest.param("2026-11-24T10:00", 18, "2026-11-26T10:00", id="two_days"),
        pytest.param("2026-11-24T10:00", 0, "2026-11-24T10:00", id="nothing"),
        pytest.param("2026-11-24T20:00", 0, "2026-11-25T09:00", id="nothing_at_night"),
        pytest.param("2026-11-24T10:00", 0.5, "2026-11-24T10:30", id="half_an_hour"),
    ],
)
def test_working_hours_run_in_office_hours_only(start: str, hours: float, due: str) -> None:
    """Nights, weekends and holidays do not count."""
    assert add_working_hours(local(start), timedelta(hours=hours), CALENDAR) == local(due)


@given(start=MOMENTS, first=st.integers(0, 40), second=st.integers(0, 40))
def test_working_hours_add_up(start: datetime, first: int, second: int) -> None:
    """Two budgets one after the other are used up when their sum is, but for a rest at closing time."""
    after = add_working_hours(start, timedelta(hours=first), CALENDAR)
    both = add_working_hours(after, timedelta(hours=second), CALENDAR)
    once = add_working_hours(start, timedelta(hours=first + second), CALENDAR)
    is_closing_time = after.astimezone(SHANGHAI).time() == CALENDAR.closes
    assert both == once or (second == 0 and is_closing_time)


@pytest.mark.parametrize("budget", [timedelta(hours=-1), timedelta(days=40_000)])
def test_a_budget_that_is_none_is_refused(budget: timedelta) -> None:
    """A negative one, or one of a hundred years."""
    with pytest.raises(BadInputError):
        add_working_hours(local("2026-11-24T10:00"), budget, CALENDAR)
