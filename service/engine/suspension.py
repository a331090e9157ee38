"""What a resumed instance waits for again: its events are closed while it is suspended."""

from service.engine.codec import decode
from service.engine.compiled import CompiledProcess
from service.engine.stepping import NOWHERE
from service.engine.triggers import tell
from service.engine.values import Instance, Step


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
