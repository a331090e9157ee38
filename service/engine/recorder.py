"""What happens during one step, written down in order; at the end it becomes the `Step`."""

from dataclasses import dataclass, field

from service.engine.values import (
    CallOpened,
    DecisionEvaluated,
    ElementEvent,
    ErrorThrown,
    IncidentRaised,
    JobOpened,
    SubscriptionOpened,
    TimerOpened,
    UserTaskOpened,
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
    calls: list[CallOpened] = field(default_factory=list)
    decisions: list[DecisionEvaluated] = field(default_factory=list)
    incidents: list[IncidentRaised] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    thrown: ErrorThrown | None = None
