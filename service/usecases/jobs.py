"""Jobs for workers outside: complete, fail, throw an error, change. A leased job wants its token."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from service import engine
from service.domain.errors import BadInputError, NotFoundError, WrongStateError
from service.engine.job_results import JobResult, TaskListenerResult
from service.engine.values import IncidentRaised
from service.feel import Text
from service.identity import Person, policy
from service.persistence.tables import instances
from service.persistence.unit import Unit
from service.usecases.business_ids import assign_to
from service.usecases.execution.execution import Execution
from service.usecases.execution.running import RunningInstance
from service.usecases.execution.writing import raise_incidents
from service.usecases.house import House
from service.usecases.job_activation import require_lease, require_no_other_lease
from service.usecases.transaction import transact

NO_RETRIES = {
    "BPMN_ELEMENT": "JOB_NO_RETRIES",
    "EXECUTION_LISTENER": "EXECUTION_LISTENER_NO_RETRIES",
    "TASK_LISTENER": "TASK_LISTENER_NO_RETRIES",
    "AD_HOC_SUB_PROCESS": "AD_HOC_SUB_PROCESS_NO_RETRIES",
}
"""The incident that follows when a job of a kind has failed too often."""

_NO_RETRIES_LEFT = Text("作业失败，重试次数已用完。", "The job failed and has no retries left.")

LISTENERS = frozenset({"EXECUTION_LISTENER", "TASK_LISTENER"})

LONGEST_MESSAGE = 10_000
"""Characters that are kept of what a worker says went wrong. Source: Camunda 8 (`JobFailProcessor`)."""


@dataclass(frozen=True)
class JobChanges:
    """What of a job shall be changed; None stays as it is.

    Attributes:
        timeout: From now.
    """

    retries: int | None = None
    timeout: timedelta | None = None
    priority: int | None = None

    def require_some(self) -> None:
        """Refuse to change nothing.

        Raises:
            BadInputError: So it is.
        """
        if self.retries is None and self.timeout is None and self.priority is None:
            raise BadInputError("Expected at least one of 'retries', 'timeout' and 'priority'.")

    def require_possible(self) -> None:
        """Refuse what no job can become.

        Raises:
            BadInputError: Retries below 1.
        """
        if self.retries is not None and self.retries < 1:
            raise BadInputError(f"Expected 'retries' to be at least 1, but got {self.retries}.")


def complete(
    house: House,
    person: Person,
    job_key: int,
    variables: Mapping[str, Any],
    lease_token: str | None = None,
    result: JobResult | None = None,
    business_id: str | None = None,
) -> None:
    """Finish a job with its result variables and run the process on.

    Args:
        house: The house.
        person: In whose name.
        job_key: The job.
        variables: What the worker gives back.
        lease_token: That of the activation, when it was leased.
        result: What a listener or the leader of an ad-hoc sub-process says besides.
        business_id: Given to the instance of the job, which has none; None: it stays as it is.

    Raises:
        BadInputError: The result does not fit the job.
        NotFoundError: No such job, or it is over.
        NotAllowedError: He is no operator.
        WrongStateError: It failed and rests or waits for its incident to be resolved; or it is leased and
            the token is not that of its newest activation; or it cannot be given that business id.
    """

    def work(execution: Execution) -> None:
        policy.may_update_instances(person).require()
        row, instance = _workable(execution, job_key, lease_token)
        if business_id is not None:
            assign_to(execution, instance, business_id)
        _end(execution.unit, job_key, "COMPLETED", denied_reason=_denied_reason(result))
        execution.step(
            instance,
            lambda process, value, around: engine.complete_job(
                process, value, row.element_instance_key, variables, around, result
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
    lease_token: str | None = None,
) -> None:
    """Give a job back as failed: another try after `back_off`, or, with no retries left, an incident.

    Raises:
        NotFoundError, NotAllowedError, WrongStateError: As `complete`.
    """
    message = _kept(message)

    def work(execution: Execution) -> None:
        policy.may_update_instances(person).require()
        row, instance = _workable(execution, job_key, lease_token)
        unit = execution.unit
        _set(
            unit,
            job_key,
            state="FAILED",
            retries=max(retries, 0),
            error_message=message,
            available_at=unit.now + back_off,
            deadline_at=None,
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
                        NO_RETRIES[row.kind],
                        message or _NO_RETRIES_LEFT,
                    )
                ],
                job_key,
            )
            execution.mark_changed(instance)
        detail = {"message": message, "retries": retries, "worker": row.worker}
        _record(execution, row, "job.failed", detail=detail)

    transact(house, person, work)


def throw_error(
    house: House,
    person: Person,
    job_key: int,
    code: str,
    message: str = "",
    variables: Mapping[str, Any] | None = None,
    lease_token: str | None = None,
) -> None:
    """Throw a BPMN error from a job; the nearest catch takes it, without one an incident is raised.

    Raises:
        NotFoundError, NotAllowedError, WrongStateError: As `complete`.
        BadInputError: `code` is empty.
        WrongStateError: Also for the job of a listener.
    """
    if not code:
        raise BadInputError("Expected 'errorCode' to be a text, but it is empty.")
    message = _kept(message)

    def work(execution: Execution) -> None:
        policy.may_update_instances(person).require()
        row, instance = _workable(execution, job_key, lease_token)
        if row.kind in LISTENERS:
            raise WrongStateError(
                f"Expected job '{job_key}' to be one from which an error may be thrown, "
                f"but it is of kind {row.kind}.",
                key=job_key,
            )
        try:
            execution.step(
                instance,
                lambda process, value, around: engine.throw_error(
                    process, value, row.element_instance_key, code, message, variables or {}, around
                ),
            )
        except engine.UncaughtError as uncaught:
            _set(
                execution.unit,
                job_key,
                state="ERROR_THROWN",
                error_code=code,
                error_message=message,
            )
            raise_incidents(
                execution.unit,
                instance,
                [
                    IncidentRaised(
                        row.element_instance_key,
                        row.element_id,
                        "UNHANDLED_ERROR_EVENT",
                        Text(str(uncaught.facts["message"]), uncaught.detail),
                    )
                ],
                job_key,
            )
            execution.mark_changed(instance)
        else:
            _end(execution.unit, job_key, "ERROR_THROWN")
            _set(execution.unit, job_key, error_code=code, error_message=message)
        detail = {"code": code, "message": message, "worker": row.worker}
        _record(execution, row, "job.error_thrown", detail=detail)

    transact(house, person, work)


def _kept(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]}..."


def update(
    house: House,
    person: Person,
    job_key: int,
    retries: int | None = None,
    timeout: timedelta | None = None,
    priority: int | None = None,
    lease_token: str | None = None,
) -> None:
    """Change retries (at least 1), the lease (from now) or the priority of a job that is not over.

    A job whose incident waits gets its retries back here; it is leased again after the incident is resolved.

    Raises:
        NotFoundError, NotAllowedError: As `complete`.
        BadInputError: Nothing to change, or retries below 1.
        WrongStateError: A timeout for a job nobody holds, or the token of a superseded activation.
    """
    changes = JobChanges(retries, timeout, priority)
    transact(house, person, lambda execution: update_job(execution, job_key, changes, lease_token))


def update_job(
    execution: Execution, job_key: int, wanted: JobChanges, lease_token: str | None = None
) -> None:
    """Change a job inside a transaction; errors as `update`."""
    policy.may_update_instances(execution.who).require()
    wanted.require_some()
    row = _open(execution.unit.connection, _row(job_key).with_for_update(), job_key)
    wanted.require_possible()
    require_no_other_lease(row, lease_token)
    changes: dict[str, Any] = {}
    if wanted.retries is not None:
        changes["retries"] = wanted.retries
        if row.state == "FAILED" and row.retries <= 0:
            changes["state"] = "RETRIES_UPDATED"
    if wanted.priority is not None:
        changes["priority"] = wanted.priority
    if wanted.timeout is not None:
        if row.state != "ACTIVATED":
            raise WrongStateError(
                f"Expected job '{job_key}' to be activated, but it is {row.state}.",
                key=job_key,
                state=row.state,
            )
        changes["deadline_at"] = execution.unit.now + wanted.timeout
    _set(execution.unit, job_key, **changes)
    _record(execution, row, "job.updated", detail={name: str(v) for name, v in changes.items()})


def _row(job_key: int) -> Select[Any]:
    return select(instances.jobs).where(instances.jobs.c.key == job_key)


def _open(connection: Connection, query: Select[Any], job_key: int) -> Row[Any]:
    row = connection.execute(query).one_or_none()
    if row is None or row.ended_at is not None:
        raise NotFoundError(
            f"Expected to find a job with key '{job_key}', but there is none.", key=job_key
        )
    return row


def _workable(
    execution: Execution, job_key: int, lease_token: str | None
) -> tuple[Row[Any], RunningInstance]:
    """Return the job and its instance, locked; the job may be completed, failed or thrown from.

    The lock keeps the job from being given to another worker until this command is through.
    """
    row, instance = execution.load_job(job_key)
    is_resting = row.state == "FAILED" and (
        row.retries <= 0 or row.available_at > execution.unit.now
    )
    if is_resting or row.state in ("ERROR_THROWN", "RETRIES_UPDATED"):
        raise WrongStateError(
            f"Expected job '{job_key}' to be activatable or activated, but it is {row.state}.",
            key=job_key,
            state=row.state,
        )
    require_lease(row, lease_token)
    return row, instance


def _denied_reason(result: JobResult | None) -> str | None:
    """Return why a listener denies what the task is about to do; None: it does not."""
    if isinstance(result, TaskListenerResult) and result.is_denied:
        return result.denied_reason
    return None


def _end(unit: Unit, job_key: int, state: str, **more: Any) -> None:
    _set(unit, job_key, state=state, ended_at=unit.now, **more)


def _set(unit: Unit, job_key: int, **values: Any) -> None:
    unit.update(instances.jobs, job_key, {"updated_at": unit.now, **values})


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
        detail={
            "job_key": str(row.key),
            "element_instance_key": str(row.element_instance_key),
            "type": row.type,
            **(detail or {}),
        },
    )
