"""Handing out the chunks of a batch operation: a few at a time, each worker takes the next when one is done.

So a batch of a million items neither stands in the queue before everything else nor lets messages grow old
there.
"""

from sqlalchemy import select

from service.domain import batch_operations as words
from service.domain import jobs
from service.persistence.tables import batch_operations as tables
from service.persistence.unit import Unit
from service.usecases.batch_operations.rows import change

LANES = 4
"""Chunks of one batch operation that are in workers' hands at the same time."""

_item = tables.batch_operation_items


def begin(unit: Unit, key: int) -> None:
    """Hand out the first chunks that have open items."""
    _send(unit, key, 0, LANES)


def go_on(unit: Unit, key: int, sent_until: int | None) -> None:
    """Hand out the chunk after those that were handed out."""
    _send(unit, key, sent_until or 0, 1)


def _send(unit: Unit, key: int, after: int, count: int) -> None:
    query = (
        select(_item.c.chunk_key)
        .where(_item.c.batch_key == key, _item.c.state == words.ACTIVE, _item.c.chunk_key > after)
        .distinct()
        .order_by(_item.c.chunk_key)
        .limit(count)
    )
    chunk_keys = unit.connection.execute(query).scalars().all()
    for chunk_key in chunk_keys:
        # A chunk is handed out again after the batch was suspended: each time is an effect of its own.
        unit.send(jobs.RUN_BATCH_CHUNK, chunk_key, effect=str(unit.new_key()))
    if chunk_keys:
        change(unit, key, sent_until=chunk_keys[-1])
