"""Standard loops and complex gateways, as BPMN 2.0.2 defines them."""

import pytest

from tests.engine.player import Player, small


@pytest.mark.parametrize(("n", "rounds"), [(0, 3), (2, 1), (3, 0)])
def test_a_loop_that_tests_before_may_have_no_round(n: int, rounds: int) -> None:
    """The condition is asked before each round."""
    player = Player("standard_loop/while", {"n": n})

    assert (player.open, player.root["n"]) == (["after"], 3)
    assert player.happened("COMPLETED").count("count") == rounds + 1


def test_a_loop_that_tests_after_has_one_round_at_least() -> None:
    """`loopCounter` counts from 1; output mappings of each round go outward."""
    player = Player("standard_loop/until", {"answer": "yes"})

    assert (player.open, player.local("ask")["attempt"]) == (["ask"], 1)
    player.complete("ask", answer="no")
    assert (player.open, player.local("ask")["attempt"]) == (["ask"], 2)
    player.complete("ask", answer="yes")
    assert (player.open, player.root) == (["after"], {"answer": "yes"})


def test_a_boundary_event_of_a_loop_ends_all_rounds() -> None:
    """It sits on the loop, not on a round."""
    player = Player("standard_loop/until")
    player.complete("ask", answer="no")
    player.fire("late")

    assert player.open == ["remind"]


def test_a_loop_stops_after_its_maximum() -> None:
    """Whatever the condition says."""
    player = Player("standard_loop/at_most", {"more": True})
    player.complete("ask")
    player.complete("ask")

    assert player.open == ["after"]


def test_a_loop_condition_that_is_not_boolean_is_an_incident() -> None:
    """Asked again when the incident is resolved; the round is not repeated."""
    player = Player("standard_loop/at_most")
    player.complete("ask")

    (incident,) = player.step.incidents
    assert (incident.error_type, incident.element_id) == ("EXTRACT_VALUE_ERROR", "part")
    player.write(1, {"more": True})
    player.retry(incident.element_instance_key)
    assert player.open == ["ask"]


def test_an_endless_loop_is_stopped_by_the_limit_of_steps() -> None:
    """As an incident, never an endless run."""
    player = Player("standard_loop/endless", {"n": 1}, limits=small(steps=50))

    assert [incident.error_type for incident in player.step.incidents] == ["UNKNOWN"]


def test_a_complex_gateway_starts_when_its_condition_says_so() -> None:
    """Two of three go on; the third is taken by the reset, which asks the conditions anew.

    Source: BPMN 2.0.2 §13.4.5.
    """
    player = Player("complex_gateway/two_of_three")
    player.complete("a")
    assert player.open == ["b", "c"]
    player.complete("b")
    assert player.open == ["after", "c"]
    player.complete("c")

    assert player.open == ["after", "late"]


def test_a_complex_gateway_is_ready_again_after_the_reset() -> None:
    """In a loop each round is counted for itself; a flow that cannot come is not waited for."""
    player = Player("complex_gateway/again", {"more": True})
    player.complete("a")
    player.complete("c")
    assert player.open == ["b"]
    player.complete("b", more=True)
    assert player.open == ["a", "b", "c"]
    player.complete("b")
    player.complete("c", more=False)

    assert player.open == ["a", "after"]
    player.complete("a")
    player.complete("after")
    assert player.step.ended == "COMPLETED"


@pytest.mark.parametrize(
    ("x", "y", "opened"),
    [(True, True, ["a", "b"]), (False, True, ["b"]), (False, False, ["c"])],
)
def test_a_complex_gateway_forks_as_an_inclusive_one(x: bool, y: bool, opened: list[str]) -> None:
    """All flows that are true, else the default."""
    assert Player("complex_gateway/fork", {"x": x, "y": y}).open == opened


def test_an_activation_condition_that_fails_is_an_incident() -> None:
    """Nothing that arrived is lost; it is asked again with the retry."""
    player = Player("complex_gateway/wrong")
    player.complete("a")

    (incident,) = player.step.incidents
    assert (incident.error_type, incident.element_id) == ("EXTRACT_VALUE_ERROR", "join")
    assert player.happened("ACTIVATED").count("join") == 1
    player.write(1, {"needed": 1})
    player.retry(incident.element_instance_key)
    assert player.open == ["after", "b"]
    assert player.happened("ACTIVATED").count("join") == 1
