"""Small working things behind the ports of `service.domain.outside`, shared by all tests."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from service.domain.outside import Mail, MailRefusedError, QueueDownError

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""When tests happen unless they say otherwise: Tuesday, 10:00 in Shanghai, a working day."""


@dataclass
class FakeClock:
    """A clock that stands still until it is told otherwise."""

    at: datetime = NOW

    def now(self) -> datetime:
        """Return the moment it stands at."""
        return self.at

    def advance(self, by: timedelta | None = None, /, **parts: float) -> datetime:
        """Go on by a duration (`advance(hours=3)`) and return the new moment."""
        self.at += timedelta(**parts) if by is None else by
        return self.at


@dataclass
class RecordingQueue:
    """A queue that keeps what was sent, in order; `is_down` makes it fail like a broker."""

    sent: list[tuple[str, int]] = field(default_factory=list)
    is_down: bool = False

    def send(self, job: str, subject_key: int) -> None:
        """Keep the message."""
        if self.is_down:
            raise QueueDownError("the broker is down")
        self.sent.append((job, subject_key))

    def take(self) -> list[tuple[str, int]]:
        """Return what was sent since the last time, and forget it."""
        taken, self.sent = self.sent, []
        return taken

    def keys_of(self, job: str) -> list[int]:
        """Return the keys sent for one job, in order."""
        return [key for name, key in self.sent if name == job]


@dataclass
class RecordingMail:
    """A mail port that keeps what was sent; `refusal` makes it refuse with that text."""

    sent: list[Mail] = field(default_factory=list)
    refusal: str | None = None

    def send(self, mail: Mail) -> None:
        """Keep the mail."""
        if self.refusal is not None:
            raise MailRefusedError(self.refusal)
        self.sent.append(mail)


class FakeRandom:
    """Random bytes that are the same in each run of a test."""

    def __init__(self, seed: int = 1) -> None:
        """Begin anew."""
        self._random = Random(seed)

    def __call__(self, count: int) -> bytes:
        """Return that many bytes."""
        return self._random.randbytes(count)
