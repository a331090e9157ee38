"""Everything the page of one task shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from service.identity import Person, policy
from service.persistence.scopes import visible_variables
from service.persistence.tables import cases, tasks
from service.persistence.task_facts import task_facts
from service.reports import case_facts, decisions, diagrams, files, history
from service.reports.case_facts import CaseFact
from service.reports.decisions import DecisionRow
from service.reports.diagrams import DiagramState
from service.reports.files import FileRow
from service.reports.history import HistoryRow
from service.reports.masked import masked, plain
from service.reports.names import group_names, people_names
from service.reports.rights import readable_task


@dataclass(frozen=True)
class TaskRow:
    """One user task with the names people read.

    Attributes:
        candidates: Names of the groups and people that may take it.
        completed_by_name: Empty while it is open.
    """

    key: int
    name: str
    state: str
    process_id: str
    process_name: str
    process_key: int
    version: int
    instance_key: int
    root_key: int
    case_key: int | None
    element_id: str
    form_key: int | None
    assignee: str | None
    assignee_name: str
    candidates: tuple[str, ...]
    priority: int
    created_at: datetime
    due_at: datetime | None
    follow_up_at: datetime | None
    completed_at: datetime | None
    completed_by: str | None
    completed_by_name: str
    overdue_level: int
    is_late: bool | None
    is_suspended: bool


@dataclass(frozen=True)
class CaseHead:
    """The case a task belongs to, with the customer as his task needs him."""

    key: int
    case_no: str
    title: str
    customer: str
    grade: str | None
    state: str
    deadline_at: datetime | None
    opened_at: datetime


@dataclass(frozen=True)
class Draft:
    """What somebody typed earlier into this task's form."""

    variables: Mapping[str, Any]
    draft_version: int
    saved_at: datetime


@dataclass(frozen=True)
class TaskPage:
    """Everything the page shows.

    Attributes:
        case: None when the process opens no case.
        variables: What the task sees, JSON values; empty once it is over.
        submitted: What was handed in, when it is completed; else None.
        grade_decisions: The decision that gave the case its grade.
        others: Other open tasks of the same case.
        actions: What the reader may do now: `claim`, `complete`, `unassign`, `assign`.
        is_masked: Whether the reader's present task does not need the customer's data (XC-P-4); then
            `case` and `facts` hold it masked.
    """

    task: TaskRow
    case: CaseHead | None
    facts: Sequence[CaseFact]
    variables: Mapping[str, Any]
    draft: Draft | None
    submitted: Mapping[str, Any] | None
    grade_decisions: Sequence[DecisionRow]
    others: Sequence[TaskRow]
    history: Sequence[HistoryRow]
    files: Sequence[FileRow]
    diagram: DiagramState | None
    actions: frozenset[str]
    is_masked: bool


def facts(connection: Connection, person: Person, task_key: int) -> TaskPage:
    """Return the page of one task for one reader.

    Raises:
        NotFoundError: There is no such task, or he may not know of it.
    """
    row = readable_task(connection, person, task_key)
    is_open = row.state == "CREATED"
    actions = _actions(connection, person, row) if is_open else frozenset[str]()
    is_masked = "complete" not in actions
    variables = (
        visible_variables(connection, row.instance_key, row.element_instance_key) if is_open else {}
    )
    case = None if row.case_key is None else _case(connection, row.case_key)
    return TaskPage(
        task=task_rows(connection, [row])[0],
        case=None if case is None else _head(case, is_masked),
        facts=_facts(connection, row, case, variables, is_masked),
        variables=variables,
        draft=_draft(connection, person, task_key),
        submitted=None if is_open else _submitted(connection, row),
        grade_decisions=_grade_decisions(connection, case),
        others=_others(connection, row),
        history=(
            history.of_tree(connection, row.root_key)
            if row.case_key is None
            else history.of_case(connection, row.case_key)
        ),
        files=files.of_task(connection, row.case_key, row.instance_key, task_key),
        diagram=diagrams.of_instance(connection, row.instance_key),
        # Whoever works on it may still read it; a suspended instance takes no command.
        actions=frozenset() if row.is_suspended else actions,
        is_masked=is_masked,
    )


def task_rows(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[TaskRow, ...]:
    """Return rows of `user_tasks` with the names people read."""
    people = people_names(
        connection,
        {name for r in rows for name in (r.assignee, r.completed_by, *r.candidate_users)},
    )
    groups = group_names(connection, {key for r in rows for key in r.candidate_groups})
    return tuple(_task(row, people, groups) for row in rows)


def _task(row: Row[Any], people: Mapping[str, str], groups: Mapping[str, str]) -> TaskRow:
    return TaskRow(
        key=row.key,
        name=row.name,
        state=row.state,
        process_id=row.process_id,
        process_name=row.process_name or row.process_id,
        process_key=row.process_key,
        version=row.version,
        instance_key=row.instance_key,
        root_key=row.root_key,
        case_key=row.case_key,
        element_id=row.element_id,
        form_key=row.form_key,
        assignee=row.assignee,
        assignee_name=people.get(row.assignee, ""),
        candidates=(
            *(groups[key] for key in row.candidate_groups),
            *(people[name] for name in row.candidate_users),
        ),
        priority=row.priority,
        created_at=row.created_at,
        due_at=row.due_at,
        follow_up_at=row.follow_up_at,
        completed_at=row.completed_at,
        completed_by=row.completed_by,
        completed_by_name=people.get(row.completed_by, ""),
        overdue_level=row.overdue_level,
        is_late=row.is_late,
        is_suspended=row.is_suspended,
    )


def _actions(connection: Connection, person: Person, row: Row[Any]) -> frozenset[str]:
    about = task_facts(connection, row)
    actions = set()
    if policy.may_complete(person, about):
        actions.add("complete")
    if row.assignee is None and policy.may_claim(person, about):
        actions.add("claim")
    if policy.may_unassign(person, about):
        actions.add("assign")
        if row.assignee is not None:
            actions.add("unassign")
    return frozenset(actions)


def _case(connection: Connection, case_key: int) -> Row[Any] | None:
    table = cases.cases
    return connection.execute(select(table).where(table.c.key == case_key)).one_or_none()


def _head(case: Row[Any], is_masked: bool) -> CaseHead:
    shown = (masked if is_masked else plain)(case.title, case.customer)
    return CaseHead(
        key=case.key,
        case_no=case.case_no,
        title=shown.title or case.case_no,
        customer=shown.customer,
        grade=case.grade,
        state=case.state,
        deadline_at=case.deadline_at,
        opened_at=case.opened_at,
    )


def _facts(
    connection: Connection,
    row: Row[Any],
    case: Row[Any] | None,
    variables: Mapping[str, Any],
    is_masked: bool,
) -> tuple[CaseFact, ...]:
    table = tasks.form_submissions
    root_key = row.root_key if case is None else case.root_instance_key
    where = table.c.instance_key == row.instance_key
    if case is not None:
        where = table.c.case_key == case.key
    form_keys = connection.execute(
        select(table.c.form_key).where(where).order_by(table.c.key.desc())
    ).scalars()
    return case_facts.facts(
        connection,
        root_instance_key=root_key,
        values=variables if case is None else case.facts,
        form_keys=list(form_keys),
        is_masked=is_masked,
    )


def _draft(connection: Connection, person: Person, task_key: int) -> Draft | None:
    table = tasks.user_task_drafts
    query = select(table).where(table.c.task_key == task_key, table.c.username == person.username)
    row = connection.execute(query).one_or_none()
    return None if row is None else Draft(row.variables, row.draft_version, row.saved_at)


def _submitted(connection: Connection, row: Row[Any]) -> Mapping[str, Any] | None:
    table = tasks.form_submissions
    query = select(table.c["values"]).where(
        table.c.instance_key == row.instance_key, table.c.task_key == row.key
    )
    found: Mapping[str, Any] | None = connection.execute(query).scalar_one_or_none()
    return found


def _grade_decisions(connection: Connection, case: Row[Any] | None) -> tuple[DecisionRow, ...]:
    if case is None or not case.grade:
        return ()
    return decisions.explaining(decisions.of_tree(connection, case.root_instance_key), case.grade)


def _others(connection: Connection, row: Row[Any]) -> tuple[TaskRow, ...]:
    table = tasks.user_tasks
    same = table.c.root_key == row.root_key
    if row.case_key is not None:
        same = table.c.case_key == row.case_key
    query = select(table).where(same, table.c.state == "CREATED", table.c.key != row.key)
    return task_rows(connection, connection.execute(query.order_by(table.c.key)).all())
