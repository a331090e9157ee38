"""Writes down what a step did: elements, tasks, jobs, timers, subscriptions, decisions, incidents."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from service.domain import jobs
from service.domain.message_hashes import hash_of
from service.engine.values import ElementEvent, IncidentRaised, JobOpened, Step
from service.feel import Text
from service.persistence.tables import instances, tasks
from service.persistence.unit import Unit
from service.usecases.clock_marks import end_clocks
from service.usecases.execution.decision_rows import decision_rows
from service.usecases.execution.running import RunningInstance
from service.usecases.execution.task_changes import end_changes
from service.usecases.execution.task_rows import OPEN_STATES, mark_canceling, open_user_tasks
from service.usecases.execution.world import Snapshot

SUBSCRIPTIONS = {
    "message": instances.message_subscriptions,
    "signal": instances.signal_subscriptions,
    "condition": instances.condition_subscriptions,
}
HOUSE_JOB_PREFIX = "huiyin:"


def write_step(
    unit: Unit, instance: RunningInstance, step: Step, snapshot: Snapshot, who: str
) -> None:
    """Write the rows of a step; state and variables are written later, by `running.save`."""
    _take_over(instance, step)
    _write_elements(unit, instance, step.events)
    _write_flows(unit, instance, step.flows_taken)
    _end_waits(unit, instance, step, who)
    open_user_tasks(unit, instance, step.user_tasks, _scope_by_element(unit, step), snapshot)
    # Of a suspended instance a house job waits in its row like any other.
    jobs = [job for job in step.jobs if instance.is_suspended or not is_house_job(job)]
    open_jobs(unit, instance, jobs)
    mark_canceling(unit, jobs)
    _open_timers(unit, instance, step)
    if not instance.is_suspended:
        open_subscriptions(unit, instance, step)
    decision_rows(unit, instance, step.decisions, who)
    raise_incidents(unit, instance, step.incidents)


def _scope_by_element(unit: Unit, step: Step) -> dict[int, int]:
    """Return the scope of each element instance that a user task is opened for."""
    scopes = {
        event.element_instance_key: event.scope_key
        for event in step.events
        if event.kind == "ACTIVATED"
    }
    # What listeners, an incident or a migration have held up was activated in an earlier step.
    earlier = {task.element_instance_key for task in step.user_tasks} - scopes.keys()
    if earlier:
        table = instances.element_instances
        query = select(table.c.key, table.c.scope_key).where(table.c.key.in_(earlier))
        scopes.update((key, scope_key) for key, scope_key in unit.connection.execute(query))
    return scopes


def is_house_job(job: JobOpened) -> bool:
    """Return whether Huiyin does this job itself."""
    return job.type.startswith(HOUSE_JOB_PREFIX)


def _take_over(instance: RunningInstance, step: Step) -> None:
    for written in step.variables:
        instance.write(written.scope_key, written.name, written.value)
    instance.dropped.update(step.scopes_dropped)
    instance.engine_state = step.state
    if step.ended is not None:
        instance.state_name = step.ended


def _write_elements(unit: Unit, instance: RunningInstance, events: Iterable[ElementEvent]) -> None:
    opened: dict[int, dict[str, Any]] = {}
    ended: dict[int, str] = {}
    for event in events:
        if event.kind == "ACTIVATED":
            opened[event.element_instance_key] = {
                "key": event.element_instance_key,
                "instance_key": instance.key,
                "scope_key": event.scope_key,
                "element_id": event.element_id,
                "name": event.element_name or event.element_id,
                "type": event.element_type,
                "state": "ACTIVE",
                "started_at": unit.now,
                "ended_at": None,
            }
        elif event.element_instance_key in opened:
            opened[event.element_instance_key].update(state=event.kind, ended_at=unit.now)
        else:
            ended[event.element_instance_key] = event.kind
    table = instances.element_instances
    unit.insert(table, list(opened.values()))
    for key, state in ended.items():
        unit.update(table, key, {"state": state, "ended_at": unit.now})


def _write_flows(unit: Unit, instance: RunningInstance, flow_ids: Iterable[str]) -> None:
    rows = [
        {"instance_key": instance.key, "flow_id": flow_id, "times": times}
        for flow_id, times in Counter(flow_ids).items()
    ]
    unit.add_up(instances.taken_flows, ("instance_key", "flow_id"), "times", rows)


def _end_waits(unit: Unit, instance: RunningInstance, step: Step, who: str) -> None:
    """End the rows of waits that are over.

    What was completed was ended by the command that completed it; what was terminated is ended here, and
    with a job its incident: the element may go on without it (a listener of a change that is off).
    """
    tasks_over = _terminated(step, "user_task")
    jobs_over = _terminated(step, "job") + _terminated(step, "task_listener")
    if tasks_over:
        cancel_user_tasks(unit, instance, tasks_over)
    if jobs_over:
        _cancel_jobs(unit, jobs_over)
        if instance.has_incident:
            resolve_incidents(unit, instance, jobs_over, who)
    _end_subscriptions(unit, step.subscriptions_closed)


def _terminated(step: Step, kind: str) -> list[int]:
    return [w.element_instance_key for w in step.over if w.kind == kind and w.is_terminated]


def _end_subscriptions(unit: Unit, closed: Mapping[str, Sequence[int]]) -> None:
    """End timers and subscriptions that were opened in an earlier step and are over."""
    if keys := closed.get("timer"):
        running = ("state", ("OPEN", "SUSPENDED"))
        unit.update_of(instances.timers, "key", keys, {"state": "CANCELED"}, running)
    for kind, table in SUBSCRIPTIONS.items():
        if keys := closed.get(kind):
            unit.delete(table, "key", keys)


def cancel_user_tasks(unit: Unit, instance: RunningInstance, element_keys: list[int]) -> None:
    """Mark the open user tasks of these element instances as canceled (本轮作废, XC-CS-3)."""
    table = tasks.user_tasks
    rows = unit.connection.execute(
        update(table)
        .where(table.c.element_instance_key.in_(element_keys), table.c.state.in_(OPEN_STATES))
        .values(state="CANCELED", completed_at=unit.now, row_version=table.c.row_version + 1)
        .returning(table.c.key, table.c.element_id, table.c.overdue_level)
    ).all()
    if not rows:
        return
    keys = [row.key for row in rows]
    for about in (tasks.user_task_candidates, tasks.user_task_drafts, tasks.task_reads):
        unit.delete(about, "task_key", keys)
    end_clocks(unit, keys)
    end_changes(unit, keys)
    for row in rows:
        if row.overdue_level > 0:
            unit.send(jobs.END_CHASE, row.key)
        unit.record(
            "user_task.canceled",
            instance_key=instance.key,
            root_key=instance.root_key,
            case_key=instance.case_key,
            element_id=row.element_id,
            detail={"task_key": str(row.key)},
        )


def _cancel_jobs(unit: Unit, element_keys: list[int]) -> None:
    table = instances.jobs
    unit.connection.execute(
        update(table)
        .where(table.c.element_instance_key.in_(element_keys), table.c.ended_at.is_(None))
        .values(state="CANCELED", ended_at=unit.now, updated_at=unit.now)
    )


def open_jobs(unit: Unit, instance: RunningInstance, opened: list[JobOpened]) -> list[int]:
    """Write job rows and return their keys."""
    rows: list[dict[str, Any]] = [
        {
            "key": unit.new_key(),
            "instance_key": instance.key,
            "element_instance_key": job.element_instance_key,
            "element_id": job.element_id,
            "type": job.type,
            "kind": job.kind,
            "listener_event_type": job.listener_event_type,
            "state": "CREATED",
            "retries": job.retries,
            "priority": job.priority,
            "is_suspended": instance.is_suspended,
            "headers": dict(job.headers),
            "variables": dict(job.variables) if is_house_job(job) else {},
            "caught_errors": list(job.caught_errors),
            "task_changes": job.task_changes,
            "available_at": unit.now,
            "created_at": unit.now,
            "updated_at": unit.now,
        }
        for job in opened
    ]
    unit.insert(instances.jobs, rows)
    return [row["key"] for row in rows]


def _open_timers(unit: Unit, instance: RunningInstance, step: Step) -> None:
    rows = [
        {
            "key": timer.timer_key,
            "instance_key": instance.key,
            "process_key": instance.process.key,
            "element_instance_key": timer.element_instance_key,
            "element_id": timer.element_id,
            "due_at": timer.due_at,
            "repetitions_left": timer.repetitions_left,
            "is_interrupting": timer.interrupting,
            "state": "SUSPENDED" if instance.is_suspended else "OPEN",
            "attempts": 0,
        }
        for timer in step.timers
    ]
    unit.insert(instances.timers, rows)


def open_subscriptions(unit: Unit, instance: RunningInstance, step: Step) -> None:
    """Write the subscriptions of a step to messages, signals and conditions."""
    rows = [
        {
            "key": subscription.subscription_key,
            "instance_key": instance.key,
            "element_instance_key": subscription.element_instance_key,
            "element_id": subscription.element_id,
            "process_id": instance.process.process_id,
            "message_name": subscription.message_name,
            "correlation_key": subscription.correlation_key,
            "business_id": instance.business_id,
            "is_interrupting": subscription.interrupting,
            "opened_at": unit.now,
        }
        for subscription in step.subscriptions
    ]
    unit.insert(instances.message_subscriptions, rows)
    _open_signal_subscriptions(unit, instance, step)
    _open_conditions(unit, instance, step)


def _open_signal_subscriptions(unit: Unit, instance: RunningInstance, step: Step) -> None:
    rows = [
        {
            "key": subscription.subscription_key,
            "instance_key": instance.key,
            "element_instance_key": subscription.element_instance_key,
            "element_id": subscription.element_id,
            "signal_name": subscription.signal_name,
            "is_interrupting": subscription.interrupting,
            "opened_at": unit.now,
        }
        for subscription in step.signal_subscriptions
    ]
    unit.insert(instances.signal_subscriptions, rows)


def _open_conditions(unit: Unit, instance: RunningInstance, step: Step) -> None:
    rows = [
        {
            "key": opened.subscription_key,
            "instance_key": instance.key,
            "element_instance_key": opened.element_instance_key,
            "element_id": opened.element_id,
            "condition": opened.condition,
            "changes": ",".join(opened.changes),
            "is_interrupting": opened.interrupting,
            "opened_at": unit.now,
        }
        for opened in step.conditions
    ]
    # A migration tells again what stands there already.
    takes = ("element_id", "condition", "changes", "is_interrupting")
    unit.put(instances.condition_subscriptions, ("key",), takes, rows)


def raise_incidents(
    unit: Unit,
    instance: RunningInstance,
    raised: Iterable[IncidentRaised],
    job_key: int | None = None,
) -> None:
    """Write incidents and mark the instance; the rest of the instance goes on.

    Args:
        unit: The transaction.
        instance: Whose they are.
        raised: What cannot go on.
        job_key: The job behind them, or None.
    """
    for incident in raised:
        key = unit.new_key()
        instance.has_incident = True
        told = _told(incident.text)
        row = {
            "key": key,
            "instance_key": instance.key,
            "element_instance_key": incident.element_instance_key,
            "element_id": incident.element_id,
            "job_key": job_key,
            "error_type": incident.error_type,
            **told,
            **{f"{name}_hash": hash_of(text) for name, text in told.items()},
            "state": "ACTIVE",
            "created_at": unit.now,
        }
        unit.insert(instances.incidents, [row])
        elements = instances.element_instances
        unit.update(elements, incident.element_instance_key, {"incident_key": key})
        unit.record(
            "incident.raised",
            instance_key=instance.key,
            root_key=instance.root_key,
            case_key=instance.case_key,
            element_id=incident.element_id,
            detail={
                "incident_key": str(key),
                "error_type": incident.error_type,
                **told,
            },
        )


def _told(text: Text | str) -> dict[str, str]:
    """Return what an incident says by the column of its language; a stranger's text is `message` alone."""
    if isinstance(text, str):
        return {"message": text}
    return {"message": text.chinese, "english": text.english, "traditional": text.traditional}


def resolve_incidents(
    unit: Unit, instance: RunningInstance, element_keys: list[int], who: str
) -> None:
    """Mark the incidents of these element instances as resolved and recount the instance's mark."""
    table, elements = instances.incidents, instances.element_instances
    unit.connection.execute(
        update(table)
        .where(table.c.element_instance_key.in_(element_keys), table.c.state == "ACTIVE")
        .values(state="RESOLVED", resolved_at=unit.now, resolved_by=who)
    )
    unit.connection.execute(
        update(elements).where(elements.c.key.in_(element_keys)).values(incident_key=None)
    )
    still = select(table.c.key).where(
        table.c.instance_key == instance.key, table.c.state == "ACTIVE"
    )
    instance.has_incident = unit.connection.execute(still.limit(1)).first() is not None
