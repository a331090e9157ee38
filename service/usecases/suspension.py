"""Suspending an instance and resuming it: nothing that would advance it gets through in between.

Its jobs are handed to nobody, its message subscriptions are closed, its timers and clocks stand still,
its user tasks take no command. What it called goes on; what that gives back is kept, as is which
conditional events came true. Once resumed, what is due catches up: a timer fires once, however often it
was missed.

Source: Camunda 8.10 process instance suspension.
"""

from typing import Any

from sqlalchemy import Connection, delete, select

from service import engine
from service.domain.errors import WrongStateError
from service.identity import Person, policy
from service.persistence.tables import instances
from service.usecases import signals
from service.usecases.attempts import Attempt
from service.usecases.execution.calls import escalate, give_back
from service.usecases.execution.execution import Execution
from service.usecases.execution.house_job_runs import is_waiting
from service.usecases.execution.returns import take_returns
from service.usecases.execution.running import SUSPENDED, RunningInstance, not_active
from service.usecases.execution.standing_still import go_on, stand_still
from service.usecases.execution.stored_jobs import opened_again
from service.usecases.execution.writing import HOUSE_JOB_PREFIX, SUBSCRIPTIONS, open_subscriptions
from service.usecases.house import House
from service.usecases.live_instances import live_instance, require_live, require_not_called_off
from service.usecases.transaction import transact


def suspend(house: House, person: Person, key: int) -> None:
    """Suspend an instance, called or not; what it called goes on.

    Raises:
        NotFoundError: No such instance, or it has ended.
        NotAllowedError: He is no operator.
        WrongStateError: It is suspended already, or is being canceled.
    """
    attempt = Attempt("PROCESS_INSTANCE", "SUSPEND", key)
    transact(house, person, lambda execution: suspend_instance(execution, key), attempt)


def resume(house: House, person: Person, key: int) -> None:
    """Let a suspended instance go on.

    Raises:
        NotFoundError, NotAllowedError: As `suspend`.
        WrongStateError: It is not suspended.
    """
    attempt = Attempt("PROCESS_INSTANCE", "RESUME", key)
    transact(house, person, lambda execution: resume_instance(execution, key), attempt)


def suspend_instance(execution: Execution, key: int) -> None:
    """Suspend an instance inside a transaction; errors as `suspend`."""
    policy.may_operate(execution.who).require()
    instance = live_instance(execution, key)
    if instance.is_suspended:
        raise not_active(key, SUSPENDED)
    require_not_called_off(instance)
    # What was thrown before reaches it before; that may have been the last it waited for.
    if signals.tell(execution, instance):
        require_live(instance)
        require_not_called_off(instance)
    instance.state_name, instance.suspended_at = SUSPENDED, execution.unit.now
    connection = execution.unit.connection
    stand_still(connection, instance)
    for table in SUBSCRIPTIONS.values():
        connection.execute(delete(table).where(table.c.instance_key == key))
    _record(execution, instance, "instance.suspended")


def resume_instance(execution: Execution, key: int) -> None:
    """Resume an instance inside a transaction; errors as `resume`."""
    policy.may_operate(execution.who).require()
    instance = live_instance(execution, key)
    if not instance.is_suspended:
        raise WrongStateError(
            f"Expected process instance '{key}' to be suspended, but it is {instance.state_name}.",
            key=key,
            state=instance.state_name,
        )
    unit = execution.unit
    go_on(unit.connection, instance)
    waited_for = engine.waited_for(instance.process.compiled, instance.value())
    open_subscriptions(unit, instance, waited_for)
    _record(execution, instance, "instance.resumed")
    execution.step(instance, engine.resume)
    for given in list(take_returns(unit, instance)):
        if not is_waiting(unit, given.element_key):
            continue
        if given.escalation_code is not None:
            escalate(execution, instance, given.element_key, given.escalation_code)
        else:
            give_back(execution, instance, given.element_key, given.thrown, given.outputs)
    for job in _waiting_house_jobs(unit.connection, instance):
        opened = opened_again(unit.connection, job)
        unit.connection.execute(delete(instances.jobs).where(instances.jobs.c.key == job.key))
        execution.redo_house_job(instance, opened)
    execution.take_buffered(instance, waited_for.subscriptions)


def require_no_user_task(connection: Connection, scope_key: int) -> None:
    """Refuse to write variables of a user task that is suspended.

    Raises:
        WrongStateError: The scope is a user task.
    """
    table = instances.element_instances
    kind = connection.execute(select(table.c.type).where(table.c.key == scope_key)).scalar()
    if kind == "USER_TASK":
        raise WrongStateError(
            f"Expected '{scope_key}' to be no user task: its process instance is SUSPENDED.",
            key=scope_key,
            state=SUSPENDED,
        )


def _waiting_house_jobs(connection: Connection, instance: RunningInstance) -> list[Any]:
    """Return the house jobs that were opened while the instance was suspended, oldest first."""
    table = instances.jobs
    query = select(table).where(
        table.c.instance_key == instance.key,
        table.c.type.startswith(HOUSE_JOB_PREFIX),
        table.c.state == "CREATED",
        table.c.ended_at.is_(None),
    )
    return list(connection.execute(query.order_by(table.c.key)))


def _record(execution: Execution, instance: RunningInstance, kind: str) -> None:
    execution.mark_changed(instance)
    execution.unit.record(
        kind,
        instance_key=instance.key,
        root_key=instance.root_key,
        case_key=instance.case_key,
        who=execution.who.username,
    )
