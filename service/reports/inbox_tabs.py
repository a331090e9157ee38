"""The four lists of the inbox as SQL: which rows, in which order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    Text,
    and_,
    cast,
    distinct,
    exists,
    false,
    func,
    literal,
    null,
    select,
)

from service.domain.errors import BadInputError
from service.identity import Person
from service.persistence.tables import cases, definitions, tasks
from service.reports import paging
from service.reports.paging import SortColumn, Value
from service.reports.rights import is_candidate, is_reader

NORMAL_PRIORITY = 50


@dataclass(frozen=True)
class Tab:
    """One list: its rows without filters, and what it is sorted by.

    Attributes:
        statement: The rows.
        processes: Id and name of each process with rows here.
        sort: What they are sorted by.
        names: The same columns, as the rows call them.
    """

    statement: Select[Any]
    processes: Select[Any]
    sort: Sequence[SortColumn]
    names: Sequence[str]

    def order(self) -> list[Any]:
        """Return its ORDER BY."""
        return paging.order(self.sort)

    def after(self, values: Sequence[Value]) -> ColumnElement[bool]:
        """Return the condition for rows behind the one with these sort values."""
        return paging.after(self.sort, values)

    def position(self, row: Row[Any]) -> list[Value]:
        """Return the sort values of a row."""
        return [getattr(row, name) for name in self.names]


def tab(name: str, person: Person, sort: str) -> Tab:
    """Return one of the lists.

    Raises:
        BadInputError: There is no list of that name.
    """
    make = _TABS.get(name)
    if make is None:
        raise BadInputError(f"Expected a tab of {sorted(_TABS)}, but got '{name}'.")
    return make(person, sort)


def is_his_own(person: Person) -> ColumnElement[bool]:
    """Return the condition for open tasks that are assigned to somebody."""
    task = tasks.user_tasks
    return and_(task.c.state == "CREATED", task.c.assignee == person.username)


def count_claimable(person: Person) -> Select[Any]:
    """Return how many tasks somebody may take; read from the candidates alone."""
    table = tasks.user_task_candidates
    return select(func.count(distinct(table.c.task_key))).where(is_candidate(person))


def count_copies(person: Person) -> Select[Any]:
    """Return how many open cases somebody gets a copy of."""
    return select(func.count()).select_from(cases.cases).where(_is_copied_to(person))


def _mine(person: Person, sort: str) -> Tab:
    return _open_tasks(is_his_own(person), person, sort)


def _claimable(person: Person, sort: str) -> Tab:
    candidate = tasks.user_task_candidates
    may_take = select(candidate.c.task_key).where(is_candidate(person))
    return _open_tasks(tasks.user_tasks.c.key.in_(may_take), person, sort)


def _open_tasks(condition: ColumnElement[bool], person: Person, sort: str) -> Tab:
    task = tasks.user_tasks
    statement = _tasks(task.c.created_at, condition, _is_unread(person))
    processes = _task_processes(condition)
    key = SortColumn(task.c.key, is_descending=sort == "newest")
    if sort == "newest":
        newest = SortColumn(task.c.created_at, is_descending=True)
        return Tab(statement, processes, (newest, key), ("at", "task_key"))
    due = SortColumn(task.c.due_at, is_nullable=True)
    return Tab(statement, processes, (due, key), ("due_at", "task_key"))


def _done(person: Person, _sort: str) -> Tab:
    task = tasks.user_tasks
    is_done = and_(task.c.completed_by == person.username, task.c.completed_at.is_not(None))
    sort = (SortColumn(task.c.completed_at, True), SortColumn(task.c.key, True))
    statement = _tasks(task.c.completed_at, is_done, false())
    return Tab(statement, _task_processes(is_done), sort, ("at", "task_key"))


def _cc(person: Person, _sort: str) -> Tab:
    case = cases.cases
    sort = (SortColumn(case.c.opened_at, True), SortColumn(case.c.key, True))
    process_ids = select(case.c.process_id).where(_is_copied_to(person)).distinct().subquery()
    process = definitions.process_definitions
    processes = select(process_ids.c.process_id, process.c.name).outerjoin(
        process, (process.c.process_id == process_ids.c.process_id) & process.c.is_latest
    )
    return Tab(_copies(person), processes, sort, ("began_at", "case_key"))


def _task_processes(condition: ColumnElement[bool]) -> Select[Any]:
    task = tasks.user_tasks
    query = select(task.c.process_id, func.max(task.c.process_name)).where(condition)
    return query.group_by(task.c.process_id)


def _is_unread(person: Person) -> ColumnElement[bool]:
    read = tasks.task_reads
    return ~exists().where(
        read.c.task_key == tasks.user_tasks.c.key, read.c.username == person.username
    )


def _tasks(at: Any, condition: ColumnElement[bool], is_unread: ColumnElement[bool]) -> Select[Any]:
    task, case = tasks.user_tasks, cases.cases
    columns = (
        task.c.key.label("task_key"),
        task.c.name,
        task.c.process_id,
        task.c.process_name,
        task.c.due_at,
        task.c.overdue_level,
        task.c.is_suspended,
        task.c.assignee,
        task.c.priority,
        at.label("at"),
        task.c.created_at.label("began_at"),
        is_unread.label("is_unread"),
        task.c.case_key,
        case.c.case_no,
        case.c.title,
        case.c.customer,
        case.c.grade,
    )
    return select(*columns).outerjoin(case, case.c.key == task.c.case_key).where(condition)


def _copies(person: Person) -> Select[Any]:
    """Return the open cases that name somebody as reader, each once."""
    case, reader, process = cases.cases, cases.case_readers, definitions.process_definitions
    since = (
        select(func.min(reader.c.since))
        .where(reader.c.case_key == case.c.key, is_reader(person))
        .scalar_subquery()
    )
    reason = (
        select(func.min(reader.c.reason))
        .where(reader.c.case_key == case.c.key, is_reader(person))
        .scalar_subquery()
    )
    name = (
        select(process.c.name)
        .where(process.c.process_id == case.c.process_id, process.c.is_latest)
        .scalar_subquery()
    )
    return select(
        null().label("task_key"),
        reason.label("name"),
        case.c.process_id,
        name.label("process_name"),
        case.c.deadline_at.label("due_at"),
        cast(case.c.is_overdue, Integer).label("overdue_level"),
        cast(null(), Text).label("assignee"),
        literal(NORMAL_PRIORITY).label("priority"),
        since.label("at"),
        false().label("is_unread"),
        false().label("is_suspended"),
        case.c.opened_at.label("began_at"),
        case.c.key.label("case_key"),
        case.c.case_no,
        case.c.title,
        case.c.customer,
        case.c.grade,
    ).where(_is_copied_to(person))


def _is_copied_to(person: Person) -> ColumnElement[bool]:
    case, reader = cases.cases, cases.case_readers
    named = select(reader.c.case_key).where(is_reader(person))
    return and_(case.c.state == "OPEN", case.c.key.in_(named))


_TABS: dict[str, Callable[[Person, str], Tab]] = {
    "mine": _mine,
    "claimable": _claimable,
    "done": _done,
    "cc": _cc,
}
