"""The kinds and states of batch operations, in the words of Camunda 8."""

from dataclasses import dataclass

CANCEL = "CANCEL_PROCESS_INSTANCE"
DELETE = "DELETE_PROCESS_INSTANCE"
DELETE_DECISION = "DELETE_DECISION_INSTANCE"
MIGRATE = "MIGRATE_PROCESS_INSTANCE"
MODIFY = "MODIFY_PROCESS_INSTANCE"
RESOLVE = "RESOLVE_INCIDENT"
RESUME = "RESUME_PROCESS_INSTANCE"
SUSPEND = "SUSPEND_PROCESS_INSTANCE"
UPDATE_JOB = "UPDATE_JOB"

CREATED = "CREATED"
ACTIVE = "ACTIVE"
SUSPENDED = "SUSPENDED"
COMPLETED = "COMPLETED"
CANCELED = "CANCELED"
FAILED = "FAILED"

RUNNING = (CREATED, ACTIVE, SUSPENDED)
"""States of batch operations that are not over."""


@dataclass(frozen=True)
class BatchItem:
    """One thing that a batch operation is about: an instance, an incident, a job, an evaluation.

    Attributes:
        instance_key: The instance it is, or belongs to; None of decisions evaluated by themselves.
        root_key: The root of that.
    """

    key: int
    instance_key: int | None
    root_key: int | None
