"""Random unstructured diagrams lose and double no token against a plain token game."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from service import engine
from service.bpmn import Known, check, parse
from service.engine import CompiledProcess
from tests.engine.graphs import Game, Graph
from tests.engine.player import Player

ROUNDS = 12
MOST_OPEN = 40
"""A fork in a cycle makes ever more tokens; a game ends here."""


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Any nodes, any flows between them: cycles, jumps into branches, joins that never fire."""
    kinds = draw(st.lists(st.sampled_from(["task", "task", "xor", "and"]), min_size=2, max_size=8))
    nodes = st.integers(0, len(kinds) - 1)
    flows = [(-1, draw(nodes), 0)]
    for source in range(len(kinds)):
        targets = draw(st.lists(nodes, min_size=0 if source else 1, max_size=3))
        flows += [(source, target, number) for number, target in enumerate(targets)]
    return Graph(tuple(kinds), tuple(flows))


class GraphPlayer(Player):
    """Plays a diagram that stands in no file."""

    def __init__(self, graph: Graph, turn: int) -> None:
        """Draw and start it."""
        self.drawn = engine.compile_process(graph.diagram(), "process")
        super().__init__("", {"turn": turn})

    def compiled(self, name: str) -> CompiledProcess:
        """Return the drawn one."""
        return self.drawn


@pytest.mark.slow
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(graph=graphs(), data=st.data())
def test_tokens_lie_where_the_game_has_them(graph: Graph, data: st.DataObject) -> None:
    """After every step, whatever is completed; the instance ends when no token is left, not before."""
    findings = check(parse(graph.diagram()), Known())
    assume(not any(found.severity == "error" for found in findings))
    turns = st.integers(0, 5)
    turn = data.draw(turns, label="turn")
    player, game = GraphPlayer(graph, turn), Game(graph, turn)
    game.begin()
    for _ in range(ROUNDS):
        assert player.open == game.tasks
        assert (player.step.ended == "COMPLETED") == game.is_over
        if not game.tasks or len(game.tasks) > MOST_OPEN:
            return
        name = data.draw(st.sampled_from(game.tasks), label="complete")
        turn = data.draw(turns, label="turn")
        player.complete(name, turn=turn)
        game.complete(int(name[1:]), turn)
