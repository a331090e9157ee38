"""A complaint about 120 boxes of notebooks whose binding comes open, from receipt to closing."""

import re
from email import message_from_bytes
from email.policy import default

import pytest
from playwright.sync_api import expect

from tests.browser import complaint
from tests.browser.conftest import SitDown
from tests.browser.desk import Desk
from tests.browser.moments import NEXT_WEEK, YESTERDAY
from tests.browser.running_house import RunningHouse

BATCH = "PZ-2026-1120"
QUANTITY = 4800
GOODS = f"退货：{complaint.CUSTOMER}"
"""How the inbox calls the returned goods."""
IMPROVEMENT = f"改进措施：{complaint.PROBLEM}"
"""How the inbox calls the improvement."""

pytestmark = pytest.mark.slow


@pytest.fixture
def sales(sit_down: SitDown) -> Desk:
    """Return the salesman who hears the complaint first."""
    return sit_down("zhangwei")


@pytest.fixture
def service(sit_down: SitDown) -> Desk:
    """Return customer service."""
    return sit_down("wangfang")


@pytest.fixture
def quality(sit_down: SitDown) -> Desk:
    """Return somebody of the quality department."""
    return sit_down("liuyang")


@pytest.fixture
def warehouse(sit_down: SitDown) -> Desk:
    """Return somebody of the warehouse."""
    return sit_down("pengfei")


@pytest.fixture
def finance(sit_down: SitDown) -> Desk:
    """Return somebody of the finance department."""
    return sit_down("luyan")


def test_120_boxes_go_from_receipt_to_closing(
    sit_down: SitDown,
    sales: Desk,
    service: Desk,
    quality: Desk,
    warehouse: Desk,
    finance: Desk,
    running_house: RunningHouse,
) -> None:
    """Every department does its part by hand: grade, freeze, return, payment, improvement, archive."""
    complaint.start(sales, BATCH)
    case_no = complaint.receive(sales, boxes=120, attachments={"附件": complaint.PHOTO})
    assert re.fullmatch(r"\d{8}-TEL-\d{3,}", case_no)

    complaint.gather_evidence(service, case_no)
    complaint.define(
        quality,
        case_no,
        {
            "原因类别": "原材料缺陷",
            "退/换货的建议": ["退货", "换货"],
            "可能存在批次性问题": "是",
            "需后续改进": True,
        },
    )
    expect_grade_one(service, case_no)
    expect_copy(sit_down("guotao"), case_no)

    sit_down("hanxue").do(
        "供应商处罚意见", case_no, {"对供应商进行处罚": "按质量协议扣款 500 元，限期整改。"}
    )
    compensate(service, warehouse, finance, case_no)
    freeze(quality, warehouse, finance, sit_down("yuanyuan"))
    take_goods_back(quality, warehouse)

    complaint.close(quality, case_no)
    improve(quality)
    expect_closed(quality, case_no)
    expect_mail(sit_down("admin"), running_house, case_no)


def expect_grade_one(desk: Desk, case_no: str) -> None:
    """Look at the grade of the case and why it is so."""
    desk.page.goto(f"/cases/{case_no}")
    expect(desk.page.locator(".hy-meta")).to_contain_text("1级")
    reason = desk.page.locator(".hy-panel", has_text="为什么定为「1级」")
    expect(reason).to_contain_text("120")
    expect(reason).to_contain_text("FB-D1-04")
    expect(reason).to_contain_text("FB-4.1-3")


def expect_copy(director: Desk, case_no: str) -> None:
    """Look for the letter and the case at somebody of the list of copies of grade 1."""
    director.page.goto("/notifications")
    expect(director.page.locator("main")).to_contain_text(f"顾客反馈受理单 {case_no}")
    director.page.goto("/tasks?tab=cc")
    expect(director.page.locator(".hy-tasks")).to_contain_text(complaint.CUSTOMER)


def compensate(service: Desk, warehouse: Desk, finance: Desk, case_no: str) -> None:
    """Exchange the goods and pay the freight; return, shipment and payment run beside each other."""
    service.take("与客户确认处理方式", case_no)
    expect(service.paper.field("退回数量")).to_have_count(0)
    service.hand_in(
        {
            "处理方式": ["换货", "退款/赔偿"],
            "联系客户时间": YESTERDAY,
            "退回数量": QUANTITY,
            "换货/补货数量": QUANTITY,
            "退款/赔偿金额": 500,
        },
    )
    warehouse.do("换货/补货发运", case_no, {"发运信息": "顺丰 SF1029384756"})
    finance.do(
        "资金确认与登记",
        case_no,
        {"资金类型": "赔偿", "金额（元）": 500, "财务意见": "同意支付", "支付时间": YESTERDAY},
    )
    service.do("注明处理结果", case_no, {"客户端处理结果": "已换货 120 箱，赔偿运费 500 元。"})
    complaint.confirm(service)


def freeze(quality: Desk, warehouse: Desk, finance: Desk, planning: Desk) -> None:
    """Freeze the stock of the batch, inspect it, release it, and note that in the complaint."""
    quality.take("查询产品库存、发货信息", BATCH)
    quality.paper.write_row("产品的库存信息", 0, {"库房": "成品库一号", "数量": 900})
    quality.hand_in({"库存产品需冻结": "是"})
    issued_to = ["计划运营部", "仓储物流部", "财务部"]
    quality.do_next(
        "填写库存产品冻结通知单",
        {
            "通知类型": "冻结",
            "冻结时间": YESTERDAY,
            "冻结原因": "书脊开胶，疑似批次性问题",
            "发放部门": issued_to,
        },
    )
    warehouse.take("通知库房并监控", BATCH)
    finance.take("系统标识“冻结”并签字确认", BATCH)
    planning.do("签收冻结通知", BATCH, {"签收": True})
    warehouse.paper.write_row("已通知库房", 0, {"库房": "成品库一号", "已隔离并标识": True})
    warehouse.hand_in({"库房管理监控记录": "已隔离 900 本并挂冻结标识。"})
    finance.hand_in({"系统产品状态": "冻结", "操作人员签字确认": True})

    quality.do("给出处置意见", BATCH, {"检验要求": "抽检", "处置意见": "抽检 50 本后再定。"})
    quality.do_next("抽样检验", {"抽样数量": 50, "不良数量": 0, "检验结果": "合格"})
    quality.do_next(
        "给出处置意见",
        {"检验要求": "不需检验", "质量隐患已排除": True, "处置意见": "库存合格，解冻。"},
    )
    quality.do_next(
        "填写产品解冻通知单",
        {
            "通知类型": "解冻",
            "产品解冻的时间": YESTERDAY,
            "后续如发生问题的处理方式": "逐件复检",
            "发放部门": issued_to,
        },
    )
    release(warehouse, finance, planning)
    quality.do(
        "在顾客反馈受理单中注明处理结果", BATCH, {"问题产品的处理结果": "库存抽检合格，已解冻。"}
    )


def release(warehouse: Desk, finance: Desk, planning: Desk) -> None:
    """Take the freeze back in all three places."""
    planning.do("签收解冻通知", BATCH, {"签收": True})
    warehouse.do(
        "通知库房解冻",
        BATCH,
        {"库房已全部解冻并去除标识": True, "库房管理监控记录": "标识已去除。"},
    )
    finance.do(
        "系统取消“冻结”标识并签字确认",
        BATCH,
        {"系统产品状态": "正常", "操作人员签字确认": True},
    )


def take_goods_back(quality: Desk, warehouse: Desk) -> None:
    """Count the returned goods, store them apart and send them to the supplier."""
    warehouse.do(
        "接收、清点并标识",
        GOODS,
        {"实收数量": QUANTITY, "标识编号": "BHG-0001", "已标识": True},
    )
    warehouse.do_next("入不合格品库", {"库位（不合格品库）": "不合格品库 A 区"})
    quality.do(
        "确认不合格并确定处置",
        GOODS,
        {"是否不合格品": "是", "供应商": "华新纸业", "供应商委托公司处理": "否"},
    )
    warehouse.do("退回供应商", GOODS, {"退回数量": QUANTITY, "物流信息": "德邦 DP556677"})
    warehouse.do_next("注明问题产品的处理结果", {"问题产品的处理结果": "4800 本已退回供应商。"})


def improve(quality: Desk) -> None:
    """Draft an improvement, carry it out and find it effective."""
    quality.do(
        "制定改进措施",
        IMPROVEMENT,
        {
            "根本原因": "来料热熔胶软化点不合格",
            "改进措施": "热熔胶来料增加软化点检验",
            "责任部门": "质量部",
            "责任人": "刘洋",
            "完成时间": NEXT_WEEK,
        },
    )
    quality.do_next("实施改进措施", {"实施结果": "检验规程已发布并培训。"})
    quality.do("效果验证", IMPROVEMENT, {"效果验证": "有效"})


def expect_closed(quality: Desk, case_no: str) -> None:
    """Look at what a closed case leaves behind: history, files, archive."""
    page = quality.page
    page.goto(f"/cases/{case_no}")
    expect(page.locator(".hy-meta")).to_contain_text("已关闭")
    page.get_by_role("tab", name=re.compile("^流转记录")).click()
    expect(page.locator("#case-history")).to_contain_text("顾客反馈关闭")
    page.get_by_role("tab", name=re.compile("^附件")).click()
    expect(page.locator("#case-files")).to_contain_text("open_binding.png")

    expect(page.locator("#case-files")).to_contain_text(re.compile(r"AR-\S+\.zip"))


def expect_mail(admin: Desk, house: RunningHouse, case_no: str) -> None:
    """Look at the mail that was sent to those who must know; the reception form travels with it."""
    admin.page.goto("/mails")
    admin.page.get_by_role("link", name=re.compile(f"顾客反馈受理单 {case_no}")).first.click()
    expect(admin.page.locator("main")).to_contain_text("已发送")

    mail_key = admin.page.url.rsplit("/", 1)[-1]
    [file] = (house.data / "mail").glob(f"*{mail_key}*.eml")
    mail = message_from_bytes(file.read_bytes(), policy=default)
    [attached] = mail.iter_attachments()
    assert (attached.get_filename() or "").startswith(f"{case_no}-")
    assert attached.get_content().startswith(b"%PDF")
