"""The `result` of a completed job: what a listener corrects or denies, what an ad-hoc leader starts."""

from typing import Any

from service.api import wire
from service.api.task_fields import LISTS, MOMENTS
from service.domain.errors import BadInputError
from service.domain.priorities import HIGHEST_PRIORITY
from service.engine import AdHocActivation, AdHocResult, JobResult, TaskListenerResult
from service.reports.search.kinds import refused

USER_TASK, AD_HOC = "userTask", "adHocSubProcess"
_TEXT_FIELDS = {"assignee": "assignee"}


def read_result(body: wire.Body) -> JobResult | None:
    """Return the result of a job, or None when the worker gave none.

    Raises:
        BadInputError: It has an unknown type, or a field of the wrong kind.
    """
    if not body.has("result"):
        return None
    result = body.inner("result")
    type_ = result.text("type") or USER_TASK
    if type_ == USER_TASK:
        return TaskListenerResult(
            corrections=_corrections(result.inner("corrections")),
            is_denied=result.flag("denied", default=False),
            denied_reason=result.text("deniedReason"),
        )
    if type_ == AD_HOC:
        return AdHocResult(
            activations=activations(result, "activateElements"),
            is_fulfilled=result.flag("isCompletionConditionFulfilled", default=False),
            cancels_remaining=result.flag("isCancelRemainingInstances", default=False),
        )
    raise refused(result.at("type"), f"one of {USER_TASK}, {AD_HOC}", type_)


def activations(body: wire.Body, name: str) -> tuple[AdHocActivation, ...]:
    """Return the activities of an ad-hoc sub-process that shall be started.

    Raises:
        BadInputError: An item is no object with an element id.
    """
    return tuple(
        AdHocActivation(one.required_text("elementId"), one.variables())
        for one in body.inners(name)
    )


def _corrections(body: wire.Body) -> dict[str, Any]:
    """Return the corrections: null or absent keeps, the empty string or list clears."""
    found: dict[str, Any] = {}
    for name, field in _TEXT_FIELDS.items():
        if body.has(name):
            found[field] = body.text(name) or None
    for name, field in MOMENTS.items():
        if body.has(name):
            moment = body.moment(name)
            found[field] = moment.isoformat() if moment else None
    for name, field in LISTS.items():
        if body.has(name):
            found[field] = list(body.texts(name) or ())
    if body.has("priority"):
        priority = body.integer("priority", 0, least=0)
        if priority > HIGHEST_PRIORITY:
            raise BadInputError(
                f"Expected 'result.corrections.priority' to be 0 to {HIGHEST_PRIORITY}, "
                f"but got {priority}.",
                field="result.corrections.priority",
            )
        found["priority"] = priority
    return found
