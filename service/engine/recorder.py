"""What happens during one step, written down in order; at the end it becomes the `Step`."""

from dataclasses import dataclass, field
from typing import Any

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
    WaitOver,
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
    over: list[WaitOver] = field(default_factory=list)
    thrown: ErrorThrown | None = None

    def end_wait(self, element_instance_key: int, kind: str, *, is_terminated: bool) -> None:
        """An element instance no longer waits; what this very step has opened for it is forgotten."""
        opened: list[list[Any]] = [self.user_tasks, self.jobs, self.calls]
        for waits in opened:
            waits[:] = [w for w in waits if w.element_instance_key != element_instance_key]
        self.over.append(WaitOver(element_instance_key, kind, is_terminated))
