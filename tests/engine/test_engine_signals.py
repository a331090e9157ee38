"""Signal events in every position, and escalation events."""

from dataclasses import replace

import pytest

from service import engine
from service.domain.errors import WrongStateError
from tests.engine.player import INSTANCE_KEY, Player


def test_every_position_waits_for_its_signal() -> None:
    """Catch, boundary, event-based gateway; the name may be an expression that sees the host's locals."""
    player = Player("signal/positions")

    assert sorted((s.element_id, s.signal_name) for s in player.signals.values()) == [
        ("by_signal", "news"),
        ("heard", "news"),
        ("hint", "hint"),
        ("stop", "stop"),
    ]


def test_a_catch_event_hands_over_what_its_mappings_name() -> None:
    """The payload itself is local to the event."""
    player = Player("signal/positions")
    player.signal("heard", news=3, noise=1)

    assert (player.open, player.root) == (["after_catch", "work"], {"got": 3})


def test_a_gateway_goes_on_by_the_signal() -> None:
    """The timer beside is no longer waited for; without mappings the payload goes outward."""
    player = Player("signal/positions")
    player.signal("by_signal", news=3)

    assert (player.open, player.root) == (["after_signal", "work"], {"news": 3})
    assert player.timers == {}


def test_boundary_signals_interrupt_or_not() -> None:
    """A non-interrupting one comes any number of times."""
    player = Player("signal/positions")
    player.signal("hint")
    player.signal("hint")
    assert player.open == ["read", "read", "work"]

    player.signal("stop")
    assert player.open == ["read", "read", "stopped"]
    assert {s.element_id for s in player.signals.values()} == {"heard", "by_signal"}


def test_a_signal_reaches_a_subscription_once_when_it_interrupts() -> None:
    """The second delivery finds nobody."""
    player = Player("signal/event_sub_process")
    key = next(iter(player.signals))
    player.signal("watch_start")
    assert player.open == ["handle"]

    with pytest.raises(WrongStateError):
        engine.deliver_signal(player.process, player.instance, key, {}, player.around)


def test_a_throw_is_heard_by_who_waits_and_not_by_what_comes_behind() -> None:
    """The step tells the caller, with the local variables as payload."""
    player = Player("signal/throw", {"amount": 4})
    step = player.complete("go")

    (thrown,) = step.signals
    assert (thrown.element_id, thrown.name) == ("shout", "news")
    assert thrown.variables == {"amount": 5, "part": 1}
    assert player.open == ["after_early"]
    assert [s.element_id for s in player.signals.values()] == ["too_late"]
    assert player.root == {"amount": 5, "part": 1, "told": 1}


def test_an_end_event_is_heard_by_the_scopes_around_before_they_complete() -> None:
    """The sub-process is still there: its boundary event interrupts it, the process is told beside."""
    player = Player("signal/end")
    step = player.complete("work")

    assert [signal.name for signal in step.signals] == ["news"]
    assert player.open == ["handle", "interrupted"]
    assert player.happened("COMPLETED").count("shout") == 1
    assert player.happened("TERMINATED") == ["part"]


def test_the_last_end_event_of_a_process_is_heard_by_its_event_sub_process() -> None:
    """The process goes on there instead of ending."""
    player = Player("signal/last_word")
    step = player.complete("main")

    assert (step.ended, player.open) == (None, ["handle"])
    assert player.complete("handle").ended == "COMPLETED"


def test_a_signal_start_takes_its_payload_through_its_mappings() -> None:
    """The name is evaluated at deploy, without variables."""
    player = Player("signal/start", {"customer": "王", "noise": 1}, start_event="on_news")
    assert (player.open, player.root) == (["receive"], {"customer": "王"})

    (name,) = engine.start_names(player.process, player.around)
    assert (name.element_id, name.kind, name.name) == ("on_news", "signal", "news")


def test_an_escalation_is_told_while_the_work_goes_on() -> None:
    """The exact code before catch-all; the event behind the throw is reached."""
    player = Player("escalation/boundary", {"code": "burning"})
    player.complete("work")

    assert player.open == ["after_note", "beside", "look"]
    assert player.root == {"code": "burning", "noted": 1}


def test_an_interrupting_escalation_catch_takes_over() -> None:
    """The flow of the throw event is not taken, and it has not completed."""
    player = Player("escalation/boundary", {"code": "burning"})
    player.complete("beside")

    assert player.open == ["took_over"]
    assert "alarm_to_after_alarm" not in player.step.flows_taken
    assert {"alarm", "work", "part"} <= set(player.happened("TERMINATED"))


def test_an_escalation_end_reaches_the_scope_that_catches_its_code() -> None:
    """An event sub-process of another code inside is passed over; the sub-process completes."""
    player = Player("escalation/event_sub_process")
    player.complete("work")

    assert player.open == ["after", "handle"]


def test_an_uncaught_escalation_changes_nothing() -> None:
    """Throw and end event pass."""
    player = Player("escalation/uncaught")
    assert player.open == ["after"]

    step = player.complete("after")
    assert (step.ended, step.incidents, step.escalations) == ("COMPLETED", (), ())


def test_an_event_sub_process_that_took_over_escalates_to_the_boundary_of_its_scope() -> None:
    """No further: what hangs on the scopes around that one does not hear it (CatchEventAnalyzer)."""
    player = Player("escalation/interrupted")
    player.fire("limit")
    assert player.open == ["mend", "read"]
    player.complete("mend")

    assert player.open == ["read"]


def test_what_an_event_sub_process_throws_again_goes_on_outward() -> None:
    """It does not begin anew for its own escalation: the boundary event of its scope hears that."""
    player = Player("escalation/own_code")
    assert player.open == ["handle", "work"]
    player.complete("handle")

    assert player.open == ["decide", "work"]
    assert player.happened("ACTIVATED").count("inline") == 1


def test_an_escalation_goes_up_to_the_caller_and_the_child_goes_on() -> None:
    """The step names it only when somebody above catches it."""
    child = Player("escalation/child", escalated_above=lambda code: False)
    step = child.complete("work")
    assert ([thrown.code for thrown in step.escalations], child.open) == (["late"], ["after"])

    caller = Player("escalation/called")
    key = caller.waits_of("ask")[0].element_instance_key
    assert engine.catches_escalation(caller.process, caller.instance, key, "late") is False
    assert engine.catches_escalation(caller.process, caller.instance, key, "over") is True
    assert engine.catches_escalation(caller.process, caller.instance, key, "else") is None
    caller.escalate("ask", "late")
    assert caller.open == ["ask", "look"]
    caller.escalate("ask", "over")
    assert caller.open == ["look", "took_over"]


def test_an_escalation_that_interrupts_above_ends_the_child() -> None:
    """Nothing of it goes on."""
    child = Player("escalation/child", escalated_above=lambda code: False)
    child.complete("work")
    child.around = replace(child.around, escalated_above=lambda code: True)
    step = child.complete("after")

    assert (step.ended, [thrown.code for thrown in step.escalations]) == ("TERMINATED", ["over"])


def test_a_catch_all_takes_the_errors_that_nobody_names() -> None:
    """The exact code inside is nearer; an error's variables need an output mapping at a boundary."""
    player = Player("error/positions")
    player.throw("work", "K", why="inside")
    assert (player.open, player.root) == (["inside"], {"why": "inside"})

    player = Player("error/positions")
    player.throw("work", "OTHER", why="outside", noise=1)
    assert (player.open, player.root) == (["mended"], {"reason": "outside"})
    assert player.scopes.keys() <= {INSTANCE_KEY}
