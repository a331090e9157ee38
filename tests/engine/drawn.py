"""Random diagrams of every element: strategies that draw the blocks, and the oracle of what they wait for."""

from collections import Counter
from collections.abc import Callable

from hypothesis import assume
from hypothesis import strategies as st

from tests.engine import blocks
from tests.engine.ad_hocs import AdHoc, Led
from tests.engine.blocks import HAND, Block, Open, State
from tests.engine.ends import leave, nothing
from tests.engine.guards import Asking, Booking, Enough, Guarded, Race, Undoable
from tests.engine.leaves import FIXED, WORK, Activity, Catch, Link, Marker, Throw
from tests.engine.moves import Moving, moves_in
from tests.engine.parts import Call, EventSubProcess, Inside, Part, Whole
from tests.engine.scopes import AROUND, Event, around

WAITING = sorted(name for name, (_, _, kind) in WORK.items() if kind)
UNMAPPED = ("broken", "house", "manual", "stranded", "task")
"""Broken already, with mappings of its own, or nobody carries out mappings of it."""

JOBS = [name for name in WAITING if WORK[name][2] == "job"]
KINDS = ("message", "timer", "signal", "condition")
FEW = st.sampled_from((0, 0, 0, 1, 2))
"""How many listeners a process has of an event."""

GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway")
ENDS: list[tuple[str, ...]] = [
    (),
    (),
    (),
    ("message",),
    ("signal",),
    ("escalation",),
    ("compensate",),
    ("terminate",),
    ("signal", "escalation"),
]
THROWS: list[tuple[str, ...]] = [
    (),
    ("message",),
    ("signal",),
    ("escalation",),
    ("message", "signal"),
    ("signal", "escalation"),
]

ASKED = st.dictionaries(
    st.sampled_from(("creating", "assigning", "updating", "completing", *["canceling"] * 2)),
    st.integers(1, 2),
)
"""How many task listeners a user task has of an event."""

SELDOM = st.sampled_from([False] * 5 + [True])

Drawer = st.DrawFn
Blocks = st.SearchStrategy[Block]


@st.composite
def events(draw: Drawer, *, may_repeat: bool = False) -> Event:
    """One definition, or two of which any or both are needed; a timer that interrupts nothing may repeat."""
    count = draw(st.sampled_from([1, 1, 2]))
    chosen = draw(st.lists(st.sampled_from(KINDS), min_size=count, max_size=count, unique=True))
    rounds = draw(st.sampled_from((0, 1, 2, 3, -1))) if may_repeat and "timer" in chosen else 0
    return Event(tuple(chosen), count > 1 and draw(st.booleans()), rounds)


@st.composite
def markers(draw: Drawer) -> Marker:
    """Mostly once."""
    kind = draw(st.sampled_from(["once", "once", "once", "parallel", "sequential", "loop"]))
    if kind == "once":
        return Marker()
    times = draw(st.integers(1 if kind == "loop" else 0, 3))
    enough = draw(st.none() | st.integers(1, 2)) if kind in ("parallel", "sequential") else None
    return Marker(kind, times, enough)


@st.composite
def activities(
    draw: Drawer, names: list[str] | None = None, *, once: bool = False, may_be_held: bool = True
) -> Activity:
    """One activity that is one element; what is held up before it begins no boundary event watches yet."""
    known = sorted(name for name in names or WORK if may_be_held or WORK[name][2] != "incident")
    what = draw(st.sampled_from(known))
    marker = Marker() if once else draw(markers())
    is_multiple = marker.kind in ("parallel", "sequential")
    listeners, before_all = (0, 0), 0
    if may_be_held and draw(st.integers(0, 5)) == 0:
        listeners = (draw(st.integers(0, 1)), draw(st.integers(0, 1)))
        before_all = draw(st.integers(0, 1)) if is_multiple else 0
    asked = draw(ASKED) if what == "user" and draw(SELDOM) else {}
    broken = ""
    if what not in UNMAPPED and draw(st.integers(0, 7)) == 0:
        places = [
            "output",
            *["input"] * may_be_held,
            *["collection"] * (may_be_held and is_multiple),
            *["key"] * (may_be_held and what == "receive"),
        ]
        broken = draw(st.sampled_from(places))
    return Activity(what, marker, listeners, before_all, broken, asked)


def undoing(first: Undoable | None = None, *, waits: bool = True) -> Block:
    """Return a throw that undoes, all or one; somebody is waited for before, as told in `way`."""
    thrown = Throw(("compensate",), waits=waits)
    thrown.only = None if first is None else (first, first.handler)
    return blocks.Sequence([Activity("user"), thrown])


def throws() -> Blocks:
    """Throw events that nobody catches."""
    return st.one_of(st.builds(Throw, st.sampled_from(THROWS)), st.builds(undoing))


def ends() -> st.SearchStrategy[Throw]:
    """End events that nobody catches."""
    return st.builds(Throw, st.sampled_from(ENDS), st.just("endEvent"))


@st.composite
def catches(draw: Drawer) -> Catch:
    """Catch events; what waits for a moment or a key may not know it."""
    event = draw(events())
    return Catch(event, can_break(event) and draw(SELDOM))


def can_break(event: Event) -> bool:
    """Tell whether something an event waits for is found by an expression that may fail."""
    return not {"message", "timer"}.isdisjoint(event.kinds)


LEAVES: Blocks = st.one_of(
    activities(WAITING),
    activities(),
    catches(),
    throws(),
    st.builds(Link),
)


def way(block: Block, end: Throw) -> tuple[Block, Throw]:
    """Return a way in a scope.

    Before an end that matters to others somebody is waited for: which of two things of one step comes first
    is left open by BPMN.
    """
    if set(end.kinds) <= {"message", "signal"}:
        return block, end
    return blocks.Sequence([block, Activity("user")]), end


@st.composite
def insides(draw: Drawer, inner: Blocks, *, may_hear: bool = True) -> Inside:
    """What stands in a scope: a way or two, and seldom an event sub-process."""
    count = draw(st.sampled_from([1, 1, 1, 2]))
    ways = [way(draw(inner), draw(ends())) for _ in range(count)]
    hearing = []
    if may_hear and draw(st.integers(0, 3)) == 0:
        hearing = [draw(event_sub_processes(inner))]
    return Inside(ways, hearing)


@st.composite
def thrown(draw: Drawer, kind: str, *, may_lack: bool = True) -> Event:
    """What catches an error or escalation, alone or beside something else that is enough, or is needed, too.

    Nobody catches an error for which its event lacks something: `may_lack` says whether that may be.
    """
    others = draw(st.sampled_from([[], [], [draw(st.sampled_from(KINDS))]]))
    kinds = draw(st.sampled_from([(kind, *others), (*others, kind)]))
    return Event(kinds, bool(others) and may_lack and draw(st.booleans()))


@st.composite
def event_sub_processes(draw: Drawer, inner: Blocks) -> EventSubProcess:
    """Of any kind; an error always interrupts."""
    interrupts = draw(st.booleans())
    event = draw(events(may_repeat=not interrupts))
    if interrupts and draw(st.booleans()):
        event = draw(thrown("error"))
    return EventSubProcess(event, interrupts, draw(insides(inner, may_hear=False)))


@st.composite
def heard_escalations(draw: Drawer, inner: Blocks) -> Part:
    """A sub-process whose event sub-process catches what is thrown in it."""
    is_error = draw(st.booleans())
    kind = "error" if is_error else "escalation"
    interrupts = is_error or draw(st.booleans())
    event = draw(thrown(kind, may_lack=not is_error))
    hearing = EventSubProcess(event, interrupts, draw(insides(inner, may_hear=False)))
    if not interrupts and draw(st.booleans()):
        # Thrown again, it goes on outward, where nobody hears it.
        hearing.inside.ways[-1] = way(draw(inner), Thrown(hearing, (kind,)))
    thrower = Thrown(hearing, (kind,))
    ways = [way(draw(inner), thrower)]
    ways += [way(draw(inner), draw(ends()))] if draw(st.booleans()) else []
    return Part(Inside(ways, [hearing]))


class Thrown(Throw):
    """An end event that throws what an event sub-process of its scope catches, which is drawn before."""

    def __init__(self, hearing: EventSubProcess, kinds: tuple[str, ...]) -> None:
        """Say who catches it."""
        super().__init__(kinds, "endEvent")
        self.hearing = hearing

    def draw(self, drawing: blocks.Drawing) -> tuple[str, str]:
        """One element."""
        self.code = self.hearing.name
        return super().draw(drawing)


@st.composite
def parts(draw: Drawer, inner: Blocks, *, may_be_held: bool = True) -> Part:
    """Sub-processes and transactions, without start event, undone by an event sub-process of their own."""
    inside = draw(insides(inner))
    inside.has_start = draw(st.integers(0, 3)) > 0
    undoing = None
    if draw(st.integers(0, 4)) == 0:
        undoing = Inside([(draw(activities(WAITING, once=True)), Throw())])
    tag = draw(st.sampled_from(["subProcess", "subProcess", "transaction"]))
    listeners = (0, 0)
    if may_be_held and draw(st.integers(0, 4)) == 0:
        listeners = draw(st.tuples(st.integers(0, 1), st.integers(0, 1)))
    return Part(inside, draw(markers()), tag, undoing, listeners)


@st.composite
def calls(draw: Drawer, inner: Blocks, *, may_be_held: bool = True) -> Block:
    """Call activities."""
    is_broken = may_be_held and draw(SELDOM)
    return Call(draw(insides(inner)), draw(markers()), draw(st.tuples(FEW, FEW, FEW)), is_broken)


@st.composite
def ad_hocs(draw: Drawer) -> Block:
    """Ad-hoc sub-processes of a few tasks, led by a list, by hand, or by a job."""
    chosen = draw(st.lists(activities(WAITING, once=True), min_size=1, max_size=3))
    if draw(st.integers(0, 2)) == 0:
        return Led(chosen)
    is_ordered = draw(st.booleans())
    return AdHoc(chosen, is_ordered, not is_ordered and draw(st.booleans()))


def joins_here(block: Block) -> bool:
    """Tell whether an inclusive join stands in the scope of a block, not in one of its own.

    Behind a boundary event that interrupts nothing Camunda holds such a join up while the activity is there:
    the event could happen again, and its token come by the other flow. The oracle of blocks does not know
    that rule; the game of webs does.
    """
    match block:
        case blocks.Fork():
            return block.gateway == "inclusiveGateway" or any(map(joins_here, block.branches))
        case blocks.Sequence():
            return any(map(joins_here, block.blocks))
        case Guarded() | Booking():
            return joins_here(block.handler)
        case Race():
            return any(joins_here(behind) for _, behind in block.ways)
        case _:
            return False


@st.composite
def guarded(draw: Drawer, inner: Blocks) -> Block:
    """Activities with a boundary event of any kind."""
    kind = draw(st.sampled_from(["event", "event", "error", "thrown", "thrown"]))
    handler, end = draw(inner), Throw(draw(st.sampled_from([(), ("signal",), ("message",)])))
    if kind == "event":
        host = draw(
            activities(may_be_held=False)
            | parts(inner, may_be_held=False)
            | calls(inner, may_be_held=False)
            | ad_hocs()
        )
        interrupts = draw(st.booleans())
        event = draw(events(may_repeat=not interrupts))
        is_broken = can_break(event) and draw(SELDOM)
        assume(interrupts or not joins_here(handler))
        return Guarded(host, event, interrupts, handler, end, is_broken=is_broken)
    if kind == "error":
        host = draw(
            activities(JOBS, may_be_held=False)
            | parts(inner, may_be_held=False)
            | calls(inner, may_be_held=False)
        )
        return Guarded(host, draw(thrown("error")), True, handler, end)
    is_error = draw(st.booleans())
    kind = "error" if is_error else "escalation"
    thrower = Throw((kind,), "endEvent")
    ways = [way(draw(inner), thrower)]
    ways += [way(draw(inner), draw(ends()))] if draw(st.booleans()) else []
    inside = Inside(ways)
    if not is_error and draw(st.booleans()):
        # Thrown by an event sub-process that has taken the place of its scope.
        inside = Inside(
            [way(draw(inner), draw(ends()))], [EventSubProcess(draw(events()), True, inside)]
        )
    throwing = draw(st.sampled_from([Part, Call]))(inside, draw(markers()))
    if isinstance(throwing, Call):
        throwing.listeners = draw(st.tuples(FEW, FEW, FEW))
    interrupts = is_error or draw(st.booleans())
    assume(interrupts or not joins_here(handler))
    event = draw(thrown(kind, may_lack=not is_error))
    return Guarded(throwing, event, interrupts, handler, end, thrower)


@st.composite
def races(draw: Drawer, inner: Blocks) -> Block:
    """Event-based gateways."""
    waiting = st.builds(Catch, events()) | st.builds(Activity, st.just("receive"))
    ways = [(draw(waiting), draw(inner)) for _ in range(draw(st.integers(2, 3)))]
    can_be_broken = any(isinstance(one, Catch) and can_break(one.event) for one, _ in ways)
    return Race(ways, can_be_broken and draw(SELDOM))


@st.composite
def undone(draw: Drawer, inner: Blocks) -> Block:
    """Something that can be undone, and later on is."""
    host = draw(activities(WAITING) | parts(inner).filter(lambda part: part.undoing is None))
    first = Undoable(host, draw(activities(WAITING, once=True)))
    only = first if draw(st.booleans()) else None
    return blocks.Sequence([first, draw(inner), undoing(only, waits=draw(st.booleans()))])


@st.composite
def bookings(draw: Drawer, inner: Blocks) -> Block:
    """Transactions that are left cancelled, or completed before that."""
    first = Undoable(draw(activities(WAITING)), draw(activities(WAITING, once=True)))
    cancel = Throw(("cancel",), "endEvent")
    ways = [way(blocks.Sequence([first, draw(inner)]), cancel)]
    ways += [(draw(inner), Throw())] if draw(st.booleans()) else []
    return Booking(Part(Inside(ways), tag="transaction"), cancel, draw(inner))


@st.composite
def gathered(draw: Drawer, inner: Blocks) -> Block:
    """Complex gateways."""
    count = draw(st.integers(2, 3))
    ways = [draw(inner) for _ in range(count)]
    enough = Enough(ways, draw(st.integers(1, count)))
    return Part(Inside([(blocks.Sequence([enough, draw(activities())]), Throw())]))


@st.composite
def forks(draw: Drawer, inner: Blocks) -> Block:
    """A fork of any kind with at least one branch that is taken."""
    gateway = draw(st.sampled_from(GATEWAYS))
    branches = draw(st.lists(inner, min_size=2, max_size=3))
    size = len(branches)
    taken = [True] * size
    if gateway != "parallelGateway":
        taken = draw(st.lists(st.booleans(), min_size=size, max_size=size).filter(any))
    if gateway == "inclusiveGateway" and draw(st.booleans()):
        return Parting(gateway, branches, taken)
    if gateway != "parallelGateway" and draw(SELDOM):
        return Asking(gateway, branches, taken)
    return blocks.Fork(gateway, branches, taken)


class Parting(blocks.Fork):
    """Flows with conditions that leave an activity: taken as behind an inclusive gateway."""

    def draw(self, drawing: blocks.Drawing) -> tuple[str, str]:
        """A task in place of the gateway that forks."""
        fork, join = super().draw(drawing)
        task = drawing.new_id("task")
        drawing.lines = [line.replace(f'"{fork}"', f'"{task}"') for line in drawing.lines]
        gateway = f'<bpmn:{self.gateway} id="{task}"></bpmn:{self.gateway}>'
        drawing.lines[drawing.lines.index(gateway)] = f'<bpmn:task id="{task}" />'
        return task, join


COMPOSED: list[Callable[[Blocks], Blocks]] = [
    lambda inner: st.lists(inner, min_size=2, max_size=3).map(blocks.Sequence),
    forks,
    parts,
    calls,
    guarded,
    guarded,
    races,
    undone,
    bookings,
    gathered,
    heard_escalations,
    lambda inner: ad_hocs(),
]


def composed(inner: Blocks) -> Blocks:
    """Blocks made of blocks."""
    return st.one_of([make(inner) for make in COMPOSED])


EVERYTHING: Blocks = st.recursive(LEAVES, composed, max_leaves=7)


@st.composite
def wholes(draw: Drawer, start: str | None = None, inner: Blocks = EVERYTHING) -> Whole:
    """Whole processes."""
    inside = draw(insides(inner))
    return Whole(inside, start or "none", draw(st.tuples(FEW, FEW, FEW)))


class Oracle:
    """What a process waits for, without any engine.

    Attributes:
        state: None when it is over.
    """

    def __init__(self, whole: Whole) -> None:
        """Begin it."""
        self.state: State | None = whole.begin()

    def open(self) -> Open:
        """What may happen, oldest first; some of it nobody waits for."""
        return sorted(self.state.open() if self.state else [], key=lambda w: w.serial)

    def waits(self) -> Counter[tuple[str, str]]:
        """Return how often each is waited for."""
        return Counter((w.name, w.kind) for w in self.open() if " of " not in w.kind)

    def moves(self) -> list[Moving]:
        """Return where tokens may be moved by hand."""
        return moves_in(self.state)

    def move(self, moving: Moving) -> None:
        """Move a token by hand."""
        assert self.state is not None
        HAND.flowing, HAND.does = moving.flowing, moving.does
        inside = {(w.serial, w.kind) for w in moving.flowing.open()}
        found = self.state.open()
        place = next(i for i, w in enumerate(found) if (w.serial, w.kind) in inside)
        vars(AROUND).update(catchers=(), sides=[], log=[], outer=())
        self.state = self.state.complete(place)
        assert HAND.flowing is None

    def cancel(self) -> None:
        """End the instance from outside."""
        self.state = leave(self.state, nothing)

    def act(self, working: blocks.Working) -> int:
        """Let something happen; return which of its like it was, oldest first."""
        alike = [w for w in self.open() if (w.name, w.kind) == (working.name, working.kind)]
        if working.kind == "message":
            working = alike[0]
        nth = [w.serial for w in alike].index(working.serial)
        if working.kind == "signal":
            reached = alike
        elif working.kind == "incident":
            FIXED.add((working.name, working.home))
            reached = [working]
        elif working.kind == "condition":
            reached = [w for w in alike if w.home == working.home]
            with around(passing={(working.name, working.home)}):
                self._happen(reached)
            return nth
        else:
            reached = [working]
        self._happen(reached)
        return nth

    def _happen(self, reached: Open) -> None:
        for one in reached:
            found = self.state.open() if self.state else []
            places = [
                i for i, w in enumerate(found) if (w.serial, w.kind) == (one.serial, one.kind)
            ]
            if places and self.state is not None:
                vars(AROUND).update(catchers=(), sides=[], log=[], outer=())
                self.state = self.state.complete(places[0])
