"""What the oracle of random diagrams knows of scopes: what runs beside, who catches, what can be undone.

A `Scoped` state is one run of a process or sub-process: what runs in it, what events have set going beside
that, the event sub-process that listens, and the handlers of what has completed. `AROUND` holds what a block
meets when it begins. What ends a scope from inside is raised.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Any, Protocol

from tests.engine.blocks import SERIALS, Block, Open, State, Working
from tests.engine.ends import handlers_in, handlers_of, leave, nothing

HOMES = count(1)

STAYING = {"message", "signal", "condition"}
"""Events that may happen again when they interrupt nothing; a timer of a duration happens once."""


THROWN = {"error", "escalation", "cancel"}
"""Events that come from inside."""


class TerminatedError(Exception):
    """A terminate end event was reached: the scope around it is over."""


class LeftError(Exception):
    """Something was thrown that interrupts whatever `catcher` listens to.

    Attributes:
        is_error: Whether it is an error: that ends each called instance which it leaves, one after the other.
        log: Handlers of what has completed in the scopes that it leaves.
    """

    def __init__(self, catcher: "Catcher", *, is_error: bool) -> None:
        """Say who catches it."""
        self.catcher = catcher
        self.is_error = is_error
        self.log: list[Block] = []


@dataclass(eq=False)
class Catcher:
    """Somebody who catches an error, escalation or cancellation.

    Attributes:
        home: Number of the instance it is in.
        heard: What happens when it interrupts nothing; None: it interrupts.
        host: Of a boundary event that catches an escalation: the sub-process it hangs on.
        ear: How it listens.
    """

    code: str
    home: int
    heard: Callable[[], None] | None = None
    host: str = ""
    ear: "Ear | None" = None

    def hears(self, *, is_error: bool) -> bool | None:
        """Return whether what is thrown makes the event happen; None: it is not heard.

        An error that is not the last of all that an event needs goes on outward: its activity cannot wait.
        """
        if self.ear is None:
            return True
        if is_error:
            return True if self.ear.lacks_only("error") else None
        happens, self.ear = self.ear.hears_thrown("escalation")
        return happens


@dataclass
class Around:
    """What a block meets when it begins or goes on.

    Attributes:
        home: Number of the instance it is in.
        sides: Where what shall run beside the rest of the scope is put.
        log: Handlers of what has completed in the scope.
        outer: Those of the scopes around, which an event sub-process may undo, too.
        catchers: Who listens, innermost last.
        passing: Conditions that are true at this moment: name and home.
        failing: The error that the job throws which is about to be over; empty: it completes.
    """

    home: int = 0
    sides: list[State] = field(default_factory=list)
    log: list[Block] = field(default_factory=list)
    outer: tuple[list[Block], ...] = ()
    catchers: tuple[Catcher, ...] = ()
    passing: set[tuple[str, int]] = field(default_factory=set)
    failing: str = ""


AROUND = Around()


@contextmanager
def around(**changes: Any) -> Iterator[None]:
    """Change what blocks meet for a while."""
    before = {name: getattr(AROUND, name) for name in changes}
    vars(AROUND).update(changes)
    try:
        yield
    finally:
        vars(AROUND).update(before)


@dataclass
class Opened(Working):
    """Something that is waited for; a job may throw an error instead of being done."""

    def complete(self, position: int) -> State | None:
        """Done, or failed."""
        if AROUND.failing:
            throw(AROUND.failing, is_error=True)
            raise AssertionError("nobody catches the error of a job that is said to be caught")
        return None


def opened(name: str, kind: str) -> Working:
    """Return something that is waited for from now on."""
    return Opened(name, next(SERIALS), kind, AROUND.home)


def throw(code: str, *, is_error: bool = False) -> None:
    """Throw a code; the innermost who catches it hears it, and nobody may.

    Raises:
        LeftError: It interrupts.
    """
    for catcher in reversed(AROUND.catchers):
        if catcher.code != code or (happens := catcher.hears(is_error=is_error)) is None:
            continue
        if happens and catcher.heard is None:
            raise LeftError(catcher, is_error=is_error)
        if happens and catcher.heard is not None:
            catcher.heard()
        return


@dataclass(frozen=True)
class Event:
    """What an event waits for: any of some kinds, or all of them.

    Attributes:
        kinds: Of `message timer signal condition`, with one of `error escalation` among them or alone; or
            `cancel`.
        rounds: How often its timer fires that interrupts nothing: 0 is a duration, once; -1 without end.
    """

    kinds: tuple[str, ...]
    needs_all: bool = False
    rounds: int = 0

    @property
    def subscribed(self) -> tuple[str, ...]:
        """What is waited for by subscriptions."""
        return tuple(kind for kind in self.kinds if kind not in THROWN)

    @property
    def is_thrown(self) -> bool:
        """Whether it catches what is thrown from inside."""
        return not THROWN.isdisjoint(self.kinds)

    @property
    def is_error(self) -> bool:
        """Whether it catches an error, among others maybe."""
        return "error" in self.kinds


@dataclass(frozen=True)
class Ear:
    """An event that listens.

    Attributes:
        stays: Whether it interrupts nothing and hears again.
        heard: What has come and waits for the rest.
        fired: How often its timer has.
    """

    event: Event
    workings: tuple[Working, ...]
    stays: bool
    heard: tuple[str, ...] = ()
    fired: int = 0

    def hears(self, position: int) -> tuple[bool, "Ear"]:
        """Return whether it happens now, and how it listens on."""
        kind = self.workings[position].kind
        others = (*self.workings[:position], *self.workings[position + 1 :])
        left = self.workings if self.stays and kind in STAYING else others
        fired = self.fired + (kind == "timer")
        if kind == "timer" and self.stays and fired != self.event.rounds != 0:
            following = replace(self.workings[position], serial=next(SERIALS))
            left = (*self.workings[:position], following, *self.workings[position + 1 :])
        after = replace(self, workings=left, fired=fired)
        return after.hears_thrown(kind)

    def hears_thrown(self, kind: str) -> tuple[bool, "Ear"]:
        """Return whether it happens now that one of its kinds has come, and how it listens on."""
        if not self.event.needs_all:
            return True, self
        heard = (*self.heard, kind)
        if set(heard) != set(self.event.kinds):
            return False, replace(self, heard=heard)
        rest = list(heard)
        for name in self.event.kinds:
            rest.remove(name)
        return True, replace(self, heard=tuple(rest))

    def lacks_only(self, kind: str) -> bool:
        """Tell whether it happens when this comes."""
        return not self.event.needs_all or {*self.heard, kind} == set(self.event.kinds)

    def true_at_once(self) -> int | None:
        """Return the position of a condition that is true already, or None."""
        for position, working in enumerate(self.workings):
            if working.kind == "condition" and (working.name, working.home) in AROUND.passing:
                return position
        return None


def listen(name: str, event: Event, *, stays: bool) -> Ear:
    """Return the ear of an event that begins to listen."""
    return Ear(event, tuple(opened(name, kind) for kind in event.subscribed), stays)


class Hearing(Protocol):
    """An event sub-process, as its scope knows it."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def event(self) -> Event:
        """What it hears."""
        ...

    @property
    def interrupts(self) -> bool:
        """Whether it takes the place of what runs."""
        ...

    def run(self) -> State | None:
        """Begin what it does."""
        ...


@dataclass(eq=False)
class Scoped(State):
    """One run of a scope.

    Attributes:
        main: What runs in it; None: over, but for `sides`.
        sides: What runs beside that.
        ears: Event sub-processes that listen, with their ears.
        log: Handlers of what has completed in it.
        home: Number of its instance.
        outer: Of an event sub-process: the handlers in the scopes around it.
        is_interrupted: Whether an event sub-process has taken the place of its work: then nothing that is
            thrown in it is heard further out in its instance, as in Camunda 8, but by boundary events that
            hang on it and catch escalations.
        name: Of a sub-process that is done once: its element.
    """

    home: int
    outer: tuple[list[Block], ...] = ()
    main: State | None = None
    sides: list[State] = field(default_factory=list)
    ears: list[tuple[Hearing, Ear]] = field(default_factory=list)
    log: list[Block] = field(default_factory=list)
    is_interrupted: bool = False
    name: str = ""

    def begin(self, first: Callable[[], State | None], hearing: Sequence[Hearing]) -> State | None:
        """Begin; `first` begins what runs in it."""
        with around(home=self.home):
            self.ears = [(h, listen(h.name, h.event, stays=not h.interrupts)) for h in hearing]
        for index, (one, ear) in enumerate(self.ears):
            if one.interrupts and (position := ear.true_at_once()) is not None:
                state = self._hear(index, position)
                if self.is_interrupted:
                    return state
        state = self._run(lambda: self._set_main(first()))
        for index, (one, ear) in enumerate(self.ears):
            position = ear.true_at_once()
            if state is self and not one.interrupts and position is not None:
                state = self._hear(index, position)
        return state

    def open(self) -> Open:
        """What runs, and what event sub-processes wait for; jobs may fail with the error of one."""
        inside = self._inside()
        ears = [working for _, ear in self.ears for working in ear.workings]
        return [*inside, *ears, *self._errors(inside)]

    def complete(self, position: int) -> State | None:
        """Go on in the one part that waits for this."""
        if self.main is not None:
            size = len(self.main.open())
            if position < size:
                main = self.main
                return self._run(lambda: self._set_main(main.complete(position)))
            position -= size
        for index, side in enumerate(self.sides):
            size = len(side.open())
            if position < size:
                return self._run(partial(self._go_beside, index, position))
            position -= size
        for index, (_, ear) in enumerate(self.ears):
            if position < len(ear.workings):
                return self._hear(index, position)
            position -= len(ear.workings)
        # What is left is an error that a job in it throws.
        (code,) = [hearing.name for hearing, _ in self.ears if hearing.event.is_error]
        with around(failing=code):
            return self.complete(failing_job(self._inside(), position, self.home))

    def _inside(self) -> Open:
        states = ([self.main] if self.main else []) + self.sides
        inside = [working for state in states for working in state.open()]
        if not self.is_interrupted:
            return inside
        return [replace(working, sealed=(*working.sealed, self.home)) for working in inside]

    def _errors(self, inside: Open) -> Open:
        failing = [h for h, ear in self.ears if h.event.is_error and ear.lacks_only("error")]
        return [
            error for hearing in failing for error in errors_of(inside, hearing.name, self.home)
        ]

    def _outside(self) -> tuple[Catcher, ...]:
        if not self.is_interrupted:
            return AROUND.catchers
        return tuple(
            catcher
            for catcher in AROUND.catchers
            if catcher.home != self.home or (self.name and catcher.host == self.name)
        )

    def _set_main(self, main: State | None) -> None:
        self.main = main

    def _go_beside(self, index: int, position: int) -> None:
        after = self.sides[index].complete(position)
        self.sides[index : index + 1] = [after] if after else []

    def _run(self, work: Callable[[], None]) -> State | None:
        """Do something inside and return what the scope is then."""
        added: list[State] = []
        around_it = {"home": self.home, "sides": added, "log": self.log, "outer": self.outer}
        catchers = {
            catcher_of(hearing, hearing.run, around_it, ear): hearing
            for hearing, ear in self.ears
            if hearing.event.is_thrown
        }
        try:
            with around(**around_it, catchers=(*self._outside(), *catchers)):
                work()
        except TerminatedError:
            # It completes when all who must hear it have; what completed in it before can be undone.
            self.main, self.sides = leave([self.main, *self.sides, *added], nothing), []
            return self._left()
        except LeftError as error:
            if error.catcher not in catchers:
                error.log += handlers_in(self)
                raise
            return self._happen(catchers[error.catcher])
        for catcher, hearing in catchers.items():
            self.ears = [(h, catcher.ear or ear if h is hearing else ear) for h, ear in self.ears]
        self.sides += added
        return self._left()

    def _hear(self, index: int, position: int) -> State | None:
        hearing, ear = self.ears[index]
        happens, after = ear.hears(position)
        self.ears[index] = (hearing, after)
        return self._happen(hearing) if happens else self

    def _happen(self, hearing: Hearing) -> State | None:
        """Run an event sub-process; one that interrupts takes the place of all that ran."""
        if not hearing.interrupts:
            return self._run(lambda: beside(hearing.run))
        left = [self.main, *self.sides]
        self.ears, self.sides, self.main, self.is_interrupted = [], [], None, True
        return self._run(lambda: self._set_main(leave(left, hearing.run)))

    def _left(self) -> State | None:
        if self.main is not None or self.sides:
            return self
        if not self.outer:
            # What an event sub-process did is not undone from outside, as in Camunda 8.
            AROUND.log.extend(self.log)
        return None


def catcher_of(
    hearing: "Hearing",
    run: Callable[[], State | None],
    around_it: Mapping[str, Any],
    ear: Ear | None = None,
) -> Catcher:
    """Return the catcher of an event; one that interrupts nothing runs beside what is in its scope."""
    host = getattr(hearing, "host_name", "") if "escalation" in hearing.event.kinds else ""
    if hearing.interrupts:
        return Catcher(hearing.name, AROUND.home, host=host, ear=ear)
    outside = AROUND.catchers

    def heard() -> None:
        with around(**around_it, catchers=outside):
            beside(run)

    return Catcher(hearing.name, AROUND.home, heard, host, ear)


def beside(run: Callable[[], State | None]) -> None:
    """Begin something beside what runs in the scope."""
    state = run()
    AROUND.sides.extend([state] if state else [])


def errors_of(inside: Open, code: str, home: int) -> Open:
    """Return the errors of a code that the open jobs may throw."""
    return [
        Working(w.name, w.serial, f"error of {code}", w.home)
        for w in inside
        if w.kind == "job" and home not in w.sealed
    ]


def failing_job(inside: Open, position: int, home: int) -> int:
    """Return the position of the job that throws one of the errors which `inside` may have."""
    jobs = [i for i, w in enumerate(inside) if w.kind == "job" and home not in w.sealed]
    return jobs[position]


@dataclass
class Logged(State):
    """A state whose completed parts can be undone only when all of it is over."""

    now: State
    log: list[Block]

    def open(self) -> Open:
        """What is open in it."""
        return self.now.open()

    def complete(self, position: int) -> State | None:
        """Go on; at the end its handlers become those of the scope."""
        with around(log=self.log):
            after = self.now.complete(position)
        if after is None:
            AROUND.log.extend(self.log)
            return None
        return Logged(after, self.log)


def logged(begin: Callable[[], State | None]) -> State | None:
    """Begin something whose completed parts can be undone only when all of it is over."""
    log: list[Block] = []
    with around(log=log):
        state = begin()
    if state is None:
        AROUND.log.extend(log)
        return None
    return Logged(state, log)


def undo(only: Block | None = None) -> list[Block]:
    """Take all handlers of what has completed in the scope, or one of them as often as it has; each once.

    With the handler of a sub-process come those of what completed in it.
    """
    taken: list[Block] = []
    for log in (*AROUND.outer[::-1], AROUND.log):
        meant = [one for one in log if only is None or handlers_of([one])[0] is only]
        log[:] = [one for one in log if one not in meant]
        taken += handlers_of(meant)
    return taken
