"""Conditional events: heard when their scope begins, and whenever a variable that they name changes.

A subscription of the kind `condition` stands in the notes of the token that waits, like any other; the engine
asks it by itself.

Source: Camunda 8.9 conditionals (BpmnConditionalBehavior): the scopes below the one where a variable
changed are asked from the top down; a subscription is triggered once by one merge of variables; what is
interrupted is not asked further; only `true` triggers, null and failures do not. Camunda 8.10
(ConditionalSubscriptionTriggerProcessor): what comes true in a suspended instance is kept until it is resumed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from service.engine.errors import ElementFailure
from service.engine.events import happen, needs_all, take_in
from service.engine.machine import Machine, Token
from service.engine.triggers import condition_of, find_subscription, open_all
from service.engine.variables import Change

Subscription = dict[str, Any]


def hear(machine: Machine) -> None:
    """Trigger the conditional events that the variables changed since the last time make true."""
    changes, machine.variables.changes = machine.variables.changes, []
    missed, machine.conditions_opened = machine.conditions_opened, {}
    if not machine.spec.conditions:
        return
    watched = None if "keeps_conditions" in machine.root.notes else machine.spec.watched_names
    if not any(watched is None or change.name in watched for change in changes):
        return
    met = [
        (token, subscription)
        for token in _downward(machine, machine.root)
        for subscription in _first_interrupting(token, _met(token, changes, missed))
    ]
    if machine.surroundings.is_suspended:
        held = machine.root.notes.setdefault("held", [])
        held.extend(subscription["key"] for _token, subscription in met)
        return
    for token, subscription in met:
        _trigger(token, subscription)


def release(machine: Machine) -> None:
    """Trigger what came true while the instance was suspended, in that order, if it is still waited for.

    Whether it is still true is not asked, nor how often it came true.
    """
    for key in machine.root.notes.pop("held", ()):
        token = machine.subscriber(key)
        found = token and find_subscription([token], key, "condition")
        if found:
            happen(*found, {})


def hear_at_once(token: Token) -> bool:
    """Trigger the events of a token that has just subscribed whose condition is true already.

    Returns:
        False when one of them has interrupted the token: it is gone.
    """
    if token.workflow.spec.conditions:
        for subscription in _first_interrupting(token, _true(token)):
            _trigger(token, subscription)
    return token.is_live


def opened_and_true(
    prepared: list[Subscription], token: Token
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Open what an event or gateway waits for; give the events that happen at once by their conditions.

    Each with what a parallel multiple event was brought.
    """
    open_all(prepared, token)
    mine = {subscription["event"] for subscription in prepared}
    for subscription in list(_true(token)):
        if subscription["event"] in mine:
            together = take_in(token, subscription, {})
            if together is not None:
                yield subscription["event"], together


def is_met(token: Token, subscription: Subscription) -> bool:
    """Whether the condition of a subscription is true now."""
    machine = token.workflow
    condition = condition_of(machine.spec, subscription)
    try:
        return condition.value(machine.at(token)) is True
    except ElementFailure:
        # Nobody has asked for an answer that could fail: the condition is just not true.
        return False


def _true(token: Token) -> Iterator[Subscription]:
    for subscription in token.notes.get("subscriptions", ()):
        if subscription["kind"] == "condition" and is_met(token, subscription):
            yield subscription


def _met(token: Token, changes: list[Change], missed: Mapping[int, int]) -> Iterator[Subscription]:
    waiting = [s for s in token.notes.get("subscriptions", ()) if s["kind"] == "condition"]
    if not waiting:
        return
    seen = {around.key for around in token.around()}
    for subscription in waiting:
        since = changes[missed.get(subscription["key"], 0) :]
        concerned = any(c.scope_key in seen and _concerns(subscription, c) for c in since)
        if concerned and is_met(token, subscription):
            yield subscription


def _concerns(subscription: Mapping[str, Any], change: Change) -> bool:
    names, kinds = subscription["names"], subscription["changes"]
    return (not names or change.name in names) and (not kinds or change.kind in kinds)


def _first_interrupting(token: Token, subscriptions: Iterator[Subscription]) -> list[Subscription]:
    """Return the subscriptions up to the first one that interrupts by itself."""
    taken: list[Subscription] = []
    for subscription in subscriptions:
        taken.append(subscription)
        event = token.workflow.spec.task_specs[subscription["event"]]
        if subscription["interrupting"] and not needs_all(event):
            break
    return taken


def _downward(machine: Machine, top: Token) -> Iterator[Token]:
    """Give a token and all inside it, scope by scope from the top down."""
    level = [top]
    while level:
        yield from level
        level = [child for token in level for child in machine.live_in(token.key)]


def _trigger(token: Token, subscription: Subscription) -> None:
    # One that was triggered before may have ended the next one's wait.
    if token.is_live and subscription in token.notes.get("subscriptions", ()):
        happen(token, subscription, {})
