"""One file for each element's behaviour; importing this package fills `ELEMENTS`."""

from service.engine.elements import (
    boundary_event,
    call_activity,
    catch_event,
    end_event,
    event_gateway,
    exclusive_gateway,
    inclusive_gateway,
    job_task,
    link_event,
    parallel_gateway,
    scope,
    start_event,
    tasks,
    user_task,
)

__all__ = [
    "boundary_event",
    "call_activity",
    "catch_event",
    "end_event",
    "event_gateway",
    "exclusive_gateway",
    "inclusive_gateway",
    "job_task",
    "link_event",
    "parallel_gateway",
    "scope",
    "start_event",
    "tasks",
    "user_task",
]
