"""House jobs inside a transaction: doing one, and leaving one that cannot be done as an incident."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from service.domain.errors import HuiyinError, WrongStateError
from service.engine.values import IncidentRaised, JobOpened
from service.feel import Text
from service.persistence.tables import instances
from service.persistence.unit import Unit
from service.usecases.execution.registry import Handler, HouseJob
from service.usecases.execution.running import RunningInstance
from service.usecases.execution.writing import open_jobs, raise_incidents


def run_house_job(handlers: Mapping[str, Handler], job: HouseJob) -> Mapping[str, Any]:
    """Do the job and return its result variables.

    Raises:
        HouseJobError: It throws a BPMN error.
        HuiyinError: It cannot be done (inputs missing or wrong, no such job).
    """
    handler = handlers.get(job.opened.type)
    if handler is None:
        raise WrongStateError(
            f"Expected a house job, but '{job.opened.type}' is none.",
            message=f"没有内部作业 {job.opened.type}。",
        )
    return handler(job)


def is_waiting(unit: Unit, element_instance_key: int) -> bool:
    """Return whether an element still waits (something before in the transaction may have ended it)."""
    table = instances.element_instances
    query = select(table.c.state).where(table.c.key == element_instance_key)
    return bool(unit.connection.execute(query).scalar_one_or_none() == "ACTIVE")


def strand_house_job(
    unit: Unit,
    instance: RunningInstance,
    opened: JobOpened,
    error: HuiyinError,
    error_type: str = "JOB_NO_RETRIES",
) -> None:
    """Leave the house job as a job row with an incident; resolving it does the job again.

    The incident tells what the error says in Chinese and English, like those of the engine.
    """
    told = f"内部作业 {opened.type} 未能完成：{error.detail}"
    message = str(error.facts.get("message") or told)
    (job_key,) = open_jobs(unit, instance, [opened])
    stranded = {"state": "FAILED", "retries": 0, "error_message": message}
    unit.update(instances.jobs, job_key, stranded)
    text = Text(message, error.detail)
    incident = IncidentRaised(opened.element_instance_key, opened.element_id, error_type, text)
    raise_incidents(unit, instance, [incident], job_key)
