"""Task listeners of all processes on the platform: they fire for every task, old and new."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.errors import (
    AlreadyExistsError,
    NotAllowedError,
    NotFoundError,
    WrongStateError,
)
from service.domain.global_listeners import ALL, GlobalListener
from service.engine import TaskListenerResult
from service.persistence.tables import cases, instances, tasks
from service.usecases import global_listeners, job_activation, jobs, process_instances, user_tasks
from service.usecases.deployments import deploy
from service.usecases.job_activation import ActivatedJob, ActivateJobs
from service.usecases.process_instances import CreateInstance, create
from service.usecases.task_answers import outcome
from tests.usecases.conftest import Office
from tests.usecases.drawing import line, user_task

CHECK = GlobalListener("check", "audit", ("completing",), retries=5)


def start(office: Office) -> int:
    """Start a process with one task that has no listeners of its own; return the task's key."""
    deploy(office.house, office.owner, [line("plain", user_task("look", ""))])
    create(office.house, office.owner, CreateInstance(process_id="plain"))
    (row,) = office.rows(tasks.user_tasks)
    return int(row.key)


def make(office: Office, listener: GlobalListener = CHECK) -> None:
    """Make a listener."""
    global_listeners.make(office.house, office.owner, listener)


def asked(office: Office) -> ActivatedJob:
    """Return the only job of the listener."""
    command = ActivateJobs("audit", "w", timedelta(minutes=1), 10)
    (given,) = job_activation.activate(office.house, office.operator, command)
    return given


def test_a_task_that_was_open_before_asks_a_new_listener(office: Office) -> None:
    """It may deny; asked again it lets pass, and the process goes on."""
    key = start(office)
    make(office)
    user_tasks.claim(office.house, office.inspector, key)
    done = user_tasks.complete(office.house, office.inspector, key, {"opinion": "同意"})
    job = asked(office)
    assert (job.kind, job.listener_event_type, job.retries) == ("TASK_LISTENER", "COMPLETING", 5)
    assert job.variables["opinion"] == "同意"
    denied = TaskListenerResult(is_denied=True, denied_reason="附件缺失")
    jobs.complete(office.house, office.operator, job.key, {}, result=denied)
    assert done.change_key is not None
    with pytest.raises(WrongStateError, match="附件缺失"):
        outcome(office.house, done.change_key)

    user_tasks.complete(office.house, office.inspector, key, {})
    jobs.complete(office.house, office.operator, asked(office).key, {})
    assert [row.state for row in office.rows(instances.process_instances)] == ["COMPLETED"]


def test_a_new_task_is_created_when_the_listener_has_answered(office: Office) -> None:
    """In another process of the machine, too: what is known of listeners is read from the database."""
    make(office, GlobalListener("all", "audit", (ALL,)))
    key = start(office)
    (row,) = office.rows(tasks.user_tasks)
    assert row.state == "CREATING"
    jobs.complete(office.house, office.operator, asked(office).key, {})
    global_listeners.remove(office.house, office.owner, "all")
    assert user_tasks.claim(office.house, office.inspector, key) is None
    done = user_tasks.complete(office.house, office.inspector, key, {})
    assert done.change_key is None


def test_what_is_asked_outlives_the_listener(office: Office) -> None:
    """Removed meanwhile, its job is still there, and its answer carries the change out."""
    key = start(office)
    make(office)
    user_tasks.claim(office.house, office.inspector, key)
    done = user_tasks.complete(office.house, office.inspector, key, {})
    global_listeners.remove(office.house, office.owner, "check")
    jobs.complete(office.house, office.operator, asked(office).key, {})
    assert done.change_key is not None
    assert outcome(office.house, done.change_key)


def test_a_canceled_instance_takes_back_what_was_asked(office: Office) -> None:
    """Whoever waits for the answer is told, though the listener is gone by now."""
    key = start(office)
    make(office)
    user_tasks.claim(office.house, office.inspector, key)
    done = user_tasks.complete(office.house, office.inspector, key, {})
    global_listeners.remove(office.house, office.owner, "check")
    (row,) = office.rows(instances.process_instances)
    process_instances.cancel(office.house, office.operator, row.key)
    assert done.change_key is not None
    with pytest.raises(WrongStateError, match="canceled"):
        outcome(office.house, done.change_key)


def test_a_cancellation_waits_for_a_canceling_listener(office: Office) -> None:
    """Of a called process, too."""
    make(office, GlobalListener("bye", "audit", ("canceling",)))
    start(office)
    (row,) = office.rows(instances.process_instances)
    process_instances.cancel(office.house, office.operator, row.key)
    assert [one.state for one in office.rows(tasks.user_tasks)] == ["CANCELING"]
    jobs.complete(office.house, office.operator, asked(office).key, {})
    assert [one.state for one in office.rows(instances.process_instances)] == ["TERMINATED"]


def test_listeners_are_kept_by_process_owners_with_history(office: Office) -> None:
    """Made once, changed and removed where there is one; each stands in the history."""
    house, owner = office.house, office.owner
    make(office)
    with pytest.raises(AlreadyExistsError):
        make(office)
    for refused in (office.clerk, office.operator):
        with pytest.raises(NotAllowedError):
            global_listeners.make(house, refused, replace(CHECK, id="other"))
        with pytest.raises(NotAllowedError):
            global_listeners.change(house, refused, CHECK)
        with pytest.raises(NotAllowedError):
            global_listeners.remove(house, refused, "check")
    global_listeners.change(house, owner, replace(CHECK, priority=7))
    global_listeners.remove(house, owner, "check")
    with pytest.raises(NotFoundError):
        global_listeners.change(house, owner, CHECK)
    with pytest.raises(NotFoundError):
        global_listeners.remove(house, owner, "check")
    told = office.rows(cases.events, cases.events.c.kind.startswith("listener."))
    assert [event.kind for event in told] == [
        "listener.created",
        "listener.changed",
        "listener.deleted",
    ]
    assert (told[1].before["priority"], told[1].after["priority"]) == (50, 7)
