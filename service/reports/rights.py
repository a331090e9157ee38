"""Which cases and tasks a reader may see, as SQL conditions and for one row.

Source: XC-P-1, XC-P-2; `service.identity.policy` says the same of one row.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, func, or_, select, true

from service.domain.errors import NotFoundError
from service.identity import Person, policy
from service.persistence.case_facts import case_facts
from service.persistence.tables import cases, house, tasks
from service.persistence.task_facts import task_facts
from service.reports.search.sql import some_item


def may_read_case(connection: Connection, person: Person) -> ColumnElement[bool]:
    """Return the condition for rows of `cases` that a person may read.

    Somebody may who opened it, had a task in it or could take one now, is named as reader, or
    supervises a group that had a task in it; auditors and administrators read all.
    """
    if person.has_role("auditor", "admin"):
        return true()
    case = cases.cases
    ways = [
        case.c.opened_by == person.username,
        case.c.key.in_(_as_reader(person)),
        case.c.key.in_(_with_task(person)),
        case.c.key.in_(_with_candidate(person)),
    ]
    supervised = _supervises(connection, person)
    if supervised:
        mine = select(tasks.user_tasks.c.case_key).where(_has_case(), or_(*supervised))
        ways.append(case.c.key.in_(mine))
    return or_(*ways)


def is_candidate(person: Person) -> ColumnElement[bool]:
    """Return the condition for candidates that name a person or his groups, of tasks that nobody has."""
    return and_(tasks.user_task_candidates.c.is_free, _names(person, tasks.user_task_candidates))


def is_reader(person: Person) -> ColumnElement[bool]:
    """Return the condition for rows of `case_readers` that name a person or his groups."""
    return _names(person, cases.case_readers)


def ways_to_be_named(person: Person, table: Table) -> list[ColumnElement[bool]]:
    """Return a condition for each name of a person and his groups in a table's columns `kind` and `name`.

    Each alone can be read in the order of an index; together they cannot.
    """
    names = [("group", key) for key in sorted(person.groups)] + [("user", person.username)]
    return [and_(table.c.kind == kind, table.c.name == name) for kind, name in names]


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


def _names(person: Person, table: Table) -> ColumnElement[bool]:
    return or_(
        and_(table.c.kind == "group", table.c.name.in_(sorted(person.groups))),
        and_(table.c.kind == "user", table.c.name == person.username),
    )


def _as_reader(person: Person) -> Select[Any]:
    return select(cases.case_readers.c.case_key).where(is_reader(person))


def _with_task(person: Person) -> Select[Any]:
    task = tasks.user_tasks
    is_his = or_(task.c.assignee == person.username, task.c.completed_by == person.username)
    return select(task.c.case_key).where(_has_case(), is_his)


def _with_candidate(person: Person) -> Select[Any]:
    task, candidate = tasks.user_tasks, tasks.user_task_candidates
    return (
        select(task.c.case_key)
        .join(candidate, candidate.c.task_key == task.c.key)
        .where(_has_case(), is_candidate(person))
    )


def _has_case() -> ColumnElement[bool]:
    return tasks.user_tasks.c.case_key.is_not(None)


def _supervises(connection: Connection, person: Person) -> list[ColumnElement[bool]]:
    """Return the ways to supervise a task: its element names the group, or its groups report to it."""
    task, group = tasks.user_tasks, house.groups
    named = "," + func.replace(task.c.properties["supervisors"].as_string(), " ", "") + ","
    ways = [named.contains(f",{key},", autoescape=True) for key in sorted(person.groups)]
    query = select(group.c.key).where(group.c.supervisor_group.in_(sorted(person.groups)))
    reporting = list(connection.execute(query).scalars())
    if reporting:
        ways.append(some_item(task.c.candidate_groups, lambda item: item.in_(reporting)))
    return ways
