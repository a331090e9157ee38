"""Giving jobs to workers outside: each for a time, to one worker, with a lease token if it asks for one.

A leased job is fenced: whoever completes it, fails it or throws an error from it must show the token of
its newest activation. A worker that comes back after its time, when another holds the job, cannot.
Once leased, a job is never again given to a worker that asks for no lease: its commands carry no token.

Source: Camunda 8.10, job leasing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy import update as sql_update

from service.domain.errors import BadInputError, WrongStateError
from service.identity import Person, policy
from service.persistence.job_facts import may_be_given
from service.persistence.scopes import (
    has_inner,
    live_lengths_of,
    live_scopes_of,
    outer_scopes,
    scopes_around,
    seen_from,
)
from service.persistence.tables import instances
from service.persistence.unit import Unit
from service.usecases.execution.execution import Execution
from service.usecases.house import House
from service.usecases.task_listener_jobs import ListenedTask, listened_tasks
from service.usecases.transaction import transact

MAX_ACTIVATED = 1000
MAX_LENGTH = 4 * 1024 * 1024
"""How long the variables of the jobs that are given at once may be, as JSON; one job is always given.

Camunda 8 ends a batch where its largest message ends, which is as large.
"""

TOKEN_BYTES = 16


@dataclass(frozen=True)
class ActivateJobs:
    """What a worker asks for.

    Attributes:
        timeout: How long it may hold the jobs; afterwards another worker gets them.
        fetch_variables: Names of the variables it wants; None: all that the element sees.
        with_lease: Give each job a lease token.
    """

    type: str
    worker: str
    timeout: timedelta
    max_jobs: int
    fetch_variables: tuple[str, ...] | None = None
    with_lease: bool = False


@dataclass(frozen=True)
class ActivatedJob:
    """A job in a worker's hand until `deadline_at`.

    Attributes:
        lease_token: What its commands must show; None: it was given without a lease.
        user_task: Of a task listener: its user task, by the API's names.
    """

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
    lease_token: str | None
    user_task: Mapping[str, Any] | None = None


def activate(house: House, person: Person, command: ActivateJobs) -> tuple[ActivatedJob, ...]:
    """Give waiting jobs of a type to a worker: higher priority first, then older. One look, no waiting.

    Raises:
        NotAllowedError: He is no operator.
        BadInputError: Type or worker empty, timeout or number not positive.
    """
    if not command.type or command.max_jobs < 1 or command.timeout <= timedelta(0):
        raise BadInputError(
            "Expected 'type' to be a text, 'maxJobsToActivate' and 'timeout' to be above 0."
        )

    def work(execution: Execution) -> tuple[ActivatedJob, ...]:
        policy.may_update_instances(person).require()
        unit = execution.unit
        return _activated(unit, _take(unit, command), command)

    return transact(house, person, work)


def require_lease(row: Row[Any], token: str | None) -> None:
    """Let a command on a leased job pass only with the token of its newest activation.

    Raises:
        WrongStateError: No token is shown, or that of an activation that another one has superseded.
    """
    if row.lease_token is None:
        return
    if token is None:
        raise WrongStateError(
            f"Expected the lease token of job '{row.key}', but none is given.",
            leased_job=row.key,
        )
    require_no_other_lease(row, token)


def require_no_other_lease(row: Row[Any], token: str | None) -> None:
    """Let a change of a job's properties pass without a token, but not with a superseded one.

    Raises:
        WrongStateError: The token is that of a superseded activation.
    """
    if token is not None and row.lease_token is not None and token != row.lease_token:
        raise WrongStateError(
            f"Expected the lease token of the newest activation of job '{row.key}', "
            "but got another one.",
            leased_job=row.key,
        )


def _take(unit: Unit, command: ActivateJobs) -> list[tuple[Row[Any], str | None]]:
    """Mark jobs as activated; return their rows as they were, with their new lease tokens."""
    table = instances.jobs
    rows = unit.connection.execute(
        select(table)
        .where(may_be_given(unit.now, command.type, command.with_lease))
        .order_by(table.c.priority.desc(), table.c.key)
        .limit(min(command.max_jobs, MAX_ACTIVATED))
        .with_for_update(skip_locked=True)
    ).all()
    rows = _light(unit, rows, command.fetch_variables)
    if not rows:
        return []
    random_bytes = unit.outside.random_bytes
    taken = [(row, random_bytes(TOKEN_BYTES).hex() if command.with_lease else None) for row in rows]
    unit.connection.execute(
        sql_update(table)
        .where(table.c.key == bindparam("job_key"))
        .values(
            state="ACTIVATED",
            worker=command.worker,
            lease_token=bindparam("token"),
            deadline_at=unit.now + command.timeout,
            updated_at=unit.now,
        ),
        [{"job_key": row.key, "token": token} for row, token in taken],
    )
    return taken


def _light(
    unit: Unit, rows: Sequence[Row[Any]], names: tuple[str, ...] | None
) -> Sequence[Row[Any]]:
    """Return the first jobs, whose variables are not too much to hand over at once."""
    if len(rows) < 2:
        return rows
    lengths = live_lengths_of(unit.connection, {row.instance_key for row in rows}, names)
    if sum(sum(lengths[row.instance_key].values()) for row in rows) <= MAX_LENGTH:
        return rows  # Not even if each saw all scopes of its instance.
    nested = [key for key, scopes in lengths.items() if has_inner(scopes, key)]
    outer = outer_scopes(unit.connection, nested)
    total = 0
    for number, row in enumerate(rows):
        scopes = lengths[row.instance_key]
        around = scopes_around(row.instance_key, row.element_instance_key, outer)
        total += sum(scopes.get(scope_key, 0) for scope_key in around)
        if number and total > MAX_LENGTH:
            return rows[:number]
    return rows


def _activated(
    unit: Unit, taken: Sequence[tuple[Row[Any], str | None]], command: ActivateJobs
) -> tuple[ActivatedJob, ...]:
    """Return jobs with what a worker must know; instances and variables are read together."""
    table = instances.process_instances
    keys = {row.instance_key for row, _token in taken}
    found = unit.connection.execute(select(table).where(table.c.key.in_(keys)))
    instance_by_key = {instance.key: instance for instance in found}
    for row, _token in taken:
        if row.state == "ACTIVATED":
            _tell_timed_out(unit, row, instance_by_key[row.instance_key])
    scopes_by_key = live_scopes_of(unit.connection, keys)
    nested = [key for key, scopes in scopes_by_key.items() if has_inner(scopes, key)]
    outer = outer_scopes(unit.connection, nested)
    listened = listened_tasks(unit.connection, (row for row, _token in taken))
    return tuple(
        _in_hand(
            unit,
            row,
            token,
            command,
            instance_by_key[row.instance_key],
            seen_from(
                row.instance_key, row.element_instance_key, scopes_by_key[row.instance_key], outer
            ),
            listened.get(row.key),
        )
        for row, token in taken
    )


def _tell_timed_out(unit: Unit, job: Row[Any], instance: Row[Any]) -> None:
    """Write down that the worker that had a job has let its time run out."""
    unit.record(
        "job.timed_out",
        instance_key=instance.key,
        root_key=instance.root_key,
        case_key=instance.case_key,
        element_id=job.element_id,
        detail={
            "job_key": str(job.key),
            "element_instance_key": str(job.element_instance_key),
            "type": job.type,
            "worker": job.worker,
        },
    )


def _in_hand(
    unit: Unit,
    row: Row[Any],
    token: str | None,
    command: ActivateJobs,
    instance: Row[Any],
    variables: Mapping[str, Any],
    listened: ListenedTask | None,
) -> ActivatedJob:
    wanted = command.fetch_variables
    if listened is not None:
        variables = {**variables, **listened.variables}
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
        headers=row.headers if listened is None else {**row.headers, **listened.headers},
        user_task=None if listened is None else listened.properties,
        worker=command.worker,
        retries=row.retries,
        deadline_at=unit.now + command.timeout,
        variables={n: v for n, v in variables.items() if wanted is None or n in wanted},
        kind=row.kind,
        listener_event_type=row.listener_event_type,
        priority=row.priority,
        business_id=instance.business_id,
        tags=tuple(instance.tags),
        lease_token=token,
    )
