"""The processes that `huiyin run` has started: kept running, and ended together.

A part that ends by itself or is killed, by the system where memory runs out, is started again, as the web
server does it with its own processes (`service.lasting`): for one dead part nobody loses the page he works
on. Nothing is lost by it: what a part had begun the database takes back, and what it owed is in the outbox.
"""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from service.lasting import GIVES_UP_AFTER, Place

STOP_AFTER_S = 15
"""How long a part may take to end before it is killed."""

LOOK_EVERY_S = 0.2

PR_SET_PDEATHSIG = 1
"""Linux's number for the signal that a process gets when its parent ends (`prctl.h`)."""


@dataclass
class Part:
    """One part of the house: a Python program in a session of its own, so that Ctrl-C reaches only us."""

    name: str
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] = field(init=False)
    began_at: float = field(init=False)
    place: Place = field(default_factory=Place)

    def __post_init__(self) -> None:
        """Start it."""
        self.start()

    def start(self) -> None:
        """Start it, for the first time or again."""
        command = (sys.executable, *self.arguments)
        self.process = subprocess.Popen(
            command, start_new_session=True, preexec_fn=_end_with_parent
        )
        self.began_at = time.monotonic()
        self.place.due_at = None

    @property
    def has_ended(self) -> bool:
        """Whether it does not run."""
        return self.process.poll() is not None

    @property
    def is_hopeless(self) -> bool:
        """Whether it ended by itself each time soon after its start."""
        return self.place.failed_starts >= GIVES_UP_AFTER


@dataclass
class Family:
    """The parts in the order in which they were started; they end in the opposite one, the first alone.

    Attributes:
        tell: Is told a line for people when a part has ended.
    """

    tell: Callable[[str], None]
    parts: list[Part] = field(default_factory=list)
    is_stopping: bool = False

    def start(self, name: str, *arguments: str) -> None:
        """Start a part, a Python program with its arguments."""
        self.parts.append(Part(name, arguments))

    def await_start(self, is_done: Callable[[], bool]) -> bool:
        """Wait until something is done, which it is not if a part ends or somebody asks to stop before."""
        while not self.is_stopping:
            ended = next((part for part in self.parts if part.has_ended), None)
            if ended is not None:
                self.tell(f"“{ended.name}”意外退出，正在结束其余部分。")
                return False
            if is_done():
                return True
            time.sleep(LOOK_EVERY_S)
        return False

    def keep(self) -> bool:
        """Start again whatever ends, until somebody asks to stop; return False where a part cannot run."""
        while not self.is_stopping:
            for part in self.parts:
                if part.place.due_at is None and part.has_ended:
                    self._note_end(part)
                if part.is_hopeless:
                    self.tell(f"“{part.name}”无法重新启动，正在结束其余部分。")
                    return False
                if part.place.due_at is not None and part.place.due_at <= time.monotonic():
                    part.start()
            time.sleep(LOOK_EVERY_S)
        return True

    def stop(self) -> None:
        """End all parts, the one started first last; what does not end in time is killed."""
        processes = [part.process for part in self.parts]
        _end(processes[:0:-1])
        _end(processes[:1])

    def _note_end(self, part: Part) -> None:
        now = time.monotonic()
        pause_s = part.place.ended(now - part.began_at, part.process.returncode, now)
        when = f"{pause_s:g} 秒后" if pause_s else "正在"
        self.tell(f"“{part.name}”意外退出（状态 {part.process.returncode}），{when}重新启动。")


def _end_with_parent() -> None:
    """Let the process just forked be asked to end when we are killed: nobody else would end it then."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    """End processes together, politely; kill those that take too long."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + STOP_AFTER_S
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
