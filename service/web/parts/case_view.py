"""What the page of a case shows, put together for one reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask import url_for
from sqlalchemy import Connection

from service import forms
from service.identity import Person
from service.reports import case_page as report
from service.reports.files import FileRow
from service.reports.messages import Message
from service.reports.task_page import TaskRow
from service.reports.tracked_items import ItemRow
from service.web.parts import diagrams, filled_forms, history, personal, task_view
from service.web.parts.decisions import Reason, reasons
from service.web.parts.facts import Fact, fact
from service.web.request import current
from service.web.words import formats, mail_states
from service.web.words.texts import gettext, lazy_gettext

STATES = MappingProxyType(
    {
        "OPEN": lazy_gettext("办理中"),
        "CLOSED": lazy_gettext("已关闭"),
        "CANCELED": lazy_gettext("已撤销"),
    }
)
"""State of a case → what it is called."""

_STATE_CLASSES = MappingProxyType({"OPEN": "is-info", "CLOSED": "is-success", "CANCELED": ""})


@dataclass(frozen=True)
class Tab:
    """One tab of the page."""

    key: str
    label: str
    count: int | None


@dataclass(frozen=True)
class OpenTask:
    """An open task and who has it; `url` opens it."""

    name: str
    who: str
    url: str
    due_at: datetime | None
    began_at: datetime
    clock_state: str


@dataclass(frozen=True)
class LinkedCase:
    """Another case; without `url` the reader may not open it."""

    case_no: str
    title: str
    kind: str
    url: str


@dataclass(frozen=True)
class Submission:
    """One submission of a form, in words."""

    name: str
    round: int
    who: str
    at: datetime
    fields: Sequence[Fact]


@dataclass(frozen=True)
class Diagram:
    """One instance of the case on its diagram."""

    name: str
    version: int
    state_text: str
    island: Mapping[str, Any]


@dataclass(frozen=True)
class SentMessage:
    """A message as it is listed."""

    subject: str
    channel: str
    recipient: str
    at: datetime
    state: str
    body: str
    is_to_customer: bool


@dataclass(frozen=True)
class CaseView:
    """Everything the template of a case reads."""

    case_no: str
    title: str
    process_name: str
    grade: str | None
    state_text: str
    state_class: str
    is_open: bool
    is_overdue: bool
    deadline_at: datetime | None
    clock_state: str
    opened_at: datetime
    closed_at: datetime | None
    is_masked: bool
    facts: Sequence[Fact]
    tasks: Sequence[OpenTask]
    readers: Sequence[report.Reader]
    links: Sequence[LinkedCase]
    submissions: Sequence[Submission]
    decisions: Sequence[Reason]
    grade_reasons: Sequence[Reason]
    diagrams: Sequence[Diagram]
    history: Sequence[history.Event]
    files: Sequence[FileRow]
    items: Sequence[ItemRow]
    messages: Sequence[SentMessage]
    archive: report.Archived | None

    @property
    def tabs(self) -> list[Tab]:
        """The tabs with their counts."""
        return [
            Tab("case-facts", gettext("概况"), None),
            Tab("case-forms", gettext("表单"), len(self.submissions)),
            Tab("case-decisions", gettext("决策"), len(self.decisions)),
            Tab("case-diagrams", gettext("流程图"), None),
            Tab("case-history", gettext("流转记录"), len(self.history)),
            Tab("case-files", gettext("附件与实物"), len(self.files) + len(self.items)),
            Tab("case-messages", gettext("消息"), len(self.messages)),
        ]


def read(connection: Connection, person: Person, case_no: str) -> CaseView:
    """Return the page of a case for one reader.

    Raises:
        NotFoundError: There is no such case, or he may not read it.
    """
    page = report.page(connection, person, case_no)
    is_open = page.state == "OPEN"
    return CaseView(
        case_no=page.case_no,
        title=page.title,
        process_name=page.process_name,
        grade=page.grade,
        state_text=state_text(page.state),
        state_class=state_class(page.state),
        is_overdue=is_open and page.is_overdue,
        is_open=is_open,
        deadline_at=page.deadline_at,
        clock_state=formats.deadline_state(page.deadline_at, page.opened_at) if is_open else "",
        opened_at=page.opened_at,
        closed_at=page.closed_at,
        is_masked=page.is_masked,
        facts=_facts(page),
        tasks=[_task(task) for task in page.tasks],
        readers=page.readers,
        links=[_link(link) for link in page.links],
        submissions=_submissions(connection, page),
        decisions=reasons(connection, page.decisions),
        grade_reasons=reasons(connection, page.grade_decisions),
        diagrams=[
            Diagram(
                state.name,
                state.version,
                diagrams.state_text(state.state),
                diagrams.island(connection, state),
            )
            for state in page.diagrams
        ],
        history=history.read(connection, page.history, is_masked=page.is_masked),
        files=page.files,
        items=page.items,
        messages=_messages(page.messages),
        archive=page.archive,
    )


def state_text(state: str) -> str:
    """Return how the state of a case is called."""
    return str(STATES.get(state, state))


def state_class(state: str) -> str:
    """Return the colour of a case's state."""
    return _STATE_CLASSES.get(state, "")


def _facts(page: report.CasePage) -> list[Fact]:
    rows = [fact(each.label, each.text) for each in page.facts]
    if page.customer and not any(each.name == "customer_name" for each in page.facts):
        rows.insert(0, fact(gettext("客户"), page.customer))
    if page.opened_by_name:
        rows.append(Fact(gettext("立案人"), page.opened_by_name))
    return rows


def _task(task: TaskRow) -> OpenTask:
    return OpenTask(
        name=task.name,
        who=task_view.holder(task),
        url=url_for("web.task.page", task_key=task.key),
        due_at=task.due_at,
        began_at=task.created_at,
        clock_state=formats.deadline_state(task.due_at, task.created_at),
    )


def _link(link: report.LinkedCase) -> LinkedCase:
    url = url_for("web.cases.case", case_no=link.case_no) if link.may_read else ""
    kinds = {"source": gettext("来源案件"), "result": gettext("后续案件")}
    return LinkedCase(link.case_no, link.title, kinds.get(link.kind, gettext("关联案件")), url)


def _submissions(connection: Connection, page: report.CasePage) -> list[Submission]:
    variables = filled_forms.offered(connection)
    around = filled_forms.surroundings(connection)
    definitions = current.house().definitions
    found = []
    for filled in page.submissions:
        form = definitions.form(connection, filled.form_key)
        fields = forms.read_only_view(form, filled.values, variables, around)
        found.append(
            Submission(
                name=gettext("发起") if filled.task_name == filled.form_id else filled.task_name,
                round=filled.round,
                who=filled.submitted_by_name,
                at=filled.submitted_at,
                fields=[
                    fact(
                        field.label,
                        personal.shown(field.path, field.text, is_masked=page.is_masked),
                    )
                    for field in fields
                ],
            )
        )
    return found


def _messages(messages: Sequence[Message]) -> list[SentMessage]:
    """Return the messages; the same mail to several people is one line."""
    alike: dict[tuple[str, str, str, str], list[Message]] = {}
    for message in messages:
        key = (message.channel, message.subject, message.body, message.state)
        alike.setdefault(key, []).append(message)
    return [_message(same) for same in alike.values()]


def _message(same: Sequence[Message]) -> SentMessage:
    channels = {"站内信": gettext("站内信"), "邮件": gettext("邮件")}
    first = same[0]
    return SentMessage(
        subject=first.subject,
        channel=channels.get(first.channel, first.channel),
        recipient=gettext("、").join(dict.fromkeys(message.recipient for message in same)),
        at=first.at,
        state=mail_states.state_text(first.state) if first.state else "",
        body=first.body,
        is_to_customer=any(message.is_to_customer for message in same),
    )
