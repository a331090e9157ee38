"""How an event that was waited for comes in: its element hears it, a timer's cycle is set anew.

Signals of the instance itself are heard here, too.
"""

from collections.abc import Mapping
from typing import Any

from service.engine.machine import Token
from service.engine.triggers import close, next_firing, open_all
from service.engine.waits import SignalThrown


def happen(host: Token, subscription: dict[str, Any], payload: Mapping[str, Any]) -> None:
    """Let an event happen that a token has subscribed to.

    A timer that interrupts nothing is set to its next firing; a message stays subscribed. A parallel
    multiple event happens when all that it waits for has come.
    """
    machine = host.workflow
    event = _event_of(host, subscription)
    if subscription["kind"] == "timer" and not subscription["interrupting"]:
        close(host, subscription)
        following = next_firing(subscription, machine.surroundings.now)
        if following is not None:
            open_all([following], host)
    together = take_in(host, subscription, payload)
    if together is not None:
        event.fire(host, together)


def take_in(
    host: Token, subscription: dict[str, Any], payload: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Return what an event that happens now has brought; None: a parallel multiple one lacks something else."""
    event = _event_of(host, subscription)
    if not needs_all(event):
        return payload
    if subscription["interrupting"] and subscription in host.notes.get("subscriptions", ()):
        close(host, subscription)
    return _gather(host, event, subscription.get("part", 0), payload)


def needs_all(event: Any) -> bool:
    """Whether an event is a parallel multiple one."""
    return event.model.needs_all and len(event.model.events) > 1


def _event_of(host: Token, subscription: Mapping[str, Any]) -> Any:
    event = host.task_spec
    if event.element_id == subscription["event"]:
        return event
    return host.workflow.spec.task_specs[subscription["event"]]


def reach(host: Token, event: Any, part: int, payload: Mapping[str, Any]) -> None:
    """One definition of an event has come: the event happens, a parallel multiple one when all have."""
    together: Mapping[str, Any] | None = payload
    if needs_all(event):
        together = _gather(host, event, part, payload)
    if together is not None:
        event.fire(host, together)


def is_complete_with(host: Token, event: Any, part: int) -> bool:
    """Whether an event happens when this definition comes: of a parallel multiple event all others have."""
    if not needs_all(event):
        return True
    heard = host.notes.get("heard", {}).get(event.element_id, {})
    return {*heard, str(part)} == {str(other) for other in range(len(event.model.events))}


def _gather(
    host: Token, event: Any, part: int, payload: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Keep what one definition of a parallel multiple event has brought; return all when none is missing.

    As at a parallel join, one of each is taken and what is more waits for the next time; an event that
    happens only once hears each definition once.

    Source: BPMN 2.0.2 §10.5.1 (parallel multiple); the surplus: none, our own.
    """
    event_id = event.element_id
    heard = host.notes.setdefault("heard", {}).setdefault(event_id, {})
    heard.setdefault(str(part), []).append(dict(payload))
    if len(heard) < len(event.model.events):
        return None
    taken = {key: waiting.pop(0) for key, waiting in sorted(heard.items(), key=_by_part)}
    host.notes["heard"][event_id] = {key: left for key, left in heard.items() if left}
    return {name: value for one in taken.values() for name, value in one.items()}


def _by_part(item: tuple[str, Any]) -> int:
    return int(item[0])


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
        for token in machine.noted("subscriptions")
        for subscription in token.notes["subscriptions"]
        if subscription["kind"] == "signal" and subscription["name"] == name
    ]
    for host, subscription in waiting:
        # One that was heard before may have ended the next one's wait.
        if subscription in host.notes.get("subscriptions", ()):
            happen(host, subscription, variables)
