"""Messages, timers, boundary events, event sub-processes, errors."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service import engine
from service.domain.cluster_variables import platform
from service.domain.errors import WrongStateError
from service.feel import Function
from service.sla import WorkingCalendar, calendar_functions
from tests.engine.player import NOON, Player


@pytest.mark.parametrize(
    ("value", "key"), [("A-1", "A-1"), (7, "7"), (7.9, "7")], ids=["text", "whole", "fraction"]
)
def test_a_correlation_key_is_a_text_or_a_number(value: object, key: str) -> None:
    """A number becomes the text of its whole part."""
    player = Player("message/catch", {"case_no": value})

    assert [s.correlation_key for s in player.step.subscriptions] == [key]


@pytest.mark.parametrize("value", [None, True, [1], {"a": 1}])
def test_any_other_correlation_key_is_an_incident(value: object) -> None:
    """EXTRACT_VALUE_ERROR, and nothing is subscribed."""
    player = Player("message/catch", {"case_no": value})

    assert [incident.error_type for incident in player.step.incidents] == ["EXTRACT_VALUE_ERROR"]
    assert player.subscriptions == {}


@pytest.mark.parametrize(("length", "expected"), [(256, []), (257, ["EXTRACT_VALUE_ERROR"])])
def test_a_key_by_which_rows_are_found_has_256_characters(length: int, expected: list[str]) -> None:
    """A longer one is an incident: no index of PostgreSQL would hold it."""
    player = Player("message/catch", {"case_no": "长" * length})

    assert [incident.error_type for incident in player.step.incidents] == expected
    assert len(player.subscriptions) == 1 - len(expected)


def test_a_message_hands_over_what_the_output_mappings_name() -> None:
    """The payload itself is local to the event."""
    player = Player("message/catch", {"case_no": "A"})
    player.deliver("wait", payload={"value": 3}, noise=1)

    assert (player.open, player.root) == (["after"], {"case_no": "A", "got": 3})


def test_a_message_arrives_once() -> None:
    """The second delivery finds nobody."""
    player = Player("message/catch", {"case_no": "A"})
    key = player.step.subscriptions[0].subscription_key
    player.deliver("wait")

    with pytest.raises(WrongStateError):
        engine.deliver_message(player.process, player.instance, key, {}, player.around)


def test_a_receive_task_waits_like_a_catch_event_with_boundary_events() -> None:
    """Reminders come and go while it waits."""
    player = Player("message/receive", {"case_no": "A"})
    player.fire("late")
    assert player.open == ["remind"]

    player.deliver("wait", note="here")
    assert (player.open, player.root["note"]) == (["after", "remind"], "here")
    assert player.timers == {}


def test_a_boundary_message_key_sees_the_input_mappings_of_its_host() -> None:
    """Like its name, and like the duration of a timer (Camunda 8.10, message events)."""
    player = Player("message/boundary", {"case_no": "outer"})

    assert {(s.message_name, s.correlation_key) for s in player.step.subscriptions} == {
        ("hint", "inner"),
        ("stop", "inner"),
    }


def test_a_non_interrupting_message_comes_any_number_of_times() -> None:
    """The subscription stays; the interrupting one ends host and subscriptions."""
    player = Player("message/boundary", {"case_no": "A"})
    player.deliver("hint")
    player.deliver("hint")
    assert player.open == ["read", "read", "work"]

    player.deliver("stop")
    assert (player.open, player.subscriptions) == (["read", "read", "stopped"], {})
    assert player.happened("TERMINATED") == ["work"]


def test_a_message_start_takes_its_payload_through_its_mappings() -> None:
    """Other variables of the message stay outside."""
    player = Player("message/start", {"name": "王", "noise": 1}, start_event="public")

    assert (player.open, player.root) == (["receive"], {"customer": "王"})


def test_started_by_hand_the_variables_are_those_of_the_root() -> None:
    """The none start event is taken when none is named."""
    player = Player("message/start", {"name": "王"})

    assert (player.open, player.root) == (["receive"], {"name": "王"})


def test_a_start_event_that_is_not_there_is_refused() -> None:
    """An embedded or unknown id is no start event of the process."""
    with pytest.raises(WrongStateError):
        Player("message/start", start_event="receive")


def test_a_cycle_fires_as_often_as_it_says() -> None:
    """R3/PT1H: three reminders, an hour apart, then never again."""
    player = Player("timer/boundary")
    moments = []
    for _ in range(3):
        timer = next(t for t in player.timers.values() if t.element_id == "remind")
        moments.append(timer.due_at)
        player.fire("remind")

    assert moments == [NOON + timedelta(hours=hours) for hours in (1, 2, 3)]
    assert player.open == ["chase", "chase", "chase", "work"]
    assert [t.element_id for t in player.timers.values()] == ["limit"]


def test_missed_firings_of_a_cycle_are_skipped() -> None:
    """After a day of downtime the next firing lies an interval after now."""
    player = Player("timer/boundary")
    player.around = replace(player.around, now=NOON + timedelta(days=1))
    player.fire("remind")

    (timer,) = [t for t in player.timers.values() if t.element_id == "remind"]
    assert (timer.due_at, timer.repetitions_left) == (NOON + timedelta(days=1, hours=1), 2)


def test_an_interrupting_timer_ends_the_work_and_its_other_timers() -> None:
    """Everything of the host is closed."""
    player = Player("timer/boundary")
    player.fire("limit")

    assert (player.open, player.timers) == (["give_up"], {})


def test_a_boundary_event_may_end_its_way() -> None:
    """Without outgoing flow: one ends the work with it, the other leaves it alone."""
    player = Player("timer/no_way")
    player.fire("hint")
    assert player.open == ["work"]
    player.fire("limit")

    assert (player.open, player.step.ended) == ([], "COMPLETED")


def test_a_timer_does_not_fire_before_its_moment() -> None:
    """Waking early does no harm."""
    player = Player("timer/boundary")
    limit = next(t for t in player.timers.values() if t.element_id == "limit")
    early = replace(player.around, now=limit.due_at - timedelta(seconds=1))

    with pytest.raises(WrongStateError):
        engine.trigger_timer(player.process, player.instance, limit.timer_key, early)


def test_timers_take_dates_and_calendar_durations_from_expressions() -> None:
    """A date of the past is due at once; a month is one of the calendar."""
    player = Player(
        "timer/catch",
        {"moment": "2026-01-01T00:00:00+08:00"},
        platform=platform({"WAIT": "P1M"}, {}),
    )
    assert player.step.timers[0].due_at < NOON
    player.fire("until")

    assert player.step.timers[0].due_at == datetime(2026, 12, 24, 12, tzinfo=UTC)
    assert player.fire("month").ended == "COMPLETED"


def test_a_sub_process_keeps_its_variables_to_itself() -> None:
    """Only output mappings take something out; new names written inside go to the root."""
    player = Player("sub_process/embedded", {"outer": 1, "case_no": "A"})
    player.complete("inner", local=5, fresh=True)

    assert player.root == {"outer": 1, "case_no": "A", "result": 5, "fresh": True}
    assert player.open == ["after"]


def test_interrupting_a_sub_process_ends_what_is_inside() -> None:
    """Innermost first."""
    player = Player("sub_process/embedded", {"outer": 1, "case_no": "A"})
    player.deliver("stop")

    assert player.open == ["stopped"]
    assert player.happened("TERMINATED") == ["inner", "part"]


def test_terminate_inside_ends_only_its_sub_process() -> None:
    """The sub-process completes and its flow is taken."""
    player = Player("sub_process/terminate")
    player.complete("a")

    assert player.open == ["after"]


def test_a_non_interrupting_event_sub_process_runs_beside() -> None:
    """Any number of times; the instance ends when all are done."""
    player = Player("event_sub_process/message", {"case_no": "A"})
    player.deliver("watch_start", change=1)
    player.deliver("watch_start", change=2)
    assert (player.open, player.root["change"]) == (["handle", "handle", "main"], 2)

    player.complete("main")
    player.complete("handle")
    assert player.complete("handle").ended == "COMPLETED"


def test_an_interrupting_event_sub_process_takes_over() -> None:
    """What ran is terminated, the event is heard once."""
    player = Player("event_sub_process/message_interrupting", {"case_no": "A"})
    player.deliver("watch_start")
    assert (player.open, player.subscriptions) == (["handle"], {})

    assert player.complete("handle").ended == "COMPLETED"


def test_a_timer_event_sub_process_does_not_keep_the_instance_alive() -> None:
    """When the main flow is over, the timer is closed."""
    player = Player("event_sub_process/timer_cycle")
    player.fire("watch_start")
    assert player.open == ["handle", "main"]
    player.complete("handle")

    assert player.complete("main").ended == "COMPLETED"


def test_an_error_event_sub_process_catches_inside_and_leaves_the_boundary_open() -> None:
    """The scope's own boundary timer stays; the scope completes after the repair."""
    player = Player("event_sub_process/nested_error", {"case_no": "A"})
    assert [s.correlation_key for s in player.subscriptions.values()] == ["A"]
    player.complete("inner")
    assert player.open == ["repair"]
    assert (list(player.subscriptions), len(player.timers)) == ([], 1)

    player.complete("repair")
    assert (player.open, player.timers) == (["after"], {})


def test_an_interrupted_scope_can_still_be_interrupted_from_outside() -> None:
    """The boundary timer ends the repair."""
    player = Player("event_sub_process/nested_error", {"case_no": "A"})
    player.complete("inner")
    player.fire("limit")

    assert player.open == ["late"]


@pytest.mark.parametrize(
    ("code", "where"), [("a", "handled_any"), ("b", "handled_b"), ("", "after")]
)
def test_an_error_goes_to_the_nearest_scope_that_catches_it(code: str, where: str) -> None:
    """Boundary by boundary outward; without error the flow goes on."""
    player = Player("error/nearest_scope")
    player.complete("work", code=code)

    assert player.open == [where]


def test_an_error_leaves_unrelated_scopes_alone() -> None:
    """Only the boundary of the scope it left is asked."""
    player = Player("error/unrelated_scope")
    player.complete("l")

    assert player.open == ["after_left", "r"]


def test_an_uncaught_error_end_is_an_incident_and_fails_again() -> None:
    """The instance does not complete as if all were well."""
    player = Player("error/uncaught")
    step = player.complete("work")
    (incident,) = step.incidents
    assert (incident.error_type, step.ended) == ("UNHANDLED_ERROR_EVENT", None)

    again = player.retry(incident.element_instance_key)
    assert [i.error_type for i in again.incidents] == ["UNHANDLED_ERROR_EVENT"]


def test_cancelling_closes_everything() -> None:
    """The player refuses an ended instance that still waits."""
    player = Player("message/boundary", {"case_no": "A"})

    assert player.cancel().ended == "TERMINATED"


def test_timer_starts_are_evaluated_without_an_instance() -> None:
    """The first firing of each, then the following ones; a date fires once."""
    opening = "2026-12-01T09:00:00+08:00"
    player = Player("timer/start", start_event="once", platform=platform({"OPENING": opening}, {}))
    assert player.open == ["u"]

    nightly, once = engine.start_timers(player.process, player.around)
    assert (once.element_id, once.due_at) == ("once", datetime(2026, 12, 1, 1, tzinfo=UTC))
    assert engine.next_start_timer(once, once.due_at) is None
    following = engine.next_start_timer(nightly, nightly.due_at)
    assert following is not None
    assert following.due_at - nightly.due_at == timedelta(days=1)


def test_timers_take_every_kind_of_feel_value() -> None:
    """Durations, moments with offset or zone, local ones in Shanghai, working days, texts, and cycle()."""
    parameters, add_working_days = calendar_functions(WorkingCalendar.of())["add working days"]
    functions = {"add working days": Function(parameters, add_working_days)}
    player = Player("timer/expressions", functions=functions)

    assert player.step.incidents == ()
    assert {timer.element_id: timer.due_at for timer in player.step.timers} == {
        "days": NOON + timedelta(days=1),
        "months": datetime(2026, 12, 24, 12, tzinfo=UTC),
        "moment": datetime(2026, 12, 1, 1, tzinfo=UTC),
        "zoned": datetime(2026, 12, 1, 1, tzinfo=UTC),
        "local": datetime(2026, 12, 1, 1, tzinfo=UTC),
        "working": datetime(2026, 11, 25, 10, tzinfo=UTC),
        "text": NOON + timedelta(hours=4),
        "often": NOON + timedelta(hours=1),
    }


def test_a_cron_text_reminds_without_end() -> None:
    """Each working day at nine in Shanghai, over the weekend."""
    player = Player("timer/cron")
    moments = []
    for _ in range(5):
        (timer,) = player.timers.values()
        moments.append(timer.due_at.isoformat())
        player.fire("remind")

    assert moments == [f"2026-11-{day}T01:00:00+00:00" for day in (25, 26, 27, 30)] + [
        "2026-12-01T01:00:00+00:00"
    ]
    assert player.open == ["chase"] * 5 + ["work"]
