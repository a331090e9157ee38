"""Task listeners of all processes: asked before or after those of the diagram, settled when a change begins."""

from dataclasses import replace

from service.domain.global_listeners import ALL, GlobalListener, GlobalListeners, in_order
from service.engine import TaskListenerResult
from tests.engine.player import Player

LATER = {"who": ""}


def listeners(*entries: tuple[str, str, int, bool]) -> GlobalListeners:
    """Return listeners by type (and id), event, priority, and whether they come after the diagram's."""
    return in_order(
        GlobalListener(name, name, (event,), priority=priority, after_non_global=is_after)
        for name, event, priority, is_after in entries
    )


def player(everywhere: GlobalListeners, **variables: object) -> Player:
    """Return a player of the task with listeners of its own, not created yet."""
    return Player("task_listener/all", variables or LATER, global_listeners=everywhere)


def asked_in_turn(played: Player) -> list[str]:
    """Let everybody pass; return the types of the jobs in the order in which they were opened."""
    types = []
    while played.asked:
        ((job_type, _event),) = played.asked
        types.append(job_type)
        played.answer()
    return types


def test_the_diagram_s_listeners_stand_between_those_before_and_after() -> None:
    """Higher priority first; of equal ones that with the smaller id."""
    everywhere = listeners(
        ("z", ALL, 50, False),
        ("a", "completing", 50, False),
        ("first", "completing", 51, False),
        ("last", "completing", 1, True),
        ("late", ALL, 50, True),
        ("other", "updating", 99, False),
    )
    played = player(everywhere)
    assert asked_in_turn(played) == ["z", "create", "late"]
    played.change("ask", "completing")
    assert asked_in_turn(played) == ["first", "a", "z", "check", "check", "late", "last"]
    played.complete("ask")
    assert played.open == ["after"]


def test_a_task_without_listeners_of_its_own_has_those_of_all() -> None:
    """It is created, then assigned, as one that has both."""
    everywhere = listeners(("all", ALL, 50, False))
    played = Player("user_task/one", global_listeners=everywhere)
    (task,) = played.waits.values()
    assert (getattr(task, "state", None), played.asked) == ("CREATING", [("all", "CREATING")])
    played.answer()
    played.change(task.element_id, "completing")
    assert played.asked == [("all", "COMPLETING")]


def test_an_assignee_of_the_diagram_is_assigned_when_the_listeners_let_pass() -> None:
    """They correct what later ones and the caller see."""
    everywhere = listeners(("all", "assigning", 50, False), ("end", "assigning", 50, True))
    played = player(everywhere, who="anna")
    assert played.asked == [("create", "CREATING")]
    played.answer()
    assert played.asked == [("all", "ASSIGNING")]
    played.answer(TaskListenerResult({"assignee": "bo"}))
    assert asked_in_turn(played) == ["assign", "end"]
    assert dict(played.step.task_changes[0].changes) == {"assignee": "bo"}


def test_who_is_asked_is_settled_when_the_change_begins() -> None:
    """Listeners that are made or removed meanwhile count from the next change on."""
    played = player(listeners(("old", "updating", 50, False), ("end", "updating", 50, True)))
    played.answer()
    played.change("ask", "updating", priority=3)
    played.around = replace(played.around, global_listeners=listeners(("new", ALL, 9, True)))
    assert asked_in_turn(played) == ["old", "update", "end"]
    played.change("ask", "updating", priority=4)
    assert asked_in_turn(played) == ["update", "new"]


def test_an_interruption_waits_for_them() -> None:
    """Also when they were removed while they were asked."""
    everywhere = listeners(("gone", "canceling", 50, True))
    played = Player("parallel_gateway/fork_join", global_listeners=everywhere)
    played.cancel()
    assert (len(played.asked), played.step.ended) == (2, None)
    played.around = replace(played.around, global_listeners=GlobalListeners())
    played.answer()
    assert not played.step.ended
    played.answer()
    assert played.step.ended
