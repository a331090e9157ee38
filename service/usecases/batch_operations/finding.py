"""Finding the items of a batch operation: stretch by stretch, however many there are.

Each stretch begins behind the last item of the one before, and what is younger than the batch operation is
none of its items. Pages of a stretch are transactions of their own: a worker that dies leaves whole pages,
and the outbox has another one go on behind them. Nothing is worked off before everything is found, so what
is done to one item cannot hide another one from the filter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from service.domain import batch_operations as words
from service.domain import jobs
from service.domain.batch_operations import BatchItem
from service.identity import Person
from service.persistence.tables import batch_operations as tables
from service.persistence.unit import Unit
from service.usecases import outbox
from service.usecases.batch_operations import chunks
from service.usecases.batch_operations.rows import cancel_open, change, creator, locked, record
from service.usecases.house import House
from service.usecases.transaction import SYSTEM

STRETCH = 20_000
"""Items that are found by one query, in one background job: a few megabytes."""

PAGE = 1000
"""Items that are written in one transaction."""

CHUNK = 100
"""Items that one background job works off, one transaction each."""


@dataclass(frozen=True)
class Wanted:
    """What a batch operation asks for whose items are not all found yet.

    Attributes:
        found_until: The last item found so far; None: none yet.
    """

    kind: str
    filter: Mapping[str, Any]
    who: Person | None
    found_until: int | None


def wanted(house: House, key: int) -> Wanted | None:
    """Return what a batch operation asks for; None when its items were found, or it is over."""
    table = tables.batch_operations
    with house.database.reading() as connection:
        query = select(table).where(table.c.key == key, table.c.state == words.CREATED)
        row = connection.execute(query).one_or_none()
        if row is None:
            return None
        who = creator(connection, row.created_by)
        return Wanted(row.kind, row.filter, who, row.found_until)


def end(house: House, key: int) -> None:
    """Say that there is nothing to find for a batch operation any more, if that is still so."""
    table = tables.batch_operations
    with house.database.unit(house.outside) as unit:
        query = select(table.c.state).where(table.c.key == key).with_for_update()
        if unit.connection.execute(query).scalar_one_or_none() != words.CREATED:
            outbox.done(unit, jobs.PREPARE_BATCH, key)
        unit.commit()


def fill(house: House, key: int, after: int | None, items: Sequence[BatchItem]) -> None:
    """Give a batch operation the next items that its filter found; fewer than `STRETCH` were the last.

    Args:
        house: The house.
        key: The batch operation.
        after: The item that they begin behind (`Wanted.found_until`). When the batch operation is not
            there, somebody else is finding its items, or nobody shall: what is left of them is left.
        items: At most `STRETCH`, oldest first.
    """
    for start in range(0, len(items), PAGE):
        page = items[start : start + PAGE]
        if not _write(house, key, after, page):
            return
        after = page[-1].key
    _end(house, key, after, is_full=len(items) == STRETCH)


def fail(house: House, key: int, failure: str) -> None:
    """Say that the items of a batch operation could not be found; those that were are cancelled."""
    with house.database.unit(house.outside) as unit:
        if locked(unit, key).state == words.CREATED:
            cancel_open(unit, key)
            change(unit, key, state=words.FAILED, ended_at=unit.now, failure=failure)
        outbox.done(unit, jobs.PREPARE_BATCH, key)
        unit.commit()


def _write(house: House, key: int, after: int | None, page: Sequence[BatchItem]) -> bool:
    """Write a page of items, if the batch operation is where they begin; return whether it was."""
    with house.database.unit(house.outside) as unit:
        if not _is_at(unit, key, after):
            return False
        _insert(unit, key, page)
        change(unit, key, found_until=page[-1].key)
        unit.commit()
    return True


def _end(house: House, key: int, after: int | None, *, is_full: bool) -> None:
    """Let the next items be found, or let the work begin when there are none."""
    with house.database.unit(house.outside) as unit:
        if not _is_at(unit, key, after):
            return
        outbox.done(unit, jobs.PREPARE_BATCH, key)
        if is_full:
            unit.send(jobs.PREPARE_BATCH, key, effect=str(unit.new_key()))
        elif after is None:
            change(unit, key, state=words.COMPLETED, started_at=unit.now, ended_at=unit.now)
            kind = locked(unit, key).kind
            record(unit, key, kind, "operation.completed", SYSTEM.username)
        else:
            change(unit, key, state=words.ACTIVE, started_at=unit.now)
            chunks.begin(unit, key)
        unit.commit()


def _is_at(unit: Unit, key: int, after: int | None) -> bool:
    row = locked(unit, key)
    return bool(row.state == words.CREATED and row.found_until == after)


def _insert(unit: Unit, key: int, items: Sequence[BatchItem]) -> None:
    for start in range(0, len(items), CHUNK):
        keys = [unit.new_key() for _ in items[start : start + CHUNK]]
        rows = [
            {
                "key": row_key,
                "batch_key": key,
                "chunk_key": keys[0],
                "item_key": item.key,
                "instance_key": item.instance_key,
                "root_key": item.root_key,
                "state": words.ACTIVE,
            }
            for row_key, item in zip(keys, items[start : start + CHUNK], strict=True)
        ]
        unit.connection.execute(insert(tables.batch_operation_items), rows)
