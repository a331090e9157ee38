"""Blocks that are one element: what waits, what passes through, what throws. Markers repeat activities."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from tests.engine.blocks import (
    SERIALS,
    Block,
    Drawing,
    Open,
    State,
    Working,
    chain,
    together,
)
from tests.engine.ends import leave, nothing
from tests.engine.scopes import (
    AROUND,
    THROWN,
    Ear,
    Event,
    Opened,
    TerminatedError,
    beside,
    listen,
    logged,
    opened,
    throw,
    undo,
)

JOB = '<zeebe:taskDefinition type="work" />'
USER = "<zeebe:userTask />"
ASSIGNED = '<zeebe:assignmentDefinition assignee="somebody" />'
SCRIPT = '<zeebe:script expression="=1" resultVariable="seen" />'


def asserted(value: str, needed: str) -> str:
    """Return an expression that raises an incident until an operator has set the variable it needs."""
    return f"=assert({value}, {needed})"


FAILING = asserted("1", "fixed_{name}")

BROKEN = f'<zeebe:script expression="{FAILING}" resultVariable="seen" />'
MAPPINGS = {
    place: f'<zeebe:ioMapping><zeebe:{place} source="{FAILING}" target="seen" /></zeebe:ioMapping>'
    for place in ("input", "output")
}
DECISION = '<zeebe:calledDecision decisionId="grading" resultVariable="seen" />'
HOUSE = (
    '<zeebe:taskDefinition type="huiyin:publish-message" />'
    '<zeebe:taskHeaders><zeebe:header key="messageName" value="nobody" /></zeebe:taskHeaders>'
)
"""A job that the house does itself, at once: it tells nobody anything."""

KEYED = '<zeebe:input source="=&quot;1&quot;" target="correlation_key" />'
STRANDED = (
    f'{HOUSE}<zeebe:ioMapping>{KEYED}<zeebe:input target="time_to_live"'
    ' source="=if fixed_{name} = true then &quot;PT0S&quot; else &quot;never&quot;" /></zeebe:ioMapping>'
)
"""One that it cannot do before an operator has set how long that lives."""

HOUSE += f"<zeebe:ioMapping>{KEYED}</zeebe:ioMapping>"

WORK: dict[str, tuple[str, str, str]] = {
    "user": ("userTask", USER, "user"),
    "inbox": ("userTask", "", "job"),
    "service": ("serviceTask", JOB, "job"),
    "send": ("sendTask", JOB, "job"),
    "script job": ("scriptTask", JOB, "job"),
    "rule job": ("businessRuleTask", JOB, "job"),
    "receive": ("receiveTask", "", "message"),
    "task": ("task", "", ""),
    "manual": ("manualTask", "", ""),
    "script": ("scriptTask", SCRIPT, ""),
    "decision": ("businessRuleTask", DECISION, ""),
    "broken": ("scriptTask", BROKEN, "incident"),
    "house": ("serviceTask", HOUSE, ""),
    "stranded": ("serviceTask", STRANDED, "incident"),
}
"""Activities that are one element: tag, extensions, and what they wait for; nothing: they pass through."""

SOON = "PT0.01S"
"""No timer is due in the step that sets it."""

FIXED: set[tuple[str, int]] = set()
"""What an operator has mended: name and home. What comes to such an element later passes it."""


@dataclass(frozen=True)
class Marker:
    """How often an activity is done: `once`, `parallel`, `sequential` (multi-instance) or in a `loop`.

    Attributes:
        enough: A multi-instance is over after so many; None: after all.
    """

    kind: str = "once"
    times: int = 1
    enough: int | None = None

    def xml(self, needed: str = "") -> str:
        """Return it as BPMN; `needed`: a variable without which a multi-instance has no items."""
        if self.kind == "once":
            return ""
        if self.kind == "loop":
            return f'<bpmn:standardLoopCharacteristics loopMaximum="{self.times}" />'
        items = f"[{', '.join(map(str, range(self.times)))}]"
        items = f"if {needed} then {items} else null" if needed else items
        condition = f"=numberOfCompletedInstances &gt;= {self.enough}"
        over = f"<bpmn:completionCondition>{condition}</bpmn:completionCondition>"
        sequential = str(self.kind == "sequential").lower()
        return (
            f'<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}">'
            f'<bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="={items}"/>'
            f"</bpmn:extensionElements>{over if self.enough else ''}"
            "</bpmn:multiInstanceLoopCharacteristics>"
        )

    def begin(self, once: Callable[[], State | None]) -> State | None:
        """Begin an activity as often as it says."""
        if self.kind == "once":
            return once()
        return logged(lambda: self._begin(once))

    def _begin(self, once: Callable[[], State | None]) -> State | None:
        if self.kind != "parallel":
            times = self.times if self.enough is None else min(self.times, self.enough)
            return chain([Begun(once)] * times)
        states: list[State] = []
        missing = self.times if self.enough is None else min(self.enough, self.times)
        for _ in range(self.times):
            state = once()
            missing -= state is None
            states += [state] if state else []
            if missing == 0:
                # What else could have been done is given up.
                return leave(states, nothing)
        return Several(states, missing) if missing else None


@dataclass
class Begun(Block):
    """A block that is drawn elsewhere."""

    once: Callable[[], State | None]

    def begin(self) -> State | None:
        """Begin it."""
        return self.once()


@dataclass
class Several(State):
    """Instances at the same time; over when `missing` more have ended."""

    states: list[State]
    missing: int

    def open(self) -> Open:
        """All of them."""
        return [working for state in self.states for working in state.open()]

    def complete(self, position: int) -> State | None:
        """Complete in the one that waits for this."""
        for index, state in enumerate(self.states):
            size = len(state.open())
            if position < size:
                after = state.complete(position)
                missing = self.missing - (after is None)
                states = [*self.states[:index], *([after] if after else [])]
                states += self.states[index + 1 :]
                return Several(states, missing) if missing > 0 else leave(states, nothing)
            position -= size
        raise IndexError(position)


@dataclass
class Activity(Block):
    """One activity with a marker.

    Attributes:
        what: A name of `WORK`.
        listeners: How many execution listeners it has at start and end.
        asked: How many task listeners it has, by the event; one with any has an assignee.
        before_all: How many it has that are called once, before a multi-instance has its items.
        broken: What raises an incident: its `input` or `output` mapping, the `collection` of its items, or the
            `key` of the message that a receive task waits for.
    """

    what: str = "user"
    marker: Marker = field(default_factory=Marker)
    listeners: tuple[int, int] = (0, 0)
    before_all: int = 0
    broken: str = ""
    asked: dict[str, int] = field(default_factory=dict)
    name: str = ""

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """One element."""
        tag, extensions, _ = WORK[self.what]
        self.name = drawing.new_id(tag)
        attributes = {}
        if self.what == "receive":
            needed = f"fixed_{self.name}" if self.broken == "key" else ""
            attributes["messageRef"] = message(drawing, self.name, needed)
        start, end = self.listeners
        extensions += _execution_listeners(start, end, self.before_all)
        if asked := "".join(_listeners("task", event, n) for event, n in self.asked.items()):
            extensions += f"<zeebe:taskListeners>{asked}</zeebe:taskListeners>{ASSIGNED}"
        extensions = (extensions + MAPPINGS.get(self.broken, "")).replace("{name}", self.name)
        told = f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>"
        marker = self.marker.xml(f"fixed_{self.name}" if self.broken == "collection" else "")
        drawing.add(tag, (told if extensions else "") + marker, self.name, **attributes)
        return self.name, self.name

    def begin(self) -> State | None:
        """As often as the marker says."""
        before = ["listener"] * self.before_all + ["incident"] * (self.broken == "collection")
        if not before:
            return self.marker.begin(self._once)
        serial = next(SERIALS)
        held = [Waiting(self.name, kind, serial) for kind in before]
        return chain([*held, Begun(lambda: self.marker.begin(self._once))])

    def _once(self) -> State | None:
        serial = next(SERIALS)
        held = [Waiting(self.name, "incident", serial)] * (self.broken == "input")
        return chain([*held, Begun(lambda: self._mapped(serial))])

    def _mapped(self, serial: int) -> State | None:
        """Return what follows its input mappings, which are evaluated before anybody is asked."""
        start, end = self.listeners
        kind = WORK[self.what][2]
        if self.what == "stranded" and (self.name, AROUND.home) in FIXED:
            kind = ""
        kinds = ["listener"] * start + ["incident"] * (self.broken == "key")
        after = ["incident"] * (self.broken == "output") + ["listener"] * end
        before, behind = (
            [Waiting(self.name, one, serial) for one in found] for found in (kinds, after)
        )
        return chain([*before, Begun(lambda: self._asking(kind, serial)), *behind])

    def _asking(self, kind: str, serial: int) -> State | None:
        """Return its work between those who are asked before and after; it may hear of its end then."""
        heard = Waiting(self.name, "task_listener", serial)
        before = [heard] * (self.asked.get("creating", 0) + self.asked.get("assigning", 0))
        work = [Begun(lambda: self._work(kind, serial))] if kind else []
        state = chain([*before, *work, *[heard] * self.asked.get("completing", 0)])
        if state is None or not self.asked.get("canceling"):
            return state
        return Tasked(state, [heard] * self.asked["canceling"])

    def _work(self, kind: str, serial: int) -> State | None:
        changes = [event for event in ("assigning", "updating") if self.asked.get(event)]
        if self.what == "stranded":
            return Opened(self.name, serial, kind, AROUND.home)
        if not changes:
            return Waiting(self.name, kind, serial).begin()
        return Changeable(self, serial, changes, AROUND.home)


@dataclass
class Tasked(State):
    """A user task that hears of its end; any change that is under way then is off.

    Attributes:
        now: The task and those who are asked about it.
        asked: Who hears of its end, one after the other.
    """

    now: State
    asked: list["Waiting"]

    def open(self) -> Open:
        """What the task waits for."""
        return self.now.open()

    def complete(self, position: int) -> State | None:
        """Go on."""
        after = self.now.complete(position)
        return Tasked(after, self.asked) if after else None

    def ending(self) -> State | None:
        """Ask them."""
        return chain([*self.asked])


@dataclass
class Changeable(State):
    """A user task that may be changed; its listeners are asked about it first.

    Attributes:
        changes: Events of its listeners.
    """

    block: Activity
    serial: int
    changes: list[str]
    home: int

    def open(self) -> Open:
        """It can be completed or changed."""
        kinds = ["user", *[f"change of {event}" for event in self.changes]]
        return [Working(self.block.name, self.serial, kind, self.home) for kind in kinds]

    def complete(self, position: int) -> State | None:
        """It is completed, or open again when all listeners have answered."""
        if position == 0:
            return None
        asked = self.block.asked[self.changes[position - 1]]
        heard: Block = Waiting(self.block.name, "task_listener", self.serial)
        return chain([*[heard] * asked, Begun(lambda: self)])


@dataclass
class Waiting(Block):
    """Something that an element waits for that is drawn elsewhere, one after the other."""

    name: str
    kind: str
    serial: int

    def begin(self) -> State | None:
        """Open, but for an incident whose cause is gone."""
        if self.kind == "incident" and (self.name, AROUND.home) in FIXED:
            return None
        # A message goes to the oldest subscription; all else is told apart by the elements that wait.
        serial = next(SERIALS) if self.kind == "message" else self.serial
        return Opened(self.name, serial, self.kind, AROUND.home)


@dataclass
class Catch(Block):
    """An intermediate catch event.

    Attributes:
        is_broken: Whether it does not know what it waits for until an operator has said it.
        needed: The variable that a gateway before it needs in its place; empty: none.
    """

    event: Event
    is_broken: bool = False
    needed: str = ""
    name: str = ""

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """One element."""
        self.name = drawing.new_id("intermediateCatchEvent")
        needed = f"fixed_{self.name}" if self.is_broken else self.needed
        inner, attributes = definitions(drawing, self.name, self.event, needed)
        drawing.add("intermediateCatchEvent", inner, self.name, **attributes)
        return self.name, self.name

    def begin(self) -> State | None:
        """It listens, unless its condition is true already."""
        held = [Waiting(self.name, "incident", next(SERIALS))] * self.is_broken
        return chain([*held, Begun(self._listen)])

    def _listen(self) -> State | None:
        ear = listen(self.name, self.event, stays=False)
        position = ear.true_at_once()
        return Catching(ear) if position is None else Catching(ear).complete(position)


@dataclass
class Catching(State):
    """A catch event that waits."""

    ear: Ear

    def open(self) -> Open:
        """What it waits for."""
        return list(self.ear.workings)

    def complete(self, position: int) -> State | None:
        """Over when it has happened."""
        happens, ear = self.ear.hears(position)
        return None if happens else Catching(ear)


@dataclass
class Link(Block):
    """A link: a jump without a flow."""

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """Two events of one name."""
        name = f"link_{next(drawing.numbers)}"
        definition = f'<bpmn:linkEventDefinition name="{name}" />'
        there = drawing.add("intermediateThrowEvent", definition)
        return there, drawing.add("intermediateCatchEvent", definition)

    def begin(self) -> State | None:
        """Passed at once."""
        return None


class Named(Protocol):
    """A block that is drawn as an element of that id."""

    name: str


@dataclass
class Throw(Block):
    """A throw event or an end event, of some kinds.

    Attributes:
        kinds: Of `message` (a job), `signal`, `escalation`, `compensate`, and at an end one of `terminate`,
            `error`, `cancel`; none: passed through.
        code: What it throws where that is caught around it; set by whoever catches.
        only: What alone it undoes: its activity and handler; None: all.
        waits: Whether it waits for what undoes.
    """

    kinds: tuple[str, ...] = ()
    tag: str = "intermediateThrowEvent"
    code: str = ""
    name: str = ""
    only: "tuple[Named, Block] | None" = None
    waits: bool = True

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """One element."""
        self.name = drawing.new_id(self.tag)
        self.code = self.code or f"nobody_{self.name}"
        inner = "".join(self._definition(drawing, kind) for kind in self.kinds)
        job = f"<bpmn:extensionElements>{JOB}</bpmn:extensionElements>"
        drawing.add(self.tag, (job if "message" in self.kinds else "") + inner, self.name)
        return self.name, self.name

    def _definition(self, drawing: Drawing, kind: str) -> str:
        match kind:
            case "message":
                root = message(drawing, self.name)
                return f'<bpmn:messageEventDefinition messageRef="{root}" />'
            case "signal":
                return definition(drawing, self.name, "signal")
            case "error" | "escalation":
                return coded(drawing, kind, self.code)
            case "compensate":
                which = f' activityRef="{self.only[0].name}"' if self.only else ""
                waits = "" if self.waits else ' waitForCompletion="false"'
                return f"<bpmn:compensateEventDefinition{which}{waits} />"
            case _:
                return f"<bpmn:{kind}EventDefinition />"

    def begin(self) -> State | None:
        """The message first, then what is undone is waited for; what leads away comes last."""
        order = ("message", "escalation", "compensate", "error", "cancel", "terminate")
        return chain([Begun(self._throwing(kind)) for kind in order if kind in self.kinds])

    def _throwing(self, kind: str) -> Callable[[], State | None]:
        def begin() -> State | None:
            match kind:
                case "message":
                    return opened(self.name, "job")
                case "compensate":
                    handlers = undo(self.only[1] if self.only else None)
                    if self.waits:
                        return together(handlers)
                    beside(lambda: together(handlers))
                    return None
                case "terminate":
                    raise TerminatedError
                case _:
                    throw(self.code, is_error=kind == "error")
                    return None

        return begin


def message(drawing: Drawing, name: str, needed: str = "") -> str:
    """Draw the message of an element and return its id; `needed`: a variable without which it has no key."""
    key = asserted("1", needed) if needed else "=1"
    extension = (
        f'<bpmn:extensionElements><zeebe:subscription correlationKey="{key}" />'
        "</bpmn:extensionElements>"
    )
    drawing.roots.append(f'<bpmn:message id="m_{name}" name="m_{name}">{extension}</bpmn:message>')
    return f"m_{name}"


def definition(drawing: Drawing, name: str, kind: str, rounds: int = 0, needed: str = "") -> str:
    """Return what an element waits for, with names after its id.

    A timer is one of `rounds`, as in `Event`; `needed`: a variable without which it has no moment, and a
    message no key.
    """
    match kind:
        case "message":
            root = message(drawing, name, needed)
            return f'<bpmn:messageEventDefinition messageRef="{root}" />'
        case "timer":
            tag, text = "timeDuration", SOON
            if rounds:
                tag, text = "timeCycle", f"R{'' if rounds < 0 else rounds}/{SOON}"
            text = asserted(f'"{text}"', needed) if needed else text
            told = f"<bpmn:{tag}>{text}</bpmn:{tag}>"
            return f"<bpmn:timerEventDefinition>{told}</bpmn:timerEventDefinition>"
        case "signal":
            drawing.roots.append(f'<bpmn:signal id="s_{name}" name="s_{name}" />')
            return f'<bpmn:signalEventDefinition signalRef="s_{name}" />'
        case "condition":
            return (
                "<bpmn:conditionalEventDefinition>"
                f"<bpmn:condition>=go_{name}</bpmn:condition></bpmn:conditionalEventDefinition>"
            )
    raise ValueError(kind)


def coded(drawing: Drawing, kind: str, code: str) -> str:
    """Return the definition of an error or escalation event."""
    root = f'<bpmn:{kind} id="c_{code}" {kind}Code="{code}" />'
    drawing.roots += [root] if root not in drawing.roots else []
    return f'<bpmn:{kind}EventDefinition {kind}Ref="c_{code}" />'


def definitions(
    drawing: Drawing, name: str, event: Event, needed: str = ""
) -> tuple[str, dict[str, str]]:
    """Return the definitions of an event that waits or catches, and its attributes; `needed` as above."""
    if event.kinds == ("cancel",):
        return "<bpmn:cancelEventDefinition />", {}
    attributes = {"parallelMultiple": "true"} if event.needs_all else {}
    return "".join(
        coded(drawing, kind, name)
        if kind in THROWN
        else definition(drawing, name, kind, event.rounds, needed)
        for kind in event.kinds
    ), attributes


def listening(start: int, end: int, cancel: int = 0) -> str:
    """Return the extensions of an element or a process with that many execution listeners."""
    told = _execution_listeners(start, end, cancel=cancel)
    return f"<bpmn:extensionElements>{told}</bpmn:extensionElements>" if told else ""


def _execution_listeners(start: int, end: int, before_all: int = 0, cancel: int = 0) -> str:
    told = _listeners("execution", "start", start) + _listeners("execution", "end", end)
    told += _listeners("execution", "beforeAll", before_all)
    told += _listeners("execution", "cancel", cancel)
    return f"<zeebe:executionListeners>{told}</zeebe:executionListeners>" if told else ""


def _listeners(kind: str, event: str, count: int) -> str:
    return "".join(
        f'<zeebe:{kind}Listener eventType="{event}" type="listener_{number}" />'
        for number in range(count)
    )
