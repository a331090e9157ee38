"""Everything the page of one case shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from service.identity import Person
from service.persistence.tables import cases, definitions, tasks
from service.reports import (
    case_facts,
    decisions,
    diagrams,
    files,
    history,
    messages,
    tracked_items,
)
from service.reports.case_facts import CaseFact
from service.reports.decisions import DecisionRow
from service.reports.diagrams import DiagramState
from service.reports.files import FileRow
from service.reports.history import HistoryRow
from service.reports.masked import masked, plain
from service.reports.messages import Message
from service.reports.names import group_names, people_names
from service.reports.rights import may_read_case, readable_case
from service.reports.task_page import TaskRow, task_rows
from service.reports.tracked_items import ItemRow


@dataclass(frozen=True)
class Reader:
    """Somebody who gets a copy of the case: a group's or a person's name, and why."""

    name: str
    reason: str
    since: datetime


@dataclass(frozen=True)
class LinkedCase:
    """Another case; of one the reader may not open only the number is told.

    Attributes:
        kind: What the other is to this one: `source` it came from, `result` that came of it.
    """

    case_no: str
    title: str
    kind: str
    may_read: bool


@dataclass(frozen=True)
class Filled:
    """One submission of a form; `forms.read_only_view` tells `values` in words.

    Attributes:
        task_name: The step it was handed in at; for a start form the form's id.
        round: Counts the submissions of this form in one instance, from 1.
    """

    key: int
    task_name: str
    form_id: str
    form_key: int
    round: int
    values: Mapping[str, Any]
    submitted_by_name: str
    submitted_at: datetime


@dataclass(frozen=True)
class Archived:
    """The frozen file of a case; `file_id` is None until a worker has made it."""

    archive_no: str
    archived_at: datetime
    retain_until: datetime
    file_id: str | None


@dataclass(frozen=True)
class CasePage:
    """Everything the page shows.

    Attributes:
        state: `OPEN`, `CLOSED` or `CANCELED`.
        is_masked: Whether personal data of the customer is hidden, since the reader has no task here
            now that needs it (XC-P-4); `title`, `customer`, `facts` and `messages` follow it.
        tasks: The open ones; who reads the case may open each, if only to look.
    """

    key: int
    case_no: str
    process_id: str
    process_name: str
    title: str
    customer: str
    grade: str | None
    channel: str | None
    state: str
    is_overdue: bool
    deadline_at: datetime | None
    opened_by_name: str
    opened_at: datetime
    closed_at: datetime | None
    is_masked: bool
    facts: Sequence[CaseFact]
    tasks: Sequence[TaskRow]
    readers: Sequence[Reader]
    links: Sequence[LinkedCase]
    submissions: Sequence[Filled]
    decisions: Sequence[DecisionRow]
    grade_decisions: Sequence[DecisionRow]
    diagrams: Sequence[DiagramState]
    history: Sequence[HistoryRow]
    files: Sequence[FileRow]
    items: Sequence[ItemRow]
    messages: Sequence[Message]
    archive: Archived | None


def page(connection: Connection, person: Person, case_no: str) -> CasePage:
    """Return the page of one case for one reader.

    Raises:
        NotFoundError: There is no such case, or he may not read it.
    """
    row = readable_case(connection, person, case_no)
    open_rows = _open_tasks(connection, row.key)
    is_masked = all(task.assignee != person.username for task in open_rows)
    shown = (masked if is_masked else plain)(row.title, row.customer)
    evaluated = decisions.of_tree(connection, row.root_instance_key)
    submissions = _submissions(connection, row.key)
    return CasePage(
        key=row.key,
        case_no=row.case_no,
        process_id=row.process_id,
        process_name=_process_name(connection, row.process_id),
        title=shown.title or row.case_no,
        customer=shown.customer,
        grade=row.grade,
        channel=row.channel,
        state=row.state,
        is_overdue=row.is_overdue,
        deadline_at=row.deadline_at,
        opened_by_name=people_names(connection, [row.opened_by]).get(row.opened_by, ""),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        is_masked=is_masked,
        facts=case_facts.facts(
            connection,
            root_instance_key=row.root_instance_key,
            values=row.facts,
            form_keys=[one.form_key for one in reversed(submissions)],
            is_masked=is_masked,
        ),
        tasks=task_rows(connection, open_rows),
        readers=_readers(connection, row.key),
        links=_links(connection, person, row.key),
        submissions=submissions,
        decisions=evaluated,
        grade_decisions=decisions.explaining(evaluated, row.grade),
        diagrams=diagrams.of_tree(connection, row.root_instance_key),
        history=history.of_case(connection, row.key),
        files=files.of_case(connection, row.key),
        items=tracked_items.of_case(connection, person, row.key),
        messages=messages.of_case(connection, row.key, is_masked=is_masked),
        archive=_archive(connection, row.key),
    )


def _open_tasks(connection: Connection, case_key: int) -> Sequence[Row[Any]]:
    table = tasks.user_tasks
    query = select(table).where(table.c.case_key == case_key, table.c.state == "CREATED")
    return connection.execute(query.order_by(table.c.key)).all()


def _process_name(connection: Connection, process_id: str) -> str:
    table = definitions.process_definitions
    query = select(table.c.name).where(table.c.process_id == process_id, table.c.is_latest)
    return connection.execute(query).scalar_one_or_none() or process_id


def _readers(connection: Connection, case_key: int) -> tuple[Reader, ...]:
    table = cases.case_readers
    query = select(table).where(table.c.case_key == case_key).order_by(table.c.since, table.c.name)
    rows = connection.execute(query).all()
    people = people_names(connection, (row.name for row in rows if row.kind == "user"))
    groups = group_names(connection, (row.name for row in rows if row.kind == "group"))
    return tuple(
        Reader((people if row.kind == "user" else groups)[row.name], row.reason, row.since)
        for row in rows
    )


def _links(connection: Connection, person: Person, case_key: int) -> tuple[LinkedCase, ...]:
    link, case = cases.case_links, cases.cases
    rows = connection.execute(
        select(case.c.key, case.c.case_no, case.c.title, case.c.customer, link.c.kind)
        .join(link, link.c.other_key == case.c.key)
        .where(link.c.case_key == case_key)
        .order_by(case.c.key)
    ).all()
    of_links = case.c.key.in_([row.key for row in rows])
    readable = select(case.c.key).where(of_links, may_read_case(connection, person))
    readable_keys = set(connection.execute(readable).scalars()) if rows else set()
    found = []
    for row in rows:
        may_read = row.key in readable_keys
        title = masked(row.title, row.customer).title if may_read else ""
        found.append(LinkedCase(row.case_no, title, _kind(row.kind, case_key, row.key), may_read))
    return tuple(found)


def _kind(kind: str, case_key: int, other_key: int) -> str:
    """Return the kind of a link from this side: both sides are stored alike, keys rise with time."""
    return "result" if kind == "source" and other_key > case_key else kind


def _submissions(connection: Connection, case_key: int) -> tuple[Filled, ...]:
    table, task = tasks.form_submissions, tasks.user_tasks
    rows = connection.execute(
        select(table, task.c.name.label("task_name"))
        .outerjoin(task, task.c.key == table.c.task_key)
        .where(table.c.case_key == case_key)
        .order_by(table.c.submitted_at, table.c.key)
    ).all()
    names = people_names(connection, (row.submitted_by for row in rows))
    return tuple(
        Filled(
            key=row.key,
            task_name=row.task_name or row.form_id,
            form_id=row.form_id,
            form_key=row.form_key,
            round=row.round,
            values=row._mapping["values"],
            submitted_by_name=names[row.submitted_by],
            submitted_at=row.submitted_at,
        )
        for row in rows
    )


def _archive(connection: Connection, case_key: int) -> Archived | None:
    table = cases.archives
    query = select(table).where(table.c.case_key == case_key).order_by(table.c.key.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Archived(row.archive_no, row.archived_at, row.retain_until, row.file_attachment_id)
