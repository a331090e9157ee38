"""Incidents: one element stops, the rest goes on, a retry repeats exactly what failed."""

import pytest

from service.domain.errors import WrongStateError
from service.engine import DecisionAnswer
from service.feel import Text
from tests.engine.player import FORM_KEY, Player, small


def test_the_rest_of_the_instance_goes_on() -> None:
    """The other branch can be completed while the gateway is stuck."""
    player = Player("incident/condition", {"x": "text"})
    assert [i.element_id for i in player.step.incidents] == ["choose"]
    player.complete("ok")
    assert player.step.ended is None


def test_a_retry_after_mending_goes_on() -> None:
    """The condition is evaluated again over the new value."""
    player = Player("incident/condition", {"x": "text"})
    (incident,) = player.step.incidents
    player.write(1, {"x": 6})
    player.retry(incident.element_instance_key)

    assert player.open == ["big", "ok"]


def test_a_retry_without_mending_is_a_new_incident() -> None:
    """The element is activated once only, whatever the number of tries."""
    player = Player("incident/condition", {"x": "text"})
    (incident,) = player.step.incidents
    step = player.retry(incident.element_instance_key)

    assert [i.element_instance_key for i in step.incidents] == [incident.element_instance_key]
    assert player.happened("ACTIVATED").count("choose") == 1


def test_a_retry_without_incident_is_refused() -> None:
    """A second resolution finds nothing to do."""
    player = Player("user_task/one")

    with pytest.raises(WrongStateError):
        player.retry(player.step.user_tasks[0].element_instance_key)


def test_a_missing_form_is_an_incident_that_can_be_retried() -> None:
    """FORM_NOT_FOUND; deployed later, the task opens."""
    player = Player("incident/form", {"form": "f"}, find_form=lambda binding: None)
    (incident,) = player.step.incidents
    assert incident.error_type == "FORM_NOT_FOUND"

    player.around = Player("user_task/one").around
    step = player.retry(incident.element_instance_key)
    assert [task.form_key for task in step.user_tasks] == [FORM_KEY]


def test_a_failed_decision_is_an_incident() -> None:
    """With the type and text that the caller gives."""

    def refuse(binding: object, variables: object) -> DecisionAnswer:
        return DecisionAnswer(
            None, None, failure=Text("没有", "There is none."), error_type="CALLED_DECISION_ERROR"
        )

    player = Player("tasks/at_once", {"price": 1, "amount": 1}, decide=refuse)

    (incident,) = player.step.incidents
    assert (incident.error_type, incident.message) == ("CALLED_DECISION_ERROR", "没有")


@pytest.mark.slow
def test_a_thousand_instances_are_no_run_without_end() -> None:
    """Multi-instance has a limit of its own."""
    player = Player("multi_instance/parallel", {"items": list(range(1000))})

    assert (len(player.open), player.step.incidents) == (1000, ())


def test_what_each_instance_enters_before_it_waits_is_no_run_without_end() -> None:
    """Ten sub-processes of four elements each are within a limit of ten, and what they allow."""
    limits = small(steps=10, instance_steps=4)
    values = {"items": list(range(10)), "is_quick": False}
    player = Player("multi_instance/many_elements", values, limits=limits)

    assert (player.open, player.step.incidents) == (["work"] * 10, ())


def test_a_run_without_end_around_a_multi_instance_stops_at_the_limit() -> None:
    """What its instances allow runs out."""
    limits = small(steps=10, instance_steps=4, all_instance_steps=20)
    values = {"items": [1, 2], "is_quick": True}
    player = Player("multi_instance/many_elements", values, limits=limits)

    assert {incident.error_type for incident in player.step.incidents} == {"UNKNOWN"}


def test_a_value_that_is_no_json_is_an_incident() -> None:
    """An integer of more than 64 bits cannot be stored."""
    player = Player("incident/big_number", {"n": 10})

    assert [incident.error_type for incident in player.step.incidents] == ["EXTRACT_VALUE_ERROR"]


def test_a_run_without_end_stops_at_the_limit_and_can_go_on() -> None:
    """A loop of scripts is stopped by the number of steps, never endless."""
    player = Player("incident/many_steps", {"i": 0}, limits=small(steps=50))
    assert player.root["i"] < 100
    rounds = 0
    while not player.step.ended:
        (incident,) = player.step.incidents
        player.retry(incident.element_instance_key)
        rounds += 1

    assert (player.root["i"], rounds) == (100, 3)


def test_a_stuck_scope_that_an_event_fills_again_completes_when_it_is_empty() -> None:
    """The retry neither loses the running event sub-process nor maps twice."""
    player = Player("incident/stuck_scope", {"case_no": "A", "ok": False})
    (incident,) = player.complete("inner").incidents
    player.deliver("listen_start")
    player.write(1, {"ok": True})
    player.retry(incident.element_instance_key)
    assert player.open == ["read"]

    player.complete("read")
    assert (player.open, player.root["result"]) == (["after"], True)


def test_what_has_heard_its_message_takes_no_other_while_it_is_stuck() -> None:
    """The next message is for somebody else; the retry goes on with the first one."""
    player = Player("incident/heard", {"amount": 0})
    step = player.deliver("answer", text="yes")
    assert [raised.element_id for raised in step.incidents] == ["answer"]
    assert not player.subscriptions

    player.write(1, {"known": True})
    player.retry(step.incidents[0].element_instance_key)
    assert player.root["answer"] == "yes"


def test_a_condition_that_came_true_happens_once_while_its_event_is_stuck() -> None:
    """Whether it becomes true again meanwhile: the retry goes on, once."""
    player = Player("incident/heard", {"amount": 0})
    step = player.write(1, {"amount": 5})
    assert [raised.element_id for raised in step.incidents] == ["paid"]

    player.write(1, {"amount": 0})
    player.write(1, {"amount": 7, "known": True})
    assert "paid" not in player.happened("COMPLETED")
    player.retry(next(iter(player.incidents)))
    assert player.root["paid"] == 7
    assert player.happened("COMPLETED").count("paid") == 1
