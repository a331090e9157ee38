"""What is waited for and what is thrown: timers, messages, signals, conditions; errors and escalations.

Values only, parts of a `values.Step`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class TimerOpened:
    """A timer that shall be triggered at `due_at`.

    Attributes:
        timer_key: Its own key; `trigger_timer` takes it.
        element_instance_key: Of the element instance it belongs to (catch event, or the host of a
            boundary event, or the scope of an event sub-process).
        element_id: The catching event.
        repetitions_left: None for a single shot; -1 for endless.
    """

    timer_key: int
    element_instance_key: int
    element_id: str
    due_at: datetime
    repetitions_left: int | None
    interrupting: bool


@dataclass(frozen=True)
class StartTimer:
    """A moment at which an instance shall be started by a timer start event.

    Attributes:
        element_id: The start event; `start` takes it as `start_event`.
        repetitions_left: None for a single shot; -1 for endless.
        cycle: The evaluated text of the cycle, None for a date; for the next firing.
        part: Position of its definition, of a multiple event; else 0.
    """

    element_id: str
    due_at: datetime
    repetitions_left: int | None
    cycle: str | None
    part: int = 0


@dataclass(frozen=True)
class SubscriptionOpened:
    """A message is waited for.

    Attributes:
        subscription_key: Its own key; `deliver_message` takes it.
    """

    subscription_key: int
    element_instance_key: int
    element_id: str
    message_name: str
    correlation_key: str
    interrupting: bool


@dataclass(frozen=True)
class SignalSubscriptionOpened:
    """A signal is waited for.

    Attributes:
        subscription_key: Its own key; `deliver_signal` takes it.
    """

    subscription_key: int
    element_instance_key: int
    element_id: str
    signal_name: str
    interrupting: bool


@dataclass(frozen=True)
class ConditionOpened:
    """A condition is waited for. The engine asks it by itself; this is for those who want to see it.

    Attributes:
        condition: Its FEEL, with `=`.
        changes: `create`, `update`: the changes of variables at which it is asked; none: both.
    """

    subscription_key: int
    element_instance_key: int
    element_id: str
    condition: str
    changes: tuple[str, ...]
    interrupting: bool


@dataclass(frozen=True)
class SignalThrown:
    """A signal went out: this instance has heard it, all others are for the caller to tell.

    Attributes:
        variables: What it carries (JSON values).
    """

    element_instance_key: int
    element_id: str
    name: str
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class StartName:
    """A message or signal that starts instances.

    Attributes:
        element_id: The start event; `start` takes it as `start_event`.
        kind: `message` or `signal`.
        part: Position of its definition, of a multiple event; else 0.
    """

    element_id: str
    kind: str
    name: str
    part: int = 0


@dataclass(frozen=True)
class ErrorThrown:
    """This instance ended by an error that an ancestor catches (`caught_above` said so)."""

    code: str
    message: str
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class EscalationThrown:
    """An escalation that an ancestor catches (`escalated_above` said so): hand it to the caller."""

    code: str
