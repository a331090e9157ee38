"""User tasks, as `/v2/user-tasks` shows them."""

from typing import Any

from sqlalchemy import Row, literal

from service.persistence.tables import instances, tasks
from service.reports.search.candidate_tasks import WITH_INSTANCE, implies_sight, road
from service.reports.search.conditions import Field, Filters
from service.reports.search.kinds import INTEGER, KEY, MOMENT, TEXT, one_of
from service.reports.search.noun import Noun
from service.reports.search.related import has_all_tags, has_some_item, has_variables
from service.reports.search.rights import may_see_task
from service.reports.search.wire import TENANT, key_text, moment_text

table = tasks.user_tasks
_instance = instances.process_instances

TASK_STATES = one_of(
    "ASSIGNING CANCELED CANCELING COMPLETED COMPLETING CREATED CREATING FAILED UPDATING"
)

_UNSHOWN = frozenset(
    {"properties", "scope_key", "loop_counter", "completed_by", "action", "is_late"}
)
"""Columns that the API does not show."""


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a user task as the API's object."""
    return {
        "name": row.name,
        "state": row.state,
        "assignee": row.assignee,
        "elementId": row.element_id,
        "candidateGroups": row.candidate_groups,
        "candidateUsers": row.candidate_users,
        "processDefinitionId": row.process_id,
        "creationDate": moment_text(row.created_at),
        "completionDate": moment_text(row.completed_at),
        "followUpDate": moment_text(row.follow_up_at),
        "dueDate": moment_text(row.due_at),
        "tenantId": TENANT,
        "externalFormReference": row.external_form_reference,
        "processDefinitionVersion": row.version,
        "customHeaders": row.headers,
        "priority": row.priority,
        "userTaskKey": key_text(row.key),
        "elementInstanceKey": key_text(row.element_instance_key),
        "processName": row.process_name,
        "processDefinitionKey": key_text(row.process_key),
        "processInstanceKey": key_text(row.instance_key),
        "rootProcessInstanceKey": key_text(row.root_key),
        "businessId": row.business_id,
        "formKey": key_text(row.form_key),
        "tags": row.tags or [],
    }


NOUN = Noun(
    name="user task",
    source=WITH_INSTANCE,
    columns=(
        *(column for column in table.c if column.name not in _UNSHOWN),
        _instance.c.business_id,
        _instance.c.tags,
    ),
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
                lambda variable: variable.c.scope_key == table.c.instance_key
            ),
            "localVariables": has_variables(
                lambda variable: variable.c.scope_key == table.c.element_instance_key
            ),
            "userTaskKey": Field(table.c.key, KEY.exactly()),
            "processDefinitionKey": Field(table.c.process_key, KEY),
            "processInstanceKey": Field(table.c.instance_key, KEY),
            "elementInstanceKey": Field(table.c.element_instance_key, KEY.exactly()),
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
)
