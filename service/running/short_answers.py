"""Gives short answers to the web server as a whole.

Granian asks for each part of an answer on a thread of its own, and Python's lock changes hands for it.
"""

from collections.abc import Callable, Iterable
from typing import Any

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

JOINED_BYTES = 256 * 1024
"""Answers up to this length, whose length is known, are joined; longer ones go part by part."""

NO_BODY = ("204", "304")
"""Statuses of answers without a body, and so without a length."""


class ShortAnswers:
    """An application whose short answers have one part."""

    def __init__(self, app: WsgiApp) -> None:
        """Take the application."""
        self._app = app

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        is_short = False

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal is_short
            is_short = _is_short(status, headers)
            return start_response(status, headers, *more)

        body = self._app(environ, start)
        return _joined(body) if is_short else body


def _is_short(status: str, headers: Iterable[tuple[str, str]]) -> bool:
    if status.startswith(NO_BODY):
        return True
    lengths = [int(text) for name, text in headers if name.lower() == "content-length"]
    return bool(lengths) and lengths[0] <= JOINED_BYTES


def _joined(body: Iterable[bytes]) -> list[bytes]:
    try:
        return [b"".join(body)]
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()
