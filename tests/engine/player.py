"""Plays one instance the way a caller does: state and variables are stored and loaded between all calls."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import Any

import orjson

from service import engine
from service.engine import (
    AdHocActivation,
    Binding,
    CallOpened,
    CompiledProcess,
    ConditionOpened,
    DecisionAnswer,
    Instance,
    JobOpened,
    JobResult,
    Limits,
    Migrated,
    Modification,
    OpenJob,
    SignalSubscriptionOpened,
    Step,
    SubscriptionOpened,
    Surroundings,
    TimerOpened,
    UserTaskOpened,
)

FOLDER = Path(__file__).parent
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
INSTANCE_KEY = 1
FORM_KEY = 71
PROCESS_KEY = 72

Wait = UserTaskOpened | JobOpened | CallOpened


@cache
def compiled(name: str) -> CompiledProcess:
    """Return the process of `<name>.bpmn`, compiled once for all tests, as the house does."""
    return engine.compile_process((FOLDER / f"{name}.bpmn").read_bytes(), "process")


def answer(output: Any) -> Callable[[Binding, Mapping[str, Any]], DecisionAnswer]:
    """Return a `decide` that always answers this."""
    return lambda binding, variables: DecisionAnswer(5, output, record=(binding, dict(variables)))


class Player:
    """One running instance.

    Attributes:
        step: What the last call answered.
        scopes: Stored variables by scope.
        history: Kind and element id of all element events so far.
        active: Element id by key of what was activated and is not over.
        incidents: Element id by key of what waits for an operator.
        failed: Keys of what waits for a job that has failed for good.
    """

    def __init__(
        self,
        name: str,
        variables: Mapping[str, Any] | None = None,
        *,
        start_event: str | None = None,
        key: int = INSTANCE_KEY,
        **around: Any,
    ) -> None:
        """Start an instance; `around` replaces parts of the surroundings."""
        self.key = key
        self.process = self.compiled(name)
        keys = count(100)
        self.around = Surroundings(
            now=NOON,
            new_key=lambda: next(keys),
            decide=answer(None),
            find_process=lambda binding: PROCESS_KEY,
            find_form=lambda binding: FORM_KEY,
        )
        self.around = replace(self.around, **around)
        self.state = b""
        self.scopes: dict[int, dict[str, Any]] = {}
        self.waits: dict[int, Wait] = {}
        self.listeners: dict[int, Wait] = {}
        self.timers: dict[int, TimerOpened] = {}
        self.subscriptions: dict[int, SubscriptionOpened] = {}
        self.signals: dict[int, SignalSubscriptionOpened] = {}
        self.conditions: dict[int, ConditionOpened] = {}
        self.history: list[tuple[str, str]] = []
        self.active: dict[int, str] = {}
        self.incidents: dict[int, str] = {}
        self.failed: set[int] = set()
        step = engine.start(
            self.process,
            key=key,
            variables=variables or {},
            surroundings=self.around,
            start_event=start_event,
        )
        self._take(step)

    def compiled(self, name: str) -> CompiledProcess:
        """Return the process to run."""
        return compiled(name)

    # -- commands

    def complete(self, element_id: str, _index: int = 0, /, **variables: Any) -> Step:
        """Complete the user task, job or call of an element (the `_index`-th open one)."""
        return self.complete_key(
            self.waits_of(element_id)[_index].element_instance_key, **variables
        )

    def complete_key(self, key: int, /, **variables: Any) -> Step:
        """Complete what waits under a key."""
        command = {
            UserTaskOpened: engine.complete_user_task,
            JobOpened: engine.complete_job,
            CallOpened: engine.complete_call,
        }[type(self.waits[key])]
        return self._run(command, key, variables)

    def answer_job(self, element_id: str, result: JobResult, /, **variables: Any) -> Step:
        """Complete the job of an element with a result."""
        key = self.waits_of(element_id)[0].element_instance_key
        command = partial(engine.complete_job, result=result)
        return self._run(command, key, variables)

    def change(self, element_id: str, event: str, /, **changes: Any) -> Step:
        """Ask the listeners of a user task about a change."""
        key = self.waits_of(element_id)[0].element_instance_key
        return self._run(engine.change_task, key, event, changes)

    def answer(self, result: JobResult | None = None, /, **variables: Any) -> Step:
        """Complete the oldest job of a task listener."""
        command = partial(engine.complete_job, result=result)
        return self._run(command, next(iter(self.listeners)), variables)

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Type and event of the open jobs of task listeners, oldest first."""
        jobs = [job for job in self.listeners.values() if isinstance(job, JobOpened)]
        return [(job.type, job.listener_event_type) for job in jobs]

    def activate(
        self, element_instance_key: int, *ids: str, cancel_remaining: bool = False
    ) -> Step:
        """Start activities of an ad-hoc sub-process by hand."""
        command = partial(engine.activate_ad_hoc, cancel_remaining=cancel_remaining)
        return self._run(command, element_instance_key, [AdHocActivation(name) for name in ids])

    def throw(self, element_id: str, code: str, /, **variables: Any) -> Step:
        """Throw an error from a job or call."""
        key = self.waits_of(element_id)[0].element_instance_key
        return self._run(engine.throw_error, key, code, "because", variables)

    def fire(self, element_id: str) -> Step:
        """Trigger the timer of an event at its moment."""
        timer = next(t for t in self.timers.values() if t.element_id == element_id)
        self.around = replace(self.around, now=max(self.around.now, timer.due_at))
        return self._run(engine.trigger_timer, timer.timer_key)

    def deliver(self, element_id: str, /, **variables: Any) -> Step:
        """Deliver the message an event waits for."""
        found = next(s for s in self.subscriptions.values() if s.element_id == element_id)
        return self._run(engine.deliver_message, found.subscription_key, variables)

    def signal(self, element_id: str, /, **variables: Any) -> Step:
        """Deliver the signal an event waits for."""
        found = next(s for s in self.signals.values() if s.element_id == element_id)
        return self._run(engine.deliver_signal, found.subscription_key, variables)

    def escalate(self, element_id: str, code: str) -> Step:
        """Throw an escalation out of a call."""
        key = self.waits_of(element_id)[0].element_instance_key
        return self._run(engine.throw_escalation, key, code)

    def write(self, scope_key: int, variables: Mapping[str, Any], *, local: bool = False) -> Step:
        """Set variables from outside."""
        return self._run(engine.set_variables, scope_key, variables, local)

    def retry(self, element_instance_key: int) -> Step:
        """Resolve an incident."""
        self.incidents.pop(element_instance_key, None)
        return self._run(engine.retry, element_instance_key)

    def cancel(self) -> Step:
        """Cancel the instance."""
        return self._run(engine.cancel)

    def modify(self, modification: Modification) -> Step:
        """Modify the instance by hand."""
        return self._run(engine.modify, modification)

    def migrate(self, name: str | CompiledProcess, *mapping: tuple[str, str]) -> Migrated:
        """Make the instance one of the process of `<name>.bpmn`, or of another one."""
        target = self.compiled(name) if isinstance(name, str) else name
        migrated = engine.migrate(
            self.process, target, self.instance, mapping, self.around, job_of=self._open_job
        )
        self.process = target
        self._take(migrated.step)
        for moved in migrated.elements:
            if moved.element_instance_key in self.waits:
                wait = self.waits[moved.element_instance_key]
                self.waits[moved.element_instance_key] = replace(wait, element_id=moved.to_id)
        all_waiting: tuple[dict[int, Any], ...] = (self.timers, self.subscriptions, self.signals)
        for kept in migrated.kept:
            for waiting in all_waiting:
                if kept.subscription_key in waiting:
                    was = waiting[kept.subscription_key]
                    waiting[kept.subscription_key] = replace(was, element_id=kept.to_id)
        return migrated

    def _open_job(self, key: int) -> OpenJob:
        job = self.waits[key]
        assert isinstance(job, JobOpened), job
        return OpenJob(job.headers, has_incident=key in self.failed)

    # -- questions

    @property
    def instance(self) -> Instance:
        """The instance as it is stored."""
        return Instance(self.key, self.state, self.scopes)

    @property
    def open(self) -> list[str]:
        """Ids of the elements that wait for somebody, sorted, with repetition."""
        return sorted(wait.element_id for wait in self.waits.values())

    @property
    def root(self) -> dict[str, Any]:
        """The root variables."""
        return self.scopes.get(self.key, {})

    def waits_of(self, element_id: str) -> list[Wait]:
        """Return the open waits of an element, oldest first."""
        return [wait for wait in self.waits.values() if wait.element_id == element_id]

    def job_of(self, element_id: str) -> JobOpened:
        """Return the oldest open job of an element."""
        return next(wait for wait in self.waits_of(element_id) if isinstance(wait, JobOpened))

    def local(self, element_id: str) -> dict[str, Any]:
        """Return the local variables of the element that waits."""
        return self.scopes.get(self.waits_of(element_id)[0].element_instance_key, {})

    def happened(self, kind: str) -> list[str]:
        """Return the ids of the elements to which that happened, in order."""
        return [element_id for what, element_id in self.history if what == kind]

    # -- storing

    def _run(self, command: Callable[..., Step], *arguments: Any) -> Step:
        return self._take(command(self.process, self.instance, *arguments, self.around))

    def _take(self, step: Step) -> Step:
        self.step, self.state = step, step.state
        for written in step.variables:
            # What is stored is JSON: what does not survive it may not come out of the engine.
            value = orjson.loads(orjson.dumps(written.value))
            self.scopes.setdefault(written.scope_key, {})[written.name] = value
        for scope_key in step.scopes_dropped:
            self.scopes.pop(scope_key, None)
        for over in step.over:
            asked = over.kind == "task_listener"
            (self.listeners if asked else self.waits).pop(over.element_instance_key, None)
        opened: tuple[Wait, ...] = (*step.user_tasks, *step.jobs, *step.calls)
        for wait in opened:
            asked = isinstance(wait, JobOpened) and wait.kind == "TASK_LISTENER"
            (self.listeners if asked else self.waits)[wait.element_instance_key] = wait
        known = {*self.timers, *self.subscriptions, *self.signals, *self.conditions}
        for timer in step.timers:
            self.timers[timer.timer_key] = timer
        for subscription in step.subscriptions:
            self.subscriptions[subscription.subscription_key] = subscription
        for wait_for in step.signal_subscriptions:
            self.signals[wait_for.subscription_key] = wait_for
        for condition in step.conditions:
            self.conditions[condition.subscription_key] = condition
        told = {key for keys in step.subscriptions_closed.values() for key in keys}
        assert told == set(step.closed) & known, "a wait is over that is not told by its kind"
        for key in step.closed:
            self.timers.pop(key, None)
            self.subscriptions.pop(key, None)
            self.signals.pop(key, None)
            self.conditions.pop(key, None)
        self.history += [(event.kind, event.element_id) for event in step.events]
        for raised in step.incidents:
            self.incidents[raised.element_instance_key] = raised.element_id
        for event in step.events:
            if event.kind == "ACTIVATED":
                self.active[event.element_instance_key] = event.element_id
            else:
                self.active.pop(event.element_instance_key, None)
                self.incidents.pop(event.element_instance_key, None)
        if not step.ended:
            used_bytes = orjson.loads(step.state)[1]
            sizes = (len(orjson.dumps(values)) - 1 for values in self.scopes.values() if values)
            assert used_bytes == sum(sizes), "the bytes of the variables are miscounted"
        if step.ended:
            waits = [*self.waits, *self.listeners, *self.timers, *self.incidents]
            left = [*waits, *self.subscriptions, *self.signals, *self.conditions]
            assert not left, f"an ended instance still waits: {left}"
        return step


class Drawn(Player):
    """An instance of a process that the test has drawn itself.

    Attributes:
        file: The diagram; its process is called `process`.
    """

    def __init__(self, file: bytes, variables: Mapping[str, Any] | None = None) -> None:
        """Start it."""
        self.file = file
        super().__init__("", variables)

    def compiled(self, name: str) -> CompiledProcess:
        """Return the process to run."""
        return engine.compile_process(self.file, "process")


def small(**limits: int) -> Limits:
    """Return limits, the usual ones but for those named."""
    return replace(Limits(), **limits)
