"""Tokens stay stored until a command asks for them, however many there are."""

from service.engine.codec import decode, other_scopes, scope_chain
from tests.engine.player import INSTANCE_KEY, Player

WIDE = 500
ITEMS = {"items": list(range(WIDE))}
BYTES = 6_000
"""Room for the state of that many instances that wait."""


def test_the_state_of_many_instances_is_small() -> None:
    """Those that have come equally far are written together."""
    player = Player("multi_instance/two_of_three", ITEMS)

    assert len(player.state) < BYTES
    player.complete("ask", 250, answer="A")
    assert len(player.state) < BYTES


def test_asking_for_one_of_many_wakes_it_and_the_scopes_around_it() -> None:
    """Its siblings are carried over as they came."""
    player = Player("multi_instance/two_of_three", ITEMS)
    key = player.waits_of("ask")[250].element_instance_key
    machine = decode(player.process, player.instance, player.around)

    token = machine.token(key)

    assert token is not None
    assert token.notes == {"loop_counter": 251, "wait": "user_task"}
    assert list(machine.tasks) == [INSTANCE_KEY, token.scope_key, key]
    assert not machine.is_empty(token.scope_key)


def test_all_tokens_of_a_scope_are_given_oldest_first() -> None:
    """Whichever of them was asked for before."""
    player = Player("multi_instance/two_of_three", {"items": [1, 2, 3]})
    keys = [wait.element_instance_key for wait in player.waits_of("ask")]
    machine = decode(player.process, player.instance, player.around)

    last = machine.token(keys[-1])

    assert last is not None
    assert [token.key for token in machine.live_in(last.scope_key)] == keys
    assert [token.key for token in machine.tokens()][:2] == [INSTANCE_KEY, last.scope_key]
    assert len(machine.tokens()) == 2 + len(keys)


def test_the_scopes_that_an_element_sees_are_told_from_the_others() -> None:
    """So that a caller need not read the variables of the others."""
    player = Player("multi_instance/two_of_three", {"items": [1, 2, 3]})
    first, *others = [wait.element_instance_key for wait in player.waits_of("ask")]
    chain = scope_chain(player.state, first)

    assert chain == [first, 101, INSTANCE_KEY]
    assert other_scopes(player.state, first) == (chain, others)


def test_variables_of_scopes_that_nobody_asks_for_are_not_read() -> None:
    """A completion sees its own scope and those around it."""
    player = Player("multi_instance/two_of_three", {"items": [1, 2, 3]})
    first, *others = [wait.element_instance_key for wait in player.waits_of("ask")]
    player.scopes = _Noted(player.scopes)

    player.complete_key(first, answer="A")

    assert player.scopes.asked.isdisjoint(others)


class _Noted(dict[int, dict[str, object]]):
    """Scopes that note which of them were asked for."""

    def __init__(self, scopes: dict[int, dict[str, object]]) -> None:
        super().__init__(scopes)
        self.asked: set[int] = set()

    def get(self, key: int, default: object = None) -> object:  # type: ignore[override]
        self.asked.add(key)
        return super().get(key, default)
