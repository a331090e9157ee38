"""Mappings, call activities and multi-instance."""

from typing import Any

import pytest

from service import engine
from service.domain.errors import BadInputError
from tests.engine.player import PROCESS_KEY, Player, small


def test_inputs_are_local_and_see_the_targets_before_them() -> None:
    """A missing variable gives null; a dotted target makes one object."""
    player = Player("mappings/in_and_out", {"source": 1})

    assert player.local("work") == {
        "copy": 1,
        "both": {"left": 1, "right": 2},
        "nothing": None,
    }
    assert player.root == {"source": 1}


def test_outputs_name_what_leaves_and_a_dotted_target_changes_the_leaf_only() -> None:
    """Everything else of the result is dropped with the element."""
    player = Player("mappings/in_and_out", {"source": 1, "stored": {"kept": True, "leaf": 0}})
    player.complete("work", given=9, noise=1)

    assert player.root == {"source": 1, "answer": 9, "stored": {"kept": True, "leaf": 9}}


def test_a_result_that_an_input_made_local_is_swallowed() -> None:
    """Camunda 8: the walk outward begins at the element itself."""
    player = Player("mappings/swallowed_result", {"x": 1})
    player.complete("work", x=2)

    assert player.root == {"x": 1}


def test_a_failed_assertion_in_a_mapping_is_an_io_mapping_error() -> None:
    """The work is done; after mending the variable only the mapping is repeated."""
    player = Player("mappings/assertion", {"n": 1})
    step = player.complete("work", n=-1)
    (incident,) = step.incidents
    assert (incident.error_type, player.open) == ("IO_MAPPING_ERROR", [])

    player.write(incident.element_instance_key, {"n": 5}, local=True)
    assert player.retry(incident.element_instance_key).root_variables == {"n": 5}


def test_without_propagation_only_mapped_inputs_go_into_a_call() -> None:
    """And only mapped outputs come back."""
    player = Player("call_activity/mapped", {"case_no": "A", "secret": 1})
    (call,) = player.step.calls
    assert (call.process_key, call.variables) == (PROCESS_KEY, {"number": "A"})

    player.complete("child", result="ok", noise=1)
    assert player.root == {"case_no": "A", "secret": 1, "outcome": "ok"}


def test_with_propagation_everything_goes_in_and_comes_back() -> None:
    """The engine's default when the attributes are absent."""
    player = Player("call_activity/everything", {"a": 1})
    assert player.step.calls[0].variables == {"a": 1}

    player.complete("child", a=2, b=3)
    assert player.root == {"a": 2, "b": 3}


def test_without_child_propagation_nothing_comes_back() -> None:
    """What the Modeler writes on every new call activity."""
    player = Player("call_activity/nothing_back", {"a": 1})
    player.complete("child", a=2, b=3)

    assert player.root == {"a": 1}


def test_an_error_of_the_child_is_caught_at_the_call() -> None:
    """And `catches_error` says so before."""
    player = Player("call_activity/mapped", {"case_no": "A"})
    key = player.step.calls[0].element_instance_key
    assert engine.catches_error(player.process, player.instance, key, "refused")
    assert not engine.catches_error(player.process, player.instance, key, "other")

    player.throw("child", "refused")
    assert player.open == ["redo"]


def test_an_unknown_process_is_an_incident() -> None:
    """CALLED_ELEMENT_ERROR; it can be retried after the process is deployed."""
    player = Player("call_activity/mapped", find_process=lambda binding: None)
    (incident,) = player.step.incidents
    assert incident.error_type == "CALLED_ELEMENT_ERROR"

    player.around = Player("call_activity/mapped").around
    player.retry(incident.element_instance_key)
    assert player.open == ["child"]


def test_parallel_instances_keep_input_order_in_the_output() -> None:
    """Whatever the order of completion; the collection reaches the root at the end."""
    player = Player("multi_instance/parallel", {"items": ["a", "b", "c"]})
    assert [task.loop_counter for task in player.step.user_tasks] == [1, 2, 3]
    assert [player.scopes[t.element_instance_key]["item"] for t in player.step.user_tasks] == [
        "a",
        "b",
        "c",
    ]

    player.complete("ask", 2, answer="C")
    player.complete("ask", 0, answer="A")
    assert "results" not in player.root
    player.complete("ask", 0, answer="B")

    assert player.root == {"items": ["a", "b", "c"], "results": ["A", "B", "C"]}
    assert player.open == ["after"]


def test_two_of_three_end_the_rest() -> None:
    """The completion condition sees all numbers; what never finished stays null."""
    player = Player("multi_instance/two_of_three", {"items": [1, 2, 3]})
    player.complete("ask", 2, answer="C")
    player.complete("ask", 0, answer="A")

    assert (player.open, player.root["results"]) == (["after"], ["A", None, "C"])
    assert player.happened("TERMINATED") == ["ask"]


def test_sequential_instances_come_one_after_the_other() -> None:
    """`numberOfInstances` is what was created so far."""
    player = Player("multi_instance/sequential", {"items": [1, 2, 3]})
    player.complete("ask", answer="a", stop=True)
    assert [task.loop_counter for task in player.step.user_tasks] == [2]
    player.complete("ask", answer="b")

    assert (player.open, player.root["results"]) == (["after"], ["a", "b", None])


def test_no_item_completes_at_once() -> None:
    """The output collection is empty."""
    player = Player("multi_instance/parallel", {"items": []})

    assert (player.open, player.root["results"]) == (["after"], [])


@pytest.mark.parametrize("items", [None, "abc", {"a": 1}, 3])
def test_anything_but_a_list_is_an_incident(items: Any) -> None:
    """EXTRACT_VALUE_ERROR at the body."""
    player = Player("multi_instance/parallel", {"items": items})

    assert [incident.error_type for incident in player.step.incidents] == ["EXTRACT_VALUE_ERROR"]


def test_a_boundary_event_ends_all_instances_and_loses_the_output() -> None:
    """It sits on the body."""
    player = Player("multi_instance/boundary", {"items": [1, 2]})
    player.complete("ask", answer="A")
    player.fire("limit")

    assert (player.open, player.root) == (["late"], {"items": [1, 2]})


def test_an_error_of_one_instance_is_caught_at_the_body() -> None:
    """The others are terminated."""
    player = Player("multi_instance/error", {"items": [1, 2]})
    player.throw("sign", "no")

    assert player.open == ["refused"]


def test_each_sub_process_instance_has_its_own_variables() -> None:
    """`double` is null in each scope first, so the script's result stays inside."""
    player = Player("multi_instance/sub_process", {"items": [1, 2, 3]})
    assert player.open == ["confirm"] * 3
    assert {task.loop_counter for task in player.step.user_tasks} == {1, 2, 3}

    for _ in range(3):
        player.complete("confirm")
    assert player.root == {"items": [1, 2, 3], "results": [2, 4, 6]}


def test_what_is_done_at_once_may_be_multi_instance() -> None:
    """A script for each item, in one step."""
    player = Player("multi_instance/script", {"items": [1, 2, 3]})

    assert player.root["results"] == [1, 4, 9]


def test_a_second_round_of_a_multi_instance_begins_anew() -> None:
    """Nothing of the first round is left."""
    player = Player("multi_instance/in_loop", {"items": [1]})
    player.complete("ask", answer="a", more=True)
    player.write(1, {"items": [1, 2]})
    assert player.open == ["ask"]
    player.complete("ask", answer="b")

    assert player.root["results"] == ["b"]
    assert player.open == ["ask", "ask"]


def test_someone_overwriting_the_output_collection_is_an_incident() -> None:
    """EXTRACT_VALUE_ERROR at the inner instance, not a crash."""
    player = Player("multi_instance/parallel", {"items": [1, 2]})
    body = next(e for e in player.step.events if e.element_type == "MULTI_INSTANCE_BODY")
    player.write(body.element_instance_key, {"results": "gone"}, local=True)
    step = player.complete("ask", answer="a")

    assert [incident.error_type for incident in step.incidents] == ["EXTRACT_VALUE_ERROR"]


def test_too_many_items_are_an_incident() -> None:
    """The limit is a setting."""
    player = Player("multi_instance/parallel", {"items": [1] * 5}, limits=small(multi_instance=4))

    assert len(player.step.incidents) == 1
    assert player.open == []


def test_variables_over_the_limit_are_refused_at_the_door() -> None:
    """Nothing of them is written."""
    player = Player("user_task/one", {"a": "x" * 60}, limits=small(variables_bytes=100))
    before = player.instance

    with pytest.raises(BadInputError):
        player.complete("review", b="y" * 60)
    assert player.instance == before


def test_a_receive_task_waits_once_for_each_item() -> None:
    """Each instance has its own correlation key; the last message may come first."""
    player = Player("multi_instance/receive", {"items": ["a", "b"]})
    first, second = player.step.subscriptions
    assert [first.correlation_key, second.correlation_key] == ["a", "b"]

    player.subscriptions = {second.subscription_key: second, first.subscription_key: first}
    player.deliver("wait", answer=2)
    player.deliver("wait", answer=1)
    assert player.root["results"] == [1, 2]


def test_a_call_activity_calls_once_for_each_item() -> None:
    """The process id is evaluated for each; outputs go into the collection only."""
    called: list[str] = []

    def find(binding: engine.Binding) -> int:
        called.append(binding.id)
        return PROCESS_KEY

    player = Player("multi_instance/call", {"items": ["p", "q"]}, find_process=find)
    assert (called, [call.variables for call in player.step.calls]) == (
        ["p", "q"],
        [
            {"item": "p", "loopCounter": 1, "answer": None, "n": "p"},
            {"item": "q", "loopCounter": 2, "answer": None, "n": "q"},
        ],
    )
    player.complete("child", 1, result="Q")
    player.complete("child", 0, result="P")

    assert player.root == {"items": ["p", "q"], "results": ["P", "Q"]}


def test_a_sub_process_without_start_event_begins_with_all_that_no_flow_leads_to() -> None:
    """Side by side; boundary events and event sub-processes wait for their own (BPMN 2.0.2 §13.3.4)."""
    player = Player("sub_process/without_start")
    assert player.open == ["fold", "label"]
    player.complete("label")
    player.fire("late")
    player.complete("fold")
    assert player.open == ["hurry", "seal"]
    player.complete("hurry")
    player.complete("seal")

    assert player.open == ["send"]
