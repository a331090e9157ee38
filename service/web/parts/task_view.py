"""What the page of a task shows, put together for one reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import Connection

from service.identity import Person
from service.reports import task_page as report
from service.reports.files import FileRow
from service.web.parts import decisions, diagrams, filled_forms, history, personal, task_list
from service.web.parts.facts import Fact, fact
from service.web.words import formats
from service.web.words.texts import gettext


@dataclass(frozen=True)
class Notice:
    """A banner above the form."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True)
class OtherTask:
    """Another open task of the same case and who has it or may take it."""

    name: str
    who: str


@dataclass(frozen=True)
class Detail:
    """Everything the template of a task reads.

    Attributes:
        island: The form island's data; None when there is nothing to show as a form.
        list_tab: The tab of the list in which the task stands; empty for his own tasks.
        actions: What the reader may do: `complete`, `claim`, `unassign`.
        share_used: How much of the time is used up, in percent.
    """

    task_key: int
    title: str
    name: str
    process_name: str
    case_no: str | None
    grade: str | None
    is_open: bool
    due_at: datetime | None
    began_at: datetime
    clock_state: str
    share_used: int
    priority_class: str
    assignee_name: str
    assignee_text: str
    list_tab: str
    back_url: str
    upload_url: str
    notice: Notice | None
    facts: Sequence[Fact]
    grade_reasons: Sequence[decisions.Reason]
    island: Mapping[str, Any] | None
    form_note: str
    draft_saved_at: datetime | None
    others: Sequence[OtherTask]
    history: Sequence[history.Event]
    files: Sequence[FileRow]
    diagram: Mapping[str, Any] | None
    actions: frozenset[str]


def read(connection: Connection, person: Person, task_key: int, tab: str) -> Detail:
    """Return the page of a task for one reader.

    Raises:
        NotFoundError: There is no such task, or he may not know of it.
    """
    found = report.facts(connection, person, task_key)
    task, case = found.task, found.case
    is_open = task.state == "CREATED"
    actions = _actions(found)
    list_tab = tab or ("claimable" if "claim" in actions else "")
    return Detail(
        task_key=task.key,
        title=case.title if case else task.name,
        name=task.name,
        process_name=task.process_name,
        case_no=case.case_no if case else None,
        grade=case.grade if case else None,
        is_open=is_open,
        due_at=task.due_at,
        began_at=task.created_at,
        clock_state=formats.deadline_state(task.due_at, task.created_at) if is_open else "",
        share_used=formats.share_used(task.created_at, task.due_at) if task.due_at else 0,
        priority_class=task_list.priority_class(task.priority),
        assignee_name=task.completed_by_name or task.assignee_name,
        assignee_text=_assignee_text(person, task),
        list_tab=list_tab,
        back_url=url_for(task_list.ENDPOINT, tab=list_tab or None),
        upload_url=_upload_url(found),
        notice=_notice(found, actions),
        facts=_facts(found),
        grade_reasons=decisions.reasons(connection, found.grade_decisions),
        island=_island(connection, found, actions),
        form_note=_form_note(task, actions),
        draft_saved_at=found.draft.saved_at if found.draft else None,
        others=[OtherTask(other.name, holder(other)) for other in found.others],
        history=history.read(connection, found.history, is_masked=found.is_masked),
        files=found.files,
        diagram=diagrams.island(connection, found.diagram) if found.diagram else None,
        actions=actions,
    )


def holder(task: report.TaskRow) -> str:
    """Return who has an open task, or who may take it."""
    if task.assignee_name:
        return task.assignee_name
    if not task.candidates:
        return gettext("等待分派")
    return gettext("可领取：%(names)s", names=gettext("、").join(task.candidates))


def _actions(found: report.TaskPage) -> frozenset[str]:
    """Return what is offered: a task is claimed first, so that no two people fill in the same form."""
    if found.task.state != "CREATED":
        return frozenset()
    offered = found.actions & {"claim", "complete", "unassign"}
    return offered - {"complete"} if "claim" in offered else offered


def _assignee_text(person: Person, task: report.TaskRow) -> str:
    if task.state == "COMPLETED":
        return gettext(
            "%(name)s 办理于 %(at)s",
            name=task.completed_by_name,
            at=formats.moment(task.completed_at),
        )
    if task.assignee == person.username:
        return gettext("由我办理")
    if task.assignee:
        return gettext("%(name)s 办理中", name=task.assignee_name)
    return holder(task)


def _upload_url(found: report.TaskPage) -> str:
    is_his = found.task.state == "CREATED" and "complete" in found.actions
    if not is_his or found.task.case_key is None:
        return ""
    return url_for("web.task.attach", task_key=found.task.key)


def _notice(found: report.TaskPage, actions: frozenset[str]) -> Notice | None:
    task = found.task
    if task.state == "COMPLETED":
        title = gettext("任务已办结")
        text = _completed_text(task)
        return Notice("is-success", title, text)
    if task.state == "CANCELED":
        return Notice("is-info", gettext("任务已取消"), gettext("流程已不再需要这项任务。"))
    if task.state != "CREATED":
        # Its task listeners are being asked.
        return Notice(
            "is-info", gettext("等待系统确认"), gettext("系统确认后，这项任务会自动继续。")
        )
    if task.is_suspended:
        text = gettext("流程实例已由管理员暂停，恢复后才能继续办理。")
        return Notice("is-warning", gettext("已暂停"), text)
    if "claim" in actions:
        return Notice("is-info", gettext("任务还没有人领取"), gettext("领取后即可填写和提交。"))
    if "complete" not in actions:
        return Notice("is-info", gettext("仅供查看"), gettext("这项任务由其他人办理。"))
    return None


def _completed_text(task: report.TaskRow) -> str:
    at = formats.moment(task.completed_at)
    if task.is_late:
        return gettext("%(name)s 于 %(at)s 办结，已超过时限。", name=task.completed_by_name, at=at)
    return gettext("%(name)s 于 %(at)s 办结。", name=task.completed_by_name, at=at)


def _facts(found: report.TaskPage) -> list[Fact]:
    rows = [fact(each.label, each.text) for each in found.facts]
    if (
        found.case
        and found.case.customer
        and not any(each.name == "customer_name" for each in found.facts)
    ):
        rows.insert(0, fact(gettext("客户"), found.case.customer))
    return rows


def _form_note(task: report.TaskRow, actions: frozenset[str]) -> str:
    if "complete" in actions and len(task.candidates) == 1:
        return gettext("由%(group)s填写", group=task.candidates[0])
    return ""


def _island(
    connection: Connection, found: report.TaskPage, actions: frozenset[str]
) -> Mapping[str, Any] | None:
    task = found.task
    if "complete" in actions:
        draft = found.draft
        island = filled_forms.open_form(
            connection, task.form_key, found.variables, draft.variables if draft else None
        )
        return island | {
            "draftUrl": url_for("web.task.draft", task_key=task.key),
            "draftVersion": draft.draft_version if draft else None,
            "submitUrl": url_for("web.task.complete", task_key=task.key),
            "uploadUrl": url_for("web.task.upload", task_key=task.key),
            "documentUrl": filled_forms.document_url(),
        }
    if task.form_key is None:
        return None
    values = found.variables if found.submitted is None else found.submitted
    hidden = personal.values(values, is_masked=found.is_masked)
    return filled_forms.closed_form(connection, task.form_key, hidden)
