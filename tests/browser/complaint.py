"""The steps that every complaint about open bindings goes through, as staff carry them out."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.moments import HALF_AN_HOUR_AGO, NEXT_WEEK, YESTERDAY
from tests.browser.paper import Values

PROCESS = "顾客反馈处理程序"
PROBLEM = "装订类产品开胶"
CUSTOMER = "晨光文教用品有限公司"
PRODUCT = "A5 线装笔记本"
PHOTO = Path(__file__).with_name("open_binding.png")


def start(desk: Desk, batch: str, customer: str = CUSTOMER) -> None:
    """Tell the house of a complaint by telephone; the reception form opens."""
    desk.start(
        PROCESS,
        {
            "顾客名称": customer,
            "联系人": "赵丽",
            "联系电话": "13800138000",
            "联系邮箱": "zhaoli@chenguang.example",
            "反馈渠道": "电话/热线",
            "问题类别": PROBLEM,
            "批次号": batch,
            "问题简述": "笔记本装订处开胶，书芯与封面脱离",
        },
    )


def receive(desk: Desk, *, boxes: int, attachments: Values | None = None) -> str:
    """Fill in and hand in the reception form that has opened; return the number of the case."""
    desk.claim()
    case_no = desk.case_no
    fill_reception(desk, boxes=boxes)
    desk.hand_in(attachments or {})
    return case_no


def fill_reception(desk: Desk, *, boxes: int) -> None:
    """Fill in the reception form on the screen."""
    desk.paper.fill(
        {
            "接收时间": YESTERDAY,
            "接收部门": "销售部门",
            "客户类别": "普通客户",
            "所属区域": "华东",
            "所属事业部": "文具事业部",
            "反馈类型": "顾客抱怨",
            "产品名称": PRODUCT,
            "数量": boxes * 40,
            "涉及箱数": boxes,
            "涉及金额（元）": 860,
            "顾客对问题解决时间的要求": NEXT_WEEK,
            "产品/服务质量问题的描述": f"{boxes} 箱笔记本装订处开胶，书芯与封面脱离，客户要求换货。",
            "不满程度": "一般抱怨",
            "产品缺陷等级": "一般缺陷",
            "投诉事项已与顾客确认": True,
        }
    )


def gather_evidence(desk: Desk, case_no: str) -> None:
    """Check the history, ask for evidence and register what came; each next form opens by itself."""
    desk.do("历史反馈信息核对", case_no, {"是否已界定的质量/服务问题": "否"})
    desk.do_next(
        "整理信息并提请顾客提供证据", {"反馈信息整理": "整批开胶，请提供开胶部位和箱唛的相片。"}
    )
    desk.do_next("登记顾客证据", {"证据收到时间": HALF_AN_HOUR_AGO, "相片/扫描件/传真件": PHOTO})


def define(desk: Desk, case_no: str, values: Values) -> None:
    """Define the problem as the company's own."""
    desk.take("质量部问题界定", case_no)
    expect(desk.paper.field("证据收到时间")).to_be_visible()
    expect(desk.paper.field("客户进一步的需求")).to_have_count(0)
    desk.hand_in(
        {
            "现有证据是否足以界定": "足以界定",
            "是否公司质量问题": "是",
            "反馈有效性": "有效反馈",
            "问题界定的结果": "书脊热熔胶用量不足，低温下开胶。",
            **values,
        },
    )


def confirm(desk: Desk) -> None:
    """Note that the customer is satisfied, in the form that has opened."""
    desk.do_next(
        "客户确认",
        {"客户对问题解决的满意度": "满意", "确认方式": "电话", "确认时间": YESTERDAY},
    )


def close(desk: Desk, case_no: str) -> None:
    """Close the complaint."""
    desk.do(
        "顾客反馈关闭",
        case_no,
        {"问题产品处理结果已注明": True, "关闭意见": "客户满意，改进措施另行跟踪。"},
    )
