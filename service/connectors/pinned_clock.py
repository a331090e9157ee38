"""A clock that can be pinned for tests: all processes on one machine share a file that says so."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path


class FileClock:
    """The machine's clock, or the moment that stands in a file while the file is there."""

    def __init__(self, path: Path, machine: Callable[[], datetime]) -> None:
        """Take the file, and what tells the machine's time (aware, UTC)."""
        self._path = path
        self._machine = machine

    def now(self) -> datetime:
        """Return the pinned moment, else the present one."""
        try:
            return datetime.fromisoformat(self._path.read_text(encoding="ascii"))
        except FileNotFoundError:
            return self._machine()

    def pin(self, moment: datetime) -> None:
        """Stand at a moment; readers see the old one or the new one, never half of it."""
        fresh = self._path.with_suffix(".new")
        fresh.write_text(moment.isoformat(), encoding="ascii")
        fresh.replace(self._path)

    def release(self) -> None:
        """Go with the machine again."""
        self._path.unlink(missing_ok=True)
