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

    @property
    def opened_subscriptions(self) -> set[int]:
        """The keys of the timers and subscriptions opened in this step."""
        return (
            {timer.timer_key for timer in self.timers}
            | {opened.subscription_key for opened in self.subscriptions}
            | {opened.subscription_key for opened in self.signal_subscriptions}
            | {opened.subscription_key for opened in self.conditions}
        )
