"""Moments around now, as people at work in China write them into forms."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def days_from_now(days: int, hour: int = 9, minute: int = 30) -> datetime:
    """Return a moment of the working day, some days from today."""
    today = datetime.now(SHANGHAI)
    wanted = today + timedelta(days=days)
    return wanted.replace(hour=hour, minute=minute, second=0, microsecond=0)


YESTERDAY = days_from_now(-1)
HALF_AN_HOUR_AGO = datetime.now(SHANGHAI) - timedelta(minutes=30)
NEXT_WEEK = days_from_now(7, 18, 0)
