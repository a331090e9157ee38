"""The eight ways in which a hostile diagram ran Python in stock SpiffWorkflow stay shut."""

import subprocess
import sys
from html import escape
from pathlib import Path

import pytest

from service import engine
from service.bpmn import Known, check, parse
from service.domain.errors import DeploymentRefusedError
from tests.engine.player import NOON, answer

VECTORS = sorted((Path(__file__).parent / "python_vectors").glob("*.bpmn"))
CODE = '__import__("sys").modules.setdefault("huiyin_was_broken_into", 1)'


def hostile(path: Path, code: str) -> bytes:
    """Return the diagram with the code in it."""
    text = path.read_text()
    assert "CODE" in text
    return text.replace("CODE", escape(code)).encode()


def test_there_are_eight_vectors() -> None:
    """docs: each of them ran Python in the stock library."""
    assert len(VECTORS) == 8


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_the_gate_refuses_python(path: Path) -> None:
    """With an error at the element."""
    findings = check(parse(hostile(path, CODE)), Known())

    assert [finding for finding in findings if finding.severity == "error"]
    assert "huiyin_was_broken_into" not in sys.modules


@pytest.mark.parametrize("code", [CODE, f"={CODE}"], ids=["plain", "as_feel"])
@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_python_does_not_run_even_behind_the_gate(path: Path, code: str) -> None:
    """Were such a file stored already, it is refused when compiled, stops as an incident, or waits."""
    keys = iter(range(100, 200))
    try:
        process = engine.compile_process(hostile(path, code), "process")
    except DeploymentRefusedError:
        assert "huiyin_was_broken_into" not in sys.modules
        return
    surroundings = engine.Surroundings(
        now=NOON,
        new_key=lambda: next(keys),
        decide=answer(None),
        find_process=lambda binding: None,
        find_form=lambda binding: None,
    )
    step = engine.start(process, key=1, variables={}, surroundings=surroundings)

    assert step.incidents or step.ended is None
    assert "huiyin_was_broken_into" not in sys.modules


@pytest.mark.slow
def test_the_python_evaluators_of_spiff_are_not_even_loaded() -> None:
    """The engine needs only Spiff's core; its BPMN layer and script engines stay on the disk."""
    program = (
        "import sys, service.engine;"
        "print([name for name in sys.modules if name.startswith('SpiffWorkflow.')"
        " and ('bpmn' in name or 'script' in name or 'dmn' in name)])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert result.stdout.strip() == "[]"
