"""What people do with a batch operation: create it, suspend, resume and cancel it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, insert

from service.domain import batch_operations as words
from service.domain import jobs
from service.domain.errors import WrongStateError
from service.identity import Person, policy
from service.persistence.tables import batch_operations as tables
from service.persistence.unit import Unit
from service.usecases.attempts import Attempt, told
from service.usecases.batch_operations import chunks
from service.usecases.batch_operations.rows import (
    cancel_open,
    change,
    complete_if_done,
    locked,
    record,
    unknown,
)
from service.usecases.house import House


@dataclass(frozen=True)
class CreateBatch:
    """What to do to which things.

    Attributes:
        kind: `CANCEL`, `MIGRATE` … of `domain.batch_operations`.
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
    record(unit, key, command.kind, "operation.created", person.username)
    return key


def cancel(house: House, person: Person, key: int) -> None:
    """Stop a batch operation for good; what is done stays done.

    Raises:
        NotFoundError: There is none, or it is over.
        NotAllowedError: He is no operator.
    """
    attempt = Attempt("BATCH", "CANCEL", key)
    with told(house, person, attempt), house.database.unit(house.outside) as unit:
        row = _operable(unit, person, key, words.RUNNING)
        cancel_open(unit, key)
        change(unit, key, state=words.CANCELED, ended_at=unit.now)
        record(unit, key, row.kind, "operation.canceled", person.username)
        unit.commit()


def suspend(house: House, person: Person, key: int) -> None:
    """Stop a batch operation until it is resumed.

    Raises:
        NotFoundError, NotAllowedError: As `cancel`.
        WrongStateError: It is suspended already, or has failed.
    """
    attempt = Attempt("BATCH", "SUSPEND", key)
    with told(house, person, attempt), house.database.unit(house.outside) as unit:
        row = _operable(unit, person, key, (words.CREATED, words.ACTIVE))
        change(unit, key, state=words.SUSPENDED)
        record(unit, key, row.kind, "operation.suspended", person.username)
        unit.commit()


def resume(house: House, person: Person, key: int) -> None:
    """Let a suspended batch operation go on.

    Raises:
        NotFoundError, NotAllowedError: As `cancel`.
        WrongStateError: It is not suspended.
    """
    attempt = Attempt("BATCH", "RESUME", key)
    with told(house, person, attempt), house.database.unit(house.outside) as unit:
        row = _operable(unit, person, key, (words.SUSPENDED,))
        if row.started_at is None:
            change(unit, key, state=words.CREATED)
            unit.send(jobs.PREPARE_BATCH, key, effect=str(unit.new_key()))
        else:
            change(unit, key, state=words.ACTIVE)
            chunks.begin(unit, key)
        record(unit, key, row.kind, "operation.resumed", person.username)
        if row.started_at is not None:
            complete_if_done(unit, row)
        unit.commit()


def _operable(unit: Unit, person: Person, key: int, states: Sequence[str]) -> Row[Any]:
    policy.may_operate(person).require()
    row = locked(unit, key)
    # What has failed is there, but not to be cancelled (Camunda 8: LifecycleBatchOperationTest).
    is_there = row.state in words.RUNNING or (row.state == words.FAILED and states != words.RUNNING)
    if not is_there:
        raise unknown(key)
    if row.state not in states:
        raise WrongStateError(
            f"Expected batch operation '{key}' to be {' or '.join(states)}, but it is {row.state}.",
            reason="batch_state",
            key=key,
            state=row.state,
        )
    return row
