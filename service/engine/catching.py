"""Who catches an error or an escalation: the search outward through the scopes.

Source: Camunda 8 error events (CatchEventAnalyzer), escalation events: scope by scope, boundary events
and event sub-processes together, the exact code first, catch-all second; a scope that is already
interrupted ends the search, but its boundary events still hear an escalation. What is thrown in an event
sub-process goes on outward from there: it is not heard by that one again (BPMN 2.0.2 §10.5.6; Camunda 8
begins it anew, without end). A parallel multiple event hears an error only as the last of what it waits for
(BPMN 2.0.2 §10.5.1: all must come; an error ends the activity).
"""

from collections.abc import Mapping
from typing import Any

from service.engine.events import is_complete_with, reach
from service.engine.leaving import leave
from service.engine.machine import Token
from service.engine.waits import EscalationThrown


def throw(
    origin: Token, code: str, message: str, variables: Mapping[str, Any]
) -> tuple[str, ...] | None:
    """Let an error happen at a token: it is caught here, or above, or by nobody.

    Args:
        origin: Where the search begins: the task itself, or the scope of an error end event.
        code: The error code.
        message: For whom it is handed to above.
        variables: Given to the catching event.

    Returns:
        None when it was caught; else the codes that are caught from there, and nothing has changed.
    """
    machine = origin.workflow
    found = _find(origin, "error", code)
    if found is not None:
        host, catch = found
        reach(host, catch.event, catch.part, variables)
        return None
    if machine.surroundings.caught_above(code):
        leave(machine.root, {"thrown": [code, message, dict(variables)]})
        return None
    return caught_codes(origin)


def escalate(origin: Token, code: str) -> None:
    """Let an escalation happen at a token: at most one event catches it; uncaught, nothing happens.

    One that an interrupting event above catches ends this instance.

    Args:
        origin: Where the search begins: the scope of the throwing event, or a call activity.
        code: The escalation code.
    """
    machine = origin.workflow
    found = _find(origin, "escalation", code)
    if found is not None:
        host, catch = found
        reach(host, catch.event, catch.part, {})
        return
    is_interrupting = machine.surroundings.escalated_above(code)
    if is_interrupting is None:
        return
    machine.record.escalations.append(EscalationThrown(code))
    if is_interrupting:
        leave(machine.root, {})


def caught_codes(origin: Token) -> tuple[str, ...]:
    """Return the error codes caught from a token, nearest first; `""` is catch-all."""
    codes = (
        catch.code or ""
        for token in _searched(origin, "error")
        for catch in token.task_spec.code_catches
        if _listens(token, catch, "error")
    )
    return tuple(dict.fromkeys(codes))


def is_caught(origin: Token, code: str) -> bool:
    """Whether somebody in this instance catches an error code from a token."""
    return _find(origin, "error", code) is not None


def is_escalation_caught(origin: Token, code: str) -> bool | None:
    """Whether the event that catches an escalation from a token interrupts; None: nobody catches it."""
    found = _find(origin, "escalation", code)
    if found is None:
        return None
    host, catch = found
    return catch.event.model.is_interrupting and is_complete_with(host, catch.event, catch.part)


def _find(origin: Token, kind: str, code: str) -> tuple[Token, Any] | None:
    inside_id = None
    for token in _searched(origin, kind):
        catches = [
            catch
            for catch in token.task_spec.code_catches
            if _listens(token, catch, kind) and catch.event.model.parent_id != inside_id
        ]
        for wanted in (code, None):
            for catch in catches:
                if catch.code == wanted:
                    return token, catch
        inside_id = token.task_spec.element_id
    return None


def _listens(host: Token, catch: Any, kind: str) -> bool:
    """Whether an event hears what is thrown: an error, which ends the host, only when it lacks nothing else."""
    is_start = catch.event.model.attached_to_id is None
    if catch.kind != kind or (is_start and host.notes.get("interrupted")):
        return False
    return kind != "error" or is_complete_with(host, catch.event, catch.part)


def _searched(origin: Token, kind: str) -> list[Token]:
    """Return where an error or escalation is looked for; of an interrupted scope only escalations are heard."""
    tokens: list[Token] = []
    for token in origin.around():
        is_interrupted = token.notes.get("interrupted")
        if not is_interrupted or kind == "escalation":
            tokens.append(token)
        if is_interrupted:
            break
    return tokens
