"""Interrupting what holds user tasks, of its own or of called instances, that must first hear of it.

A token whose end is delayed so has the note `leaving`: what to do when the last task has heard it. `event`
and `payload` of an interrupting event; `thrown` (code, message, variables) of an error that leaves the
instance; empty: nothing but ending it.

Source: Camunda 8 user task listeners (`canceling`): called whenever an active user task is terminated, but for
modifications by hand; what terminates goes on when the listeners are done. Execution listeners of a process
(`cancel`, 8.10): called when all inside it is terminated.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from service.engine.machine import Token
from service.engine.triggers import close_all
from service.engine.waits import ErrorThrown

CANCEL = "cancel"


def must_wait(host: Token, action: Mapping[str, Any], closed: Iterable[str] | None = None) -> bool:
    """Whether an interruption must wait; then it is noted, and what nobody waits for ends at once.

    Args:
        host: What shall be interrupted.
        action: What to do then (see above).
        closed: Ids of the events of the host that are no longer waited for; None: all.
    """
    tasks = _hearing(host)
    if not tasks:
        return False
    host.notes["leaving"] = dict(action)
    close_all(host, closed)
    kept = {around.key for task in tasks for around in task.around()}
    _end_others(host, kept)
    for task in tasks:
        task.task_spec.cancel_first(task)
    return True


def dismiss(token: Token) -> None:
    """Terminate a token, now or when the tasks in it have heard it; then its scope hears `emptied`."""
    if not must_wait(token, {}):
        token.workflow.terminate(token)


def leave(root: Token, action: Mapping[str, Any]) -> None:
    """Terminate an instance, now or when all who must hear it have; one that is ending already goes on so."""
    if is_leaving(root):
        return
    if not must_wait(root, action):
        _end_instance(root, action)


def is_leaving(root: Token) -> bool:
    """Whether an instance ends as soon as all who must hear it have, whatever happens meanwhile."""
    return "leaving" in root.notes and "event" not in root.notes["leaving"]


def canceled(task: Token) -> None:
    """A user task or call has heard it: it is terminated, and after the last one the interruption goes on."""
    host = _leaving_around(task)
    assert host is not None, task.key
    task.workflow.terminate(task)
    _go_on(host)


def terminated(token: Token) -> bool:
    """Terminate a token without asking anybody.

    Returns:
        Whether something around it was being interrupted and waited for nobody else: that has gone on now.
    """
    host = _leaving_around(token)
    token.workflow.terminate(token)
    return host is not None and host is not token and _go_on(host)


def _leaving_around(token: Token) -> Token | None:
    """Return the outermost scope around a token that is being interrupted, or None."""
    found = [around for around in token.around() if "leaving" in around.notes]
    return found[-1] if found else None


def _go_on(host: Token) -> bool:
    """Carry out an interruption, unless somebody must still hear of it; return whether it was."""
    is_asking = host.notes.get("listener", ("",))[0] == CANCEL
    if is_asking or _hearing(host):
        return False
    machine = host.workflow
    action, scope = host.notes.pop("leaving"), host.scope
    if "event" in action:
        machine.spec.task_specs[action["event"]].fire(host, action["payload"])
    elif scope is None:
        _end_instance(host, action)
    else:
        if host.is_live:
            machine.terminate(host)
        resumed = machine.token(scope.notes.get("resumes", 0))
        if resumed is None:
            scope.task_spec.emptied(scope)
        else:
            resumed.task_spec.resume(resumed)
    return True


def end_instance(root: Token) -> None:
    """Terminate an instance of which nobody has to hear any more."""
    action = root.notes.pop("leaving")
    if "thrown" in action:
        root.workflow.record.thrown = ErrorThrown(*action["thrown"])
    root.workflow.terminate(root)


def _end_instance(root: Token, action: Mapping[str, Any]) -> None:
    """Let the process's own listeners hear it when nothing is left inside, then terminate it."""
    root.notes["leaving"] = dict(action)
    if root.task_spec.listeners[CANCEL]:
        for child in root.workflow.live_in(root.key):
            root.workflow.terminate(child)
        close_all(root)
        root.task_spec.cancel_first(root)
    else:
        end_instance(root)


def hears_its_end(root: Token) -> bool:
    """Whether somebody in an instance must hear that it is terminated."""
    return bool(root.task_spec.listeners[CANCEL] or _hearing(root))


def _hearing(host: Token) -> list[Token]:
    """Return the user tasks with canceling listeners inside, and the calls whose instance must hear its end."""
    spec, everywhere = host.workflow.spec, host.workflow.surroundings.global_listeners
    has_listeners = spec.has_canceling_listeners or everywhere.asks("canceling")
    if not (has_listeners or spec.has_calls or "leaving" in host.notes):
        return []
    waiting = [token for token in host.workflow.tokens() if token.notes.get("wait") in HEARING]
    inside = (token for token in waiting if any(around is host for around in token.around()))
    return [token for token in inside if HEARING[token.notes["wait"]](token)]


def _has_listeners(task: Token) -> bool:
    change = task.notes.get("task")
    if change is not None and change["event"] == "canceling":
        # Who is asked was settled when the change began; nobody need listen to the next one.
        return True
    everywhere = task.workflow.surroundings.global_listeners
    return bool(task.task_spec.asks("canceling", everywhere))


def _is_heard_below(call: Token) -> bool:
    return "called_off" in call.notes or call.workflow.surroundings.hears_its_end(call.key)


HEARING = {"user_task": _has_listeners, "call": _is_heard_below}
"""Who may have to hear of an end, by what they wait for."""


def _end_others(host: Token, kept: set[int]) -> None:
    for child in host.workflow.live_in(host.key):
        if child.key not in kept:
            host.workflow.terminate(child)
        else:
            close_all(child)
            _end_others(child, kept)
