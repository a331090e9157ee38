"""What stops an element, or refuses a file, is told in Simplified and Traditional Chinese and English."""

import ast
from pathlib import Path

import pytest

from service.domain.errors import DeploymentRefusedError
from service.domain.languages import TRADITIONAL
from service.feel import Text
from service.feel.traditional import SIGNS, WORDS
from tests.engine import inline
from tests.engine.player import Player
from tests.feel.test_feel_languages import SAME
from tests.finding_texts import assert_told_in_every_language

SERVICE = Path(__file__).parents[2] / "service"
SPEAKING = (
    *SERVICE.glob("engine/**/*.py"),
    *SERVICE.glob("usecases/house_jobs/*.py"),
    *(
        SERVICE / f"usecases/execution/{name}.py"
        for name in ("execution", "house_job_runs", "registry", "world")
    ),
    *SERVICE.glob("bpmn/**/*.py"),
    *(
        SERVICE / f"forms/{name}.py"
        for name in ("attributes", "components", "mistakes", "reading", "remarks")
    ),
    *(SERVICE / f"usecases/{name}.py" for name in ("deployment_check", "jobs", "other_files")),
)
ALIKE = SAME | frozenset(
    "也事人代件任休何例信候值停元再出前升受司合名器回在始嵌工已布待循念息截找抗捕提撤效文明普最本案止此步法"
    "活流消清源班用示立站等策署至行表被跟通重量隔集非其套入子程默收新移版那走面交什使保做六加勾包去又因固填容就建必恰"
    "手掉放既星智板楚模母永界留目直短穿若覆跳身送附保及地址安慢框片生致阻看"
)
"""Signs of these texts that both write alike, beside those of FEEL."""


def literals(path: Path) -> str:
    """Return the literals of a file, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documenting = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    told = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return "".join(
        node.value for node in told if isinstance(node.value, str) and id(node) not in documenting
    )


def test_the_signs_of_all_incidents_and_findings_are_known() -> None:
    """A new text with a sign that is in no list must be told how Traditional writes it."""
    used = {sign for path in SPEAKING for sign in literals(path) if "\u4e00" <= sign <= "\u9fff"}
    assert used - set("".join(WORDS)) - set(SIGNS) - ALIKE == set()


@pytest.mark.parametrize(
    ("diagram", "variables", "expected"),
    [
        (
            "user_task/everything",
            {"owner": "", "people": [], "due": "业务变量"},
            "截止時間：應為帶時區的日期時間（例如 2026-11-24T09:00:00+08:00），實際為 «业务变量»。",
        ),
        (
            "user_task/everything",
            {"owner": "", "people": 7},
            "候選人（=people）應得到文字清單，實際得到 數字 7。",
        ),
        ("multi_instance/cardinality", {"count": -1}, "多實例的次數不能小於 0，實際為 -1。"),
    ],
)
def test_an_incident_is_told_in_traditional_chinese(
    diagram: str, variables: dict[str, object], expected: str
) -> None:
    """In the words of Taiwan; what the diagram or a variable says stays as it is."""
    (incident,) = Player(diagram, variables).step.incidents
    assert isinstance(incident.text, Text)
    assert incident.text.in_language(TRADITIONAL).startswith(expected)
    assert "\ue000" not in incident.message + incident.text.traditional + incident.text.english


@pytest.mark.parametrize(
    ("key", "written"),
    [(True, "the boolean true"), ([1, None, "a"], 'the list [1, null, "a"]')],
)
def test_a_wrong_value_is_told_as_it_would_be_drawn(key: object, written: str) -> None:
    """The language of the diagram is FEEL: nobody who draws it knows Python's True and None."""
    (incident,) = Player("incident/correlation_key", {"key": key}).step.incidents
    assert isinstance(incident.text, Text)
    assert incident.text.english.endswith(f"but got {written}.")
    assert written.split(" ", 2)[2] in incident.message


def test_each_kind_of_timer_says_what_it_expected() -> None:
    """A moment, a duration or a cycle: whoever mends the value must know which."""
    incidents = Player("timer/wrong", {"text": "soon"}).step.incidents
    told = {i.element_id: i.text.english for i in incidents if isinstance(i.text, Text)}
    assert "Cannot read the timer: 'soon' is no date and time with a time zone" in told["moment"]
    assert "'soon' is no ISO 8601 duration" in told["length"]
    assert "'soon' is no repeating interval" in told["work"]


@pytest.mark.parametrize(
    ("lines", "english"),
    [
        (
            [inline.element("serviceTask", "idle")],
            "The element 'idle' (serviceTask) cannot be executed.",
        ),
        (
            [
                inline.element("task", "a"),
                inline.element("task", "b"),
                inline.element(
                    "sequenceFlow",
                    "f",
                    "<bpmn:conditionExpression>=1 +</bpmn:conditionExpression>",
                    sourceRef="a",
                    targetRef="b",
                ),
            ],
            "The FEEL '=1 +' of the condition 'f' is wrong: Line 1, column 4: expected an expression, but "
            "found the end of the expression.",
        ),
    ],
    ids=["idle", "no_feel"],
)
def test_what_the_engine_refuses_is_told_in_every_language(lines: list[str], english: str) -> None:
    """The last door behind the gate, which says much more."""
    with pytest.raises(DeploymentRefusedError) as refused:
        inline.process(*lines)
    (finding,) = refused.value.findings
    assert finding.english == english
    assert_told_in_every_language(finding)
