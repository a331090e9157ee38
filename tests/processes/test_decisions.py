"""The shipped decision tables by case tables: what fires, and what it answers (XC-DM-1 to XC-DM-5)."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from service import dmn, feel
from service.sla import SHANGHAI
from tests.fakes import NOW

ROOT = Path(__file__).resolve().parents[2] / "processes"
MILD = ("一般抱怨", "普通客户", 1, 9, 999, "一般缺陷")


@cache
def read(path: str) -> dmn.Definitions:
    """Return a shipped table, compiled."""
    file = ROOT / path
    return dmn.parse(file.read_bytes(), file.name)


def fired(path: str, **inputs: Any) -> tuple[str, Any]:
    """Return the row id that fired and the answer, as JSON."""
    around = feel.Surroundings(NOW, SHANGHAI)
    given = {name: feel.from_json(value) for name, value in inputs.items()}
    outcome = dmn.evaluate(read(path), Path(path).stem, given, around)
    assert outcome.failure is None
    [rule] = outcome.evaluated[-1].matched_rules
    return rule.description, feel.to_json(outcome.value)


def by_row(table: list[tuple[Any, ...]], position: int) -> list[Any]:
    """Return a case table whose cases are called by the row that fires."""
    return [pytest.param(*case, id=case[position]) for case in table]


GRADES = [
    (MILD, "FB-D1-13", 3),
    (("严重不满", *MILD[1:]), "FB-D1-01", 1),
    (("一般抱怨", "关键客户", *MILD[2:]), "FB-D1-02", 1),
    ((*MILD[:2], 3, *MILD[3:]), "FB-D1-03", 1),
    ((*MILD[:3], 100, *MILD[4:]), "FB-D1-04", 1),
    ((*MILD[:4], 10000, "一般缺陷"), "FB-D1-05", 1),
    ((*MILD[:5], "致命缺陷"), "FB-D1-06", 1),
    (("较严重的不满", *MILD[1:]), "FB-D1-07", 2),
    (("一般抱怨", "重要客户", *MILD[2:]), "FB-D1-08", 2),
    ((*MILD[:2], 2, *MILD[3:]), "FB-D1-09", 2),
    ((*MILD[:3], 10, *MILD[4:]), "FB-D1-10", 2),
    ((*MILD[:3], 99, *MILD[4:]), "FB-D1-10", 2),
    ((*MILD[:4], 1000, "一般缺陷"), "FB-D1-11", 2),
    ((*MILD[:4], 9999.99, "一般缺陷"), "FB-D1-11", 2),
    ((*MILD[:5], "严重缺陷"), "FB-D1-12", 2),
    (("一般抱怨", "重要客户", 1, 9, 999, "致命缺陷"), "FB-D1-06", 1),
    (("", "", 0, 0, 0, ""), "FB-D1-13", 3),
]


@pytest.mark.parametrize(("given", "row", "level"), by_row(GRADES, 1))
def test_severity_grade(given: tuple[Any, ...], row: str, level: int) -> None:
    """FB-D1, FB-4.1-3, XC-DM-4: one condition is enough, the highest grade wins, 10/100/1000/10000 upwards."""
    names = (
        "dissatisfaction",
        "customer_class",
        "same_problem_count",
        "boxes",
        "amount",
        "defect_class",
    )
    answer = {"severity_level": level, "severity_label": f"{level}级"}
    inputs = dict(zip(names, given, strict=True))
    assert fired("customer_feedback/severity_grade.dmn", **inputs) == (row, answer)


RECIPIENTS = [
    (
        1,
        "FB-D2-01",
        "公司总经理会成员 相关区域总监 相关事业部总监 生产中心总监 供应链总监 相关部门经理 质量部经理 "
        "顾客反馈处理协调人",
    ),
    (
        2,
        "FB-D2-02",
        "区域总监 事业部总监 供应链总监 相关部门经理 质量部经理 顾客反馈处理协调人",
    ),
    (3, "FB-D2-03", "供应链总监 质量部经理 相关部门经理 质量部顾客反馈处理协调人"),
    (0, "FB-D2-04", "质量部顾客反馈处理协调人"),
]


@pytest.mark.parametrize(("level", "row", "roles"), by_row(RECIPIENTS, 1))
def test_severity_recipients(level: int, row: str, roles: str) -> None:
    """FB-D2, FB-4.1-4, FB-X-1: each grade has its own list of people."""
    found, answer = fired("customer_feedback/severity_recipients.dmn", severity_level=level)
    assert (found, answer["cc_roles"]) == (row, roles.split())
    assert len(answer["cc_groups"]) == len(answer["cc_roles"])


EVIDENCE = {
    "图文内容 打孔位置 装订类产品开胶 裁切问题 包装破损": ("FB-D3-01", "拍摄相片或扫描传真"),
    "产品材质 颜色 尺寸 撕裂线 污痕 印刷质量": ("FB-D3-02", "寄送样品"),
    "服务质量": ("FB-D3-03", "书面说明"),
    "其他": ("FB-D3-04", "拍摄相片或扫描传真"),
}


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        pytest.param(problem, answer, id=answer[0])
        for problems, answer in EVIDENCE.items()
        for problem in problems.split()
    ],
)
def test_required_evidence(problem: str, expected: tuple[str, str]) -> None:
    """FB-D3, FB-4.5-4, FB-4.5-5, XC-DM-3: a photo where it shows the problem, else a sample."""
    assert fired("customer_feedback/required_evidence.dmn", problem_type=problem) == expected


COSTS = [
    ("无效反馈", "", "FB-D4-01", "业务部门（事业部）", False, False),
    ("无效反馈", "设计缺陷", "FB-D4-01", "业务部门（事业部）", False, False),
    ("有效反馈", "设计缺陷", "FB-D4-02", "设计部", False, False),
    ("有效反馈", "样品缺陷", "FB-D4-03", "质量部", False, False),
    ("有效反馈", "供应商工艺缺陷", "FB-D4-04", "质量部", False, False),
    ("有效反馈", "原材料缺陷", "FB-D4-05", "供应链", False, True),
    ("有效反馈", "供应商加工过程缺陷", "FB-D4-06", "供应链", False, True),
    ("有效反馈", "仓储过程缺陷", "FB-D4-07", "仓储物流部", False, True),
    ("有效反馈", "交付过程缺陷", "FB-D4-08", "仓储物流部", False, True),
    ("有效反馈", "管理或执行问题", "FB-D4-09", "生产部", False, False),
    ("有效反馈", "原因不详", "FB-D4-10", "专项预算", True, False),
    ("有效反馈", "", "FB-D4-11", "生产部", False, False),
]


@pytest.mark.parametrize(
    ("valid", "cause", "row", "dept", "is_special", "may_penalise"), by_row(COSTS, 2)
)
def test_cost_bearer(
    valid: str, cause: str, row: str, dept: str, is_special: bool, may_penalise: bool
) -> None:
    """FB-D4: the cause decides who bears the cost.

    Source: FB-4.5-10, FB-4.5-11, FB-4.5-12, FB-4.5-13, FB-4.5-14, FB-4.5-15, FB-4.5-16, FB-4.5-17,
    FB-4.5-18.
    """
    found, answer = fired(
        "customer_feedback/cost_bearer.dmn",
        feedback_valid=valid,
        cause_category=cause,
        responsible_dept="生产部",
    )
    assert (found, answer["cost_dept"]) == (row, dept)
    assert answer["special_item"] is is_special
    assert answer["supplier_penalty_allowed"] is may_penalise


@pytest.mark.parametrize(
    ("in_force", "matches", "row", "is_applicable"),
    [
        (True, True, "BQ-D1-01", True),
        (True, False, "BQ-D1-02", False),
        (False, True, "BQ-D1-02", False),
        (False, False, "BQ-D1-02", False),
    ],
)
def test_quick_applicability(in_force: bool, matches: bool, row: str, is_applicable: bool) -> None:
    """BQ-D1, BQ-4.9-5: a notice in force and the same problem, both."""
    inputs = {"notice_in_force": in_force, "problem_matches": matches}
    assert fired("batch_quick_case/quick_applicability.dmn", **inputs) == (row, is_applicable)


ROUTES = [
    (True, True, False, "抽检", "PF-D1-01", "批量销毁"),
    (False, True, False, "", "PF-D1-01", "批量销毁"),
    (True, False, True, "不需检验", "PF-D1-02", "解冻"),
    (True, False, False, "抽检", "PF-D1-03", "抽检"),
    (True, False, False, "供应商全检", "PF-D1-04", "供应商全检"),
    (False, False, False, "不需检验", "PF-D1-05", "无需处置"),
    (False, False, True, "不需检验", "PF-D1-05", "无需处置"),
    (True, False, False, "不需检验", "PF-D1-06", "重新确认处置"),
]


@pytest.mark.parametrize(("frozen", "severe", "removed", "need", "row", "route"), by_row(ROUTES, 4))
def test_disposal_route(
    frozen: bool, severe: bool, removed: bool, need: str, row: str, route: str
) -> None:
    """PF-D1 with its errata: nothing frozen never leads to endless sampling.

    Source: PF-4.8-2, PF-4.8-6, PF-4.8-7, PF-4.8-8, PF-4.8-9, PF-4.8-10.
    """
    inputs = {
        "frozen": frozen,
        "severe_confirmed": severe,
        "hazard_removed": removed,
        "inspection_need": need,
    }
    assert fired("product_freeze/disposal_route.dmn", **inputs) == (row, route)


ACTIONS = [
    (True, True, "不召回", "PF-D2-01", "快速处理"),
    (True, False, "不召回", "PF-D2-01", "快速处理"),
    (True, True, "未定", "PF-D2-02", "召回"),
    (True, True, "召回", "PF-D2-02", "召回"),
    (True, False, "召回", "PF-D2-03", "召回"),
    (True, False, "未定", "PF-D2-05", "无"),
    (False, True, "召回", "PF-D2-05", "无"),
    (False, False, "未定", "PF-D2-05", "无"),
]


@pytest.mark.parametrize(("confirmed", "affects", "decision", "row", "action"), by_row(ACTIONS, 3))
def test_market_action(
    confirmed: bool, affects: bool, decision: str, row: str, action: str
) -> None:
    """PF-D2 with its errata: a notice only when not to recall is decided (PF-4.8-11, PF-4.9-1)."""
    inputs = {
        "batch_confirmed": confirmed,
        "affects_user": affects,
        "recall_decision": decision,
    }
    assert fired("product_freeze/market_action.dmn", **inputs) == (row, action)
