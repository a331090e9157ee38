"""The parts of `huiyin run` are kept running, whoever kills them, and end together."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread

import psutil
import pytest

from service.broker import answers, folder_of
from service.family import Family
from tests.services import servers

pytestmark = [pytest.mark.services, pytest.mark.slow]

SLEEPS = ("-c", "import time; time.sleep(60)")
FAILS = ("-c", "raise SystemExit(1)")


@dataclass
class Told:
    """What a family has said; it is asked to stop once it has said something."""

    family: Family = field(init=False)
    lines: list[str] = field(default_factory=list)

    def __call__(self, line: str) -> None:
        """Note a line."""
        self.lines.append(line)
        self.family.is_stopping = self.family.parts[-1].arguments != FAILS


@pytest.fixture
def told() -> Iterator[Told]:
    """Give a family whose parts end with the test."""
    told = Told()
    told.family = Family(told)
    yield told
    told.family.stop()


def test_a_killed_part_is_started_again(told: Told) -> None:
    """The others go on meanwhile, and it is said in a line."""
    told.family.start("beat", *SLEEPS)
    told.family.start("worker", *SLEEPS)
    before = [part.process for part in told.family.parts]
    before[1].kill()

    assert told.family.keep()

    beat, worker = (part.process for part in told.family.parts)
    assert told.lines == ["“worker”意外退出（状态 -9），正在重新启动。"]
    assert beat is before[0]
    assert worker.pid != before[1].pid
    assert worker.poll() is None


def test_a_part_that_cannot_run_ends_the_house(told: Told) -> None:
    """It is tried again a few times, later each time; then whoever started the house is told."""
    told.family.start("worker", *FAILS)

    assert not told.family.keep()

    assert told.lines[-1] == "“worker”无法重新启动，正在结束其余部分。"
    assert len(told.lines) == 4


def test_a_killed_broker_is_there_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both when the server itself was killed and when the process that watches it was."""
    with servers.house() as parts:
        folder = folder_of(parts.settings)
        monkeypatch.setenv("HUIYIN_DATA", str(parts.settings.data))
        family = Family(print)
        family.start("broker", "-m", "service.broker")
        keeping = Thread(target=family.keep)
        keeping.start()
        try:
            for whom in (_server, _watcher):
                servers.until(lambda: answers(folder), "the broker answers")
                served, killed = _server(family), whom(family)
                killed.kill()
                servers.until(lambda served=served: not served.is_running(), "it has ended")  # type: ignore[misc]
            servers.until(lambda: answers(folder), "the broker answers")
        finally:
            family.is_stopping = True
            keeping.join()
            family.stop()
        assert not answers(folder)


def _watcher(family: Family) -> psutil.Process:
    return psutil.Process(family.parts[0].process.pid)


def _server(family: Family) -> psutil.Process:
    return _watcher(family).children()[0]
