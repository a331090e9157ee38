"""Ad-hoc sub-processes: started by a list, by hand or by a worker; done by a condition."""

import pytest

from service.domain.errors import BadInputError, NotFoundError, WrongStateError
from service.engine import AdHocActivation, AdHocResult, JobOpened
from tests.engine.player import Player


def key_of(player: Player, element_id: str) -> int:
    """Return the key of an element instance that was just activated."""
    found = [e for e in player.step.events if (e.kind, e.element_id) == ("ACTIVATED", element_id)]
    return found[0].element_instance_key


def test_the_list_says_what_is_started() -> None:
    """Each in a scope of its own; done when nothing is left, outputs in order of completion."""
    player = Player("ad_hoc/list", {"wanted": ["a", "b"]})
    assert player.open == ["a", "b"]
    assert player.happened("ACTIVATED").count("part#innerInstance") == 2

    player.complete("b", answer="B", other=1)
    player.complete("a", answer="A")
    assert player.open == ["a2"]
    player.complete("a2")
    assert player.open == ["after"]
    assert player.root == {"wanted": ["a", "b"], "results": ["B", "A"], "number": 2}


def test_a_worker_is_told_what_can_be_started() -> None:
    """Elements that nothing leads to, with their texts."""
    player = Player("ad_hoc/list", {"wanted": ["a"]})
    scope = next(v for v in player.scopes.values() if "adHocSubProcessElements" in v)
    told = scope["adHocSubProcessElements"]

    assert [element["elementId"] for element in told] == ["a", "b", "c"]
    assert told[2] == {
        "elementId": "c",
        "elementName": "Look it up",
        "documentation": "Finds the order.",
        "properties": {"kind": "tool"},
        "parameters": [{"name": "call.number", "description": "Order number", "type": "string"}],
    }


@pytest.mark.parametrize("wanted", [["a", "x"], ["a2"], "a", None, [1]])
def test_a_wrong_list_is_an_incident(wanted: object) -> None:
    """An unknown id, one that is reached by a flow, no list at all; nothing is started."""
    player = Player("ad_hoc/list", {"wanted": wanted})

    (incident,) = player.step.incidents
    assert (incident.error_type, incident.element_id) == ("EXTRACT_VALUE_ERROR", "part")
    player.write(1, {"wanted": ["c"]})
    player.retry(incident.element_instance_key)
    assert player.open == ["c"]


def test_with_an_empty_list_it_waits_to_be_told() -> None:
    """Activities are started by hand, again and again; the rest may be cancelled."""
    player = Player("ad_hoc/list", {"wanted": []})
    key = key_of(player, "part")
    assert (player.open, player.step.ended) == ([], None)

    player.activate(key, "a", "c")
    player.activate(key, "c")
    assert player.open == ["a", "c", "c"]
    player.activate(key, "b", cancel_remaining=True)
    assert player.open == ["b"]
    player.complete("b", answer=1)
    assert player.root["results"] == [1]
    with pytest.raises(NotFoundError):
        player.activate(key, "b")


def test_only_what_can_be_started_is_started_by_hand() -> None:
    """Unknown ids, ids twice and other elements are refused; nothing changes."""
    player = Player("ad_hoc/list", {"wanted": ["a"]})
    key = key_of(player, "part")

    for ids in (("a2",), ("x",), ("b", "b")):
        with pytest.raises((BadInputError, NotFoundError)):
            player.activate(key, *ids)
    with pytest.raises(NotFoundError):
        player.activate(1, "a")
    assert player.open == ["a"]


def test_a_condition_that_is_true_ends_it() -> None:
    """What still runs is cancelled; the output has what was completed."""
    player = Player("ad_hoc/condition", {"enough": 2})
    player.complete("c", answer=3)
    assert player.open == ["a", "b"]
    player.complete("a", answer=1)

    assert (player.open, player.root["results"]) == (["after"], [3, 1])
    assert player.happened("TERMINATED").count("b") == 1


def test_a_condition_that_is_never_true_keeps_it_open() -> None:
    """A boundary event may end it."""
    player = Player("ad_hoc/condition", {"enough": 9})
    for name in ("a", "b", "c"):
        player.complete(name, answer=name)
    assert (player.open, player.step.ended) == ([], None)
    player.fire("late")

    assert player.open == ["remind"]


def test_a_condition_that_fails_is_an_incident_and_asked_again() -> None:
    """The inner flow is not repeated."""
    player = Player("ad_hoc/condition")
    player.complete("a", answer=1)
    (incident,) = player.step.incidents
    player.write(1, {"enough": 1})
    player.retry(incident.element_instance_key)

    assert player.open == ["after"]


def test_the_rest_may_be_waited_for() -> None:
    """`cancelRemainingInstances="false"`; nothing more can be started then."""
    player = Player("ad_hoc/wait_for_rest", {"done": True})
    key = key_of(player, "part")
    player.complete("a")
    assert player.open == ["b"]
    with pytest.raises(WrongStateError):
        player.activate(key, "a")
    player.complete("b")

    assert player.open == ["after"]


@pytest.mark.parametrize(("answer", "opened"), [("B", ["a"]), ("enough", ["after"])])
def test_an_ordered_one_runs_one_activity_at_a_time(answer: str, opened: list[str]) -> None:
    """In the order of the list; what has not begun is dropped when the condition is true."""
    player = Player("ad_hoc/ordered", {"answer": None})
    assert player.open == ["b"]
    player.write(1, {"answer": answer})
    player.complete("b", answer=answer)

    assert player.open == opened


def test_a_worker_leads() -> None:
    """One job at a time; each inner flow that ends opens it anew; the worker says when it is done."""
    player = Player("ad_hoc/job")
    (job,) = player.waits_of("agent")
    assert isinstance(job, JobOpened)
    assert (job.kind, job.type) == ("AD_HOC_SUB_PROCESS", "lead")

    both = AdHocResult((AdHocActivation("a", {"x": 1}), AdHocActivation("b")))
    player.answer_job("agent", both, plan="first")
    assert player.open == ["a", "b"]
    player.complete("a", answer="A")
    assert player.open == ["agent", "b"]
    player.complete("b", answer="B")
    assert player.open == ["agent"]
    over = {(wait.kind, wait.is_terminated) for wait in player.step.over}
    assert over == {("user_task", False), ("job", True)}
    player.answer_job("agent", AdHocResult(is_fulfilled=True))

    assert (player.open, player.root) == (["after"], {"results": ["A", "B"]})


def test_a_worker_may_wait_for_the_rest_or_cancel_it() -> None:
    """With the condition fulfilled no further job is opened."""
    two = AdHocResult((AdHocActivation("a"), AdHocActivation("b")))
    player = Player("ad_hoc/job")
    player.answer_job("agent", two)
    player.complete("a")
    player.answer_job("agent", AdHocResult(is_fulfilled=True))
    assert player.open == ["b"]
    player.complete("b")
    assert player.open == ["after"]

    player = Player("ad_hoc/job")
    player.answer_job("agent", two)
    player.complete("a")
    player.answer_job("agent", AdHocResult(is_fulfilled=True, cancels_remaining=True))
    assert player.open == ["after"]


def test_a_worker_that_contradicts_itself_is_refused() -> None:
    """Starting and being done; starting what is not there. The job stays open."""
    player = Player("ad_hoc/job")
    for result in (
        AdHocResult((AdHocActivation("a"),), is_fulfilled=True),
        AdHocResult((AdHocActivation("read"),)),
    ):
        with pytest.raises((BadInputError, NotFoundError)):
            player.answer_job("agent", result)

    assert player.open == ["agent"]


def test_a_worker_is_asked_again_after_an_event_sub_process() -> None:
    """And may throw an error that the boundary event catches."""
    player = Player("ad_hoc/job")
    player.answer_job("agent", AdHocResult((AdHocActivation("a"),)))
    player.deliver("mail_come")
    player.complete("read")
    assert player.open == ["a", "agent"]
    player.throw("agent", "broken")

    assert player.open == ["mend"]


def test_it_may_be_a_multi_instance() -> None:
    """Each instance has a list of its own."""
    player = Player("ad_hoc/each", {"items": [["a"], ["a", "b"]]})
    assert player.open == ["a", "a", "b"]
    for name in ("a", "a", "b"):
        player.complete(name)

    assert player.open == ["after"]


def test_what_completed_in_it_can_be_undone() -> None:
    """As in any sub-process; a catch event may be started too."""
    player = Player("ad_hoc/undone")
    player.complete("a")
    player.fire("wait")
    assert player.open == ["undo_a"]
    player.complete("undo_a")

    assert player.step.ended == "COMPLETED"
