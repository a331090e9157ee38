"""Migration: what is active goes on in another version; only its future and its events change."""

from datetime import timedelta

import pytest

from service import engine
from service.domain.errors import BadInputError, WrongStateError
from service.engine import CompiledProcess
from tests.engine.leaves import Activity, Throw
from tests.engine.parts import Inside, Whole
from tests.engine.player import FOLDER, INSTANCE_KEY, NOON, Player, compiled
from tests.engine.renaming import mapping, plain, renamed

BEFORE, AFTER = "migration/before", "migration/after"
FLOWS = (("left_to_join", "left_in"),)
ELEMENTS = (
    *((same, same) for same in ("ask", "sign", "left", "right", "join", "call", "choose")),
    ("part", "part2"),
    ("work", "work2"),
)
WHOLE = (*ELEMENTS, *FLOWS)


def started() -> Player:
    """Return an instance that waits everywhere: tasks, job, call, timer, message, loop, incident."""
    player = Player(BEFORE, {"case_no": "A", "items": [1, 2, 3], "words": "no boolean"})
    player.complete("left")
    player.complete("sign", verdict="ok")
    return player


def without(mapping: tuple[tuple[str, str], ...], source: str) -> tuple[tuple[str, str], ...]:
    """Return a mapping without one source."""
    return tuple(pair for pair in mapping if pair[0] != source)


def test_what_is_active_keeps_its_key_and_goes_on_in_the_target() -> None:
    """The job's element is renamed, and the task behind it is the new one."""
    player = started()
    keys = {wait.element_instance_key for wait in player.waits.values()}
    migrated = player.migrate(AFTER, *WHOLE)
    assert {wait.element_instance_key for wait in player.waits.values()} == keys
    assert ("work", "work2") in {(moved.from_id, moved.to_id) for moved in migrated.elements}
    player.complete("work2")
    assert "check" in player.open


def test_a_mapped_timer_keeps_its_moment_and_is_as_the_target_draws_it() -> None:
    """One hour of the source, not nine of the target; but it interrupts now."""
    player = started()
    migrated = player.migrate(AFTER, *WHOLE, ("overdue", "overdue2"))
    (kept,) = migrated.kept
    due = NOON + timedelta(hours=1)
    assert (kept.kind, kept.to_id, kept.interrupting, kept.due) == (
        "timer",
        "overdue2",
        True,
        due.isoformat(),
    )
    player.fire("overdue2")
    assert "ask" not in player.open
    assert "chase" in player.open


def test_a_mapped_cycle_keeps_its_rhythm_and_what_is_left_of_it() -> None:
    """Thrice each hour, as it was set up (XC-T-7), though the target draws nine times each ten minutes."""
    player = Player("migration/cycle_before")
    player.fire("remind")
    mapping = engine.proposed_mapping(player.process, compiled("migration/cycle_after"))
    player.migrate("migration/cycle_after", *mapping)
    moments = []
    while player.timers:
        (timer,) = player.timers.values()
        moments.append(timer.due_at - NOON)
        player.fire("remind")

    assert moments == [timedelta(hours=2), timedelta(hours=3)]
    assert player.open == ["chase"] * 3 + ["work"]


def test_an_event_mapped_to_nothing_is_closed_and_a_new_one_opened() -> None:
    """The message of the source is no longer waited for, that of the target is, the timer begins anew."""
    player = started()
    migrated = player.migrate(AFTER, *WHOLE)
    assert [closed.event_id for closed in migrated.closed] == ["overdue", "withdrawn"]
    assert [s.element_id for s in player.subscriptions.values()] == ["changed"]
    (timer,) = player.timers.values()
    assert (timer.element_id, timer.due_at) == ("overdue2", NOON + timedelta(hours=9))
    player.deliver("changed")
    assert "chase" in player.open


def test_a_message_can_be_mapped_to_another_message() -> None:
    """Its subscription is kept, name and all."""
    player = started()
    (before,) = player.subscriptions
    player.migrate(AFTER, *WHOLE, ("withdrawn", "changed"))
    (after,) = player.subscriptions.values()
    assert (after.subscription_key, after.message_name) == (before, "withdrawn")


def test_a_waiting_join_waits_for_the_flow_the_target_has_more() -> None:
    """The token that has arrived counts at the flow it is mapped to."""
    player = started()
    player.migrate(AFTER, *WHOLE)
    player.complete("right")
    assert "joined" not in player.open
    player.modify(engine.Modification(activate=(engine.Activate("third"),)))
    player.complete("third")
    assert "joined" in player.open


def test_a_loop_goes_on_where_it_was() -> None:
    """Body and inner instances move; results stay at their places."""
    player = started()
    migrated = player.migrate(AFTER, *WHOLE)
    kinds = [moved.element_type for moved in migrated.elements if moved.to_id == "sign"]
    assert kinds == ["MULTI_INSTANCE_BODY", "USER_TASK", "USER_TASK"]
    player.complete("sign", verdict="no")
    player.complete("sign", verdict="ok")
    assert player.root["results"] == ["ok", "no", "ok"]


def test_an_incident_moves_along_and_is_tried_again_as_the_target_draws_it() -> None:
    """The gateway's condition was mended in the new version."""
    player = started()
    migrated = player.migrate(AFTER, *WHOLE)
    (stuck,) = [moved for moved in migrated.elements if moved.state == "INCIDENT"]
    player.write(1, {"flag": True})
    player.retry(stuck.element_instance_key)
    assert "yes" in player.open


def test_a_call_keeps_waiting_for_what_it_called() -> None:
    """The called instance is not touched; its variables come back."""
    player = started()
    player.migrate(AFTER, *WHOLE)
    player.complete("call", found=7)
    assert player.root["found"] == 7


@pytest.mark.parametrize("source", [pair[0] for pair in ELEMENTS if pair[0] != "left"])
def test_everything_active_must_be_mapped(source: str) -> None:
    """Waiting joins too; and the instance is as it was."""
    player = started()
    before = player.state
    with pytest.raises(WrongStateError, match=f"'{source}' to be mapped"):
        player.migrate(AFTER, *without(WHOLE, source))
    assert player.state == before


def test_a_mapping_names_what_is_there_and_each_source_once() -> None:
    """Unknown ids on either side and a second mapping of one source are bad input."""
    for wrong in (("nowhere", "ask"), ("ask", "nowhere"), ("ask", "ask")):
        with pytest.raises(BadInputError):
            started().migrate(AFTER, *WHOLE, wrong)


def test_the_proposal_maps_what_has_the_same_id_and_kind() -> None:
    """Elements and flows; what was renamed is left to the operator."""
    proposal = dict(engine.proposed_mapping(compiled(BEFORE), compiled(AFTER)))
    assert all(source == target for source, target in proposal.items())
    assert {"ask", "sign", "join", "right_to_join"} <= proposal.keys()
    assert not {"part", "work", "left_to_join"} & proposal.keys()


def test_an_interrupted_scope_does_not_listen_again() -> None:
    """An event sub-process that has interrupted its scope is not subscribed to anew."""
    player = Player("event_sub_process/message_interrupting", {"case_no": "A"})
    (event,) = [s.element_id for s in player.subscriptions.values()]
    player.deliver(event)
    same = engine.proposed_mapping(player.process, player.process)
    player.migrate("event_sub_process/message_interrupting", *without(same, event))
    assert player.subscriptions == {}


def test_an_event_gateway_keeps_or_renews_what_it_waits_for() -> None:
    """Mapped events are kept, the others closed and opened anew."""
    player = Player("event_gateway/message_or_timer", {"case_no": "A"})
    before = {*player.timers, *player.subscriptions}
    same = engine.proposed_mapping(player.process, player.process)
    player.migrate("event_gateway/message_or_timer", *same)
    assert {*player.timers, *player.subscriptions} == before
    gateway = list(player.active.values())[-1]
    player.migrate("event_gateway/message_or_timer", (gateway, gateway))
    after = {*player.timers, *player.subscriptions}
    assert (len(after), after & before) == (len(before), set())


@pytest.mark.parametrize("is_mapped", [True, False])
def test_what_can_be_undone_moves_with_its_mapped_event(is_mapped: bool) -> None:
    """Mapped, the completed activity is undone later; mapped to nothing, it is not."""
    player = Player("compensation/throw")
    player.complete("b")
    mapping = engine.proposed_mapping(player.process, player.process)
    if not is_mapped:
        mapping = without(mapping, "undo_b_event")
    player.migrate("compensation/throw", *mapping)
    player.complete("a")
    assert ("undo_b" in player.open) is is_mapped
    assert "undo_a" in player.open


@pytest.mark.parametrize("name", ["own_event_sub_process", "sub_process"])
def test_what_is_being_undone_moves_though_it_runs_in_the_scope_of_the_event(name: str) -> None:
    """A handler is drawn in the completed sub-process; it runs where the event stands that undoes it."""
    player = Player(f"compensation/{name}")
    while "undo_a" not in player.active.values() and "look" not in player.open:
        player.complete(player.open[0])
    waiting = player.open
    pairs = engine.proposed_mapping(player.process, player.process)
    player.migrate(f"compensation/{name}", *pairs)
    assert player.open == waiting
    while player.open:
        player.complete(player.open[0])
    assert player.step.ended == "COMPLETED"


def elsewhere(name: str) -> CompiledProcess:
    """Return the process of `<name>.bpmn` with all elements renamed."""
    return engine.compile_process(renamed((FOLDER / f"{name}.bpmn").read_bytes()), "process")


def test_an_interruption_that_waits_for_listeners_moves_with_its_event() -> None:
    """When they have answered, it goes on by the event of the target."""
    player = Player("task_listener/scope")
    player.fire("late")
    target = elsewhere("task_listener/scope")
    player.migrate(target, *mapping(player.process, target))
    player.answer()
    player.answer()

    assert player.open == ["after_renamed"]


def test_an_interruption_that_waits_is_not_migrated_without_its_event() -> None:
    """Nobody could tell what comes of it."""
    player = Player("task_listener/scope")
    player.fire("late")
    pairs = engine.proposed_mapping(player.process, player.process)
    with pytest.raises(WrongStateError, match="'late'"):
        player.migrate("task_listener/scope", *(pair for pair in pairs if pair[0] != "late"))


def test_what_an_ordered_ad_hoc_sub_process_will_start_moves_along() -> None:
    """One after the other, by the ids of the target."""
    player = Player("ad_hoc/ordered")
    first = len(player.open)
    target = elsewhere("ad_hoc/ordered")
    player.migrate(target, *mapping(player.process, target))
    seen = [player.open[0]]
    while player.open:
        seen.append(player.open[0])
        player.complete(player.open[0])
    assert (first, player.step.ended) == (1, "COMPLETED")
    assert all(id_.endswith("_renamed") for id_ in seen)


def test_an_ad_hoc_sub_process_tells_what_can_be_started_in_the_target() -> None:
    """Its worker, or who reads the variable, is to name these."""
    player = Player("ad_hoc/job")
    target = elsewhere("ad_hoc/job")
    player.migrate(target, *mapping(player.process, target))
    name = "adHocSubProcessElements"
    (told,) = (scope[name] for scope in player.scopes.values() if name in scope)
    assert [entry["elementId"] for entry in told] == ["a_renamed", "b_renamed"]


def test_a_process_that_asks_its_listeners_first_starts_where_the_target_does() -> None:
    """The start event that started it is renamed meanwhile."""
    whole = Whole(Inside([(Activity("user"), Throw())]), "message", (1, 0, 0))
    file = whole.file()
    source, target = (engine.compile_process(one, "process") for one in (file, renamed(file)))

    class Drawn(Player):
        def compiled(self, name: str) -> CompiledProcess:
            return source

    player = Drawn("", start_event=whole.start_id)
    player.migrate(target, *mapping(source, target))
    player.complete("process")
    assert [plain(id_) for id_ in player.open] == [whole.inside.ways[0][0].name]  # type: ignore[attr-defined]


def test_what_waits_to_be_undone_moves_with_its_mapped_events() -> None:
    """A transaction is cancelled, but a task hears of its end first: nothing is undone before."""
    player = Player("task_listener/cancelled")
    player.complete("flight")
    player.complete("pay")
    target = elsewhere("task_listener/cancelled")
    player.migrate(target, *mapping(player.process, target))
    player.answer()
    assert player.open == ["undo_flight_renamed"]
    player.complete("undo_flight_renamed")

    assert player.open == ["apologise_renamed"]


def test_a_standard_loop_goes_on_in_its_round() -> None:
    """Body and inner instance move; the rounds are not counted anew: two at most."""
    player = Player("standard_loop/at_most", {"more": True})
    player.complete("ask")
    mapping = engine.proposed_mapping(player.process, player.process)
    player.migrate("standard_loop/at_most", *mapping)
    assert player.open == ["ask"]
    player.complete("ask")
    assert player.open == ["after"]


def test_signals_conditions_and_halves_of_multiple_events_go_along() -> None:
    """A signal keeps its subscription and a condition what it asks, what was heard stays heard."""
    player = Player("migration/events_before", {"case_no": "A"})
    player.deliver("both", m=1)
    pairs = (("work", "work2"), ("work_stop", "work2_stop"), ("work_high", "work2_high"))
    player.migrate("migration/events_after", *pairs, ("both", "both"))

    player.write(INSTANCE_KEY, {"y": 11})
    assert player.open == ["work2"]
    player.write(INSTANCE_KEY, {"x": 11})
    assert player.open == ["read", "work2"]
    player.signal("both", s=2)
    assert (player.open, player.root["m"]) == (["after_both", "read", "work2"], 1)
    player.signal("work2_stop")
    assert player.open == ["after_both", "read", "stopped"]


def test_a_mapped_condition_is_kept_by_every_further_migration() -> None:
    """Mapped back it is as drawn again; one that is not mapped is the target's."""
    pairs = (("work", "work2"), ("both", "both"))
    back = tuple((target, source) for source, target in pairs)
    high = ("work_high", "work2_high")
    player = Player("migration/events_before", {"case_no": "A"})
    player.migrate("migration/events_after", *pairs, high)
    player.migrate("migration/events_after", *((target, target) for _, target in (*pairs, high)))
    player.write(INSTANCE_KEY, {"x": 11, "y": 1})
    assert player.open == ["read", "work2"]
    player.migrate("migration/events_before", ("read", "read"), *back, high[::-1])
    player.write(INSTANCE_KEY, {"x": 12})
    assert player.open == ["read", "read", "work"]
    player.migrate("migration/events_after", ("read", "read"), *pairs)
    player.write(INSTANCE_KEY, {"x": 13})
    assert player.open == ["read", "read", "work2"]
    player.write(INSTANCE_KEY, {"y": 11})
    assert player.open == ["read", "read", "read", "work2"]


def test_an_ad_hoc_sub_process_moves_with_what_was_started_in_it() -> None:
    """The scopes around its activities go with it; only it and they are mapped."""
    player = Player("ad_hoc/list", {"wanted": ["a", "b"]})
    migrated = player.migrate("ad_hoc/list", ("part", "part"), ("a", "a"), ("b", "b"))
    assert [one.to_id for one in migrated.elements].count("part#innerInstance") == 2
    player.complete("b", answer="B")
    player.complete("a", answer="A")
    player.complete("a2")
    assert (player.open, player.root["results"]) == (["after"], ["B", "A"])


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (("part#innerInstance", "a"), "to be mapped"),
        (("part#innerInstance", "part"), "to be mapped"),
        (("a#innerInstance", "a"), "to be an element"),
        (("part#innerInstance", "a#innerInstance"), "to be an element"),
        (("other#innerInstance", "part#innerInstance"), "to be an element"),
    ],
)
def test_the_scopes_in_an_ad_hoc_sub_process_may_be_mapped_with_it(
    wrong: tuple[str, str], why: str
) -> None:
    """As Camunda 8 lets them, and only so; never without it."""
    pairs, inner = (("a", "a"), ("b", "b")), ("part#innerInstance", "part#innerInstance")
    player = Player("ad_hoc/list", {"wanted": ["a", "b"]})
    with pytest.raises(WrongStateError, match="'part' to be mapped"):
        player.migrate("ad_hoc/list", *pairs, inner)
    with pytest.raises((BadInputError, WrongStateError), match=why):
        player.migrate("ad_hoc/list", *pairs, ("part", "part"), wrong)
    migrated = player.migrate("ad_hoc/list", *pairs, ("part", "part"), inner)
    assert [one.to_id for one in migrated.elements].count("part#innerInstance") == 2


def test_an_element_in_its_listeners_needs_them_in_the_target() -> None:
    """With them it goes on in the same place; to one without it is refused."""
    player = Player("execution_listener/task")
    with pytest.raises(WrongStateError, match="to have a listener"):
        player.migrate("conditional/boundary", ("work", "work"))
    player.migrate("execution_listener/task", ("work", "work"), ("late", "late"))
    for _ in range(3):
        player.complete("work")
    assert player.happened("COMPLETED").count("work") == 0


def test_an_element_in_its_start_listeners_subscribes_when_it_starts() -> None:
    """A migration before that opens nothing: the boundary timer is there once, later."""
    player = Player("execution_listener/task")
    player.migrate("execution_listener/task", ("work", "work"))
    assert player.timers == {}
    player.complete("work")
    player.complete("work")
    assert [timer.element_id for timer in player.timers.values()] == ["late"]
