"""Which jobs may be given to a worker now: asked by who waits for one and by activation itself."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, true

from service.persistence.tables import instances


def may_be_given(now: datetime, type_: str, with_lease: bool) -> ColumnElement[bool]:
    """Return the condition of a job that may be given out: new, failed and rested, or its time over.

    Never one of a suspended instance.
    """
    table = instances.jobs
    free = and_(table.c.state.in_(("CREATED", "FAILED")), table.c.available_at <= now)
    expired = and_(table.c.state == "ACTIVATED", table.c.deadline_at <= now)
    is_open_to_all = true() if with_lease else table.c.lease_token.is_(None)
    return and_(
        table.c.type == type_,
        table.c.retries > 0,
        ~table.c.is_suspended,
        or_(free, expired),
        is_open_to_all,
    )
