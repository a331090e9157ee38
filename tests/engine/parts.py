"""Blocks that hold others in a scope of their own: sub-processes, transactions, calls; whole processes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count

from tests.engine.blocks import (
    SERIALS,
    Block,
    Drawing,
    Open,
    State,
    chain,
    flow,
    together,
)
from tests.engine.ends import leave
from tests.engine.leaves import (
    Begun,
    Marker,
    Throw,
    Waiting,
    asserted,
    definition,
    definitions,
    listening,
    message,
)
from tests.engine.scopes import AROUND, HOMES, Event, LeftError, Scoped, around, throw

STARTS = (
    "none",
    "message",
    "signal",
    "timer",
    "condition",
    "multiple",
    "parallel",
    "receive",
    "race",
)
"""What may start a process; `multiple`: a message or a signal, `parallel`: both, `receive`: a receive task,
`race`: an event-based gateway.
"""


@dataclass
class Inside:
    """What stands in a scope.

    Attributes:
        ways: Done at the same time, each with an end event of its own.
        events: Event sub-processes.
        has_start: Whether it has a start event; else all begins that no flow leads to.
        starting: What is drawn in place of the start event: the element behind which it begins.
        lines: That and what leads to it, as BPMN.
    """

    ways: list[tuple[Block, Throw]]
    events: list["EventSubProcess"] = field(default_factory=list)
    has_start: bool = True
    starting: str = ""
    lines: list[str] = field(default_factory=list)

    def draw(self, drawing: Drawing, start: str = "", **attributes: str) -> str:
        """Return all of it as BPMN; `start` stands in the start event."""
        outside, drawing.lines = drawing.lines, []
        for event in self.events:
            event.draw(drawing)
        firsts = [self._way(drawing, block, end) for block, end in self.ways]
        if self.has_start:
            begin = self.starting or drawing.add("startEvent", start, **attributes)
            drawing.lines += self.lines
            if len(firsts) > 1:
                fork = drawing.add("parallelGateway")
                drawing.flow(begin, fork)
                begin = fork
            for first in firsts:
                drawing.flow(begin, first)
        inside, drawing.lines = "".join(drawing.lines), outside
        return inside

    def _way(self, drawing: Drawing, block: Block, end: Throw) -> str:
        end.tag = "endEvent"
        first, last = block.draw(drawing)
        drawing.flow(last, end.draw(drawing)[0])
        return first

    def begin(self, *, is_event: bool = False, name: str = "") -> State | None:
        """All ways, in a scope of their own; an event sub-process may undo what completed around it.

        Args:
            is_event: Whether it is one.
            name: Of a sub-process that is done once: its element.
        """
        outer = (AROUND.log, *AROUND.outer) if is_event else ()
        scope = Scoped(AROUND.home, outer, name=name)
        ways: list[Block] = [Begun(self._begun(block, end)) for block, end in self.ways]
        return scope.begin(lambda: together(ways), self.events)

    def _begun(self, block: Block, end: Throw) -> Callable[[], State | None]:
        return lambda: flow([block, end])


@dataclass
class EventSubProcess:
    """An event sub-process."""

    event: Event
    interrupts: bool
    inside: Inside
    name: str = ""

    def draw(self, drawing: Drawing) -> None:
        """Its start event says what it hears."""
        self.name = drawing.new_id("startEvent")
        inner, attributes = definitions(drawing, self.name, self.event)
        if not self.interrupts:
            attributes["isInterrupting"] = "false"
        content = self.inside.draw(drawing, inner, element_id=self.name, **attributes)
        drawing.add("subProcess", content, triggeredByEvent="true")

    def run(self) -> State | None:
        """Begin what it does; it does not hear what is thrown in it."""
        return Deaf.to(self.name, lambda: self.inside.begin(is_event=True))


@dataclass
class Deaf(State):
    """What runs in an event sub-process: what is thrown there goes on outward, by that one it is not heard."""

    now: State
    code: str

    @classmethod
    def to(cls, code: str, work: Callable[[], State | None]) -> State | None:
        """Go on without who hears that code."""
        with around(catchers=tuple(one for one in AROUND.catchers if one.code != code)):
            state = work()
        return cls(state, code) if state else None

    def open(self) -> Open:
        """What is open in it."""
        return self.now.open()

    def complete(self, position: int) -> State | None:
        """Go on."""
        return self.to(self.code, lambda: self.now.complete(position))


@dataclass
class Part(Block):
    """A sub-process.

    Attributes:
        undoing: What a compensation event sub-process of it does, or None.
        listeners: How many execution listeners it has at start and end.
    """

    inside: Inside
    marker: Marker = field(default_factory=Marker)
    tag: str = "subProcess"
    undoing: Inside | None = None
    listeners: tuple[int, int] = (0, 0)
    name: str = ""

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """One element with all that is in it."""
        self.name = drawing.new_id(self.tag)
        content = self.inside.draw(drawing)
        if self.undoing is not None:
            undoing = self.undoing.draw(drawing, "<bpmn:compensateEventDefinition />")
            content += (
                f'<bpmn:subProcess id="{self.name}_undo" triggeredByEvent="true">{undoing}'
                "</bpmn:subProcess>"
            )
        start, end = self.listeners
        told = listening(start=start, end=end)
        drawing.add(self.tag, told + content + self.marker.xml(), self.name)
        return self.name, self.name

    def begin(self) -> State | None:
        """As often as the marker says."""
        return self.marker.begin(self._once)

    def _once(self) -> State | None:
        if self.undoing is None:
            return self._begin()
        return Replaced.run(self._begin, self.undoing)

    def _begin(self) -> State | None:
        start, end = self.listeners
        serial = next(SERIALS)
        heard = Waiting(self.name, "listener", serial)
        name = self.name if self.marker.kind == "once" else ""
        inside = Begun(partial(self.inside.begin, name=name))
        return chain([*[heard] * start, inside, *[heard] * end])


@dataclass
class Replaced(State):
    """A sub-process that is undone by an event sub-process of its own, in place of what is in it."""

    now: State
    undoing: Inside

    @classmethod
    def run(cls, work: Callable[[], State | None], undoing: Inside) -> State | None:
        """Go on; when it is over its own handler stands for all that completed in it."""
        outer, AROUND.log = AROUND.log, []
        try:
            state = work()
        finally:
            AROUND.log = outer
        if state is None:
            AROUND.log.append(Begun(undoing.begin))
            return None
        return cls(state, undoing)

    def open(self) -> Open:
        """What is open in it."""
        return self.now.open()

    def complete(self, position: int) -> State | None:
        """Go on."""
        return self.run(lambda: self.now.complete(position), self.undoing)


@dataclass
class Call(Block):
    """A call activity and the process it calls.

    Attributes:
        listeners: How many execution listeners that process has at start, end and cancellation.
        is_broken: Whether nobody knows whom it calls until an operator has said it.
    """

    inside: Inside
    marker: Marker = field(default_factory=Marker)
    listeners: tuple[int, int, int] = (0, 0, 0)
    is_broken: bool = False
    name: str = ""

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """The process stands in the same file."""
        self.name = drawing.new_id("callActivity")
        content = listening(*self.listeners) + self.inside.draw(drawing)
        drawing.roots.append(
            f'<bpmn:process id="called_{self.name}" isExecutable="true">{content}</bpmn:process>'
        )
        process_id = f"called_{self.name}"
        if self.is_broken:
            process_id = asserted(f"&quot;{process_id}&quot;", f"fixed_{self.name}")
        called = (
            f'<zeebe:calledElement processId="{process_id}" propagateAllParentVariables="false"'
            ' propagateAllChildVariables="false" />'
        )
        told = f"<bpmn:extensionElements>{called}</bpmn:extensionElements>"
        drawing.add("callActivity", told + self.marker.xml(), self.name)
        return self.name, self.name

    def begin(self) -> State | None:
        """As often as the marker says, each in an instance of its own."""
        return self.marker.begin(self._once)

    def _once(self) -> State | None:
        called = Begun(lambda: call(f"called_{self.name}", self.listeners, self.inside))
        held = [Waiting(self.name, "incident", next(SERIALS))] * self.is_broken
        return chain([*held, called])


def call(name: str, listeners: tuple[int, int, int], inside: Inside) -> State | None:
    """Begin an instance of a process with so many listeners at start, end and cancellation."""
    start, end, cancel = listeners
    heard = Waiting(name, "listener", next(SERIALS))
    called = Calling(next(HOMES), [heard] * cancel)
    return called.go_on(lambda: chain([*[heard] * start, Begun(inside.begin), *[heard] * end]))


@dataclass
class Calling(State):
    """An instance; what completed in it is undone by nobody outside.

    Attributes:
        cancels: Who hears when it is terminated and nothing runs in it any more, one after the other.
        now: What runs in it.
        is_ending: Whether it is being terminated.
        thrown: The error that terminates it, which its caller hears then; empty: none.
        is_over: Whether it has been terminated by an error that is on its way.
    """

    home: int
    cancels: list[Waiting]
    now: State | None = None
    is_ending: bool = False
    thrown: str = ""
    is_over: bool = False
    is_called: bool = True

    def open(self) -> Open:
        """What is open in it."""
        return self.now.open() if self.now else []

    def complete(self, position: int) -> State | None:
        """Go on."""
        now = self.now
        assert now is not None
        return self.go_on(lambda: now.complete(position))

    def go_on(self, work: Callable[[], State | None]) -> State | None:
        """Do something in it; an error that leaves it terminates it first."""
        try:
            after = self._in_it(work)
        except LeftError as left:
            if not left.is_error or left.catcher.home == self.home:
                raise
            return self._end(left.catcher.code)
        if after is not None:
            return replace(self, now=after)
        if self.thrown:
            self.is_over = True
            throw(self.thrown, is_error=True)
        return None

    def ending(self) -> State | None:
        """End it from outside: an error that is under way is off."""
        if self.is_over:
            return None
        return replace(self, thrown="") if self.is_ending else self._end("")

    def _end(self, thrown: str) -> State | None:
        self.is_over = bool(thrown)
        ending = replace(self, is_ending=True, thrown=thrown, is_over=False)
        left = self.now
        return ending.go_on(lambda: leave(left, lambda: chain([*self.cancels])))

    def _in_it(self, work: Callable[[], State | None]) -> State | None:
        with around(log=[], home=self.home):
            return work()


@dataclass
class Whole:
    """A process that a file is about; what it calls stands in the same file.

    Attributes:
        start: One of `STARTS`.
        listeners: How many execution listeners the process has at start, end and cancellation.
    """

    inside: Inside
    start: str = "none"
    listeners: tuple[int, int, int] = (0, 0, 0)
    process_id: str = "process"
    start_id: str = ""

    def file(self, first_number: int = 0) -> bytes:
        """Return the file; the numbers in ids and names begin with `first_number`."""
        drawing = Drawing(numbers=count(first_number))
        self.start_id = drawing.new_id("startEvent")
        if self.start in ("receive", "race"):
            self._draw_instantiating(drawing)
        start, attributes = self._start(drawing)
        inside = listening(*self.listeners)
        inside += self.inside.draw(drawing, start, element_id=self.start_id, **attributes)
        return (
            '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
            ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">'
            f'<bpmn:process id="{self.process_id}" isExecutable="true">{inside}</bpmn:process>'
            f"{''.join(drawing.roots)}</bpmn:definitions>"
        ).encode()

    def _draw_instantiating(self, drawing: Drawing) -> None:
        """Draw a receive task, or a gateway with two messages of which the first starts."""
        part = Drawing(numbers=drawing.numbers, roots=drawing.roots)
        self.inside.starting = self.start_id
        if self.start == "receive":
            root = message(drawing, self.start_id)
            part.add("receiveTask", "", self.start_id, messageRef=root, instantiate="true")
        else:
            fork, merge = part.new_id("eventBasedGateway"), part.new_id("exclusiveGateway")
            part.add("eventBasedGateway", "", fork, instantiate="true")
            for name in (self.start_id, part.new_id("intermediateCatchEvent")):
                part.add("intermediateCatchEvent", definition(drawing, name, "message"), name)
                part.flow(fork, name)
                part.flow(name, merge)
            part.add("exclusiveGateway", "", merge)
            self.inside.starting = merge
        self.inside.lines = part.lines

    def _start(self, drawing: Drawing) -> tuple[str, dict[str, str]]:
        if self.start in ("none", "receive", "race"):
            return "", {}
        if self.start == "timer":
            past = "<bpmn:timeDate>2020-01-01T00:00:00Z</bpmn:timeDate>"
            return f"<bpmn:timerEventDefinition>{past}</bpmn:timerEventDefinition>", {}
        if self.start in ("multiple", "parallel"):
            event = Event(("message", "signal"), needs_all=self.start == "parallel")
            return definitions(drawing, self.start_id, event)
        return definition(drawing, self.start_id, self.start), {}

    def begin(self) -> State | None:
        """Return the state of one instance."""
        return call(self.process_id, self.listeners, self.inside)
