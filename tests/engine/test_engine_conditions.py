"""Conditional events: asked when their scope begins and when a variable they name changes."""

from service import engine
from tests.engine.player import INSTANCE_KEY, Player


def test_a_catch_event_waits_until_its_condition_is_true() -> None:
    """Missing variables are not true; other variables do not matter."""
    player = Player("conditional/positions")
    player.write(INSTANCE_KEY, {"x": 5})
    assert player.open == ["work"]

    player.write(INSTANCE_KEY, {"x": 11})
    assert (player.open, player.root["seen"]) == (["after_until", "work"], 11)


def test_a_catch_event_whose_condition_is_true_already_does_not_wait() -> None:
    """Behind an event-based gateway, too: the timer beside is never set."""
    player = Player("conditional/positions", {"x": 11, "z": "go"})

    assert player.open == ["after_condition", "after_until", "work"]
    assert player.timers == {}


def test_a_gateway_goes_on_by_a_condition() -> None:
    """The timer beside is no longer waited for."""
    player = Player("conditional/positions")
    player.write(INSTANCE_KEY, {"z": "go"})

    assert (player.open, player.timers) == (["after_condition", "work"], {})


def test_a_filter_says_which_changes_count() -> None:
    """`update` only: what is created is not heard; each update for which it is true is, an equal value not."""
    player = Player("conditional/positions")
    key = player.waits_of("work")[0].element_instance_key
    player.write(key, {"fresh": 1, "y": 2}, local=True)
    assert player.open == ["read", "work"]
    player.write(key, {"y": 2}, local=True)
    assert player.open == ["read", "work"]
    player.write(key, {"y": 3}, local=True)
    assert player.open == ["read", "read", "work"]

    player.write(key, {"y": 6}, local=True)
    assert player.open == ["read", "read", "read", "stopped"]


def test_input_mappings_trigger_the_boundary_event_of_their_activity() -> None:
    """At once: no job is opened."""
    player = Player("conditional/boundary", {"given": 11})

    assert (player.open, player.step.jobs) == (["interrupted"], ())
    assert player.happened("TERMINATED") == ["work"]


def test_input_mappings_trigger_a_non_interrupting_event_once() -> None:
    """What its activity was given before it listened is not heard a second time, what comes later is."""
    player = Player("conditional/given", {"given": 11, "other": 1})
    assert player.open == ["told", "work"]

    player.write(player.waits_of("work")[0].element_instance_key, {"x": 12}, local=True)
    assert player.open == ["told", "told", "work"]


def test_output_mappings_do_not() -> None:
    """The subscription is over when the activity completes."""
    player = Player("conditional/boundary", {"given": 1})
    player.complete("work", x=13)

    assert (player.open, player.root["x"]) == (["after"], 12)


def test_an_activity_that_is_done_at_once_is_interrupted_all_the_same() -> None:
    """The condition is asked before the work begins."""
    assert Player("conditional/manual", {"x": 11}).open == ["interrupted"]
    assert Player("conditional/manual", {"x": 1}).open == ["after"]


def test_conditions_are_asked_from_the_top_down() -> None:
    """What interrupts the sub-process keeps the task inside from being asked."""
    player = Player("conditional/event_sub_process")
    player.write(INSTANCE_KEY, {"x": 21})
    assert player.open == ["above"]

    player = Player("conditional/event_sub_process")
    player.write(INSTANCE_KEY, {"x": 11})
    assert player.open == ["below"]


def test_only_who_sees_a_variable_is_asked() -> None:
    """A local change of the sub-process is no matter of the process."""
    player = Player("conditional/event_sub_process")
    part = next(key for key, scope in player.scopes.items() if "part_value" in scope)
    player.write(part, {"part_value": 1, "alarm": True}, local=True)
    assert player.open == ["inner", "noticed"]

    player.write(INSTANCE_KEY, {"alarm": True})
    assert player.open == ["handle", "inner", "noticed"]


def test_one_command_triggers_an_event_once() -> None:
    """Two variables change, both make it true."""
    player = Player("conditional/multi_instance", {"items": [1]})
    scope = next(key for key, values in player.scopes.items() if "own" in values)
    player.write(scope, {"own": 2, "shared": 2}, local=True)

    assert player.open == ["taken"]


def test_a_local_change_reaches_one_instance_of_many_and_a_shared_one_all() -> None:
    """Each instance is a scope of its own."""
    player = Player("conditional/multi_instance", {"items": [1, 2, 3], "shared": 0})
    scope = next(key for key, values in player.scopes.items() if "own" in values)
    player.write(scope, {"own": 2}, local=True)
    assert player.open == ["inner", "inner", "taken"]

    player.write(INSTANCE_KEY, {"shared": 2})
    assert player.open == ["taken"] * 3


def test_a_process_that_a_condition_interrupts_at_once_never_begins() -> None:
    """Its event sub-process runs in its place."""
    player = Player("conditional/at_start", {"alarm": True})

    assert player.open == ["handle"]
    assert player.complete("handle").ended == "COMPLETED"


def test_what_the_last_task_writes_is_heard_before_its_scope_completes() -> None:
    """The boundary event of the sub-process still waits."""
    player = Player("conditional/last", {"x": 1})
    player.complete("inner", x=11)

    assert player.open == ["above"]


def test_start_conditions_are_asked_with_given_variables() -> None:
    """Null and false start nothing; the payload goes through the event's mappings."""
    player = Player("conditional/start", {"amount": 200, "noise": 1}, start_event="large")
    assert player.root == {"total": 200}

    def true_of(amount: int) -> tuple[str, ...]:
        found = engine.start_conditions(player.process, {"amount": amount}, player.around)
        return tuple(element_id for element_id, _ in found)

    assert [true_of(amount) for amount in (1, 50, 200)] == [(), ("small",), ("large",)]
