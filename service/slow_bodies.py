"""Listens to requests as they come in, without taking up a place where others could be worked on.

A body comes in as fast as its sender and the road between are: a telephone with a photograph takes minutes,
and some dozen of those who never end would stop the house. A short body is heard out before its request
asks for a place (`admission`). One that is longer gives its place back while it comes in, and asks for one
again when it is there: by then it is known who sends it and how much he may send.
"""

import io
from collections.abc import Callable
from typing import Any

from werkzeug.exceptions import ClientDisconnected

SHORT_BYTES = 64 * 1024
"""Bodies up to this length are heard out first; anybody may send so much."""

SENDERS = 512
"""Requests of one process that may come in at once; each holds a thread, which costs little while it waits."""


def hear(
    environ: dict[str, Any],
    length: int | None,
    step_aside: Callable[[], None],
    come_back: Callable[[], None],
) -> None:
    """Hear out a short body now; let a long one step aside while it is read.

    Args:
        environ: Of the request (PEP 3333); what reads its body later finds it there.
        length: Of the body; None: it comes in parts, or there is none.
        step_aside: Is called before something is read.
        come_back: Is called when all has been read.

    Raises:
        ClientDisconnected: The sender has gone before he was done.
    """
    sent = environ["wsgi.input"]
    if length is not None and length <= SHORT_BYTES:
        content = sent.read(length)
        if len(content) < length:
            raise ClientDisconnected
        environ["wsgi.input"] = io.BytesIO(content)
    elif length is not None or "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        environ["wsgi.input"] = io.BufferedReader(_LongBody(sent, length, step_aside, come_back))


class _LongBody(io.RawIOBase):
    """A body that is read where nobody waits for it."""

    def __init__(
        self,
        sent: Any,
        length: int | None,
        step_aside: Callable[[], None],
        come_back: Callable[[], None],
    ) -> None:
        self._sent = sent
        self._length = length
        self._read = 0
        self._step_aside = step_aside
        self._come_back = come_back

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read the next part.

        Raises:
            ClientDisconnected: The sender has gone before he was done.
            OverloadedError: All has come, but there is no place to work on it.
        """
        self._step_aside()
        part = self._sent.read(len(buffer))
        self._read += len(part)
        if not part and self._read < (self._length or 0):
            raise ClientDisconnected
        if not part or self._read == self._length:
            self._come_back()
        buffer[: len(part)] = part
        return len(part)
