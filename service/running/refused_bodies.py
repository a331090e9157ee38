"""Hears out who is refused: what is left of his request is read before he is answered.

A connection is closed when its request was answered before it had come in whole. Whoever still sends then
hears that it broke, and not why he was refused.
"""

from collections.abc import Callable, Iterable
from typing import Any

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

HEARD_BYTES = 2 * 1024 * 1024
"""So much is read in vain, as Tomcat does (`maxSwallowSize`), which Camunda 8 is served by."""

_PART_BYTES = 64 * 1024


class RefusedBodies:
    """An application that reads the bodies of the requests it refuses with a status of 4xx.

    Not with 503: who is sent away because too much is to do must not take up a thread with it.
    """

    def __init__(self, app: WsgiApp) -> None:
        """Take the application."""
        self._app = app

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        # As the server gives it: the application may read it through what refuses a body that breaks off.
        sent = environ["wsgi.input"]
        is_refused = False

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal is_refused
            is_refused = status.startswith("4")
            return start_response(status, headers, *more)

        body = self._app(environ, start)
        if is_refused:
            _read_in_vain(sent)
        return body


def _read_in_vain(sent: Any) -> None:
    left = HEARD_BYTES
    while left > 0 and (part := sent.read(min(left, _PART_BYTES))):
        left -= len(part)
