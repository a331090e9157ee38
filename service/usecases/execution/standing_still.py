"""What stands still while an instance is suspended: its jobs, user tasks, timers and clocks."""

from typing import Any

from sqlalchemy import Connection, Table, select, update

from service.persistence.tables import instances, tasks
from service.usecases.execution.running import SUSPENDED, RunningInstance
from service.usecases.execution.task_rows import OPEN_STATES


def stand_still(connection: Connection, instance: RunningInstance) -> None:
    """Mark what belongs to an instance that is suspended."""
    _mark(connection, instance, is_suspended=True)


def go_on(connection: Connection, instance: RunningInstance) -> None:
    """Make an instance active again, with what belongs to it; nothing if it is not suspended.

    What it waits for is not subscribed to here.
    """
    if instance.is_suspended:
        instance.state_name = "ACTIVE"
        _mark(connection, instance, is_suspended=False)


def _mark(connection: Connection, instance: RunningInstance, *, is_suspended: bool) -> None:
    job, task, clock = instances.jobs, tasks.user_tasks, tasks.task_clocks
    mine = task.c.instance_key == instance.key
    is_open = (job.c.instance_key == instance.key) & job.c.ended_at.is_(None)
    connection.execute(update(job).where(is_open).values(is_suspended=is_suspended))
    is_open = mine & task.c.state.in_(OPEN_STATES)
    connection.execute(update(task).where(is_open).values(is_suspended=is_suspended))
    _switch(
        connection, instances.timers, instances.timers.c.instance_key == instance.key, is_suspended
    )
    _switch(connection, clock, clock.c.task_key.in_(select(task.c.key).where(mine)), is_suspended)


def _switch(connection: Connection, table: Table, which: Any, is_suspended: bool) -> None:
    before, after = ("OPEN", SUSPENDED) if is_suspended else (SUSPENDED, "OPEN")
    connection.execute(update(table).where(which, table.c.state == before).values(state=after))
