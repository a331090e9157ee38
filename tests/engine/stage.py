"""Plays a file of several processes: instances call each other; each is saved between all steps, or never.

What is waited for is told as in `blocks.Working`: element and kind, oldest first.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

import pytest

from service import engine
from service.bpmn import parse
from service.engine import (
    Activate,
    AdHocActivation,
    Binding,
    CallOpened,
    CompiledProcess,
    JobOpened,
    Modification,
    Move,
    Step,
    SubscriptionOpened,
    UserTaskOpened,
    calling_off,
    commands,
    modification,
)
from service.engine.job_results import AdHocResult
from service.engine.machine import Machine
from service.engine.recorder import Recorder
from service.engine.stepping import NOWHERE
from tests.engine.player import Player, answer

Wanted = tuple[str, str]
"""Element id and kind of what is waited for."""


WAYS = ("direct", "inferred", "sourceParent", "ancestor", "activated")
"""How a move tells the scope of its target: not at all, by one of three rules; or that it is no move, but that
the target is activated there and the source terminated.
"""

OTHER_WAYS = ("begins", "ends")
"""What is no move: the target is activated in the scope of the source; the source is terminated."""


def moved(key: int, scope_key: int, target: str, way: str) -> Modification:
    """Return what moves a token to another element of its scope, in one of `WAYS` or `OTHER_WAYS`."""
    if way == "begins":
        return Modification(activate=(Activate(target, ancestor_key=scope_key),))
    if way == "ends":
        return Modification(terminate=(key,))
    if way == "activated":
        return Modification(activate=(Activate(target, ancestor_key=scope_key),), terminate=(key,))
    if way == "ancestor":
        return Modification(move=(Move(key, target, ancestor_key=scope_key),))
    return Modification(move=(Move(key, target, ancestor=way),))


class Actor(Player):
    """One instance on a stage."""

    def __init__(
        self, stage: "Stage", process: CompiledProcess, start: str | None, values: Mapping[str, Any]
    ) -> None:
        """Start it."""
        self.stage = stage
        self.drawn = process
        self.machine: Machine | None = None
        self.key = stage.new_key()
        self.caller: tuple[Actor, int] | None = stage._calling
        self.steps: list[Step] = []
        super().__init__(
            "",
            values,
            start_event=start,
            key=self.key,
            new_key=stage.new_key,
            decide=answer(7),
            find_process=stage.find,
            caught_above=lambda code: self.caller is not None,
            escalated_above=self._escalated_above,
            hears_its_end=self._hears_its_end,
        )

    def compiled(self, name: str) -> CompiledProcess:
        """Return the process to run."""
        return self.drawn

    def _take(self, step: Step) -> Step:
        self.steps.append(step)
        return super()._take(step)

    def _escalated_above(self, code: str) -> bool | None:
        if self.caller is None:
            return None
        above, key = self.caller
        with above.stage.on(above):
            here = engine.catches_escalation(above.process, above.instance, key, code)
        return above._escalated_above(code) if here is None else here

    def _hears_its_end(self, key: int) -> bool:
        return any(child._must_hear() for child in self.called(key))

    def _must_hear(self) -> bool:
        everywhere = self.around.global_listeners
        with self.stage.on(self):
            return engine.must_hear_its_end(
                self.process, self.instance, self._hears_its_end, everywhere
            )

    def called(self, key: int) -> "list[Actor]":
        """Return the instances that one of its call activities has called and that are still there."""
        called = [one for one in self.stage.actors if one.caller == (self, key)]
        return [one for one in called if one.step.ended is None]

    def wanted(self) -> list[tuple[int, str, str]]:
        """Return key, element and kind of what is waited for."""
        kinds = {
            "BPMN_ELEMENT": "job",
            "EXECUTION_LISTENER": "listener",
            "AD_HOC_SUB_PROCESS": "lead",
        }
        found = [
            (key, wait.element_id, kinds[wait.kind] if isinstance(wait, JobOpened) else "user")
            for key, wait in self.waits.items()
            if isinstance(wait, UserTaskOpened | JobOpened)
            and key not in self.listeners
            and not is_house_job(wait)
        ]
        found += [(key, wait.element_id, "task_listener") for key, wait in self.listeners.items()]
        found += [(key, one.element_id, "timer") for key, one in self.timers.items()]
        found += [(key, one.element_id, "message") for key, one in self.subscriptions.items()]
        found += [(key, one.element_id, "signal") for key, one in self.signals.items()]
        found += [(key, one.element_id, "condition") for key, one in self.conditions.items()]
        found += [(key, element_id, "incident") for key, element_id in self.incidents.items()]
        return found


def is_house_job(wait: object) -> bool:
    """Tell whether the house does a job itself."""
    return isinstance(wait, JobOpened) and wait.type.startswith("huiyin:")


class Stage:
    """All instances of one file.

    Attributes:
        file: What it plays.
        ahead: How often messages wait, by name, that were sent before anybody waited for them.
        actors: In the order in which they were started.
    """

    def __init__(
        self, file: bytes, *, is_saved: bool, start: str | None = None, **values: Any
    ) -> None:
        """Start the first process of a file."""
        self.file = file
        self.is_saved = is_saved
        names = [process.id for process in parse(file).processes]
        self.processes = {name: engine.compile_process(file, name) for name in names}
        self._keys = count(100)
        self._calling: tuple[Actor, int] | None = None
        self._machine: Machine | None = None
        self._todo: deque[Callable[[], None]] = deque()
        self.ahead: Counter[str] = Counter()
        self.actors: list[Actor] = []
        self._start(names[0], start, values)
        while self._todo:
            self._todo.popleft()()

    def new_key(self) -> int:
        """Return a fresh key."""
        return next(self._keys)

    def find(self, binding: Binding) -> int | None:
        """Return the position of a process."""
        return list(self.processes).index(binding.id)

    def wanted(self) -> list[tuple[int, str, str, Actor]]:
        """Return key, element, kind and instance of all that is waited for, oldest first."""
        return sorted(
            ((*one, actor) for actor in self.actors for one in actor.wanted()),
            key=lambda one: one[0],
        )

    def open(self) -> Counter[Wanted]:
        """Return how often each is waited for."""
        return Counter((element_id, kind) for _, element_id, kind, _ in self.wanted())

    @property
    def history(self) -> list[list[tuple[str, str, str]]]:
        """What happened to the elements of each instance, in order: kind, element, type."""
        return [
            [(e.kind, e.element_id, e.element_type) for step in actor.steps for e in step.events]
            for actor in self.actors
        ]

    @property
    def elements(self) -> list[list[tuple[str, str, str]]]:
        """Id, type and state of each element of each instance, in the order of their keys."""
        return [_elements(actor) for actor in self.actors]

    @property
    def flows(self) -> Counter[str]:
        """How often each flow was taken."""
        return Counter(
            flow for actor in self.actors for step in actor.steps for flow in step.flows_taken
        )

    @property
    def ended(self) -> str | None:
        """How the first instance ended, or None."""
        return self.actors[0].step.ended

    def act(self, name: str, kind: str, nth: int = 0) -> None:
        """Let happen what an element waits for: the nth of it, oldest first; a signal reaches all."""
        kind, _, code = kind.partition(" of ")
        waited_for = {"error": "job", "change": "user"}.get(kind, kind)
        if kind == "by hand":
            found = self._active(name)
        else:
            found = [(k, actor) for k, e, w, actor in self.wanted() if (e, w) == (name, waited_for)]
        if kind == "signal":
            for key, actor in found:
                if key in actor.signals:
                    self._do(actor, engine.deliver_signal, key, {})
            return
        key, actor = found[nth]
        match kind:
            case "user":
                self._complete_task(actor, key)
            case "change":
                self._do(actor, engine.change_task, key, code, {})
            case "job" | "listener" | "task_listener":
                self._do(actor, engine.complete_job, key, {})
            case "lead":
                started = (AdHocActivation(code),) if code else ()
                answered = AdHocResult(started, is_fulfilled=not started)
                self._do(actor, partial(engine.complete_job, result=answered), key, {})
            case "timer":
                due_at = max(actor.around.now, actor.timers[key].due_at)
                actor.around = replace(actor.around, now=due_at)
                self._do(actor, engine.trigger_timer, key)
            case "message":
                self._do(actor, engine.deliver_message, key, {})
            case "incident":
                self._do(actor, engine.set_variables, actor.key, {f"fixed_{name}": True}, True)
                actor.incidents.pop(key)
                if key in actor.waits:
                    self._do(actor, engine.complete_job, key, {})
                else:
                    self._do(actor, engine.retry, key)
            case "error":
                self._do(actor, engine.throw_error, key, code, "because", {})
            case "condition":
                for value in (True, False):
                    if actor.step.ended is None:
                        self._do(
                            actor, engine.set_variables, actor.key, {f"go_{name}": value}, True
                        )
            case "by hand":
                self._do(actor, engine.activate_ad_hoc, key, [AdHocActivation(code)])
            case _:
                raise ValueError(kind)

    def move(self, name: str, nth: int, target: str, way: str = "direct") -> None:
        """Move the nth token of an element by hand, in one of `WAYS`."""
        key, actor = self._active(name)[nth]
        scope_key = next(
            e.scope_key
            for step in actor.steps
            for e in step.events
            if e.element_instance_key == key
        )
        self._do(actor, engine.modify, moved(key, scope_key, target, way))

    def cancel(self) -> None:
        """Cancel the first instance."""
        self._do(self.actors[0], engine.cancel)

    def _active(self, name: str) -> list[tuple[int, Actor]]:
        return [
            (k, a) for a in self.actors for k, element_id in a.active.items() if element_id == name
        ]

    def _complete_task(self, actor: Actor, key: int) -> None:
        """Complete a user task; its listeners are asked first."""
        name = actor.waits[key].element_id
        specs = actor.process.spec.task_specs.values()
        (task,) = [s for s in specs if s.element_id == name and hasattr(s, "task_listeners")]
        if task.task_listeners["completing"]:
            self._do(actor, engine.change_task, key, "completing", {})
        else:
            self._do(actor, engine.complete_user_task, key, {})

    def _do(self, actor: Actor, command: Callable[..., Step], *arguments: Any) -> None:
        """Run a command on an instance, then all that follows from it in others."""
        self._run(actor, command, *arguments)
        while self._todo:
            self._todo.popleft()()

    def _run(self, actor: Actor, command: Callable[..., Step], *arguments: Any) -> None:
        if actor.step.ended is None:
            with self.on(actor):
                actor._run(command, *arguments)
            self._follow(actor)

    def _start(self, name: str, start: str | None, values: Mapping[str, Any]) -> Actor:
        with self.on(None):
            actor = Actor(self, self.processes[name], start, values)
        actor.machine = self._machine
        self.actors.append(actor)
        self._follow(actor)
        return actor

    def _follow(self, actor: Actor) -> None:
        """Note what follows from the last step of an instance, in the order in which the house does it."""
        step = actor.step
        gone = {event.element_instance_key for event in step.events if event.kind == "TERMINATED"}
        self._end_called(actor, gone, engine.terminate)
        for job in filter(is_house_job, step.jobs):
            self._todo.append(partial(self._do_house_job, actor, job))
        for told in step.task_changes:
            if told.event == "COMPLETING":
                complete = partial(self._run, actor, engine.complete_user_task)
                self._todo.append(partial(complete, told.element_instance_key, {}))
        for call in step.calls:
            self._todo.append(partial(self._call, actor, call))
        for opened in step.subscriptions:
            self._todo.append(partial(self._take_ahead, actor, opened))
        if step.called_off:
            self._todo.append(partial(self._end_called, actor, {*step.called_off}, engine.cancel))
        for thrown in step.escalations:
            self._todo.append(partial(self._escalate, actor, thrown.code))
        if step.ended is not None and actor.caller is not None:
            self._todo.append(partial(self._give_back, actor))

    def _end_called(self, actor: Actor, keys: set[int], command: Callable[..., Step]) -> None:
        for key in sorted(keys):
            for child in actor.called(key):
                self._run(child, command)

    def _take_ahead(self, actor: Actor, opened: SubscriptionOpened) -> None:
        name, key = opened.message_name, opened.subscription_key
        if self.ahead[name] and key in actor.subscriptions:
            self.ahead[name] -= 1
            self._run(actor, engine.deliver_message, key, {})

    def _do_house_job(self, actor: Actor, job: JobOpened) -> None:
        key = job.element_instance_key
        if key not in actor.waits:
            return
        if actor.scopes[key].get("time_to_live") == "never":
            actor.incidents[key] = job.element_id
        else:
            self._run(actor, engine.complete_job, key, {})

    def _call(self, actor: Actor, call: CallOpened) -> None:
        if call.element_instance_key in actor.waits:
            name = list(self.processes)[call.process_key]
            self._calling = (actor, call.element_instance_key)
            self._start(name, None, call.variables)

    def _escalate(self, actor: Actor, code: str) -> None:
        assert actor.caller is not None
        above, key = actor.caller
        if above.step.ended is None and key in above.waits:
            self._run(above, engine.throw_escalation, key, code)

    def _give_back(self, actor: Actor) -> None:
        assert actor.caller is not None
        above, key = actor.caller
        step = actor.step
        if above.step.ended is not None or key not in above.waits:
            return
        if step.thrown is not None:
            thrown = step.thrown
            self._run(above, engine.throw_error, key, thrown.code, thrown.message, thrown.variables)
        elif step.ended == "COMPLETED":
            self._run(above, engine.complete_call, key, step.root_variables or {})
        else:
            self._run(above, engine.end_call, key)

    @contextmanager
    def on(self, actor: Actor | None) -> Iterator[None]:
        """Let commands find the machine of an instance in memory, if none of this stage is saved.

        None: they make it. What the engine would load and save is the same machine, so that all commands
        serve both ways of playing; patching two names of each module is the only way to give it to them.
        """
        if self.is_saved:
            yield
            return
        patched: Any = commands
        decode, finish = patched.decode, patched.finish_step

        def kept(_process: object, _instance: object, around: engine.Surroundings) -> Machine:
            assert actor is not None
            assert actor.machine is not None
            return _woken(actor.machine, around)

        def finished(machine: Machine) -> Step:
            self._machine = machine
            step: Step = finish(machine)
            return step

        with pytest.MonkeyPatch.context() as patch:
            for module in (commands, modification, calling_off):
                patch.setattr(module, "decode", kept)
                patch.setattr(module, "finish_step", finished)
            yield
        assert (patched.decode, patched.finish_step) == (decode, finish)


def _woken(machine: Machine, around: engine.Surroundings) -> Machine:
    """Return a machine ready for one more step, or for a question that changes nothing."""
    if around is not NOWHERE:
        machine.surroundings = around
        machine.record = Recorder()
        machine.variables.written.clear()
        machine.variables.dropped.clear()
        machine.conditions_opened.clear()
        machine._entered = machine._instances = 0
    return machine


def _elements(actor: Actor) -> list[tuple[str, str, str]]:
    found: dict[int, tuple[str, str, str]] = {}
    for step in actor.steps:
        for event in step.events:
            state = "ACTIVE" if event.kind == "ACTIVATED" else event.kind
            found[event.element_instance_key] = (event.element_id, event.element_type, state)
    return [found[key] for key in sorted(found)]
