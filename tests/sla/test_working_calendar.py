"""Which days the calendar calls worked."""

from datetime import date

import pytest

from service.sla import DayOverride, WorkingCalendar, is_working_day

PLAIN = WorkingCalendar.of()


@pytest.mark.parametrize(
    ("on", "is_working", "name"),
    [
        pytest.param("2026-11-24", True, "", id="plain_tuesday"),
        pytest.param("2026-11-28", False, "", id="plain_saturday"),
        pytest.param("2026-11-29", False, "", id="plain_sunday"),
        pytest.param("2026-09-20", True, "国庆节调休上班", id="sunday_worked_before_national_day"),
        pytest.param("2026-10-01", False, "国庆节", id="first_day_of_national_day"),
        pytest.param("2026-10-07", False, "国庆节", id="last_day_of_national_day"),
        pytest.param("2026-10-08", True, "", id="day_after_national_day"),
        pytest.param(
            "2026-10-10",
            True,
            "国庆节调休上班",
            id="saturday_worked_after_national_day",
        ),
        pytest.param("2026-09-25", False, "中秋节", id="mid_autumn"),
        pytest.param("2026-02-16", False, "春节", id="spring_festival_monday"),
        pytest.param("2026-01-01", False, "元旦", id="new_year"),
        pytest.param("2024-02-29", True, "", id="leap_day"),
    ],
)
def test_public_holidays_and_make_up_days_are_known(on: str, is_working: bool, name: str) -> None:
    """The bundled data decides weekends, holidays and 调休, and names them in Chinese (XC-T-2)."""
    day = PLAIN.day(date.fromisoformat(on))

    assert (day.is_working, day.name, day.is_announced) == (is_working, name, True)


def test_a_year_not_announced_counts_monday_to_friday_and_says_so() -> None:
    """National Day of a year without data counts as worked, marked as not announced."""
    day = PLAIN.day(date(2031, 10, 1))

    assert (day.is_working, day.is_announced) == (True, False)
    assert not PLAIN.announced(2031)
    assert PLAIN.announced(2026)


def test_an_override_stands_above_holidays_weekends_and_unknown_years() -> None:
    """What an administrator wrote down counts, whatever the data says."""
    calendar = WorkingCalendar.of(
        [
            DayOverride(date(2026, 10, 1), True, "盘点"),
            DayOverride(date(2026, 11, 24), False, "公司年会"),
            DayOverride(date(2031, 10, 1), False, "国庆节"),
        ]
    )

    assert is_working_day(date(2026, 10, 1), calendar)
    assert calendar.day(date(2026, 11, 24)).name == "公司年会"
    assert not is_working_day(date(2031, 10, 1), calendar)


def test_the_later_of_two_overrides_for_one_day_counts() -> None:
    """Rows are taken in the given order, as an administrator corrected them."""
    day = date(2026, 11, 24)
    calendar = WorkingCalendar.of([DayOverride(day, False), DayOverride(day, True)])

    assert is_working_day(day, calendar)


def test_an_administrator_can_confirm_a_year() -> None:
    """A year whose holidays were entered by hand no longer carries the mark."""
    calendar = WorkingCalendar.of([DayOverride(date(2031, 10, 1), False)], confirmed_years=[2031])

    assert calendar.announced(2031)
    assert calendar.day(date(2031, 10, 1)).is_announced
