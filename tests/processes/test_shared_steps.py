"""Acceptance of the shared steps: countersign, improvement, archive, clocks (prefix XC)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from service.domain.errors import NotAllowedError, WrongStateError
from service.persistence.tables import cases, instances, tasks
from service.usecases import parameters
from tests.processes.journeys import defined, drafted_notice, handled, received, with_evidence
from tests.processes.walker import Case, Walker, shanghai

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def signatures(case: Case) -> list[Any]:
    """Return the open signature tasks of a case."""
    return list(case.tasks("sign_document"))


def test_all_sign_the_same_document_at_once(walker: Walker) -> None:
    """XC-CS-1: everybody's task is open at the same time and shows the same text, read-only."""
    notice = drafted_notice(walker)
    texts = set()
    for row in signatures(notice):
        table = instances.variables
        [text] = walker.rows(
            table, table.c.scope_key == row.instance_key, table.c.name == "document_text"
        )
        texts.add(text.value)
    assert len(signatures(notice)) == 3
    assert len(texts) == 1


def test_unanimity_is_needed(walker: Walker) -> None:
    """XC-CS-2: two of three are not enough."""
    notice = drafted_notice(walker)
    notice.of_group("sign_document", "finance").of_group("sign_document", "supply_chain")
    assert notice.open == ["sign_document"]


def test_open_signatures_end_with_the_first_disagreement(walker: Walker) -> None:
    """XC-CS-3: the other tasks of the round are cancelled; who signs late is told so."""
    notice = drafted_notice(walker)
    [late] = [one for one in notice.tasks("sign_document") if one.candidate_groups == ["finance"]]
    notice.of_group("sign_document", "supply_chain", outcome="不同意", comment="交期不符。")
    with pytest.raises(WrongStateError):
        walker.complete(late, "luyan", {})


def test_the_drafter_and_who_signed_may_not_sign(walker: Walker) -> None:
    """XC-CS-5: not the drafter; nobody for two departments of a round."""
    case = defined(walker, cause_category="原因不详").do("draft_special_budget", by="liuyang")
    with pytest.raises(NotAllowedError):
        case.of_group("sign_document", "quality", by="liuyang")
    case.of_group("sign_document", "quality", by="yangfan")


@pytest.mark.parametrize(
    ("until", "message"),
    [("2026-11-25 17:59", ""), ("2026-11-25 18:00", "XC-X-3"), ("2026-11-27 10:00", "XC-X-4")],
)
def test_a_signature_is_due_within_a_working_day(walker: Walker, until: str, message: str) -> None:
    """XC-CS-6, XC-TM2, BQ-4.9-3, XC-X-3, XC-X-4: overdue, then one level higher; nobody consents by silence."""
    notice = drafted_notice(walker)
    walker.at(shanghai(until))
    told = {row for row in ("XC-X-3", "XC-X-4") if notice.told(row)}
    assert told == {one for one in ("XC-X-3", "XC-X-4") if one <= message}
    assert notice.open == ["sign_document"] * 3


def test_an_overdue_step_goes_up_at_most_three_levels(walker: Walker) -> None:
    """XC-X-4: manager, then general manager; the marks end at the third level."""
    case = with_evidence(walker)
    walker.advance(days=60)
    assert case.task("define_problem").overdue_level == 3
    assert {"renjianguo"} <= {one.username for one in case.told("XC-X-4")}
    assert case.row.is_overdue
    assert case.variables["overdue_nodes"] == ["define_problem"]


def test_a_changed_parameter_leaves_running_clocks_alone(walker: Walker) -> None:
    """XC-T-6, XC-T-7: four hours for the definition that is open, six for the next one."""
    running = with_evidence(walker)
    parameters.change(walker.house, walker.person("admin"), "FB_DEFINE_HOURS", 6)
    later = with_evidence(walker)
    opened = walker.clock.at
    assert running.task("define_problem").due_at == opened + timedelta(hours=4)
    assert later.task("define_problem").due_at == opened + timedelta(hours=6)


def improvement(walker: Walker) -> Case:
    """Return an improvement that was planned and done: its effect is to be verified."""
    case = walker.start("xc_improvement_action", by="quality")
    return case.do("draft_improvement").do("implement_improvement")


def test_an_improvement_is_planned_done_and_verified(walker: Walker) -> None:
    """XC-T2 to XC-T4, XC-X-1, FB-3.3-1: with its own number; the owner does it; effective ends it."""
    case = walker.start("xc_improvement_action", by="quality").do("draft_improvement")
    assert case.no == case.variables["improvement_no"] == "IMP-202611-0001"
    assert case.task("implement_improvement").assignee == "liuyang"
    case.do("implement_improvement").do("verify_improvement")
    assert case.state == "COMPLETED"


def test_an_ineffective_improvement_is_planned_anew(walker: Walker) -> None:
    """XC-G2: 无效 leads back to the plan."""
    case = improvement(walker).do("verify_improvement", effective="无效")
    assert case.open == ["draft_improvement"]


def test_a_late_improvement_is_marked(walker: Walker) -> None:
    """XC-TM1, XC-X-3: not done by 18:00 of its due date."""
    case = walker.start("xc_improvement_action", by="quality").do("draft_improvement")
    walker.at(shanghai("2026-12-15 18:00"))
    assert case.variables["overdue_nodes"][-1] == "implement_improvement"


def test_a_closed_case_is_archived_for_three_years(walker: Walker) -> None:
    """XC-AR-1, XC-TM3, XC-X-6: PDF, JSON and files in one attachment, kept three years."""
    case = handled(walker).do("confirm_satisfaction").do("close_feedback")
    [archive] = walker.rows(cases.archives, cases.archives.c.case_key == case.row.key)
    assert archive.retain_until.date() == archive.archived_at.date().replace(year=2029)
    assert archive.file_attachment_id is not None


def test_numbers_restart_each_day_and_count_by_channel(walker: Walker) -> None:
    """XC-NO-1, XC-NO-2: date of Shanghai, channel, running number; users never type it."""
    numbers = [walker.start("customer_feedback", by="cs").no for _ in range(2)]
    numbers.append(walker.start("customer_feedback", by="cs", channel="EML").no)
    walker.advance(hours=14)
    numbers.append(walker.start("customer_feedback", by="cs").no)
    assert numbers == [
        "20261124-TEL-001",
        "20261124-TEL-002",
        "20261124-EML-001",
        "20261125-TEL-001",
    ]


def test_a_mail_that_fails_is_tried_four_times(walker: Walker) -> None:
    """XC-M-4: again after 1, 5 and 30 minutes; then the department that received the complaint is told."""
    walker.mail.refusal = "mailbox full"
    case = received(walker)
    walker.advance(minutes=36)
    mail = case.mailed("FB-M1")[0]
    assert (mail.state, mail.attempts) == ("FAILED", 4)
    told = {one.username for one in case.told("XC-M-4")}
    assert "zhangwei" in told
    assert "wangfang" not in told


def test_texts_to_a_customer_are_kept_with_their_result(walker: Walker) -> None:
    """XC-M-1, XC-M-2, XC-M-3: text, channel, time and result of what the customer was sent."""
    case = with_evidence(walker)
    [mail] = [mail for mail in case.mailed("FB-M2") if mail.is_to_customer]
    assert (mail.state, mail.sent_at, mail.recipient) == (
        "SENT",
        walker.clock.at,
        "fangling@chenguang.example",
    )


def test_every_submission_is_kept(walker: Walker) -> None:
    """XC-X-7, XC-X-8: two rounds of signatures: two submissions a signer, numbered by round."""
    notice = drafted_notice(walker)
    notice.of_group("sign_document", "finance", outcome="不同意", comment="请写明费用上限。")
    notice.do("revise_quick_notice").each("sign_document")
    table = tasks.form_submissions
    rows = walker.rows(
        table, table.c.case_key == notice.row.key, table.c.form_id == "sign_document"
    )
    assert [row.values["outcome"] for row in rows] == ["不同意", "同意", "同意", "同意"]


def test_only_candidates_complete_a_task(walker: Walker) -> None:
    """XC-P-1: a colleague of another department is refused."""
    case = with_evidence(walker)
    with pytest.raises(NotAllowedError):
        case.do("define_problem", by="wangfang")


def test_only_administrators_change_parameters(walker: Walker) -> None:
    """XC-P-5: 系统管理员 edits configuration values, nobody else."""
    with pytest.raises(NotAllowedError):
        parameters.change(walker.house, walker.person("liuyang"), "FB_DEFINE_HOURS", 8)


SAFE_WAYS = {
    "customer_feedback": {
        "is_evidence_dispensable": "merge_definition",
        "is_definition_made": "merge_evidence",
        "is_budget_agreed": "merge_budget",
        "is_customer_satisfied": "clarify_needs",
        "is_product_settled": "await_product_result",
        "are_all_results_in": "merge_product_wait",
    },
    "product_freeze": {
        "which_disposal_route": "merge_disposal",
        "is_stock_left": "merge_disposal",
        "has_source_case": "note_freeze_result",
    },
    "batch_quick_notice": {"is_notice_agreed": "merge_notice_revision"},
    "batch_quick_case": {"is_quick_applicable": "merge_to_normal"},
    "xc_improvement_action": {"check_effect": "merge_improvement_draft"},
}
"""Where an answer that nobody foresaw leads: back or to a person, never to the end."""


@pytest.mark.parametrize("process_id", SAFE_WAYS)
def test_an_unforeseen_answer_closes_nothing(process_id: str) -> None:
    """XC-X-10: the default flow of a gateway that may close is the loop back or a person."""
    tree = etree.parse(ROOT / "processes" / process_id / f"{process_id}.bpmn")
    targets = {flow.get("id"): flow.get("targetRef") for flow in tree.iter("{*}sequenceFlow")}
    gateways = {one.get("id"): one.get("default") for one in tree.iter("{*}exclusiveGateway")}
    ways = SAFE_WAYS[process_id]
    assert {gateway: targets[gateways[gateway]] for gateway in ways} == ways
