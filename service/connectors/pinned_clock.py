"""A clock that can be set for tests: all processes on one machine share a file that says how."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

_AHEAD = "ahead "
"""Before the microseconds that the clock is ahead of the machine's."""

_ONE = timedelta(microseconds=1)


class FileClock:
    """The machine's clock, or what a file says while it is there: a moment, or how far it is ahead."""

    def __init__(self, path: Path, machine: Callable[[], datetime]) -> None:
        """Take the file, and what tells the machine's time (aware, UTC)."""
        self._path = path
        self._machine = machine

    def now(self) -> datetime:
        """Return the pinned moment, else the present one and what was added to it."""
        said = self._said()
        if said is None:
            return self._machine()
        if said.startswith(_AHEAD):
            return self._machine() + int(said.removeprefix(_AHEAD)) * _ONE
        return datetime.fromisoformat(said)

    def pin(self, moment: datetime) -> None:
        """Stand at a moment."""
        self._say(moment.isoformat())

    def set_to(self, moment: datetime) -> None:
        """Show a moment now: stand there if pinned, else go on from there."""
        said = self._said()
        if said is None or said.startswith(_AHEAD):
            self._say(f"{_AHEAD}{(moment - self._machine()) // _ONE}")
        else:
            self.pin(moment)

    def release(self) -> None:
        """Go with the machine again."""
        self._path.unlink(missing_ok=True)

    def _said(self) -> str | None:
        try:
            return self._path.read_text(encoding="ascii")
        except FileNotFoundError:
            return None

    def _say(self, text: str) -> None:
        """Write the file; readers see the old text or the new one, never half of it."""
        fresh = self._path.with_suffix(".new")
        fresh.write_text(text, encoding="ascii")
        fresh.replace(self._path)
