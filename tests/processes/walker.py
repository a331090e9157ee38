"""Walks through a shipped process as its people would: fill in forms, let time pass, get mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Row, Table, select

from service.demo_cases.office import Office
from service.domain.keys import KeyGenerator
from service.identity import Person
from service.persistence.tables import cases, instances, tasks
from service.sla import SHANGHAI
from service.usecases import attachments, messages
from service.usecases.house import House
from service.usecases.transaction import SYSTEM
from tests.fakes import FakeClock, RecordingMail, RecordingQueue
from tests.processes.answers import ANSWERS, moment

KEYS = KeyGenerator(node=1)
"""One generator for the furnished house and all its copies: keys never meet."""

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def shanghai(text: str) -> datetime:
    """Return a moment written as people there write it: `2026-11-24 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Told:
    """A text that reached somebody."""

    username: str
    subject: str
    body: str
    at: datetime


class Walker:
    """A furnished house, its clock and its people."""

    def __init__(
        self, house: House, clock: FakeClock, queue: RecordingQueue, mail: RecordingMail
    ) -> None:
        """Take the house and the fakes behind its ports."""
        self.house = house
        self.clock = clock
        self.mail = mail
        self.office = Office(house, clock, queue)

    def person(self, name: str) -> Person:
        """Return somebody by user name, or the first who does the daily work of a group."""
        return self.office.person(name)

    def start(self, process_id: str, by: str, **answers: Any) -> "Case":
        """Fill in the start form of a process as somebody of the group `by`."""
        usual = ANSWERS.get(f"start_{process_id}", {})
        created = self.office.start(process_id, self.person(by), self._dated({**usual, **answers}))
        return Case(self, created.key)

    def case(self, process_id: str) -> "Case":
        """Return the only instance of a process that was started (not called)."""
        table = instances.process_instances
        [row] = self.rows(table, table.c.process_id == process_id, table.c.key == table.c.root_key)
        return Case(self, row.key)

    def publish(self, name: str, correlation_key: str, **variables: Any) -> None:
        """Send a message from outside, as the portal or another program would."""
        command = messages.PublishMessage(name, correlation_key, variables)
        messages.publish(self.house, SYSTEM, command)
        self.office.work_off()

    def at(self, until: datetime) -> None:
        """Let time pass until then; whatever comes due meanwhile happens at its own time."""
        self.office.pass_time(until)

    def advance(self, **parts: float) -> None:
        """Let a duration pass (`advance(hours=3)`)."""
        self.at(self.clock.at + timedelta(**parts))

    def upload(self, by: str, file_name: str = "现场相片.png") -> dict[str, Any]:
        """Upload a picture as somebody and return the reference a form takes."""
        stored = attachments.store(self.house, self.person(by), file_name, PNG)
        return {
            "camunda.document.type": "camunda",
            "documentId": stored.id,
            "metadata": {
                "fileName": stored.file_name,
                "contentType": stored.content_type,
                "size": stored.size,
            },
        }

    def rows(self, table: Table, *conditions: Any) -> list[Row[Any]]:
        """Return rows of a table, oldest first."""
        with self.house.database.reading() as connection:
            return list(connection.execute(select(table).where(*conditions).order_by(table.c.key)))

    def complete(self, task: Row[Any], by: str | None, answers: Mapping[str, Any]) -> None:
        """Complete a task with its usual answers and these, as `by` or one of its candidates."""
        who = self.person(by) if by else self.office.doer(task)
        usual = ANSWERS.get(task.element_id, {})
        self.office.complete(task, who, self._dated({**usual, **answers}))

    def _dated(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Return answers with durations as moments from now."""
        now = self.clock.at
        return {
            name: moment(now + value) if isinstance(value, timedelta) else value
            for name, value in answers.items()
        }


class Case:
    """One root instance with everything it calls."""

    def __init__(self, walker: Walker, key: int) -> None:
        """Take the key of the root instance."""
        self.walker = walker
        self.key = key

    @property
    def row(self) -> Row[Any]:
        """The row of the case."""
        [row] = self.walker.rows(cases.cases, cases.cases.c.root_instance_key == self.key)
        return row

    @property
    def no(self) -> str:
        """The case number."""
        return str(self.row.case_no)

    @property
    def state(self) -> str:
        """`ACTIVE`, `COMPLETED` or `TERMINATED`."""
        table = instances.process_instances
        [row] = self.walker.rows(table, table.c.key == self.key)
        return str(row.state)

    @property
    def variables(self) -> dict[str, Any]:
        """The root variables."""
        table = instances.variables
        rows = self.walker.rows(table, table.c.scope_key == self.key)
        return {row.name: orjson.loads(row.value) for row in rows}

    @property
    def open(self) -> list[str]:
        """Ids of the elements whose tasks are open, in alphabetical order."""
        return sorted(row.element_id for row in self.tasks())

    @property
    def passed(self) -> list[str]:
        """Ids of the elements that were entered, called processes included, in order."""
        elements, all_ = instances.element_instances, instances.process_instances
        tree = select(all_.c.key).where(all_.c.root_key == self.key)
        rows = self.walker.rows(elements, elements.c.instance_key.in_(tree))
        return [row.element_id for row in rows]

    @property
    def incidents(self) -> list[str]:
        """What went wrong and waits for an operator."""
        table, all_ = instances.incidents, instances.process_instances
        tree = select(all_.c.key).where(all_.c.root_key == self.key)
        rows = self.walker.rows(table, table.c.instance_key.in_(tree), table.c.state == "ACTIVE")
        return [f"{row.element_id}: {row.message}" for row in rows]

    def tasks(self, element_id: str | None = None) -> list[Row[Any]]:
        """Return the open tasks, all or of one element."""
        table = tasks.user_tasks
        conditions = [table.c.root_key == self.key, table.c.state == "CREATED"]
        if element_id is not None:
            conditions.append(table.c.element_id == element_id)
        return self.walker.rows(table, *conditions)

    def task(self, element_id: str) -> Row[Any]:
        """Return the only open task of an element."""
        found = self.tasks(element_id)
        assert len(found) == 1, f"{element_id}: {len(found)} open; open are {self.open}"
        return found[0]

    def do(self, element_id: str, by: str | None = None, **values: Any) -> "Case":
        """Complete the open task of an element; what is not named is answered as usual."""
        self.walker.complete(self.task(element_id), by, values)
        return self

    def each(self, element_id: str, by: str | None = None, **values: Any) -> "Case":
        """Complete every open task of an element, one after the other."""
        for row in self.tasks(element_id):
            self.walker.complete(row, by, values)
        return self

    def of_group(self, element_id: str, group: str, by: str | None = None, **values: Any) -> "Case":
        """Complete the open task of an element that waits for this group."""
        found = [row for row in self.tasks(element_id) if group in row.candidate_groups]
        assert len(found) == 1, (
            f"{group}: {[row.candidate_groups for row in self.tasks(element_id)]}"
        )
        self.walker.complete(found[0], by, values)
        return self

    def told(self, message_id: str) -> list[Told]:
        """Return the notices of this message that lie in people's inboxes, oldest first."""
        table = cases.notifications
        rows = self.walker.rows(
            table, table.c.case_key == self.row.key, table.c.message_id == message_id
        )
        return [Told(row.username, row.subject, row.body, row.created_at) for row in rows]

    def mailed(self, message_id: str) -> list[Row[Any]]:
        """Return the mails of this message, oldest first."""
        table = cases.mails
        return self.walker.rows(
            table, table.c.case_key == self.row.key, table.c.message_id == message_id
        )

    def rows_fired(self, decision_id: str) -> list[str]:
        """Return the row ids of a decision table that fired in this case, in order (XC-DM-5)."""
        table, all_ = instances.decision_instances, instances.process_instances
        tree = select(all_.c.key).where(all_.c.root_key == self.key)
        conditions = (table.c.instance_key.in_(tree), table.c.decision_id == decision_id)
        fired = self.walker.rows(table, *conditions)
        return [match["description"] for row in fired for match in row.matched_rules]
