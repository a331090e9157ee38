"""How an event that was waited for comes in: its element hears it, a timer's cycle is set anew.

Signals of the instance itself are heard here, too.
"""

from collections.abc import Mapping
from typing import Any

from service.engine.machine import Token
from service.engine.triggers import close, next_firing, open_all
from service.engine.values import SignalThrown


def happen(host: Token, subscription: dict[str, Any], payload: Mapping[str, Any]) -> None:
    """Let an event happen that a token has subscribed to.

    A timer that interrupts nothing is set to its next firing; a message stays subscribed.
    """
    machine = host.workflow
    event = host.task_spec
    if event.element_id != subscription["event"]:
        event = machine.spec.task_specs[subscription["event"]]
    if subscription["kind"] == "timer" and not subscription["interrupting"]:
        close(host, subscription)
        following = next_firing(subscription, machine.surroundings.now)
        if following is not None:
            open_all([following], host)
    event.fire(host, payload)


def broadcast(thrower: Token, name: str, variables: Mapping[str, Any]) -> None:
    """Let everybody in the instance hear a signal who waits for it now, outer scopes first.

    Others are for the caller to tell, who finds the signal in the step.
    """
    machine = thrower.workflow
    machine.record.signals.append(
        SignalThrown(thrower.key, thrower.task_spec.element_id, name, dict(variables))
    )
    waiting = [
        (token, subscription)
        for token in machine.tasks.values()
        for subscription in token.notes.get("subscriptions", ())
        if subscription["kind"] == "signal" and subscription["name"] == name
    ]
    for host, subscription in waiting:
        # One that was heard before may have ended the next one's wait.
        if subscription in host.notes.get("subscriptions", ()):
            happen(host, subscription, variables)
