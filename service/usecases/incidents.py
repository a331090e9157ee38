"""Incidents: try again what could not go on."""

from typing import Any

from sqlalchemy import Row, select, update

from service import engine
from service.domain.errors import NotFoundError, WrongStateError
from service.identity import Person, policy
from service.persistence.tables import instances
from service.usecases.execution.execution import Execution
from service.usecases.execution.stored_jobs import opened_again
from service.usecases.execution.writing import HOUSE_JOB_PREFIX
from service.usecases.house import House
from service.usecases.transaction import transact


def resolve(house: House, person: Person, key: int) -> None:
    """Mark the incident as resolved and repeat the failed step; if it fails again a new one follows.

    Raises:
        NotFoundError: No such incident, or it is resolved.
        NotAllowedError: He may not operate.
        WrongStateError: Its job has no retries left (give it some first).
    """

    def work(execution: Execution) -> None:
        policy.may_update_instances(person).require()
        row = _active(execution, key)
        instance = execution.load(row.instance_key)
        row = _active(execution, key)
        job = _job(execution, row)
        if job is not None and not _is_house_job(job) and job.retries <= 0:
            raise WrongStateError(
                f"Expected job '{job.key}' to have retries left, but it has none; update it first."
            )
        execution.end_incidents(instance, [row.element_instance_key])
        execution.unit.record(
            "incident.resolved",
            instance_key=instance.key,
            root_key=instance.root_key,
            case_key=instance.case_key,
            element_id=row.element_id,
            who=person.username,
            detail={"incident_key": str(key), "error_type": row.error_type},
        )
        if job is None:
            execution.step(
                instance,
                lambda process, value, around: engine.retry(
                    process, value, row.element_instance_key, around
                ),
            )
        elif _is_house_job(job):
            _end_job(execution, job)
            execution.redo_house_job(instance, opened_again(execution.unit.connection, job))
        else:
            _free_job(execution, job)

    transact(house, person, work)


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


def _end_job(execution: Execution, job: Row[Any]) -> None:
    unit = execution.unit
    unit.connection.execute(
        update(instances.jobs)
        .where(instances.jobs.c.key == job.key)
        .values(state="CANCELED", ended_at=unit.now, updated_at=unit.now)
    )


def _free_job(execution: Execution, job: Row[Any]) -> None:
    unit = execution.unit
    unit.connection.execute(
        update(instances.jobs)
        .where(instances.jobs.c.key == job.key)
        .values(state="CREATED", available_at=unit.now, deadline_at=None, updated_at=unit.now)
    )
