"""Which class executes an element: script, rule and user tasks may also be jobs."""

from service.bpmn import ElementModel
from service.engine.elements.base import ELEMENTS, ElementClass, kind_of
from service.engine.elements.business_rule_task import BusinessRuleTask
from service.engine.elements.job_task import JobTask
from service.engine.elements.job_user_task import JobUserTask
from service.engine.elements.tasks import ScriptTask

_SELF_DONE: dict[str, ElementClass] = {
    "scriptTask": ScriptTask,
    "businessRuleTask": BusinessRuleTask,
}


def class_of(model: ElementModel) -> ElementClass | None:
    """Return the class that executes an element; None when nobody does."""
    if model.kind in _SELF_DONE:
        return _SELF_DONE[model.kind] if model.job_type is None else JobTask
    if model.kind == "userTask" and model.tag("userTask") is None:
        return JobUserTask
    return ELEMENTS.get(kind_of(model))
