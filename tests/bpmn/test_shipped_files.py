"""The procedures of this house pass their own gate."""

from pathlib import Path

import pytest
from lxml import etree

from service import engine
from service.bpmn import Known, check, parse

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "processes").glob("*/*.bpmn"))
HOUSE_JOBS = (
    "notify publish-message count-same-problems find-history find-notice put-notice-in-force"
    " end-notice set-batch-status next-number case-result archive"
)


def known() -> Known:
    """Return what is deployed together at start: all processes, decisions and forms."""
    processes = frozenset(path.stem for path in FILES)
    decisions = frozenset(
        node.get("id")
        for path in (ROOT / "processes").glob("*/*.dmn")
        for node in etree.parse(path).iter("{*}decision")
    )
    forms = frozenset(path.stem for path in (ROOT / "forms").glob("*/*.form"))
    jobs = frozenset(f"huiyin:{name}" for name in HOUSE_JOBS.split())
    return Known(processes, decisions, forms, processes, decisions, forms, house_jobs=jobs)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_process_passes_the_gate_and_compiles(path: Path) -> None:
    """Not even a remark, and the engine runs every element of it."""
    file = parse(path.read_bytes(), path.name)

    assert check(file, known()) == ()
    for process in file.processes:
        assert engine.compile_process(path.read_bytes(), process.id).model.id == path.stem
