"""What a resumed instance waits for again, and what came true in it: meanwhile its events are closed."""

from service.engine.codec import decode
from service.engine.compiled import CompiledProcess
from service.engine.conditions import release
from service.engine.stepping import NOWHERE, finish_step
from service.engine.triggers import tell
from service.engine.values import Instance, Step, Surroundings


def waited_for(process: CompiledProcess, instance: Instance) -> Step:
    """Return every timer and subscription that is open, as a step that has just opened them.

    Their keys are those they have had; nothing else is in the step, its state is the one given.
    """
    machine = decode(process, instance, NOWHERE)
    for token in machine.noted("subscriptions"):
        for subscription in token.notes["subscriptions"]:
            tell(subscription, token)
    record = machine.record
    return Step(
        state=instance.state,
        timers=tuple(record.timers),
        subscriptions=tuple(record.subscriptions),
        signal_subscriptions=tuple(record.signal_subscriptions),
        conditions=tuple(record.conditions),
    )


def resume(process: CompiledProcess, instance: Instance, surroundings: Surroundings) -> Step:
    """Return the step after the conditional events that came true meanwhile were triggered."""
    machine = decode(process, instance, surroundings)
    release(machine)
    return finish_step(machine)
