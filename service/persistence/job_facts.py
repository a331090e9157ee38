"""Which jobs may be given to a worker now: asked by who waits for one and by activation itself."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, true

from service.persistence.tables import instances


def may_be_given(now: datetime, type_: str, with_lease: bool) -> ColumnElement[bool]:
    """Return the condition of a job that may be given out: new, failed and rested, or its time over.

    Never one of a suspended instance. Only a failure uses up retries: a job that begins with none is given
    out once, as in Camunda 8, and its first failure is an incident.
    """
    table = instances.jobs
    is_tried_again = and_(table.c.state == "FAILED", table.c.retries > 0)
    free = and_(or_(table.c.state == "CREATED", is_tried_again), table.c.available_at <= now)
    expired = and_(table.c.state == "ACTIVATED", table.c.deadline_at <= now)
    is_open_to_all = true() if with_lease else table.c.lease_token.is_(None)
    return and_(
        table.c.type == type_,
        ~table.c.is_suspended,
        or_(free, expired),
        is_open_to_all,
    )
