"""How pages write moments, days and sizes: the house's wall clock, short, in the reader's language."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from markupsafe import Markup, escape

from service.reports.nearing import near_span
from service.sla import SHANGHAI
from service.web.request import current
from service.web.words import catalogs
from service.web.words.texts import gettext

"""The house's clock: all people and procedures are there."""

_NOTHING = Markup("")
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_TO_THE_MINUTE = len("2026-11-24 09:12")
_SPANS = 4096
"""Texts of spans that are kept: of a month, in each language, there are some two thousand."""

_UNITS = ("B", "KB", "MB", "GB")
_STEP = 1024


@dataclass(frozen=True)
class Deadline:
    """A deadline as pages write it.

    Attributes:
        machine: As the page's clock reads it.
        full: As `moment`.
        text: As `deadline_text`.
        state: As `deadline_state`.
        soon_minutes: How many minutes before its end the time begins to count as near.
    """

    machine: str
    full: str
    text: str
    state: str
    soon_minutes: str

    def mark(self, css_class: str = "", sign: Markup = _NOTHING) -> Markup:
        """Return it as a `<time>` that the page keeps up to date, with an icon before its text or without.

        Args:
            css_class: Of our own making, as everything but the text is: nothing in it needs to be escaped.
            sign: The icon.
        """
        css = f' class="{css_class}"' if css_class else ""
        text = escape(self.text)
        shown = f"{sign}<span data-time-text>{text}</span>" if sign else text
        return Markup(
            f'<time{css} data-deadline data-soon-minutes="{self.soon_minutes}"'
            f' datetime="{self.machine}" title="{self.full}">{shown}</time>'
        )


def deadline(at: datetime, began_at: datetime, now: datetime | None = None) -> Deadline:
    """Return how a time that began and ends at these moments is written; `now` where it is known."""
    now = now or current.now()
    return Deadline(
        machine=at.isoformat(),
        full=moment(at),
        text=_deadline_text(at, now),
        state=_deadline_state(at, began_at, now),
        soon_minutes=f"{near_span(began_at, at) / _MINUTE:g}",
    )


def moment(at: datetime | None) -> str:
    """Return a moment as `2026-11-24 09:12`, house time; empty for None."""
    return at.astimezone(SHANGHAI).isoformat(" ", "minutes")[:_TO_THE_MINUTE] if at else ""


def relative_time(at: datetime | None, now: datetime | None = None) -> Markup:
    """Return a moment as a `<time>` that the page keeps up to date; empty for None."""
    if at is None:
        return Markup("")
    short = _short(at, now or current.now())
    # Digits and signs of our own making: nothing in them needs to be escaped.
    return Markup(f'<time datetime="{at.isoformat()}" data-relative>{short}</time>')


def plain_time(at: datetime | None) -> Markup:
    """Return a moment as a `<time>` with its full text; empty for None."""
    if at is None:
        return Markup("")
    return Markup(f'<time class="hy-mono" datetime="{at.isoformat()}">{moment(at)}</time>')


def deadline_text(at: datetime) -> str:
    """Return what is left until a deadline or how long it is past, in its two largest units."""
    return _deadline_text(at, current.now())


def deadline_state(at: datetime | None, began_at: datetime | None) -> str:
    """Return `is-late`, `is-soon` or an empty text for a time that ends at `at`."""
    if at is None or began_at is None:
        return ""
    return _deadline_state(at, began_at, current.now())


def share_used(start: datetime, end: datetime) -> int:
    """Return how much of the time between two moments has passed, in percent, 0 to 100."""
    if end <= start:
        return 100
    used = (current.now() - start) / (end - start)
    return round(min(max(used, 0.0), 1.0) * 100)


def size(byte_count: int) -> str:
    """Return a file size as `3.2 MB`."""
    number = float(byte_count)
    for unit in _UNITS[:-1]:
        if number < _STEP:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= _STEP
    return f"{number:.1f} {_UNITS[-1]}"


def initial(name: str) -> str:
    """Return the letter of a person's round badge."""
    return name.strip()[:1].upper() or "?"


def _deadline_text(at: datetime, now: datetime) -> str:
    left = at - now
    is_late = left < timedelta(0)
    days, rest = divmod(-left if is_late else left, _DAY)
    hours, rest = divmod(rest, _HOUR)
    # Of days the minutes are not told.
    minutes = 0 if days else rest // _MINUTE
    return _left_text(catalogs.texts_of_request(), is_late, days, hours, minutes)


def _deadline_state(at: datetime, began_at: datetime, now: datetime) -> str:
    left = at - now
    if left < timedelta(0):
        return "is-late"
    return "is-soon" if left <= near_span(began_at, at) else ""


def _short(at: datetime, now: datetime) -> str:
    local, today = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI)
    if local.date() == today.date():
        return local.strftime("%H:%M")
    return local.strftime("%m-%d %H:%M" if local.year == today.year else "%Y-%m-%d")


@lru_cache(_SPANS)
def _left_text(_texts: object, is_late: bool, days: int, hours: int, minutes: int) -> str:
    """Return how long is left in the language of the request, whose texts are named for the memory."""
    span = _span(days, hours, minutes)
    return gettext("已超时 %(span)s", span=span) if is_late else gettext("剩余 %(span)s", span=span)


def _span(days: int, hours: int, minutes: int) -> str:
    if days:
        parts = [gettext("%(days)s 天", days=days), *_hours(hours)]
    elif hours:
        parts = [*_hours(hours), *_minutes(minutes)]
    else:
        parts = [
            gettext("%(minutes)s 分钟", minutes=minutes) if minutes else gettext("不足 1 分钟")
        ]
    return " ".join(parts)


def _hours(hours: int) -> list[str]:
    return [gettext("%(hours)s 小时", hours=hours)] if hours else []


def _minutes(minutes: int) -> list[str]:
    return [gettext("%(minutes)s 分", minutes=minutes)] if minutes else []
