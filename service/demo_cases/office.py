"""People at work in a house whose clock is set from outside: they fill in forms, time passes, mail goes.

Everything happens through the use cases, as pages, programs and workers would do it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Row, func, select

from service import feel, forms
from service.domain import jobs
from service.domain.errors import InvalidFormError
from service.identity import Person
from service.persistence.people import person, resolve_recipients
from service.persistence.scopes import visible_variables
from service.persistence.tables import house as house_tables
from service.persistence.tables import instances, tasks
from service.usecases import (
    archives,
    chases,
    clocks,
    countersigns,
    form_values,
    mails,
    outbox,
    process_instances,
    timers,
    user_tasks,
)
from service.usecases.house import House
from service.usecases.process_instances import StartedWithForm
from service.usecases.user_tasks import TaskCompleted

WORK: Mapping[str, Callable[[House, int], object]] = {
    jobs.DELIVER_MAIL: mails.deliver,
    jobs.NOTIFY_SIGNERS: countersigns.notify_signers,
    jobs.FREEZE_ARCHIVE: archives.freeze,
    jobs.END_CHASE: chases.end,
}
"""What is handed to workers while people work; timers and clocks are looked for by their time."""

LOOK = 500
"""Rows of each kind taken at one look for what is due."""


class SetClock(Protocol):
    """A clock that stands where it was set."""

    at: datetime

    def now(self) -> datetime:
        """Return where it stands."""
        ...


class HeldQueue(Protocol):
    """A queue that holds what was sent until it is taken."""

    def take(self) -> list[tuple[str, int]]:
        """Return jobs and keys sent since the last time."""
        ...


class Office:
    """A house with people in it, and its time."""

    def __init__(self, house: House, clock: SetClock, queue: HeldQueue) -> None:
        """Take the house and the clock and queue that stand behind its ports."""
        self.house = house
        self.clock = clock
        self.queue = queue

    def person(self, name: str) -> Person:
        """Return a person by user name, or the first who does the daily work of a group.

        Raises:
            LookupError: Nobody is called so, and no group with people in it is.
        """
        with self.house.database.reading() as connection:
            found = person(connection, name)
            return found or next(iter(self._workers(connection, [name])), None) or _nobody(name)

    def start(self, process_id: str, who: Person, answers: Mapping[str, Any]) -> StartedWithForm:
        """Start a process with its start form, filled in with these answers.

        Raises:
            InvalidFormError, NotAllowedError, NotFoundError: As `process_instances.start_with_form`.
        """
        with self.house.database.reading() as connection:
            process = self.house.definitions.latest_process(connection, process_id)
            key = process_instances.start_form_key(connection, process) if process else None
            values = self._fill_in(connection, key, who, {}, answers)
        created = process_instances.start_with_form(self.house, who, process_id, values)
        self.work_off()
        return created

    def complete(self, task: Row[Any], who: Person, answers: Mapping[str, Any]) -> TaskCompleted:
        """Complete a task as somebody who sees its form prefilled and changes what `answers` name.

        Raises:
            InvalidFormError: Values are refused; its notes say which.
            NotAllowedError, WrongStateError: As `user_tasks.complete`.
        """
        with self.house.database.reading() as connection:
            known = visible_variables(connection, task.instance_key, task.element_instance_key)
            values = self._fill_in(connection, task.form_key, who, known, answers)
        try:
            completed = user_tasks.complete(self.house, who, task.key, values)
        except InvalidFormError as error:
            told = "; ".join(f"{one.path}: {one.message}" for one in error.problems)
            error.add_note(f"{task.element_id}: {told}")
            raise
        self.work_off()
        return completed

    def doer(self, task: Row[Any], turn: int = 0) -> Person:
        """Return who does a task: its assignee, else one of the candidates who may sign it, by turns.

        Who leads a group acts only where nobody else does its daily work.
        """
        with self.house.database.reading() as connection:
            names = [task.assignee] if task.assignee else list(task.candidate_groups)
            taken = _who_may_not_sign(connection, task)
            found = [one for one in self._workers(connection, names) if one.username not in taken]
        if not found:
            return _nobody(", ".join(names))
        daily = [one for one in found if len(one.groups) == len(found[0].groups)]
        return daily[turn % len(daily)]

    def pass_time(self, until: datetime) -> None:
        """Let time pass; whatever comes due meanwhile happens at its own time."""
        while (following := self._next_due()) is not None and following <= until:
            self.clock.at = max(self.clock.at, following)
            timers.fire_starts(self.house)
            timers.fire_due(self.house, LOOK)
            for key in clocks.claim_due(self.house, LOOK):
                clocks.run(self.house, key)
            for row in outbox.claim_unsent(self.house, LOOK):
                WORK[row.job](self.house, row.subject_key)
            self.work_off()
        self.clock.at = max(self.clock.at, until)

    def work_off(self) -> None:
        """Do what was handed to the workers, and what that hands to them."""
        while sent := self.queue.take():
            for job, key in sent:
                WORK[job](self.house, key)

    def _fill_in(
        self,
        connection: Connection,
        form_key: int | None,
        who: Person,
        known: Mapping[str, Any],
        answers: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Return what a browser would send: prefilled values and answers, without hidden fields."""
        if form_key is None:
            return dict(answers)
        form = self.house.definitions.form(connection, form_key)
        now = self.clock.now()
        snapshot = self.house.snapshot(connection)
        around = feel.Surroundings(now, snapshot.calendar.zone, snapshot.functions)
        variables = {**form_values.offered(connection), **known}
        auto = form_values.auto_values(connection, who, now.isoformat(), known.get("case_no"))
        shown = forms.initial_data(form, variables, auto, around)
        entered = {name: value for name, value in answers.items() if name in form.names}
        _no_strangers(form.id, answers, entered)
        return forms.validate(
            form,
            {**shown, **entered},
            variables=variables,
            auto=auto,
            documents={},
            surroundings=around,
        ).values

    def _workers(self, connection: Connection, names: Sequence[str]) -> list[Person]:
        """Return the people of groups: who does the daily work before who leads."""
        return sorted(resolve_recipients(connection, names), key=lambda one: len(one.groups))

    def _next_due(self) -> datetime | None:
        """Return when the next timer, clock or delayed job comes due."""
        timer, clock, row = instances.timers, tasks.task_clocks, house_tables.outbox
        queries = (
            select(func.min(func.coalesce(timer.c.retry_at, timer.c.due_at))).where(
                timer.c.state == "OPEN"
            ),
            select(func.min(clock.c.due_at)).where(clock.c.state == "OPEN"),
            select(func.min(row.c.available_at)).where(
                row.c.done_at.is_(None), row.c.sent_at.is_(None)
            ),
        )
        with self.house.database.reading() as connection:
            found = [connection.execute(query).scalar_one() for query in queries]
        return min((due for due in found if due is not None), default=None)


def _who_may_not_sign(connection: Connection, task: Row[Any]) -> set[str]:
    """Return who signed in this round, and the drafter (XC-CS-5); nobody outside a round."""
    if task.loop_counter is None:
        return set()
    table, variables = tasks.user_tasks, instances.variables
    signed = connection.execute(
        select(table.c.completed_by).where(
            table.c.scope_key == task.scope_key, table.c.completed_by.is_not(None)
        )
    ).scalars()
    drafter = connection.execute(
        select(variables.c.value).where(
            variables.c.scope_key == task.instance_key, variables.c.name == "drafter"
        )
    ).scalars()
    return {*signed, *(str(value).strip('"') for value in drafter)}


def _no_strangers(form_id: str, answers: Mapping[str, Any], entered: Mapping[str, Any]) -> None:
    strange = sorted(set(answers) - set(entered))
    if strange:
        raise LookupError(f"Expected answers to fields of the form '{form_id}', but got {strange}.")


def _nobody(name: str) -> Person:
    raise LookupError(f"Expected somebody who is called or works in '{name}', but there is nobody.")
