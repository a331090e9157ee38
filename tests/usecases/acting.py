"""Plays drawn diagrams in a house: what happens to an element, as commands that are plain data.

Commands can be carried out here or by another process. What they are about is found in the rows.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Table, select

from service.engine import AdHocActivation
from service.engine.job_results import AdHocResult
from service.persistence.tables import instances, tasks
from service.usecases import (
    ad_hoc,
    conditionals,
    incidents,
    jobs,
    messages,
    process_instances,
    signals,
    user_tasks,
)
from service.usecases.deployments import DeployFile
from service.usecases.house import House
from service.usecases.messages import PublishMessage
from service.usecases.process_instances import CreateInstance
from service.usecases.transaction import SYSTEM
from tests.dmn.dmn_files import file as dmn_file
from tests.dmn.dmn_files import literal
from tests.engine.parts import Whole
from tests.engine.stage import Stage
from tests.engine.webs import Web

Command = tuple[str, list[Any]]
"""A name of `COMMANDS` and JSON values."""

GRADING = DeployFile("grading.dmn", dmn_file(literal("7", "grading"), file_id="gradings"))
"""The decision that the diagrams call."""

CORRELATION = "1"


def _create(house: House, process_id: str) -> None:
    process_instances.create(house, SYSTEM, CreateInstance(process_id=process_id))


def _publish(house: House, name: str) -> None:
    messages.publish(house, SYSTEM, PublishMessage(name, CORRELATION))


def _set(house: House, instance_key: int, name: str, value: bool) -> None:
    process_instances.set_variables(house, SYSTEM, instance_key, {name: value}, True)


def _activate(house: House, key: int, element_id: str) -> None:
    ad_hoc.activate(house, SYSTEM, key, (AdHocActivation(element_id),))


def _lead(house: House, key: int, element_id: str) -> None:
    started = (AdHocActivation(element_id),) if element_id else ()
    result = AdHocResult(started, is_fulfilled=not started)
    jobs.complete(house, SYSTEM, key, {}, result=result)


def _resolve(house: House, key: int) -> None:
    assert incidents.resolve(house, SYSTEM, key) is None, "it has failed again"


COMMANDS: dict[str, Callable[..., None]] = {
    "create": _create,
    "publish": _publish,
    "broadcast": lambda house, name: signals.broadcast(house, SYSTEM, name, {}) and None,
    "evaluate": lambda house, name: conditionals.evaluate(house, SYSTEM, {name: True}) and None,
    "complete task": lambda house, key: user_tasks.complete(house, SYSTEM, key, {}) and None,
    "complete job": lambda house, key: jobs.complete(house, SYSTEM, key, {}),
    "throw": lambda house, key, code: jobs.throw_error(house, SYSTEM, key, code),
    "lead": _lead,
    "fail": lambda house, key, retries: jobs.fail(house, SYSTEM, key, retries),
    "give retries": lambda house, key: jobs.update(house, SYSTEM, key, retries=1),
    "resolve": _resolve,
    "set": _set,
    "activate": _activate,
    "cancel": lambda house, key: process_instances.cancel(house, SYSTEM, key),
}
"""What a web process does when somebody asks for it."""

WAITS = (tasks.user_tasks, instances.jobs, instances.incidents)
"""Tables whose rows are told apart by the element instances that wait."""

JOBS = {
    "job": "BPMN_ELEMENT",
    "listener": "EXECUTION_LISTENER",
    "task_listener": "TASK_LISTENER",
    "lead": "AD_HOC_SUB_PROCESS",
}
SUBSCRIPTIONS = {
    "message": instances.message_subscriptions,
    "signal": instances.signal_subscriptions,
    "condition": instances.condition_subscriptions,
}
TROUBLES = ("none", "none", "none", "fails", "throws")
"""What may happen to a job before it is completed: its worker fails it for good, or with an unknown error."""


def starting(whole: Whole | Web) -> list[Command]:
    """Return what starts an instance; of a timer nothing, it is due."""
    if isinstance(whole, Web):
        return [("create", [whole.process_id])]
    told: dict[str, list[Command]] = {
        "none": [("create", [whole.process_id])],
        "message": [("publish", [f"m_{whole.start_id}"])],
        "multiple": [("publish", [f"m_{whole.start_id}"])],
        "receive": [("publish", [f"m_{whole.start_id}"])],
        "race": [("publish", [f"m_{whole.start_id}"])],
        "signal": [("broadcast", [f"s_{whole.start_id}"])],
        "condition": [("evaluate", [f"go_{whole.start_id}"])],
        "timer": [],
    }
    told["parallel"] = [*told["message"], *told["signal"]]
    return told[whole.start]


class Acted:
    """One instance with all that it calls, as the rows of a house tell of it."""

    def __init__(self, house: House, whole: Whole | Web) -> None:
        """Look for the instance when it is asked for."""
        self.house = house
        self.whole = whole

    def rows(self, table: Table, *conditions: Any) -> list[Any]:
        """Return rows of a table."""
        with self.house.database.reading() as connection:
            return list(connection.execute(select(table).where(*conditions)).all())

    @property
    def root(self) -> Any:
        """The instance."""
        table = instances.process_instances
        (row,) = self.rows(table, table.c.process_id == self.whole.process_id)
        return row

    @property
    def has_started(self) -> bool:
        """Whether it is there."""
        table = instances.process_instances
        return bool(self.rows(table, table.c.process_id == self.whole.process_id))

    @property
    def keys(self) -> list[int]:
        """Keys of the instance and of what it has called, oldest first."""
        table = instances.process_instances
        return sorted(row.key for row in self.rows(table, table.c.root_key == self.root.key))

    def commands(self, name: str, kind: str, nth: int) -> Iterator[Command]:
        """Give what lets happen to an element what it waits for: the nth of its like.

        A condition becomes true, and false again if its instance is still there then.
        """
        kind, _, told = kind.partition(" of ")
        match kind:
            case "user":
                yield ("complete task", [self._nth(tasks.user_tasks, name, nth).key])
            case "job" | "listener" | "task_listener":
                yield ("complete job", [self._job(name, kind, nth)])
            case "lead":
                yield ("lead", [self._job(name, kind, nth), told])
            case "error":
                yield ("throw", [self._job(name, "job", nth), told])
            case "incident":
                table = instances.incidents
                row = self._nth(table, name, nth, table.c.state == "ACTIVE")
                yield ("set", [row.instance_key, f"fixed_{name}", True])
                yield ("resolve", [row.key])
            case "message":
                yield ("publish", [f"m_{name}"])
            case "signal":
                yield ("broadcast", [f"s_{name}"])
            case "condition":
                row = self._nth(instances.condition_subscriptions, name, nth)
                for value in (True, False):
                    if self._is_live(row.instance_key):
                        yield "set", [row.instance_key, f"go_{name}", value]
            case "by hand":
                table = instances.element_instances
                row = self._nth(table, name, nth, table.c.state == "ACTIVE")
                yield ("activate", [row.key, told])
            case _:
                raise ValueError(kind)

    def trouble(self, name: str, kind: str, nth: int, what: str) -> Iterator[Command]:
        """Give what goes wrong with a job, one of `TROUBLES`, until an operator has mended it.

        Only the work of an element may throw; any other job, and what is no job, fails or has no trouble.
        """
        kind = kind.partition(" of ")[0]
        kind = "job" if kind == "error" else kind
        if what == "none" or kind not in JOBS:
            return
        key = self._job(name, kind, nth)
        if what == "throws" and kind == "job":
            yield ("throw", [key, "unknown"])
        else:
            yield ("fail", [key, 1])
            yield ("fail", [key, 0])
            yield ("give retries", [key])
        table = instances.incidents
        (incident,) = self.rows(table, table.c.job_key == key, table.c.state == "ACTIVE")
        yield ("resolve", [incident.key])

    def after_cancel(self) -> Iterator[tuple[str, str]]:
        """Give, one after the other, the listeners that hear of the cancellation: they are all that is open."""
        while waiting := self.open():
            ((name, _),) = waiting
            yield name, "listener"

    def open(self) -> Counter[tuple[str, str]]:
        """How often each element waits for what, as the rows say."""
        found: Counter[tuple[str, str]] = Counter()

        def add(kind: str, table: Table, *conditions: Any) -> None:
            rows = self.rows(table, table.c.instance_key.in_(self.keys), *conditions)
            found.update((row.element_id, kind) for row in rows)

        add("user", tasks.user_tasks, tasks.user_tasks.c.state == "CREATED")
        add("timer", instances.timers, instances.timers.c.state == "OPEN")
        add("incident", instances.incidents, instances.incidents.c.state == "ACTIVE")
        for kind, name in JOBS.items():
            table = instances.jobs
            add(kind, table, table.c.ended_at.is_(None), table.c.kind == name)
        for kind, table in SUBSCRIPTIONS.items():
            add(kind, table)
        return found

    def _is_live(self, instance_key: int) -> bool:
        table = instances.process_instances
        (row,) = self.rows(table, table.c.key == instance_key)
        return row.state == "ACTIVE"

    def timer(self, name: str, nth: int) -> int:
        """Return the key of the nth timer of an element that waits."""
        table = instances.timers
        return int(self._nth(table, name, nth, table.c.state == "OPEN").key)

    def _job(self, name: str, kind: str, nth: int) -> int:
        table = instances.jobs
        is_open = table.c.ended_at.is_(None), table.c.kind == JOBS[kind]
        return int(self._nth(table, name, nth, *is_open).key)

    def _nth(self, table: Table, name: str, nth: int, *conditions: Any) -> Any:
        here = table.c.element_id == name, table.c.instance_key.in_(self.keys)
        is_task = table is tasks.user_tasks
        waits = (table.c.state == "CREATED",) if is_task else ()
        found = self.rows(table, *here, *waits, *conditions)
        by = "element_instance_key" if table in WAITS else "key"
        return sorted(found, key=lambda row: int(getattr(row, by)))[nth]

    def elements(self) -> list[list[tuple[str, str, str]]]:
        """Id, type and state of each element of each instance, in the order of their keys."""
        table = instances.element_instances
        found = self.rows(table, table.c.instance_key.in_(self.keys))
        found.sort(key=lambda row: int(row.key))
        return [
            [(row.element_id, row.type, row.state) for row in found if row.instance_key == key]
            for key in self.keys
        ]

    def flows(self) -> Counter[str]:
        """How often each flow was taken."""
        table = instances.taken_flows
        found = self.rows(table, table.c.instance_key.in_(self.keys))
        times: Counter[str] = Counter()
        for row in found:
            times[row.flow_id] += row.times
        return times


def require_same(acted: Acted, stage: Stage) -> None:
    """What happened to the elements, the flows taken, and what is open are as in memory."""
    told = (acted.elements(), acted.flows(), acted.open())
    expected = (stage.elements, stage.flows, stage.open())
    assert told == expected, f"{told}\nis not\n{expected}\nin\n{stage.file.decode()}"
