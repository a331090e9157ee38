"""Compensation and transactions: what completed is undone, once, and the throw waits for it."""

import pytest

from tests.engine.player import Player


def test_a_throw_undoes_what_has_completed_and_waits_for_all_handlers() -> None:
    """Handlers run at once; what is still active is not undone."""
    player = Player("compensation/throw")
    player.complete("b")
    player.complete("a")

    assert player.open == ["c", "undo_a", "undo_b"]
    player.complete("undo_a")
    assert "after" not in player.open
    player.complete("undo_b")
    assert player.open == ["after", "c"]
    assert player.happened("COMPLETED").count("undo_a_event") == 1


def test_a_throw_with_nothing_to_undo_goes_on_at_once() -> None:
    """What is active is not undone, and nobody waits for ever."""
    player = Player("compensation/nothing")

    assert player.open == ["a", "after"]


def test_a_throw_that_does_not_wait_goes_on_at_once() -> None:
    """The handlers run beside what follows; the scope waits for both."""
    player = Player("compensation/no_wait")
    player.complete("a")
    assert player.open == ["after", "undo_a"]
    player.complete("after")
    assert player.step.ended is None
    player.complete("undo_a")

    assert player.step.ended == "COMPLETED"


def test_a_throw_inside_a_sub_process_undoes_nothing_outside() -> None:
    """Only `b`, which lies in the same scope."""
    player = Player("compensation/inside")
    player.complete("a")
    player.complete("b")

    assert player.open == ["undo_b"]
    player.complete("undo_b")
    assert player.step.ended == "COMPLETED"


def test_a_throw_may_name_one_activity() -> None:
    """`b` is left alone."""
    player = Player("compensation/activity")
    player.complete("a")
    player.complete("b")

    assert player.open == ["undo_a"]
    player.complete("undo_a")
    assert player.step.ended == "COMPLETED"


def test_completed_sub_processes_are_undone_inside_too() -> None:
    """Their own handler and those of all levels; each sees the variables of its sub-process."""
    player = Player("compensation/sub_process")
    player.complete("a", inner=2)
    player.complete("b")
    player.complete("decide")

    assert player.open == ["undo_a", "undo_b", "undo_part"]
    assert [player.local(name).get("inner") for name in player.open] == [2, 2, None]
    for name in player.open:
        player.complete(name)
    assert player.step.ended == "COMPLETED"


def test_an_event_sub_process_undoes_what_completed_around_it() -> None:
    """And what completed in itself."""
    player = Player("compensation/event_sub_process")
    player.complete("a")
    player.throw("risky", "broken")
    player.complete("b")

    assert player.open == ["undo_a", "undo_b"]
    player.complete("undo_a")
    player.complete("undo_b")
    assert player.step.ended == "COMPLETED"


def test_a_multi_instance_activity_is_undone_once_its_inner_ones_each() -> None:
    """The handler of the body runs once, here as a multi-instance itself; those inside run for each."""
    player = Player("compensation/multi_instance", {"items": [1, 2]})
    for name in ("each", "each", "b", "b"):
        player.complete(name)

    assert player.open == ["undo_b", "undo_b", "undo_each", "undo_each"]
    assert player.happened("COMPLETED").count("undo_each_event") == 1
    for name in player.open:
        player.complete(name)
    assert player.step.ended == "COMPLETED"


def test_a_multi_instance_activity_that_is_not_over_is_not_undone() -> None:
    """One of its instances has completed, the body has not."""
    player = Player("compensation/multi_instance", {"items": [1, 2]})
    player.complete("each")

    assert player.open == ["each"]


def test_a_compensation_event_sub_process_takes_the_place_of_the_handlers() -> None:
    """It sees the variables of its sub-process and may throw for what is inside.

    Source: BPMN 2.0.2 §10.7.
    """
    player = Player("compensation/own_event_sub_process")
    player.complete("a")
    player.complete("decide")

    assert player.open == ["look"]
    scope_key = next(key for key, values in player.scopes.items() if values.get("seen") == 7)
    assert scope_key
    player.complete("look")
    assert player.open == ["undo_a"]
    player.complete("undo_a")
    assert player.step.ended == "COMPLETED"


def test_a_called_process_is_undone_by_the_handler_of_its_call() -> None:
    """The handler may call a process itself."""
    player = Player("compensation/call")
    player.complete("call")

    assert player.open == ["undo_call"]
    player.complete("undo_call")
    assert player.open == ["after"]


def test_an_activity_that_completed_twice_is_undone_twice() -> None:
    """Once for each execution."""
    player = Player("compensation/in_loop", {"more": True})
    player.complete("a")
    player.complete("a", more=False)

    assert player.open == ["undo_a", "undo_a"]
    player.complete("undo_a")
    player.complete("undo_a")
    assert player.open == ["after"]


def test_cancelling_an_instance_ends_its_handlers() -> None:
    """Nothing is left waiting."""
    player = Player("compensation/throw")
    player.complete("a")
    player.cancel()

    assert (player.step.ended, player.open) == ("TERMINATED", [])


@pytest.mark.parametrize("done", [[], ["flight"], ["flight", "hotel"]], ids=["0", "1", "2"])
def test_a_cancelled_transaction_is_undone_and_left_by_its_cancel_event(done: list[str]) -> None:
    """What is active is terminated, what completed is undone, then the path goes on outside.

    Source: BPMN 2.0.2 §10.3.5, §13.5.6.
    """
    player = Player("transaction/booking")
    for name in done:
        player.complete(name)
    player.complete("pay", refused=True)

    assert player.open == (sorted(f"undo_{name}" for name in done) or ["apologise"])
    assert not player.timers
    for name in done:
        player.complete(f"undo_{name}")
    assert player.open == ["apologise"]
    assert player.happened("TERMINATED").count("booking") == 1


def test_a_transaction_that_succeeds_is_a_sub_process() -> None:
    """It completes and takes its own flow."""
    player = Player("transaction/booking", {"refused": False})
    for name in ("flight", "hotel", "pay"):
        player.complete(name)

    assert player.open == ["done"]
    assert player.happened("COMPLETED").count("booking") == 1


def test_an_error_while_a_transaction_is_undone_is_a_hazard() -> None:
    """It is caught by the error event of the transaction; the rest is not undone."""
    player = Player("transaction/booking")
    player.complete("flight")
    player.complete("hotel")
    player.complete("pay", refused=True)
    player.throw("undo_hotel", "broken")

    assert player.open == ["repair"]


def test_cancelling_one_transaction_of_a_multi_instance_cancels_all() -> None:
    """What the others have completed is undone as well."""
    player = Player("transaction/each", {"items": [1, 2, 3], "refused": False})
    for name in ("flight", "hotel", "pay", "flight"):
        player.complete(name)
    player.complete("pay", 1, refused=True)

    assert player.open == ["undo_flight", "undo_flight", "undo_hotel"]
    for name in player.open:
        player.complete(name)
    assert player.open == ["apologise"]
