"""What people usually answer: a complete submission a form, so that a test names only what matters.

A duration means that long after (or, negative, before) the moment of answering.
"""

from datetime import datetime, timedelta
from typing import Any

from service.sla import SHANGHAI

NOW = timedelta()


def moment(at: datetime) -> str:
    """Return a moment as form-js submits it: Shanghai, with the offset, in steps of five minutes."""
    floor = at - timedelta(minutes=at.minute % 5)
    return floor.astimezone(SHANGHAI).isoformat(timespec="minutes")


def day(at: datetime) -> str:
    """Return the day of a moment in Shanghai, as form-js submits it."""
    return at.astimezone(SHANGHAI).date().isoformat()


CALLER: dict[str, Any] = {
    "customer_name": "晨光书店",
    "contact_person": "方玲",
    "contact_phone": "13800138000",
    "contact_email": "fangling@chenguang.example",
}

FOUND_BY_QUALITY: dict[str, Any] = {
    "is_company_problem": "是",
    "feedback_valid": "有效反馈",
    "cause_category": "原材料缺陷",
    "definition_result": "封面纸克重低于标准，受潮后起皱。",
    "return_suggestion": ["换货"],
    "batch_suspected": "否",
}

NOTICE: dict[str, Any] = {
    "product_name": "A5 线装笔记本",
    "batches": [{"batch": "B20261101"}],
    "problem_type": "装订类产品开胶",
    "problem_desc": "书脊开胶，翻阅数次后内页脱落。",
    "handling": "凭相片补发同款新品，不需退回。",
    "solution": ["补货"],
    "cost_dept": "供应链",
    "not_recalled_reason": "不影响使用安全，范围只限一个批次。",
}

STOCK = [{"storeroom": "一号库", "quantity": 800}, {"storeroom": "三号库", "quantity": 200}]

ISSUED_TO = ["计划运营部", "仓储物流部", "财务部"]

ANSWERS: dict[str, dict[str, Any]] = {
    # 顾客反馈处理程序
    "start_customer_feedback": {
        **CALLER,
        "channel": "TEL",
        "problem_type": "颜色",
        "batch_no": "B20261101",
        "problem_desc": "封面颜色与样品不一致。",
    },
    "receive_feedback": {
        **CALLER,
        "received_at": NOW,
        "receiver_dept": "客服",
        "customer_class": "普通客户",
        "region": "华东",
        "business_unit": "文具事业部",
        "feedback_type": "顾客抱怨",
        "product_name": "A5 线装笔记本",
        "batch_no": "B20261101",
        "quantity": 200,
        "boxes": 5,
        "amount": 800,
        "problem_type": "颜色",
        "problem_desc": "封面颜色与样品不一致，偏红，整箱都是这样。",
        "solve_by": timedelta(days=20),
        "dissatisfaction": "一般抱怨",
        "defect_class": "一般缺陷",
        "items_confirmed": True,
    },
    "check_history": {"already_defined": "否"},
    "adopt_history_definition": FOUND_BY_QUALITY,
    "request_evidence": {"info_summary": "请提供问题产品，并注明批次。"},
    "register_evidence": {
        "evidence_received_at": NOW,
        "sample_tracking_no": "SF1234567890",
        "sample_count": 2,
    },
    "decide_missing_evidence": {"evidence_decision": "按现有信息界定"},
    "define_problem": {"evidence_sufficient": "足以界定", **FOUND_BY_QUALITY},
    "propose_supplier_penalty": {"supplier_penalty": "扣除本批货款的百分之五。"},
    "draft_special_budget": {
        "cause_note": "同批留样未见异常，原因待查。",
        "budget_amount": 3000,
        "budget_items": [
            {"item_name": "补货", "item_amount": 2000},
            {"item_name": "运费", "item_amount": 1000},
        ],
        "shared_by": [{"dept": "质量部", "share": 40}, {"dept": "供应链", "share": 60}],
    },
    "explain_to_customer": {"explanation": "存放受潮所致，建议改善仓储条件。", "contacted_at": NOW},
    "confirm_satisfaction": {
        "satisfaction": "满意",
        "confirm_method": "电话",
        "confirmed_at": NOW,
    },
    "clarify_needs": {"further_needs": "希望三天内补齐，并有书面说明。"},
    "coordinate_handling": {"coordination": "调整处理方案"},
    "note_product_result": {"product_result": "退回品已由仓库清点，全部报废。"},
    "close_feedback": {
        "product_result": "顾客处就地报废。",
        "product_result_checked": True,
        "solved_on_time": "是",
    },
    # 客户端处理
    "agree_handling": {"handling_mode": ["补货"], "contacted_at": NOW, "exchange_qty": 200},
    "ship_goods": {"ship_info": "顺丰 SF9988776655"},
    "confirm_payment": {
        "pay_type": "赔偿",
        "pay_amount": 500,
        "finance_opinion": "同意支付",
        "paid_at": NOW,
    },
    "revise_amount": {"refund_amount": 400},
    "note_customer_result": {
        "handling_result": "已补发新品，顾客签收。",
        "customer_product_result": "不良品由顾客就地报废。",
    },
    # 产品冻结
    "start_product_freeze": {
        "product_name": "A5 线装笔记本",
        "batch_no": "B20261101",
        "problem_type": "装订类产品开胶",
        "freeze_reason": "巡检发现书脊开胶。",
    },
    "query_stock": {
        "product_name": "A5 线装笔记本",
        "stock_list": STOCK,
        "shipment_list": [
            {"customer_name": "晨光书店", "shipped_on": "2026-11-05", "quantity": 400}
        ],
        "freeze_needed": "是",
    },
    "issue_freeze_notice": {
        "notice_type": "冻结",
        "product_name": "A5 线装笔记本",
        "freeze_at": NOW,
        "stock_list": STOCK,
        "freeze_reason": "疑为批次性开胶。",
        "issued_to": ISSUED_TO,
    },
    "acknowledge_freeze": {"acknowledged": True},
    "inform_storerooms": {
        "storerooms_informed": [
            {"room": "一号库", "separated": True},
            {"room": "三号库", "separated": True},
        ],
        "storeroom_check": "已隔离并悬挂冻结标识。",
    },
    "mark_system_frozen": {"system_status": "冻结", "operator_sign": True},
    "give_disposal_opinion": {
        "inspection_need": "抽检",
        "disposal_opinion": "先抽检，再定处置。",
    },
    "inspect_sample": {"sample_size": 50, "defect_qty": 0, "inspect_result": "合格"},
    "arrange_full_inspection": {
        "supplier_name": "华新纸品",
        "fetch_qty": 1000,
        "fetch_date": "2026-11-25",
        "result_due": "2026-12-08",
    },
    "register_full_inspection": {"ok_qty": 700, "ng_qty": 300},
    "issue_unfreeze_notice": {
        "notice_type": "解冻",
        "stock_list": STOCK,
        "unfreeze_at": NOW,
        "later_handling": "如再发现开胶，单独换货。",
        "issued_to": ISSUED_TO,
    },
    "acknowledge_unfreeze": {"acknowledged": True},
    "release_storerooms": {"storerooms_released": True, "storeroom_check": "标识已全部去除。"},
    "clear_system_frozen": {"system_status": "正常", "operator_sign": True},
    "note_freeze_result": {"product_result": "抽检合格，库存已解冻。"},
    # 批次性问题快速处理
    "draft_quick_notice": NOTICE,
    "revise_quick_notice": {"revise_decision": "修改", **NOTICE},
    "file_quick_notice": {"filed": True},
    "withdraw_quick_notice": {"withdraw_reason": "新批次已替换，问题不再出现。"},
    "start_batch_quick_case": {
        "customer_name": "育才小学",
        "channel": "TEL",
        "contact_person": "何老师",
        "contact_phone": "02166554433",
        "batch_no": "B20261101",
        "problem_type": "装订类产品开胶",
        "problem_desc": "二十本笔记本开胶。",
    },
    "register_quick_case": {
        "customer_name": "育才小学",
        "batch_no": "B20261101",
        "problem_desc": "二十本笔记本开胶。",
        "problem_matches": "是",
    },
    "handle_by_quick_notice": {"handled_how": "已按通知单补发二十本。", "goods_or_money": "否"},
    "confirm_quick_satisfaction": {
        "satisfaction": "满意",
        "confirm_method": "电话",
        "confirmed_at": NOW,
    },
    # 会签、改进
    "sign_document": {"outcome": "同意"},
    "draft_improvement": {
        "source_case_no": "20261124-TEL-001",
        "problem": "封面纸克重不足",
        "root_cause": "来料检验未抽克重。",
        "measure": "来料检验增加克重项目。",
        "owner_dept": "质量部",
        "owner": "liuyang",
        "due_date": "2026-12-15",
    },
    "implement_improvement": {"result": "检验规程已修订并培训。"},
    "verify_improvement": {"effective": "有效"},
    # 退货、销毁
    "receive_returned_goods": {
        "customer_name": "晨光书店",
        "product_name": "A5 线装笔记本",
        "batch_no": "B20261101",
        "announced_qty": 200,
        "received_qty": 200,
        "marked": True,
        "mark_no": "TH-001",
    },
    "store_returned_goods": {"store_place": "不合格品库 A 区"},
    "decide_return_disposal": {
        "nonconforming": "是",
        "supplier_name": "华新纸品",
        "supplier_entrusts": "否",
    },
    "return_to_supplier": {"ship_qty": 200, "return_ship_info": "德邦 DB20261201"},
    "note_return_result": {"product_result": "退货已退回供应商。"},
    "apply_for_destruction": {
        "origin": "冻结库存",
        "product_name": "A5 线装笔记本",
        "batch_no": "B20261101",
        "quantity": 300,
        "value": 2400,
        "severe_problem": "书脊开胶，无法返工。",
        "method": "粉碎",
        "plan_date": "2026-12-20",
    },
    "approve_by_supply_chain": {"outcome": "同意"},
    "approve_by_finance": {"outcome": "同意"},
    "approve_by_general_manager": {"outcome": "同意"},
    "appoint_supervisor": {"supervisor_dept": "质量部", "supervisor_user": "yangfan"},
    "carry_out_destruction": {"destroyed_at": NOW, "destroyed_qty": 300},
    "supervise_destruction": {"supervisor_confirm": "确认"},
}
