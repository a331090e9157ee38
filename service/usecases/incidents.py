"""Incidents: try again what could not go on."""

from typing import Any

from sqlalchemy import Row, select, update

from service import engine
from service.domain.errors import NotFoundError, WrongStateError
from service.identity import Person, policy
from service.persistence.tables import instances
from service.usecases.attempts import Attempt
from service.usecases.execution.execution import Execution
from service.usecases.execution.stored_jobs import opened_again
from service.usecases.execution.writing import HOUSE_JOB_PREFIX
from service.usecases.house import House
from service.usecases.transaction import transact


def resolve(house: House, person: Person, key: int) -> int | None:
    """Mark the incident as resolved and repeat the failed step.

    Returns:
        The key of the new incident when the step failed again; None when it really passed. (The job of
        a worker outside has then been made available again; nobody knows yet what becomes of it.)

    Raises:
        NotFoundError: No such incident, or it is resolved.
        NotAllowedError: He may not operate.
        WrongStateError: Its job has no retries left (give it some first), or its instance is suspended.
    """
    attempt = Attempt("INCIDENT", "RESOLVE", key)
    return transact(house, person, lambda execution: resolve_incident(execution, key), attempt)


def retry(house: House, person: Person, key: int) -> int | None:
    """Resolve as `resolve`, and give a job that has no retries left one more: who presses 重试 means that.

    Raises:
        NotFoundError, NotAllowedError, WrongStateError: As `resolve`.

    Source: Camunda 8 (Operate's retry of an incident is a batch of one).
    """
    attempt = Attempt("INCIDENT", "RESOLVE", key)
    return transact(
        house, person, lambda execution: resolve_incident(execution, key, gives_retry=True), attempt
    )


def resolve_incident(execution: Execution, key: int, *, gives_retry: bool = False) -> int | None:
    """Resolve an incident inside a transaction; answer and errors as `resolve`.

    Args:
        execution: The transaction.
        key: The incident.
        gives_retry: Give a job that has no retries left one more.

    Source: Camunda 8 (a batch that resolves incidents gives failed jobs a retry).
    """
    policy.may_update_instances(execution.who).require()
    row = _active(execution, key)
    instance = execution.load(row.instance_key)
    row = _active(execution, key)
    job = _job(execution, row)
    if job is not None and not _is_house_job(job) and job.retries <= 0:
        if not gives_retry:
            raise WrongStateError(
                f"Expected job '{job.key}' to have retries left, but it has none; update it first.",
                reason="no_retries",
                key=job.key,
            )
        _set_job(execution, job, retries=1)
    execution.end_incidents(instance, [row.element_instance_key])
    execution.unit.record(
        "incident.resolved",
        instance_key=instance.key,
        root_key=instance.root_key,
        case_key=instance.case_key,
        element_id=row.element_id,
        who=execution.who.username,
        detail={
            "incident_key": str(key),
            "error_type": row.error_type,
            "element_instance_key": str(row.element_instance_key),
            **({} if job is None else {"job_key": str(job.key)}),
        },
    )
    if job is None:
        execution.step(
            instance,
            lambda process, value, around: engine.retry(
                process, value, row.element_instance_key, around
            ),
        )
    elif _is_house_job(job):
        now = execution.unit.now
        _set_job(execution, job, state="CANCELED", ended_at=now)
        execution.redo_house_job(instance, opened_again(execution.unit.connection, job))
    else:
        now = execution.unit.now
        _set_job(execution, job, state="CREATED", available_at=now, deadline_at=None)
    execution.settle()
    return _raised_again(execution, row)


def _raised_again(execution: Execution, resolved: Row[Any]) -> int | None:
    """Return the incident that the same element has now, or None."""
    table = instances.incidents
    query = select(table.c.key).where(
        table.c.element_instance_key == resolved.element_instance_key, table.c.state == "ACTIVE"
    )
    key: int | None = execution.unit.connection.execute(query.limit(1)).scalar()
    return key


def _active(execution: Execution, key: int) -> Row[Any]:
    table = instances.incidents
    row = execution.unit.connection.execute(
        select(table).where(table.c.key == key, table.c.state == "ACTIVE")
    ).one_or_none()
    if row is None:
        raise NotFoundError(
            f"Expected to find an active incident with key '{key}', but there is none.", key=key
        )
    return row


def _job(execution: Execution, incident: Row[Any]) -> Row[Any] | None:
    if incident.job_key is None:
        return None
    table = instances.jobs
    return execution.unit.connection.execute(
        select(table).where(table.c.key == incident.job_key)
    ).one()


def _is_house_job(job: Row[Any]) -> bool:
    return str(job.type).startswith(HOUSE_JOB_PREFIX)


def _set_job(execution: Execution, job: Row[Any], **values: Any) -> None:
    table = instances.jobs
    execution.unit.connection.execute(
        update(table).where(table.c.key == job.key).values(updated_at=execution.unit.now, **values)
    )
