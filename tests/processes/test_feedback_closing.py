"""The end of 顾客反馈处理程序: the customer's word, the product's result, closing (FB-4.7, FB-4.8-2)."""

from datetime import timedelta

import pytest

from service.domain.errors import InvalidFormError, NotAllowedError
from service.persistence.tables import cases
from tests.processes.journeys import exchanged, handled, settle, unsatisfied, with_evidence
from tests.processes.walker import Walker, shanghai

pytestmark = pytest.mark.slow

TWO_DAYS = timedelta(days=2)


def test_dissatisfaction_goes_round_until_the_customer_is_satisfied(walker: Walker) -> None:
    """FB §12 (3): twice not satisfied: once another handling, once a new definition.

    Source: FB-4.7-1, FB-4.7-2, FB-4.7-4.
    """
    case = handled(walker)
    unsatisfied(case, "调整处理方案")
    assert "agree_handling" in case.open
    unsatisfied(settle(case), "重新界定")
    assert "define_problem" in case.open
    settle(case.do("define_problem")).do("confirm_satisfaction").do("close_feedback")

    assert case.state == "COMPLETED"
    assert case.variables["confirm_round"] == 2
    assert case.passed.count("propose_supplier_penalty") == 1
    told = case.told("FB-M4")
    assert len(told) == 3 * len({one.username for one in told})


def test_the_third_dissatisfaction_reaches_the_quality_manager(walker: Walker) -> None:
    """FB-4.7-4: from round 3 on the result goes to 质量部经理 and the recipients of the grade too."""
    case = handled(walker)
    settle(unsatisfied(case))
    settle(unsatisfied(case))
    assert "dongqiang" not in {one.username for one in case.told("FB-M4")}
    unsatisfied(case)

    assert {"majun", "dongqiang"} <= {one.username for one in case.told("FB-M4")}


def test_only_the_quality_manager_closes_without_the_customers_word(walker: Walker) -> None:
    """FB §12 (7): 不便询问 is closed by 质量部经理, with a reason, and is not evaluated.

    Source: FB-4.7-5, FB-4.7-8, FB-X-3.
    """
    case = handled(walker).do("confirm_satisfaction", satisfaction="不便询问")

    assert case.variables["customer_satisfied"] == "不评估"
    with pytest.raises(NotAllowedError):
        case.do("close_feedback", by="liuyang", exception_reason="客户已停业。")
    with pytest.raises(InvalidFormError):
        case.do("close_feedback", by="majun")
    case.do("close_feedback", by="majun", exception_reason="客户已停业。")
    assert case.state == "COMPLETED"


def test_a_returned_product_keeps_the_case_open_until_its_result_is_noted(walker: Walker) -> None:
    """FB §12 (8): the goods come back: closing waits for `product_result`, and not without it.

    Source: FB-4.8-2, FB-3.4-1, RD-4.8-1, RD-4.8-2, RD-4.8-3, RD-4.8-7.
    """
    case = exchanged(walker)
    case.do("confirm_satisfaction")
    assert case.open == ["propose_supplier_penalty"]
    assert case.variables["open_product_cases"] == ["退货-1"]

    returned = walker.case("returned_goods_disposal")
    returned.do("receive_returned_goods").do("store_returned_goods")
    returned.do("decide_return_disposal").do("return_to_supplier").do("note_return_result")

    assert returned.state == "COMPLETED"
    assert case.open == ["close_feedback", "propose_supplier_penalty"]
    assert case.variables["product_result"] == "退货-1：退货已退回供应商。"
    with pytest.raises(InvalidFormError):
        case.do("close_feedback", product_result=None)
    case.do("close_feedback", product_result=case.variables["product_result"])
    assert case.state == "COMPLETED"


def test_a_product_without_result_is_reminded_and_noted_by_hand(walker: Walker) -> None:
    """FB-4.8-2, FB-TM5: after ten working days warehouse and quality are reminded; quality notes it."""
    case = exchanged(walker).do("confirm_satisfaction")
    walker.at(shanghai("2026-12-08 17:59"))
    assert case.told("FB-TM5") == []
    walker.at(shanghai("2026-12-08 18:00"))

    assert {"pengfei", "liuyang"} <= {one.username for one in case.told("FB-TM5")}
    case.do("note_product_result")
    assert "close_feedback" in case.open


def test_the_customers_wish_passes_and_the_watchers_are_told(walker: Walker) -> None:
    """FB-4.3-2, FB-4.7-6, FB-TM4: `solve_by` passes: 客服 and 协调人 are told once, the proposal is 否."""
    case = with_evidence(walker, solve_by=TWO_DAYS).do("define_problem")
    walker.advance(days=2, minutes=1)
    told = {one.username for one in case.told("FB-TM4")}
    assert {"wangfang", "huangli"} <= told
    assert len(case.told("FB-TM4")) == len(told)
    settle(case).do("confirm_satisfaction")
    assert case.variables["solved_on_time"] == "否"


def test_the_customer_learns_that_his_case_is_closed(walker: Walker) -> None:
    """FB-4.7-5, FB-M5, XC-M-3: the closing text goes to the customer and is kept."""
    case = handled(walker).do("confirm_satisfaction").do("close_feedback")
    [mail] = [mail for mail in case.mailed("FB-M5") if mail.is_to_customer]
    assert (mail.recipient, mail.state) == ("fangling@chenguang.example", "SENT")
    assert case.no in mail.subject


def test_a_customer_may_confirm_by_himself(walker: Walker) -> None:
    """FB-4.7-1: a message `fb_customer_confirmed` answers the task of customer service."""
    case = handled(walker)
    walker.publish("fb_customer_confirmed", case.no, satisfaction="满意", objection=None)
    assert "close_feedback" in case.open
    assert case.variables["confirm_method"] == "在线"


def test_all_submissions_stay_readable(walker: Walker) -> None:
    """XC-X-7, XC-DM-5, XC-AR-1: each round is kept, the fired row is named, the file is archived."""
    case = settle(unsatisfied(handled(walker))).do("confirm_satisfaction").do("close_feedback")

    events = walker.rows(cases.events, cases.events.c.case_key == case.row.key)
    assert any("FB-D1-13" in event.rule_refs for event in events)
    [archive] = walker.rows(cases.archives, cases.archives.c.case_key == case.row.key)
    assert archive.state == "FROZEN"
    assert archive.retain_until.year == walker.clock.at.year + 3
