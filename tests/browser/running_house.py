"""The whole house as `huiyin run` starts it: web server, worker, beat and embedded broker."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_S = 120
ENDS_WITHIN_S = 40


class RunningHouse:
    """A house with data, port and demo organisation of its own; `stop` is Ctrl-C."""

    def __init__(self, data: Path) -> None:
        """Start it and wait until database, broker and worker are there."""
        self.data = data
        self._port = _free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._console = data.with_name("console.txt")
        with self._console.open("wb") as console:
            self._process = subprocess.Popen(
                [Path(sys.executable).with_name("huiyin"), "run"],
                cwd=ROOT,
                env=self._environment(),
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._await_readiness()

    @property
    def console(self) -> str:
        """Everything the house has written so far."""
        return self._console.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> int:
        """Press Ctrl-C and return the exit status."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        return self._process.wait(ENDS_WITHIN_S)

    def _environment(self) -> dict[str, str]:
        """Return this environment without other settings of a house."""
        kept = {key: text for key, text in os.environ.items() if not key.startswith("HUIYIN_")}
        return kept | {
            "HUIYIN_DATA": str(self.data),
            "HUIYIN_PORT": str(self._port),
            "HUIYIN_DEMO": "1",
            "HUIYIN_UPLOAD_BYTES": str(1024 * 1024),
            "PYTHONPATH": str(ROOT),
        }

    def _await_readiness(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while not _answers(f"{self.url}/readyz"):
            if self._process.poll() is not None:
                raise AssertionError(f"The house ended while it started:\n{self.console}")
            if time.monotonic() > deadline:
                self.stop()
                raise AssertionError(f"The house did not get ready:\n{self.console}")
            time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError):
        return False
