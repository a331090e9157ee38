"""Waiting for the customer's evidence: reminders, the last day, and what follows (FB-4.5-3, FB-X-2)."""

import pytest

from service.domain.errors import InvalidFormError
from tests.processes.journeys import asked, received
from tests.processes.walker import Case, Walker, shanghai

pytestmark = pytest.mark.slow

BEFORE_THE_HOLIDAY = shanghai("2026-09-28 10:00")
"""Monday; 国庆 2026 is from Thursday 1 to Wednesday 7 October, Saturday 10 October is worked."""


@pytest.fixture
def waiting(walker: Walker) -> Case:
    """Return a complaint whose customer was asked on Monday 23 November, in plain weeks."""
    walker.at(shanghai("2026-11-30 10:00"))
    return asked(walker)


def reminders(case: Case) -> int:
    """Return how often the customer was asked or reminded."""
    return len([mail for mail in case.mailed("FB-M2") if mail.is_to_customer])


@pytest.mark.parametrize(
    ("until", "count"),
    [
        ("2026-12-03 17:59", 1),
        ("2026-12-03 18:00", 2),
        ("2026-12-07 17:59", 2),
        ("2026-12-07 18:00", 3),
    ],
)
def test_the_customer_is_reminded_after_three_and_five_working_days(
    walker: Walker, waiting: Case, until: str, count: int
) -> None:
    """FB-X-2, FB-TM2, XC-T-2: at 18:00 of the third and of the fifth working day, not a minute before."""
    walker.at(shanghai(until))
    assert reminders(waiting) == count
    assert waiting.open == ["register_evidence"]


@pytest.mark.parametrize(
    ("until", "opened"),
    [
        ("2026-12-14 17:59", ["register_evidence"]),
        ("2026-12-14 18:00", ["decide_missing_evidence"]),
    ],
)
def test_after_ten_working_days_quality_decides(
    walker: Walker, waiting: Case, until: str, opened: list[str]
) -> None:
    """FB-X-2, FB-TM3: the wait ends at 18:00 of the tenth working day."""
    walker.at(shanghai(until))
    assert waiting.open == opened


@pytest.mark.parametrize(
    ("until", "count", "opened"),
    [
        ("2026-10-08 17:59", 1, ["register_evidence"]),
        ("2026-10-08 18:00", 2, ["register_evidence"]),
        ("2026-10-10 18:00", 3, ["register_evidence"]),
        ("2026-10-16 17:59", 3, ["register_evidence"]),
        ("2026-10-16 18:00", 3, ["decide_missing_evidence"]),
    ],
)
def test_holidays_do_not_count_and_make_up_days_do(
    walker: Walker, until: str, count: int, opened: list[str]
) -> None:
    """XC-T-2: over 国庆 the third working day after 28 September is 8 October, the tenth 16 October."""
    walker.clock.at = BEFORE_THE_HOLIDAY
    case = asked(walker)
    walker.at(shanghai(until))
    assert (reminders(case), case.open) == (count, opened)


def test_without_evidence_the_case_may_be_closed_as_insufficient(
    walker: Walker, waiting: Case
) -> None:
    """FB-X-2, FB-E2: closed as 证据不足, archived, and the customer is told."""
    walker.at(shanghai("2026-12-15 09:00"))
    waiting.do("decide_missing_evidence", evidence_decision="证据不足关闭")

    assert (waiting.state, waiting.row.state) == ("COMPLETED", "CLOSED")
    assert "archive_case" in waiting.passed
    [mail] = [mail for mail in waiting.mailed("FB-M5") if mail.is_to_customer]
    assert "证据不足" in mail.subject


def test_without_evidence_quality_may_define_on_what_is_known(
    walker: Walker, waiting: Case
) -> None:
    """FB-X-2, FB-TM1: then the four hours count from the decision; no evidence ever came."""
    walker.at(shanghai("2026-12-15 09:00"))
    waiting.do("decide_missing_evidence")
    assert waiting.task("define_problem").due_at == shanghai("2026-12-15 13:00")


def test_an_uploaded_file_answers_the_wait(walker: Walker) -> None:
    """FB-W1, FB-4.5-3, XC-M-5: the message `fb_evidence_received` ends the wait and its reminders."""
    case = asked(walker, problem_type="包装破损")
    walker.publish("fb_evidence_received", case.no, evidence_files=[])
    assert case.open == ["define_problem"]
    walker.advance(days=30)
    assert reminders(case) == 1


def test_photos_are_wanted_where_photos_do(walker: Walker) -> None:
    """FB-4.5-4: packaging damage is shown by a photo; without one nothing is registered."""
    case = asked(walker, problem_type="包装破损")
    with pytest.raises(InvalidFormError) as refused:
        case.do("register_evidence")
    assert [one.path for one in refused.value.problems] == ["evidence_files"]
    case.do("register_evidence", by="wangfang", evidence_files=[walker.upload("wangfang")])
    assert case.open == ["define_problem"]


def test_the_customer_is_asked_for_what_the_problem_needs(walker: Walker) -> None:
    """FB-4.5-3, FB-4.5-5, FB-M2: colour: a sample, with the case number in the mail."""
    case = received(walker).do("check_history").do("request_evidence")
    [mail] = [mail for mail in case.mailed("FB-M2") if mail.is_to_customer]
    assert case.no in mail.subject
    assert "寄送样品" in mail.body
