"""Plays drawn diagrams in a house: what happens to an element, as commands that are plain data.

Commands can be carried out here or by another process. What they are about is found in the rows.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Table, select

from service.domain import batch_operations as words
from service.engine import AdHocActivation
from service.engine.job_results import AdHocResult
from service.persistence.tables import instances, tasks
from service.usecases import (
    ad_hoc,
    conditionals,
    incidents,
    jobs,
    messages,
    migration,
    modification,
    process_instances,
    signals,
    suspension,
    user_tasks,
)
from service.usecases.batch_operations import control
from service.usecases.batch_operations.control import CreateBatch
from service.usecases.deployments import DeployFile
from service.usecases.house import House
from service.usecases.messages import PublishMessage
from service.usecases.migration import MigrationPlan
from service.usecases.process_instances import CreateInstance
from service.usecases.transaction import SYSTEM
from service.usecases.user_tasks import UserTaskChanges
from tests.dmn.dmn_files import file as dmn_file
from tests.dmn.dmn_files import literal
from tests.engine.parts import Whole
from tests.engine.renaming import SUFFIX, plain
from tests.engine.stage import Stage, moved
from tests.engine.webs import Web

Command = tuple[str, list[Any]]
"""A name of `COMMANDS` and JSON values."""

GRADING = DeployFile("grading.dmn", dmn_file(literal("7", "grading"), file_id="gradings"))
"""The decision that the diagrams call."""

CORRELATION = "1"
KEPT = timedelta(hours=1)
"""How long a message waits that is sent before anybody waits for it."""

CHANGES = UserTaskChanges({"priority": 7})


def _create(house: House, process_id: str) -> None:
    process_instances.create(house, SYSTEM, CreateInstance(process_id=process_id))


def _publish(house: House, name: str) -> None:
    messages.publish(house, SYSTEM, PublishMessage(name, CORRELATION))


def _send_ahead(house: House, name: str, number: str) -> None:
    command = PublishMessage(name, CORRELATION, time_to_live=KEPT, message_id=number)
    messages.publish(house, SYSTEM, command)


def _set(house: House, scope_key: int, name: str, value: Any) -> None:
    process_instances.set_variables(house, SYSTEM, scope_key, {name: value}, True)


def _activate(house: House, key: int, element_id: str) -> None:
    ad_hoc.activate(house, SYSTEM, key, (AdHocActivation(element_id),))


def _lead(house: House, key: int, element_id: str) -> None:
    started = (AdHocActivation(element_id),) if element_id else ()
    result = AdHocResult(started, is_fulfilled=not started)
    jobs.complete(house, SYSTEM, key, {}, result=result)


def _resolve(house: House, key: int) -> None:
    assert incidents.resolve(house, SYSTEM, key) is None, "it has failed again"


def _batch(house: House, path: str, filter_: dict[str, Any]) -> None:
    control.create(house, SYSTEM, CreateBatch(BATCHES[path], filter_))


def _migrate(house: House, key: int, target: int, mapping: list[list[str]]) -> None:
    pairs = tuple((source, to) for source, to in mapping)
    migration.migrate(house, SYSTEM, key, MigrationPlan(target, pairs))


def _migrate_many(house: House, key: int, target: int, mapping: list[list[str]]) -> None:
    plan = {"target": str(target), "mapping": mapping}
    command = CreateBatch(words.MIGRATE, {"processInstanceKey": str(key)}, plan)
    control.create(house, SYSTEM, command)


def _move(house: House, key: int, *told: Any) -> None:
    modification.modify(house, SYSTEM, key, moved(*told))


BATCHES = {
    "cancellation": words.CANCEL,
    "incident-resolution": words.RESOLVE,
    "resumption": words.RESUME,
    "suspension": words.SUSPEND,
}
"""Kinds of batch operations that need no more than a filter, by their paths in the API."""

COMMANDS: dict[str, Callable[..., object]] = {
    "create": _create,
    "publish": _publish,
    "send ahead": _send_ahead,
    "broadcast": lambda house, name: signals.broadcast(house, SYSTEM, name, {}),
    "evaluate": lambda house, name: conditionals.evaluate(house, SYSTEM, {name: True}),
    "complete task": lambda house, key: user_tasks.complete(house, SYSTEM, key, {}),
    "unassign": lambda house, key: user_tasks.unassign(house, SYSTEM, key),
    "update": lambda house, key: user_tasks.update(house, SYSTEM, key, CHANGES),
    "complete job": lambda house, key: jobs.complete(house, SYSTEM, key, {}),
    "throw": lambda house, key, code: jobs.throw_error(house, SYSTEM, key, code),
    "lead": _lead,
    "fail": lambda house, key, retries: jobs.fail(house, SYSTEM, key, retries),
    "give retries": lambda house, key: jobs.update(house, SYSTEM, key, retries=1),
    "resolve": _resolve,
    "set": _set,
    "activate": _activate,
    "cancel": lambda house, key: process_instances.cancel(house, SYSTEM, key),
    "suspend": lambda house, key: suspension.suspend(house, SYSTEM, key),
    "resume": lambda house, key: suspension.resume(house, SYSTEM, key),
    "move": _move,
    "migrate": _migrate,
    "batch": _batch,
    "migrate many": _migrate_many,
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


def _open_rows(kind: str) -> tuple[Any, ...]:
    """Return the table that knows of what is waited for, and which of its rows are open."""
    if kind in SUBSCRIPTIONS:
        return (SUBSCRIPTIONS[kind],)
    if kind in JOBS:
        table = instances.jobs
        is_ours = table.c.type.not_like("huiyin:%")
        return table, table.c.ended_at.is_(None), table.c.kind == JOBS[kind], is_ours
    table, state = {
        "user": (tasks.user_tasks, "CREATED"),
        "timer": (instances.timers, "OPEN"),
        "incident": (instances.incidents, "ACTIVE"),
        "by hand": (instances.element_instances, "ACTIVE"),
    }[kind]
    return table, table.c.state == state


def _is_task(row: Any) -> bool:
    """Whether a row is one of a user task."""
    return hasattr(row, "candidate_groups")


class Acted:
    """One instance with all that it calls, as the rows of a house tell of it.

    Attributes:
        for_people: User tasks that are drawn as jobs, and are for people in newer versions.
    """

    def __init__(self, house: House, whole: Whole | Web) -> None:
        """Look for the instance when it is asked for."""
        self.house = house
        self.whole = whole
        self.for_people: set[str] = set()

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

    def instance(self, key: int) -> Any:
        """Return one of the instances."""
        table = instances.process_instances
        (row,) = self.rows(table, table.c.key == key)
        return row

    def instance_of(self, name: str, kind: str, nth: int) -> int:
        """Return the key of the instance in which an element waits for something."""
        return int(self._waiting(name, kind, nth).instance_key)

    @property
    def keys(self) -> list[int]:
        """Keys of the instance and of what it has called, oldest first."""
        table = instances.process_instances
        return sorted(row.key for row in self.rows(table, table.c.root_key == self.root.key))

    def commands(self, name: str, kind: str, nth: int) -> Iterator[Command]:
        """Give what lets happen to an element what it waits for: the nth of its like.

        A condition becomes true, and false again if its instance is still there then.
        """
        what, _, told = kind.partition(" of ")
        if what == "message":
            yield ("publish", [f"m_{name}"])
            return
        if what == "signal":
            yield ("broadcast", [f"s_{name}"])
            return
        row = self._waiting(name, kind, nth)
        match what:
            case "user":
                yield ("complete task", [row.key])
            case "job" if _is_task(row):
                yield ("complete task", [row.key])
            case "job" | "listener" | "task_listener":
                yield ("complete job", [row.key])
            case "lead":
                yield ("lead", [row.key, self.named(row.instance_key, told)])
            case "error":
                yield ("throw", [row.key, told])
            case "change":
                yield ("unassign" if told == "assigning" else "update", [row.key])
            case "incident":
                yield ("set", [row.instance_key, f"fixed_{name}", True])
                if row.job_key is not None:
                    yield ("set", [row.element_instance_key, "time_to_live", "PT0S"])
                yield ("resolve", [row.key])
            case "condition":
                for value in (True, False):
                    if self._is_live(row.instance_key):
                        yield "set", [row.instance_key, f"go_{name}", value]
            case "by hand":
                yield ("activate", [row.key, self.named(row.instance_key, told)])
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
        row = self._waiting(name, kind, nth)
        if _is_task(row):
            return
        key = int(row.key)
        if what == "throws" and kind == "job":
            yield ("throw", [key, "unknown"])
        else:
            yield ("fail", [key, 1])
            yield ("fail", [key, 0])
            yield ("give retries", [key])
        table = instances.incidents
        (incident,) = self.rows(table, table.c.job_key == key, table.c.state == "ACTIVE")
        yield ("resolve", [incident.key])

    def resolve_all(self, incident_key: int) -> Command:
        """Return what resolves all incidents of an instance that has one of them: others are raised anew.

        But those of an element that has been mended by now would not be: then that one is resolved alone.
        """
        table = instances.incidents
        (row,) = self.rows(table, table.c.key == incident_key)
        here = self.rows(table, table.c.instance_key == row.instance_key)
        mended = {plain(row.element_id)}
        mended |= {plain(one.element_id) for one in here if one.state != "ACTIVE"}
        others = [one for one in here if one.state == "ACTIVE" and one.key != incident_key]
        if any(plain(one.element_id) in mended for one in others):
            return "resolve", [incident_key]
        return "batch", ["incident-resolution", {"processInstanceKey": str(row.instance_key)}]

    def move(self, name: str, nth: int, target: str, way: str) -> Command:
        """Return what moves the nth token of an element by hand, in one of `stage.WAYS`."""
        row = self._waiting(name, "by hand", nth)
        named = self.named(row.instance_key, target)
        return "move", [row.instance_key, row.key, row.scope_key, named, way]

    def named(self, instance_key: int, element_id: str) -> str:
        """Return what an element is called in the version that an instance runs."""
        process_key = int(self.instance(instance_key).process_key)
        with self.house.database.reading() as connection:
            model = self.house.definitions.process(connection, process_key).compiled.model
        return element_id + SUFFIX if element_id + SUFFIX in model.elements else element_id

    def open(self) -> Counter[tuple[str, str]]:
        """How often each element waits for what, as the rows say."""
        found: Counter[tuple[str, str]] = Counter()
        keys = self.keys
        for kind in ("user", "timer", "incident", *JOBS, *SUBSCRIPTIONS):
            table, *conditions = _open_rows(kind)
            rows = self.rows(table, table.c.instance_key.in_(keys), *conditions)
            found.update((plain(row.element_id), kind) for row in rows)
        for name in self.for_people:
            found[name, "job"] += found.pop((name, "user"), 0)
        return +found

    def may(self, name: str, kind: str) -> bool:
        """Whether that can happen to an element: nobody throws an error out of a task for people."""
        return not (kind.startswith("error") and name in self.for_people)

    def _is_live(self, instance_key: int) -> bool:
        return bool(self.instance(instance_key).state == "ACTIVE")

    def timer(self, name: str, nth: int) -> int:
        """Return the key of the nth timer of an element that waits."""
        return int(self._waiting(name, "timer", nth).key)

    def _waiting(self, name: str, kind: str, nth: int) -> Any:
        """Return the row of what an element waits for: the nth of its like, oldest first."""
        kind = kind.partition(" of ")[0]
        kind = {"error": "job", "change": "user"}.get(kind, kind)
        table, *conditions = _open_rows(kind)
        names = table.c.element_id.in_([name, name + SUFFIX])
        here = names, table.c.instance_key.in_(self.keys)
        found = self.rows(table, *here, *conditions)
        if kind == "job" and name in self.for_people:
            table, *conditions = _open_rows("user")
            here = (
                table.c.element_id.in_([name, name + SUFFIX]),
                table.c.instance_key.in_(self.keys),
            )
            found += self.rows(table, *here, *conditions)
        by = "element_instance_key" if table in WAITS else "key"
        return sorted(found, key=lambda row: int(getattr(row, by)))[nth]

    def elements(self) -> list[list[tuple[str, str, str]]]:
        """Id, type and state of each element of each instance, in the order of their keys."""
        table = instances.element_instances
        found = self.rows(table, table.c.instance_key.in_(self.keys))
        found.sort(key=lambda row: int(row.key))
        return [
            [
                (plain(row.element_id), row.type, row.state)
                for row in found
                if row.instance_key == key
            ]
            for key in self.keys
        ]

    def flows(self) -> Counter[str]:
        """How often each flow was taken."""
        table = instances.taken_flows
        found = self.rows(table, table.c.instance_key.in_(self.keys))
        times: Counter[str] = Counter()
        for row in found:
            times[plain(row.flow_id)] += row.times
        return times


def require_same(acted: Acted, stage: Stage) -> None:
    """What happened to the elements, the flows taken, and what is open are as in memory."""
    told = (acted.elements(), acted.flows(), acted.open())
    expected = (stage.elements, stage.flows, stage.open())
    assert told == expected, f"{told}\nis not\n{expected}\nin\n{stage.file.decode()}"
