"""The first parts of many scenarios: how a case came to where a test begins."""

from typing import Any

from tests.processes.walker import Case, Walker

MORE_EVIDENCE = {"evidence_sufficient": "需补充证据"}

CUSTOMER_SIDE: dict[str, Any] = {
    "is_company_problem": "否",
    "feedback_valid": "无效反馈",
    "reply_suggestion": "请客户改善仓储条件。",
}

SUGGESTION = {"feedback_type": "顾客的要求及建议"}

EXCHANGE: dict[str, Any] = {"handling_mode": ["换货"], "return_qty": 200, "exchange_qty": 200}


def received(walker: Walker, **changes: Any) -> Case:
    """Return a complaint that was received and waits for the check of its history."""
    return walker.start("customer_feedback", by="cs").do("receive_feedback", **changes)


def asked(walker: Walker, **changes: Any) -> Case:
    """Return a complaint whose customer was asked for evidence."""
    return received(walker, **changes).do("check_history").do("request_evidence")


def with_evidence(walker: Walker, **changes: Any) -> Case:
    """Return a complaint whose sample has arrived: the quality department defines."""
    return asked(walker, **changes).do("register_evidence")


def defined(walker: Walker, **answers: Any) -> Case:
    """Return a complaint that the quality department has defined."""
    return with_evidence(walker).do("define_problem", **answers)


def settle(case: Case) -> Case:
    """Replenish and note it: the case waits for the customer's word."""
    return case.do("agree_handling").do("ship_goods").do("note_customer_result")


def handled(walker: Walker, **answers: Any) -> Case:
    """Return a complaint that was settled with the customer and waits for his word."""
    return settle(defined(walker, **answers))


def exchanged(walker: Walker) -> Case:
    """Return a complaint whose goods were exchanged: the returned ones are under way."""
    case = defined(walker).do("agree_handling", **EXCHANGE).do("ship_goods")
    return case.do("note_customer_result", customer_product_result=None)


def unsatisfied(case: Case, coordination: str = "调整处理方案") -> Case:
    """Let the customer object, and the quality department decide how to go on."""
    case.do("confirm_satisfaction", satisfaction="不满意", objection="没有解决。")
    return case.do("clarify_needs").do("coordinate_handling", coordination=coordination)


def drafted_notice(walker: Walker, **changes: Any) -> Case:
    """Return a quick-handling notice that was drafted and waits for three signatures."""
    return walker.start("batch_quick_notice", by="quality").do("draft_quick_notice", **changes)


def notice_in_force(walker: Walker, **changes: Any) -> Case:
    """Return a quick-handling notice that was signed, filed and is in force."""
    return drafted_notice(walker, **changes).each("sign_document").each("file_quick_notice")


def frozen(walker: Walker, **changes: Any) -> Case:
    """Return a freeze that three departments have confirmed: the opinion of quality is wanted."""
    case = walker.start("product_freeze", by="quality", **changes)
    case.do("query_stock").do("issue_freeze_notice")
    return case.do("acknowledge_freeze").do("inform_storerooms").do("mark_system_frozen")
