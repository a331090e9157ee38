"""The first two forms of 顾客反馈处理程序, filled in."""

from typing import Any

PROBLEM = {
    "customer_name": "晨光文具（苏州）有限公司",
    "contact_person": "李女士",
    "contact_phone": "13800138000",
    "channel": "TEL",
    "problem_type": "装订类产品开胶",
    "batch_no": "B20261101",
    "problem_desc": "收到的笔记本开胶，共 120 箱，要求尽快处理。",
}
"""The start form."""

RECEIVED: dict[str, Any] = {
    **PROBLEM,
    "received_at": "2026-01-05T09:30:00+08:00",
    "receiver_dept": "客服",
    "customer_class": "重要客户",
    "region": "华东",
    "business_unit": "文具事业部",
    "feedback_type": "顾客抱怨",
    "product_name": "A5 硬面笔记本",
    "quantity": 2400,
    "boxes": 120,
    "amount": 36000,
    "solve_by": "2099-01-05T18:00:00+08:00",
    "dissatisfaction": "较严重的不满",
    "defect_class": "严重缺陷",
    "has_fax": False,
    "has_sample": False,
    "items_confirmed": True,
}
"""The form of `receive_feedback`."""
