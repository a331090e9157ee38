"""The instances a transaction works on: each is locked and loaded once."""

from typing import Any

from sqlalchemy import Row

from service.domain.errors import NotFoundError, WrongStateError
from service.persistence.rare_facts import FactsAt, number_for_command
from service.persistence.unit import Unit
from service.usecases.execution.locking import Locked, lock_instance, lock_job, lock_task
from service.usecases.execution.running import RunningInstance, loaded, loaded_around, not_active
from service.usecases.execution.world import Snapshot, snapshot
from service.usecases.house import House


class Loading:
    """Locks and loads instances, alone or together with what waits in them."""

    def __init__(self, house: House, unit: Unit, facts: FactsAt | None = None) -> None:
        """Begin with no instance loaded; `facts` when this transaction has asked for them already."""
        self.house = house
        self.unit = unit
        self.running: dict[int, RunningInstance] = {}
        self._facts = facts

    @property
    def facts(self) -> FactsAt:
        """What changes rarely, as this transaction sees it."""
        if self._facts is None:
            self._facts = self._facts_at(number_for_command(self.unit.before))
        return self._facts

    @property
    def snapshot(self) -> Snapshot:
        """Parameters, calendar and groups, as this transaction sees them."""
        return snapshot(self.facts)

    def load(self, instance_key: int) -> RunningInstance:
        """Lock and load an instance that may go on, once a transaction.

        Raises:
            NotFoundError, WrongStateError: It does not exist, is suspended, or has ended.
        """
        return _active(self.load_live(instance_key))

    def load_live(self, instance_key: int) -> RunningInstance:
        """Lock and load an instance that has not ended, suspended or not, once a transaction.

        Raises:
            NotFoundError, WrongStateError: It does not exist or has ended.
        """
        instance = self.running.get(instance_key)
        return instance or self._take(lock_instance(self.unit.connection, instance_key))

    def hold(self, instance: RunningInstance) -> None:
        """Take an instance that this transaction has locked and loaded, and not changed, already."""
        self.running[instance.key] = instance

    def load_task(self, task_key: int) -> tuple[Row[Any], RunningInstance]:
        """Lock and load an open user task with its instance, first thing in a transaction.

        Raises:
            NotFoundError: No such task.
            WrongStateError: It is no longer open (the text names who finished it), or suspended.
        """
        found = lock_task(self.unit.connection, task_key)
        if found is None:
            raise unknown_task(task_key)
        self._facts = self._facts_at(found.row.revision)
        require_open(found.row)
        return found.row, _active(self._take_around(found))

    def load_job(self, job_key: int) -> tuple[Row[Any], RunningInstance]:
        """Lock and load a job that is not over with its instance, first thing in a transaction.

        Raises:
            NotFoundError: No such job, or it is over.
            WrongStateError: Its instance is suspended.
        """
        found = lock_job(self.unit.connection, job_key)
        if found is None or found.row.ended_at is not None:
            raise NotFoundError(
                f"Expected to find a job with key '{job_key}', but there is none.", key=job_key
            )
        self._facts = self._facts_at(found.row.revision)
        return found.row, _active(self._take_around(found))

    def _facts_at(self, number: int) -> FactsAt:
        return self.house.database.rare.at(self.unit.before, number)

    def _take(self, row: Any) -> RunningInstance:
        self.unit.look_at_clock()
        instance = loaded(self.unit.before, self.house.definitions, row)
        self.running[instance.key] = instance
        return instance

    def _take_around(self, found: Locked) -> RunningInstance:
        self.unit.look_at_clock()
        instance = loaded_around(
            self.unit.before,
            self.house.definitions,
            found.instance,
            found.row.element_instance_key,
            found.scopes,
        )
        self.running[instance.key] = instance
        return instance


def _active(instance: RunningInstance) -> RunningInstance:
    if instance.is_suspended:
        raise not_active(instance.key, instance.state_name)
    return instance


def unknown_task(task_key: int) -> NotFoundError:
    """Return the error for a task that is not there (or not his to see)."""
    return NotFoundError(
        f"Expected to find a user task with key '{task_key}', but there is none.",
        task_key=task_key,
    )


def require_open(row: Row[Any]) -> None:
    """Check that a row of `user_tasks` is that of an open task.

    Raises:
        WrongStateError: It is not (the text names who finished it and when), or is suspended.
    """
    if row.state == "CREATED" and row.is_suspended:
        raise WrongStateError(
            f"Expected process instance '{row.instance_key}' of user task '{row.key}' to be active, "
            "but it is SUSPENDED.",
            task_key=row.key,
            suspended_instance_key=row.instance_key,
            message="流程实例已暂停，恢复后才能办理该任务。",
        )
    if row.state == "CREATED":
        return
    by = f" by '{row.completed_by}'" if row.completed_by else ""
    when = f" at {row.completed_at.isoformat()}" if row.completed_at else ""
    raise WrongStateError(
        f"Expected user task '{row.key}' to be CREATED, but it was {row.state}{by}{when}.",
        task_key=row.key,
        state=row.state,
        completed_by=row.completed_by,
        completed_at=row.completed_at,
    )
