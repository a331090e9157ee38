"""Acceptance of 批次性问题快速处理: the countersigned notice, and a complaint settled by it."""

from typing import Any

import pytest

from service.domain.errors import InvalidFormError, NotAllowedError
from service.persistence.scopes import visible_variables
from service.persistence.tables import cases, tasks
from tests.processes.journeys import drafted_notice, notice_in_force
from tests.processes.walker import Case, Walker, shanghai

pytestmark = pytest.mark.slow


def notice_states(walker: Walker) -> list[str]:
    """Return the states of all notices, oldest first."""
    return [row.state for row in walker.rows(cases.quick_notices)]


def registered(walker: Walker, **answers: Any) -> Case:
    """Return a complaint about a known batch that was registered by customer service."""
    return walker.start("batch_quick_case", by="cs").do("register_quick_case", **answers)


def test_three_signatures_put_a_notice_in_force(walker: Walker) -> None:
    """BQ §12 (1), first half: 供应链, 服务中心 and 财务部 sign, file, and the notice is in force.

    Source: BQ-4.9-1, BQ-4.9-2, BQ-4.9-3, BQ-4.9-4, BQ-X-2.
    """
    notice = drafted_notice(walker)
    assert sorted(row.candidate_groups for row in notice.tasks("sign_document")) == [
        ["finance"],
        ["service_center"],
        ["supply_chain"],
    ]
    assert {"luyan", "yeqing", "hanxue"} <= {one.username for one in notice.told("XC-CS-1")}
    notice.each("sign_document")
    assert {"luyan", "yeqing", "hanxue", "wangfang"} <= {
        one.username for one in notice.told("BQ-M1")
    }
    assert notice_states(walker) == []
    notice.each("file_quick_notice")
    assert notice_states(walker) == ["生效"]


def test_each_department_files_its_copy(walker: Walker) -> None:
    """BQ-4.9-4, XC-DOC-1: a copy a department: who holds it, who received it and when."""
    notice = drafted_notice(walker).each("sign_document").each("file_quick_notice")
    table = tasks.user_tasks
    copies = walker.rows(
        table, table.c.root_key == notice.key, table.c.element_id == "file_quick_notice"
    )
    assert {(row.candidate_groups[0], row.completed_by) for row in copies} == {
        ("finance", "jiangmin"),
        ("service_center", "yeqing"),
        ("supply_chain", "caolei"),
    }
    assert {row.completed_at for row in copies} == {walker.clock.at}


def test_a_complaint_is_settled_by_the_notice(walker: Walker) -> None:
    """BQ §12 (1), second half: no 受理单; name, batch, problem and notice are sent.

    Source: BQ-4.9-5, BQ-4.9-6, BQ-4.9-7, BQ-X-3.
    """
    notice = notice_in_force(walker)
    case = registered(walker).do("handle_by_quick_notice")

    [mail] = [one for one in case.mailed("BQ-M2") if one.recipient.startswith("liuyang")]
    text = mail.subject + mail.body
    assert all(part in text for part in ("育才小学", "B20261101", "二十本笔记本开胶", notice.no))
    assert "huangli" in {one.username for one in case.told("BQ-M2")}
    case.do("confirm_quick_satisfaction")
    assert (case.state, case.variables["quick_result"]) == ("COMPLETED", "done")
    assert "receive_feedback" not in case.passed


def test_one_disagreement_ends_the_round(walker: Walker) -> None:
    """BQ §12 (2): finance disagrees: open signatures end; revised, all three sign again.

    Source: BQ-X-1, XC-CS-3, XC-CS-4.
    """
    notice = drafted_notice(walker).of_group("sign_document", "supply_chain")
    notice.of_group("sign_document", "finance", outcome="不同意", comment="请写明费用上限。")
    assert notice.open == ["revise_quick_notice"]
    assert "请写明费用上限" in notice.variables["notice_objections"]

    notice.do("revise_quick_notice", handling="补发同款新品，每本不超过五元。")
    assert len(notice.tasks("sign_document")) == 3
    notice.each("sign_document").each("file_quick_notice")
    assert notice_states(walker) == ["生效"]
    assert [one["round"] for one in notice.variables["notice_signatures"]] == [1, 2]


def test_a_notice_may_be_given_up_after_a_disagreement(walker: Walker) -> None:
    """BQ-X-1: 撤回 in place of a revision: nothing comes in force."""
    notice = drafted_notice(walker)
    notice.of_group("sign_document", "finance", outcome="不同意", comment="不必出具。")
    notice.do("revise_quick_notice", revise_decision="撤回")
    assert (notice.state, notice_states(walker)) == ("COMPLETED", [])


def test_another_problem_of_the_batch_becomes_a_normal_case(walker: Walker) -> None:
    """BQ §12 (3): not the problem of the notice: 顾客反馈处理程序, with what is known filled in.

    Source: BQ-4.9-5, BQ-X-3.
    """
    notice_in_force(walker)
    case = registered(walker, problem_matches="否")

    assert case.variables["quick_result"] == "to_normal"
    normal = walker.case("customer_feedback")
    assert normal.open == ["receive_feedback"]
    assert normal.variables["customer_name"] == "育才小学"
    assert normal.no != case.no


def test_a_dissatisfied_customer_becomes_a_normal_case(walker: Walker) -> None:
    """BQ-X-3: not satisfied with the quick handling: the normal procedure follows."""
    notice_in_force(walker)
    case = registered(walker).do("handle_by_quick_notice")
    case.do("confirm_quick_satisfaction", satisfaction="不满意", objection="补发的也开胶。")
    assert case.state == "COMPLETED"
    assert walker.case("customer_feedback").open == ["receive_feedback"]


def test_a_withdrawn_notice_is_no_longer_found(walker: Walker) -> None:
    """BQ §12 (4), BQ-X-2: withdrawn by quality: the next complaint takes the normal way."""
    notice = notice_in_force(walker).do("withdraw_quick_notice")
    assert (notice.state, notice_states(walker)) == ("COMPLETED", ["撤回"])

    case = walker.start(
        "customer_feedback", by="cs", batch_no="B20261101", problem_type="装订类产品开胶"
    )
    assert case.open == ["receive_feedback"]


def test_a_notice_may_be_withdrawn_by_a_message(walker: Walker) -> None:
    """BQ-X-2: `bq_withdraw` answers the open task 撤回通知单."""
    notice = notice_in_force(walker)
    walker.publish("bq_withdraw", notice.no, withdraw_reason="批次已售完。")
    assert notice_states(walker) == ["撤回"]


@pytest.mark.parametrize(
    ("until", "states"), [("2026-12-31 23:59", ["生效"]), ("2027-01-01 00:00", ["失效"])]
)
def test_a_notice_ends_with_its_last_day(walker: Walker, until: str, states: list[str]) -> None:
    """BQ-X-2, BQ-TM2: in force through the whole of `valid_to`; then 失效, and everybody is told."""
    notice = notice_in_force(walker, valid_to="2026-12-31")
    walker.at(shanghai(until))
    assert notice_states(walker) == states
    assert (notice.told("BQ-TM2") != []) == (states == ["失效"])


def test_two_notices_for_one_batch_and_problem_are_refused(walker: Walker) -> None:
    """BQ-X-2: the second comes back to quality, which revises or withdraws it."""
    notice_in_force(walker)
    second = notice_in_force(walker)
    assert notice_states(walker) == ["生效"]
    assert second.open == ["revise_quick_notice"]


def test_goods_of_a_quick_case_go_the_way_of_the_customer_side(walker: Walker) -> None:
    """BQ-4.9-5, FB-4.6-1, FB-3.5-1: replenishment by the notice, borne by its cost department."""
    notice_in_force(walker)
    case = registered(walker).do("handle_by_quick_notice", goods_or_money="是")
    assert case.open == ["agree_handling"]
    case.do("agree_handling").do("ship_goods").do("note_customer_result")
    assert case.open == ["confirm_quick_satisfaction"]
    assert "产品处理结果：不良品由顾客就地报废。" in case.variables["handled_how"]


def test_the_chosen_notice_counts_where_a_batch_has_two(walker: Walker) -> None:
    """BQ-4.9-5, BQ-X-2: two problems of a batch, two notices: the cost goes where the chosen one says."""
    chosen = notice_in_force(walker)
    notice_in_force(walker, problem_type="颜色", cost_dept="设计部")
    case = registered(walker, notice_no=chosen.no)
    case.do("handle_by_quick_notice", goods_or_money="是")

    task = case.task("agree_handling")
    with walker.house.database.reading() as connection:
        seen = visible_variables(connection, task.instance_key, task.element_instance_key)
    assert seen["cost_dept"] == "供应链"


def test_a_disagreement_needs_a_reason(walker: Walker) -> None:
    """XC-F1: 不同意 without 意见说明 is refused."""
    notice = drafted_notice(walker)
    with pytest.raises(InvalidFormError):
        notice.of_group("sign_document", "finance", outcome="不同意")


def test_only_quality_drafts_a_notice(walker: Walker) -> None:
    """BQ-P1: another department may not start it."""
    with pytest.raises(NotAllowedError):
        walker.start("batch_quick_notice", by="cs")
