"""Every rule of the deploy gate, on its own folder of files.

`valid*.bpmn` gives no finding of the rule; `invalid*.bpmn` gives exactly those for the elements that its
documentation names after "finds:"; `remark*.bpmn` likewise, of a rule that refuses other things, remarks.
"""

import re
from pathlib import Path

import pytest

from service.bpmn import Known, check, parse
from service.bpmn.gate import RULES

FOLDER = Path(__file__).parent
KNOWN = Known(
    process_ids=frozenset({"known_process"}),
    decision_ids=frozenset({"known_decision"}),
    deployment_form_ids=frozenset({"known_form"}),
    deployment_resource_ids=frozenset({"known.md"}),
    house_jobs=frozenset({"huiyin:notify"}),
    tags=frozenset({("decision", "known_decision", "v1")}),
)
WARNINGS = {"job_user_tasks", "leftovers", "multi_instance_calls", "reachability"}
HAN = re.compile("[\u4e00-\u9fff]")
"""A sign of Chinese."""


def files(pattern: str) -> list[Path]:
    """Return the test files of all rules."""
    return sorted(FOLDER.glob(f"*/{pattern}*.bpmn"))


def name(path: Path) -> str:
    """Return `<rule>/<file>`."""
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", files("valid"), ids=name)
def test_a_valid_file_is_found_fault_with_by_no_rule(path: Path) -> None:
    """The rule has nothing to say about it."""
    findings = check(parse(path.read_bytes()), KNOWN)

    assert [finding for finding in findings if finding.rule == path.parent.name] == []


@pytest.mark.parametrize("path", files("invalid") + files("remark"), ids=name)
def test_an_invalid_file_is_found_fault_with_at_each_place(path: Path) -> None:
    """The rule names exactly the elements at fault, in every language, with their line."""
    file = parse(path.read_bytes(), path.name)
    findings = [f for f in check(file, KNOWN) if f.rule == path.parent.name]

    expected = file.processes[0].documentation.removeprefix("finds:").split()
    assert sorted(f.element_id or "" for f in findings) == sorted(expected or [""])
    is_remark = path.parent.name in WARNINGS or path.stem.startswith("remark")
    severity = "warning" if is_remark else "error"
    for finding in findings:
        assert (finding.severity, finding.resource) == (severity, path.name)
        assert HAN.search(finding.message)
        assert HAN.search(finding.traditional)
        assert finding.english.endswith(".")
        assert not HAN.search(finding.english)
        assert finding.line or finding.element_id is None


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_is_tried(rule: str) -> None:
    """A rule has a file it passes and one it does not."""
    assert list((FOLDER / rule).glob("valid*.bpmn"))
    assert list((FOLDER / rule).glob("invalid*.bpmn"))
