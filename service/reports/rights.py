"""Which cases and tasks a reader may see, as SQL conditions and for one row.

Source: XC-P-1, XC-P-2; `service.identity.policy` says the same of one row.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, or_, select, true

from service.domain.errors import NotFoundError
from service.identity import Person, policy
from service.persistence.case_facts import case_facts
from service.persistence.tables import cases, house, tasks
from service.persistence.task_facts import task_facts
from service.reports.search.json_columns import some_item
from service.reports.taking_part import ways_to_read


def may_read_case(connection: Connection, person: Person) -> ColumnElement[bool]:
    """Return the condition for rows of `cases` that a person may read.

    Somebody may who opened it, had a task in it or is a candidate of an open one, is named as reader,
    or supervises a group that had a task in it; auditors and administrators read all.
    """
    if person.has_role("auditor", "admin"):
        return true()
    case = cases.cases
    ways = [
        case.c.opened_by == person.username,
        *ways_to_read(person, case.c.key),
        *_supervises(connection, person, case.c.key),
    ]
    return or_(*ways)


def readable_case(connection: Connection, person: Person, case_no: str) -> Row[Any]:
    """Return the row of a case.

    Raises:
        NotFoundError: There is none of that number, or he may not read it: a stranger learns nothing.
    """
    table = cases.cases
    row = connection.execute(select(table).where(table.c.case_no == case_no)).one_or_none()
    if row is None or not reads_case(connection, person, row.key):
        raise NotFoundError(f"Expected to find a case '{case_no}', but there is none.")
    return row


def readable_task(connection: Connection, person: Person, task_key: int) -> Row[Any]:
    """Return the row of a user task that he may see, or whose case he may read.

    Raises:
        NotFoundError: There is none with that key, or he may not know of it.
    """
    table = tasks.user_tasks
    row = connection.execute(select(table).where(table.c.key == task_key)).one_or_none()
    if row is not None:
        if person.username == row.completed_by:
            return row
        if policy.may_see_task(person, task_facts(connection, row)):
            return row
        if row.case_key is not None and reads_case(connection, person, row.case_key):
            return row
    raise NotFoundError(f"Expected to find a user task '{task_key}', but there is none.")


def reads_case(connection: Connection, person: Person, case_key: int) -> bool:
    """Tell whether a person may read one case."""
    facts = case_facts(connection, case_key)
    return facts is not None and bool(policy.may_read_case(person, facts))


def _supervises(
    connection: Connection, person: Person, case_key: ColumnElement[Any]
) -> list[ColumnElement[bool]]:
    """Return the ways to supervise a task of a case: it names the group, or its groups report to it."""
    task, group = tasks.user_tasks.alias(), house.groups
    named = task.c.properties["supervisors"].as_string()
    padded = "," + func.replace(named, " ", "") + ","
    is_named = [padded.contains(f",{key},", autoescape=True) for key in sorted(person.groups)]
    ways = [and_(named.is_not(None), or_(*is_named))] if is_named else []
    query = select(group.c.key).where(group.c.supervisor_group.in_(sorted(person.groups)))
    reporting = list(connection.execute(query).scalars())
    if reporting:
        ways.append(some_item(task.c.candidate_groups, lambda item: item.in_(reporting)))
    return [exists().select_from(task).where(task.c.case_key == case_key, way) for way in ways]
