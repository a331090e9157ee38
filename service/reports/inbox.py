"""The inbox of one person: 待办, 可领取, 已办, 抄送, read from the rows that the engine just wrote.

A task is 已超时 when its clock has marked it, and 即将超时 in the last fifth of its time, but never more
than 4 hours before its deadline (`nearing`). It is unread for somebody until he has opened it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from service.identity import Person
from service.persistence.driver import KeptQuery, ask_together
from service.reports import inbox_counts, inbox_tabs, nearing
from service.reports.asker import names_of
from service.reports.inbox_counts import Counts
from service.reports.inbox_filters import InboxFilter
from service.reports.masked import masked, plain
from service.reports.paging import decode, encode

TABS = ("mine", "claimable", "done", "cc")


@dataclass(frozen=True)
class InboxQuery:
    """What of the inbox is asked for.

    Attributes:
        tab: One of `TABS`.
        text: Words of the case's number, title or customer, or of the task's name.
        process_id: Only tasks of this process.
        overdue_only: Only tasks whose clock has run out.
        near_only: Only tasks whose deadline is near.
        sort: `due` (the next deadline first) or `newest`; done tasks and copies are always newest first.
        cursor: Where an earlier page ended.
        limit: Rows of a page.
    """

    tab: str = "mine"
    text: str = ""
    process_id: str | None = None
    overdue_only: bool = False
    near_only: bool = False
    sort: str = "due"
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class InboxRow:
    """One line of the inbox.

    Attributes:
        task_key: None on the tab `cc`: there the line is a case.
        name: The task's name; on the tab `cc` why the case is shown to the reader.
        title: The case's title, or the task's name where there is no case.
        customer: Masked but on the tab `mine`: the present task needs it (XC-P-4).
        created_at: When the task came, was done (`done`) or the copy was sent (`cc`).
        began_at: When its time began to run.
        overdue_level: 0 in time, 1 overdue, 2 and 3 escalated.
        is_unread: Whether he has not opened it yet; only open tasks can be.
        is_suspended: Whether it waits because its instance was suspended.
    """

    task_key: int | None
    case_key: int | None
    case_no: str | None
    name: str
    process_id: str
    process_name: str
    title: str
    customer: str
    grade: str | None
    due_at: datetime | None
    began_at: datetime
    overdue_level: int
    created_at: datetime
    assignee: str | None
    priority: int
    attachment_count: int
    is_unread: bool
    is_suspended: bool


@dataclass(frozen=True)
class ProcessChoice:
    """A process to filter by."""

    process_id: str
    name: str


@dataclass(frozen=True)
class InboxPage:
    """One page of the inbox.

    Attributes:
        processes: To filter by: on `mine` and `claimable` those with lines there, else all.
        next_cursor: None at the end.
    """

    rows: Sequence[InboxRow]
    counts: Counts
    processes: Sequence[ProcessChoice]
    next_cursor: str | None


def page(connection: Connection, person: Person, query: InboxQuery, now: datetime) -> InboxPage:
    """Return a page of somebody's inbox, as it stands at `now`.

    Raises:
        BadInputError: The cursor is none of this list.
    """
    group_count = len(person.groups)
    tab = inbox_tabs.tab(query.tab, group_count, query.sort)
    values = {**names_of(person), **nearing.at(now)}
    kept = [_page(tab, query), inbox_counts.of_tabs(group_count), tab.processes]
    found, (numbers,), processes = ask_together(connection, [(each, values) for each in kept])
    shown = found[: query.limit]
    next_cursor = encode(tab.position(shown[-1])) if len(found) > query.limit else None
    return InboxPage(
        rows=tuple(_row(row, query.tab) for row in shown),
        counts=Counts(*numbers),
        processes=tuple(ProcessChoice(key, name or key) for key, name in sorted(processes)),
        next_cursor=next_cursor,
    )


def _page(tab: inbox_tabs.Tab, query: InboxQuery) -> KeptQuery:
    """Return the query of a page and one row more; what is asked again and again is kept."""
    wanted, limit = _filter(query), query.limit + 1
    if query.cursor:
        return KeptQuery(tab.page(wanted, decode(query.cursor, tab.sort), limit))
    if wanted.words:
        return KeptQuery(tab.page(wanted, None, limit))
    return inbox_tabs.first_page(tab, wanted, limit)


def _filter(query: InboxQuery) -> InboxFilter:
    return InboxFilter(
        words=tuple(query.text.split()),
        process_id=query.process_id,
        overdue_only=query.overdue_only,
        near_only=query.near_only,
    )


def _row(row: Any, tab: str) -> InboxRow:
    shown = (plain if tab == "mine" else masked)(row.title, row.customer)
    return InboxRow(
        task_key=row.task_key,
        case_key=row.case_key,
        case_no=row.case_no,
        name=row.name,
        process_id=row.process_id,
        process_name=row.process_name or row.process_id,
        title=shown.title or row.name,
        customer=shown.customer,
        grade=row.grade,
        due_at=row.due_at,
        began_at=row.began_at,
        overdue_level=row.overdue_level,
        created_at=row.at,
        assignee=row.assignee,
        priority=row.priority,
        attachment_count=row.attachment_count,
        is_unread=bool(row.is_unread),
        is_suspended=bool(row.is_suspended),
    )
