"""The row of a batch operation: locked, changed, told of in the history."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from service.domain import batch_operations as words
from service.domain.errors import NotFoundError
from service.identity import Person
from service.persistence.people import person as person_of
from service.persistence.tables import batch_operations as tables
from service.persistence.unit import Unit
from service.usecases.transaction import SYSTEM


def creator(connection: Connection, username: str) -> Person | None:
    """Return in whose name a batch operation acts; None when he is known no more. The house always is."""
    return SYSTEM if username == SYSTEM.username else person_of(connection, username)


def locked(unit: Unit, key: int) -> Row[Any]:
    """Lock a batch operation and return its row.

    Raises:
        NotFoundError: There is none.
    """
    table = tables.batch_operations
    query = select(table).where(table.c.key == key).with_for_update()
    row = unit.connection.execute(query).one_or_none()
    if row is None:
        raise unknown(key)
    return row


def change(unit: Unit, key: int, **values: Any) -> None:
    """Change columns of a batch operation."""
    table = tables.batch_operations
    unit.connection.execute(update(table).where(table.c.key == key).values(**values))


def cancel_open(unit: Unit, key: int) -> None:
    """Cancel the items of a batch operation that are not done."""
    item = tables.batch_operation_items
    unit.connection.execute(
        update(item)
        .where(item.c.batch_key == key, item.c.state == words.ACTIVE)
        .values(state=words.CANCELED, processed_at=unit.now)
    )


def has_open(unit: Unit, which: ColumnElement[bool]) -> bool:
    """Return whether any of some items is still to be done."""
    item = tables.batch_operation_items
    query = select(item.c.key).where(which, item.c.state == words.ACTIVE)
    return unit.connection.execute(query.limit(1)).first() is not None


def complete_if_done(unit: Unit, row: Row[Any]) -> bool:
    """Say that a batch operation at work is done, if no item is left; return whether that is so."""
    if has_open(unit, tables.batch_operation_items.c.batch_key == row.key):
        return False
    change(unit, row.key, state=words.COMPLETED, ended_at=unit.now)
    record(unit, row.key, row.kind, "operation.completed", SYSTEM.username)
    return True


def record(unit: Unit, key: int, operation: str, kind: str, who: str) -> None:
    """Append to the history what became of a batch operation."""
    unit.record(kind, who=who, detail={"batch_key": str(key), "kind": operation})


def unknown(key: int) -> NotFoundError:
    """Return the refusal for a batch operation that is not there, or is over."""
    return NotFoundError(
        f"Expected to find a running batch operation with key '{key}', but there is none.", key=key
    )
