"""Deletion of what was deployed: nothing new begins with it, what runs goes on, its history goes on request.

A deleted definition keeps its row: its version is never given again, and what it left behind can be read.
When the latest version goes, the newest one that is left is the latest again and listens for what starts it.

Source: Camunda 8, resource deletion; docs/decisions/0024.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Row, Table, select, update

from service.domain import batch_operations as words
from service.domain.errors import NotFoundError, WrongStateError
from service.identity import Person, policy
from service.persistence.locks import hold
from service.persistence.people import person as person_of
from service.persistence.tables import definitions, instances
from service.persistence.unit import Unit
from service.usecases import starts
from service.usecases.batch_operations.control import CreateBatch, enter
from service.usecases.definition_events import record_deleted
from service.usecases.execution.execution import Execution
from service.usecases.execution.running import LIVE_STATES
from service.usecases.house import House
from service.usecases.transaction import SYSTEM, transact

_process, _requirements = definitions.process_definitions, definitions.decision_requirements
_decision = definitions.decision_definitions

IN_USE, DRAINING, DELETED = "ACTIVE", "DRAINING", "DELETED"


@dataclass(frozen=True)
class _Kind:
    """A kind of deployed thing.

    Attributes:
        id_column: What its versions have in common.
        history: The batch operation that deletes what it left behind and the filter that finds it; None
            of what leaves nothing behind.
    """

    table: Table
    id_column: str
    permission: str
    history: tuple[str, str] | None = None


_PROCESS = _Kind(_process, "process_id", "DELETE_PROCESS", (words.DELETE, "processDefinitionKey"))
_REQUIREMENTS = _Kind(
    _requirements,
    "requirements_id",
    "DELETE_DRD",
    (words.DELETE_DECISION, "decisionRequirementsKey"),
)
_KINDS = (
    _PROCESS,
    _REQUIREMENTS,
    _Kind(definitions.forms, "form_id", "DELETE_FORM"),
    _Kind(definitions.generic_resources, "resource_id", "DELETE_RESOURCE"),
)
_DECISION = _Kind(_decision, "decision_id", "DELETE_DRD")
"""Decisions are deleted with their requirements only."""


@dataclass(frozen=True)
class ResourceDeleted:
    """A resource was deleted.

    Attributes:
        batch_key: The batch operation that deletes its history, when one was begun at once.
        batch_kind: Its kind.
    """

    key: int
    batch_key: int | None = None
    batch_kind: str | None = None


def delete_resource(
    house: House, person: Person, key: int, *, purges_history: bool = False
) -> ResourceDeleted:
    """Delete a process, decision requirements with their decisions, a form or another file.

    Args:
        house: The house.
        person: Who does it.
        key: Of that version.
        purges_history: Whether what ended with it goes, too: of a process once nothing of it runs any
            more, of decisions at once. Of forms and other files nothing is kept that could go.

    Raises:
        NotFoundError: Nothing of that key, or deleted already.
        NotAllowedError: He may not delete such a thing, or not its history.
        WrongStateError: It is a process that was deleted while instances of it ran, and some still do.
    """

    def work(execution: Execution) -> ResourceDeleted:
        hold(execution.unit.connection, "deployments")
        kind, row = _find(execution.unit, key)
        policy.may_delete_resource(person, kind.permission).require()
        purges = purges_history and kind.history is not None
        if purges:
            policy.may_operate(person).require()
        if row.state == DRAINING:
            _require_drained(execution.unit, key)
            _finish(execution, key)
        if row.state != IN_USE and not purges:
            raise _unknown(key)
        if row.state == IN_USE:
            record_deleted(
                execution.unit, person.username, kind.table, row._asdict(), has_history=purges
            )
            if kind is _PROCESS:
                _delete_process(execution, row, purges)
                return ResourceDeleted(key)
            _delete(execution, kind, row, purges)
        return _purge(execution, kind, key) if purges else ResourceDeleted(key)

    return transact(house, person, work)


def finish_draining(house: House) -> None:
    """Mark the processes as deleted of which nothing runs any more, and have the history deleted as asked."""
    with house.database.reading() as connection:
        query = select(_process.c.key).where(_process.c.state == DRAINING)
        keys = connection.execute(query).scalars().all()
    for key in keys:
        transact(house, SYSTEM, partial(_finish, key=key))


def _finish(execution: Execution, key: int) -> None:
    unit = execution.unit
    hold(unit.connection, "deployments")
    _kind, row = _find(unit, key)
    if row.state != DRAINING or _is_running(unit, key):
        return
    _change(unit, _process, key, state=DELETED)
    if row.purged_by is not None:
        # Who asked may be gone; then the house does what he was allowed to.
        who = person_of(unit.connection, row.purged_by) or SYSTEM
        enter(unit, who, _history_of(_PROCESS, key))


def _find(unit: Unit, key: int) -> tuple[_Kind, Row[Any]]:
    for kind in _KINDS:
        query = select(kind.table).where(kind.table.c.key == key)
        row = unit.connection.execute(query).one_or_none()
        if row is not None:
            return kind, row
    raise _unknown(key)


def _require_drained(unit: Unit, key: int) -> None:
    """Refuse to delete what is being deleted.

    Raises:
        WrongStateError: Instances of the process still run.

    Source: Camunda 8.10 (a second deletion of a draining definition is `INVALID_STATE`).
    """
    if _is_running(unit, key):
        raise WrongStateError(
            f"Expected to delete the process definition '{key}', but it is being deleted: "
            "instances of it still run.",
            key=key,
            state=DRAINING,
        )


def _delete_process(execution: Execution, row: Row[Any], purges: bool) -> None:
    """Delete a version of a process, or let it run dry."""
    unit = execution.unit
    is_running = _is_running(unit, row.key)
    _retire(unit, _PROCESS, row)
    if row.is_latest:
        _listen(execution, row.process_id)
    purged_by = execution.who.username if purges else None
    state = DRAINING if is_running else DELETED
    _change(unit, _process, row.key, state=state, purged_by=purged_by)
    if purges and not is_running:
        enter(unit, execution.who, _history_of(_PROCESS, row.key))


def _listen(execution: Execution, process_id: str) -> None:
    """Let the version that is the latest now listen for what starts it; when there is none, nobody."""
    latest = select(_process.c.key).where(_process.c.process_id == process_id, _process.c.is_latest)
    key = execution.unit.connection.execute(latest).scalar_one_or_none()
    if key is None:
        starts.close(execution.unit, process_id)
    else:
        starts.listen(execution, key)


def _delete(execution: Execution, kind: _Kind, row: Row[Any], purges: bool) -> None:
    """Delete what nothing runs on; the decisions of decision requirements go with them."""
    unit, who = execution.unit, execution.who.username
    _retire(unit, kind, row)
    if kind is not _REQUIREMENTS:
        return
    query = select(_decision).where(_decision.c.requirements_key == row.key)
    for decision in unit.connection.execute(query).all():
        _retire(unit, _DECISION, decision)
        record_deleted(unit, who, _decision, decision._asdict(), has_history=purges)


def _purge(execution: Execution, kind: _Kind, key: int) -> ResourceDeleted:
    """Have the history deleted of what is deleted itself."""
    _change(execution.unit, kind.table, key, purged_by=execution.who.username)
    command = _history_of(kind, key)
    return ResourceDeleted(key, enter(execution.unit, execution.who, command), command.kind)


def _history_of(kind: _Kind, key: int) -> CreateBatch:
    assert kind.history is not None
    operation, field = kind.history
    return CreateBatch(operation, {field: str(key)})


def _retire(unit: Unit, kind: _Kind, row: Row[Any]) -> None:
    """Take a version out of use; if it was the latest, the newest one left is."""
    table = kind.table
    _change(unit, table, row.key, state=DELETED, is_latest=False)
    if not row.is_latest:
        return
    is_left = (table.c[kind.id_column] == row._mapping[kind.id_column]) & (table.c.state == IN_USE)
    newest = select(table.c.key).where(is_left).order_by(table.c.version.desc()).limit(1)
    key = unit.connection.execute(newest).scalar_one_or_none()
    if key is not None:
        _change(unit, table, key, is_latest=True)


def _change(unit: Unit, table: Table, key: int, **values: Any) -> None:
    unit.connection.execute(update(table).where(table.c.key == key).values(**values))


def _is_running(unit: Unit, key: int) -> bool:
    table = instances.process_instances
    query = select(table.c.key).where(table.c.process_key == key, table.c.state.in_(LIVE_STATES))
    return unit.connection.execute(query.limit(1)).first() is not None


def _unknown(key: int) -> NotFoundError:
    return NotFoundError(
        f"Expected to find a resource with key '{key}', but there is none.", key=key
    )
