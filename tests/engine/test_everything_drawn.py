"""Random diagrams of every element do what their oracle says, saved or not.

`HUIYIN_RANDOM_DIAGRAMS` says how many.
"""

import os
from collections.abc import Callable

import pytest
from hypothesis import assume, given, seed
from hypothesis import strategies as st

from service.bpmn import Known, check, parse
from service.bpmn.rules.allowed_elements import EXECUTED
from tests.engine.drawn import COMPOSED, LEAVES, Oracle, wholes
from tests.engine.leaves import Throw
from tests.engine.parts import STARTS, Inside, Whole
from tests.engine.stage import Stage
from tests.engine.webs import StalledError, Web, WebGame, webs
from tests.examples import made_up

EXAMPLES = int(os.environ.get("HUIYIN_RANDOM_DIAGRAMS", "12"))
MOST_STEPS, MOST_OPEN = 25, 40
FEW, MOST_SEEDS = 4, 12
"""Examples of each kind of block, for one seed after the other until they hold every element: two or so."""


def drawn_kinds(number: int) -> set[str]:
    """Return the kinds of elements in the examples of a seed, of each kind of block and of each start."""
    found: set[str] = set()

    @seed(number)
    @made_up(FEW)
    @given(data=st.data())
    def collect(data: st.DataObject) -> None:
        for make in COMPOSED:
            block = data.draw(make(LEAVES))
            found.update(kinds_of(Whole(Inside([(block, Throw())])).file()))
        for start in STARTS:
            found.update(kinds_of(data.draw(wholes(start, LEAVES)).file()))

    collect()
    return found


def kinds_of(file: bytes) -> set[str]:
    """Return the kinds of elements in a file, as the gate names them."""
    return {
        f"{element.kind}:{element.event_kind}"
        if element.events and element.kind.endswith("Event")
        else element.kind
        for process in parse(file).processes
        for element in process.elements.values()
    }


@pytest.mark.slow
def test_every_element_that_runs_is_drawn() -> None:
    """A new element must come into the generators, or nobody proves that it loses no token."""
    found: set[str] = set()
    numbers = iter(range(MOST_SEEDS))
    while not found >= EXECUTED and (number := next(numbers, None)) is not None:
        found |= drawn_kinds(number)
    assert found == EXECUTED


def found_fault_with(file: bytes) -> list[str]:
    """Return what the gate refuses in a file."""
    parsed = parse(file)
    known = Known(
        process_ids=frozenset(process.id for process in parsed.processes),
        decision_ids=frozenset({"grading"}),
        house_jobs=frozenset({"huiyin:publish-message"}),
    )
    return [found.message for found in check(parsed, known) if found.severity == "error"]


@pytest.mark.slow
@made_up(EXAMPLES)
@given(whole=wholes(), data=st.data())
def test_no_token_is_lost_or_doubled_saved_or_not(whole: Whole, data: st.DataObject) -> None:
    """After every step, whatever happens: all that is open is what the oracle has open.

    A stage whose instances stay in memory has the same history as one where each is saved and loaded.
    """
    file = whole.file()
    assert found_fault_with(file) == [], file.decode()
    play(file, lambda: Oracle(whole), data)


def play(file: bytes, begin: Callable[[], Oracle | WebGame], data: st.DataObject) -> None:
    """Play a file twice, saved and not, and beside it what its oracle says.

    Now and then a token is moved by hand, or all is cancelled.
    """
    oracle = begin()
    saved, unsaved = Stage(file, is_saved=True), Stage(file, is_saved=False)
    for _ in range(MOST_STEPS):
        assert saved.open() == oracle.waits(), file.decode()
        assert unsaved.history == saved.history
        assert unsaved.flows == saved.flows
        assert (saved.ended is None) == (oracle.state is not None), file.decode()
        choices = oracle.open()
        if not choices or len(choices) > MOST_OPEN:
            return
        what = data.draw(st.sampled_from(["a step"] * 18 + ["a move", "the end"]), label="what")
        if what == "the end":
            oracle.cancel()
            for stage in (saved, unsaved):
                stage.cancel()
        elif what == "a move" and isinstance(oracle, Oracle) and (moves := oracle.moves()):
            moving = data.draw(st.sampled_from(moves), label="moved")
            way = data.draw(st.sampled_from(moving.ways), label="how")
            oracle.move(moving)
            for stage in (saved, unsaved):
                stage.move(moving.source, 0, moving.target, way)
        else:
            working = data.draw(st.sampled_from(choices), label="happens")
            nth = oracle.act(working)
            for stage in (saved, unsaved):
                stage.act(working.name, working.kind, nth)


@pytest.mark.slow
@made_up(EXAMPLES)
@given(web=webs(), data=st.data())
def test_no_token_of_a_web_is_lost_or_doubled_saved_or_not(web: Web, data: st.DataObject) -> None:
    """Any nodes and flows: boundary events into branches, joins that never fire, inclusive joins in circles."""
    file = web.file()
    assume(not found_fault_with(file))
    try:
        play(file, lambda: WebGame(web), data)
    except StalledError:
        assume(False)
