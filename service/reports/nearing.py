"""When a deadline is near: 即将超时."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, extract

SHARE = 5
"""The last fifth of a period is near its end."""

AT_MOST = timedelta(hours=4)
"""However long the period is: what is farther away than this is not near."""


def near_span(began_at: datetime, due_at: datetime) -> timedelta:
    """Return how long before its end a period counts as nearing it.

    Its last 20 %, or its last 4 hours, whichever is less.

    Source: none, our own.
    """
    return max(min((due_at - began_at) / SHARE, AT_MOST), timedelta(0))


def is_near(due_at: Any, began_at: Any, now: datetime) -> ColumnElement[bool]:
    """Return the condition for rows whose deadline is near and not past, by the rule of `near_span`.

    Args:
        due_at: Column of the deadline; without one nothing is near.
        began_at: Column of the moment the period began.
        now: The present.
    """
    left = extract("epoch", due_at) - int(now.timestamp())
    period = extract("epoch", due_at) - extract("epoch", began_at)
    return and_(due_at > now, due_at <= now + AT_MOST, left * SHARE <= period)
