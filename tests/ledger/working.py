"""What people and workers wish for in a storm: tasks and jobs, done or not done."""

import random
from datetime import timedelta
from typing import Any

from tests.ledger.rule import OPEN_TASK
from tests.ledger.wishes import Maker, Wishes, some_job
from tests.usecases.requesting import REQUESTS, Sent


def complete_task(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Complete a user task."""
    row = wishes.one(f"SELECT key FROM user_tasks WHERE state IN {OPEN_TASK}")
    return row and REQUESTS["complete task"](row.key)


def change_task(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Assign a user task, put it back, or change it."""
    row = wishes.one(f"SELECT key FROM user_tasks WHERE state IN {OPEN_TASK}")
    if row is None:
        return None
    assignment = ("POST", f"user-tasks/{row.key}/assignment", {"assignee": "robot"})
    due_at = wishes.house.outside.clock.now() + timedelta(minutes=chance.choice((1, 90)))
    due = {"changeset": {"dueDate": due_at.isoformat(), "candidateGroups": ["quality"]}}
    others = [REQUESTS[name](row.key) for name in ("unassign", "update")]
    return chance.choice([assignment, *others, ("PATCH", f"user-tasks/{row.key}", due)])


def complete_job(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Complete a job, of whatever kind."""
    row = some_job(wishes)
    if row is None:
        return None
    body: dict[str, Any] = {}
    if row.lease_token and chance.random() < 0.9:
        body["jobLeaseToken"] = row.lease_token
    if row.kind == "AD_HOC_SUB_PROCESS":
        instance = wishes.one(
            "SELECT * FROM process_instances WHERE key = :key", key=row.instance_key
        )
        assert instance is not None
        ids = wishes.elements(instance)
        return REQUESTS["lead"](row.key, chance.choice(["", *ids]))
    if row.kind == "TASK_LISTENER" and chance.random() < 0.4:
        denied = chance.random() < 0.5
        result = {"denied": True} if denied else {"corrections": {"priority": 3}}
        body["result"] = {"type": "userTask", **result}
    if row.kind == "BPMN_ELEMENT" and chance.random() < 0.2:
        body["variables"] = {"came": chance.choice([1, "two", [3], None])}
    return "POST", f"jobs/{row.key}/completion", body


def fail_job(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Fail a job, for good or not, with a pause or without."""
    row = some_job(wishes)
    body = {"retries": chance.choice((0, 0, 1)), "retryBackOff": chance.choice((0, 5000))}
    if row and row.lease_token:
        body["jobLeaseToken"] = row.lease_token
    return row and ("POST", f"jobs/{row.key}/failure", body)


def throw_error(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Throw an error from a job, one that is caught somewhere or none."""
    row = some_job(wishes, "AND kind NOT LIKE '%LISTENER'")
    return row and REQUESTS["throw"](row.key, chance.choice(wishes.codes))


def update_job(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Give a job retries, another priority or more time."""
    row = some_job(wishes)
    change = chance.choice(({"retries": 2}, {"priority": 9}, {"timeout": 9000}, {"retries": 1}))
    return row and ("PATCH", f"jobs/{row.key}", {"changeset": change})


def activate_jobs(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Take some jobs of a type, with a lease or without."""
    row = some_job(wishes)
    body = {"worker": "robot", "timeout": 2000, "maxJobsToActivate": 3, "requestTimeout": -1}
    body["withLease"] = chance.random() < 0.2
    return row and ("POST", "jobs/activation", {"type": row.type, **body})


def activate_by_hand(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Start something in an ad-hoc sub-process."""
    row = wishes.one(
        "SELECT e.key, i.process_key FROM element_instances e "
        "JOIN process_instances i ON i.key = e.instance_key "
        "WHERE e.state = 'ACTIVE' AND e.type = 'AD_HOC_SUB_PROCESS'"
    )
    return row and REQUESTS["activate"](row.key, chance.choice(wishes.elements(row)))


MAKERS: dict[Maker, int] = {
    complete_task: 10,
    change_task: 5,
    complete_job: 14,
    fail_job: 4,
    throw_error: 4,
    update_job: 4,
    activate_jobs: 4,
    activate_by_hand: 3,
}
"""What may be wished for, and how often."""
