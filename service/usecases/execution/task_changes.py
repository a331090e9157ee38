"""Changes of user tasks that task listeners are asked about first.

What was asked for stands in `user_task_changes` until the last listener has answered; then it is carried
out in the name of whoever asked, or dropped. Who waits for the answer looks at the row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Row, select, update

from service import engine
from service.engine.values import TaskChanged
from service.identity import Person
from service.persistence.people import person as find_person
from service.persistence.tables import tasks
from service.persistence.unit import Unit
from service.usecases.clock_marks import end_clocks, open_clocks
from service.usecases.definitions import LoadedProcess
from service.usecases.execution.running import RunningInstance
from service.usecases.execution.task_rows import OPEN_STATES
from service.usecases.execution.task_state import finish, record, write, write_candidates
from service.usecases.execution.variable_writes import write_variables

LOCAL, OUTWARD = "LOCAL", "OUTWARD"

MOMENTS = frozenset({"due_at", "follow_up_at"})


class Stepping(Protocol):
    """What of an execution is needed here."""

    unit: Unit
    who: Person

    @property
    def snapshot(self) -> Any:
        """Rarely changing facts."""

    def step(self, instance: RunningInstance, call: Any) -> None:
        """Run one engine call and write what it did."""


@dataclass(frozen=True)
class TaskCommand:
    """What somebody wants of a task that has listeners.

    Attributes:
        event: `assigning`, `updating` or `completing`.
        changes: Fields of the task, as columns.
        variables: What a completion brings, or what shall be set.
        action: Kept in the history.
        sets: `LOCAL` or `OUTWARD` when the command is to set variables: right at the task, or where each is.
    """

    event: str
    changes: Mapping[str, Any]
    action: str
    variables: Mapping[str, Any] | None = None
    sets: str | None = None


def listens(execution: Stepping, process: LoadedProcess, element_id: str, event: str) -> bool:
    """Return whether listeners want to be asked about an event of a user task."""
    is_drawn = process.compiled.listens(element_id, event)
    return is_drawn or bool(execution.snapshot.global_listeners.asks(event))


def ask(
    execution: Stepping,
    row: Row[Any],
    instance: RunningInstance,
    person: Person,
    wanted: TaskCommand,
) -> int:
    """Have the listeners asked and return the key of the change, whose outcome is written later."""
    unit = execution.unit
    key = unit.new_key()
    changes = {name: plain(value) for name, value in wanted.changes.items()}
    unit.insert(
        tasks.user_task_changes,
        [
            {
                "key": key,
                "task_key": row.key,
                "event": wanted.event.upper(),
                "action": wanted.action,
                "variables": dict(wanted.variables or {}),
                "sets": wanted.sets,
                "asked_by": person.username,
                "asked_at": unit.now,
            }
        ],
    )
    write(unit, row, {"state": wanted.event.upper()})
    unit.delete(tasks.user_task_candidates, "task_key", [row.key])
    execution.step(
        instance,
        lambda process, value, around: engine.change_task(
            process, value, row.element_instance_key, wanted.event, changes, around
        ),
    )
    return key


def carry_out(execution: Stepping, instance: RunningInstance, told: TaskChanged) -> None:
    """Do what the listeners let pass, or put the task back to what it was."""
    unit = execution.unit
    row = task_of(unit, told.element_instance_key)
    if row is None:
        # Something that followed in the same transaction has canceled it.
        return
    asked = _asked(unit, row.key)
    person = execution.who
    if asked is not None:
        person = find_person(unit.connection, asked.asked_by) or person
        outcome = "DENIED" if told.is_denied else "DONE"
        values = {"outcome": outcome, "reason": told.denied_reason, "ended_at": unit.now}
        unit.update(tasks.user_task_changes, asked.key, values)
    _change(execution, row, told.changes, told.state)
    detail = {"action": asked.action if asked is not None else ""}
    if told.is_denied:
        detail |= {"event": told.event, "reason": told.denied_reason}
        record(unit, row, "user_task.denied", person, detail=detail)
    elif asked is not None and asked.sets is not None:
        _set_variables(execution, instance, row, person, asked)
    elif told.event in ("ASSIGNING", "UPDATING"):
        before = {name: plain(getattr(row, name)) for name in told.changes}
        kind = _kind(told)
        record(unit, row, kind, person, before=before, after=dict(told.changes), detail=detail)
    elif told.event == "COMPLETING" and asked is not None:
        _complete(execution, instance, row.key, person, asked)


def _kind(told: TaskChanged) -> str:
    if told.event == "UPDATING":
        return "user_task.updated"
    return "user_task.assigned" if told.changes.get("assignee") else "user_task.unassigned"


def end_changes(unit: Unit, task_keys: list[int]) -> None:
    """Note that tasks were canceled while their listeners were asked."""
    table = tasks.user_task_changes
    unit.connection.execute(
        update(table)
        .where(table.c.task_key.in_(task_keys), table.c.outcome.is_(None))
        .values(outcome="CANCELED", ended_at=unit.now)
    )


def _complete(
    execution: Stepping, instance: RunningInstance, task_key: int, person: Person, asked: Row[Any]
) -> None:
    table = tasks.user_tasks
    row = execution.unit.connection.execute(select(table).where(table.c.key == task_key)).one()
    finish(execution.unit, row, person, asked.action, asked.variables)
    execution.step(
        instance,
        lambda process, value, around: engine.complete_user_task(
            process, value, row.element_instance_key, asked.variables, around
        ),
    )


def _set_variables(
    execution: Stepping,
    instance: RunningInstance,
    row: Row[Any],
    person: Person,
    asked: Row[Any],
) -> None:
    write_variables(
        execution,
        instance,
        person,
        row.element_instance_key,
        asked.variables,
        local=asked.sets == LOCAL,
    )


def _change(execution: Stepping, row: Row[Any], changes: Mapping[str, Any], state: str) -> None:
    unit = execution.unit
    values = {
        name: datetime.fromisoformat(value) if value and name in MOMENTS else value
        for name, value in changes.items()
    }
    write(unit, row, {**values, "state": state})
    renewed = {**row._asdict(), **values, "state": state}
    write_candidates(unit, renewed)
    if "due_at" in values:
        end_clocks(unit, [row.key])
        open_clocks(unit, [renewed], execution.snapshot.calendar)


def task_of(unit: Unit, element_instance_key: int) -> Row[Any] | None:
    """Return the open user task of an element instance; None when it is none."""
    table = tasks.user_tasks
    query = select(table).where(
        table.c.element_instance_key == element_instance_key, table.c.state.in_(OPEN_STATES)
    )
    return unit.connection.execute(query).one_or_none()


def plain(value: Any) -> Any:
    """Return what stands in a field of a task as histories and jobs keep it: a moment as its text."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _asked(unit: Unit, task_key: int) -> Row[Any] | None:
    table = tasks.user_task_changes
    query = select(table).where(table.c.task_key == task_key, table.c.outcome.is_(None))
    return unit.connection.execute(query).one_or_none()
