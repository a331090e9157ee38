"""Rarely changing facts that every step may ask: parameters, the calendar, names of groups."""

from typing import Any

from sqlalchemy import Connection, select

from service.domain.global_listeners import GlobalListener
from service.persistence.tables import house as tables
from service.sla import DayOverride, WorkingCalendar


def cluster_variables(connection: Connection) -> dict[str, Any]:
    """Return all parameters by key, as FEEL sees them in `camunda.vars.cluster` (XC-T-6)."""
    table = tables.parameters
    return {row.key: row.value for row in connection.execute(select(table.c.key, table.c.value))}


def tenant_variables(connection: Connection) -> dict[str, Any]:
    """Return the tenant's variables by name, as FEEL sees them in `camunda.vars.tenant`."""
    table = tables.tenant_variables
    return {row.key: row.value for row in connection.execute(select(table.c.key, table.c.value))}


def global_listeners(connection: Connection) -> list[GlobalListener]:
    """Return the task listeners of all processes, in no order."""
    return [
        GlobalListener(
            id=row.id,
            type=row.type,
            event_types=tuple(row.event_types),
            retries=row.retries,
            after_non_global=row.after_non_global,
            priority=row.priority,
        )
        for row in connection.execute(select(tables.global_listeners))
    ]


def working_calendar(connection: Connection) -> WorkingCalendar:
    """Return the working days of mainland China with the administrators' rows above them (XC-T-2)."""
    table = tables.calendar_days
    rows = connection.execute(select(table.c.day, table.c.is_working, table.c.name))
    return WorkingCalendar.of(DayOverride(row.day, row.is_working, row.name or "") for row in rows)


def group_by_name(connection: Connection) -> dict[str, str]:
    """Return the key of each group by its key, its name and its other names."""
    names: dict[str, str] = {}
    for row in connection.execute(select(tables.groups).order_by(tables.groups.c.key)):
        for name in (row.key, row.name, *row.other_names):
            names.setdefault(name, row.key)
    return names


def group_names(connection: Connection) -> dict[str, str]:
    """Return the name of each group by its key."""
    table = tables.groups
    return {row.key: row.name for row in connection.execute(select(table.c.key, table.c.name))}


def offered_options(connection: Connection) -> dict[str, list[dict[str, str]]]:
    """Return the lists every form may use for options: `departments` and `users` (docs/dialect.md §6)."""
    groups, people = tables.groups, tables.people
    departments = connection.execute(
        select(groups.c.name).where(groups.c.is_department).order_by(groups.c.name)
    ).scalars()
    users = connection.execute(
        select(people.c.username, people.c.name)
        .where(people.c.is_active, ~people.c.is_program)
        .order_by(people.c.username)
    )
    return {
        "departments": [{"label": name, "value": name} for name in departments],
        "users": [
            {"label": f"{row.name}（{row.username}）", "value": row.username} for row in users
        ],
    }


def supervisor_by_group(connection: Connection) -> dict[str, str]:
    """Return the key of the group above, for each group that has one."""
    table = tables.groups
    rows = connection.execute(select(table.c.key, table.c.supervisor_group))
    return {row.key: row.supervisor_group for row in rows if row.supervisor_group}
