"""Acceptance of 产品冻结/解冻管理: query, freeze, opinion, inspection, destruction, release."""

from typing import Any

import pytest

from service.domain.errors import InvalidFormError, NotAllowedError
from service.persistence.tables import cases
from tests.processes.journeys import frozen
from tests.processes.walker import Case, Walker, shanghai

pytestmark = pytest.mark.slow

THREE = ["acknowledge_freeze", "inform_storerooms", "mark_system_frozen"]
THREE_AGAIN = ["acknowledge_unfreeze", "clear_system_frozen", "release_storerooms"]


def batch_statuses(walker: Walker) -> list[tuple[str, str]]:
    """Return the log of statuses of the batch, with who set them."""
    rows = walker.rows(cases.batch_statuses, cases.batch_statuses.c.batch_no == "B20261101")
    return [(row.status, row.changed_by) for row in rows]


def inspected(case: Case) -> Case:
    """Return a freeze whose sample was inspected: the next opinion is wanted."""
    return case.do("give_disposal_opinion").do("inspect_sample")


def test_stock_is_frozen_inspected_and_released(walker: Walker) -> None:
    """PF §12 (1): sample good, danger removed, release at a later time by three departments.

    Source: PF-4.8-2, PF-4.8-3, PF-4.8-4, PF-4.8-5, PF-4.8-6, PF-4.8-7, PF-4.8-10, PF-X-2.
    """
    case = walker.start("product_freeze", by="quality").do("query_stock").do("issue_freeze_notice")
    assert case.open == THREE
    told = {one.username for one in case.told("PF-M1")}
    assert {"yuanyuan", "pengfei", "luyan"} <= told
    case.do("acknowledge_freeze").do("inform_storerooms").do("mark_system_frozen")
    assert batch_statuses(walker)[-1][0] == "冻结"
    assert case.variables["frozen_qty"] == 1000

    inspected(case)
    case.do("give_disposal_opinion", inspection_need="不需检验", hazard_removed=True)
    case.do("issue_unfreeze_notice", unfreeze_at="2026-11-26T09:00+08:00")
    assert case.open == []
    walker.at(shanghai("2026-11-26 08:59"))
    assert case.open == []
    walker.at(shanghai("2026-11-26 09:00"))
    assert case.open == THREE_AGAIN
    assert {"yuanyuan", "pengfei", "luyan"} <= {one.username for one in case.told("PF-M2")}
    case.do("acknowledge_unfreeze").do("release_storerooms").do("clear_system_frozen")

    assert [status for status, _ in batch_statuses(walker)] == ["冻结", "正常"]
    assert (case.state, case.incidents) == ("COMPLETED", [])


def test_a_full_inspection_leads_to_destruction_and_release_of_the_rest(walker: Walker) -> None:
    """PF §12 (2): 300 of 1000 rejected by the supplier's inspection are destroyed, 700 released.

    Source: PF-4.8-8, PF-4.8-9, PD-4.8-1, PD-4.8-2, PD-4.8-3, XC-CS-7, XC-CS-8.
    """
    case = frozen(walker).do("give_disposal_opinion", inspection_need="供应商全检")
    case.do("arrange_full_inspection")
    suppliers = {"gonghuaxin@huiyin.example", "gongyongda@huiyin.example"}
    assert suppliers <= {mail.recipient for mail in case.mailed("PF-M3")}
    report = [walker.upload("yuanyuan", "全检报告.png")]
    case.do("register_full_inspection", by="yuanyuan", result_file=report)
    assert case.rows_fired("disposal_route") == ["PF-D1-04"]

    case.do("give_disposal_opinion", inspection_need="不需检验", severe_confirmed=True)
    case.do("apply_for_destruction").do("approve_by_supply_chain").do("approve_by_finance")
    case.do("approve_by_general_manager").do("appoint_supervisor")
    photos = [walker.upload("pengfei")]
    case.do("carry_out_destruction", by="pengfei", photos=photos).do("supervise_destruction")

    assert case.variables["frozen_qty"] == 700
    assert case.open == ["give_disposal_opinion"]
    case.do(
        "give_disposal_opinion",
        inspection_need="不需检验",
        severe_confirmed=False,
        hazard_removed=True,
    )
    assert case.open == ["issue_unfreeze_notice"]


def test_users_affected_starts_a_recall_while_the_stock_stays_frozen(walker: Walker) -> None:
    """PF §12 (3), PF-4.8-11: the recall is started once; the freeze goes on."""
    case = frozen(walker)
    answers: dict[str, Any] = {
        "batch_confirmed": True,
        "affects_user": "是",
        "recall_decision": "未定",
    }
    case.do("give_disposal_opinion", **answers)
    recall = walker.case("product_recall")
    case.do("inspect_sample").do("give_disposal_opinion", **answers)

    assert walker.case("product_recall").no == recall.no
    assert case.rows_fired("market_action") == ["PF-D2-02", "PF-D2-02"]
    assert batch_statuses(walker)[-1][0] == "冻结"
    assert case.open == ["inspect_sample"]


def test_no_recall_leads_to_a_quick_handling_notice(walker: Walker) -> None:
    """PF §12 (4), PF-4.9-1: decided not to recall: quality drafts a notice for the batch."""
    case = frozen(walker)
    case.do(
        "give_disposal_opinion", batch_confirmed=True, affects_user="否", recall_decision="不召回"
    )
    notice = walker.case("batch_quick_notice")
    assert notice.open == ["draft_quick_notice"]
    assert notice.variables["batch_no"] == "B20261101"


def test_undecided_starts_nothing_at_the_market(walker: Walker) -> None:
    """PF-4.9-1 and errata of PF-D2-04: as long as the recall is 未定 no notice is issued."""
    case = frozen(walker)
    case.do(
        "give_disposal_opinion", batch_confirmed=True, affects_user="待定", recall_decision="未定"
    )
    assert case.rows_fired("market_action") == ["PF-D2-05"]
    assert case.open == ["inspect_sample"]


def test_shipped_goods_without_stock_are_recalled_without_a_freeze(walker: Walker) -> None:
    """PF §12 (5): no stock: no notice to freeze; affected users: recall, and the freeze ends."""
    case = walker.start("product_freeze", by="quality")
    case.do("query_stock", freeze_needed="否", stock_list=[{"storeroom": "一号库", "quantity": 0}])
    case.do(
        "give_disposal_opinion",
        inspection_need="不需检验",
        batch_confirmed=True,
        affects_user="是",
        recall_decision="召回",
    )
    assert case.rows_fired("disposal_route") == ["PF-D1-05"]
    assert case.state == "COMPLETED"
    assert walker.case("product_recall").open == ["convene_recall_meeting"]
    assert batch_statuses(walker) == []


def test_nothing_in_stock_cannot_be_frozen(walker: Walker) -> None:
    """PF-4.8-2: «freeze needed» is refused when the query found no stock."""
    case = walker.start("product_freeze", by="quality")
    with pytest.raises(InvalidFormError) as refused:
        case.do("query_stock", stock_list=[{"storeroom": "一号库", "quantity": 0}])
    assert [one.path for one in refused.value.problems] == ["freeze_needed"]


@pytest.mark.parametrize(("minutes", "is_told"), [(119, False), (120, True)])
def test_finance_has_two_hours_to_mark_the_status(
    walker: Walker, minutes: int, is_told: bool
) -> None:
    """PF §12 (6), PF-4.8-4, PF-TM2: overdue goes to the head of the department and to quality."""
    case = walker.start("product_freeze", by="quality").do("query_stock").do("issue_freeze_notice")
    walker.advance(minutes=minutes)
    told = {one.username for one in case.told("XC-X-3") if "财务" in one.body or "冻结" in one.body}
    assert ({"caihua", "liuyang"} <= told) == is_told


@pytest.mark.parametrize(("minutes", "is_told"), [(59, False), (60, True)])
def test_the_stock_is_queried_within_the_hour(walker: Walker, minutes: int, is_told: bool) -> None:
    """PF-4.8-1, PF-TM1: 立即 means an hour; then 质量部经理 is told."""
    case = walker.start("product_freeze", by="quality")
    walker.advance(minutes=minutes)
    assert ("majun" in {one.username for one in case.told("XC-X-3")}) == is_told


def test_a_late_full_inspection_is_reminded(walker: Walker) -> None:
    """PF-4.8-8, PF-TM3: on the day it is due, at 18:00, the supplier and 计划运营部 are reminded."""
    case = frozen(walker).do("give_disposal_opinion", inspection_need="供应商全检")
    assert case.variables["result_due"] == "2026-12-08"
    case.do("arrange_full_inspection")
    walker.at(shanghai("2026-12-08 17:59"))
    assert case.told("PF-TM3") == []
    walker.at(shanghai("2026-12-08 18:00"))
    assert "yuanyuan" in {one.username for one in case.told("PF-TM3")}


def test_only_finance_changes_the_status_of_the_batch(walker: Walker) -> None:
    """PF-X-1: nobody else marks it; the log says who did, when and by which notice."""
    case = walker.start("product_freeze", by="quality").do("query_stock").do("issue_freeze_notice")
    with pytest.raises(NotAllowedError):
        case.do("mark_system_frozen", by="liuyang")
    with pytest.raises(InvalidFormError):
        case.do("mark_system_frozen", system_status="正常")
    case.do("mark_system_frozen", by="luyan")
    [row] = walker.rows(cases.batch_statuses)
    assert (row.status, row.changed_by, row.reason) == (
        "冻结",
        "luyan",
        f"通知单 {case.variables['notice_no']}",
    )


def test_every_storeroom_of_the_stock_must_be_informed(walker: Walker) -> None:
    """PF-4.8-5: a storeroom that holds the batch and was not informed refuses the form."""
    case = walker.start("product_freeze", by="quality").do("query_stock").do("issue_freeze_notice")
    with pytest.raises(InvalidFormError):
        case.do("inform_storerooms", storerooms_informed=[{"room": "一号库", "separated": True}])


def test_the_danger_is_not_removed_without_an_inspection(walker: Walker) -> None:
    """PF-4.8-10: 隐患已排除 needs at least one inspection result."""
    case = frozen(walker)
    with pytest.raises(InvalidFormError) as refused:
        case.do("give_disposal_opinion", inspection_need="不需检验", hazard_removed=True)
    assert [one.path for one in refused.value.problems] == ["hazard_removed"]


def test_a_rejected_destruction_comes_back_to_quality(walker: Walker) -> None:
    """PF-4.8-9, PF-C1, PD-X-1: not approved: nothing is destroyed, quality gives another opinion."""
    case = frozen(walker)
    case.do("give_disposal_opinion", inspection_need="不需检验", severe_confirmed=True)
    case.do("apply_for_destruction")
    case.do("approve_by_supply_chain", outcome="不同意", comment="可返工。")
    assert case.open == ["give_disposal_opinion"]
    assert case.variables["frozen_qty"] == 1000


def test_a_freeze_that_no_complaint_asked_for_ends_without_a_note(walker: Walker) -> None:
    """PF-G6: started by hand: there is no 受理单 to note a result in."""
    case = walker.start("product_freeze", by="quality").do("query_stock", freeze_needed="否")
    case.do("give_disposal_opinion", inspection_need="不需检验")
    assert case.state == "COMPLETED"
    assert "note_freeze_result" not in case.passed
