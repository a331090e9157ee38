"""What a worker may say with a completed job, besides variables.

Source: Camunda 8 `JobResult` (user task listeners, ad-hoc sub-processes).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class TaskListenerResult:
    """The answer of a task listener.

    Attributes:
        corrections: New values of the user task by field (`assignee`, `due_at`, `follow_up_at`,
            `candidate_groups`, `candidate_users`, `priority`), JSON values; what is not named stays.
        is_denied: Whether the task may not do what it is about to do.
    """

    corrections: Mapping[str, Any] = field(default_factory=dict)
    is_denied: bool = False
    denied_reason: str = ""


@dataclass(frozen=True)
class AdHocActivation:
    """One activity of an ad-hoc sub-process to start.

    Attributes:
        variables: Those of the scope around it, which is its own.
        own: Those that are local to the activity itself.
    """

    element_id: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AdHocResult:
    """The answer of the worker that leads an ad-hoc sub-process.

    Attributes:
        activations: What to start.
        is_fulfilled: Whether the sub-process is done.
        cancels_remaining: Whether what still runs inside is terminated.
    """

    activations: tuple[AdHocActivation, ...] = ()
    is_fulfilled: bool = False
    cancels_remaining: bool = False


JobResult = TaskListenerResult | AdHocResult
