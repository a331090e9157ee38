"""Blocks in which something else may happen: boundary events, races, what is undone, joins that need a few."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.engine.blocks import SERIALS, Block, Drawing, Fork, Open, State, chain, together
from tests.engine.ends import Completed, Leaving, hearing_in, leave
from tests.engine.leaves import (
    Activity,
    Begun,
    Catch,
    Several,
    Throw,
    Waiting,
    asserted,
    definitions,
)
from tests.engine.parts import Part
from tests.engine.scopes import (
    AROUND,
    Ear,
    Event,
    LeftError,
    around,
    beside,
    catcher_of,
    errors_of,
    failing_job,
    listen,
)


@dataclass
class Guarded(Block):
    """An activity with a boundary event.

    Attributes:
        thrower: The event inside that throws what this one catches; None: jobs throw it, or nobody.
        handler: The way behind the boundary event.
        end: Where that way ends when the event interrupts nothing.
        is_broken: Whether the activity does not begin until an operator has said what the event waits for.
    """

    host: Block
    event: Event
    interrupts: bool
    handler: Block
    end: Throw
    thrower: Throw | None = None
    is_broken: bool = False
    name: str = ""
    host_name: str = ""

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """Both ways come together if only one of them is taken."""
        self.name = drawing.new_id("boundaryEvent")
        if self.thrower is not None:
            self.thrower.code = self.name
        host, _ = self.host.draw(drawing)
        self.host_name = host
        needed = f"fixed_{host}" if self.is_broken else ""
        inner, attributes = definitions(drawing, self.name, self.event, needed)
        cancels = str(self.interrupts).lower()
        drawing.add(
            "boundaryEvent",
            inner,
            self.name,
            attachedToRef=host,
            cancelActivity=cancels,
            **attributes,
        )
        first, last = self.handler.draw(drawing)
        drawing.flow(self.name, first)
        if not self.interrupts:
            self.end.tag = "endEvent"
            drawing.flow(last, self.end.draw(drawing)[0])
            return host, host
        merge = drawing.add("exclusiveGateway")
        drawing.flow(host, merge)
        drawing.flow(last, merge)
        return host, merge

    def begin(self) -> State | None:
        """The activity, watched."""
        held = [Waiting(self.host_name, "incident", next(SERIALS))] * self.is_broken
        return chain([*held, Begun(self._watch)])

    def _watch(self) -> State | None:
        ear = listen(self.name, self.event, stays=not self.interrupts)
        if (position := ear.true_at_once()) is not None:
            happens, ear = ear.hears(position)
            if happens and self.interrupts:
                return self.handler.begin()
            if happens:
                beside(self.run)
        return Watched(self, None, ear, AROUND.home).go_on(self.host.begin)

    def run(self) -> State | None:
        """Begin what is done beside the activity."""
        return chain([self.handler, self.end])


@dataclass
class Watched(State):
    """An activity with a boundary event that listens; `now` None: about to begin."""

    block: Guarded
    now: State | None
    ear: Ear
    home: int

    def open(self) -> Open:
        """What the activity and the event wait for; the jobs in it may fail."""
        return [*self._inside(), *self.ear.workings, *self._errors()]

    def _inside(self) -> Open:
        return self.now.open() if self.now else []

    def _errors(self) -> Open:
        is_caught = self.block.event.is_error and self.block.thrower is None
        is_caught = is_caught and self.ear.lacks_only("error")
        return errors_of(self._inside(), self.block.name, self.home) if is_caught else []

    def complete(self, position: int) -> State | None:
        """Go on, or take the other way."""
        now, size = self.now, len(self._inside())
        if now is not None and position < size:
            return self.go_on(lambda: now.complete(position))
        if position - size >= len(self.ear.workings):
            return self._fail(position - size - len(self.ear.workings))
        happens, ear = self.ear.hears(position - size)
        if happens and self.block.interrupts:
            return leave(now, self.block.handler.begin)
        if happens:
            beside(self.block.run)
        return Watched(self.block, now, ear, self.home)

    def _fail(self, position: int) -> State | None:
        """Let a job inside throw the error that is caught here."""
        job = failing_job(self._inside(), position, self.home)
        with around(failing=self.block.name):
            return self.complete(job)

    def go_on(self, work: Callable[[], State | None]) -> State | None:
        """Do something inside; what is thrown there may be caught here."""
        if not self.block.event.is_thrown:
            after = work()
            return Watched(self.block, after, self.ear, self.home) if after else None
        names = ("home", "sides", "log", "outer")
        around_it = {name: getattr(AROUND, name) for name in names}
        catcher = catcher_of(self.block, self.block.run, around_it, self.ear)
        try:
            with around(catchers=(*AROUND.catchers, catcher)):
                after = work()
        except LeftError as left:
            if left.catcher is not catcher:
                raise
            return leave(self.now, self.block.handler.begin)
        return Watched(self.block, after, catcher.ear or self.ear, self.home) if after else None


@dataclass
class Race(Block):
    """An event-based gateway: what happens first decides.

    Attributes:
        is_broken: Whether it does not know what its events wait for until an operator has said it.
    """

    ways: list[tuple[Catch | Activity, Block]]
    is_broken: bool = False
    name: str = ""

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """The ways come together again."""
        fork, merge = drawing.add("eventBasedGateway"), drawing.add("exclusiveGateway")
        self.name = fork
        for event, block in self.ways:
            if self.is_broken and isinstance(event, Catch):
                event.needed = f"fixed_{fork}"
            first, before = event.draw(drawing)
            after, last = block.draw(drawing)
            drawing.flow(fork, first)
            drawing.flow(before, after)
            drawing.flow(last, merge)
        return fork, merge

    def begin(self) -> State | None:
        """All events listen, unless the condition of one is true already."""
        held = [Waiting(self.name, "incident", next(SERIALS))] * self.is_broken
        return chain([*held, Begun(self._listen)])

    def _listen(self) -> State | None:
        waiting = []
        for event, block in self.ways:
            state = event.begin()
            if state is None:
                return block.begin()
            waiting.append((state, block))
        return Racing(waiting)


@dataclass
class Racing(State):
    """Events that wait; the others are given up when one has happened."""

    ways: list[tuple[State, Block]]

    def open(self) -> Open:
        """What they wait for."""
        return [working for state, _ in self.ways for working in state.open()]

    def complete(self, position: int) -> State | None:
        """Go the way of the event that has happened."""
        for index, (state, block) in enumerate(self.ways):
            size = len(state.open())
            if position < size:
                after = state.complete(position)
                if after is None:
                    return block.begin()
                return Racing([*self.ways[:index], (after, block), *self.ways[index + 1 :]])
            position -= size
        raise IndexError(position)


@dataclass
class Asking(Fork):
    """A fork whose first condition nobody can answer until an operator has helped."""

    name: str = ""

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """Its conditions are drawn as ever, then the first is asked for a variable."""
        mark = len(drawing.lines)
        self.name, join = super().draw(drawing)
        drawn = f"<bpmn:conditionExpression>={str(self.taken[0]).lower()}<"
        asked = asserted(str(self.taken[0]).lower(), f"fixed_{self.name}")
        first = next(
            index
            for index, line in enumerate(drawing.lines)
            if index >= mark and f'sourceRef="{self.name}"' in line
        )
        line = drawing.lines[first]
        drawing.lines[first] = line.replace(drawn, f"<bpmn:conditionExpression>{asked}<")
        return self.name, join

    def begin(self) -> State | None:
        """The operator first."""
        held = Waiting(self.name, "incident", next(SERIALS))
        return chain([held, Begun(super().begin)])


@dataclass
class Undoable(Block):
    """An activity with the handler that undoes it."""

    host: Block
    handler: Activity
    name: str = ""

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """An association leads to the handler."""
        host, _ = self.host.draw(drawing)
        self.name = host
        event = drawing.add(
            "boundaryEvent", "<bpmn:compensateEventDefinition />", attachedToRef=host
        )
        mark = len(drawing.lines)
        handler, _ = self.handler.draw(drawing)
        line = drawing.lines[mark]
        drawing.lines[mark] = line.replace(
            f'id="{handler}"', f'id="{handler}" isForCompensation="true"', 1
        )
        drawing.lines.append(
            f'<bpmn:association id="to_{handler}" associationDirection="One" sourceRef="{event}"'
            f' targetRef="{handler}" />'
        )
        return host, host

    def begin(self) -> State | None:
        """The activity."""
        return self.go_on(self.host.begin, [])

    def go_on(self, work: Callable[[], State | None], log: list[Block]) -> State | None:
        """Go on; what has completed can be undone, and with it what has completed in it: that is in `log`."""
        with around(log=log):
            after = work()
        if after is None:
            AROUND.log.append(Completed(self.handler, log))
            return None
        return Doing(self, after, log)


@dataclass
class Doing(State):
    """An activity that can be undone when it has completed."""

    block: Undoable
    now: State
    log: list[Block]

    def open(self) -> Open:
        """What it waits for."""
        return self.now.open()

    def complete(self, position: int) -> State | None:
        """Go on."""
        return self.block.go_on(lambda: self.now.complete(position), self.log)


@dataclass
class Overseen(State):
    """What runs in a transaction."""

    block: "Booking"
    now: State

    def open(self) -> Open:
        """What it waits for."""
        return self.now.open()

    def complete(self, position: int) -> State | None:
        """Go on."""
        return self.block.go_on(lambda: self.now.complete(position), self.now)


@dataclass
class Booking(Block):
    """A transaction that is left cancelled, and the way behind that.

    Attributes:
        transaction: One of its ways ends with a cancel end event.
    """

    transaction: Part
    cancel: Throw
    handler: Block
    name: str = ""

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """Both ways come together."""
        self.name = drawing.new_id("boundaryEvent")
        self.cancel.code = self.name
        host, _ = self.transaction.draw(drawing)
        drawing.add(
            "boundaryEvent", "<bpmn:cancelEventDefinition />", self.name, attachedToRef=host
        )
        first, last = self.handler.draw(drawing)
        merge = drawing.add("exclusiveGateway")
        for source, target in ((self.name, first), (last, merge), (host, merge)):
            drawing.flow(source, target)
        return host, merge

    def begin(self) -> State | None:
        """The transaction."""
        return self.go_on(self.transaction.begin)

    @property
    def interrupts(self) -> bool:
        """A cancelled transaction is over."""
        return True

    @property
    def event(self) -> Event:
        """What is caught."""
        return Event(("cancel",))

    def run(self) -> State | None:
        """Nothing runs beside it."""
        return None

    def go_on(self, work: Callable[[], State | None], now: State | None = None) -> State | None:
        """Do something inside; when it is cancelled all that has completed is undone first.

        Args:
            work: What is done.
            now: What runs in it until then.
        """
        catcher = catcher_of(self, self.run, {})
        try:
            with around(catchers=(*AROUND.catchers, catcher)):
                after = work()
        except LeftError as left:
            if left.catcher is not catcher:
                raise
            undone = left.log
            behind = partial(chain, [Begun(lambda: together(undone)), self.handler])
            hearing = hearing_in(now)
            return Leaving(hearing, behind) if hearing else behind()
        return Overseen(self, after) if after else None


@dataclass
class Enough(Block):
    """A complex gateway that goes on when some of the ways have come; the others end at it.

    It has a scope of its own around it, which waits for those.
    """

    ways: list[Block]
    needed: int

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """Only what starts the gateway goes on behind it."""
        fork, join = drawing.add("parallelGateway"), drawing.new_id("complexGateway")
        for block in self.ways:
            first, last = block.draw(drawing)
            drawing.flow(fork, first)
            drawing.flow(last, join)
        condition = f"=activationCount &gt;= {self.needed}"
        drawing.add(
            "complexGateway",
            f"<bpmn:activationCondition>{condition}</bpmn:activationCondition>",
            join,
        )
        behind = drawing.add("task")
        drawing.flow(join, behind, "=waitingForStart")
        return fork, behind

    def begin(self) -> State | None:
        """All ways."""
        states, missing = [], self.needed
        for block in self.ways:
            state = block.begin()
            missing -= state is None
            states += [state] if state else []
        return gathering(states, missing)


def gathering(states: list[State], missing: int) -> State | None:
    """Return ways of which some more must come; when they have, the others run on beside."""
    if missing > 0:
        return Gathering(states, missing)
    AROUND.sides.extend(states)
    return None


@dataclass
class Gathering(Several):
    """Ways to a complex gateway."""

    def complete(self, position: int) -> State | None:
        """Go on in one of them."""
        after = Several(self.states, len(self.states) + 1).complete(position)
        assert isinstance(after, Several)
        return gathering(after.states, self.missing - (len(after.states) < len(self.states)))
