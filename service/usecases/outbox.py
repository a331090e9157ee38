"""The outbox: one row an outside effect; what the queue lost is sent again, what is done is marked."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update

from service.persistence.tables import house as tables
from service.persistence.unit import Unit
from service.usecases.house import House

SENT_AGAIN_AFTER = timedelta(seconds=30)
"""How long a message that was sent is trusted to the queue."""

GIVEN_UP_AFTER = 50
"""Sendings after which a row rests; it stays, with its error, for the operator."""


def claim_unsent(house: House, limit: int) -> list[Row[Any]]:
    """Claim the rows that are to be sent (again) now and return them, oldest first."""
    table = tables.outbox
    with house.database.unit(house.outside) as unit:
        is_lost = (table.c.sent_at.is_(None)) | (table.c.sent_at <= unit.now - SENT_AGAIN_AFTER)
        rows = unit.connection.execute(
            select(table)
            .where(
                table.c.done_at.is_(None),
                table.c.available_at <= unit.now,
                table.c.attempts < GIVEN_UP_AFTER,
                is_lost,
            )
            .order_by(table.c.key)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        if rows:
            unit.connection.execute(
                update(table)
                .where(table.c.key.in_([row.key for row in rows]))
                .values(sent_at=unit.now, attempts=table.c.attempts + 1)
            )
        unit.commit()
    return list(rows)


def done(unit: Unit, job: str, subject_key: int) -> bool:
    """Mark every row of this job and subject as done, in the transaction of its effect.

    Returns:
        Whether there was one that was not done yet; the second of two deliveries finds none.
    """
    table = tables.outbox
    marked = unit.connection.execute(
        update(table)
        .where(table.c.job == job, table.c.subject_key == subject_key, table.c.done_at.is_(None))
        .values(done_at=unit.now)
    )
    return marked.rowcount > 0


def is_done(unit: Unit, job: str, subject_key: int) -> bool:
    """Return whether this job was done for the subject; the row is locked until the unit ends."""
    table = tables.outbox
    rows = unit.connection.execute(
        select(table.c.done_at)
        .where(table.c.job == job, table.c.subject_key == subject_key)
        .with_for_update()
    ).all()
    return bool(rows) and all(row.done_at is not None for row in rows)
