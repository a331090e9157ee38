"""User tasks: claim, put back, assign, change, draft, complete."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select

from service import engine
from service.domain.errors import BadInputError, WrongStateError
from service.domain.priorities import HIGHEST_PRIORITY
from service.identity import Person, policy
from service.persistence.tables import tasks
from service.persistence.unit import Unit
from service.usecases import drafts, form_values, hand_ins, people
from service.usecases.attempts import Attempt
from service.usecases.clock_marks import end_clocks, open_clocks
from service.usecases.execution import task_changes
from service.usecases.execution.execution import Execution
from service.usecases.execution.task_changes import TaskCommand, plain
from service.usecases.execution.task_state import (
    finish,
    open_task,
    record,
    set_assignee,
    write,
    write_candidates,
)
from service.usecases.hand_ins import Paper, TakenBefore
from service.usecases.house import House
from service.usecases.task_rights import task_facts
from service.usecases.transaction import transact

CHANGEABLE = ("due_at", "follow_up_at", "candidate_groups", "candidate_users", "priority")


@dataclass(frozen=True)
class UserTaskChanges:
    """What shall be changed: fields of `CHANGEABLE`; a field that is not named stays as it is."""

    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TaskCompleted:
    """A task was completed.

    Attributes:
        change_key: Not completed yet: its listeners are asked first (`task_answers`); else None.
        before: The earlier attempt that completed it, or None.
    """

    task_key: int
    instance_key: int
    root_key: int
    case_key: int | None
    change_key: int | None = None
    before: TakenBefore | None = None


@dataclass(frozen=True)
class SavedDraft:
    """A draft was kept.

    Attributes:
        version: Its number, from 1.
        assignee: Somebody else who has the task; else None.
    """

    version: int
    assignee: str | None


def claim(house: House, person: Person, task_key: int) -> int | None:
    """Take an unassigned task for oneself; returns as `assign`.

    Raises:
        NotFoundError, NotAllowedError: Unknown, or not a candidate.
        WrongStateError: Somebody else has it, or it is no longer open.
    """
    return assign(house, person, task_key, person.username, allow_override=False, action="claim")


def assign(
    house: House,
    person: Person,
    task_key: int,
    assignee: str,
    *,
    allow_override: bool = True,
    action: str = "assign",
) -> int | None:
    """Give the task to somebody.

    Returns:
        None when it is done; the key of the change when task listeners are asked first (`task_answers`).

    Raises:
        NotFoundError: No such task.
        BadInputError: No such person.
        NotAllowedError: `person` may not give it, or `assignee` may not have it.
        WrongStateError: It is no longer open; or it is assigned and `allow_override` is false.
    """

    def work(execution: Execution) -> int | None:
        unit = execution.unit
        row = open_task(unit, task_key)
        receiver = people.person(unit.connection, assignee)
        if receiver is None:
            raise BadInputError(f"Expected 'assignee' to be a user, but '{assignee}' is none.")
        if not allow_override and row.assignee not in (None, assignee):
            raise WrongStateError(
                f"Expected user task '{task_key}' to be unassigned, but it is assigned to "
                f"'{row.assignee}'.",
                task_key=task_key,
                assignee=row.assignee,
            )
        facts = task_facts(unit.connection, row)
        if action == "claim":
            policy.may_claim(person, facts).require()
        else:
            policy.may_assign(person, facts, receiver).require()
        return _give(execution, row, assignee, person, action)

    return transact(house, person, work, Attempt("USER_TASK", "ASSIGN", task_key))


def unassign(house: House, person: Person, task_key: int) -> int | None:
    """Put the task back to its candidates; returns as `assign`.

    Raises:
        NotFoundError, NotAllowedError, WrongStateError: As `assign`.
    """

    def work(execution: Execution) -> int | None:
        unit = execution.unit
        row = open_task(unit, task_key)
        policy.may_unassign(person, task_facts(unit.connection, row)).require()
        return _give(execution, row, None, person, "unassign")

    return transact(house, person, work, Attempt("USER_TASK", "UNASSIGN", task_key))


def _give(
    execution: Execution, row: Row[Any], assignee: str | None, person: Person, action: str
) -> int | None:
    if _listens(execution, row, "assigning"):
        wanted = TaskCommand("assigning", {"assignee": assignee}, action)
        return _ask(execution, row, person, wanted)
    set_assignee(execution.unit, row, assignee, person, action)
    return None


def _listens(execution: Execution, row: Row[Any], event: str) -> bool:
    process = execution.house.definitions.process(execution.unit.before, row.process_key)
    return task_changes.listens(execution, process, row.element_id, event)


def _ask(execution: Execution, row: Row[Any], person: Person, wanted: TaskCommand) -> int:
    instance = execution.load(row.instance_key)
    return task_changes.ask(execution, row, instance, person, wanted)


def update(
    house: House, person: Person, task_key: int, changes: UserTaskChanges, action: str = "update"
) -> int | None:
    """Change dates, candidates or priority of an open task; the assignee alone his follow-up date only.

    Returns:
        As `assign`.

    Raises:
        BadInputError: A field that cannot be changed, or a priority outside 0 to 100.
        NotFoundError, NotAllowedError, WrongStateError: As `assign`.
    """
    unknown = set(changes.fields) - set(CHANGEABLE)
    if unknown:
        raise BadInputError(f"Expected fields of {CHANGEABLE}, but got {sorted(unknown)}.")
    priority = changes.fields.get("priority")
    if priority is not None and not 0 <= priority <= HIGHEST_PRIORITY:
        raise BadInputError(
            f"Expected 'priority' to be 0 to {HIGHEST_PRIORITY}, but got {priority}."
        )

    def work(execution: Execution) -> int | None:
        unit = execution.unit
        row = open_task(unit, task_key)
        is_own_note = changes.fields.keys() <= {"follow_up_at"}
        may = policy.may_unassign if is_own_note else policy.may_reschedule
        may(person, task_facts(unit.connection, row)).require()
        if _listens(execution, row, "updating"):
            wanted = TaskCommand("updating", changes.fields, action)
            return _ask(execution, row, person, wanted)
        if not changes.fields:
            return None
        before = {name: plain(getattr(row, name)) for name in changes.fields}
        write(unit, row, dict(changes.fields))
        renewed = {**row._asdict(), **changes.fields}
        write_candidates(unit, renewed)
        if "due_at" in changes.fields:
            end_clocks(unit, [task_key])
            open_clocks(unit, [renewed], execution.snapshot.calendar)
        record(
            unit,
            row,
            "user_task.updated",
            person,
            before=before,
            after={name: plain(value) for name, value in changes.fields.items()},
            detail={"action": action},
        )
        return None

    return transact(house, person, work, Attempt("USER_TASK", "UPDATE", task_key))


def complete(
    house: House,
    person: Person,
    task_key: int,
    variables: Mapping[str, Any],
    action: str = "complete",
    *,
    paper: Paper | None = None,
) -> TaskCompleted:
    """Finish a task with what was filled in, and run the process on to its next wait states.

    Args:
        house: The house.
        person: Who finishes it.
        task_key: The task.
        variables: With a form: its values, checked field by field. Without: any variables.
        action: Kept in the history.
        paper: Handed in before, it changes nothing and is answered as then.

    Raises:
        NotFoundError: No such task.
        NotAllowedError: Not his to finish (XC-P-1), or he may not sign (XC-CS-5).
        WrongStateError: It is no longer open; the text names who finished it.
        InvalidFormError: Values refused; nothing was written.
    """

    def work(execution: Execution) -> TaskCompleted:
        unit = execution.unit
        before = hand_ins.take(unit, person, paper, task_key)
        if before is not None:
            return _completed_before(unit, before)
        row, instance = execution.load_task(task_key)
        above = execution.snapshot.supervisor_by_group
        policy.may_complete(person, task_facts(unit.before, row, above)).require()
        values = form_values.take(execution, person, instance, row, variables)
        if task_changes.listens(execution, instance.process, row.element_id, "completing"):
            wanted = TaskCommand("completing", {}, action, values)
            key = task_changes.ask(execution, row, instance, person, wanted)
            return TaskCompleted(task_key, instance.key, instance.root_key, row.case_key, key)
        finish(unit, row, person, action, values)
        execution.step(
            instance,
            lambda process, value, around: engine.complete_user_task(
                process, value, row.element_instance_key, values, around
            ),
        )
        return TaskCompleted(task_key, instance.key, instance.root_key, row.case_key)

    return transact(house, person, work, Attempt("USER_TASK", "COMPLETE", task_key))


def _completed_before(unit: Unit, before: TakenBefore) -> TaskCompleted:
    """Return the task that an earlier attempt has completed."""
    table = tasks.user_tasks
    columns = (table.c.key, table.c.instance_key, table.c.root_key, table.c.case_key)
    row = unit.before.execute(select(*columns).where(table.c.key == before.subject_key)).one()
    return TaskCompleted(row.key, row.instance_key, row.root_key, row.case_key, before=before)


def save_draft(
    house: House,
    person: Person,
    task_key: int,
    variables: Mapping[str, Any],
    draft_version: int | None = None,
) -> SavedDraft:
    """Keep what somebody has typed so far, unchecked; it is kept although somebody else has the task by now.

    Args:
        house: The house.
        person: Whose draft it is; everybody has his own.
        task_key: The task.
        variables: The values as they stand in the form.
        draft_version: The version it builds on; None overwrites.

    Raises:
        NotFoundError, NotAllowedError: Unknown, or not his to work on.
        WrongStateError: The task is no longer open, or a newer draft (another window) stands there.
        BadInputError: It is larger than `HouseRules.draft_bytes`.
    """

    def work(execution: Execution) -> SavedDraft:
        unit = execution.unit
        row = open_task(unit, task_key)
        policy.may_see_task(person, task_facts(unit.connection, row)).require()
        version = drafts.save(
            unit, row.key, person.username, variables, draft_version, house.rules.draft_bytes
        )
        return SavedDraft(version, row.assignee if row.assignee != person.username else None)

    return transact(house, person, work)
