"""How pages write moments and what is left until them: one table for each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from markupsafe import Markup

from service.web.words import formats
from service.web.words.formats import Deadline

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
"""17:30 by the house's clock."""


@pytest.mark.parametrize(
    ("left", "simplified", "english"),
    [
        (timedelta(days=3, hours=2, minutes=59), "剩余 3 天 2 小时", "3 d 2 h left"),
        (timedelta(days=1), "剩余 1 天", "1 d left"),
        (timedelta(hours=23, minutes=59), "剩余 23 小时 59 分", "23 h 59 min left"),
        (timedelta(hours=5, seconds=59), "剩余 5 小时", "5 h left"),
        (timedelta(minutes=1), "剩余 1 分钟", "1 min left"),
        (timedelta(seconds=59), "剩余 不足 1 分钟", "less than 1 min left"),
        (timedelta(0), "剩余 不足 1 分钟", "less than 1 min left"),
        (timedelta(seconds=-1), "已超时 不足 1 分钟", "less than 1 min overdue"),
        (timedelta(days=-2, minutes=-5), "已超时 2 天", "2 d overdue"),
    ],
)
def test_what_is_left_is_told_in_its_two_largest_units(
    pages: Flask, left: timedelta, simplified: str, english: str
) -> None:
    """In the language of each request, also where another one asked the same a moment ago."""
    found = {}
    for language in ("zh-CN", "en"):
        with pages.test_request_context(headers={"Accept-Language": language}):
            found[language] = formats.deadline(NOW + left, NOW - timedelta(days=9), NOW).text

    assert found == {"zh-CN": simplified, "en": english}


@pytest.mark.parametrize(
    ("left", "state"),
    [
        (timedelta(minutes=61), ""),
        (timedelta(minutes=60), "is-soon"),
        (timedelta(0), "is-soon"),
        (timedelta(seconds=-1), "is-late"),
    ],
)
def test_a_deadline_knows_how_it_stands(pages: Flask, left: timedelta, state: str) -> None:
    """Of five hours the last one is near; what is past is late."""
    due = NOW + left
    with pages.test_request_context():
        found = formats.deadline(due, due - timedelta(hours=5), NOW)

    assert (found.state, found.soon_minutes) == (state, "60")


def test_a_deadline_is_written_for_people_and_for_the_pages_clock(pages: Flask) -> None:
    """The house's wall clock to the minute, and the moment itself; a past second is no minute more."""
    due = datetime(2026, 12, 31, 16, 5, 59, tzinfo=UTC)
    with pages.test_request_context():
        found = formats.deadline(due, NOW, NOW)

    assert found == Deadline(
        machine="2026-12-31T16:05:59+00:00",
        full="2027-01-01 00:05",
        text=found.text,
        state="",
        soon_minutes="240",
    )


def test_a_deadline_is_marked_for_the_pages_clock(pages: Flask) -> None:
    """Its text alone is kept up to date where an icon stands before it; a text is never taken for HTML."""
    with pages.test_request_context():
        found = replace(formats.deadline(NOW, NOW, NOW), text="<1")

    rest = 'data-soon-minutes="0" datetime="2026-11-24T09:30:00+00:00" title="2026-11-24 17:30"'
    assert found.mark() == f"<time data-deadline {rest}>&lt;1</time>"
    assert found.mark("hy-clock", Markup("<svg/>")) == (
        f'<time class="hy-clock" data-deadline {rest}><svg/><span data-time-text>&lt;1</span></time>'
    )


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (NOW, "17:30"),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "00:00"),
        (datetime(2026, 11, 23, 15, 59, tzinfo=UTC), "11-23 23:59"),
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "2025-12-31"),
    ],
)
def test_a_moment_is_as_short_as_its_distance_allows(at: datetime, shown: str) -> None:
    """Today the time, this year day and time, earlier the day; days begin at midnight in Shanghai."""
    expected = f'<time datetime="{at.isoformat()}" data-relative>{shown}</time>'

    assert formats.relative_time(at, NOW) == expected
