"""What the house itself writes to people: reminders, overdue notices, signatures, failed mail."""

from dataclasses import dataclass
from datetime import datetime

from service.sla import SHANGHAI


@dataclass(frozen=True)
class Text:
    """A notification: one line and a body."""

    subject: str
    body: str


@dataclass(frozen=True)
class TaskFacts:
    """What a notification about a task says.

    Attributes:
        name: Name of the task.
        process_name: Name of its process.
        case_no: Number of its case; None when it has none.
        case_title: Title of its case, or None.
        due_at: Its deadline, aware; None when it has none.
        link: Address of the task's page.
    """

    name: str
    process_name: str
    case_no: str | None
    case_title: str | None
    due_at: datetime | None
    link: str


def reminder(task: TaskFacts) -> Text:
    """Return the reminder at 80 % of the period (XC-X-2)."""
    return Text(
        f"【即将到期】{_label(task)}",
        f"任务“{task.name}”将于 {moment(task.due_at)} 到期，请及时办理。\n\n{_facts(task)}",
    )


def overdue(task: TaskFacts, level: int) -> Text:
    """Return the overdue notice (XC-X-3); from level 2 on it goes one level higher (XC-X-4)."""
    mark = "【已逾期】" if level == 1 else f"【逾期升级 第 {level} 级】"
    return Text(
        f"{mark}{_label(task)}",
        f"任务“{task.name}”应于 {moment(task.due_at)} 前完成，目前尚未办结，请督促办理。\n\n"
        f"{_facts(task)}",
    )


def signature_wanted(task: TaskFacts) -> Text:
    """Return the request to sign in a countersign round (XC-CS-1)."""
    until = f"，请于 {moment(task.due_at)} 前签署" if task.due_at else "，请签署"
    return Text(
        f"【会签】{_label(task)}",
        f"“{task.name}”需要贵部门会签{until}。\n\n{_facts(task)}",
    )


def sending_failed(recipient: str, subject: str, error: str) -> Text:
    """Return the note 通知发送失败处理 to the sender's group (XC-M-4)."""
    return Text(
        f"【通知发送失败处理】{subject}",
        f"发给 {recipient} 的邮件“{subject}”多次发送失败，请改用其他方式联系对方。\n\n"
        f"失败原因：{error}",
    )


def moment(at: datetime | None) -> str:
    """Return a moment as people read it: `2026年11月24日 18:00`, Shanghai time."""
    if at is None:
        return "（未设期限）"
    local = at.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def _label(task: TaskFacts) -> str:
    return " ".join(part for part in (task.case_no, task.name) if part)


def _facts(task: TaskFacts) -> str:
    lines = [f"流程：{task.process_name}"]
    if task.case_no:
        lines.append(f"案件编号：{task.case_no}")
    if task.case_title:
        lines.append(f"案件：{task.case_title}")
    lines.append(f"办理入口：{task.link}")
    return "\n".join(lines)
