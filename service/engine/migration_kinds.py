"""What a migration leaves as it is: the kind of an element; and how it says that it refuses.

Source: Camunda 8 process instance migration (ProcessInstanceMigrationPreconditions).
"""

from service.bpmn import ElementModel, named
from service.domain.errors import WrongStateError


def refused(reason: str, detail: str, **facts: object) -> WrongStateError:
    """Return a refusal of a migration; `reason` names it for texts in other languages."""
    return WrongStateError(detail, reason=reason, **facts)


def not_mapped(source_id: str) -> WrongStateError:
    """Return the refusal of what is active and not mapped."""
    return refused(
        "not_mapped",
        f"Expected the active element '{source_id}' to be mapped, but it is not.",
        element_id=source_id,
    )


def kind_of(model: ElementModel) -> tuple[str, ...]:
    """Return what an element may not change: its BPMN kind and its events."""
    events = (definition.kind for definition in model.events)
    parts = (model.kind, *events, "event" if model.is_triggered_by_event else "")
    return tuple(part for part in parts if part)


def require_same_kind(source: ElementModel, target_id: str, target: ElementModel | None) -> None:
    """Let an element become one of its kind only; a target of None is a sequence flow.

    Raises:
        WrongStateError: It is of another kind.
    """
    if target is not None and kind_of(source) == kind_of(target):
        return
    was, becomes = named(source), named(target)
    raise refused(
        "other_kind",
        f"Expected '{target_id}' to be of the kind of '{source.id}', {was:en}, but it is: {becomes:en}.",
        element_id=source.id,
        target_id=target_id,
        kind=was,
        target_kind=becomes,
    )
