"""Acceptance of 顾客反馈处理程序: a complaint from receipt to closing, as its paper wants it."""

from datetime import timedelta
from typing import Any

import pytest

from service.domain.errors import InvalidFormError
from service.persistence.tables import cases, tasks
from tests.processes.journeys import (
    CUSTOMER_SIDE,
    MORE_EVIDENCE,
    SUGGESTION,
    defined,
    handled,
    notice_in_force,
    received,
    settle,
    with_evidence,
)
from tests.processes.walker import Walker

pytestmark = pytest.mark.slow

FOUR_HOURS = timedelta(hours=4)


def test_a_complaint_goes_from_receipt_to_closing(walker: Walker) -> None:
    """FB §12 (1): grade 2, sample, raw material: cost to 供应链, exchange, satisfied, closed.

    Source: FB-3.2-1, FB-4.1-1, FB-4.2-1, FB-4.3-1, FB-4.3-2, FB-4.3-3, FB-4.5-6, FB-4.5-9, FB-4.5-15,
    FB-4.6-1, FB-4.7-1, FB-4.7-3, FB-4.7-6, FB-4.7-7.
    """
    case = with_evidence(walker, dissatisfaction="较严重的不满", boxes=5)
    assert case.variables["severity_label"] == "2级"
    assert case.rows_fired("severity_grade") == ["FB-D1-07"]
    assert case.variables["evidence_kind"] == "寄送样品"

    case.do("define_problem")
    assert case.variables["cost_dept"] == "供应链"
    case.do("agree_handling", handling_mode=["补货"]).do("ship_goods").do("note_customer_result")
    case.do("confirm_satisfaction")
    assert case.variables["customer_satisfied"] == "满意"
    assert case.variables["solved_on_time"] == "是"
    case.do("close_feedback")

    assert case.state == "COMPLETED"
    assert case.row.state == "CLOSED"
    assert (case.row.grade, case.row.customer) == ("2级", "晨光书店")
    assert case.incidents == []


def test_the_form_travels_to_quality_and_customer_service_with_copies(walker: Walker) -> None:
    """FB-N1: mail with the 受理单 to 质量部 and 客服, copies to the recipients of the grade.

    Source: FB-3.1-1, FB-4.4-1, FB-4.4-2, FB-4.1-4.
    """
    case = received(walker, has_sample=True, sample_qty=3)

    mails = case.mailed("FB-M1")
    told = {one.username for one in case.told("FB-M1")}
    assert {"liuyang", "wangfang"} <= told
    assert {"dongqiang", "majun", "huangli"} <= told, "供应链总监、质量部经理、协调人"
    assert "renjianguo" not in told, "3级不送总经理会"
    assert all(mail.attachment_ids and mail.state == "SENT" for mail in mails)
    assert "样品 3 件" in mails[0].body
    assert walker.mail.sent[0].attachments[0].content.startswith(b"%PDF")


def test_who_gets_a_copy_reads_the_case(walker: Walker) -> None:
    """FB-P4: the roles of FB-D2 may read the cases for which they were notified."""
    case = received(walker, customer_class="关键客户")
    readers = cases.case_readers
    rows = walker.house.database
    with rows.reading() as connection:
        names = {
            row.name
            for row in connection.execute(
                readers.select().where(readers.c.case_key == case.row.key)
            )
        }
    assert {"gm_meeting", "area_director", "bu_director", "production_director"} <= names


def test_a_customer_side_problem_is_explained(walker: Walker) -> None:
    """FB §12 (2): explanation only; the cost of 无效反馈 goes to the business unit.

    Source: FB-4.5-8, FB-4.5-10, FB-4.6-2.
    """
    case = defined(walker, **CUSTOMER_SIDE)

    assert case.open == ["explain_to_customer"]
    assert case.variables["cost_dept"] == "业务部门（事业部）"
    assert case.rows_fired("cost_bearer") == ["FB-D4-01"]
    case.do("explain_to_customer")
    assert [mail.recipient for mail in case.mailed("FB-M3")] == ["fangling@chenguang.example"]
    case.do("confirm_satisfaction").do("close_feedback")
    assert case.state == "COMPLETED"
    assert "handle_customer_side" not in case.passed


def test_an_answer_is_demanded_for_a_customer_side_problem(walker: Walker) -> None:
    """FB-4.5-8: «not ours» needs a suggested answer; «ours» cannot be 无效反馈."""
    case = with_evidence(walker)
    with pytest.raises(InvalidFormError) as refused:
        case.do("define_problem", **{**CUSTOMER_SIDE, "reply_suggestion": None})
    assert [one.path for one in refused.value.problems] == ["reply_suggestion"]
    with pytest.raises(InvalidFormError) as refused:
        case.do("define_problem", feedback_valid="无效反馈")
    assert [one.path for one in refused.value.problems] == ["is_company_problem"]


def test_a_known_batch_needs_no_form_and_no_evidence(walker: Walker) -> None:
    """FB §12 (4): a notice in force: the quick case, no 受理单, no evidence request.

    Source: FB-4.5-2, BQ-4.9-5, BQ-4.9-6.
    """
    notice_in_force(walker)
    case = walker.start(
        "customer_feedback", by="cs", batch_no="B20261101", problem_type="装订类产品开胶"
    )

    assert case.open == ["register_quick_case"]
    case.do("register_quick_case").do("handle_by_quick_notice").do("confirm_quick_satisfaction")
    assert case.state == "COMPLETED"
    assert not {"receive_feedback", "request_evidence"} & set(case.passed)


def test_a_notice_for_another_problem_may_be_chosen_in_the_history_check(walker: Walker) -> None:
    """FB-4.5-2, FB-C1: customer service recognises the batch problem: no evidence, the form stays."""
    notice = notice_in_force(walker)
    case = received(walker, problem_type="其他")
    case.do("check_history", already_defined="是", matched_notice=notice.no)
    case.do("register_quick_case", notice_no=notice.no).do("handle_by_quick_notice")
    case.do("confirm_quick_satisfaction").do("close_feedback")

    assert case.state == "COMPLETED"
    assert "request_evidence" not in case.passed


def test_an_earlier_definition_is_adopted(walker: Walker) -> None:
    """FB-4.5-1, FB-4.5-2: the same batch was defined before: its conclusion counts, no evidence is asked."""
    first = handled(walker)
    second = received(walker, customer_name="新华文具", contact_person="秦刚")
    row = second.variables["history_list"][0]
    assert (row["case_no"], row["result"]) == (first.no, first.variables["definition_result"])

    second.do("check_history", already_defined="是", matched_case=first.no)
    second.do("adopt_history_definition")
    assert second.open == ["agree_handling", "propose_supplier_penalty"]
    assert "define_problem" not in second.passed
    assert second.variables["cost_dept"] == "供应链"


def test_an_unknown_cause_needs_a_countersigned_budget(walker: Walker) -> None:
    """FB §12 (5): finance rejects once, everybody signs again, then the handling goes on.

    Source: FB-4.5-18, XC-CS-2, XC-CS-3, XC-CS-4.
    """
    case = defined(walker, cause_category="原因不详")
    assert case.open == ["draft_special_budget"]
    case.do("draft_special_budget", by="liuyang")
    assert [row.candidate_groups for row in case.tasks("sign_document")] == [
        ["finance"],
        ["quality"],
        ["supply_chain"],
    ]

    case.of_group("sign_document", "quality")
    case.of_group("sign_document", "finance", outcome="不同意", comment="运费应由供应商承担。")
    assert case.open == ["draft_special_budget"]
    case.do("draft_special_budget", by="liuyang").each("sign_document")

    assert case.open == ["agree_handling"]
    rounds = case.variables["budget_signatures"]
    assert [one["round"] for one in rounds] == [1, 2]
    assert [one and one["outcome"] for one in rounds[0]["opinions"]] == ["不同意", "同意", None]
    assert rounds[0]["opinions"][0]["comment"] == "运费应由供应商承担。"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("budget_items", [{"item_name": "补货", "item_amount": 2000}]),
        ("shared_by", [{"dept": "质量部", "share": 40}, {"dept": "供应链", "share": 50}]),
    ],
)
def test_a_budget_whose_sums_do_not_fit_is_refused(walker: Walker, field: str, value: Any) -> None:
    """FB-F8, FB-4.5-18: the items sum up to the budget, the shares to 100 %."""
    case = defined(walker, cause_category="原因不详")
    with pytest.raises(InvalidFormError):
        case.do("draft_special_budget", **{field: value})
    assert case.open == ["draft_special_budget"]


@pytest.mark.parametrize(
    ("minutes", "is_late", "told"),
    [(239, False, set()), (240, True, {"majun"}), (241, True, {"majun"})],
)
def test_a_definition_is_due_four_hours_after_the_evidence(
    walker: Walker, minutes: int, is_late: bool, told: set[str]
) -> None:
    """FB §12 (6): 3 h 59 min is on time; at 4 h it is overdue and 质量部经理 is told.

    Source: FB-4.5-7, XC-X-3, XC-T-1.
    """
    case = with_evidence(walker)
    walker.advance(minutes=minutes)
    notices = {one.username for one in case.told("XC-X-3")}
    assert told <= notices
    assert bool(notices) == is_late

    case.do("define_problem")
    assert case.variables.get("overdue_nodes", []) == (["define_problem"] if is_late else [])
    table = tasks.user_tasks
    [row] = walker.rows(table, table.c.root_key == case.key, table.c.element_id == "define_problem")
    assert (row.overdue_level, row.is_late) == (int(is_late), is_late)


def test_the_definers_are_reminded_at_four_fifths(walker: Walker) -> None:
    """XC-X-2: after 3 h 12 min of the four hours those who should define are reminded."""
    case = with_evidence(walker)
    walker.advance(minutes=191)
    assert case.told("XC-X-2") == []
    walker.advance(minutes=1)
    assert {"liuyang", "yangfan"} <= {one.username for one in case.told("XC-X-2")}


def test_more_evidence_starts_the_clock_anew(walker: Walker) -> None:
    """FB-4.5-7, FB-D3-04: quality asks for a sample; the four hours count from its arrival."""
    case = with_evidence(walker, problem_type="颜色")
    walker.advance(hours=3)
    case.do("define_problem", **MORE_EVIDENCE, evidence_wanted="寄送样品")
    assert case.open == ["request_evidence"]
    walker.advance(days=2)
    case.do("request_evidence")
    walker.advance(days=3)
    case.do("register_evidence")

    assert case.task("define_problem").due_at == walker.clock.at + FOUR_HOURS
    assert case.variables["definition"]["no"] == 2


def test_a_batch_suspicion_starts_a_freeze_beside_the_handling(walker: Walker) -> None:
    """FB §12 (9): the freeze goes on beside the customer's handling, and its result comes back.

    Source: FB-4.8-1, FB-4.8-2.
    """
    case = defined(walker, batch_suspected="是")
    assert case.open == ["agree_handling", "propose_supplier_penalty"]
    freeze = walker.case("product_freeze")
    assert freeze.variables["source_cases"] == [case.no]
    assert freeze.open == ["query_stock"]

    settle(case).do("confirm_satisfaction")
    assert case.open == ["propose_supplier_penalty"]
    freeze.do("query_stock", freeze_needed="否")
    freeze.do("give_disposal_opinion", inspection_need="不需检验").each("note_freeze_result")

    assert freeze.state == "COMPLETED"
    assert "产品冻结：抽检合格，库存已解冻。" in case.variables["product_result"]
    case.do("close_feedback", product_result=case.variables["product_result"])
    assert case.state == "COMPLETED"


def test_a_second_case_of_the_batch_joins_the_freeze(walker: Walker) -> None:
    """FB-4.8-1: one freeze a batch; every case that suspects it gets the result; none starts it twice."""
    first = defined(walker, batch_suspected="是")
    second = defined(walker, batch_suspected="是")
    freeze = walker.case("product_freeze")
    assert freeze.variables["source_cases"] == [first.no, second.no]
    freeze.do("query_stock", freeze_needed="否")
    freeze.do("give_disposal_opinion", inspection_need="不需检验").each("note_freeze_result")

    for case in (first, second):
        settle(case).do("confirm_satisfaction")
        assert "close_feedback" in case.open


def test_a_suggestion_has_no_grade_and_asks_for_no_evidence(walker: Walker) -> None:
    """FB §12 (10): 要求及建议: no grade, no copies, quality answers, an improvement may follow.

    Source: FB-4.1-2, FB-4.1-3, FB-X-1.
    """
    case = received(walker, **SUGGESTION)
    assert case.variables.get("severity_label") is None
    assert case.variables.get("cc_roles") is None
    assert "renjianguo" not in {one.username for one in case.told("FB-M1")}

    case.do("check_history")
    assert case.open == ["define_problem"]
    case.do(
        "define_problem",
        suggestion_reply="下一版增加空白页。",
        suggestion_improvement=True,
    )
    case.do("explain_to_customer").do("confirm_satisfaction")
    case.do("close_feedback", product_result="不涉及问题产品")
    assert case.state == "COMPLETED"
    assert walker.case("xc_improvement_action").variables["source_case_no"] == case.no
    assert "request_evidence" not in case.passed


def test_the_supplier_may_be_penalised_after_the_definition(walker: Walker) -> None:
    """FB-4.5-17: 供应链 is asked beside the handling, and nobody waits for its opinion."""
    case = defined(walker)
    assert case.task("propose_supplier_penalty").candidate_groups == ["supply_chain"]
    settle(case).do("confirm_satisfaction").do("close_feedback")
    assert (case.state, case.open) == ("COMPLETED", [])


def test_finance_confirms_every_payment_or_returns_it(walker: Walker) -> None:
    """FB-3.5-1: finance sees the cost, confirms before money is paid, or sends the amount back."""
    case = defined(walker)
    case.do("agree_handling", handling_mode=["退款/赔偿"], exchange_qty=None, refund_amount=500)
    assert case.task("confirm_payment").candidate_groups == ["finance"]
    with pytest.raises(InvalidFormError):
        case.do("confirm_payment", pay_amount=600)
    case.do("confirm_payment", finance_opinion="退回", finance_note="超出标准。", paid_at=None)
    case.do("revise_amount", refund_amount=400)
    case.do("confirm_payment", pay_amount=400)
    assert "note_customer_result" in case.open


def test_the_cost_department_and_finance_hear_of_the_cost(walker: Walker) -> None:
    """FB-4.5-9, FB-M6: the assignment reaches the department that bears it, and 财务部."""
    case = defined(walker)
    told = {one.username for one in case.told("FB-M6")}
    assert {"hanxue", "luyan"} <= told


def test_the_public_form_starts_a_case(walker: Walker) -> None:
    """FB-2-1, XC-NO-1, XC-NO-2: the message `fb_public_feedback` opens a case with its own number."""
    walker.publish(
        "fb_public_feedback",
        "portal-1",
        customer_name="晨光书店",
        contact_person="方玲",
        contact_phone="13800138000",
        channel="WEB",
        problem_type="颜色",
        batch_no="B20261101",
        problem_desc="封面颜色与样品不一致。",
    )
    case = walker.case("customer_feedback")
    assert case.no == "20261124-WEB-001"
    assert case.open == ["receive_feedback"]


def test_the_same_problem_of_one_customer_is_counted(walker: Walker) -> None:
    """FB-4.1-3, FB-V1: the third case of the same problem and customer within twelve months is grade 1."""
    grades = [received(walker).variables["severity_label"] for _ in range(3)]
    assert grades == ["3级", "2级", "1级"]
