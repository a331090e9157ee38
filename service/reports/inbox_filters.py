"""What a list of the inbox is filtered by, as SQL conditions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_

from service.persistence.tables import cases, tasks
from service.reports.nearing import is_near


@dataclass(frozen=True)
class InboxFilter:
    """Which rows of a list are wanted.

    Attributes:
        words: Each must be part of the case's number, title or customer, or of the task's name.
        process_id: Only those of this process.
        overdue_only: Only those whose clock has run out.
        near_only: Only those whose deadline is near; the statement is asked with `nearing.at`.
    """

    words: tuple[str, ...] = ()
    process_id: str | None = None
    overdue_only: bool = False
    near_only: bool = False

    @property
    def looks_at_cases(self) -> bool:
        """Whether it asks for more than a task's candidates tell."""
        return bool(self.words) or self.overdue_only


@dataclass(frozen=True)
class Filtered:
    """The columns of a list that filters look at.

    Attributes:
        is_overdue: Whether the clock has run out.
        texts: Where words are looked for.
    """

    process_id: ColumnElement[str]
    due_at: Any
    began_at: Any
    is_overdue: ColumnElement[bool]
    texts: Sequence[ColumnElement[str]]

    @classmethod
    def of_tasks(cls) -> "Filtered":
        """Return those of tasks with their cases."""
        task = tasks.user_tasks
        texts = (*_texts(), task.c.name)
        return cls(
            task.c.process_id, task.c.due_at, task.c.created_at, task.c.overdue_level > 0, texts
        )

    @classmethod
    def of_candidates(cls) -> "Filtered":
        """Return those of candidates, joined with task and case where a filter looks at these."""
        task, candidate = tasks.user_tasks, tasks.user_task_candidates
        return cls(
            candidate.c.process_id,
            candidate.c.due_at,
            candidate.c.created_at,
            task.c.overdue_level > 0,
            (*_texts(), task.c.name),
        )

    @classmethod
    def of_cases(cls) -> "Filtered":
        """Return those of cases."""
        case = cases.cases
        return cls(
            case.c.process_id, case.c.deadline_at, case.c.opened_at, case.c.is_overdue, _texts()
        )

    def conditions(self, wanted: InboxFilter) -> list[ColumnElement[bool]]:
        """Return the conditions for the rows that are wanted."""
        found: list[ColumnElement[bool]] = []
        if wanted.process_id:
            found.append(self.process_id == wanted.process_id)
        if wanted.overdue_only:
            found.append(self.is_overdue)
        if wanted.near_only:
            found.append(is_near(self.due_at, self.began_at))
        for word in wanted.words:
            found.append(or_(*(text.icontains(word, autoescape=True) for text in self.texts)))
        return found


def _texts() -> tuple[ColumnElement[Any], ...]:
    case = cases.cases
    return (case.c.case_no, case.c.title, case.c.customer)
