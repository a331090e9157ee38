"""The four lists of the inbox as SQL: which rows, in which order.

A list may be long: ten thousands of tasks that somebody may take, hundreds of thousands that he has done.
So each is read in the order of an index, page by page. The statements are written once for all who have
as many groups (`asker`); they are asked with `names_of` the person, and `nearing.at` the moment.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Row,
    Select,
    SelectBase,
    Text,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    null,
    select,
    union,
)

from service.domain.errors import BadInputError
from service.domain.priorities import NORMAL_PRIORITY
from service.persistence.driver import KeptQuery
from service.persistence.tables import cases, definitions, tasks
from service.reports import paging
from service.reports.asker import Asker, asker
from service.reports.inbox_filters import Filtered, InboxFilter
from service.reports.paging import SortColumn, Value
from service.reports.taking_part import CREATED, names, ways_to_be_named

KEPT = 64
"""Lists that are kept, and as many first pages of them: people look at the same ones again and again."""


@dataclass(frozen=True, eq=False)
class Tab:
    """One list: its rows without filters, and what it is sorted by; each is itself alone.

    Attributes:
        statement: The rows.
        filtered: The columns that filters look at.
        processes: `process_id` and `name` of each process to filter by.
        sort: What they are sorted by.
        names: The same columns, as the rows call them.
    """

    statement: Select[Any]
    filtered: Filtered
    processes: KeptQuery
    sort: Sequence[SortColumn]
    names: Sequence[str]

    def page(self, wanted: InboxFilter, values: Sequence[Value] | None, limit: int) -> Select[Any]:
        """Return the rows that are wanted, behind the one with these sort values, at most `limit`."""
        statement = self.statement.where(*self.filtered.conditions(wanted))
        return _cut(statement, self.sort, values, limit)

    def position(self, row: Row[Any]) -> list[Value]:
        """Return the sort values of a row."""
        return [getattr(row, name) for name in self.names]


@dataclass(frozen=True, eq=False)
class TabOfCandidates(Tab):
    """A list of what somebody may take: by each of his names in order, then put together.

    Attributes:
        ways: A condition on the candidates for each name.
        sort: What the candidates are sorted by, who have all of these columns.
    """

    ways: Sequence[ColumnElement[bool]]

    def page(self, wanted: InboxFilter, values: Sequence[Value] | None, limit: int) -> Select[Any]:
        """Return the rows that are wanted, behind the one with these sort values, at most `limit`."""
        candidate = tasks.user_task_candidates
        source: FromClause = candidate
        if wanted.looks_at_cases:
            task, case = tasks.user_tasks, cases.cases
            source = candidate.join(task, task.c.key == candidate.c.task_key)
            source = source.outerjoin(case, case.c.key == task.c.case_key)
        conditions = self.filtered.conditions(wanted)
        columns = [sort.column for sort in self.sort]
        parts = []
        for way in self.ways:
            some = select(*columns).select_from(source).where(way, candidate.c.is_free, *conditions)
            parts.append(select(_cut(some, self.sort, values, limit).subquery()))
        found = union(*parts).subquery()
        sort = [_of(found, column) for column in self.sort]
        statement = self.statement.join(found, found.c.task_key == tasks.user_tasks.c.key)
        return _cut(statement, sort, None, limit)


@lru_cache(KEPT)
def tab(name: str, group_count: int, sort: str) -> Tab:
    """Return one of the lists, for whoever has that many groups.

    Raises:
        BadInputError: There is no list of that name.
    """
    make = _TABS.get(name)
    if make is None:
        raise BadInputError(f"Expected a tab of {sorted(_TABS)}, but got '{name}'.")
    return make(asker(group_count), sort)


@lru_cache(KEPT)
def first_page(tab: Tab, wanted: InboxFilter, limit: int) -> KeptQuery:
    """Return the rows that are wanted, from the first one, at most `limit`."""
    return KeptQuery(tab.page(wanted, None, limit))


def is_his_own(who: Asker) -> ColumnElement[bool]:
    """Return the condition for open tasks that are assigned to somebody."""
    task = tasks.user_tasks
    return and_(task.c.state == CREATED, task.c.assignee == who.username)


def is_copied_to(who: Asker) -> ColumnElement[bool]:
    """Return the condition for open cases that somebody, or a group of his, gets a copy of."""
    case, reader = cases.cases, cases.case_readers
    named = select(reader.c.case_key).where(names(who, reader))
    return and_(case.c.state == "OPEN", case.c.key.in_(named))


def inline(limit: int) -> ColumnElement[int]:
    """Return a limit as part of a statement's text, so that its plan knows how few rows are read."""
    return literal_column(str(int(limit)))


def _cut(
    statement: Select[Any],
    sort: Sequence[SortColumn],
    values: Sequence[Value] | None,
    limit: int,
) -> Select[Any]:
    """Return the first rows of a statement in an order, behind the one with these sort values."""
    if values is not None:
        statement = statement.where(paging.after(sort, values))
    return statement.order_by(*paging.order(sort)).limit(inline(limit))


def _of(found: FromClause, sort: SortColumn) -> SortColumn:
    return SortColumn(found.c[sort.column.name], sort.is_descending, sort.is_nullable)


def _mine(who: Asker, sort: str) -> Tab:
    task = tasks.user_tasks
    is_his = is_his_own(who)
    statement = _tasks(task.c.created_at, _is_unread(who)).where(is_his)
    name = func.max(task.c.process_name).label("name")
    processes = select(task.c.process_id, name).where(is_his)
    return Tab(
        statement,
        Filtered.of_tasks(),
        KeptQuery(processes.group_by(task.c.process_id)),
        *_order(sort, task.c.key, task),
    )


def _claimable(who: Asker, sort: str) -> Tab:
    task, candidate = tasks.user_tasks, tasks.user_task_candidates
    ways = ways_to_be_named(who, candidate)
    free = select(candidate.c.process_id).where(candidate.c.is_free)
    return TabOfCandidates(
        _tasks(task.c.created_at, _is_unread(who)),
        Filtered.of_candidates(),
        KeptQuery(_named(union(*(free.where(way) for way in ways)))),
        *_order(sort, candidate.c.task_key, candidate),
        ways=ways,
    )


def _order(
    sort: str, key: ColumnElement[int], table: FromClause
) -> tuple[Sequence[SortColumn], Sequence[str]]:
    if sort == "newest":
        newest = SortColumn(table.c.created_at, is_descending=True)
        return (newest, SortColumn(key, is_descending=True)), ("at", "task_key")
    due = SortColumn(table.c.due_at, is_nullable=True)
    return (due, SortColumn(key)), ("due_at", "task_key")


def _done(who: Asker, _sort: str) -> Tab:
    task = tasks.user_tasks
    is_done = and_(task.c.completed_by == who.username, task.c.completed_at.is_not(None))
    sort = (SortColumn(task.c.completed_at, True), SortColumn(task.c.key, True))
    statement = _tasks(task.c.completed_at, false()).where(is_done)
    return Tab(statement, Filtered.of_tasks(), KeptQuery(_deployed()), sort, ("at", "task_key"))


def _cc(who: Asker, _sort: str) -> Tab:
    case = cases.cases
    sort = (SortColumn(case.c.opened_at, True), SortColumn(case.c.key, True))
    names = ("began_at", "case_key")
    return Tab(_copies(who), Filtered.of_cases(), KeptQuery(_deployed()), sort, names)


def _deployed() -> Select[Any]:
    """Return all processes: to look which of them a long list has would be to read all of it."""
    process = definitions.process_definitions
    return select(process.c.process_id, process.c.name).where(process.c.is_latest)


def _named(process_ids: SelectBase) -> Select[Any]:
    """Return processes with their names."""
    process, found = definitions.process_definitions, process_ids.subquery()
    return select(found.c.process_id, process.c.name).outerjoin(
        process, (process.c.process_id == found.c.process_id) & process.c.is_latest
    )


def _is_unread(who: Asker) -> ColumnElement[bool]:
    read = tasks.task_reads
    return ~exists().where(
        read.c.task_key == tasks.user_tasks.c.key, read.c.username == who.username
    )


def _tasks(at: Any, is_unread: ColumnElement[bool]) -> Select[Any]:
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
        _files(task.c.case_key),
        case.c.case_no,
        case.c.title,
        case.c.customer,
        case.c.grade,
    )
    return select(*columns).outerjoin(case, case.c.key == task.c.case_key)


def _files(case_key: ColumnElement[Any]) -> ColumnElement[int]:
    """Return how many files a case has; those that were never handed in are none of its."""
    file = cases.attachments
    bound = select(func.count()).where(file.c.case_key == case_key, file.c.is_bound)
    return bound.scalar_subquery().label("attachment_count")


def _copies(who: Asker) -> Select[Any]:
    """Return the open cases that name somebody as reader, each once."""
    case, reader, process = cases.cases, cases.case_readers, definitions.process_definitions
    since = (
        select(func.min(reader.c.since))
        .where(reader.c.case_key == case.c.key, names(who, reader))
        .scalar_subquery()
    )
    reason = (
        select(func.min(reader.c.reason))
        .where(reader.c.case_key == case.c.key, names(who, reader))
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
        _files(case.c.key),
        case.c.case_no,
        case.c.title,
        case.c.customer,
        case.c.grade,
    ).where(is_copied_to(who))


_TABS: dict[str, Callable[[Asker, str], Tab]] = {
    "mine": _mine,
    "claimable": _claimable,
    "done": _done,
    "cc": _cc,
}
