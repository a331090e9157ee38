"""Timers that start instances: evaluated at deploy, without process variables.

Source: Camunda 8 timer events: a process start is a date or a cycle; a new version cancels the old
version's timers (the caller's work).
"""

from datetime import datetime

from service.domain.errors import WrongStateError
from service.engine.compiled import CompiledProcess
from service.engine.errors import ElementFailure
from service.engine.machine import Machine, Place
from service.engine.triggers import compile_trigger, next_firing
from service.engine.values import StartTimer, Surroundings
from service.engine.variables import Variables

NO_INSTANCE = 0


def start_timers(process: CompiledProcess, surroundings: Surroundings) -> tuple[StartTimer, ...]:
    """Return the first firing of every timer start event of a process.

    Raises:
        WrongStateError: An expression gives no date or cycle.
    """
    limit = surroundings.limits.variables_bytes
    store = Variables(NO_INSTANCE, {}, limit_bytes=limit)
    place = Place(Machine(process.spec, NO_INSTANCE, store, surroundings), [NO_INSTANCE])
    timers = []
    for event_id, definition in process.model.timer_starts.items():
        try:
            first = compile_trigger(definition).prepare(place, place, surroundings.now)
        except ElementFailure as failure:
            raise WrongStateError(
                f"Expected the timer start event '{event_id}' to give a date or cycle, but:"
                f" {failure.message}"
            ) from failure
        due_at = datetime.fromisoformat(first["due"])
        timers.append(StartTimer(event_id, due_at, first["left"], first.get("cycle")))
    return tuple(timers)


def next_start_timer(fired: StartTimer, now: datetime) -> StartTimer | None:
    """Return the firing after one that has happened, or None after the last.

    Missed firings are skipped.
    """
    record = {
        "due": fired.due_at.isoformat(),
        "left": fired.repetitions_left,
        "cycle": fired.cycle,
    }
    following = next_firing(record, now)
    if following is None:
        return None
    due_at = datetime.fromisoformat(following["due"])
    return StartTimer(fired.element_id, due_at, following["left"], fired.cycle)
