"""Whatever is found in a diagram is said in Simplified Chinese, Traditional Chinese and English."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.bpmn import check, parse
from service.feel import Text
from tests.bpmn.test_rules import KNOWN

ROOM = Path(__file__).parents[2] / "service" / "bpmn"
REFUSED = sorted((Path(__file__).parent / "refused").glob("*.bpmn"))
CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def texts(path: Path) -> Iterator[tuple[int, str, str]]:
    """Give the literal Chinese and English of each `Text` that a module writes, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text":
            chinese, english = map(literal, node.args)
            yield node.lineno, chinese, english


def literal(node: ast.expr) -> str:
    """Return what an expression says itself; a fact in it is a dot."""
    if isinstance(node, ast.JoinedStr):
        return "".join(map(literal, node.values))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "."


def test_english_stands_beside_all_chinese() -> None:
    """Also where no test meets the sentence."""
    found = [
        (f"{path.name}:{line}", english)
        for path in sorted(ROOM.rglob("*.py"))
        for line, chinese, english in texts(path)
        if CHINESE.search(english) or (CHINESE.search(chinese) and not english)
    ]
    assert found == []


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_a_refused_diagram_is_told_why_in_every_language(path: Path) -> None:
    """As whoever deploys it reads it."""
    for finding in check(parse(path.read_bytes(), path.name), KNOWN):
        assert CHINESE.search(finding.message)
        assert CHINESE.search(finding.traditional)
        assert re.fullmatch(r"['A-Za-z].*\.", finding.english)
        assert not CHINESE.search(finding.english)


def test_words_of_diagrams_are_those_of_taiwan() -> None:
    """Not each sign by itself; and what can be executed has no rows."""
    told = Text("可执行的流程，默认出线，用户任务，AI 智能体，并行并合并", "")
    assert told.traditional == "可執行的流程，預設出線，使用者任務，AI 代理程式，並行並合併"
