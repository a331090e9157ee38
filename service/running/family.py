"""The parts of one house on one machine: forks of `huiyin run`, kept running, and ended together.

To import the house takes longer than all else that a start does; so the parent imports it once, and each
part is a fork of it, there as soon as it is wanted (docs/decisions/0035). The parent itself never has other
threads nor connections: a fork would have them without their other half. Where fork is not safe (macOS), the
parts import for themselves.

A part that ends by itself or is killed, by the system where memory runs out, is started again, as the web
server does it with its own processes (`lasting`): for one dead part nobody loses the page he works
on. Nothing is lost by it: what a part had begun the database takes back, and what it owed is in the outbox.
"""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing.context import ForkProcess, SpawnProcess
from multiprocessing.process import BaseProcess

from service.running.lasting import GIVES_UP_AFTER, Place

FORKS = sys.platform == "linux"
"""Whether parts are forks; the C libraries of macOS must not be used in one."""

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What asks the parent to end everything, and what a part begins with as if it had been started by itself."""

STOP_AFTER_S = 15
"""How long parts may take to end before they are killed."""

LOOK_EVERY_S = 0.05

PR_SET_PDEATHSIG = 1
"""Linux's number for the signal that a process gets when its parent ends (`prctl.h`)."""

PR_SET_NAME = 15
"""Linux's number for the name that `ps -o comm` and `top` show: of a fork the command tells nothing."""


@dataclass
class Part:
    """One part of the house: the `main()` of a module, known by its name alone.

    Attributes:
        began_at: In seconds of the monotonic clock.
    """

    name: str
    module: str
    process: BaseProcess = field(init=False)
    began_at: float = field(init=False)
    place: Place = field(default_factory=Place)

    def __post_init__(self) -> None:
        """Start it."""
        self.start()

    def start(self) -> None:
        """Start it, for the first time or again."""
        self.process = _start(self.name, _run, self.module)
        self.began_at = time.monotonic()
        self.place.due_at = None

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

    def start(self, name: str, module: str) -> None:
        """Start a part."""
        self.parts.append(Part(name, module))

    def ask(self, name: str, function: Callable[..., None], *arguments: object) -> bool:
        """Let a function run in a process of its own; return whether it ended well.

        Asked to stop meanwhile, it has as long to end as every part: half of it would be taken back.
        """
        process = _start(name, function, *arguments)
        while process.exitcode is None and not self.is_stopping:
            time.sleep(LOOK_EVERY_S)
        _await_ends([process])
        return process.exitcode == 0

    def keep(self, until: Callable[[], bool] = lambda: False) -> bool:
        """Start again whatever ends, until something is done or somebody asks to stop.

        Returns:
            False where a part cannot run: there is nothing to wait for.
        """
        while not self.is_stopping and not until():
            for part in self.parts:
                if part.place.due_at is None and part.process.exitcode is not None:
                    self._note_end(part, part.process.exitcode)
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

    def _note_end(self, part: Part, status: int) -> None:
        now = time.monotonic()
        pause_s = part.place.ended(now - part.began_at, status, now)
        when = f"{pause_s:g} 秒后" if pause_s else "正在"
        self.tell(f"“{part.name}”意外退出（{_told(status)}），{when}重新启动。")


def load(modules: Iterable[str]) -> None:
    """Have in memory what the parts have in common, where they are forks.

    Nobody looks for garbage meanwhile, which would take an eighth of the time, nor ever again among what was
    loaded: looking at what is shared would copy its pages.
    """
    if not FORKS:
        return
    gc.disable()
    for module in modules:
        import_module(module)
    gc.freeze()
    gc.enable()


def end_with_parent(number: int) -> None:
    """Let this process get a signal when its parent ends, by whatever; only on Linux."""
    option("prctl", PR_SET_PDEATHSIG, number)
    parent = multiprocessing.parent_process()
    if parent is not None and os.getppid() != parent.pid:
        signal.raise_signal(number)  # It ended before we had asked.


def option(function: str, *values: int | bytes) -> None:
    """Set an option of the C library, where it has such."""
    set_option = getattr(ctypes.CDLL(None), function, None)
    if set_option is not None:
        set_option(*values)


def _start(name: str, function: Callable[..., None], *arguments: object) -> BaseProcess:
    """Start a process with a session of its own, so that Ctrl-C reaches only us."""
    kind = ForkProcess if FORKS else SpawnProcess
    process = kind(name=name, target=_become, args=(name, function, *arguments))
    with _signals_held():
        process.start()
    return process


@contextmanager
def _signals_held() -> Iterator[None]:
    """Hold back what asks to stop: between the fork and its first step the fork has our handlers."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)


def _become(name: str, function: Callable[..., None], *arguments: object) -> None:
    """Become a part: with signals as Python begins with, and gone when the parent is."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # forgets a Ctrl-C that was meant for the parent
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    if FORKS:
        option("prctl", PR_SET_NAME, f"huiyin-{name}".encode())
        end_with_parent(signal.SIGTERM)
    function(*arguments)


def _run(module: str) -> None:
    """Carry out the `main()` of a module; `sys.argv` is what would start it again by itself."""
    sys.argv = ["-m", module]
    import_module(module).main()


def _end(processes: list[BaseProcess]) -> None:
    """End processes together, politely."""
    for process in processes:
        if process.exitcode is None:
            process.terminate()
    _await_ends(processes)


def _await_ends(processes: list[BaseProcess]) -> None:
    """Wait until processes have ended; kill those that take too long."""
    deadline = time.monotonic() + STOP_AFTER_S
    for process in processes:
        # `join` knows no time for a process that has become another program, as the broker has.
        while process.exitcode is None and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY_S)
        if process.exitcode is None:
            process.kill()
            process.join()


def _told(status: int) -> str:
    return f"信号 {-status}" if status < 0 else f"状态 {status}"
