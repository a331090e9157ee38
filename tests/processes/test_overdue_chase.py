"""Acceptance of 逾期催办 (prefix OD): what is late is chased until it is done (XC-X-5)."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from service.persistence.tables import cases
from service.usecases.deployments import DeployFile, deploy
from service.usecases.process_instances import CreateInstance, cancel, create
from service.usecases.transaction import SYSTEM
from tests.processes.walker import Case, Walker, shanghai

pytestmark = pytest.mark.slow

DIAGRAM = Path(__file__).parent / "diagrams" / "chased_report.bpmn"
DUE = shanghai("2026-11-25T18:00")


@pytest.fixture
def report(walker: Walker) -> Case:
    """Return a case whose report is one working day late, the chase just begun."""
    deploy(walker.house, SYSTEM, [DeployFile(DIAGRAM.name, DIAGRAM.read_bytes())])
    walker.at(shanghai("2026-11-24T10:00"))
    begun = create(walker.house, SYSTEM, CreateInstance(process_id="chased_report"))
    case = Case(walker, begun.key)
    walker.at(DUE + timedelta(minutes=1))
    return case


def test_a_late_step_is_chased_in_place_of_the_plain_notice(walker: Walker, report: Case) -> None:
    """OD-7-1, XC-X-5: a slip with its own number, linked with the late case; no XC-X-3 is sent."""
    chase = walker.case("overdue_chase")

    assert chase.open == ["issue_chase"]
    assert (report.told("XC-X-3"), report.variables["overdue_nodes"]) == ([], ["write_report"])
    shown = chase.variables
    assert shown["chase_no"] == chase.no
    assert (shown["source_case_no"], shown["node"], shown["dept"]) == (
        report.no,
        "出具品质报告",
        "质量部",
    )
    assert (shown["chase_count"], shown["overdue_days"]) == (1, 0)
    linked = cases.case_links.c.case_key == report.row.key
    with walker.house.database.reading() as connection:
        others = connection.execute(select(cases.case_links.c.other_key).where(linked)).scalars()
        assert list(others) == [chase.row.key]


def test_a_slip_that_nobody_issues_goes_out_by_itself(walker: Walker, report: Case) -> None:
    """OD-TM2: after four working hours; begun after closing time they end at 13:00 of the next day."""
    chase = walker.case("overdue_chase")
    walker.at(shanghai("2026-11-26T12:59"))
    assert chase.open == ["issue_chase"]

    walker.at(shanghai("2026-11-26T13:00"))

    assert chase.open == ["answer_chase"]
    [first, *_] = chase.told("OD-M1")
    assert report.no in first.body
    assert "第 1 次催办" in first.subject


def test_the_step_that_is_done_ends_the_chase(walker: Walker, report: Case) -> None:
    """OD-7-1, scenario 1: done after the reply and before the promise; nothing is left open."""
    chase = walker.case("overdue_chase")
    chase.do("issue_chase", text="请今天完成。")
    chase.do("answer_chase", reply="设备停机。", promised_at=timedelta(days=2))
    assert (chase.open, chase.state) == ([], "ACTIVE")

    report.do("write_report", by="liuyang")

    assert (chase.state, report.state) == ("COMPLETED", "COMPLETED")
    assert chase.passed[-1] == "chase_over"


def test_a_broken_promise_is_chased_again_and_higher_each_time(
    walker: Walker, report: Case
) -> None:
    """OD-X-2, scenario 2: the second also to the supervisor, the third to the general manager's office."""
    chase = walker.case("overdue_chase")
    for _ in range(3):
        chase.do("issue_chase", text=None)
        chase.do("answer_chase", reply="还在处理。", promised_at=timedelta(hours=1))
        walker.advance(hours=1, minutes=1)

    assert chase.rows_fired("chase_level")[:3] == ["OD-D1-03", "OD-D1-02", "OD-D1-01"]
    table = cases.events
    slips = (table.c.case_key == chase.row.key, table.c.kind == "notification.sent")
    sent = [row.detail for row in walker.rows(table, *slips)]
    assert [detail["to"] for detail in sent if detail["message_id"] == "OD-M1"] == [
        ["quality"],
        ["quality", "quality_manager"],
        ["quality", "quality_manager", "gm"],
    ]


def test_an_unanswered_slip_is_chased_again(walker: Walker, report: Case) -> None:
    """OD-TM3: one working day without a reply."""
    chase = walker.case("overdue_chase")
    chase.do("issue_chase", text=None)
    walker.at(shanghai("2026-11-26T18:01"))
    assert chase.open == ["issue_chase"]
    assert chase.variables["chase_count"] == 2


def test_a_chase_ends_with_a_case_that_is_canceled(walker: Walker, report: Case) -> None:
    """Nobody is urged to do what is no longer wanted."""
    chase = walker.case("overdue_chase")
    cancel(walker.house, SYSTEM, report.key)
    walker.office.work_off()
    assert chase.state == "COMPLETED"


def test_further_marks_of_the_same_task_start_no_second_chase(walker: Walker, report: Case) -> None:
    """XC-X-4 flags the task higher; the one chase goes on, and people get no second kind of notice."""
    walker.at(DUE + timedelta(days=3))
    [chase] = walker.rows(cases.cases, cases.cases.c.process_id == "overdue_chase")
    assert report.task("write_report").overdue_level >= 2
    assert report.told("XC-X-4") == []
    assert chase.state == "OPEN"


def test_without_a_chase_deployed_people_are_told(walker: Walker) -> None:
    """A name that nobody knows loses no notice: XC-X-3 is sent."""
    text = DIAGRAM.read_bytes().replace(b"overdue_chase", b"no_such_chase")
    deploy(walker.house, SYSTEM, [DeployFile(DIAGRAM.name, text)])
    walker.at(shanghai("2026-11-24T10:00"))
    begun = create(walker.house, SYSTEM, CreateInstance(process_id="chased_report"))
    walker.at(DUE + timedelta(minutes=1))
    assert Case(walker, begun.key).told("XC-X-3")
