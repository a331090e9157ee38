"""流转记录: events of the history as people read them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import loads
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from service.reports.case_facts import told
from service.reports.history import HistoryRow
from service.reports.labels import FieldLabel, field_labels
from service.reports.names import people_names
from service.web import decisions, personal
from service.web.texts import gettext, lazy_gettext

TITLES = MappingProxyType(
    {
        "batch.status": lazy_gettext("批次状态变更"),
        "case.archived": lazy_gettext("归档"),
        "clock.escalate": lazy_gettext("超时升级"),
        "clock.overdue": lazy_gettext("任务超时"),
        "clock.remind": lazy_gettext("临近时限提醒"),
        "decision.evaluated": lazy_gettext("查决策表"),
        "file.stored": lazy_gettext("上传附件"),
        "incident.raised": lazy_gettext("出现异常"),
        "incident.resolved": lazy_gettext("异常已解除"),
        "instance.canceled": lazy_gettext("流程被终止"),
        "instance.ended": lazy_gettext("流程结束"),
        "instance.started": lazy_gettext("流程开始"),
        "job.completed": lazy_gettext("系统工作完成"),
        "job.error_thrown": lazy_gettext("系统工作报告错误"),
        "job.failed": lazy_gettext("系统工作失败"),
        "mail.failed": lazy_gettext("邮件发送失败"),
        "mail.sent": lazy_gettext("邮件已发送"),
        "message.correlated": lazy_gettext("收到消息"),
        "message.published": lazy_gettext("发布消息"),
        "notice.ended": lazy_gettext("快速处理通知单失效"),
        "notice.in_force": lazy_gettext("快速处理通知单生效"),
        "notification.sent": lazy_gettext("发出通知"),
        "timer.fired": lazy_gettext("定时触发"),
        "user_task.assigned": lazy_gettext("分派任务"),
        "user_task.canceled": lazy_gettext("任务取消"),
        "user_task.completed": lazy_gettext("办理完成"),
        "user_task.opened": lazy_gettext("任务到达"),
        "user_task.unassigned": lazy_gettext("放回任务"),
        "user_task.updated": lazy_gettext("任务调整"),
        "variables.set": lazy_gettext("修改变量"),
    }
)
"""Kind of event → what it is called. A kind that is not here is shown by its own name."""

QUIET = frozenset({"job.completed", "job.updated"})
"""Kinds that only operators look for; the pages leave them out."""

TELLING = frozenset({"user_task.completed", "variables.set"})
"""Kinds whose values before and after are listed."""

OPENING = frozenset({"user_task.opened"})
ALARMING = frozenset(
    {
        "clock.overdue",
        "clock.escalate",
        "incident.raised",
        "instance.canceled",
        "job.failed",
        "mail.failed",
    }
)


@dataclass(frozen=True)
class Change:
    """One value before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    """One line of the history."""

    at: datetime
    title: str
    who: str
    text: str
    css_class: str
    rule_refs: tuple[str, ...] = ()
    changes: Sequence[Change] = ()


@dataclass(frozen=True)
class Words:
    """What the names in a history are called.

    Attributes:
        labels: Of form fields, by variable.
        output_labels: Of the outputs of decisions.
    """

    labels: Mapping[str, FieldLabel]
    output_labels: Mapping[str, FieldLabel]
    name_by_username: Mapping[str, str]


def read(connection: Connection, rows: Sequence[HistoryRow], *, is_masked: bool) -> list[Event]:
    """Return the events that people read, newest first as the rows are.

    Args:
        connection: Where the labels of fields are read.
        rows: What the report found.
        is_masked: Whether personal data of the customer is hidden from this reader (XC-P-4).
    """
    told_of = [row for row in rows if row.kind not in QUIET]
    words = _words(connection, told_of)
    return [_event(row, words, is_masked) for row in told_of]


def title(row: HistoryRow) -> str:
    """Return what an event is called, with the step it happened at."""
    called = str(TITLES.get(row.kind, row.kind))
    name = row.detail.get("name") or row.element_name
    return gettext("%(event)s：%(step)s", event=called, step=name) if name else called


def _event(row: HistoryRow, words: Words, is_masked: bool) -> Event:
    return Event(
        at=row.at,
        title=title(row),
        who=row.who_name or gettext("系统"),
        text=_text(row, words),
        css_class=_css_class(row.kind),
        rule_refs=row.rule_refs,
        changes=_changes(row, words.labels, is_masked) if row.kind in TELLING else (),
    )


def _css_class(kind: str) -> str:
    if kind in OPENING:
        return "is-current"
    return "is-danger" if kind in ALARMING else "is-done"


def _text(row: HistoryRow, words: Words) -> str:
    teller = _TELLERS.get(row.kind)
    return teller(row, words) if teller else ""


def _changes(
    row: HistoryRow, labels: Mapping[str, FieldLabel], is_masked: bool
) -> tuple[Change, ...]:
    before, after = _values(row.before), _values(row.after)

    def text(values: Mapping[str, Any], name: str) -> str:
        return personal.shown(name, told(values.get(name), labels.get(name)), is_masked=is_masked)

    return tuple(
        Change(
            labels[name].label if name in labels else name, text(before, name), text(after, name)
        )
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    )


def _words(connection: Connection, rows: Sequence[HistoryRow]) -> Words:
    names = {
        name
        for row in rows
        if row.kind in TELLING
        for name in (*_values(row.before), *_values(row.after))
    }
    outputs = [_output(row) for row in rows if row.kind == "decision.evaluated"]
    assignees = {_values(row.after).get("assignee") for row in rows}
    return Words(
        field_labels(connection, sorted(names), ()),
        decisions.output_labels(connection, outputs),
        people_names(connection, assignees),
    )


def _values(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _output(row: HistoryRow) -> Any:
    return loads(row.after) if isinstance(row.after, str) else row.after


def _decided(row: HistoryRow, words: Words) -> str:
    failure = row.detail.get("failure")
    if failure:
        return str(failure)
    return decisions.output_text(_output(row), words.output_labels)


def _assigned(row: HistoryRow, words: Words) -> str:
    who = _values(row.after).get("assignee")
    return gettext("办理人 %(name)s", name=words.name_by_username.get(who, who)) if who else ""


def _stated(name: str) -> Callable[[HistoryRow, Words], str]:
    return lambda row, _words: str(row.detail.get(name) or "")


def _finished(row: HistoryRow, _words: Words) -> str:
    return gettext("超时办结") if row.detail.get("is_late") else ""


_TELLERS: Mapping[str, Callable[[HistoryRow, Words], str]] = MappingProxyType(
    {
        "decision.evaluated": _decided,
        "file.stored": _stated("file_name"),
        "incident.raised": _stated("message"),
        "instance.canceled": _stated("reason"),
        "job.failed": _stated("message"),
        "notification.sent": _stated("subject"),
        "user_task.assigned": _assigned,
        "user_task.completed": _finished,
    }
)
"""Kind of event → what is said behind its title."""
