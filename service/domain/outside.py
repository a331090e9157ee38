"""The ports: everything outside this process that the use cases may touch, and nothing else.

`bootstrap` picks the real part behind each; tests use the fakes of `tests/fakes.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, UTC."""
        ...


@runtime_checkable
class PinnableClock(Clock, Protocol):
    """A clock that can be set; for tests of processes, where the operator allows it."""

    def pin(self, moment: datetime) -> None:
        """Stand at a moment, in every process of the house."""
        ...

    def set_to(self, moment: datetime) -> None:
        """Show a moment now, in every process of the house: stand there if pinned, else go on from there."""
        ...

    def release(self) -> None:
        """Go with the machine again."""
        ...


class JobQueue(Protocol):
    """Wakes workers. A message may be lost, doubled or late: the rows in the database are the truth."""

    def send(self, job: str, subject_key: int) -> None:
        """Ask some worker to do `job` (a name of `domain.jobs`) for that key.

        Raises:
            QueueDownError: The broker does not answer; the poller will send it again later.
        """
        ...


class QueueDownError(Exception):
    """The broker does not answer. Never shown to people: work is late, not lost."""


@dataclass(frozen=True)
class MailAttachment:
    """A file that travels with a mail."""

    file_name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """A mail as it leaves the house: plain text, UTF-8.

    Attributes:
        message_id: The RFC 5322 Message-ID, the same at each attempt, so that a mail that was sent twice
            is recognised.
    """

    message_id: str
    recipient: str
    subject: str
    body: str
    attachments: Sequence[MailAttachment] = ()


class MailPort(Protocol):
    """Sends mail."""

    def send(self, mail: Mail) -> None:
        """Hand the mail over.

        Raises:
            MailRefusedError: The other side did not take it; the text says why.
        """
        ...


class MailRefusedError(Exception):
    """A mail was not taken. Its `str` is what the other side said."""


@dataclass(frozen=True)
class Outside:
    """The real or fake parts behind the ports, made once by `bootstrap`.

    Attributes:
        new_key: A fresh key at each call (`domain.keys`).
        random_bytes: `n` random bytes (tokens, ids of files).
    """

    clock: Clock
    queue: JobQueue
    mail: MailPort
    new_key: Callable[[], int]
    random_bytes: Callable[[int], bytes]
