"""Interrupting what holds user tasks that must first hear that they are canceled.

Source: Camunda 8 user task listeners (`canceling`): called when a catch event interrupts a user task and
when its process instance is canceled; what interrupts goes on when the listeners are done.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from service.engine.machine import Token
from service.engine.triggers import close_all


def must_wait(host: Token, action: Mapping[str, Any], closed: Iterable[str] | None = None) -> bool:
    """Whether an interruption must wait; then it is noted, and what nobody waits for ends at once.

    Args:
        host: What shall be interrupted.
        action: What to do then: `event` and `payload` of the interrupting event; empty: terminate.
        closed: Ids of the events of the host that are no longer waited for; None: all.
    """
    tasks = _tasks_inside(host)
    if not tasks:
        return False
    host.notes["leaving"] = dict(action)
    close_all(host, closed)
    kept = {around.key for task in tasks for around in task.around()}
    _end_others(host, kept)
    for task in tasks:
        task.task_spec.cancel_first(task)
    return True


def canceled(task: Token) -> None:
    """A user task has heard it: it is terminated, and after the last one the interruption goes on."""
    machine = task.workflow
    host = [around for around in task.around() if "leaving" in around.notes][-1]
    machine.terminate(task)
    if _tasks_inside(host):
        return
    action = host.notes.pop("leaving")
    if action:
        machine.spec.task_specs[action["event"]].fire(host, action["payload"])
    else:
        machine.terminate(host)


def _tasks_inside(host: Token) -> list[Token]:
    machine = host.workflow
    if not machine.spec.has_canceling_listeners:
        return []
    waiting = [token for token in machine.tasks.values() if token.notes.get("wait") == "user_task"]
    return [
        token
        for token in waiting
        if token.task_spec.task_listeners["canceling"]
        and any(around is host for around in token.around())
    ]


def _end_others(host: Token, kept: set[int]) -> None:
    for child in host.workflow.live_in(host.key):
        if child.key not in kept:
            host.workflow.terminate(child)
        else:
            close_all(child)
            _end_others(child, kept)
