"""Modification: tokens are added, moved and terminated by hand, all as told or nothing."""

import pytest

from service import engine
from service.domain.errors import BadInputError
from service.engine import Activate, Modification, Move, ScopedVariables
from tests.engine.player import INSTANCE_KEY, Drawn, Player
from tests.usecases import drawing

PARTS = "modification/parts"


def started(**variables: object) -> Player:
    """Return an instance that waits in `a`."""
    return Player(PARTS, {"case_no": "A", **variables})


def activate(player: Player, element_id: str, **how: object) -> None:
    """Activate one element."""
    player.modify(Modification(activate=(Activate(element_id, **how),)))  # type: ignore[arg-type]


def key_of(player: Player, element_id: str) -> int:
    """Return the element instance key of the only wait of an element."""
    (wait,) = player.waits_of(element_id)
    return wait.element_instance_key


def keys_of(player: Player, element_id: str) -> list[int]:
    """Return the keys of the active instances of an element, oldest first."""
    return [key for key, active in player.active.items() if active == element_id]


def test_an_activated_element_runs_beside_what_is_there() -> None:
    """Its input mappings are applied as if a flow had come."""
    player = started()
    activate(player, "b")
    assert player.open == ["a", "b"]
    assert player.local("b") == {"copied": "A"}


def test_a_token_is_moved() -> None:
    """The source is terminated, the target active; the instance lives on though it was the last token."""
    player = started()
    player.modify(Modification(move=(Move("a", "b"),)))
    assert (player.open, player.happened("TERMINATED")) == (["b"], ["a"])
    player.complete("b")
    assert player.step.ended == "COMPLETED"


def test_activating_inside_makes_the_scopes_that_are_missing() -> None:
    """Without their start events and input mappings, with their boundary events."""
    player = started()
    activate(player, "e")
    assert player.open == ["a", "e"]
    assert player.happened("ACTIVATED")[-3:] == ["part", "deep", "e"]
    assert [s.element_id for s in player.subscriptions.values()] == ["rescue_start", "stop"]
    assert not any("copied" in values for values in player.scopes.values())
    player.deliver("stop")
    assert player.open == ["a", "stopped"]


def test_activating_inside_takes_the_one_scope_that_is_active() -> None:
    """A second token comes into the same sub-process."""
    player = started()
    activate(player, "c")
    activate(player, "e")
    assert player.happened("ACTIVATED").count("part") == 1


def test_two_active_scopes_need_a_name() -> None:
    """Without an ancestor it is refused and nothing has changed; with one it lands there."""
    player = started()
    for _ in range(2):
        activate(player, "c", ancestor_key=INSTANCE_KEY)
    before = player.state
    with pytest.raises(BadInputError, match="there are 2"):
        activate(player, "e")
    assert player.state == before
    second = keys_of(player, "part")[1]
    activate(player, "c", ancestor_key=second)
    assert player.open == ["a", "c", "c", "c"]


def test_variables_are_set_before_the_element_is_activated() -> None:
    """Without scope in the root; with one, local there; the input mapping sees them."""
    player = started()
    given = (
        ScopedVariables({"case_no": "B"}),
        ScopedVariables({"note": "local"}, "part"),
    )
    activate(player, "e", variables=given)
    (part,) = keys_of(player, "part")
    assert (player.root["case_no"], player.scopes[part]) == ("B", {"note": "local"})


def test_what_a_made_scope_waits_for_sees_the_variables_that_are_set() -> None:
    """Those of the scope and those of the root (ModifyProcessInstanceVariablesTest)."""
    inside = f'<bpmn:startEvent id="begin" />{drawing.user_task("inner")}{drawing.flow("begin", "inner")}'
    watch = (
        '<bpmn:subProcess id="watch" triggeredByEvent="true"><bpmn:startEvent id="told">'
        '<bpmn:messageEventDefinition messageRef="tell" /></bpmn:startEvent></bpmn:subProcess>'
    )
    part = f'<bpmn:subProcess id="part">{inside}{watch}</bpmn:subProcess>'
    beside = drawing.boundary("part", '<bpmn:messageEventDefinition messageRef="stop" />')
    definitions = drawing.message("tell", "note") + drawing.message("stop", "case_no")
    first = drawing.user_task("first")
    file = drawing.line("process", first, part, beside=beside, definitions=definitions)
    player = Drawn(file.content, {"case_no": "A"})
    given = (ScopedVariables({"case_no": "B"}), ScopedVariables({"note": "local"}, "part"))
    activate(player, "inner", variables=given)

    keys = {s.element_id: s.correlation_key for s in player.subscriptions.values()}
    assert keys == {"told": "local", "part_left": "B"}


def test_a_scope_for_variables_must_be_around_the_element() -> None:
    """Not a sibling, nor another element, nor what is not there."""
    player = started()
    for scope_id in ("many", "a", "unknown"):
        with pytest.raises(BadInputError, match="scope around"):
            activate(player, "b", variables=(ScopedVariables({"x": 1}, scope_id),))


def test_terminating_the_last_token_of_a_scope_terminates_the_scope() -> None:
    """And so on outward; at last the instance itself."""
    player = started()
    activate(player, "e")
    player.modify(Modification(terminate=("e",)))
    assert (player.open, player.happened("TERMINATED")) == (["a"], ["e", "deep", "part"])
    player.modify(Modification(terminate=(key_of(player, "a"),)))
    assert player.step.ended == "TERMINATED"


def test_an_activation_keeps_the_scope_of_a_terminated_token() -> None:
    """Activations come first, whatever the order they are written in."""
    player = started()
    activate(player, "c")
    change = Modification(terminate=("c",), activate=(Activate("e"),))
    player.modify(change)
    assert (player.open, player.happened("TERMINATED")) == (["a", "e"], ["c"])


def test_all_or_nothing() -> None:
    """One refused instruction and the others have not happened either."""
    player = started()
    before = player.state
    change = Modification(activate=(Activate("b"),), terminate=("c",))
    with pytest.raises(BadInputError, match="'c' to be active"):
        player.modify(change)
    assert (player.state, player.open) == (before, ["a"])


@pytest.mark.parametrize("element_id", ["start", "stop", "paid", "late", "start_to_a", "nowhere"])
def test_what_cannot_be_activated_is_refused(element_id: str) -> None:
    """Start and boundary events, events behind an event-based gateway, flows, what is not there."""
    with pytest.raises(BadInputError):
        activate(started(), element_id)


def test_inside_multi_instance_tokens_are_only_moved() -> None:
    """Activation is refused; a move stays in the instance of its source."""
    player = started(items=[1, 2])
    activate(player, "many")
    with pytest.raises(BadInputError, match="inside"):
        activate(player, "g")
    first = player.waits_of("f")[0].element_instance_key
    player.modify(Modification(move=(Move(first, "g", ancestor="sourceParent"),)))
    assert player.open == ["a", "f", "g"]
    player.modify(Modification(move=(Move("f", "g", ancestor="inferred"),)))
    assert player.open == ["a", "g", "g"]
    player.complete("g")
    player.complete("g")
    assert "many" in player.happened("COMPLETED")


def test_terminating_an_inner_instance_leaves_the_others() -> None:
    """The body completes with what is left."""
    player = started(items=[1, 2])
    activate(player, "many")
    _body, first, _second = keys_of(player, "many")
    player.modify(Modification(terminate=(first,)))
    assert player.open == ["a", "f"]
    player.complete("f")
    player.complete("g")
    assert player.open == ["a"]
    assert "many" in player.happened("COMPLETED")


def test_a_join_that_is_activated_waits_for_nobody() -> None:
    """It goes on at once."""
    player = started()
    activate(player, "join")
    assert player.open == ["a", "joined"]


def test_an_activated_event_sub_process_interrupts_nothing() -> None:
    """Both go on, and its event is still waited for."""
    player = started()
    activate(player, "rescue")
    assert player.open == ["a", "h"]
    assert [s.element_id for s in player.subscriptions.values()] == ["rescue_start"]


def test_an_ancestor_must_be_an_active_scope_around_the_element() -> None:
    """A task's own key or an unknown one is none."""
    player = started()
    for key in (key_of(player, "a"), 7):
        with pytest.raises(BadInputError, match="active scope around"):
            activate(player, "e", ancestor_key=key)


def test_a_call_activity_is_terminated_and_activated() -> None:
    """A call is opened like any other; terminating it closes its wait."""
    player = started()
    activate(player, "call")
    assert player.open == ["a", "call"]
    player.modify(Modification(terminate=("call",)))
    assert player.open == ["a"]


def test_conditions_of_a_scope_that_is_made_are_asked() -> None:
    """What is true already interrupts it, as if it had been reached by a flow."""
    player = Player("conditional/last", {"x": 11})
    assert player.open == ["above"]
    player.modify(Modification(activate=(Activate("inner"),)))

    assert player.open == ["above", "above"]


def test_inside_an_ad_hoc_sub_process_an_activity_gets_a_scope_of_its_own() -> None:
    """A move stays in the scope of its source; the sub-process completes when nothing is left."""
    player = Player("ad_hoc/list", {"wanted": ["b"]})
    activate(player, "a")
    assert player.open == ["a", "b"]
    assert player.happened("ACTIVATED").count("part#innerInstance") == 2
    player.modify(Modification(move=(Move("a", "a2", ancestor="sourceParent"),)))
    assert player.open == ["a2", "b"]
    assert player.happened("ACTIVATED").count("part#innerInstance") == 2
    player.complete("a2")
    player.complete("b")
    assert player.open == ["after"]


def test_what_an_activated_element_is_given_is_local_to_it() -> None:
    """Its own id names it, for activations and moves (ModifyProcessInstanceVariablesTest)."""
    player = started()
    given = (ScopedVariables({"x": 1}, "b"), ScopedVariables({"y": 2}))
    activate(player, "b", variables=given)
    assert player.local("b") == {"x": 1, "copied": "A"}
    assert (player.root["y"], "x" in player.root) == (2, False)

    player.modify(Modification(move=(Move("b", "joined", (ScopedVariables({"z": 3}, "joined"),)),)))
    assert player.local("joined") == {"z": 3}


def test_the_input_mappings_see_what_an_activated_element_is_given() -> None:
    """They are applied after that."""
    player = started()
    activate(player, "b", variables=(ScopedVariables({"case_no": "B"}, "b"),))
    assert player.local("b") == {"case_no": "B", "copied": "B"}


def test_a_scope_that_is_terminated_takes_no_activation() -> None:
    """Found or named, by an activation or a move: refused, for what is begun there would be lost."""
    player = started()
    activate(player, "c")
    before = player.state
    (part,) = keys_of(player, "part")
    for change in (
        Modification(terminate=("part",), activate=(Activate("c"),)),
        Modification(terminate=(part,), activate=(Activate("e"), Activate("b"))),
        Modification(terminate=(part,), activate=(Activate("c", ancestor_key=part),)),
        Modification(terminate=(part,), move=(Move("a", "e"),)),
        Modification(move=(Move("part", "c"),)),
    ):
        with pytest.raises(BadInputError, match="scope 'part' that is terminated"):
            player.modify(change)
    assert (player.state, player.open) == (before, ["a", "c"])

    change = Modification(terminate=(part,), activate=(Activate("c", ancestor_key=INSTANCE_KEY),))
    player.modify(change)
    assert (player.open, player.happened("TERMINATED")) == (["a", "c"], ["c", "part"])


def test_a_source_is_moved_once() -> None:
    """Two moves of one element are refused; two keys of it may go to two places."""
    player = started()
    activate(player, "a")
    with pytest.raises(BadInputError, match="'a' to be moved once"):
        player.modify(Modification(move=(Move("a", "b"), Move("a", "joined"))))
    first, second = keys_of(player, "a")
    player.modify(Modification(move=(Move(first, "b"), Move(second, "joined"))))
    assert player.open == ["b", "joined"]


@pytest.mark.parametrize("how", ["input", "listener", "ending"])
def test_a_scope_takes_an_activation_only_while_it_runs(how: str) -> None:
    """Not before it has begun nor when it completes, be it found or named (shouldRejectActivation...)."""
    broken = "=assert(missing, missing != null)"
    inputs = f'<zeebe:ioMapping><zeebe:input source="{broken}" target="x" /></zeebe:ioMapping>'
    listener = '<zeebe:executionListener eventType="{}" type="told" />'
    told = f"<zeebe:executionListeners>{listener}</zeebe:executionListeners>"
    more = {"input": inputs, "listener": told.format("start"), "ending": told.format("end")}[how]
    inside = f'<bpmn:startEvent id="begin" />{drawing.user_task("inner")}{drawing.flow("begin", "inner")}'
    part = f'<bpmn:subProcess id="part">{drawing.extension(more)}{inside}</bpmn:subProcess>'
    player = Drawn(drawing.line("process", part, drawing.user_task("after")).content, {})
    if how == "ending":
        player.complete("inner")
    (key,) = keys_of(player, "part")

    for ancestor_key in (None, key):
        with pytest.raises(BadInputError, match=f"'{key}' to be an active scope around 'inner'"):
            activate(player, "inner", ancestor_key=ancestor_key)
    player.modify(Modification(move=(Move("part", "after"),)))
    assert (player.open, player.incidents) == (["after"], {})


def test_an_activity_in_an_ad_hoc_sub_process_has_what_it_is_given() -> None:
    """It is local to the activity, not to the scope around it."""
    player = Player("ad_hoc/list", {"wanted": ["b"]})
    activate(player, "a", variables=(ScopedVariables({"x": 1}, "a"),))
    assert player.local("a") == {"x": 1}


def test_an_ordered_ad_hoc_sub_process_keeps_what_an_activity_is_given() -> None:
    """Until it is its turn, and along a migration."""
    player = Player("ad_hoc/ordered", {"answer": None})
    activate(player, "a", variables=(ScopedVariables({"x": 1}, "a"),))
    player.modify(Modification(terminate=("b",)))
    player.migrate("ad_hoc/ordered", *engine.proposed_mapping(player.process, player.process))
    seen = []
    while player.open:
        (element_id,) = player.open
        seen.append((element_id, player.local(element_id)))
        player.complete(element_id)
    assert [values for element_id, values in seen if element_id == "a"] == [{}, {"x": 1}]


def test_a_move_of_several_may_find_nothing() -> None:
    """It is left out, whatever its target; one of them must find something."""
    player = started()
    absent = Move("c", "nowhere", may_be_absent=True)
    player.modify(Modification(move=(absent, Move("a", "b", may_be_absent=True))))
    assert player.open == ["b"]
    with pytest.raises(BadInputError, match="'c', 'a' to be active"):
        player.modify(Modification(move=(absent, Move("a", "joined", may_be_absent=True))))
