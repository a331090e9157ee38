"""One transaction over running instances: steps of the engine, their rows, and all that follows from them.

A step opens calls, house jobs and subscriptions; a called process that ends lets its caller go on. All of
it happens here, one follow-up after another, until every instance rests in a wait state again.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import select

from service import engine
from service.domain.errors import BusyError, HuiyinError, OverloadedError, WrongStateError
from service.engine.values import (
    CallOpened,
    IncidentRaised,
    Instance,
    JobOpened,
    Step,
    Surroundings,
)
from service.engine.waits import SubscriptionOpened
from service.feel import Text
from service.identity import Person
from service.persistence.rare_facts import FactsAt
from service.persistence.tables import instances
from service.persistence.unit import Unit
from service.usecases import cases
from service.usecases.definitions import LoadedProcess
from service.usecases.execution import (
    calls,
    event_starts,
    gathering,
    messages,
    signals,
    task_changes,
)
from service.usecases.execution.house_job_runs import (
    is_waiting,
    run_house_job,
    strand_house_job,
)
from service.usecases.execution.loading import Loading
from service.usecases.execution.registry import HouseJob, HouseJobError
from service.usecases.execution.returns import drop_returns
from service.usecases.execution.running import RunningInstance, not_active, save
from service.usecases.execution.standing_still import go_on
from service.usecases.execution.starting import Start, insert_row, new_instance, open_case
from service.usecases.execution.world import feel_surroundings, step_surroundings
from service.usecases.execution.writing import (
    is_house_job,
    raise_incidents,
    resolve_incidents,
    write_step,
)
from service.usecases.house import House

HOUSE_JOBS_A_TRANSACTION = 500
"""House jobs done in one transaction; one more becomes an incident: the diagram runs in a circle."""

CALL_DEPTH = 20
"""Call activities inside each other; one more becomes an incident."""

EngineCall = Callable[[engine.CompiledProcess, Instance, Surroundings], Step]


class Execution(Loading):
    """Runs instances inside one unit of work; call `finish` once before the commit."""

    def __init__(self, house: House, unit: Unit, who: Person, facts: FactsAt | None = None) -> None:
        """Take the unit and the person in whose name everything happens."""
        super().__init__(house, unit, facts)
        self.who = who
        self._changed: dict[int, RunningInstance] = {}
        self._follow_ups: deque[Callable[[], None]] = deque()
        self._house_jobs_done = 0

    # -- instances ------------------------------------------------------------------------------

    def start(
        self,
        process: LoadedProcess,
        variables: Mapping[str, Any],
        start: Start | None = None,
        caller: tuple[RunningInstance, int] | None = None,
    ) -> RunningInstance:
        """Create an instance and run it to its first wait states.

        Args:
            process: The definition.
            variables: Root variables, or the message's payload.
            start: Where and by what it begins.
            caller: The calling instance and its call activity's element instance key, or None.
        """
        start = start or Start()
        instance = new_instance(self.unit, process, start, caller)
        self.running[instance.key] = instance
        kept = {} if caller else open_case(self.unit, instance, variables, self.who.username)
        insert_row(self.unit, instance, start, self.who.username)
        self.unit.record(
            "instance.started",
            instance_key=instance.key,
            root_key=instance.root_key,
            case_key=instance.case_key,
            who=self.who.username,
            detail={"process_id": process.process_id, "version": process.version},
        )
        self._apply(
            instance,
            engine.start(
                process.compiled,
                key=instance.key,
                variables=variables,
                surroundings=self.surroundings(instance),
                start_event=start.start_event,
                root_variables=kept,
                part=start.part,
            ),
        )
        return instance

    def step(self, instance: RunningInstance, call: EngineCall) -> None:
        """Run one engine call on an instance and write what it did."""
        if not instance.is_live:
            raise not_active(instance.key, instance.state_name)
        self._apply(
            instance,
            call(instance.process.compiled, instance.value(), self.surroundings(instance)),
        )

    def finish(self) -> None:
        """Carry out everything that follows, then write states, variables and case facts."""
        self.settle()
        for instance in list(self._changed.values()):
            touched = frozenset(name for scope, name in instance.touched if scope == instance.key)
            save(self.unit, instance)
            if touched and instance.case_key is not None and instance.key == instance.root_key:
                self._project_case(instance, touched)
        self._changed.clear()

    def settle(self) -> None:
        """Carry out the follow-ups until none is left."""
        while self._follow_ups:
            self._follow_ups.popleft()()

    def surroundings(self, instance: RunningInstance) -> Surroundings:
        """Return what a step of the instance may ask."""
        return step_surroundings(
            self.unit,
            self.facts,
            self.house.definitions,
            instance.process,
            partial(calls.is_caught_above, self, instance),
            partial(calls.escalated_above, self, instance),
            partial(calls.hears_its_end, self),
            instance.is_suspended,
            (instance.key, instance.business_id),
        )

    def mark_changed(self, instance: RunningInstance) -> None:
        """Have the instance written by `finish` although no step touched it."""
        self._changed[instance.key] = instance

    # -- for house jobs and message use cases ---------------------------------------------------

    def write_root_variables(self, instance_key: int, variables: Mapping[str, Any]) -> None:
        """Set root variables of a running instance and let whatever watches them go on."""
        instance = self.load_live(instance_key)
        self.step(
            instance,
            lambda process, value, around: engine.set_variables(
                process, value, instance.key, variables, True, around
            ),
        )

    def publish(self, command: messages.PublishMessage) -> messages.Published:
        """Publish a message: whoever waits goes on, starts start, the rest is buffered until its time."""
        message = messages.store(self.unit, command)
        reached = messages.reach(self.unit.connection, message, self.deliver)
        started = event_starts.start_by_message(self, message)
        messages.drop_expired(self.unit, message.key)
        messages.record_published(self.unit, command, message, reached, started, self.who.username)
        return messages.Published(message.key, tuple(started), tuple(reached))

    def deliver(self, subscription_key: int, message: messages.Buffered) -> bool:
        """Give a message to a subscription; False when the subscription is gone or was served."""
        table = instances.message_subscriptions
        query = select(table).where(table.c.key == subscription_key)
        row = self.unit.connection.execute(query).one_or_none()
        if row is None:
            return False
        try:
            instance = self.load(row.instance_key)
        except WrongStateError:
            return False
        if self.unit.connection.execute(query).one_or_none() is None:
            return False
        messages.note_correlated(
            self.unit,
            message,
            row.process_id,
            instance.key,
            row.element_id,
            row.element_instance_key,
            row.key,
        )
        messages.record_correlated(self.unit, message, instance, row.element_id, self.who.username)
        self.step(
            instance,
            lambda process, value, around: engine.deliver_message(
                process, value, subscription_key, message.variables, around
            ),
        )
        return True

    def cancel(self, instance: RunningInstance) -> None:
        """Terminate an instance, suspended or not, with everything it called; who must hear it is asked."""
        if instance.is_suspended:
            go_on(self.unit.connection, instance)
            drop_returns(self.unit, instance)
        self.step(instance, engine.cancel)

    # -- applying a step ------------------------------------------------------------------------

    def _apply(self, instance: RunningInstance, step: Step) -> None:
        self._changed[instance.key] = instance
        write_step(self.unit, instance, step, self.snapshot, self.who.username)
        self._resolve_terminated(instance, step)
        for job in step.jobs:
            if is_house_job(job) and not instance.is_suspended:
                self._follow_ups.append(partial(self._do_house_job, instance, job))
        for told in step.task_changes:
            self._follow_ups.append(partial(task_changes.carry_out, self, instance, told))
        for call in step.calls:
            self._follow_ups.append(partial(self._call, instance, call))
        if step.called_off:
            self._follow_ups.append(partial(calls.call_off, self, step.called_off))
        if not instance.is_suspended:
            self.take_buffered(instance, step.subscriptions)
        for thrown in step.escalations:
            self._follow_ups.append(partial(calls.escalate_to_caller, self, instance, thrown.code))
        for thrown_signal in step.signals:
            signals.throw(self.unit, instance, thrown_signal, self.who.username)
        if step.ended is not None:
            self._end(instance, step)

    def take_buffered(
        self, instance: RunningInstance, opened: Iterable[SubscriptionOpened]
    ) -> None:
        """Let open subscriptions take the messages that were buffered for them."""
        for subscription in opened:
            self._follow_ups.append(partial(self._take_buffered, instance, subscription))

    def _resolve_terminated(self, instance: RunningInstance, step: Step) -> None:
        """End the children and incidents of elements that were terminated."""
        gone = [event for event in step.events if event.kind == "TERMINATED"]
        if not gone:
            return
        calls.end_called(self, gone)
        if instance.has_incident:
            self.end_incidents(instance, [event.element_instance_key for event in gone])

    def end_incidents(self, instance: RunningInstance, element_keys: list[int]) -> None:
        """Mark the incidents of these element instances as resolved; recount the instance's mark."""
        resolve_incidents(self.unit, instance, element_keys, self.who.username)
        self.mark_changed(instance)

    def _end(self, instance: RunningInstance, step: Step) -> None:
        if instance.suspended_at is not None:
            drop_returns(self.unit, instance)
        self.unit.record(
            "instance.ended",
            instance_key=instance.key,
            root_key=instance.root_key,
            case_key=instance.case_key,
            who=self.who.username,
            detail={"state": step.ended},
        )
        if instance.parent_instance_key is not None:
            self._follow_ups.append(lambda: calls.return_to_caller(self, instance, step))
        elif instance.case_key is not None:
            cases.close_case(self.unit, instance.case_key, step.ended or "COMPLETED")
        if instance.start_correlation_key:
            self.start_waiting(instance.process.process_id, instance.start_correlation_key)

    # -- follow-ups -----------------------------------------------------------------------------

    def redo_house_job(self, instance: RunningInstance, opened: JobOpened) -> None:
        """Do a stranded house job again (after its incident was resolved)."""
        self._follow_ups.append(partial(self._do_house_job, instance, opened))

    def _do_house_job(self, instance: RunningInstance, opened: JobOpened) -> None:
        if not instance.is_live or not is_waiting(self.unit, opened.element_instance_key):
            return
        self._house_jobs_done += 1
        try:
            if self._house_jobs_done > HOUSE_JOBS_A_TRANSACTION:
                raise WrongStateError(
                    f"Expected at most {HOUSE_JOBS_A_TRANSACTION} house jobs in one transaction; "
                    "the diagram runs in a circle without a wait state.",
                    message=f"一次事务最多执行 {HOUSE_JOBS_A_TRANSACTION} 个内部作业；"
                    "流程图在没有等待的环路中运行。",
                )
            job = HouseJob(self.unit, self, self.who, instance, opened)
            result = run_house_job(self.house.handlers, job)
        except (BusyError, OverloadedError):
            # The command is run anew or refused as a whole: what it has written may be lost already.
            raise
        except HouseJobError as error:
            self._throw_from_house_job(instance, opened, error)
        except HuiyinError as error:
            strand_house_job(self.unit, instance, opened, error)
            self.mark_changed(instance)
        else:
            self.step(
                instance,
                lambda process, value, around: engine.complete_job(
                    process, value, opened.element_instance_key, result, around
                ),
            )

    def _throw_from_house_job(
        self, instance: RunningInstance, opened: JobOpened, error: HouseJobError
    ) -> None:
        try:
            self.step(
                instance,
                lambda process, value, around: engine.throw_error(
                    process,
                    value,
                    opened.element_instance_key,
                    error.error_code,
                    error.detail,
                    {},
                    around,
                ),
            )
        except engine.UncaughtError as uncaught:
            error_type = "UNHANDLED_ERROR_EVENT"
            strand_house_job(self.unit, instance, opened, uncaught, error_type)
            self.mark_changed(instance)

    def _call(self, instance: RunningInstance, call: CallOpened) -> None:
        if not instance.is_live or not is_waiting(self.unit, call.element_instance_key):
            return
        if instance.call_depth >= CALL_DEPTH:
            raise_incidents(
                self.unit,
                instance,
                [
                    IncidentRaised(
                        call.element_instance_key,
                        call.element_id,
                        "CALLED_ELEMENT_ERROR",
                        Text(
                            f"调用活动最多嵌套 {CALL_DEPTH} 层。",
                            f"Expected at most {CALL_DEPTH} call activities inside each other.",
                        ),
                    )
                ],
            )
            return
        process = self.house.definitions.process(self.unit.connection, call.process_key)
        start = Start(business_id=call.business_id, inherits_business_id=call.inherits_business_id)
        self.start(process, call.variables, start, caller=(instance, call.element_instance_key))

    def _take_buffered(self, instance: RunningInstance, opened: SubscriptionOpened) -> None:
        """Take the oldest message; what interrupts nothing takes the next one when all is done that follows.

        Source: Camunda 8 (MessageSubscriptionCorrelateProcessor).
        """
        message = messages.oldest_for(
            self.unit,
            opened.message_name,
            opened.correlation_key,
            instance.process.process_id,
            instance.business_id,
        )
        if message is None or not instance.is_live:
            return
        if self.deliver(opened.subscription_key, message) and not opened.interrupting:
            self.take_buffered(instance, [opened])

    def start_by(
        self, process: LoadedProcess, trigger: gathering.Trigger
    ) -> RunningInstance | None:
        """Start an instance by an event; None: its start event waits for others besides."""
        return event_starts.start_by(self, process, trigger)

    def start_waiting(self, process_id: str, key: str) -> None:
        """Let what waited for a correlation key of a process start it, afterwards: the key is free now."""
        self._follow_ups.append(partial(event_starts.start_next, self, process_id, key))

    def _project_case(self, instance: RunningInstance, touched: frozenset[str]) -> None:
        assert instance.case_key is not None
        cases.project_case(
            self.unit,
            instance.case_key,
            properties=instance.process.model.properties,
            variables=instance.root_variables,
            surroundings=feel_surroundings(self.unit, self.snapshot),
            touched=touched,
        )
