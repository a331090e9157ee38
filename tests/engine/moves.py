"""Where a token of a drawn diagram may be moved by hand, and what that does: between blocks that flows connect.

What is moved is one element that is active once, with all in it; nobody hears of its end. The target begins
as if a flow had come there.

Source: Camunda 8 process instance modification.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.engine.ad_hocs import AdHoc, Led
from tests.engine.blocks import Block, Chain, Flowing, State
from tests.engine.guards import Guarded, Race, Undoable, Watched
from tests.engine.leaves import Activity, Catch, Throw
from tests.engine.parts import Call, Part


@dataclass(frozen=True)
class Moving:
    """One move that can be made.

    Attributes:
        source: The element whose token is moved.
        target: The element that begins.
        index: The block of `flowing` that it is in.
    """

    source: str
    target: str
    flowing: Flowing
    index: int


def moves_in(state: State | None) -> list[Moving]:
    """Return all moves that can be made."""
    flowing = list(_flowing_in(state))
    sources = [(one, _source(one.blocks[one.index], one.now)) for one in flowing]
    times = Counter(source for _, source in sources)
    return [
        Moving(source, target, one, index)
        for one, source in sources
        if source is not None and times[source] == 1
        for index, block in enumerate(one.blocks)
        if (target := _target(block)) is not None
    ]


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
