"""ISO 8601 durations, RFC 3339 moments and repeating intervals."""

from datetime import UTC, datetime, timedelta

import pytest

from service.bpmn.timers import TimerTextError, parse_cycle, parse_duration, parse_moment

START = datetime(2026, 1, 31, 4, tzinfo=UTC)  # noon in Shanghai


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("PT4H", datetime(2026, 1, 31, 8, tzinfo=UTC)),
        ("PT1M30.5S", datetime(2026, 1, 31, 4, 1, 30, 500000, tzinfo=UTC)),
        ("P1D", datetime(2026, 2, 1, 4, tzinfo=UTC)),
        ("P2W", datetime(2026, 2, 14, 4, tzinfo=UTC)),
        ("P1M", datetime(2026, 2, 28, 4, tzinfo=UTC)),
        ("P1Y1M", datetime(2027, 2, 28, 4, tzinfo=UTC)),
        ("P25M", datetime(2028, 2, 29, 4, tzinfo=UTC)),
        ("-P1D", datetime(2026, 1, 30, 4, tzinfo=UTC)),
        ("PT-1H", datetime(2026, 1, 31, 3, tzinfo=UTC)),
        ("PT5m", datetime(2026, 1, 31, 4, 5, tzinfo=UTC)),
        ("p1dT+2h0,5s", datetime(2026, 2, 1, 6, 0, 0, 500000, tzinfo=UTC)),
        ("PT0S", START),
    ],
)
def test_a_duration_counts_days_and_months_by_the_calendar(text: str, end: datetime) -> None:
    """The end of a short month is the last day; leap days count."""
    assert parse_duration(text).after(START) == end


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "1H", "P1H", "PT1D", "PT 1H", "P1DT", "pt1h", "4 hours", "P9999999999D"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    """With the text in the reason."""
    with pytest.raises(TimerTextError):
        parse_duration(text)


def test_a_duration_past_the_calendar_is_refused() -> None:
    """Not an overflow."""
    for text in ("P99999Y", "P7973Y10M31DT16H"):
        with pytest.raises(TimerTextError):
            parse_duration(text).after(START)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31T12:00:00+08:00",
        "2026-01-31T04:00:00Z",
        "2026-01-31T12:00:00+08:00[Asia/Shanghai]",
        "2026-01-31T12:00:00@Asia/Shanghai",
        "2026-01-31T12:00+08:00",
    ],
)
def test_a_moment_has_an_offset_or_a_zone(text: str) -> None:
    """All of these are the same one."""
    assert parse_moment(text) == START


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31T12:00:00",
        "2026-01-31",
        "12:00",
        "soon",
        "2026-02-30T00:00:00Z",
        "@x/y",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+08:00",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    """Without an offset it is no moment."""
    with pytest.raises(TimerTextError):
        parse_moment(text)


def test_a_cycle_tells_count_start_and_interval() -> None:
    """`R` without number is endless; a start is the first firing."""
    endless = parse_cycle("R/PT1H")
    dated = parse_cycle("R2/2026-01-31T04:00:00Z/P1D")

    assert (endless.count, endless.first(START)) == (-1, START + timedelta(hours=1))
    assert (dated.count, dated.first(START - timedelta(days=9))) == (2, START)


def test_a_cycle_whose_start_is_past_begins_its_rhythm_when_it_is_set_up() -> None:
    """However long the start is past: at once, then an interval after that."""
    cycle = parse_cycle("R/2026-01-31T04:00:00Z/P1D")
    for late in (timedelta(minutes=30), timedelta(days=9, hours=3)):
        now = START + late
        assert cycle.first(now) == now
        assert cycle.following(now, now) == now + timedelta(days=1)


def test_the_next_firing_is_counted_from_the_last_due_moment() -> None:
    """Late work does not move the rhythm, a missed firing is skipped."""
    cycle = parse_cycle("R/PT1H")
    minute = timedelta(minutes=1)
    hour = timedelta(hours=1)

    assert cycle.following(START, START + 5 * minute) == START + hour
    assert cycle.following(START, START + hour) == START + hour
    assert cycle.following(START, START + hour + minute) == START + 2 * hour + minute


@pytest.mark.parametrize(
    "text",
    ["PT1H", "R0/PT1H", "R/", "R/soon", "0 0 9 * *", "R-1/PT1H"]
    + [f"R{'9' * count}/PT1H" for count in (10, 5000)]
    + ["0 0 0 " + "9" * 5000 + " * *"],
)
def test_what_is_no_cycle_is_refused(text: str) -> None:
    """Neither a repeating interval nor cron with its six fields."""
    with pytest.raises(TimerTextError):
        parse_cycle(text)
