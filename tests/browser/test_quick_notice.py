"""A notice for quick handling, countersigned by three, and the next complaint of its batch."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import complaint
from tests.browser.conftest import SitDown
from tests.browser.desk import Desk
from tests.browser.moments import YESTERDAY

BATCH = "PZ-2026-0555"
CUSTOMER = "启明办公用品商行"
NOTICE = "顾客投诉快速处理通知单"

pytestmark = pytest.mark.slow


def test_a_complaint_of_a_noticed_batch_goes_the_quick_way(sit_down: SitDown) -> None:
    """Signed and filed by three departments, the notice spares the customer the long procedure."""
    signers = [sit_down(name) for name in ("hanxue", "yeqing", "luyan")]
    draft(sit_down("liuyang"))
    for signer in signers:
        signer.do("会签", f"快速处理通知单：{complaint.PRODUCT}", {"意见": "同意"})
    for signer in signers:
        signer.do("备案签收", BATCH, {"备案签收": True})

    service = sit_down("wangfang")
    sit_down("yangfan").find("撤回通知单（如需）", BATCH, "claimable")
    complaint.start(service, BATCH, CUSTOMER)
    service.do_next("快速登记", {"与通知单问题一致": "是"})
    service.do_next(
        "按通知单处理", {"处理结果": "已向客户解释并补发一箱。", "是否涉及退换货或款项": "否"}
    )
    service.do_next(
        "客户确认",
        {"客户对问题解决的满意度": "满意", "确认方式": "电话", "确认时间": YESTERDAY},
    )

    service.page.goto(f"/cases?q={CUSTOMER}")
    service.page.get_by_role("link", name=re.compile(r"^\d{8}-TEL-\d+$")).click()
    expect(service.page.locator(".hy-meta")).to_contain_text("已关闭")
    service.page.get_by_role("tab", name="表单").click()
    expect(service.page.locator("#case-forms")).not_to_contain_text("客户反馈信息接收")


def draft(quality: Desk) -> None:
    """Draft the notice."""
    quality.start(NOTICE, {})
    quality.claim()
    quality.paper.fill({"产品名称": complaint.PRODUCT})
    quality.paper.write_row("问题产品的批次", 0, {"批次号": BATCH})
    quality.hand_in(
        {
            "问题类别": complaint.PROBLEM,
            "质量问题描述": "书脊热熔胶不足，低温开胶。",
            "处理方式": "补发同等数量，原货不退。",
            "解决方式": ["补货", "解释说明"],
            "费用的承担部门": "供应链",
            "不召回的依据": "不影响使用安全。",
        }
    )
