"""Conditions on flows that leave an activity (BPMN 2.0.2 §13.3.1), and multi-instances of a number."""

import pytest

from tests.engine.player import Player


@pytest.mark.parametrize(
    ("good", "amount", "taken"),
    [
        (True, 20, ["note", "pay", "praise"]),
        (False, 20, ["note", "pay"]),
        (False, 5, ["file", "note"]),
    ],
)
def test_all_true_flows_are_taken_else_the_default(
    good: bool, amount: int, taken: list[str]
) -> None:
    """One that asks nothing is always taken, as behind an inclusive gateway."""
    player = Player("conditional_flows/activities")
    player.complete("judge", good=good, amount=amount)

    assert player.open == taken


def test_a_condition_that_is_none_stops_the_activity_until_it_is_mended() -> None:
    """Nothing that was done is done again."""
    player = Player("conditional_flows/activities")
    step = player.complete("judge", good="maybe", amount=20)
    (incident,) = step.incidents
    assert (incident.error_type, player.open) == ("EXTRACT_VALUE_ERROR", [])

    player.write(1, {"good": True})
    player.retry(incident.element_instance_key)
    assert player.open == ["note", "pay", "praise"]


def test_a_repeated_activity_asks_once_when_all_are_done() -> None:
    """Of what it has collected; local variables of the instances are not seen. No way out is an incident."""
    player = Player("conditional_flows/repeated", {"items": [1, 2]})
    player.complete("judge", mark=False)
    assert player.happened("COMPLETED").count("judge") == 1
    player.complete("judge", mark=True)
    assert player.open == ["mend"]

    player = Player("conditional_flows/repeated", {"items": [1, 2]})
    player.complete("judge", mark=True)
    (incident,) = player.complete("judge", mark=False).incidents
    assert (incident.error_type, player.open) == ("CONDITION_ERROR", [])


def test_a_multi_instance_may_be_a_number_of_instances() -> None:
    """Each knows its position; none at all is done at once; what is no number is an incident."""
    player = Player("multi_instance/cardinality", {"count": 2})
    assert player.local("sign") == {"loopCounter": 1, "name": None}
    player.complete("sign", 1, name="B")
    player.complete("sign", name="A")
    assert (player.open, player.root["names"]) == (["after"], ["A", "B"])

    assert Player("multi_instance/cardinality", {"count": 0}).open == ["after"]
    for wrong in (-1, "x"):
        (incident,) = Player("multi_instance/cardinality", {"count": wrong}).step.incidents
        assert incident.error_type == "EXTRACT_VALUE_ERROR"
