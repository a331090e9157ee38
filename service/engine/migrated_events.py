"""The events of an activity under a mapping of ids: they stay at what it becomes, and keep their kind.

Source: Camunda 8 process instance migration (requireMappedCatchEventsToStayAttachedToSameElement,
requireNoDuplicateTargetsInCatchEventMappings, requireNoCatchEventMappingToChangeEventType): all events that
are drawn at what is active, whether or not they wait for anything now.
"""

from collections.abc import Iterable, Mapping

from service.bpmn import ProcessModel
from service.engine.elements.base import Element
from service.engine.elements.scope import Scope
from service.engine.machine import Token
from service.engine.migration_kinds import refused, require_same_kind
from service.engine.triggers import Catch


def catches(token: Token) -> Iterable[Catch]:
    """Give the events that a token may subscribe to now."""
    spec = token.task_spec
    found = [*spec.catches, *spec.own_catches()]
    if token.notes.get("interrupted") and isinstance(spec, Scope):
        return [catch for catch in found if catch.event_id not in spec.event_starts]
    return found


def mapped_events(
    was: Element,
    becomes: Element,
    mapping: Mapping[str, str],
    source: ProcessModel,
    target: ProcessModel,
) -> dict[str, str]:
    """Return source event -> target event of what is active.

    Raises:
        WrongStateError: An event is mapped to one of another activity or kind, or two to the same.
    """
    allowed = _drawn_at(becomes)
    mapped: dict[str, str] = {}
    for event_id in _drawn_at(was):
        target_id = mapping.get(event_id)
        if target_id is None:
            continue
        if target_id not in allowed:
            raise refused(
                "detached_event",
                f"Expected the event '{event_id}' of '{was.element_id}' to be mapped to one of "
                f"'{becomes.element_id}', but '{target_id}' is none.",
                element_id=event_id,
                target_id=target_id,
                host_id=becomes.element_id,
            )
        if target_id in mapped.values():
            raise refused(
                "merged_events",
                f"Expected each event of '{becomes.element_id}' to be the target of one event, but "
                f"'{target_id}' is that of '{event_id}' and of another one.",
                element_id=event_id,
                target_id=target_id,
            )
        require_same_kind(source.elements[event_id], target_id, target.elements.get(target_id))
        mapped[event_id] = target_id
    return mapped


def _drawn_at(spec: Element) -> dict[str, None]:
    """Return the ids of all events that stand at an element or start an event sub-process in it, in order."""
    waiting = [catch.event_id for catch in (*spec.catches, *spec.own_catches())]
    coded = [catch.event.element_id for catch in spec.code_catches]
    undoing = [
        event.element_id
        for event in (spec.compensation, spec.undoing_start, spec.cancel_catch)
        if event is not None
    ]
    return dict.fromkeys((*waiting, *coded, *undoing))
