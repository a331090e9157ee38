"""Who catches an error: the search outward through the scopes.

Source: Camunda 8 error events (CatchEventAnalyzer): scope by scope, boundary events and event
sub-processes together, the exact code first, catch-all second; a scope that is already interrupted
ends the search.
"""

from collections.abc import Mapping
from typing import Any

from service.engine.machine import Token
from service.engine.values import ErrorThrown


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
    found = _find(origin, code)
    if found is not None:
        host, event = found
        event.fire(host, variables)
        return None
    if machine.surroundings.caught_above(code):
        machine.record.thrown = ErrorThrown(code, message, dict(variables))
        machine.terminate(machine.root)
        return None
    return caught_codes(origin)


def caught_codes(origin: Token) -> tuple[str, ...]:
    """Return the error codes caught from a token, nearest first; `""` is catch-all."""
    codes = (
        catch.code or "" for token in _searched(origin) for catch in token.task_spec.error_catches
    )
    return tuple(dict.fromkeys(codes))


def is_caught(origin: Token, code: str) -> bool:
    """Whether somebody in this instance catches an error code from a token."""
    return _find(origin, code) is not None


def _find(origin: Token, code: str) -> tuple[Token, Any] | None:
    for token in _searched(origin):
        catches = token.task_spec.error_catches
        for wanted in (code, None):
            for catch in catches:
                if catch.code == wanted:
                    return token, catch.event
    return None


def _searched(origin: Token) -> list[Token]:
    tokens: list[Token] = []
    for token in origin.around():
        if token.notes.get("interrupted"):
            break
        tokens.append(token)
    return tokens
