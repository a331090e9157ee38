"""Locks: the row of the root holds the whole tree, so it is taken first, always; then what hangs on it.

What was waited for is there as the other transaction left it: PostgreSQL reads rows that it locks anew,
and only those. So everything a command goes by is locked here or read by a later statement.
"""

from collections import namedtuple
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, bindparam, select

from service.domain.errors import NotFoundError
from service.persistence.rare_facts import number_column
from service.persistence.tables import instances, tasks

_INSTANCES = instances.process_instances
_ROOT = _INSTANCES.alias("root")
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


def lock_task(connection: Connection, task_key: int) -> tuple[Row[Any], Any] | None:
    """Lock a user task with the tree of its instance; return its row and the `InstanceRow`, or None."""
    return _locked(connection.execute(_OF_TASK, {"sought": task_key}).one_or_none())


def lock_job(connection: Connection, job_key: int) -> tuple[Row[Any], Any] | None:
    """Lock a job with the tree of its instance; return its row and the `InstanceRow`, or None."""
    return _locked(connection.execute(_OF_JOB, {"sought": job_key}).one_or_none())


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


def _of(waiting: Table) -> Select[Any]:
    return (
        _together(waiting)
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


_OF_TASK = _of(tasks.user_tasks)
_OF_JOB = _of(instances.jobs)
_OF_INSTANCE = _of_instance()
