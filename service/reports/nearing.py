"""When a deadline is near: 即将超时."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, extract

from service.persistence.tables.base import Moment

SHARE = 5
"""The last fifth of a period is near its end."""

AT_MOST = timedelta(hours=4)
"""However long the period is: what is farther away than this is not near."""

_NOW = bindparam("near_now", type_=Moment())
_LAST = bindparam("near_last", type_=Moment())
_SECOND = bindparam("near_second", type_=BigInteger())


def near_span(began_at: datetime, due_at: datetime) -> timedelta:
    """Return how long before its end a period counts as nearing it.

    Its last 20 %, or its last 4 hours, whichever is less.

    Source: none, our own.
    """
    return max(min((due_at - began_at) / SHARE, AT_MOST), timedelta(0))


def is_near(due_at: Any, began_at: Any) -> ColumnElement[bool]:
    """Return the condition for rows whose deadline is near and not past, by the rule of `near_span`.

    The present is no part of it, so that a statement may be kept: it is asked with the values of `at`.

    Args:
        due_at: Column of the deadline; without one nothing is near.
        began_at: Column of the moment the period began.
    """
    left = extract("epoch", due_at) - _SECOND
    period = extract("epoch", due_at) - extract("epoch", began_at)
    return and_(due_at > _NOW, due_at <= _LAST, left * SHARE <= period)


def at(now: datetime) -> dict[str, Any]:
    """Return the values with which a statement that asks `is_near` is asked at a moment."""
    return {"near_now": now, "near_last": now + AT_MOST, "near_second": int(now.timestamp())}
