"""Cron texts mean what Spring 5.3 means by them, in Shanghai."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.bpmn.cron import CronTextError, parse_cron
from service.bpmn.timers import ENDLESS, parse_cycle

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """Return a moment of Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


CASES = [
    # text, after, the next moments
    ("* * * * * *", "2026-11-24T12:00:00", ["2026-11-24T12:00:01", "2026-11-24T12:00:02"]),
    ("*/15 * * * * *", "2026-11-24T12:00:07", ["2026-11-24T12:00:15", "2026-11-24T12:00:30"]),
    ("5/20 * * * * *", "2026-11-24T12:00:30", ["2026-11-24T12:00:45", "2026-11-24T12:01:05"]),
    ("0 0 9 * * *", "2026-11-24T09:00:00", ["2026-11-25T09:00:00", "2026-11-26T09:00:00"]),
    ("0 0 9-17/4 * * *", "2026-11-24T12:00:00", ["2026-11-24T13:00:00", "2026-11-24T17:00:00"]),
    ("10,5 30 8,20 * * *", "2026-11-24T08:30:05", ["2026-11-24T08:30:10", "2026-11-24T20:30:05"]),
    ("0 0 9 * * MON-FRI", "2026-11-27T09:00:00", ["2026-11-30T09:00:00", "2026-12-01T09:00:00"]),
    ("0 0 9 * * 1-5", "2026-11-27T09:00:00", ["2026-11-30T09:00:00"]),
    ("0 0 9 ? * sun", "2026-11-24T12:00:00", ["2026-11-29T09:00:00"]),
    ("0 0 9 ? * 0", "2026-11-24T12:00:00", ["2026-11-29T09:00:00"]),
    ("0 0 9 ? * 7", "2026-11-24T12:00:00", ["2026-11-29T09:00:00"]),
    ("0 0 9 ? * SUN-TUE", "2026-11-24T12:00:00", ["2026-11-29T09:00:00", "2026-11-30T09:00:00"]),
    ("0 0 9 13 * FRI", "2026-11-24T12:00:00", ["2027-08-13T09:00:00", "2028-10-13T09:00:00"]),
    ("0 0 0 31 * *", "2026-11-24T12:00:00", ["2026-12-31T00:00:00", "2027-01-31T00:00:00"]),
    ("0 0 0 29 2 *", "2026-11-24T12:00:00", ["2028-02-29T00:00:00", "2032-02-29T00:00:00"]),
    ("0 0 0 29 FEB MON", "2026-11-24T12:00:00", ["2044-02-29T00:00:00"]),
    ("0 0 0 1 JAN,JUL *", "2026-11-24T12:00:00", ["2027-01-01T00:00:00", "2027-07-01T00:00:00"]),
    ("0 0 0 L * *", "2026-11-24T12:00:00", ["2026-11-30T00:00:00", "2026-12-31T00:00:00"]),
    ("0 0 0 L-3 * *", "2026-11-24T12:00:00", ["2026-11-27T00:00:00", "2026-12-28T00:00:00"]),
    ("0 0 0 LW * *", "2026-10-24T12:00:00", ["2026-10-30T00:00:00", "2026-11-30T00:00:00"]),
    ("0 0 0 15W * *", "2026-11-01T00:00:00", ["2026-11-16T00:00:00", "2026-12-15T00:00:00"]),
    ("0 0 0 1W * *", "2026-07-15T00:00:00", ["2026-08-03T00:00:00", "2026-09-01T00:00:00"]),
    ("0 0 0 1W * *", "2026-10-15T00:00:00", ["2026-11-02T00:00:00"]),
    ("0 0 0 31W 1 *", "2026-11-01T00:00:00", ["2028-01-31T00:00:00"]),
    ("0 0 0 31W 10 *", "2026-09-01T00:00:00", ["2026-10-30T00:00:00"]),
    ("0 0 0 1,L * *", "2026-11-24T12:00:00", ["2026-11-30T00:00:00", "2026-12-01T00:00:00"]),
    ("0 0 0 * * FRIL", "2026-11-24T12:00:00", ["2026-11-27T00:00:00", "2026-12-25T00:00:00"]),
    ("0 0 0 * * 5L", "2026-11-24T12:00:00", ["2026-11-27T00:00:00"]),
    ("0 0 0 ? * MON#1", "2026-11-24T12:00:00", ["2026-12-07T00:00:00", "2027-01-04T00:00:00"]),
    ("0 0 0 ? * 5#5", "2026-11-24T12:00:00", ["2027-01-29T00:00:00"]),
    ("@hourly", "2026-11-24T12:00:00", ["2026-11-24T13:00:00"]),
    ("@daily", "2026-11-24T12:00:00", ["2026-11-25T00:00:00"]),
    ("@midnight", "2026-11-24T12:00:00", ["2026-11-25T00:00:00"]),
    ("@weekly", "2026-11-24T12:00:00", ["2026-11-29T00:00:00"]),
    ("@monthly", "2026-11-24T12:00:00", ["2026-12-01T00:00:00"]),
    ("@yearly", "2026-11-24T12:00:00", ["2027-01-01T00:00:00"]),
    ("@ANNUALLY", "2026-12-31T23:59:59", ["2027-01-01T00:00:00"]),
]


@pytest.mark.parametrize(("text", "after", "expect"), CASES, ids=lambda value: str(value)[:20])
def test_the_next_moments_of_a_cron_text(text: str, after: str, expect: list[str]) -> None:
    """One after the other; the moment itself is over."""
    cron = parse_cron(text, SHANGHAI)
    moment: datetime | None = at(after)
    for wanted in expect:
        assert moment is not None
        moment = cron.after(moment)
        assert moment == at(wanted)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "* * * * *",
        "* * * * * * *",
        "60 * * * * *",
        "* 60 * * * *",
        "* * 24 * * *",
        "* * * 0 * *",
        "* * * 32 * *",
        "* * * * 13 *",
        "* * * * * 8",
        "* * * * MOO *",
        "10-5 * * * * *",
        "*/0 * * * * *",
        "*/x * * * * *",
        "-1 * * * * *",
        "1- * * * * *",
        ", * * * * *",
        "? * * * * *",
        "* * * LL * *",
        "* * * L-x * *",
        "* * * W * *",
        "* * * 40W * *",
        "* * * * * L",
        "* * * * * MON#0",
        "* * * * * #1",
        "@never",
        "0 0 0 30 2 *",
        "0 0 0 31 4 *",
        "٣ * * * * *",
    ],
)
def test_what_is_no_cron_text_or_never_comes_is_refused(text: str) -> None:
    """With the reason in every language."""
    with pytest.raises(CronTextError) as refused:
        parse_cron(text, SHANGHAI)
    assert refused.value.text.english.endswith(".")
    assert refused.value.text.chinese.endswith("。")


def test_a_wrong_field_is_named_in_every_language() -> None:
    """Its name is no fact that stays as it is."""
    with pytest.raises(CronTextError) as refused:
        parse_cron("0 0 25 * * *", SHANGHAI)
    told = refused.value.text
    assert told.chinese == "小时应为 0 到 23 的数字，实际为 «25»。"
    assert told.traditional == "小時應為 0 到 23 的數字，實際為 «25»。"
    assert told.english == "The hour must be a number from 0 to 23, but is '25'."


@given(
    st.sampled_from([text for text, _, _ in CASES]),
    st.integers(0, 34 * 366 * 24 * 3600),
)
def test_a_moment_comes_after_and_none_is_left_out(text: str, seconds: int) -> None:
    """From any moment, the next one is later, and nothing lies between that a second look would find."""
    cron = parse_cron(text, SHANGHAI)
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    following = cron.after(start)

    assert following is not None
    assert following > start
    middle = start + (following - start) / 2
    assert cron.after(middle) == following


def test_a_cycle_may_be_cron() -> None:
    """Endless; missed firings are skipped."""
    cycle = parse_cycle("0 0 9 * * *")

    assert cycle.count == ENDLESS
    assert cycle.first(at("2026-11-24T12:00:00")) == at("2026-11-25T09:00:00")
    late, on_time = at("2026-11-28T10:00:00"), at("2026-11-25T09:30:00")
    assert cycle.following(at("2026-11-25T09:00:00"), on_time) == at("2026-11-26T09:00:00")
    assert cycle.following(at("2026-11-25T09:00:00"), late) == at("2026-11-29T09:00:00")
