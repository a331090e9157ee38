"""Working off the items of a batch operation: a transaction each, once, whatever worker dies on the way.

What an item's command did and that the item is done are written together, so a second delivery finds it
done. A refused item is written down as failed and the others go on.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import Row, select, update

from service.domain import batch_operations as words
from service.domain import jobs
from service.domain.errors import BusyError, HuiyinError, NotAllowedError, OverloadedError
from service.identity import Person
from service.persistence.tables import batch_operations as tables
from service.persistence.unit import Unit
from service.usecases import outbox
from service.usecases.batch_operations import chunks
from service.usecases.batch_operations.items import attempt_at, carry_out
from service.usecases.batch_operations.rows import complete_if_done, creator, has_open, locked
from service.usecases.execution.execution import Execution
from service.usecases.house import House
from service.usecases.transaction import transact

log = structlog.get_logger()

_item, _batch = tables.batch_operation_items, tables.batch_operations


def work_off(house: House, chunk_key: int) -> None:
    """Work off the open items of a chunk, and complete their batch operation when they were the last."""
    with house.database.reading() as connection:
        rows = connection.execute(
            select(
                _item.c.key, _item.c.batch_key, _item.c.item_key, _batch.c.kind, _batch.c.created_by
            )
            .join(_batch, _batch.c.key == _item.c.batch_key)
            .where(_item.c.chunk_key == chunk_key, _item.c.state == words.ACTIVE)
            .order_by(_item.c.key)
        ).all()
        who = creator(connection, rows[0].created_by) if rows else None
    for row in rows:
        _do(house, who, row)
    _finish(house, chunk_key)


def _do(house: House, who: Person | None, item: Any) -> None:
    """Do one item; when it is refused, write down why."""
    key, attempt = item.key, attempt_at(item.kind, item.item_key, item.batch_key)
    try:
        if who is None:
            raise NotAllowedError(
                "Expected who created the batch operation to be known, but he is known no more."
            )
        transact(house, who, lambda execution: _carry_out(execution, key), attempt)
    except (BusyError, OverloadedError):
        # Somebody works on the same thing, or there is no connection; the chunk is delivered again.
        log.info("batch_item_busy", item=key)
    except HuiyinError as refusal:
        _refuse(house, key, told(refusal))
    except Exception as error:
        log.error("batch_item_failed", item=key, exc_info=error)
        detail = "An unexpected error occurred; it is in the log."
        _refuse(house, key, {"kind": "", "detail": detail, "facts": {"item": str(key)}})


def told(error: HuiyinError) -> dict[str, Any]:
    """Return an error as JSON: its class, its English sentence and the facts behind it."""
    facts = {name: str(value) for name, value in error.facts.items() if value is not None}
    return {"kind": type(error).__name__, "detail": error.detail, "facts": facts}


def _carry_out(execution: Execution, key: int) -> None:
    unit = execution.unit
    row = _open(unit, key)
    if row is None:
        return
    unit.batch_key = row.batch_key
    again = carry_out(execution, row.kind, row.item_key, row.plan)
    if again is None:
        _write(unit, key, words.COMPLETED, None)
        return
    detail = f"Expected the step to pass, but it failed again: incident '{again}' was raised."
    error = {"kind": "", "detail": detail, "facts": {"reason": "again", "incident_key": str(again)}}
    _write(unit, key, words.FAILED, error)


def _open(unit: Unit, key: int) -> Any:
    """Lock an item that is to be done and return it; None when another worker has it, or it is over."""
    query = (
        select(_item.c.item_key, _item.c.batch_key, _batch.c.kind, _batch.c.plan)
        .join(_batch, _batch.c.key == _item.c.batch_key)
        .where(_item.c.key == key, _item.c.state == words.ACTIVE, _batch.c.state == words.ACTIVE)
        .with_for_update(skip_locked=True, of=_item)
    )
    return unit.connection.execute(query).one_or_none()


def _write(unit: Unit, key: int, state: str, error: Mapping[str, Any] | None) -> None:
    unit.connection.execute(
        update(_item)
        .where(_item.c.key == key, _item.c.state == words.ACTIVE)
        .values(state=state, error=error, processed_at=unit.now)
    )


def _refuse(house: House, key: int, error: Mapping[str, Any]) -> None:
    with house.database.unit(house.outside) as unit:
        _write(unit, key, words.FAILED, error)
        unit.commit()


def _finish(house: House, chunk_key: int) -> None:
    """Say that a chunk is done when it is, and that its batch operation is when all are."""
    with house.database.unit(house.outside) as unit:
        mine = _item.c.chunk_key == chunk_key
        batch_key = unit.connection.execute(select(_item.c.batch_key).where(mine).limit(1)).scalar()
        if batch_key is None:
            outbox.done(unit, jobs.RUN_BATCH_CHUNK, chunk_key)
        else:
            _finish_of(unit, locked(unit, batch_key), chunk_key)
        unit.commit()


def _finish_of(unit: Unit, row: Row[Any], chunk_key: int) -> None:
    is_active = row.state == words.ACTIVE
    if is_active and has_open(unit, _item.c.chunk_key == chunk_key):
        return
    is_first = outbox.done(unit, jobs.RUN_BATCH_CHUNK, chunk_key)
    if not is_active:
        return
    if not complete_if_done(unit, row) and is_first:
        # Only one of two deliveries goes on, or there were ever more chunks on the way.
        chunks.go_on(unit, row.key, row.sent_until)
