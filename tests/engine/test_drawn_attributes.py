"""Whatever the strategies of random diagrams promise is drawn: a branch that nobody reaches proves nothing.

Nothing runs here. Drawn blocks are walked, and each attribute of each is noted with its values; events by
their position, markers by their owner.
"""

from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import given, seed
from hypothesis import strategies as st

from tests.engine.blocks import Block
from tests.engine.drawn import (
    COMPOSED,
    ENDS,
    GATEWAYS,
    KINDS,
    LEAVES,
    THROWS,
    activities,
    catches,
    event_sub_processes,
    forks,
    guarded,
    heard_escalations,
    races,
    throws,
    wholes,
)
from tests.engine.guards import Guarded, Race
from tests.engine.leaves import WORK, Catch, Link, Marker, Throw
from tests.engine.parts import STARTS, EventSubProcess, Inside, Whole
from tests.engine.scopes import THROWN, Event
from tests.engine.webs import GATEWAYS as WEB_GATEWAYS
from tests.engine.webs import WAITS, webs
from tests.examples import made_up

Seen = tuple[str, object]
"""An attribute and a value of it."""

EXAMPLES, MOST_SEEDS = 10, 40
"""Examples of each kind of block, for one seed after the other until all is drawn: six or so."""

SMALL: st.SearchStrategy[Block] = st.builds(Link)
"""What blocks are made of here: what stands in them is drawn by itself."""

MANIFOLD = [
    *[guarded(SMALL), guarded(SMALL), heard_escalations(SMALL), event_sub_processes(SMALL)],
    *[heard_escalations(SMALL), forks(SMALL), throws(), activities(), *[activities(["user"])] * 3],
]
"""What has most attributes: every other seed draws nothing else."""

DRAWN = [
    *(make(SMALL) for make in COMPOSED),
    *(wholes(start, SMALL) for start in STARTS),
    *[LEAVES, catches(), races(SMALL), *MANIFOLD],
]

BOTH = {False, True}
ANY_EVENT = {*KINDS, "one", "any", "all"}
MARKERS: dict[str, Collection[object]] = {
    "kind": {"once", "parallel", "sequential", "loop"},
    "times": {0, 1, 2, 3},
    "enough": {None, 1, 2},
}
PROMISED: dict[str, Collection[object]] = {
    "Activity.what": {*WORK},
    "Activity.broken": {"", "input", "output", "collection", "key"},
    "Activity.asked": {"creating", "assigning", "updating", "completing", "canceling"},
    "Activity.listeners 0": BOTH,
    "Activity.listeners 1": BOTH,
    "Activity.before_all": BOTH,
    "Catch.is_broken": BOTH,
    "Catch.event": ANY_EVENT,
    "Throw.kinds": {*THROWS, ("compensate",)},
    "Throw.waits": BOTH,
    "Throw.only": BOTH,
    "End.kinds": {*ENDS, ("error",), ("escalation",), ("cancel",)},
    "Link": {True},
    "Part.tag": {"subProcess", "transaction"},
    "Part.undoing": BOTH,
    "Part.listeners 0": BOTH,
    "Part.listeners 1": BOTH,
    "Call.listeners 0": BOTH,
    "Call.listeners 1": BOTH,
    "Call.listeners 2": BOTH,
    "Call.is_broken": BOTH,
    "Inside.has_start": BOTH,
    "Inside.events": BOTH,
    "Inside.ways": {1, 2},
    "EventSubProcess that interrupts.event": {
        *ANY_EVENT,
        "error",
        "escalation",
        "thrown or",
        "thrown and",
    },
    "EventSubProcess beside.event": {*ANY_EVENT, "escalation", "thrown or", "thrown and"},
    "Guarded that interrupts.event": {*ANY_EVENT, "error", "escalation", "thrown or", "thrown and"},
    "Guarded beside.event": {*ANY_EVENT, "escalation", "thrown or", "thrown and"},
    "Guarded.host": {"Activity", "Part", "Call", "AdHoc", "Led"},
    "Guarded.is_broken": BOTH,
    "Guarded.thrower": BOTH,
    "Race.event": {*ANY_EVENT, "receive"},
    "Race.is_broken": BOTH,
    "Booking": {True},
    "Undoable.host": {"Activity", "Part"},
    "Enough.needed": {1, 2, 3},
    "AdHoc.is_ordered": BOTH,
    "AdHoc.by_hand": BOTH,
    "Led": {True},
    "Fork.gateway": {*GATEWAYS},
    "Parting.gateway": {"inclusiveGateway"},
    "Asking.gateway": {"exclusiveGateway", "inclusiveGateway"},
    "Whole.start": {*STARTS},
    "Whole.listeners 0": BOTH,
    "Whole.listeners 1": BOTH,
    "Whole.listeners 2": BOTH,
    "Rounds": {0, 1, 2, 3, -1},
    "Web.kind": {*WAITS, *WEB_GATEWAYS, "leaves", "beside", "end", "terminate"},
}
for _owner in ("Activity", "Part", "Call"):
    PROMISED |= {f"{_owner}.marker.{name}": values for name, values in MARKERS.items()}


def seen_in(drawn: object) -> Iterator[Seen]:
    """Give all attributes of a drawn block and of what stands in it, with their values."""
    if isinstance(drawn, list | tuple):
        for one in drawn:
            yield from seen_in(one)
    if not isinstance(drawn, Block | Inside | EventSubProcess | Whole):
        return
    owner = type(drawn).__name__
    if isinstance(drawn, Throw):
        owner = "End" if drawn.tag == "endEvent" else "Throw"
    yield owner, True
    assert is_dataclass(drawn)
    for field in fields(drawn):
        value = getattr(drawn, field.name)
        yield from _seen(drawn, owner, field.name, value)
        yield from seen_in(value)


def _seen(drawn: object, owner: str, name: str, value: Any) -> Iterator[Seen]:
    """Give what is told of one attribute."""
    if isinstance(value, Event):
        way = ""
        if isinstance(drawn, Guarded | EventSubProcess):
            way = " that interrupts" if drawn.interrupts else " beside"
        yield from ((f"{owner}{way}.event", one) for one in _said(value))
        yield "Rounds", value.rounds
    elif isinstance(value, Marker):
        yield from ((f"{owner}.marker.{n}", getattr(value, n)) for n in MARKERS)
    elif isinstance(drawn, Race) and name == "ways":
        for event, _ in drawn.ways:
            said = _said(event.event) if isinstance(event, Catch) else ["receive"]
            yield from (("Race.event", one) for one in said)
    elif name == "listeners":
        yield from ((f"{owner}.listeners {i}", bool(n)) for i, n in enumerate(value))
    elif isinstance(value, dict):
        yield from ((f"{owner}.{name}", key) for key in value)
    elif name == "host":
        yield f"{owner}.host", type(value).__name__
    elif isinstance(drawn, Inside) and name == "ways":
        yield "Inside.ways", len(value)
    elif name in ("before_all", "undoing", "only", "thrower", "events"):
        yield f"{owner}.{name}", bool(value)
    else:
        yield f"{owner}.{name}", value


def _said(event: Event) -> Iterator[str]:
    """Give what is told of an event: its kinds, and how many of them are needed."""
    yield from event.kinds
    is_thrown = not THROWN.isdisjoint(event.kinds)
    if is_thrown and len(event.kinds) > 1:
        yield "thrown and" if event.needs_all else "thrown or"
    elif not is_thrown:
        yield "one" if len(event.kinds) == 1 else "all" if event.needs_all else "any"


def drawn_with(number: int) -> set[Seen]:
    """Return what is seen in the examples of a seed, of each kind of block, of each start, and of webs."""
    found: set[Seen] = set()

    def note(drawn: object) -> None:
        found.update(one for one in seen_in(drawn) if one[0] in PROMISED)

    @seed(number)
    @made_up(EXAMPLES)
    @given(data=st.data())
    def collect(data: st.DataObject) -> None:
        for blocks in MANIFOLD if number % 2 else DRAWN:
            note(data.draw(blocks))
        found.update(("Web.kind", kind) for kind in data.draw(webs()).kinds)

    collect()
    return found


@pytest.mark.slow
def test_all_that_the_strategies_promise_is_drawn() -> None:
    """Every attribute with every value; and no value is drawn that nobody has promised here."""
    promised = {(name, value) for name, values in PROMISED.items() for value in values}
    found: set[Seen] = set()
    numbers = iter(range(MOST_SEEDS))
    while not found >= promised and (number := next(numbers, None)) is not None:
        found |= drawn_with(number)
    assert (promised - found, found - promised) == (set(), set())
