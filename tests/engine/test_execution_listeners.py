"""Execution listeners: jobs before and after the work of an element."""

import pytest

from service.domain.errors import WrongStateError
from service.engine import JobOpened
from tests.engine.player import Player


def kinds(player: Player, element_id: str) -> list[tuple[str, str, str]]:
    """Return type, kind and event of the open jobs of an element."""
    jobs = [wait for wait in player.waits_of(element_id) if isinstance(wait, JobOpened)]
    return [(job.type, job.kind, job.listener_event_type) for job in jobs]


def test_listeners_run_one_after_the_other_around_the_work() -> None:
    """Before: after the input mappings, ahead of the events; behind: after the output mappings."""
    player = Player("execution_listener/task")
    assert kinds(player, "work") == [("first", "EXECUTION_LISTENER", "START")]
    assert (player.local("work"), player.timers) == ({"n": 1}, {})

    player.complete("work", n=2)
    assert kinds(player, "work") == [("second", "EXECUTION_LISTENER", "START")]
    assert player.job_of("work").retries == 5
    player.complete("work")
    assert kinds(player, "work") == [("t", "BPMN_ELEMENT", "UNSPECIFIED")]
    assert (player.local("work"), len(player.timers)) == ({"n": 2}, 1)

    player.complete("work", answer="yes")
    assert kinds(player, "work") == [("third", "EXECUTION_LISTENER", "END")]
    assert (player.root, player.timers) == ({"result": "yes"}, {})
    player.complete("work", seen=True)
    assert kinds(player, "work") == [("fourth", "EXECUTION_LISTENER", "END")]
    player.complete("work")
    assert (player.open, player.root) == (["after"], {"result": "yes", "seen": True})


def test_a_header_of_a_listener_stands_above_that_of_the_element() -> None:
    """The others are handed over too."""
    job = Player("execution_listener/task").waits_of("work")[0]

    assert isinstance(job, JobOpened)
    assert job.headers == {"who": "listener", "what": "task"}


def test_an_error_may_not_be_thrown_from_a_listener() -> None:
    """Camunda 8 execution listeners."""
    player = Player("execution_listener/task")

    with pytest.raises(WrongStateError):
        player.throw("work", "broken")


def test_processes_scopes_events_and_gateways_may_have_listeners() -> None:
    """A gateway chooses after its listener; the process ends after its own. Each hands over its headers."""
    player = Player("execution_listener/everywhere")
    seen = []
    for element_id, variables in [
        *[("process", {}), ("start", {}), ("gateway", {"way": 1}), ("part", {}), ("ask", {})],
        *[("part", {}), ("end", {}), ("end", {}), ("process", {})],
    ]:
        (wait,) = player.waits.values()
        assert wait.element_id == element_id
        if isinstance(wait, JobOpened):
            seen.append(wait.type)
            assert wait.headers == {"of": element_id}
        player.complete(element_id, **variables)

    assert seen == [
        *["process start", "start end", "gateway start", "part start", "part end"],
        *["end start", "end end", "process end"],
    ]
    assert player.step.ended == "COMPLETED"


def test_each_instance_of_a_multi_instance_has_its_listeners() -> None:
    """What an end listener writes stays in the instance, as an output mapping's would."""
    player = Player("execution_listener/each", {"items": [1, 2]})
    player.complete("ask")
    player.complete("ask", 1)
    player.complete("ask", seen=None)
    player.complete("ask", 1, seen=None)
    for seen in ("a", "b"):
        player.complete("ask", seen=seen)

    assert player.open == ["after"]
    assert player.root["results"] == ["a", "b"]


def test_a_listener_whose_type_fails_has_all_of_its_event_run_again() -> None:
    """The incident is at the element; Camunda 8 execution listeners."""
    player = Player("execution_listener/wrong")
    player.complete("ask")

    (incident,) = player.step.incidents
    assert (incident.error_type, player.open) == ("EXTRACT_VALUE_ERROR", [])
    player.write(1, {"kind": "second"})
    player.retry(incident.element_instance_key)
    assert kinds(player, "ask") == [("first", "EXECUTION_LISTENER", "START")]
    player.complete("ask")
    assert kinds(player, "ask") == [("second", "EXECUTION_LISTENER", "START")]


def test_a_listener_ends_with_its_element() -> None:
    """Cancelled, nothing is left."""
    player = Player("execution_listener/task")
    step = player.cancel()

    assert (player.open, [over.kind for over in step.over]) == ([], ["job"])


def test_a_listener_before_all_runs_once_and_may_bring_the_collection() -> None:
    """Ahead of the input collection; what it sets every instance sees, and nobody outside (Camunda 8.10)."""
    player = Player("execution_listener/before_all")
    assert kinds(player, "ask") == [("find", "EXECUTION_LISTENER", "BEFORE_ALL")]
    player.complete("ask", items=["a", "b"], shared=1)
    assert kinds(player, "ask") == [("check", "EXECUTION_LISTENER", "BEFORE_ALL")]

    player.complete("ask")
    assert kinds(player, "ask") == [("each", "EXECUTION_LISTENER", "START")] * 2
    for _ in range(4):
        player.complete("ask")
    assert (player.open, player.root) == (["after"], {})


def test_a_cancelled_process_asks_its_own_listeners_last() -> None:
    """When nothing is left inside; their variables are the process's (Camunda 8.10)."""
    player = Player("execution_listener/cancel")
    player.cancel()
    assert player.asked == [("clean", "CANCELING")]
    player.answer()
    assert kinds(player, "process") == [("first", "EXECUTION_LISTENER", "CANCEL")]
    assert sorted(player.happened("TERMINATED")) == ["ask", "plain"]

    player.cancel()
    assert player.complete("process", second="other").ended is None
    assert kinds(player, "process") == [("other", "EXECUTION_LISTENER", "CANCEL")]
    assert player.complete("process").ended == "TERMINATED"


def test_a_listener_of_the_cancellation_that_fails_is_an_incident() -> None:
    """All of them are asked again when it is resolved."""
    player = Player("execution_listener/cancel")
    player.cancel()
    player.answer()
    (incident,) = player.complete("process").incidents
    assert (incident.element_id, incident.error_type) == ("process", "EXTRACT_VALUE_ERROR")

    player.write(1, {"second": "other"})
    player.retry(1)
    assert kinds(player, "process") == [("first", "EXECUTION_LISTENER", "CANCEL")]
    player.complete("process")
    assert player.complete("process").ended == "TERMINATED"
