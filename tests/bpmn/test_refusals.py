"""What is refused stands in docs/bpmn-coverage.md: the rules that refuse, and an example of each element."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.bpmn import check, parse
from tests.bpmn.test_rules import KNOWN

ROOT = Path(__file__).parents[2]
REFUSED = Path(__file__).parent / "refused"
TABLES = (ROOT / "docs" / "bpmn-coverage.md").read_text().partition("## Refused")[2]
REFUSING = {
    "service/bpmn": {"error", "errors", "_refused"},
    "service/engine": {"finding_of"},
    "service/xml": {"_refused"},
}
"""Calls that refuse a file, by room; the text among their arguments that is a name is the rule's."""


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, without its head."""
    table = TABLES.partition(f"### {heading}\n")[2].partition("\n#")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def rules_in(path: Path, refusing: set[str]) -> Iterator[str]:
    """Give the rules by which the code of a module refuses a diagram."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
        if name in refusing:
            yield from (t for t in texts if isinstance(t, str) and re.fullmatch("[a-z_]+", t))


def test_the_rules_that_refuse_are_those_of_the_table() -> None:
    """Each has a line that says what it refuses; no line is about a rule that is not there."""
    refusing = {
        rule
        for room, calls in REFUSING.items()
        for path in (ROOT / room).rglob("*.py")
        for rule in rules_in(path, calls)
    } - {"error"}

    named = [name for cells in rows("By rule") for name in re.findall(r"`(\w+)`", cells[0])]
    assert sorted(named) == sorted(refusing)


def test_every_refused_element_has_an_example() -> None:
    """And every example its line."""
    named = {name for cells in rows("Elements") for name in re.findall(r"`(\w+\.bpmn)`", cells[-1])}

    assert named == {path.name for path in REFUSED.glob("*.bpmn")}
    assert all(re.search(r"`\w+\.bpmn`", cells[-1]) for cells in rows("Elements"))


@pytest.mark.parametrize("path", sorted(REFUSED.glob("*.bpmn")), ids=lambda path: path.stem)
def test_an_example_is_refused_for_that_reason_alone(path: Path) -> None:
    """By the rule that its documentation names; nothing else is wrong with it."""
    file = parse(path.read_bytes(), path.name)
    errors = [f for f in check(file, KNOWN) if f.severity == "error"]

    assert {finding.rule for finding in errors} == {file.processes[0].documentation}


def test_an_event_without_a_type_is_told_what_to_choose() -> None:
    """As a modeler draws it at first: it is no unknown element, something was forgotten."""
    path = Path(__file__).parent / "allowed_elements" / "invalid_events.bpmn"
    found = {f.element_id: f for f in check(parse(path.read_bytes(), path.name), KNOWN)}
    assert "捕获事件 «bare» 没有选择类型" in found["bare"].message
    assert "边界事件 «bare_boundary» 没有选择类型" in found["bare_boundary"].message
    assert "换成消息、定时、信号、条件" in found["bare"].advice
