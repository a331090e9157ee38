"""Random diagrams do what a plain interpreter of their blocks does, whatever is completed first."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service import engine
from service.bpmn import Known, check, parse
from tests.engine import blocks
from tests.engine.player import Player

TASKS = st.builds(blocks.Task)
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway")


@st.composite
def forks(draw: st.DrawFn, inner: st.SearchStrategy[blocks.Block]) -> blocks.Block:
    """A fork of any kind with at least one branch that is taken."""
    gateway = draw(st.sampled_from(GATEWAYS))
    branches = draw(st.lists(inner, min_size=2, max_size=3))
    size = len(branches)
    taken = [True] * size
    if gateway != "parallelGateway":
        taken = draw(st.lists(st.booleans(), min_size=size, max_size=size).filter(any))
    return blocks.Fork(gateway, branches, taken)


def composed(inner: st.SearchStrategy[blocks.Block]) -> st.SearchStrategy[blocks.Block]:
    """Blocks made of blocks. Rounds are counted in the root, so they hold no parallel instances."""
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(blocks.Sequence),
        forks(inner),
        st.builds(blocks.SubProcess, inner, st.none() | st.integers(0, 3), st.booleans()),
    )


PLAIN = st.recursive(TASKS, composed, max_leaves=8)
ALONE = PLAIN.filter(lambda block: not blocks.has_join_beside(block))
LOOPED = st.builds(blocks.Repeat, st.integers(1, 3), ALONE)
DIAGRAMS = st.recursive(
    PLAIN | LOOPED,
    lambda inner: st.lists(inner, min_size=2, max_size=3).map(blocks.Sequence) | forks(inner),
    max_leaves=4,
)


class RandomPlayer(Player):
    """Plays a diagram that stands in no file."""

    def __init__(self, block: blocks.Block) -> None:
        """Draw and start it."""
        self.drawn = engine.compile_process(blocks.diagram(block), "process")
        super().__init__("")

    def compiled(self, name: str) -> engine.CompiledProcess:
        """Return the drawn one."""
        return self.drawn


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(block=DIAGRAMS, data=st.data())
def test_the_open_tasks_are_those_of_the_oracle(block: blocks.Block, data: st.DataObject) -> None:
    """After every step, in any order of completion, until both are over in the same step."""
    player, state = RandomPlayer(block), block.begin()
    while state is not None:
        expected = state.open()
        assert player.open == sorted(task.name for task in expected)
        position = data.draw(st.integers(0, len(expected) - 1), label="complete")
        task = expected[position]
        nth = sum(task.name == t.name and t.serial < task.serial for t in expected)
        player.complete(task.name, nth)
        state = state.complete(position)
    assert (player.step.ended, player.open) == ("COMPLETED", [])


def test_an_inclusive_join_in_a_loop_waits_for_who_could_come_round() -> None:
    """Camunda's rule: the task beside it could reach the missing flow by the loop, so it goes first.

    The oracle does not know this rule; the random diagrams leave such joins out.
    """
    chosen, beside, after = blocks.Task(), blocks.Task(), blocks.Task()
    join = blocks.Fork("inclusiveGateway", [chosen, blocks.Task()], [True, False])
    branches: list[blocks.Block] = [blocks.Sequence([join, after]), beside]
    block = blocks.Repeat(2, blocks.Fork("parallelGateway", branches, [True, True]))
    assert blocks.has_join_beside(block.block)
    player = RandomPlayer(block)

    for _round in range(2):
        player.complete(chosen.name)
        assert player.open == [beside.name]
        player.complete(beside.name)
        assert player.open == [after.name]
        player.complete(after.name)

    assert (player.step.ended, player.open) == ("COMPLETED", [])


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(block=DIAGRAMS)
def test_random_diagrams_pass_the_gate(block: blocks.Block) -> None:
    """The gate refuses nothing that is drawn properly."""
    findings = check(parse(blocks.diagram(block)), Known())

    assert [finding.message for finding in findings if finding.severity == "error"] == []
