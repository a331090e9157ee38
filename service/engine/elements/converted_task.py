"""A user task in the place of a job: what a migration makes of a user task that a worker was to do.

The job's headers hold what was evaluated when it was opened; that stays so. Whose it is, how urgent and, in
the place of a form that stood in the old diagram, which form it has, the target says. No listener is asked:
nothing begins here, work that has begun changes hands.

Source: Camunda 8.8 process instance migration (ProcessInstanceMigrationUserTaskBehavior). There the target's
expressions do not see the variables of the task itself, such as the item of a multi-instance; here they do.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

import orjson

from service.bpmn import EMBEDDED
from service.domain.identifiers import RESERVED_HEADER
from service.domain.priorities import NORMAL_PRIORITY
from service.engine.elements.job_user_task import JobUserTask
from service.engine.elements.user_task import TaskValues, UserTask
from service.engine.errors import ElementFailure
from service.engine.machine import Token
from service.engine.place import Place

T = TypeVar("T")


def waits_for_job(token: Token) -> bool:
    """Whether the work of a user task that is a job has begun, and is not done."""
    is_job = type(token.task_spec) is JobUserTask
    return is_job and token.notes.get("wait") == "job" and "listener" not in token.notes


def convert(token: Token, was: JobUserTask, headers: Mapping[str, str]) -> None:
    """End the job that a token waits for and open the task of the element that it now belongs to.

    Args:
        token: In the target; its element is a user task that is none.
        was: What it was.
        headers: Those of the job.

    Raises:
        ElementFailure: The target's form cannot be found.
    """
    task: UserTask = token.task_spec
    place = token.workflow.at(token)
    told = {
        name.removeprefix(RESERVED_HEADER): value
        for name, value in headers.items()
        if name.startswith(RESERVED_HEADER)
    }
    form_key, external = _form(token, was, told.get("formKey"), place)
    values = TaskValues(
        assignee=_else(None, lambda: task.assignee_at(place)),
        groups=_names(told.get("candidateGroups")),
        users=_names(told.get("candidateUsers")),
        due_at=_moment(told.get("dueDate")),
        follow_up_at=_moment(told.get("followUpDate")),
        priority=_else(NORMAL_PRIORITY, lambda: task.priority_at(place)),
        form_key=form_key,
        external=external,
    )
    token.workflow.record.end_wait(token.key, "job", is_terminated=True)
    own = {name: value for name, value in headers.items() if not name.startswith(RESERVED_HEADER)}
    task.open(token, values, own)


def _form(
    token: Token, was: JobUserTask, job_form: str | None, place: Place
) -> tuple[int | None, str | None]:
    """Return the key of the form, or the reference of one that another program shows."""
    task: UserTask = token.task_spec
    if job_form is None:
        return None, None
    if job_form.startswith(EMBEDDED):
        external = task.external_form_at(place)
        return (None, external) if external else (task.form_key_at(token, place), None)
    return (None, job_form) if was.form.id is None else (int(job_form), None)


def _else(default: T, value: Callable[[], T]) -> T:
    """Return a value, or what stands for it where it cannot be evaluated: the task is there anyway."""
    try:
        return value()
    except ElementFailure:
        return default


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(orjson.loads(text)) if text else ()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
