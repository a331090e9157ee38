"""The life of a batch operation: created, filled with items, suspended, resumed, cancelled, completed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, insert, select, update

from service.domain import batch_operations as words
from service.domain import jobs
from service.domain.batch_operations import BatchItem
from service.domain.errors import BadInputError, NotFoundError
from service.identity import Person, policy
from service.persistence.people import person as person_of
from service.persistence.tables import batch_operations as tables
from service.persistence.unit import Unit
from service.usecases import outbox
from service.usecases.house import House

CHUNK = 100
"""Items that one background job works off, one transaction each."""


@dataclass(frozen=True)
class CreateBatch:
    """What to do to which things.

    Attributes:
        kind: One of `domain.batch_operations.KINDS`.
        filter: A search filter of the API that picks the items, evaluated later by a worker.
        plan: What the kind needs beside: see `items`.
    """

    kind: str
    filter: Mapping[str, Any]
    plan: Mapping[str, Any] = field(default_factory=dict)


def create(house: House, person: Person, command: CreateBatch) -> int:
    """Create a batch operation and return its key; a worker fills it and works it off.

    Raises:
        NotAllowedError: He is no operator.
    """
    policy.may_operate(person).require()
    with house.database.unit(house.outside) as unit:
        key = enter(unit, person, command)
        unit.commit()
    return key


def enter(unit: Unit, person: Person, command: CreateBatch) -> int:
    """Create a batch operation inside a transaction and return its key."""
    key = unit.new_key()
    unit.connection.execute(
        insert(tables.batch_operations).values(
            key=key,
            kind=command.kind,
            state=words.CREATED,
            created_at=unit.now,
            created_by=person.username,
            is_by_program=person.is_program,
            filter=dict(command.filter),
            plan=dict(command.plan),
        )
    )
    unit.send(jobs.PREPARE_BATCH, key)
    _record(unit, key, command.kind, "operation.created", person.username)
    return key


@dataclass(frozen=True)
class Wanted:
    """What a batch operation asks for whose items are not found yet."""

    kind: str
    filter: Mapping[str, Any]
    who: Person | None


def wanted(house: House, key: int) -> Wanted | None:
    """Return what a batch operation asks for; None when its items were found, or it is over."""
    table = tables.batch_operations
    with house.database.reading() as connection:
        query = select(table).where(table.c.key == key, table.c.state == words.CREATED)
        row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return Wanted(row.kind, row.filter, person_of(connection, row.created_by))


def end_preparation(house: House, key: int) -> None:
    """Say that there is nothing to find for a batch operation any more."""
    with house.database.unit(house.outside) as unit:
        outbox.done(unit, jobs.PREPARE_BATCH, key)
        unit.commit()


def fill(house: House, key: int, items: Sequence[BatchItem]) -> None:
    """Give a batch operation the items that its filter found, and have them worked off.

    A second delivery finds it filled and changes nothing.
    """
    with house.database.unit(house.outside) as unit:
        row = locked(unit, key)
        if row.state == words.CREATED:
            _insert(unit, key, items)
            ended = {} if items else {"state": words.COMPLETED, "ended_at": unit.now}
            change(unit, key, **{"state": words.ACTIVE, "started_at": unit.now, **ended})
        outbox.done(unit, jobs.PREPARE_BATCH, key)
        unit.commit()


def fail(house: House, key: int, failure: str) -> None:
    """Say that the items of a batch operation could not be found."""
    with house.database.unit(house.outside) as unit:
        if locked(unit, key).state == words.CREATED:
            change(unit, key, state=words.FAILED, ended_at=unit.now, failure=failure)
        outbox.done(unit, jobs.PREPARE_BATCH, key)
        unit.commit()


def cancel(house: House, person: Person, key: int) -> None:
    """Stop a batch operation for good; what is done stays done.

    Raises:
        NotFoundError: There is none, or it is over.
        NotAllowedError: He is no operator.
    """
    with house.database.unit(house.outside) as unit:
        row = _operable(unit, person, key, words.RUNNING)
        item = tables.batch_operation_items
        unit.connection.execute(
            update(item)
            .where(item.c.batch_key == key, item.c.state == words.ACTIVE)
            .values(state=words.CANCELED, processed_at=unit.now)
        )
        change(unit, key, state=words.CANCELED, ended_at=unit.now)
        _record(unit, key, row.kind, "operation.canceled", person.username)
        unit.commit()


def suspend(house: House, person: Person, key: int) -> None:
    """Stop a batch operation until it is resumed.

    Raises:
        NotFoundError, NotAllowedError: As `cancel`.
        BadInputError: It is suspended already.
    """
    with house.database.unit(house.outside) as unit:
        row = _operable(unit, person, key, (words.CREATED, words.ACTIVE))
        change(unit, key, state=words.SUSPENDED)
        _record(unit, key, row.kind, "operation.suspended", person.username)
        unit.commit()


def resume(house: House, person: Person, key: int) -> None:
    """Let a suspended batch operation go on.

    Raises:
        NotFoundError, NotAllowedError: As `cancel`.
        BadInputError: It is not suspended.
    """
    with house.database.unit(house.outside) as unit:
        row = _operable(unit, person, key, (words.SUSPENDED,))
        effect = str(unit.new_key())
        if row.started_at is None:
            change(unit, key, state=words.CREATED)
            unit.send(jobs.PREPARE_BATCH, key, effect=effect)
        else:
            change(unit, key, state=words.ACTIVE)
            item = tables.batch_operation_items
            is_open = (item.c.batch_key == key) & (item.c.state == words.ACTIVE)
            chunks = unit.connection.execute(select(item.c.chunk_key).where(is_open).distinct())
            for chunk_key in sorted(chunks.scalars()):
                unit.send(jobs.RUN_BATCH_CHUNK, chunk_key, effect=effect)
        _record(unit, key, row.kind, "operation.resumed", person.username)
        unit.commit()


def locked(unit: Unit, key: int) -> Row[Any]:
    """Lock a batch operation and return its row.

    Raises:
        NotFoundError: There is none.
    """
    table = tables.batch_operations
    query = select(table).where(table.c.key == key).with_for_update()
    row = unit.connection.execute(query).one_or_none()
    if row is None:
        raise _unknown(key)
    return row


def change(unit: Unit, key: int, **values: Any) -> None:
    """Change columns of a batch operation."""
    table = tables.batch_operations
    unit.connection.execute(update(table).where(table.c.key == key).values(**values))


def _operable(unit: Unit, person: Person, key: int, states: Sequence[str]) -> Row[Any]:
    policy.may_operate(person).require()
    row = locked(unit, key)
    if row.state not in words.RUNNING:
        raise _unknown(key)
    if row.state not in states:
        raise BadInputError(
            f"Expected batch operation '{key}' to be {' or '.join(states)}, but it is {row.state}.",
            reason="batch_state",
            key=key,
            state=row.state,
        )
    return row


def _unknown(key: int) -> NotFoundError:
    return NotFoundError(
        f"Expected to find a running batch operation with key '{key}', but there is none.", key=key
    )


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
        unit.send(jobs.RUN_BATCH_CHUNK, keys[0])


def _record(unit: Unit, key: int, operation: str, kind: str, who: str) -> None:
    unit.record(kind, who=who, detail={"batch_key": str(key), "kind": operation})
