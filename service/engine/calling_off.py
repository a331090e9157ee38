"""A call activity that is terminated waits for its called instance when somebody there must hear of it.

Source: Camunda 8: a call activity terminates its child first, and is terminated when that is.
"""

from collections.abc import Callable
from dataclasses import replace

from service.domain.global_listeners import GlobalListeners
from service.engine.codec import decode
from service.engine.compiled import CompiledProcess
from service.engine.leaving import canceled, hears_its_end, is_leaving
from service.engine.stepping import NOWHERE, finish_step
from service.engine.values import Instance, Step, Surroundings


def must_hear_its_end(
    process: CompiledProcess,
    instance: Instance,
    below: Callable[[int], bool],
    everywhere: GlobalListeners,
) -> bool:
    """Return whether an instance cannot be terminated at once: its listeners, or its callees', are asked.

    Args:
        process: What runs.
        instance: The instance.
        below: The same of the instance that one of its call activities has called.
        everywhere: The listeners of all processes.
    """
    around = replace(NOWHERE, hears_its_end=below, global_listeners=everywhere)
    machine = decode(process, instance, around)
    return hears_its_end(machine.root)


def is_called_off(process: CompiledProcess, instance: Instance) -> bool:
    """Return whether an instance is being terminated and only waits for whoever must hear it."""
    return is_leaving(decode(process, instance, NOWHERE).root)


def terminate(process: CompiledProcess, instance: Instance, surroundings: Surroundings) -> Step:
    """Return the last step of an instance that ends at once, without asking anybody.

    Source: Camunda 8 process instance modification: what a call activity has called that is terminated by hand
    is terminated with it (ProcessInstanceModificationModifyProcessor); what else terminates a call has asked.
    """
    machine = decode(process, instance, surroundings)
    machine.terminate(machine.root)
    return finish_step(machine)


def end_call(
    process: CompiledProcess,
    instance: Instance,
    element_instance_key: int,
    surroundings: Surroundings,
) -> Step:
    """Return the step after a called instance was terminated; one that was not called off changes nothing."""
    machine = decode(process, instance, surroundings)
    token = machine.token(element_instance_key)
    if token is not None and "called_off" in token.notes:
        canceled(token)
    return finish_step(machine)
