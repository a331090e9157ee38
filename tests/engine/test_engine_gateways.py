"""Gateways: exclusive, parallel, inclusive, event-based; links and terminate."""

import pytest

from tests.engine.player import Player


@pytest.mark.parametrize(("x", "taken"), [(6, "a"), (5, "b"), (1, "c")])
def test_exclusive_takes_the_first_true_flow_else_the_default(x: int, taken: str) -> None:
    """Conditions are asked in document order; the default is never asked."""
    assert Player("exclusive_gateway/default", {"x": x}).open == [taken]


def test_exclusive_without_true_flow_and_default_is_a_condition_error() -> None:
    """The instance waits for an operator."""
    player = Player("exclusive_gateway/no_default", {"x": 4})

    assert [incident.error_type for incident in player.step.incidents] == ["CONDITION_ERROR"]


def test_a_condition_that_is_null_stops_even_if_a_later_one_is_true() -> None:
    """Camunda 8: EXTRACT_VALUE_ERROR at once."""
    player = Player("exclusive_gateway/default")

    assert [incident.error_type for incident in player.step.incidents] == ["EXTRACT_VALUE_ERROR"]


def test_parallel_waits_for_every_branch() -> None:
    """Both orders give the same."""
    for first, second in (("a", "b"), ("b", "a")):
        player = Player("parallel_gateway/fork_join")
        player.complete(first)
        assert player.open == [second]
        player.complete(second)
        assert player.open == ["after"]


def test_branches_do_not_overwrite_each_other() -> None:
    """Variables live in scopes: a join merges nothing."""
    player = Player("parallel_gateway/fork_join", {"list": [1]})
    player.complete("a", list=[1, 2])
    player.complete("b", other=3)

    assert player.root == {"list": [1, 2], "other": 3}


def test_a_join_in_a_loop_works_every_round() -> None:
    """Counts begin anew."""
    player = Player("parallel_gateway/join_in_loop")
    for _ in range(5):
        player.complete("a")
        player.complete("b", more=True)
        assert player.open == ["a", "b"]
    player.complete("b", more=False)
    assert player.complete("a").ended == "COMPLETED"


def test_two_tokens_on_one_flow_replace_no_other() -> None:
    """The surplus stays at the join and keeps the instance alive."""
    player = Player("parallel_gateway/two_on_one_flow")
    player.complete("a")
    player.complete("a2")
    assert player.open == ["b"]

    player.complete("b")
    assert player.open == ["after"]
    assert player.complete("after").ended is None


def test_two_tokens_on_each_flow_join_twice() -> None:
    """Also when they all come in one step, before the joined token has run."""
    player = Player("parallel_gateway/two_on_each_flow")

    assert player.open == ["after", "after"]
    player.complete("after")
    player.complete("after")
    assert player.step.ended == "COMPLETED"


@pytest.mark.parametrize(
    ("x", "chosen"), [(0, ["c"]), (2, ["a"]), (3, ["a", "b"])], ids=["default", "one", "two"]
)
def test_inclusive_joins_exactly_what_it_forked(x: int, chosen: list[str]) -> None:
    """No more is waited for than can still come."""
    player = Player("inclusive_gateway/fork_join", {"x": x})
    assert player.open == chosen

    for task in chosen:
        player.complete(task)
    assert player.open == ["after"]
    assert player.complete("after").ended == "COMPLETED"


def test_inclusive_waits_for_a_boundary_path() -> None:
    """A token on the way from a boundary event still comes."""
    player = Player("inclusive_gateway/boundary_path")
    player.complete("a")
    player.fire("timeout")
    assert player.open == ["late"]

    player.complete("late")
    assert player.open == ["after"]


def test_inclusive_join_in_a_loop() -> None:
    """Each round joins for itself."""
    player = Player("inclusive_gateway/loop", {"both": True})
    player.complete("a")
    player.complete("b", more=True, both=False)
    assert player.open == ["a"]
    assert player.complete("a", more=False).ended == "COMPLETED"


def test_the_first_event_behind_an_event_gateway_decides() -> None:
    """All subscribe together; the flow is taken when one happens, and the others are closed."""
    player = Player("event_gateway/message_or_timer", {"case_no": 7})
    (subscription,) = player.step.subscriptions
    assert (subscription.message_name, subscription.correlation_key) == ("answered", "7")
    assert player.step.flows_taken == ("start_to_wait",)

    step = player.deliver("answer", text="yes")

    assert step.flows_taken == ("wait_to_answer", "answer_to_read")
    assert (player.open, player.root["text"], player.timers) == (["read"], "yes", {})


def test_the_timer_behind_an_event_gateway_decides() -> None:
    """The message is no longer waited for."""
    player = Player("event_gateway/message_or_timer", {"case_no": 7})
    player.fire("timeout")

    assert (player.open, player.subscriptions) == (["chase"], {})


def test_a_link_goes_on_at_the_catch_of_its_name() -> None:
    """A goto inside one scope."""
    player = Player("link/jump")
    player.complete("a")

    assert player.open == ["b"]
    assert player.complete("b").ended == "COMPLETED"


def test_terminate_ends_all_and_the_scope_is_completed() -> None:
    """The other task is closed, the instance COMPLETED."""
    player = Player("end_event/terminate")
    step = player.complete("a")

    assert (step.ended, player.happened("TERMINATED")) == ("COMPLETED", ["b"])


def test_an_inclusive_fork_and_join_run_in_a_loop() -> None:
    """Each round waits for what that round has taken, and for nothing else."""
    player = Player("inclusive_gateway/loop_of_joins", {"x": True, "y": True, "more": True})
    assert player.open == ["a", "b"]
    player.complete("b")
    player.complete("a")
    assert player.open == ["check"]
    player.complete("check", x=False)
    assert player.open == ["b"]
    player.complete("b")
    player.complete("check", y=False)
    assert player.open == ["c"]
    player.complete("c")
    player.complete("check", more=False)

    assert player.open == ["after"]
    assert player.complete("after").ended == "COMPLETED"


def test_parallel_joins_run_in_loops_inside_each_other() -> None:
    """Three inner rounds for one token of the outer branch, then the outer round again."""
    player = Player("parallel_gateway/nested_loops", {"more_inner": True, "more_outer": True})
    for _ in range(2):
        player.complete("a")
        player.complete("b")
    assert player.open == ["a", "b", "c"]
    player.complete("b", more_inner=False)
    player.complete("a")
    assert player.open == ["c"]
    player.complete("c")
    assert player.open == ["a", "b", "c"]
    for name in ("c", "a", "b"):
        player.complete(name, more_outer=False)

    assert player.open == ["after"]
    assert player.complete("after").ended == "COMPLETED"


def test_a_receive_task_behind_an_event_gateway_is_done_when_its_message_has_come() -> None:
    """With its mappings, like an event (BPMN 2.0.2 §10.6.6; Camunda 8 wants events)."""
    player = Player("event_gateway/receive_tasks", {"case_no": "A"})
    assert player.happened("ACTIVATED")[-1] == "which"
    player.deliver("paid", amount=5)

    assert (player.open, player.root) == (["book"], {"case_no": "A", "paid": 5})
    assert (player.subscriptions, player.timers) == ({}, {})
