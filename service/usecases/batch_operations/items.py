"""What each kind of batch operation does to one item, inside a transaction.

The plan of a kind is JSON: `MIGRATE` has `target` (a definition key as text) and `mapping` (pairs of ids),
`MODIFY` has `moves` (pairs of ids), `UPDATE_JOB` has `retries`, `timeout_ms`, `priority`, all optional.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from service.domain import batch_operations as words
from service.engine import Modification, Move
from service.usecases import (
    decision_deletion,
    deletion,
    incidents,
    jobs,
    migration,
    modification,
    process_instances,
    suspension,
)
from service.usecases.attempts import Attempt
from service.usecases.execution.execution import Execution

Effect = Callable[[Execution, int, Mapping[str, Any]], int | None]
"""(transaction, item key, plan) -> the incident that shows that it did not help, or None."""


def migration_plan(plan: Mapping[str, Any]) -> migration.MigrationPlan:
    """Return the plan of a `MIGRATE`."""
    pairs = tuple((source, target) for source, target in plan["mapping"])
    return migration.MigrationPlan(int(plan["target"]), pairs)


def _cancel(execution: Execution, key: int, plan: Mapping[str, Any]) -> None:
    process_instances.cancel_instance(execution, key, str(plan.get("reason", "")))


def _delete(execution: Execution, key: int, plan: Mapping[str, Any]) -> None:
    deletion.delete_instance(execution, key)


def _delete_decision(execution: Execution, key: int, plan: Mapping[str, Any]) -> None:
    decision_deletion.delete_evaluation(execution, key)


def _migrate(execution: Execution, key: int, plan: Mapping[str, Any]) -> None:
    migration.migrate_instance(execution, key, migration_plan(plan))


def _modify(execution: Execution, key: int, plan: Mapping[str, Any]) -> None:
    moves = tuple(
        Move(source, target, ancestor="inferred", may_be_absent=True)
        for source, target in plan["moves"]
    )
    modification.modify_instance(execution, key, Modification(move=moves))


def _resolve(execution: Execution, key: int, plan: Mapping[str, Any]) -> int | None:
    return incidents.resolve_incident(execution, key, gives_retry=True)


def _resume(execution: Execution, key: int, plan: Mapping[str, Any]) -> None:
    suspension.resume_instance(execution, key)


def _suspend(execution: Execution, key: int, plan: Mapping[str, Any]) -> None:
    suspension.suspend_instance(execution, key)


def _update_job(execution: Execution, key: int, plan: Mapping[str, Any]) -> None:
    timeout = plan.get("timeout_ms")
    changes = jobs.JobChanges(
        plan.get("retries"),
        None if timeout is None else timedelta(milliseconds=timeout),
        plan.get("priority"),
    )
    jobs.update_job(execution, key, changes)


_EFFECTS: Mapping[str, Effect] = {
    words.CANCEL: _cancel,
    words.DELETE: _delete,
    words.DELETE_DECISION: _delete_decision,
    words.MIGRATE: _migrate,
    words.MODIFY: _modify,
    words.RESOLVE: _resolve,
    words.RESUME: _resume,
    words.SUSPEND: _suspend,
    words.UPDATE_JOB: _update_job,
}


_TOLD: Mapping[str, tuple[str, str]] = {
    words.CANCEL: ("PROCESS_INSTANCE", "CANCEL"),
    words.MIGRATE: ("PROCESS_INSTANCE", "MIGRATE"),
    words.RESOLVE: ("INCIDENT", "RESOLVE"),
    words.RESUME: ("PROCESS_INSTANCE", "RESUME"),
    words.SUSPEND: ("PROCESS_INSTANCE", "SUSPEND"),
}
"""Kinds whose refused items the audit log tells, as it tells the same command to one."""


def attempt_at(kind: str, key: int, batch_key: int) -> Attempt | None:
    """Return what is written down when an item is refused for its state, or None: nothing is."""
    told = _TOLD.get(kind)
    return None if told is None else Attempt(*told, key, batch_key)


def carry_out(execution: Execution, kind: str, key: int, plan: Mapping[str, Any]) -> int | None:
    """Do to one item what a batch operation of that kind does.

    Returns:
        None when it helped; else the incident that was raised anew.

    Raises:
        HuiyinError: It is refused.
    """
    return _EFFECTS[kind](execution, key, plan)
