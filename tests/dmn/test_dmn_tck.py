"""The DMN Technology Compatibility Kit, where it lies beside the repository."""

import json
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TCK = HERE.parents[2] / "shared" / "dmn-tck"
LEAST = {"compliance-level-2": 116, "compliance-level-3": 3275}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not TCK.is_dir(), reason="the DMN TCK is not there (../shared/dmn-tck)"),
]


def known_failures() -> set[tuple[str, str]]:
    """Return folder and case of what is known to fail."""
    entries = json.loads((HERE / "tck_known_failures.json").read_text("utf-8"))
    return {(entry["folder"], case) for entry in entries for case in entry["cases"]}


@pytest.mark.parametrize("level", LEAST)
def test_the_tck_passes_but_for_the_known_failures(
    level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case that fails anew is an error, and so is a known failure that passes."""
    monkeypatch.setattr(sys, "path", [str(TCK / "runner"), str(HERE), *sys.path])
    from tckkit import runner, suite

    files = list(suite.find_test_files(TCK, [level]))
    outcomes = runner.run(files, "tck_adapter:evaluate", timeout=10, jobs=1)

    cases = {(one.level, one.folder, one.file, one.case) for one in outcomes}
    failed = {(one.level, one.folder, one.file, one.case) for one in outcomes if not one.passed}
    expected = known_failures() if level == "compliance-level-3" else set()
    assert {(folder, case) for _, folder, _, case in failed} == expected
    assert len(cases) - len(failed) == LEAST[level]
