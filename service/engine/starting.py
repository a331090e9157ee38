"""What starts instances: evaluated at deploy, without process variables.

Source: Camunda 8: a timer start is a date or a cycle; names of messages and signals may be
expressions; a new version cancels what the old one waited for (the caller's work).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from service.bpmn import EventDefinition
from service.domain.errors import DeploymentRefusedError
from service.engine.compiled import CompiledProcess
from service.engine.errors import ElementFailure
from service.engine.expressions import formula
from service.engine.place import Place
from service.engine.triggers import compile_trigger, next_firing
from service.engine.values import Surroundings
from service.engine.variables import Variables
from service.engine.waits import StartName, StartTimer
from service.feel import Text
from service.feel.findings import finding_of

NO_INSTANCE = 0
_NO_VARIABLES: Mapping[str, Any] = {}


def start_timers(process: CompiledProcess, surroundings: Surroundings) -> tuple[StartTimer, ...]:
    """Return the first firing of every timer start event of a process.

    Raises:
        DeploymentRefusedError: An expression gives no date or cycle.
    """
    place = _nowhere(surroundings)
    return tuple(
        replace(_first_firing(process, event_id, definition, place, surroundings.now), part=part)
        for event_id, part, definition in process.model.start_definitions
        if definition.kind == "timer"
    )


def start_names(process: CompiledProcess, surroundings: Surroundings) -> tuple[StartName, ...]:
    """Return the messages and signals that start a process.

    Raises:
        DeploymentRefusedError: An expression gives no text.
    """
    place = _nowhere(surroundings)
    return tuple(
        StartName(event_id, definition.kind, _name(process, event_id, definition, place), part)
        for event_id, part, definition in process.model.start_definitions
        if definition.kind in ("message", "signal")
    )


def start_conditions(
    process: CompiledProcess, variables: Mapping[str, Any], surroundings: Surroundings
) -> tuple[tuple[str, int], ...]:
    """Return the conditional start events of a process that are true of some variables.

    Each is the element's id with the position of its definition.
    """
    place = _nowhere(surroundings, variables)
    return tuple(
        (event_id, part)
        for event_id, part, definition in process.model.start_definitions
        if definition.kind == "conditional" and _is_true(definition, place)
    )


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
    return replace(fired, due_at=due_at, repetitions_left=following["left"])


def _is_true(definition: EventDefinition, place: Place) -> bool:
    try:
        return formula("条件", definition.condition or "").value(place) is True
    except ElementFailure:
        # A failed assertion: not true.
        return False


def _nowhere(surroundings: Surroundings, variables: Mapping[str, Any] = _NO_VARIABLES) -> Place:
    """Return a place that is in no instance."""
    limit = surroundings.limits.variables_bytes
    store = Variables(NO_INSTANCE, {NO_INSTANCE: variables}, limit_bytes=limit)
    return Place(store, surroundings, [NO_INSTANCE])


def _first_firing(
    process: CompiledProcess,
    event_id: str,
    definition: EventDefinition,
    place: Place,
    now: datetime,
) -> StartTimer:
    try:
        first = compile_trigger(definition).prepare(place, now)
    except ElementFailure as failure:
        raise _refused(process, event_id, definition, failure) from failure
    due_at = datetime.fromisoformat(first["due"])
    return StartTimer(event_id, due_at, first["left"], first.get("cycle"))


def _name(
    process: CompiledProcess, event_id: str, definition: EventDefinition, place: Place
) -> str:
    what = "消息名" if definition.kind == "message" else "信号名"
    try:
        return formula(what, definition.name or "").name(place)
    except ElementFailure as failure:
        raise _refused(process, event_id, definition, failure) from failure


def _refused(
    process: CompiledProcess, event_id: str, definition: EventDefinition, failure: ElementFailure
) -> DeploymentRefusedError:
    text = Text(
        f"开始事件 «{event_id}»：{failure.text}部署时还没有流程变量。",
        f"Start event '{event_id}': {failure.text:en} There are no variables yet at deployment.",
    )
    finding = finding_of("error", "start_events", text, element_id=event_id, line=definition.line)
    return DeploymentRefusedError(
        f"Expected the start event '{event_id}' of '{process.model.id}' to be evaluated, but"
        f" got: {failure.text:en}",
        [finding],
    )
