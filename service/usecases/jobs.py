"""Jobs for workers outside: lease, complete, fail, throw an error, change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select
from sqlalchemy import update as sql_update

from service import engine
from service.domain.errors import BadInputError, NotFoundError, WrongStateError
from service.engine.values import IncidentRaised
from service.identity import Person, policy
from service.persistence.scopes import live_scopes_of, seen_from
from service.persistence.tables import instances
from service.persistence.unit import Unit
from service.usecases.execution.execution import Execution
from service.usecases.execution.writing import raise_incidents
from service.usecases.house import House
from service.usecases.transaction import transact

OPEN_STATES = ("CREATED", "ACTIVATED", "FAILED", "TIMED_OUT", "RETRIES_UPDATED")
MAX_ACTIVATED = 1000


@dataclass(frozen=True)
class ActivateJobs:
    """What a worker asks for.

    Attributes:
        timeout: How long it may hold the jobs; afterwards another worker gets them.
        fetch_variables: Names of the variables it wants; None: all that the element sees.
    """

    type: str
    worker: str
    timeout: timedelta
    max_jobs: int
    fetch_variables: tuple[str, ...] | None = None


@dataclass(frozen=True)
class ActivatedJob:
    """A job in a worker's hand until `deadline_at`."""

    key: int
    type: str
    process_id: str
    process_key: int
    version: int
    instance_key: int
    root_key: int
    element_id: str
    element_instance_key: int
    headers: Mapping[str, str]
    worker: str
    retries: int
    deadline_at: datetime
    variables: Mapping[str, Any]
    kind: str
    listener_event_type: str
    priority: int
    business_id: str | None
    tags: tuple[str, ...]


def activate(house: House, person: Person, command: ActivateJobs) -> tuple[ActivatedJob, ...]:
    """Lease waiting jobs of a type to a worker: higher priority first, then older. One look, no waiting.

    Raises:
        NotAllowedError: He is no operator.
        BadInputError: Type or worker empty, timeout or number not positive.
    """
    if not command.type or command.max_jobs < 1 or command.timeout <= timedelta(0):
        raise BadInputError(
            "Expected 'type' to be a text, 'maxJobsToActivate' and 'timeout' to be above 0."
        )

    def work(execution: Execution) -> tuple[ActivatedJob, ...]:
        policy.may_operate(person).require()
        unit = execution.unit
        return _activated(unit, _lease(unit, command), command)

    return transact(house, person, work)


def complete(house: House, person: Person, job_key: int, variables: Mapping[str, Any]) -> None:
    """Finish a job with its result variables and run the process on.

    Raises:
        NotFoundError: No such job, or it is over.
        NotAllowedError: He is no operator.
        WrongStateError: It failed and waits for its incident to be resolved.
    """

    def work(execution: Execution) -> None:
        policy.may_operate(person).require()
        row = _workable(execution, job_key)
        instance = execution.load(row.instance_key)
        _end(execution.unit, job_key, "COMPLETED")
        execution.step(
            instance,
            lambda process, value, around: engine.complete_job(
                process, value, row.element_instance_key, variables, around
            ),
        )
        _record(execution, row, "job.completed", after=dict(variables))

    transact(house, person, work)


def fail(
    house: House,
    person: Person,
    job_key: int,
    retries: int = 0,
    message: str = "",
    back_off: timedelta = timedelta(0),
    variables: Mapping[str, Any] | None = None,
) -> None:
    """Give a job back as failed: another try after `back_off`, or, with no retries left, an incident.

    Raises:
        NotFoundError, NotAllowedError, WrongStateError: As `complete`.
    """

    def work(execution: Execution) -> None:
        policy.may_operate(person).require()
        row = _workable(execution, job_key)
        instance = execution.load(row.instance_key)
        unit = execution.unit
        unit.connection.execute(
            sql_update(instances.jobs)
            .where(instances.jobs.c.key == job_key)
            .values(
                state="FAILED",
                retries=max(retries, 0),
                error_message=message,
                available_at=unit.now + back_off,
                deadline_at=None,
                updated_at=unit.now,
            )
        )
        if variables:
            execution.step(
                instance,
                lambda process, value, around: engine.set_variables(
                    process, value, row.element_instance_key, variables, True, around
                ),
            )
        if retries <= 0:
            raise_incidents(
                unit,
                instance,
                [
                    IncidentRaised(
                        row.element_instance_key,
                        row.element_id,
                        "JOB_NO_RETRIES",
                        message or "No more retries left.",
                    )
                ],
                job_key,
            )
            execution.mark_changed(instance)
        _record(execution, row, "job.failed", detail={"message": message, "retries": retries})

    transact(house, person, work)


def throw_error(
    house: House,
    person: Person,
    job_key: int,
    code: str,
    message: str = "",
    variables: Mapping[str, Any] | None = None,
) -> None:
    """Throw a BPMN error from a job; the nearest catch takes it, without one an incident is raised.

    Raises:
        NotFoundError, NotAllowedError, WrongStateError: As `complete`.
        BadInputError: `code` is empty.
    """
    if not code:
        raise BadInputError("Expected 'errorCode' to be a text, but it is empty.")

    def work(execution: Execution) -> None:
        policy.may_operate(person).require()
        row = _workable(execution, job_key)
        instance = execution.load(row.instance_key)
        try:
            execution.step(
                instance,
                lambda process, value, around: engine.throw_error(
                    process, value, row.element_instance_key, code, message, variables or {}, around
                ),
            )
        except engine.UncaughtError as uncaught:
            _set(execution.unit, job_key, state="ERROR_THROWN", error_code=code)
            raise_incidents(
                execution.unit,
                instance,
                [
                    IncidentRaised(
                        row.element_instance_key,
                        row.element_id,
                        "UNHANDLED_ERROR_EVENT",
                        uncaught.detail,
                    )
                ],
                job_key,
            )
            execution.mark_changed(instance)
        else:
            _end(execution.unit, job_key, "ERROR_THROWN")
            _set(execution.unit, job_key, error_code=code, error_message=message)
        _record(execution, row, "job.error_thrown", detail={"code": code, "message": message})

    transact(house, person, work)


def update(
    house: House,
    person: Person,
    job_key: int,
    retries: int | None = None,
    timeout: timedelta | None = None,
    priority: int | None = None,
) -> None:
    """Change retries (at least 1), the lease (from now) or the priority of a job that is not over.

    A job whose incident waits gets its retries back here; it is leased again after the incident is resolved.

    Raises:
        NotFoundError, NotAllowedError: As `complete`.
        BadInputError: Nothing to change, or retries below 1.
        WrongStateError: A timeout for a job nobody holds.
    """
    if retries is None and timeout is None and priority is None:
        raise BadInputError("Expected at least one of 'retries', 'timeout' and 'priority'.")
    if retries is not None and retries < 1:
        raise BadInputError(f"Expected 'retries' to be at least 1, but got {retries}.")

    def work(execution: Execution) -> None:
        policy.may_operate(person).require()
        row = _open(execution.unit.connection, job_key)
        changes: dict[str, Any] = {}
        if retries is not None:
            changes["retries"] = retries
            if row.state == "FAILED" and row.retries <= 0:
                changes["state"] = "RETRIES_UPDATED"
        if priority is not None:
            changes["priority"] = priority
        if timeout is not None:
            if row.state != "ACTIVATED":
                raise WrongStateError(
                    f"Expected job '{job_key}' to be activated, but it is {row.state}."
                )
            changes["deadline_at"] = execution.unit.now + timeout
        _set(execution.unit, job_key, **changes)
        _record(execution, row, "job.updated", detail={name: str(v) for name, v in changes.items()})

    transact(house, person, work)


def _lease(unit: Unit, command: ActivateJobs) -> list[Row[Any]]:
    table = instances.jobs
    free = and_(table.c.state.in_(("CREATED", "FAILED")), table.c.available_at <= unit.now)
    expired = and_(table.c.state == "ACTIVATED", table.c.deadline_at <= unit.now)
    rows = unit.connection.execute(
        select(table)
        .where(table.c.type == command.type, table.c.retries > 0, or_(free, expired))
        .order_by(table.c.priority.desc(), table.c.key)
        .limit(min(command.max_jobs, MAX_ACTIVATED))
        .with_for_update(skip_locked=True)
    ).all()
    keys = [row.key for row in rows]
    if keys:
        unit.connection.execute(
            sql_update(table)
            .where(table.c.key.in_(keys))
            .values(
                state="ACTIVATED",
                worker=command.worker,
                deadline_at=unit.now + command.timeout,
                updated_at=unit.now,
            )
        )
    return list(rows)


def _activated(
    unit: Unit, rows: Sequence[Row[Any]], command: ActivateJobs
) -> tuple[ActivatedJob, ...]:
    """Return leased jobs with what a worker must know; instances and variables are read together."""
    table = instances.process_instances
    keys = {row.instance_key for row in rows}
    found = unit.connection.execute(select(table).where(table.c.key.in_(keys)))
    instance_by_key = {instance.key: instance for instance in found}
    scopes_by_key = live_scopes_of(unit.connection, keys)
    return tuple(
        _in_hand(
            unit,
            row,
            command,
            instance_by_key[row.instance_key],
            seen_from(
                unit.connection,
                row.instance_key,
                row.element_instance_key,
                scopes_by_key[row.instance_key],
            ),
        )
        for row in rows
    )


def _in_hand(
    unit: Unit,
    row: Row[Any],
    command: ActivateJobs,
    instance: Row[Any],
    variables: Mapping[str, Any],
) -> ActivatedJob:
    wanted = command.fetch_variables
    return ActivatedJob(
        key=row.key,
        type=row.type,
        process_id=instance.process_id,
        process_key=instance.process_key,
        version=instance.version,
        instance_key=row.instance_key,
        root_key=instance.root_key,
        element_id=row.element_id,
        element_instance_key=row.element_instance_key,
        headers=row.headers,
        worker=command.worker,
        retries=row.retries,
        deadline_at=unit.now + command.timeout,
        variables={n: v for n, v in variables.items() if wanted is None or n in wanted},
        kind=row.kind,
        listener_event_type=row.listener_event_type,
        priority=row.priority,
        business_id=instance.business_id,
        tags=tuple(instance.tags),
    )


def _open(connection: Connection, job_key: int) -> Row[Any]:
    table = instances.jobs
    row = connection.execute(select(table).where(table.c.key == job_key)).one_or_none()
    if row is None or row.ended_at is not None:
        raise NotFoundError(
            f"Expected to find a job with key '{job_key}', but there is none.", key=job_key
        )
    return row


def _workable(execution: Execution, job_key: int) -> Row[Any]:
    """Return the job's row after its instance was locked; it may be completed, failed or thrown from."""
    connection = execution.unit.connection
    row = _open(connection, job_key)
    execution.load(row.instance_key)
    row = _open(connection, job_key)
    if row.state not in ("CREATED", "ACTIVATED") and row.retries <= 0:
        raise WrongStateError(
            f"Expected job '{job_key}' to be activatable or activated, but it is {row.state}.",
            key=job_key,
            state=row.state,
        )
    if row.state in ("ERROR_THROWN", "RETRIES_UPDATED"):
        raise WrongStateError(
            f"Expected job '{job_key}' to be activatable or activated, but it is {row.state}.",
            key=job_key,
            state=row.state,
        )
    return row


def _end(unit: Unit, job_key: int, state: str) -> None:
    _set(unit, job_key, state=state, ended_at=unit.now)


def _set(unit: Unit, job_key: int, **values: Any) -> None:
    table = instances.jobs
    unit.connection.execute(
        sql_update(table).where(table.c.key == job_key).values(updated_at=unit.now, **values)
    )


def _record(
    execution: Execution,
    row: Row[Any],
    kind: str,
    after: Any = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    instance = execution.load(row.instance_key)
    execution.unit.record(
        kind,
        instance_key=instance.key,
        root_key=instance.root_key,
        case_key=instance.case_key,
        element_id=row.element_id,
        who=execution.who.username,
        after=after,
        detail={"job_key": str(row.key), "type": row.type, **(detail or {})},
    )
