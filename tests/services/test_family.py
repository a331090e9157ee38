"""The parts of a house: replaced when they die, ended together, given up where they cannot start."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

pytestmark = [pytest.mark.services, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]

PARENT = """
import signal, sys
from service.running import family as families

families.FORKS = {forks}

def ask_to_stop(_signal, _frame):
    family.is_stopping = True

def slow():
    import time
    print("asked", flush=True)
    time.sleep(0.3)
    print("done", flush=True)

family = families.Family(tell=lambda text: print(text, flush=True))
if __name__ == "__main__":
    for number in families.STOPPING:
        signal.signal(number, ask_to_stop)
    {body}
    family.stop()
    print("over", flush=True)
"""

PART = """
import os, time

def main():
    print(os.getpid(), flush=True)
    {body}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder for the program that a test makes."""
    return tmp_path


def begin(
    folder: Path, body: str, part: str = "time.sleep(60)", forks: bool = True
) -> subprocess.Popen[str]:
    """Start a parent that does what is told, with a module `part` to start."""
    (folder / "part.py").write_text(PART.format(body=part))
    (folder / "parent.py").write_text(PARENT.format(body=body, forks=forks))
    return subprocess.Popen(
        [sys.executable, folder / "parent.py"],
        env={"PYTHONPATH": f"{ROOT}:{folder}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def line_of(parent: subprocess.Popen[str]) -> str:
    """Return what the parent or a part says next."""
    assert parent.stdout is not None
    return parent.stdout.readline().strip()


def rest_of(parent: subprocess.Popen[str]) -> list[str]:
    """Return what is said until the parent ends, which it does well."""
    said, _ = parent.communicate(timeout=30)
    assert parent.returncode == 0, said
    return said.splitlines()


@pytest.mark.parametrize("forks", [True, False], ids=["fork", "spawn"])
def test_a_part_that_is_killed_is_replaced_until_all_end(folder: Path, forks: bool) -> None:
    """It is told, another takes its place, and Ctrl-C ends that one as well."""
    parent = begin(folder, 'family.start("web", "part"); family.keep()', forks=forks)

    first = int(line_of(parent))
    os.kill(first, signal.SIGKILL)
    told, second = line_of(parent), int(line_of(parent))
    parent.send_signal(signal.SIGINT)

    assert rest_of(parent) == ["over"]
    assert told == "“web”意外退出（信号 9），正在重新启动。"
    assert not {first, second} & set(psutil.pids())


def test_a_part_that_cannot_start_is_given_up(folder: Path) -> None:
    """Three times it is tried; then there is nothing to wait for."""
    body = 'family.start("web", "part"); print(family.keep())'
    parent = begin(folder, body, part="raise SystemExit(3)")

    said = rest_of(parent)

    assert said[-3:] == ["“web”无法重新启动，正在结束其余部分。", "False", "over"]
    assert sum("“web”意外退出（状态 3）" in line for line in said) == 3


def test_whoever_is_asked_something_may_end_it(folder: Path) -> None:
    """Ctrl-C while the data is prepared waits for that."""
    parent = begin(folder, 'print(family.ask("prepare", slow))')
    assert line_of(parent) == "asked"
    parent.send_signal(signal.SIGINT)

    assert rest_of(parent) == ["done", "True", "over"]


def test_what_is_asked_and_breaks_is_told(folder: Path) -> None:
    """With its trace, for whoever has to mend it."""
    said = rest_of(begin(folder, 'print(family.ask("prepare", int, "no number"))'))

    assert said[-2:] == ["False", "over"]
    assert any("invalid literal" in line for line in said)
