"""Multiple events with compensation, cancel, link, error and escalation definitions (BPMN 2.0.2 §10.5)."""

from tests.engine.player import Player


def test_a_boundary_event_may_both_undo_and_interrupt() -> None:
    """While the work is on its message leads out; afterwards it is how the work is undone."""
    player = Player("multiple/undone", {"case_no": "A"})
    player.deliver("back")
    assert (player.open, player.happened("TERMINATED")) == (["stopped"], ["book"])

    player = Player("multiple/undone", {"case_no": "A"})
    player.complete("book")
    player.complete("confirm")
    assert (player.open, player.subscriptions) == (["tell"], {})
    assert player.complete("tell", sent=1).signals == ()
    assert player.open == ["undo_book"]
    step = player.complete("undo_book")
    assert [signal.name for signal in step.signals] == ["news"]
    assert (player.open, player.root["sent"]) == (["after"], 1)


def test_an_event_sub_process_may_start_by_an_event_or_to_undo() -> None:
    """By its signal while its scope is active, by compensation when that has completed."""
    player = Player("multiple/undone_inside")
    player.signal("watch_start")
    assert player.open == ["repair", "work"]
    player.complete("repair")
    player.complete("work")
    assert (player.open, player.signals) == (["confirm"], {})

    player.complete("confirm")
    assert player.open == ["repair"]
    step = player.complete("repair")
    assert (step.ended, [signal.name for signal in step.signals]) == ("COMPLETED", ["undone"])


def test_a_link_among_other_definitions_is_taken_last_and_comes_in_without_waiting() -> None:
    """The signal goes out, then it jumps; who waits at the catch goes on waiting for the other definition."""
    player = Player("multiple/linked")
    step = player.complete("ask")
    assert ([signal.name for signal in step.signals], player.open) == (["gone"], ["seen"])

    player.signal("on")
    assert player.open == ["seen", "seen"]


def test_a_transaction_is_cancelled_after_the_signal_and_left_by_a_multiple_event() -> None:
    """Undone first; the same event leads out by its timer."""
    player = Player("multiple/cancelled")
    player.complete("flight")
    step = player.complete("pay")
    assert ([signal.name for signal in step.signals], player.open) == (["sorry"], ["undo_flight"])
    player.complete("undo_flight")
    assert player.open == ["apologise"]
    assert "failed" in player.happened("TERMINATED")

    late = Player("multiple/cancelled")
    late.fire("left")
    assert late.open == ["apologise"]


def test_an_error_is_caught_by_a_parallel_multiple_event_that_lacks_nothing_else() -> None:
    """Before the message came it goes on outward, for the work cannot wait any more."""
    player = Player("multiple/coded", {"case_no": "A"})
    player.throw("risky", "E")
    assert player.open == ["outer"]

    player = Player("multiple/coded", {"case_no": "A"})
    player.deliver("both", hint=1)
    player.throw("risky", "E", x=2)
    assert player.open == ["mend", "raise"]
    assert (player.root["hint"], player.root["x"]) == (1, 2)


def test_an_escalation_counts_for_a_parallel_multiple_event() -> None:
    """It is kept until the signal comes; an interrupting event waits with the interruption, too."""
    player = Player("multiple/coded", {"case_no": "A"})
    player.complete("raise")
    assert player.open == ["raise_again", "risky"]
    player.signal("noted")
    assert player.open == ["note", "raise_again", "risky"]

    player.complete("raise_again")
    assert player.open == ["note", "rest", "risky"]
    player.signal("stop")
    assert player.open == ["note", "stopped"]
