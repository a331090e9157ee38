"""What happens during one step, written down in order; at the end it becomes the `Step`."""

from dataclasses import dataclass, field
from typing import Any

from service.engine.values import (
    CallOpened,
    DecisionEvaluated,
    ElementEvent,
    IncidentRaised,
    JobOpened,
    TaskChanged,
    UserTaskOpened,
    WaitOver,
)
from service.engine.waits import (
    ConditionOpened,
    ErrorThrown,
    EscalationThrown,
    SignalSubscriptionOpened,
    SignalThrown,
    SubscriptionOpened,
    TimerOpened,
)

SUBSCRIPTIONS = {
    "timers": "timer_key",
    "subscriptions": "subscription_key",
    "signal_subscriptions": "subscription_key",
    "conditions": "subscription_key",
}
"""What is opened and closed, with the names of its keys."""


@dataclass
class Recorder:
    """Lists that grow while the machine runs; see `values.Step` for their meaning."""

    events: list[ElementEvent] = field(default_factory=list)
    flows_taken: list[str] = field(default_factory=list)
    user_tasks: list[UserTaskOpened] = field(default_factory=list)
    jobs: list[JobOpened] = field(default_factory=list)
    timers: list[TimerOpened] = field(default_factory=list)
    subscriptions: list[SubscriptionOpened] = field(default_factory=list)
    signal_subscriptions: list[SignalSubscriptionOpened] = field(default_factory=list)
    conditions: list[ConditionOpened] = field(default_factory=list)
    signals: list[SignalThrown] = field(default_factory=list)
    calls: list[CallOpened] = field(default_factory=list)
    called_off: list[int] = field(default_factory=list)
    decisions: list[DecisionEvaluated] = field(default_factory=list)
    incidents: list[IncidentRaised] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    over: list[WaitOver] = field(default_factory=list)
    task_changes: list[TaskChanged] = field(default_factory=list)
    subscriptions_closed: dict[str, list[int]] = field(default_factory=dict)
    thrown: ErrorThrown | None = None
    escalations: list[EscalationThrown] = field(default_factory=list)

    def end_wait(self, element_instance_key: int, kind: str, *, is_terminated: bool) -> None:
        """An element instance no longer waits; what this very step has opened for it is forgotten."""
        opened: dict[str, list[Any]] = {
            "user_task": self.user_tasks,
            "job": self.jobs,
            "task_listener": self.jobs,
            "call": self.calls,
        }
        waits = opened[kind]
        waits[:] = [w for w in waits if w.element_instance_key != element_instance_key]
        self.over.append(WaitOver(element_instance_key, kind, is_terminated))

    def close(self, kind: str, subscription_key: int) -> None:
        """Write down that a subscription is over."""
        self.closed.append(subscription_key)
        self.subscriptions_closed.setdefault(kind, []).append(subscription_key)

    def told(self) -> dict[str, Any]:
        """Return the fields of the `Step` that hold something."""
        told = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in vars(self).items()
            if value
        }
        return told | self._closed_again() if self.closed else told

    def _closed_again(self) -> dict[str, Any]:
        """Return what was opened and closed, without what was both in this very step."""
        closed = set(self.closed)
        opened: set[int] = set()
        still: dict[str, Any] = {}
        for name, key_name in SUBSCRIPTIONS.items():
            waits = [(getattr(wait, key_name), wait) for wait in getattr(self, name)]
            opened.update(key for key, _ in waits)
            still[name] = tuple(wait for key, wait in waits if key not in closed)
        before = {
            kind: tuple(key for key in keys if key not in opened)
            for kind, keys in self.subscriptions_closed.items()
        }
        told = {kind: keys for kind, keys in before.items() if keys}
        return still | {"subscriptions_closed": told}
