"""What an event waits for: timers, messages, signals, conditions; subscriptions of the token that waits.

A subscription is a JSON record in the notes of its token: `key`, `event` (the catching element), `part` (of a
multiple event's definitions, when not the first), `kind`; for messages and signals `name`, for timers `due`,
`left` (firings left: None single, -1 endless), for conditions `names` (variables it depends on; none: all)
and `changes` (`create`, `update`; none: both), and `condition` when it has migrated from another event.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from service.bpmn import WAITED_FOR, ElementModel, EventDefinition
from service.bpmn.timers import (
    ENDLESS,
    TimerTextError,
    parse_cycle,
    parse_duration,
    parse_moment,
)
from service.engine.expressions import Formula, formula
from service.engine.machine import Token
from service.engine.place import Place
from service.engine.waits import (
    ConditionOpened,
    SignalSubscriptionOpened,
    SubscriptionOpened,
    TimerOpened,
)
from service.feel import names_of


class Trigger(Protocol):
    """A timer, message, signal or condition, compiled."""

    def prepare(self, place: Place, now: datetime) -> dict[str, Any]:
        """Return the subscription without its key.

        Args:
            place: Where its expressions are evaluated.
            now: The moment of the step.

        Raises:
            ElementFailure: An expression failed or gave the wrong type.
        """


@dataclass(frozen=True)
class TimerTrigger:
    """A date, duration or cycle."""

    kind: str
    text: Formula

    def prepare(self, place: Place, now: datetime) -> dict[str, Any]:
        """Return the subscription of the first firing; a cycle keeps its text for the next ones.

        Source: catalogue XC-T-7 (a running timer keeps what it was started with).
        """
        text = self.text.time_text(place)
        try:
            return {"kind": "timer"} | self._first(text, now)
        except TimerTextError as error:
            raise self.text.no_time(error) from error

    def _first(self, text: str, now: datetime) -> dict[str, Any]:
        if self.kind == "timeDate":
            return {"due": parse_moment(text).isoformat(), "left": None}
        if self.kind == "timeDuration":
            # A negative duration is due at once.
            return {"due": max(parse_duration(text).after(now), now).isoformat(), "left": None}
        cycle = parse_cycle(text)
        return {"due": cycle.first(now).isoformat(), "left": cycle.count, "cycle": text}


def next_firing(subscription: dict[str, Any], now: datetime) -> dict[str, Any] | None:
    """Return the subscription, without key, of the firing after this one; None after the last."""
    left = subscription["left"]
    if left is None or left == 1:
        return None
    due = parse_cycle(subscription["cycle"]).following(
        datetime.fromisoformat(subscription["due"]), now
    )
    left = ENDLESS if left == ENDLESS else left - 1
    rest = {name: value for name, value in subscription.items() if name != "key"}
    return rest | {"due": due.isoformat(), "left": left}


@dataclass(frozen=True)
class MessageTrigger:
    """A message with its correlation key (None only for start events of a process)."""

    name: Formula
    correlation_key: Formula | None

    def prepare(self, place: Place, now: datetime) -> dict[str, Any]:
        """Return the subscription: name and key are evaluated once, here."""
        name = self.name.name(place)
        key = "" if self.correlation_key is None else self.correlation_key.correlation_key(place)
        return {"kind": "message", "name": name, "correlation_key": key}


@dataclass(frozen=True)
class SignalTrigger:
    """A signal."""

    name: Formula

    def prepare(self, place: Place, now: datetime) -> dict[str, Any]:
        """Return the subscription: the name is evaluated once, here."""
        return {"kind": "signal", "name": self.name.name(place)}


@dataclass(frozen=True)
class ConditionTrigger:
    """A condition over variables (see `conditions`)."""

    names: frozenset[str]
    changes: tuple[str, ...]

    def prepare(self, place: Place, now: datetime) -> dict[str, Any]:
        """Return the subscription; nothing is evaluated here."""
        names, changes = sorted(self.names), list(self.changes)
        return {"kind": "condition", "names": names, "changes": changes}


def compile_trigger(event: EventDefinition) -> Trigger:
    """Return what an event definition of a kind in `bpmn.WAITED_FOR` waits for.

    Raises:
        DeploymentRefusedError: FEEL is malformed.
    """
    if event.kind == "timer":
        return TimerTrigger(event.timer_kind or "", formula("定时", event.timer_text))
    if event.kind == "conditional":
        condition = event.condition or ""
        names = names_of(condition[1:]) if condition.startswith("=") else frozenset()
        return ConditionTrigger(names, event.variable_changes)
    if event.kind == "signal":
        return SignalTrigger(formula("信号名", event.name or ""))
    key = event.correlation_key
    return MessageTrigger(
        formula("消息名", event.name or ""),
        None if key is None else formula("消息关联键", key),
    )


@dataclass(frozen=True)
class Catch:
    """An event that a token subscribes to.

    Attributes:
        event_id: The catching element.
        part: Position of its definition, of a multiple event; else 0.
    """

    event_id: str
    trigger: Trigger
    is_interrupting: bool
    part: int = 0


def compile_catches(event: ElementModel) -> Iterator[Catch]:
    """Give what an event subscribes to, a definition each; errors and the like are caught otherwise.

    Raises:
        DeploymentRefusedError: FEEL is malformed.
    """
    for part, definition in enumerate(event.events):
        if definition.kind in WAITED_FOR:
            trigger = compile_trigger(definition)
            yield Catch(event.id, trigger, event.is_interrupting, part)


def prepare_all(catches: Collection[Catch], token: Token) -> list[dict[str, Any]]:
    """Return the subscriptions of some events, evaluated where their token stands, but not open yet.

    Raises:
        ElementFailure: One of them cannot be evaluated.

    Source: Camunda 8.10 message events: the correlation key of a boundary event, too, sees what the input
    mappings of its activity have made.
    """
    if not catches:
        return []
    machine = token.workflow
    place = machine.at(token)
    return [
        {"event": catch.event_id, "interrupting": catch.is_interrupting}
        | ({"part": catch.part} if catch.part else {})
        | catch.trigger.prepare(place, machine.surroundings.now)
        for catch in catches
    ]


def open_all(prepared: Iterable[dict[str, Any]], token: Token) -> None:
    """Open subscriptions: they get their keys and are told to the caller."""
    for record in prepared:
        machine = token.workflow
        subscription = record | {"key": machine.new_key()}
        if subscription["kind"] == "condition":
            machine.conditions_opened[subscription["key"]] = len(machine.variables.changes)
        token.notes.setdefault("subscriptions", []).append(subscription)
        tell(subscription, token)


def close(token: Token, subscription: dict[str, Any]) -> None:
    """Close one subscription of a token."""
    token.notes["subscriptions"].remove(subscription)
    if not token.notes["subscriptions"]:
        del token.notes["subscriptions"]
    token.workflow.record.close(subscription["kind"], subscription["key"])


def close_all(token: Token, only: Iterable[str] | None = None) -> None:
    """Close the subscriptions of a token; with `only`, those of these events."""
    for subscription in list(token.notes.get("subscriptions", ())):
        if only is None or subscription["event"] in only:
            close(token, subscription)


def find_subscription(
    tokens: Iterable[Token], key: int, kind: str
) -> tuple[Token, dict[str, Any]] | None:
    """Return the token that holds an open subscription of that key and kind, and the record."""
    for token in tokens:
        for subscription in token.notes.get("subscriptions", ()):
            if subscription["key"] == key and subscription["kind"] == kind:
                return token, subscription
    return None


def is_due(subscription: dict[str, Any], now: datetime) -> bool:
    """Whether a timer's moment has come."""
    return datetime.fromisoformat(subscription["due"]) <= now


@lru_cache(maxsize=256)
def _kept(text: str) -> Formula:
    return formula("条件", text)


def condition_of(spec: Any, subscription: Mapping[str, Any]) -> Formula:
    """Return the condition that a subscription waits for: a migration has kept it, or it is as drawn."""
    text = subscription.get("condition")
    drawn: Formula = spec.conditions[subscription["event"], subscription.get("part", 0)]
    return drawn if text is None else _kept(text)


def tell(subscription: dict[str, Any], token: Token) -> None:
    """Write down that a subscription is open, for the caller to make its row."""
    record = token.workflow.record
    key, event_id = subscription["key"], subscription["event"]
    is_interrupting = subscription["interrupting"]
    match subscription["kind"]:
        case "timer":
            due_at = datetime.fromisoformat(subscription["due"])
            left = subscription["left"]
            timer = TimerOpened(key, token.key, event_id, due_at, left, is_interrupting)
            record.timers.append(timer)
        case "message":
            name, correlation_key = subscription["name"], subscription["correlation_key"]
            record.subscriptions.append(
                SubscriptionOpened(key, token.key, event_id, name, correlation_key, is_interrupting)
            )
        case "signal":
            name = subscription["name"]
            record.signal_subscriptions.append(
                SignalSubscriptionOpened(key, token.key, event_id, name, is_interrupting)
            )
        case "condition":
            condition = condition_of(token.workflow.spec, subscription).text
            changes = tuple(subscription["changes"])
            record.conditions.append(
                ConditionOpened(key, token.key, event_id, condition, changes, is_interrupting)
            )
