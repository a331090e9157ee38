"""The house's own texts name the task, its case, its deadline and where to go."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from service.notifications import texts
from tests.fakes import NOW

TASK = texts.TaskFacts(
    name="界定问题",
    process_name="顾客反馈处理程序",
    case_no="20261124-TEL-001",
    case_title="百灵：开胶",
    due_at=NOW,
    link="http://127.0.0.1:8000/tasks/7",
)

ABOUT_A_TASK: dict[str, Callable[[Any], Any]] = {
    "reminder": texts.reminder,
    "overdue": lambda task: texts.overdue(task, 1),
    "escalated": lambda task: texts.overdue(task, 3),
    "signature": texts.signature_wanted,
}


@pytest.mark.parametrize("make", ABOUT_A_TASK.values(), ids=ABOUT_A_TASK)
def test_a_text_about_a_task_says_which_until_when_and_where(make: Callable[[Any], Any]) -> None:
    """XC-M-1: case number, deadline in Shanghai time and link."""
    text = make(TASK)
    assert "20261124-TEL-001" in text.subject
    assert "界定问题" in text.subject
    for part in ("2026年11月24日 10:00", "顾客反馈处理程序", "百灵：开胶", TASK.link):
        assert part in text.body


@pytest.mark.parametrize("make", ABOUT_A_TASK.values(), ids=ABOUT_A_TASK)
def test_a_task_without_case_and_deadline_leaves_no_hole(make: Callable[[Any], Any]) -> None:
    """No «None» is ever shown to people."""
    text = make(replace(TASK, case_no=None, case_title=None, due_at=None))
    assert "None" not in text.subject + text.body
    assert "案件" not in text.body


def test_each_level_of_lateness_has_its_own_subject() -> None:
    """Who is told at level 2 sees at once that it was told before (XC-X-4)."""
    subjects = {texts.overdue(TASK, level).subject for level in (1, 2, 3)}
    assert len(subjects) == 3
    assert len({text(TASK).subject for text in ABOUT_A_TASK.values()}) == 4


def test_a_failed_sending_names_recipient_subject_and_reason() -> None:
    """XC-M-4: what the sender's group needs to tell the customer in another way."""
    text = texts.sending_failed("k@example.com", "请提供证据", "550 no such user")
    assert "通知发送失败处理" in text.subject
    for part in ("k@example.com", "请提供证据", "550 no such user"):
        assert part in text.body
