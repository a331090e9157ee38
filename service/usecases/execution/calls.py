"""Between a call activity and the process it called: giving back, catching above, ending the called."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from sqlalchemy import select

from service import engine
from service.engine.values import ElementEvent, Instance, Step, Surroundings
from service.engine.waits import ErrorThrown
from service.persistence.tables import instances
from service.persistence.unit import Unit
from service.usecases.execution.house_job_runs import is_waiting
from service.usecases.execution.returns import keep_escalation, keep_return
from service.usecases.execution.running import LIVE_STATES, RunningInstance
from service.usecases.execution.world import Snapshot


class Stepping(Protocol):
    """What of the running transaction is needed here."""

    unit: Unit

    @property
    def snapshot(self) -> Snapshot:
        """Rarely changing facts."""
        ...

    def load_live(self, instance_key: int) -> RunningInstance:
        """Lock and load an instance that has not ended."""
        ...

    def step(
        self,
        instance: RunningInstance,
        call: Callable[[engine.CompiledProcess, Instance, Surroundings], Step],
    ) -> None:
        """Run one engine call on an instance and write what it did."""
        ...

    def cancel(self, instance: RunningInstance) -> None:
        """Terminate an instance with everything it called."""
        ...


def return_to_caller(execution: Stepping, child: RunningInstance, step: Step) -> None:
    """Give the caller of an instance what its last step left; a suspended one takes it when resumed."""
    assert child.parent_instance_key is not None
    assert child.parent_element_instance_key is not None
    element_key = child.parent_element_instance_key
    is_terminated = step.ended == "TERMINATED" and step.thrown is None
    if is_terminated and not is_waiting(execution.unit, element_key):
        return
    parent = execution.load_live(child.parent_instance_key)
    if not parent.is_live or not is_waiting(execution.unit, element_key):
        return
    if is_terminated:
        execution.step(
            parent,
            lambda process, value, around: engine.end_call(process, value, element_key, around),
        )
        return
    if parent.is_suspended:
        keep_return(execution.unit, parent, element_key, step)
        return
    give_back(execution, parent, element_key, step.thrown, step.root_variables or {})


def give_back(
    execution: Stepping,
    parent: RunningInstance,
    element_key: int,
    thrown: ErrorThrown | None,
    outputs: Mapping[str, Any],
) -> None:
    """Let a call activity go on: with the error that its called process threw, or its outputs."""
    if thrown is None:
        execution.step(
            parent,
            lambda process, value, around: engine.complete_call(
                process, value, element_key, outputs, around
            ),
        )
        return
    execution.step(
        parent,
        lambda process, value, around: engine.throw_error(
            process, value, element_key, thrown.code, thrown.message, thrown.variables, around
        ),
    )


def is_caught_above(execution: Stepping, instance: RunningInstance, code: str) -> bool:
    """Whether a caller of an instance, at any height, catches an error code thrown by it."""
    if instance.parent_instance_key is None or instance.parent_element_instance_key is None:
        return False
    parent = execution.load_live(instance.parent_instance_key)
    return engine.catches_error(
        parent.process.compiled, parent.value(), instance.parent_element_instance_key, code
    ) or is_caught_above(execution, parent, code)


def escalated_above(execution: Stepping, instance: RunningInstance, code: str) -> bool | None:
    """Whether the event of a caller that catches an escalation interrupts; None: nobody catches it."""
    if instance.parent_instance_key is None or instance.parent_element_instance_key is None:
        return None
    parent = execution.load_live(instance.parent_instance_key)
    element_key = instance.parent_element_instance_key
    here = engine.catches_escalation(parent.process.compiled, parent.value(), element_key, code)
    return escalated_above(execution, parent, code) if here is None else here


def escalate_to_caller(execution: Stepping, child: RunningInstance, code: str) -> None:
    """Let an escalation come out of the call activity that made an instance.

    A suspended caller hears it when it is resumed.
    """
    assert child.parent_instance_key is not None
    assert child.parent_element_instance_key is not None
    parent = execution.load_live(child.parent_instance_key)
    element_key = child.parent_element_instance_key
    if not parent.is_live or not is_waiting(execution.unit, element_key):
        return
    if parent.is_suspended:
        keep_escalation(execution.unit, parent, element_key, code)
    else:
        escalate(execution, parent, element_key, code)


def escalate(execution: Stepping, parent: RunningInstance, element_key: int, code: str) -> None:
    """Throw an escalation at a call activity that waits."""
    execution.step(
        parent,
        lambda process, value, around: engine.throw_escalation(
            process, value, element_key, code, around
        ),
    )


def end_called(execution: Stepping, gone: Sequence[ElementEvent]) -> None:
    """Terminate what call activities had called that were terminated: who must hear of it has, or need not."""
    keys = [e.element_instance_key for e in gone if e.element_type == "CALL_ACTIVITY"]
    for child in _called(execution, keys):
        execution.step(child, engine.terminate)


def call_off(execution: Stepping, element_keys: Sequence[int]) -> None:
    """Terminate what call activities have called, when all who must hear it have."""
    for child in _called(execution, element_keys):
        execution.cancel(child)


def hears_its_end(execution: Stepping, element_key: int) -> bool:
    """Whether somebody must hear of its end in what a call activity has called, or below that."""
    return any(
        engine.must_hear_its_end(
            child.process.compiled,
            child.value(),
            partial(hears_its_end, execution),
            execution.snapshot.global_listeners,
        )
        for child in _called(execution, [element_key])
    )


def _called(execution: Stepping, element_keys: Sequence[int]) -> Iterator[RunningInstance]:
    if not element_keys:
        return
    table = instances.process_instances
    children = execution.unit.connection.execute(
        select(table.c.key).where(
            table.c.parent_element_instance_key.in_(element_keys), table.c.state.in_(LIVE_STATES)
        )
    ).scalars()
    for key in children.all():
        child = execution.load_live(key)
        if child.is_live:
            yield child
