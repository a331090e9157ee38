"""A complaint whose cause stays unknown: its costs are a special budget that departments countersign."""

import pytest
from playwright.sync_api import expect

from tests.browser import complaint
from tests.browser.conftest import SitDown
from tests.browser.desk import Desk
from tests.browser.paper import Values

BATCH = "PZ-2026-0777"
CUSTOMER = "新华文具连锁有限公司"

pytestmark = pytest.mark.slow


def test_finance_refuses_a_special_budget_once(sit_down: SitDown) -> None:
    """One refusal takes the budget back to its drafter; agreed by all, the complaint goes on."""
    service, quality, finance = (sit_down(name) for name in ("wangfang", "liuyang", "luyan"))
    complaint.start(service, BATCH, CUSTOMER)
    case_no = complaint.receive(service, boxes=8)
    complaint.gather_evidence(service, case_no)
    complaint.define(
        quality,
        case_no,
        {"原因类别": "原因不详", "退/换货的建议": ["换货"], "可能存在批次性问题": "否"},
    )

    draft(quality, case_no, "批次样品未见异常，无法判定原因。")
    sign(finance, case_no, {"意见": "不同意", "意见说明": "请补充分摊依据。"})
    draft(quality, case_no, "批次样品未见异常，按近三年比例分摊。")
    for signer in (finance, sit_down("hanxue"), sit_down("yangfan")):
        sign(signer, case_no, {"意见": "同意"})

    service.find("与客户确认处理方式", case_no, "claimable")
    service.page.goto(f"/cases/{case_no}")
    expect(service.page.locator(".hy-meta")).to_contain_text("3级")
    service.page.get_by_role("tab", name="表单").click()
    filled = service.page.locator("#case-forms")
    expect(filled).to_contain_text("请补充分摊依据。")
    expect(filled.locator("h2").filter(has_text="专项预算制定")).to_have_count(2)


def draft(quality: Desk, case_no: str, reason: str) -> None:
    """Draft the budget; a second draft starts from the first."""
    quality.take("专项预算制定", case_no)
    quality.paper.fill({"原因不详说明": reason, "预算金额": 1000})
    quality.paper.write_row("预算明细", 0, {"项目": "换货 8 箱", "金额（元）": 1000})
    quality.paper.write_row("分担部门及比例", 0, {"部门": "供应链", "比例（%）": 60})
    quality.paper.write_row("分担部门及比例", 1, {"部门": "质量部", "比例（%）": 40})
    quality.submit()


def sign(desk: Desk, case_no: str, values: Values) -> None:
    """Sign for one's department."""
    desk.do("会签", case_no, values)
