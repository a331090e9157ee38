"""Locks: the row of the root holds the whole tree, so it is taken first, always; then what hangs on it.

What was waited for is there as the other transaction left it: PostgreSQL reads rows that it locks anew,
and only those. So everything a command goes by is locked here or read by a later statement; or it is read
here beside the version of its instance's row, and counts when the locked row still has that version.
"""

from collections import namedtuple
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    bindparam,
    case,
    func,
    select,
)

from service.domain.errors import NotFoundError
from service.persistence.driver import PreparedQuery
from service.persistence.rare_facts import number_column
from service.persistence.scopes import scopes_of_text, text_of_live_scopes
from service.persistence.tables import instances, tasks
from service.usecases.execution.running import WIDE_BYTES

_INSTANCES = instances.process_instances
_ROOT = _INSTANCES.alias("root")
_SEEN = _INSTANCES.alias("seen")
"""The row of the instance as it was when the statement began, where the locked one is as it is."""

_COLUMNS = (
    "key",
    "process_key",
    "state",
    "engine_state",
    "root_key",
    "case_key",
    "parent_instance_key",
    "parent_element_instance_key",
    "call_depth",
    "business_id",
    "row_version",
    "start_message_name",
    "start_correlation_key",
    "has_incident",
    "suspended_at",
)
InstanceRow = namedtuple("InstanceRow", _COLUMNS)  # type: ignore[misc]
"""The columns of a row of `process_instances` that a command goes by."""


@dataclass(frozen=True)
class Locked:
    """What waits in an instance, locked together with it.

    Attributes:
        row: Of what waits, and the `revision` of what changes rarely.
        instance: An `InstanceRow`.
        scopes: The live variables of the instance; None: they must be read by another statement, since
            they are many, or somebody else wrote the instance while its lock was waited for.
    """

    row: Row[Any]
    instance: Any
    scopes: dict[int, dict[str, Any]] | None


def lock_instance(connection: Connection, instance_key: int) -> Any:
    """Lock an instance with its tree and return its `InstanceRow`.

    Raises:
        NotFoundError: There is no such instance.
    """
    row = connection.execute(_OF_INSTANCE, {"sought": instance_key}).one_or_none()
    if row is None:
        raise NotFoundError(
            f"Expected to find a process instance with key '{instance_key}', but there is none.",
            key=instance_key,
        )
    return InstanceRow(*row)


def lock_task(connection: Connection, task_key: int) -> Locked | None:
    """Lock a user task with the tree of its instance; None: there is none."""
    return _locked_alone(connection, tasks.user_tasks, task_key)


def lock_job(connection: Connection, job_key: int) -> Locked | None:
    """Lock a job with the tree of its instance; None: there is none."""
    return _locked_alone(connection, instances.jobs, job_key)


def lock_free_timers(
    connection: Connection, which: ColumnElement[bool], limit: int
) -> list[tuple[Row[Any], Any]]:
    """Lock timers of instances with the trees of these; return their rows and the `InstanceRow`s.

    The longest due first. What somebody else has locked, timer or tree, is passed over: nobody waits.
    """
    query = (
        _together(instances.timers)
        .where(which)
        .order_by(instances.timers.c.due_at)
        .limit(limit)
        .with_for_update(of=[_ROOT, _INSTANCES, instances.timers], skip_locked=True)
    )
    found = (_locked(row) for row in connection.execute(query))
    return [one for one in found if one is not None]


def _locked(row: Row[Any] | None) -> tuple[Row[Any], Any] | None:
    return None if row is None else (row, InstanceRow(*row[: len(_COLUMNS)]))


def _locked_alone(connection: Connection, waiting: Table, key: int) -> Locked | None:
    values = {"sought": key}
    if connection.dialect.name == "postgresql":
        found = _locked(_PREPARED[waiting].first(connection, values))
    else:
        found = _locked(connection.execute(_OF[waiting], values).one_or_none())
    if found is None:
        return None
    row, instance = found
    is_narrow = len(instance.engine_state) < WIDE_BYTES
    is_as_seen = row.seen_version == instance.row_version
    scopes = scopes_of_text(row.variables_text) if is_narrow and is_as_seen else None
    return Locked(row, instance, scopes)


def _of(waiting: Table, dialect: str) -> Select[Any]:
    is_narrow = func.length(_INSTANCES.c.engine_state) < WIDE_BYTES
    variables = case((is_narrow, text_of_live_scopes(dialect, _INSTANCES.c.key)))
    return (
        _together(waiting)
        .add_columns(_SEEN.c.row_version.label("seen_version"), variables.label("variables_text"))
        .join(_SEEN, _SEEN.c.key == waiting.c.instance_key)
        .where(waiting.c.key == bindparam("sought"))
        .with_for_update(of=[_ROOT, _INSTANCES, waiting])
    )


def _together(waiting: Table) -> Select[Any]:
    """Return the query of something that waits, under its own column names, after those of its instance."""
    columns = [_INSTANCES.c[name].label(f"instance__{name}") for name in _COLUMNS]
    return (
        select(*columns, *waiting.columns, number_column().label("revision"))
        .join_from(waiting, _INSTANCES, _INSTANCES.c.key == waiting.c.instance_key)
        .join(_ROOT, _ROOT.c.key == _INSTANCES.c.root_key)
    )


def _of_instance() -> Select[Any]:
    return (
        select(*(_INSTANCES.c[name] for name in _COLUMNS))
        .join(_ROOT, _ROOT.c.key == _INSTANCES.c.root_key)
        .where(_INSTANCES.c.key == bindparam("sought"))
        .with_for_update(of=[_ROOT, _INSTANCES])
    )


_WAITING = (tasks.user_tasks, instances.jobs)
_PREPARED = {waiting: PreparedQuery(_of(waiting, "postgresql")) for waiting in _WAITING}
_OF = {waiting: _of(waiting, "sqlite") for waiting in _WAITING}
_OF_INSTANCE = _of_instance()
