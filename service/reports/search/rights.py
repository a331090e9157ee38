"""Which rows a person may see, as SQL conditions.

Whoever keeps the house in order sees all; everybody else sees the tasks that are or were his, or whose
candidate he is, and the instances of cases he may read. A row that may not be seen counts as not there, so that
nobody learns of it.

Source: XC-P-1, XC-P-2, XC-P-3; `service.identity.policy` says the same of one row.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    cast,
    false,
    func,
    or_,
    select,
    true,
)

from service.identity import Person
from service.identity.grants import ALL
from service.persistence.tables import house, instances, tasks
from service.reports.search.json_columns import holds_any, holds_any_of
from service.reports.taking_part import ANYWHERE, has_opened, has_task, ways_to_read

SEEING_ALL = ("admin", "operator", "auditor")
"""Roles that see every row of `/v2`."""


def sees_all(person: Person) -> bool:
    """Tell whether the person sees every row."""
    return person.has_role(*SEEING_ALL)


def everybody(person: Person) -> ColumnElement[bool]:
    """Return the condition for what all members of staff may see: definitions, tables, forms."""
    return true() if person.is_known else false()


def nobody_else(person: Person) -> ColumnElement[bool]:
    """Return the condition for what only those see who see all."""
    return true() if sees_all(person) else false()


def may_see_task(person: Person, beside: ColumnElement[bool] = ANYWHERE) -> ColumnElement[bool]:
    """Return the condition for rows of `user_tasks`; `beside` as in `ways_to_read`."""
    if sees_all(person):
        return true()
    table = tasks.user_tasks
    # What the row itself says comes first: then nothing else is looked for.
    return or_(
        table.c.assignee == person.username,
        table.c.completed_by == person.username,
        *granted(person, "PROCESS_DEFINITION", "READ_USER_TASK", table.c.process_id),
        *granted(person, "USER_TASK", "READ", cast(table.c.key, Text)),
        holds_any(table.c.candidate_groups, person.groups),
        holds_any(table.c.candidate_users, {person.username}),
        *_supervises(person),
        has_opened(person, table.c.case_key, beside),
        *ways_to_read(person, table.c.case_key, beside),
    )


def may_see_instance(person: Person, beside: ColumnElement[bool] = ANYWHERE) -> ColumnElement[bool]:
    """Return the condition for rows of `process_instances`; `beside` as in `ways_to_read`."""
    if sees_all(person):
        return true()
    table = instances.process_instances
    return or_(
        table.c.started_by == person.username,
        *granted(person, "PROCESS_DEFINITION", "READ_PROCESS_INSTANCE", table.c.process_id),
        *has_task(person, lambda task: and_(task.c.instance_key == table.c.key, beside)),
        has_opened(person, table.c.case_key, beside),
        *ways_to_read(person, table.c.case_key, beside),
    )


def may_see_part_of(person: Person, instance_key: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition for rows that belong to the process instance in that column."""
    if sees_all(person):
        return true()
    table = instances.process_instances
    return instance_key.in_(select(table.c.key).where(may_see_instance(person)))


def granted(
    person: Person, resource_type: str, permission: str, id_column: ColumnElement[Any]
) -> list[ColumnElement[bool]]:
    """Return the way by authorizations, if he has any: on all of the type, or on those ids."""
    ids = person.granted_ids(resource_type, permission)
    if ALL in ids:
        return [true()]
    return [id_column.in_(sorted(ids))] if ids else []


def _supervises(person: Person) -> list[ColumnElement[bool]]:
    """Return «he supervises the task»: the task names his group, or names none and its groups report to his."""
    if not person.groups:
        return []
    table, group = tasks.user_tasks, house.groups
    named = func.coalesce(table.c.properties["supervisors"].as_string(), "")
    padded = "," + func.replace(named, " ", "") + ","
    is_named = (padded.contains(f",{name},", autoescape=True) for name in sorted(person.groups))
    reporting = select(group.c.key).where(group.c.supervisor_group.in_(sorted(person.groups)))
    by_default = holds_any_of(table.c.candidate_groups, reporting)
    return [and_(by_default, named == ""), and_(named != "", or_(*is_named))]
