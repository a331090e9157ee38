"""Multiple and parallel multiple events, and the other elements that start instances (BPMN 2.0.2)."""

import pytest

from service import engine
from service.domain.errors import WrongStateError
from tests.engine.player import Player


def test_any_definition_of_a_multiple_event_is_enough() -> None:
    """Catch event and event behind a gateway: what else they wait for is over."""
    player = Player("multiple/positions", {"case_no": "A"})
    player.deliver("either", answer="yes", noise=1)
    assert player.open == ["after_either", "work"]
    assert player.root == {"case_no": "A", "answer": "yes"}

    player.signal("choice_any")
    assert player.open == ["after_choice", "after_either", "work"]
    assert {timer.element_id for timer in player.timers.values()} == {"hint", "stop"}


def test_a_multiple_event_happens_by_its_timer() -> None:
    """Like a timer event; the message is no longer waited for."""
    player = Player("multiple/positions", {"case_no": "A"})
    player.fire("either")

    assert player.open == ["after_either", "work"]
    assert "either" not in {s.element_id for s in player.subscriptions.values()}


def test_a_non_interrupting_multiple_event_happens_by_each_definition() -> None:
    """Any number of times; its cycle goes on."""
    player = Player("multiple/positions", {"case_no": "A"})
    player.deliver("hint")
    player.signal("hint")
    player.fire("hint")
    player.fire("hint")

    assert player.open == ["read"] * 4 + ["work"]
    assert "hint" not in {timer.element_id for timer in player.timers.values()}
    player.deliver("hint")
    assert player.open == ["read"] * 5 + ["work"]


def test_an_interrupting_multiple_event_ends_the_work_once() -> None:
    """All its other subscriptions are over with the work."""
    player = Player("multiple/positions", {"case_no": "A"})
    player.signal("stop")

    assert player.open == ["stopped"]
    assert {s.element_id for s in player.signals.values()} == {"choice_any"}


def test_a_multiple_start_event_starts_by_each_definition() -> None:
    """Its names stand in the list of what starts the process."""
    player = Player("multiple/positions", {"customer": "王"}, start_event="any")
    assert player.root == {"customer": "王"}

    names = engine.start_names(player.process, player.around)
    assert [(n.element_id, n.kind, n.name) for n in names] == [
        ("any", "signal", "news"),
        ("any", "message", "begin"),
    ]


def test_a_parallel_multiple_catch_event_waits_for_all() -> None:
    """In any order, saved between; each is heard once; the payloads come together."""
    player = Player("multiple/parallel", {"case_no": "A"})
    player.signal("both", said="signal", s=1)
    assert player.open == ["work"]
    assert "both" not in {s.element_id for s in player.signals.values()}

    player.fire("both")
    assert player.open == ["work"]
    player.deliver("both", said="message", m=2)
    assert player.open == ["after_both", "work"]
    assert {n: player.root[n] for n in ("said", "s", "m")} == {"said": "signal", "s": 1, "m": 2}


def test_a_non_interrupting_parallel_multiple_event_counts_like_a_join() -> None:
    """Two signals and one message are one happening; the surplus waits for the next message."""
    player = Player("multiple/parallel", {"case_no": "A"})
    player.signal("hint")
    player.signal("hint")
    assert player.open == ["work"]
    player.deliver("hint")
    assert player.open == ["read", "work"]

    player.deliver("hint")
    assert player.open == ["read", "read", "work"]


def test_an_interrupting_parallel_multiple_event_needs_its_condition_too() -> None:
    """The condition may come first and is not asked again."""
    player = Player("multiple/parallel", {"case_no": "A", "x": 2})
    player.write(1, {"x": 0})
    player.deliver("stop")
    assert player.open == ["work"]

    player.signal("stop")
    assert player.open == ["stopped"]


def test_an_event_sub_process_starts_by_any_definition() -> None:
    """Errors and escalations among them."""
    player = Player("multiple/event_sub_process", {"case_no": "A"})
    player.signal("watch_start")
    player.deliver("watch_start")
    player.complete("main")
    assert player.open == ["handle", "handle", "risky"]

    player.throw("risky", "E")
    assert player.open == ["guarded"]


def test_a_multiple_throw_event_throws_all() -> None:
    """The message first, as a job; then signal and escalation; then the flow."""
    player = Player("multiple/throw", {"amount": 4})
    player.complete("go")
    assert (player.open, player.step.signals) == (["tell"], ())

    step = player.complete("tell")
    assert [(s.name, s.variables) for s in step.signals] == [("one", {"amount": 4})]
    assert player.open == ["look", "next"]


def test_a_multiple_end_event_throws_its_error_last() -> None:
    """Everybody hears the signal before the scope is over."""
    player = Player("multiple/throw", {"amount": 4})
    player.complete("go")
    player.complete("tell")
    step = player.complete("next")

    assert [signal.name for signal in step.signals] == ["one"]
    assert player.open == ["look", "mend"]


def test_an_escalation_among_several_that_interrupts_keeps_the_flow_from_being_taken() -> None:
    """The signal has gone out before; the event itself is terminated."""
    player = Player("multiple/throw_interrupted")
    step = player.complete("go")

    assert ([signal.name for signal in step.signals], player.open) == (["one"], ["took_over"])
    assert "tell_to_next" not in step.flows_taken
    assert "tell" in player.happened("TERMINATED")


def test_an_end_event_that_signals_and_terminates_ends_the_process() -> None:
    """What runs beside is terminated."""
    player = Player("multiple/end")
    step = player.complete("go")

    assert ([signal.name for signal in step.signals], step.ended) == (["one"], "COMPLETED")


def test_an_uncaught_error_among_several_is_an_incident_and_nothing_is_thrown() -> None:
    """Nor at the retry."""
    player = Player("multiple/end")
    step = player.complete("lose")
    (incident,) = step.incidents
    assert (incident.error_type, step.signals) == ("UNHANDLED_ERROR_EVENT", ())

    again = player.retry(incident.element_instance_key)
    assert (len(again.incidents), again.signals) == (1, ())


def test_a_receive_task_may_start_the_process() -> None:
    """The message that starts it completes it; there is no other way in."""
    player = Player("starting/receive", {"customer": "王", "noise": 1}, start_event="first")

    assert (player.open, player.root) == (["handle"], {"customer": "王"})
    assert player.happened("COMPLETED") == ["first"]
    with pytest.raises(WrongStateError):
        Player("starting/receive")


@pytest.mark.parametrize("event", ["a", "b", "c"])
def test_the_first_event_of_an_instantiating_gateway_decides(event: str) -> None:
    """The others start instances of their own."""
    player = Player("starting/gateway", {"given": 1}, start_event=event)

    assert (player.open, player.root) == ([f"after_{event}"], {"given": 1})
    assert player.happened("COMPLETED") == ["g", event]
    assert (player.subscriptions, player.signals) == ({}, {})


def test_a_parallel_instantiating_gateway_waits_for_the_other_messages() -> None:
    """Their keys are found in what the first one brought; each takes its flow when it comes."""
    player = Player("starting/parallel_gateway", {"order": {"no": "A-1"}}, start_event="order")
    waiting = sorted((s.element_id, s.correlation_key) for s in player.subscriptions.values())
    assert waiting == [("paper", "A-1"), ("payment", "A-1")]

    player.deliver("payment", paid=True)
    assert player.open == []
    player.deliver("paper")
    assert (player.open, player.root) == (["ship"], {"order_no": "A-1", "paid": True})
    assert "g" in player.happened("COMPLETED")
    assert player.complete("ship").ended == "COMPLETED"


def test_a_parallel_instantiating_gateway_may_begin_with_any_of_its_messages() -> None:
    """A message that carries no key for the others stops as an incident, not silently."""
    player = Player("starting/parallel_gateway", {"order_no": "A-1"}, start_event="payment")
    assert {s.element_id for s in player.subscriptions.values()} == {"order", "paper"}

    player = Player("starting/parallel_gateway", start_event="payment")
    assert [i.error_type for i in player.step.incidents] == ["EXTRACT_VALUE_ERROR"]


def test_a_condition_that_is_true_already_is_one_of_all_that_must_come() -> None:
    """At a catch event, behind an event-based gateway and on a boundary, where two are true at once."""
    player = Player("multiple/true_already", {"case_no": "A", "x": 2, "y": False})
    assert player.open == ["work"]
    assert len(player.conditions) == 1
    player.deliver("both", paid=1)
    assert player.open == ["after", "work"]
    player.deliver("ready")
    assert (player.open, player.timers) == (["after", "go", "work"], {})
    player.write(1, {"y": True})
    assert player.open == ["after", "go", "stopped"]

    assert "stopped" in Player("multiple/true_already", {"case_no": "A", "x": 2, "y": True}).open
