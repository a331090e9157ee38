"""Commands that were refused for the state of what they were meant for: the history keeps them, too.

What was written is rolled back with the command; that somebody tried stays. What he may not do, or what is
not there, is not told: it would be a list of guesses.

Source: Camunda 8's audit log (`AuditLogTransformerConfigs`: rejections of the type `INVALID_STATE`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select

from service.domain.errors import WrongStateError
from service.identity import Person
from service.persistence.tables import batch_operations, instances, tasks
from service.persistence.unit import Unit
from service.usecases.house import House

REFUSED = "command.refused"
"""The kind of the event; its detail has `entity`, `operation`, and the keys of what it was meant for."""

_TABLES: dict[str, Table] = {
    "BATCH": batch_operations.batch_operations,
    "INCIDENT": instances.incidents,
    "PROCESS_INSTANCE": instances.process_instances,
    "USER_TASK": tasks.user_tasks,
}
_KEY_NAMES = {"BATCH": "batch_key", "INCIDENT": "incident_key", "USER_TASK": "task_key"}


@dataclass(frozen=True)
class Attempt:
    """What somebody wanted.

    Attributes:
        entity: `BATCH`, `INCIDENT`, `PROCESS_INSTANCE` or `USER_TASK`.
        operation: As the audit log calls it: `COMPLETE`, `CANCEL`, ….
        key: Of the entity.
        batch_key: The batch operation of which it is an item, or None.
    """

    entity: str
    operation: str
    key: int
    batch_key: int | None = None


@contextmanager
def told(house: House, person: Person, attempt: Attempt) -> Iterator[None]:
    """Let a command run; when the state of its object forbids it, write down that it was tried.

    Raises:
        WrongStateError: As the command.
    """
    try:
        yield
    except WrongStateError:
        keep(house, person, attempt)
        raise


def keep(house: House, person: Person, attempt: Attempt) -> None:
    """Write down, in a transaction of its own, what somebody tried in vain."""
    with house.database.unit(house.outside) as unit:
        unit.batch_key = attempt.batch_key
        _append(unit, person, attempt)
        unit.commit()


def _append(unit: Unit, person: Person, attempt: Attempt) -> None:
    table = _TABLES[attempt.entity]
    row = unit.connection.execute(select(table).where(table.c.key == attempt.key)).one_or_none()
    known: dict[str, Any] = {} if row is None else dict(row._mapping)
    is_instance = attempt.entity == "PROCESS_INSTANCE"
    detail = {"entity": attempt.entity, "operation": attempt.operation}
    if not is_instance:
        detail[_KEY_NAMES[attempt.entity]] = str(attempt.key)
    if known.get("element_instance_key"):
        detail["element_instance_key"] = str(known["element_instance_key"])
    unit.record(
        REFUSED,
        instance_key=attempt.key if is_instance else known.get("instance_key"),
        root_key=known.get("root_key"),
        case_key=known.get("case_key"),
        element_id=known.get("element_id"),
        who=person.username,
        detail=detail,
    )
