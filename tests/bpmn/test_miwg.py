"""The files of the BPMN MIWG's suite: each runs or is refused with a true reason; none is too much.

The suite (github.com/bpmn-miwg/bpmn-miwg-test-suite) is not part of this repository: name the folder of a
clone in HUIYIN_MIWG to have its files read. Each vendor's exports are among them.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from service import engine
from service.bpmn import BpmnFile, Known, check, parse
from service.domain.errors import DeploymentRefusedError, Finding
from tests.engine.player import Player

FOLDER = os.environ.get("HUIYIN_MIWG", "")
WITHIN_S = 5.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER, reason="HUIYIN_MIWG names no folder with the MIWG's suite"),
]


def files() -> list[Path]:
    """Return the diagrams of the suite, the reference files and what each tool made of them."""
    return sorted(Path(FOLDER).rglob("*.bpmn")) if FOLDER else []


def findings(path: Path) -> tuple[BpmnFile | None, tuple[Finding, ...]]:
    """Return a file, if it can be read, and what is wrong with it; called things count as deployed."""
    try:
        file = parse(path.read_bytes(), path.name)
    except DeploymentRefusedError as refused:
        return None, tuple(refused.findings)
    return file, check(file, Known(process_ids=Anything(), decision_ids=Anything()))


class Anything(frozenset[str]):
    """A set that holds every name, joined with others too."""

    def __contains__(self, name: object) -> bool:
        return True

    def __or__(self, other: object) -> "Anything":
        return self


class Run(Player):
    """Runs a process from its none start event."""

    def __init__(self, xml: bytes, process_id: str) -> None:
        """Compile and start it."""
        self.drawn = engine.compile_process(xml, process_id)
        super().__init__("")

    def compiled(self, name: str) -> engine.CompiledProcess:
        """Return the one that runs."""
        return self.drawn


def errors(found: tuple[Finding, ...]) -> Iterator[Finding]:
    """Give what is refused."""
    return (finding for finding in found if finding.severity == "error")


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_runs_or_is_refused_with_a_reason(path: Path) -> None:
    """Every refusal names its rule and says what is so; what passes compiles and starts."""
    began = time.process_time()
    file, found = findings(path)
    refused = list(errors(found))

    assert all(finding.rule and finding.message for finding in refused)
    if file is not None and not refused:
        for process in file.processes:
            if process.is_executable and process.starts(None):
                assert Run(path.read_bytes(), process.id).step.ended in (None, "COMPLETED")
    assert time.process_time() - began < WITHIN_S
