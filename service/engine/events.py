"""How an event that was waited for comes in: its element hears it, a timer's cycle is set anew."""

from collections.abc import Mapping
from typing import Any

from service.engine.machine import Token
from service.engine.triggers import close, next_firing, open_all


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
