"""What may be done to a drawn diagram by hand: tokens are moved, begin, end, between blocks that flows connect.

What is moved or ended is one element that is active once, with all in it; nobody hears of that. A target begins
as if a flow had come there. Where nothing else is active a token is not just ended: its scope would, too.

Source: Camunda 8 process instance modification.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.engine.ad_hocs import AdHoc, Led
from tests.engine.blocks import Block, Chain, Flowing, State, Together, flow
from tests.engine.guards import Guarded, Race, Undoable, Watched
from tests.engine.leaves import Activity, Catch, Throw
from tests.engine.parts import Call, Part
from tests.engine.scopes import Scoped, beside

MOVES = ("inferred", "sourceParent", "ancestor", "activated")
BEGINS, ENDS = ("begins",), ("ends",)


@dataclass(frozen=True)
class Moving:
    """One thing that can be done by hand.

    Attributes:
        source: The element whose token is moved or terminated, or in whose scope another one begins.
        target: The element that begins; of a termination the source.
        flowing: Where it is done.
        does: What it makes of that.
        ways: How it may be told, of `stage.WAYS` or `stage.OTHER_WAYS`.
    """

    source: str
    target: str
    flowing: Flowing
    does: Callable[[Flowing], State | None]
    ways: tuple[str, ...]


def moves_in(state: State | None) -> list[Moving]:
    """Return all that can be done by hand."""
    flowing = list(_flowing_in(state))
    sources = [(one, _source(one.blocks[one.index], one.now)) for one in flowing]
    times = Counter(source for _, source in sources)
    alone = [(one, source) for one, source in sources if source and times[source] == 1]
    ways = {path[-1]: (path, is_last) for path, is_last in _paths_in(state)}
    found = []
    for one, source in alone:
        targets = [(i, to) for i, block in enumerate(one.blocks) if (to := _target(block))]
        found += [Moving(source, to, one, partial(_move, i), MOVES) for i, to in targets]
        path, is_last = ways.get(one, ([], True))
        if path:
            begin = [Moving(source, to, one, partial(_begin, path, i), BEGINS) for i, to in targets]
            found += begin
        if not is_last:
            found.append(Moving(source, source, path[0], lambda way: None, ENDS))
    return found


def _move(index: int, flowing: Flowing) -> State | None:
    return flow(flowing.blocks, index)


def _begin(path: list[Flowing], index: int, flowing: Flowing) -> State | None:
    """Let one more token begin, which has the rest of the way for itself."""

    def begin() -> State | None:
        state = flow(flowing.blocks, index)
        for one in reversed(path[:-1]):
            around = Flowing(state, one.blocks, one.index) if state else None
            state = around or flow(one.blocks, one.index + 1)
        return state

    beside(begin)
    return flowing


def _paths_in(state: Any) -> Iterator[tuple[list[Flowing], bool]]:
    """Give the ways in scopes as what they lead through, and whether there is no other beside."""
    if isinstance(state, list | tuple):
        for one in state:
            yield from _paths_in(one)
    elif isinstance(state, State):
        if isinstance(state, Scoped):
            ways = state.main.states if isinstance(state.main, Together) else []
            for way in ways:
                path: list[Flowing] = []
                while isinstance(way, Flowing):
                    path.append(way)
                    way = way.now
                if path:
                    yield path, len(ways) + len(state.sides) == 1
        for value in vars(state).values():
            yield from _paths_in(value)


def _flowing_in(state: Any) -> Iterator[Flowing]:
    if isinstance(state, list | tuple):
        for one in state:
            yield from _flowing_in(one)
    elif isinstance(state, State):
        if isinstance(state, Flowing):
            yield state
        for value in vars(state).values():
            yield from _flowing_in(value)


def _source(block: Block, now: State) -> str | None:
    """Return the one element that is active in a block, or None."""
    match block:
        case Activity() | Part() | Call() | Catch() | AdHoc() | Led():
            return block.name
        case Guarded() if isinstance(now, Chain) and isinstance(now.now, Watched):
            return block.host_name
        case _:
            return None


def _target(block: Block) -> str | None:
    """Return the element with which a block begins, or None if nobody may begin there by hand.

    What ends a scope is not begun by hand here: which of two things of one step comes first is left open.
    """
    match block:
        case Activity() | Part() | Call() | Catch() | AdHoc() | Led() | Race() | Undoable():
            return block.name
        case Guarded():
            return block.host_name
        case Throw() if set(block.kinds) <= {"message", "signal"}:
            return block.name
        case _:
            return None
