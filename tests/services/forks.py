"""Parts of a house as forks of one process that has imported it, as `huiyin run` does (decision 0035).

A part that is started as a program imports the house anew: three seconds of a processor. That it can be is
held where it is the promise (`test_serving.py`, `tests/workers/test_delivery.py`); parts that are killed or
race with each other are the same programs from their first line on.
"""

import os
import runpy
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

LOADED = (
    "service.app",
    "service.running.serving",
    "workers.jobs",
    "celery.__main__",
    "celery.apps.worker",
    "celery.bin.celery",
    "celery.concurrency.prefork",
    "kombu.transport.redis",
)
"""What parts have in common; not `workers.app`, which reads the settings of its house when it is imported."""


class Fork:
    """A program that runs as a fork, in a session of its own; to be handled like `subprocess.Popen`."""

    def __init__(
        self, program: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path
    ) -> None:
        """Start `python -m PROGRAM`, which writes to a log."""
        receiver, sender = _context().Pipe(duplex=False)
        with receiver, sender:
            arguments = (sender, tuple(program), folder, dict(environment), log)
            self._process = _context().Process(target=_become, args=arguments)
            self._process.start()
            # Whoever kills the session at once must find it.
            receiver.recv()

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def poll(self) -> int | None:
        """Return how it has ended; None while it runs."""
        return self._process.exitcode

    def wait(self, seconds: float | None = None) -> int:
        """Return how it has ended, once it has.

        Raises:
            subprocess.TimeoutExpired: It has not in that time.
        """
        self._process.join(seconds)
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired(f"fork {self.pid}", seconds)
        return status

    def terminate(self) -> None:
        """Send SIGTERM."""
        self._process.terminate()

    def kill(self) -> None:
        """Send SIGKILL to this process alone."""
        self._process.kill()


@cache
def _context() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    return context


def _become(
    sender: Connection,
    program: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
) -> None:
    """Be that program, in this fork."""
    os.setsid()
    with sender:
        sender.send(None)
    with log.open("wb") as output:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(output.fileno(), stream.fileno())
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    module, *arguments = program
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
