"""User tasks, as `/v2/user-tasks` shows them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Row, literal

from service.persistence.tables import instances, tasks
from service.reports.search import reach
from service.reports.search.candidate_tasks import WITH_INSTANCE, implies_sight, road
from service.reports.search.conditions import Field, Filters
from service.reports.search.kinds import FLAG, INTEGER, KEY, MOMENT, TEXT, one_of
from service.reports.search.noun import Noun
from service.reports.search.related import has_all_tags, has_some_item, has_variables
from service.reports.search.rights import may_see_task
from service.reports.search.windows import TASKS
from service.reports.search.wire import TENANT, key_text, moment_text

table = tasks.user_tasks
_instance = instances.process_instances

TASK_STATES = one_of(
    "ASSIGNING CANCELED CANCELING COMPLETED COMPLETING CREATED CREATING FAILED UPDATING"
)

Shown = tuple[str, ColumnElement[Any], Callable[[Any], Any] | None]
"""A field of the API's object, its column, and how its value is written (None: as it is)."""

_SHOWN: tuple[Shown, ...] = (
    ("name", table.c.name, None),
    ("state", table.c.state, None),
    ("assignee", table.c.assignee, None),
    ("elementId", table.c.element_id, None),
    ("candidateGroups", table.c.candidate_groups, None),
    ("candidateUsers", table.c.candidate_users, None),
    ("processDefinitionId", table.c.process_id, None),
    ("creationDate", table.c.created_at, moment_text),
    ("completionDate", table.c.completed_at, moment_text),
    ("followUpDate", table.c.follow_up_at, moment_text),
    ("dueDate", table.c.due_at, moment_text),
    ("externalFormReference", table.c.external_form_reference, None),
    ("processDefinitionVersion", table.c.version, None),
    ("customHeaders", table.c.headers, None),
    ("priority", table.c.priority, None),
    ("userTaskKey", table.c.key, key_text),
    ("elementInstanceKey", table.c.element_instance_key, key_text),
    ("processName", table.c.process_name, None),
    ("processDefinitionKey", table.c.process_key, key_text),
    ("processInstanceKey", table.c.instance_key, key_text),
    ("rootProcessInstanceKey", table.c.root_key, key_text),
    ("businessId", _instance.c.business_id, None),
    ("formKey", table.c.form_key, key_text),
    ("tags", _instance.c.tags, lambda tags: tags or []),
    ("isSuspended", table.c.is_suspended, None),
)
_WRITTEN = tuple((name, written) for name, _column, written in _SHOWN)


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a user task as the API's object; the first columns of the row are those of `_SHOWN`.

    A page has a thousand values: they are taken in their order, since each look by name takes as long
    as all else that is done with a value.
    """
    shown = {
        name: value if written is None else written(value)
        for (name, written), value in zip(_WRITTEN, row, strict=False)
    }
    shown["tenantId"] = TENANT
    return shown


NOUN = Noun(
    name="user task",
    source=WITH_INSTANCE,
    columns=tuple(column for _name, column, _written in _SHOWN),
    key=table.c.key,
    filters=Filters(
        {
            "state": Field(table.c.state, TASK_STATES),
            "assignee": Field(table.c.assignee, TEXT),
            "businessId": Field(_instance.c.business_id, TEXT),
            "priority": Field(table.c.priority, INTEGER),
            "elementId": Field(table.c.element_id, TEXT.exactly()),
            "name": Field(table.c.name, TEXT),
            "candidateGroup": has_some_item(table.c.candidate_groups),
            "candidateUser": has_some_item(table.c.candidate_users),
            "tenantId": Field(literal(TENANT), TEXT),
            "processDefinitionId": Field(table.c.process_id, TEXT),
            "creationDate": Field(table.c.created_at, MOMENT),
            "completionDate": Field(table.c.completed_at, MOMENT),
            "followUpDate": Field(table.c.follow_up_at, MOMENT),
            "dueDate": Field(table.c.due_at, MOMENT),
            "processInstanceVariables": has_variables(
                lambda variable: variable.c.instance_key == table.c.instance_key
            ),
            "localVariables": has_variables(
                lambda variable: variable.c.scope_key == table.c.element_instance_key
            ),
            "userTaskKey": Field(table.c.key, KEY.exactly()),
            "processDefinitionKey": Field(table.c.process_key, KEY),
            "processInstanceKey": Field(table.c.instance_key, KEY),
            "elementInstanceKey": Field(table.c.element_instance_key, KEY.exactly()),
            "isSuspended": Field(table.c.is_suspended, FLAG),
            "tags": has_all_tags(_instance.c.tags),
        },
        takes_or=True,
    ),
    sorts={
        "businessId": _instance.c.business_id,
        "completionDate": table.c.completed_at,
        "creationDate": table.c.created_at,
        "dueDate": table.c.due_at,
        "followUpDate": table.c.follow_up_at,
        "name": table.c.name,
        "priority": table.c.priority,
    },
    visible=may_see_task,
    show=show,
    implies_sight=implies_sight,
    road=road,
    window=TASKS,
    reach=reach.TASKS,
)
