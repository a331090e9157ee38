"""Every sentence in Simplified Chinese, Traditional Chinese and English."""

from pathlib import Path

import pytest

from service import dmn
from service.domain.errors import DeploymentRefusedError
from service.domain.languages import ENGLISH, SIMPLIFIED, TRADITIONAL
from service.feel import FeelSyntaxError, compile_expression
from service.feel.traditional import SIGNS, WORDS
from service.feel.wording import Text, verbatim
from tests.dmn.dmn_files import file
from tests.feel.trees import OFFICE

ROOMS = Path(__file__).parents[2] / "service"
SAME = frozenset(
    "上下不且中之了互他以任份但位何作依倒值允先其函分判到刻化匹反取受句另只可右合同向否含命和唯在型外多大天太失如始存它"
    "完定小少尾差己常平年序度引得性情意成或所才找把括指接改整斜方日是更替月有期未束析果根次步段每比求法深理由略相知秒空"
    "突立端策服客金素缺置署而能自至舍要言起超足路逐逗道部都配重限除需"
)
"""Signs that both write alike."""


_OF_OTHER_SIGNS = ("traditional.py", "suggestions.py")


def test_the_signs_of_all_sentences_are_known() -> None:
    """A new sentence with a sign that is in no list must be told how Traditional writes it."""
    sources = [*ROOMS.glob("feel/**/*.py"), *ROOMS.glob("dmn/**/*.py")]
    texts = [one.read_text() for one in sources if one.name not in _OF_OTHER_SIGNS]
    used = {sign for sign in set("".join(texts)) if "\u4e00" <= sign <= "\u9fff"}
    known = set("".join(WORDS)) | set(SIGNS) | SAME

    assert used - known == set()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('"文件" + 1', "運算「+」不適用於文字和數字"),
        ("文件 > 1", "找不到變數「文件」"),
        ("[1, 2][文件夹]", "找不到變數「文件夹」"),
        ('assert(1, false, "文件没有")', "文件没有"),
        ('matches("a", "文件(")', "正規表示式第 4 個字元有誤：文件("),
        ("for i in 1..1000000000 return i", "計算量超過上限（100000 步）"),
    ],
)
def test_a_mistake_is_told_in_traditional_chinese(expression: str, expected: str) -> None:
    """In the words of Taiwan; what the reader wrote himself stays as he wrote it."""
    outcome = compile_expression(expression).evaluate({}, OFFICE)

    assert outcome.diagnostics[0].sentence.in_language(TRADITIONAL).startswith(expected)


def test_rows_columns_and_lines_have_their_words() -> None:
    """A row is 列 and a column 欄 in Taiwan, but a line of a text is 行."""
    cell = Text("第 3 行“金额”列：比较了数字和文本", "")

    with pytest.raises(FeelSyntaxError) as refused:
        compile_expression("1 +")

    assert cell.in_language(TRADITIONAL) == "第 3 列「金额」欄：比較了數字和文字"
    assert refused.value.sentence.in_language(TRADITIONAL).startswith("第 1 行第 4 欄：應為運算式")


def test_a_fact_without_quotation_marks_is_marked() -> None:
    """The marks are seen by nobody, and survive being put into another sentence."""
    inner = Text(f"{verbatim('类别')} 为空", "type is missing")
    whole = Text(f"{inner} 没有规则", f"{inner:en}: there is no rule")

    assert whole.in_language(SIMPLIFIED) == str(whole) == "类别 为空 没有规则"
    assert whole.in_language(TRADITIONAL) == "类别 為空 沒有規則"
    assert whole.in_language(ENGLISH) == "type is missing: there is no rule"


def test_what_refuses_a_decision_file_is_told_in_three_languages() -> None:
    """Each finding of the reader carries all of them."""
    broken = [
        '<decision id="a" name="a"><decisionTable hitPolicy="BEST"><output/></decisionTable></decision>',
        '<decision id="b" name="b"><decisionTable aggregation="SUM"><output/></decisionTable></decision>',
        '<decision id="c" name="c"><decisionTable/></decision>',
        '<decision id="d" name="d"><decisionTable><input/><output/><rule/></decisionTable></decision>',
        '<decision id="e" name="e"><informationRequirement><requiredDecision href="#x"/>'
        "</informationRequirement><literalExpression><text>1 +</text></literalExpression></decision>",
        '<decision id="e" name="e"><literalExpression expressionLanguage="juel"/></decision>',
    ]

    with pytest.raises(DeploymentRefusedError) as refused:
        dmn.parse(file(*broken))

    findings = refused.value.findings
    assert len(findings) >= 8
    assert all(found.message and found.english and found.traditional for found in findings)
    assert "第 1 行第 4 欄：應為運算式" in next(
        found.traditional for found in findings if found.rule == "feel_syntax"
    )
