"""How pages write moments, days and sizes: the house's wall clock, short, in the reader's language."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from service.reports.nearing import near_span
from service.web import current
from service.web.texts import gettext

ZONE = ZoneInfo("Asia/Shanghai")
"""The house's clock: all people and procedures are there."""

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_UNITS = ("B", "KB", "MB", "GB")
_STEP = 1024


def moment(at: datetime | None) -> str:
    """Return a moment as `2026-11-24 09:12`, house time; empty for None."""
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if at else ""


def day(on: date | None) -> str:
    """Return a day as `2026-11-24`; empty for None."""
    return on.isoformat() if on else ""


def relative_time(at: datetime | None) -> Markup:
    """Return a moment as a `<time>` that the page keeps up to date; empty for None."""
    if at is None:
        return Markup("")
    short = _short(at, current.now())
    # Digits and signs of our own making: nothing in them needs to be escaped.
    return Markup(f'<time datetime="{at.isoformat()}" data-relative>{short}</time>')


def plain_time(at: datetime | None) -> Markup:
    """Return a moment as a `<time>` with its full text; empty for None."""
    if at is None:
        return Markup("")
    return Markup('<time class="hy-mono" datetime="{}">{}</time>').format(
        at.isoformat(), moment(at)
    )


def deadline_text(at: datetime) -> str:
    """Return what is left until a deadline or how long it is past, in its two largest units."""
    left = at - current.now()
    if left >= timedelta(0):
        return gettext("剩余 %(span)s", span=_span(left))
    return gettext("已超时 %(span)s", span=_span(-left))


def deadline_state(at: datetime | None, began_at: datetime | None) -> str:
    """Return `is-late`, `is-soon` or an empty text for a time that ends at `at`."""
    if at is None or began_at is None:
        return ""
    left = at - current.now()
    if left < timedelta(0):
        return "is-late"
    return "is-soon" if left <= near_span(began_at, at) else ""


def soon_minutes(at: datetime, began_at: datetime) -> str:
    """Return how many minutes before its end a time begins to count as near, for the page's clock."""
    return f"{near_span(began_at, at) / timedelta(minutes=1):g}"


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


def _short(at: datetime, now: datetime) -> str:
    local, today = at.astimezone(ZONE), now.astimezone(ZONE)
    if local.date() == today.date():
        return local.strftime("%H:%M")
    return local.strftime("%m-%d %H:%M" if local.year == today.year else "%Y-%m-%d")


def _span(length: timedelta) -> str:
    if length < timedelta(minutes=1):
        return gettext("不足 1 分钟")
    days, rest = divmod(length, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes = rest // timedelta(minutes=1)
    if days:
        text = gettext("%(days)s 天", days=days)
        return f"{text} {gettext('%(hours)s 小时', hours=hours)}" if hours else text
    if hours:
        text = gettext("%(hours)s 小时", hours=hours)
        return f"{text} {gettext('%(minutes)s 分', minutes=minutes)}" if minutes else text
    return gettext("%(minutes)s 分钟", minutes=minutes)
