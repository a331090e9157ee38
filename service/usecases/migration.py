"""Migrating running instances to another process definition, and saying beforehand what will happen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import and_, select

from service import engine
from service.domain.errors import HuiyinError, WrongStateError
from service.engine import (
    Instance,
    Migrated,
    OpenJob,
    Step,
    SubscriptionOpened,
    Surroundings,
    TimerOpened,
)
from service.identity import Person, policy
from service.persistence.tables import instances
from service.persistence.unit import Unit
from service.usecases.attempts import Attempt
from service.usecases.definitions import LoadedProcess, is_process_in_use, not_in_use
from service.usecases.execution import messages
from service.usecases.execution.execution import Execution
from service.usecases.execution.migrating import rewrite
from service.usecases.execution.running import RunningInstance, not_active
from service.usecases.house import House
from service.usecases.live_instances import live_instance
from service.usecases.transaction import transact


@dataclass(frozen=True)
class MigrationPlan:
    """Where to.

    Attributes:
        target_key: The process definition.
        mapping: Pairs of ids, source and target: elements, and flows into waiting joins.
    """

    target_key: int
    mapping: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Forecast:
    """What a migration of one instance would do.

    Attributes:
        refusal: Why it would be refused; None: it would not, and the rest is there.
        migrated: What moves, is kept and is closed; the jobs that wait for an operator are incidents too.
        timers: Opened anew.
        subscriptions: Opened anew.
    """

    instance_key: int
    refusal: HuiyinError | None
    migrated: Migrated | None = None
    timers: tuple[TimerOpened, ...] = ()
    subscriptions: tuple[SubscriptionOpened, ...] = ()


def migrate(house: House, person: Person, key: int, plan: MigrationPlan) -> None:
    """Make an instance one of another process definition.

    Raises:
        NotFoundError: No such instance, or it has ended; no such definition.
        NotAllowedError: He is no operator.
        BadInputError: The mapping names what is not there, or one source twice.
        WrongStateError: It is suspended, something active cannot be what it is mapped to, or that definition
            is being deleted.
    """
    attempt = Attempt("PROCESS_INSTANCE", "MIGRATE", key)
    transact(house, person, lambda execution: migrate_instance(execution, key, plan), attempt)


def migrate_instance(execution: Execution, key: int, plan: MigrationPlan) -> Migrated:
    """Migrate an instance inside a transaction and return what was done; errors as `migrate`."""
    policy.may_operate(execution.who).require()
    instance = live_instance(execution, key)
    if instance.is_suspended:
        raise not_active(key, instance.state_name)
    connection = execution.unit.connection
    source = instance.process
    if not is_process_in_use(connection, plan.target_key):
        raise not_in_use(connection, plan.target_key)
    target = execution.house.definitions.process(connection, plan.target_key)
    _require_free_key(execution, instance, target)
    # From here on its rows name the target.
    instance.process = target
    migrated = _step(execution, instance, source, plan)
    rewrite(execution.unit, instance, migrated)
    _tell(execution, instance, source)
    if instance.start_correlation_key and source.process_id != target.process_id:
        execution.start_waiting(source.process_id, instance.start_correlation_key)
    return migrated


def _require_free_key(
    execution: Execution, instance: RunningInstance, target: LoadedProcess
) -> None:
    """Let a process that messages start have one active instance of a correlation key.

    Raises:
        WrongStateError: There is one already.

    Source: Camunda 8 (requireNoStartEventInstanceForTargetProcess).
    """
    key, process_id = instance.start_correlation_key, target.process_id
    starts = (definition.kind for _, _, definition in target.model.start_definitions)
    if not key or process_id == instance.process.process_id or "message" not in starts:
        return
    messages.meet(execution.unit, "", key)
    if messages.is_start_blocked(execution.unit.connection, process_id, key):
        raise WrongStateError(
            f"Expected no active instance of '{process_id}' to be started with the correlation key "
            f"'{key}', but there is one.",
            reason="start_taken",
            process_id=process_id,
            correlation_key=key,
        )


def forecast(
    house: House, person: Person, keys: Sequence[int], plan: MigrationPlan
) -> tuple[Forecast, ...]:
    """Return, instance by instance, what a migration would do; nothing is changed.

    Each is tried in a transaction of its own, so a caller asks for a page of them.

    Raises:
        NotAllowedError: He is no operator.
    """
    policy.may_operate(person).require()
    return tuple(_forecast(house, person, key, plan) for key in keys)


def _forecast(house: House, person: Person, key: int, plan: MigrationPlan) -> Forecast:
    # The unit is left without a commit: all of it is rolled back.
    with house.database.unit(house.outside) as unit:
        try:
            migrated = migrate_instance(Execution(house, unit, person), key, plan)
        except HuiyinError as refusal:
            return Forecast(key, refusal)
        migrated = _with_incidents(unit, key, migrated)
    step = migrated.step
    return Forecast(key, None, migrated, step.timers, step.subscriptions)


def _with_incidents(unit: Unit, key: int, migrated: Migrated) -> Migrated:
    """Return the same with the incidents of jobs, of which the engine knows nothing."""
    table = instances.incidents
    query = select(table.c.element_instance_key).where(
        table.c.instance_key == key, table.c.state == "ACTIVE"
    )
    stuck = set(unit.connection.execute(query).scalars())
    elements = tuple(
        replace(one, state="INCIDENT") if one.element_instance_key in stuck else one
        for one in migrated.elements
    )
    return replace(migrated, elements=elements)


def _step(
    execution: Execution, instance: RunningInstance, source: LoadedProcess, plan: MigrationPlan
) -> Migrated:
    done: list[Migrated] = []

    def call(target: engine.CompiledProcess, value: Instance, around: Surroundings) -> Step:
        job_of = partial(_job_of, execution.unit)
        done.append(
            engine.migrate(source.compiled, target, value, plan.mapping, around, job_of=job_of)
        )
        return done[-1].step

    execution.step(instance, call)
    return done[-1]


def _job_of(unit: Unit, element_instance_key: int) -> OpenJob:
    """Return the open job of an element instance."""
    job, incident = instances.jobs, instances.incidents
    stuck = and_(incident.c.job_key == job.c.key, incident.c.state == "ACTIVE")
    query = (
        select(job.c.headers, incident.c.key)
        .outerjoin(incident, stuck)
        .where(job.c.element_instance_key == element_instance_key, job.c.ended_at.is_(None))
    )
    headers, incident_key = unit.connection.execute(query).one()
    return OpenJob(headers, incident_key is not None)


def _tell(execution: Execution, instance: RunningInstance, source: LoadedProcess) -> None:
    target = instance.process
    execution.unit.record(
        "instance.migrated",
        instance_key=instance.key,
        root_key=instance.root_key,
        case_key=instance.case_key,
        who=execution.who.username,
        before={"process_id": source.process_id, "version": source.version},
        after={"process_id": target.process_id, "version": target.version},
    )
