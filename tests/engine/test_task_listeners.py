"""Task listeners: asked before a user task changes; they correct, deny, or let it pass."""

import pytest

from service.domain.errors import BadInputError, WrongStateError
from service.engine import Modification, TaskListenerResult, UserTaskOpened
from tests.engine.player import Player

LATER = {"who": ""}


def changes(player: Player) -> list[tuple[str, dict[str, object], bool, str]]:
    """Return what the last step told of user tasks."""
    return [(c.event, dict(c.changes), c.is_denied, c.state) for c in player.step.task_changes]


def created(**variables: object) -> Player:
    """Return a player whose task was created."""
    player = Player("task_listener/all", variables or LATER)
    player.answer()
    if variables.get("who"):
        player.answer()
    return player


def test_a_task_is_created_and_then_assigned_as_the_diagram_says() -> None:
    """Its listeners are asked in between; until then nobody can take it."""
    player = Player("task_listener/all", {"who": "anna"})
    (task,) = player.waits_of("ask")
    assert isinstance(task, UserTaskOpened)
    assert (task.state, task.assignee, player.asked) == ("CREATING", None, [("create", "CREATING")])

    player.answer(TaskListenerResult({"priority": 80}))
    assert changes(player) == [("CREATING", {"priority": 80}, False, "ASSIGNING")]
    assert player.asked == [("assign", "ASSIGNING")]
    player.answer(TaskListenerResult({"assignee": "bo"}))
    assert changes(player) == [("ASSIGNING", {"assignee": "bo"}, False, "CREATED")]
    assert (player.asked, player.open) == ([], ["ask"])


def test_listeners_of_one_event_are_asked_one_after_the_other() -> None:
    """Each sees what those before it have corrected."""
    player = created()
    player.change("ask", "completing")
    player.answer(TaskListenerResult({"priority": 1, "assignee": "x"}))
    (job,) = player.listeners.values()
    assert getattr(job, "task_changes", None) == {"priority": 1, "assignee": "x"}
    player.answer(TaskListenerResult({"priority": 2}))

    assert changes(player) == [("COMPLETING", {"priority": 2, "assignee": "x"}, False, "CREATED")]
    player.complete("ask")
    assert player.open == ["after"]


def test_a_listener_may_deny() -> None:
    """Corrections of those before it are dropped; the task is as it was and may be asked again."""
    player = created()
    player.change("ask", "assigning", assignee="bo")
    player.answer(TaskListenerResult(is_denied=True, denied_reason="on leave"))
    (told,) = player.step.task_changes
    assert (told.is_denied, told.denied_reason, dict(told.changes)) == (True, "on leave", {})

    player.change("ask", "completing")
    player.answer(TaskListenerResult({"priority": 1}))
    player.answer(TaskListenerResult(is_denied=True))
    assert changes(player) == [("COMPLETING", {}, True, "CREATED")]
    player.change("ask", "updating", priority=3)
    player.answer()
    assert changes(player) == [("UPDATING", {"priority": 3}, False, "CREATED")]


@pytest.mark.parametrize(
    ("result", "variables"),
    [
        (TaskListenerResult(is_denied=True), {}),
        (TaskListenerResult({"assignee": "x"}), {}),
        (None, {"x": 1}),
    ],
    ids=["denied", "assignee of the diagram", "variables"],
)
def test_what_a_creating_listener_may_not_say_is_refused(
    result: TaskListenerResult | None, variables: dict[str, int]
) -> None:
    """The job stays open."""
    player = Player("task_listener/all", {"who": "anna"})

    with pytest.raises(BadInputError):
        player.answer(result, **variables)
    assert player.asked == [("create", "CREATING")]


def test_correcting_and_denying_at_once_is_refused() -> None:
    """One of them only."""
    player = created()
    player.change("ask", "completing")

    with pytest.raises(BadInputError):
        player.answer(TaskListenerResult({"priority": 1}, is_denied=True))


def test_while_listeners_are_asked_the_task_takes_no_command() -> None:
    """It can neither be completed nor changed otherwise."""
    player = created()
    player.change("ask", "completing")

    with pytest.raises(WrongStateError):
        player.complete("ask")
    with pytest.raises(WrongStateError):
        player.change("ask", "assigning", assignee="x")


def test_an_interrupting_event_waits_for_canceling_listeners() -> None:
    """Whatever was under way is off; the way behind the event begins when they have answered."""
    player = created()
    player.change("ask", "completing")
    player.fire("late")
    assert (player.open, player.asked) == (["ask"], [("clean", "CANCELING")])
    assert player.timers == {}
    player.answer()

    assert (player.open, player.asked) == (["remind"], [])
    assert player.happened("TERMINATED") == ["ask"]


def test_cancelling_an_instance_waits_for_canceling_listeners() -> None:
    """It ends with the last answer; cancelling again changes nothing."""
    player = created()
    assert player.cancel().ended is None
    assert player.cancel().ended is None
    player.answer()

    assert player.step.ended == "TERMINATED"


def test_what_has_no_canceling_listener_ends_at_once() -> None:
    """The rest of the sub-process goes; two tasks hear it, the last answer goes on."""
    player = Player("task_listener/scope")
    player.fire("late")
    assert player.open == ["ask", "other"]
    player.answer()
    assert player.open == ["other"]
    player.answer()

    assert player.open == ["after"]


def test_an_outer_interruption_stands_above_an_inner_one() -> None:
    """The event sub-process takes over while the boundary event waits: its way is not taken."""
    player = Player("task_listener/scope")
    player.fire("late")
    player.deliver("stop_start")
    player.answer()
    player.answer()

    assert player.open == ["stopped"]


def test_a_listener_whose_type_fails_is_an_incident_and_all_are_asked_again() -> None:
    """Camunda 8 user task listeners: the whole transition is tried again."""
    player = Player("task_listener/wrong")
    player.change("ask", "completing")
    player.answer(TaskListenerResult({"priority": 1}))
    (incident,) = player.step.incidents
    assert (incident.error_type, incident.element_id) == ("EXTRACT_VALUE_ERROR", "ask")

    player.write(1, {"kind": "second"})
    player.retry(incident.element_instance_key)
    assert player.asked == [("first", "COMPLETING")]
    player.answer()
    player.answer()
    assert changes(player) == [("COMPLETING", {}, False, "CREATED")]


def test_a_listener_that_could_not_be_asked_is_asked_no_more_when_its_change_is_off() -> None:
    """Nothing is left to be tried again; else the one who hears of the end would be asked twice."""
    player = Player("task_listener/wrong")
    player.change("ask", "completing")
    player.answer()
    (incident,) = player.step.incidents
    player.cancel()
    assert player.asked == [("clean", "CANCELING")]
    with pytest.raises(WrongStateError):
        player.retry(incident.element_instance_key)
    player.answer()
    assert player.step.ended == "TERMINATED"


def test_a_terminate_end_event_waits_for_canceling_listeners() -> None:
    """What has none ends at once; the sub-process is left after the last answer."""
    player = Player("task_listener/terminated")
    player.complete("go")
    player.complete("stop")
    assert (player.open, player.asked) == (["ask"], [("clean", "CANCELING")])
    player.answer()

    assert (player.open, player.happened("TERMINATED")) == (["after"], ["plain", "ask"])


def test_a_completion_condition_waits_for_canceling_listeners() -> None:
    """Each of the instances that are not needed any more hears it; the body completes after the last answer."""
    player = Player("task_listener/enough", {"items": [1, 2, 3]})
    player.complete("ask")
    assert (player.open, len(player.asked)) == (["ask", "ask"], 2)
    player.answer()
    assert player.open == ["ask"]
    player.answer()

    assert player.open == ["after"]


def test_a_cancelled_transaction_waits_for_canceling_listeners() -> None:
    """Nothing is undone before they have answered."""
    player = Player("task_listener/cancelled")
    player.complete("flight")
    player.complete("pay")
    assert player.open == ["hotel"]
    player.answer()
    assert player.open == ["undo_flight"]
    player.complete("undo_flight")

    assert player.open == ["apologise"]


@pytest.mark.parametrize("how", ["job", "end event"])
def test_an_error_that_leaves_the_process_waits_for_canceling_listeners(how: str) -> None:
    """The caller hears of it after the last answer."""
    player = Player("task_listener/thrown", caught_above=lambda code: True)
    step = player.throw("risky", "E", x=1) if how == "job" else player.complete("raise")
    assert (step.thrown, step.ended, player.open) == (None, None, ["ask"])
    step = player.answer()

    assert step.thrown is not None
    assert (step.ended, step.thrown.code) == ("TERMINATED", "E")
    assert step.thrown.variables == ({"x": 1} if how == "job" else {})


def test_an_ad_hoc_sub_process_that_is_done_waits_for_canceling_listeners() -> None:
    """It cancels what still runs, and completes after the last answer."""
    player = Player("task_listener/ad_hoc", {"done": False})
    player.write(1, {"done": True})
    player.complete("short")
    assert (player.open, player.asked) == (["ask"], [("clean", "CANCELING")])
    player.answer()

    assert player.open == ["after"]


def test_an_ad_hoc_sub_process_whose_last_task_is_being_canceled_ends_with_it() -> None:
    """Though what was started in its place was done before."""
    player = Player("task_listener/ad_hoc_by_hand")
    (key,) = (key for key, element_id in player.active.items() if element_id == "work")
    player.activate(key, "short", cancel_remaining=True)
    player.complete("short")
    assert player.open == ["ask"]
    player.answer()

    assert player.open == ["after"]


def test_a_modification_asks_nobody() -> None:
    """It is an operator's last resort, which no worker may hold up (Camunda 8 user task listeners)."""
    player = Player("task_listener/terminated")
    player.complete("go")
    player.modify(Modification(terminate=("ask",)))

    assert (player.asked, player.open) == ([], ["plain", "stop"])


def test_an_interruption_goes_on_when_the_last_one_it_waits_for_is_terminated_by_hand() -> None:
    """As if he had heard it: the way behind the event is taken."""
    player = Player("task_listener/scope")
    player.fire("late")
    player.answer()
    assert player.open == ["other"]
    player.modify(Modification(terminate=("other",)))
    assert (player.asked, player.open) == ([], ["after"])


@pytest.mark.parametrize("which", [("ask", "other"), ("part",)])
def test_a_cancelled_instance_ends_when_the_last_one_who_is_asked_is_terminated_by_hand(
    which: tuple[str, ...],
) -> None:
    """Alone or with the scope he is in; nobody would come to end it."""
    player = Player("task_listener/scope")
    assert player.cancel().ended is None
    assert player.modify(Modification(terminate=which)).ended == "TERMINATED"


def test_a_call_whose_instance_must_hear_its_end_ends_when_that_has() -> None:
    """The caller is told to end it, once; the event goes on with its end, whatever that was."""
    player = Player("call_activity/late", hears_its_end=lambda key: True)
    (call,) = player.waits_of("ask")
    step = player.fire("late")
    assert (step.called_off, player.open) == ((call.element_instance_key,), ["ask"])
    assert player.cancel().called_off == ()

    player = Player("call_activity/late", hears_its_end=lambda key: True)
    player.fire("late")
    player.throw("ask", "E")
    assert player.open == ["remind"]
