"""What the worker of a task listener is told of its user task.

Source: Camunda 8 user task listeners (reserved headers `io.camunda.zeebe:…`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, select

from service.domain.identifiers import RESERVED_HEADER
from service.engine import INITIAL_ASSIGNEE
from service.persistence.tables import tasks
from service.usecases.execution.task_changes import plain

KIND = "TASK_LISTENER"
NAMES = {
    "assignee": "assignee",
    "candidate_groups": "candidateGroups",
    "candidate_users": "candidateUsers",
    "due_at": "dueDate",
    "follow_up_at": "followUpDate",
    "priority": "priority",
}
"""The API's name of each field of a user task that listeners see and correct."""
LISTS = {"candidate_groups": "candidateGroupsList", "candidate_users": "candidateUsersList"}
"""What Camunda calls the lists where it names what changes, unlike where it gives their values."""


@dataclass(frozen=True)
class ListenedTask:
    """A user task as the worker of its listener sees it: with what is asked for and was corrected.

    Attributes:
        properties: By the API's names; moments as text.
        variables: What a completion would bring.
    """

    properties: Mapping[str, Any]
    variables: Mapping[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        """The reserved headers; empty values are left out."""
        texts = {name: _text(value) for name, value in self.properties.items()}
        return {f"{RESERVED_HEADER}{name}": text for name, text in texts.items() if text}


def listened_tasks(connection: Connection, jobs: Iterable[Row[Any]]) -> dict[int, ListenedTask]:
    """Return the tasks behind the jobs of task listeners, by the jobs' keys."""
    asked = {job.element_instance_key: job for job in jobs if job.kind == KIND}
    if not asked:
        return {}
    table, changes = tasks.user_tasks, tasks.user_task_changes
    rows = connection.execute(
        select(table, changes.c.action.label("asked_action"), changes.c.variables)
        .outerjoin(changes, (changes.c.task_key == table.c.key) & changes.c.outcome.is_(None))
        .where(table.c.element_instance_key.in_(asked))
    )
    return {
        asked[row.element_instance_key].key: _listened(row, asked[row.element_instance_key])
        for row in rows
    }


def _listened(row: Row[Any], job: Row[Any]) -> ListenedTask:
    stored = {field: plain(getattr(row, field)) for field in NAMES}
    changes = job.task_changes or {}
    if INITIAL_ASSIGNEE in changes:
        stored["assignee"] = changes[INITIAL_ASSIGNEE]
    now = {field: changes.get(field, value) for field, value in stored.items()}
    changed = [
        LISTS.get(field, name) for field, name in NAMES.items() if now[field] != stored[field]
    ]
    if row.variables:
        changed.append("variables")
    properties = {NAMES[field]: value for field, value in now.items()}
    properties |= {
        "action": row.asked_action or "",
        "changedAttributes": changed,
        "formKey": None if row.form_key is None else str(row.form_key),
        "userTaskKey": str(row.key),
    }
    return ListenedTask(properties, row.variables or {})


def _text(value: Any) -> str:
    if isinstance(value, list):
        return orjson.dumps(value).decode() if value else ""
    return "" if value is None else str(value)
