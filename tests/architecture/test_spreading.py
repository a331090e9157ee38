"""How tests are spread over processes: a plugin that ignored it would only be slow, so it is held here."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.spreading import BROWSER, SECONDS, Spreading

ROOT = Path(__file__).resolve().parents[2]
FILES = SECONDS.keys() - {BROWSER}
LONG, LONGER = min(FILES, key=SECONDS.__getitem__), max(FILES, key=SECONDS.__getitem__)
COLLECTED = [
    "tests/a/test_few.py::test_one",
    f"{BROWSER}/test_a.py::test_one",
    "tests/a/test_many.py::test_one[a::b]",
    "tests/a/test_many.py::test_one[c]",
    "tests/a/test_many.py::test_two",
    f"{LONG}::test_one",
    f"{BROWSER}/test_b.py::test_one",
    f"{BROWSER}/test_b.py::test_two",
    f"{LONGER}::test_one",
    f"{LONGER}::test_two",
    f"{LONGER}::test_three",
]


@dataclass(eq=False)
class Process:
    """A test process that notes what it is told to run."""

    told: list[list[str]] = field(default_factory=list)
    shutting_down: bool = False
    gateway: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(id="one"))

    def send_runtest_some(self, indices: list[int]) -> None:
        """Take a unit."""
        self.told.append([COLLECTED[index] for index in indices])

    def shutdown(self) -> None:
        """Take nothing more."""
        self.shutting_down = True


@pytest.fixture
def processes() -> tuple[Process, Process]:
    """Return two processes that have been given their first tests."""
    config = SimpleNamespace(
        getvalue=lambda _name: ["popen", "popen"],
        option=SimpleNamespace(loadscopereorder=True),
        hook=None,
    )
    pair = (Process(), Process())
    scheduler = Spreading(config, None)
    for process in pair:
        scheduler.add_node(process)
    for process in pair:
        scheduler.add_node_collection(process, COLLECTED)
    scheduler.schedule()
    return pair


def test_the_browser_is_one_unit_and_the_longest_begin(processes: tuple[Process, Process]) -> None:
    """The tests of all its files go to one process, the longest of the others to the other one."""
    first, second = processes
    assert first.told == [[test for test in COLLECTED if test.startswith(BROWSER)]]
    assert second.told == [[test for test in COLLECTED if test.startswith(LONGER)]]


def test_what_is_said_to_take_long_is_there() -> None:
    """A file that was renamed would lose its place at the front."""
    assert [unit for unit in SECONDS if not (ROOT / unit).exists()] == []
