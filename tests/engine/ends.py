"""What the oracle of random diagrams knows of ends from outside: who must hear of them before they come.

What is interrupted or cancelled ends at once, but for user tasks with listeners of that, and called processes
with such listeners or tasks. What interrupts goes on when all of those have been heard.

Source: Camunda 8 user task listeners (`canceling`), execution listeners of a process (`cancel`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from tests.engine.blocks import Block, Open, State


@runtime_checkable
class Hearer(Protocol):
    """A state that may have to hear of its end."""

    def ending(self) -> State | None:
        """Return what is done before it ends; None: nothing."""
        ...


@dataclass
class Leaving(State):
    """Something that is interrupted or cancelled, while some in it still hear of that.

    Attributes:
        hearing: What is done before it ends.
        then: What follows.
        log: Handlers of what has completed in it: it is not over yet.
    """

    hearing: list[State]
    then: Callable[[], State | None]
    log: list[Block] = field(default_factory=list)

    def open(self) -> Open:
        """All that is asked at the same time."""
        return [working for state in self.hearing for working in state.open()]

    def complete(self, position: int) -> State | None:
        """Go on; what follows comes after the last one."""
        for index, state in enumerate(self.hearing):
            size = len(state.open())
            if position < size:
                after = state.complete(position)
                rest = [*self.hearing[:index], *([after] if after else [])]
                rest += self.hearing[index + 1 :]
                return Leaving(rest, self.then, self.log) if rest else self.then()
            position -= size
        raise IndexError(position)


def leave(left: Any, then: Callable[[], State | None]) -> State | None:
    """End a state, or several, from outside; what follows comes when all who must hear of it have."""
    hearing = hearing_in(left)
    if not hearing:
        return then()
    return Leaving(hearing, then, handlers_in(left))


def hearing_in(left: Any) -> list[State]:
    """Return what is done before a state, or several, can end; what is being asked already goes on."""
    if isinstance(left, list | tuple):
        return [one for part in left for one in hearing_in(part)]
    if not isinstance(left, State):
        return []
    if isinstance(left, Leaving):
        return left.hearing
    if isinstance(left, Hearer):
        state = left.ending()
        return [state] if state else []
    return [one for part in vars(left).values() for one in hearing_in(part)]


@dataclass(eq=False)
class Completed(Block):
    """Stands in a log for an activity that has a handler.

    Attributes:
        inside: What has completed in it.
    """

    handler: Block
    inside: list[Block]


def handlers_of(log: Iterable[Block]) -> list[Block]:
    """Return the handlers in a log."""
    found: list[Block] = []
    for one in log:
        if isinstance(one, Completed):
            found += [one.handler, *handlers_of(one.inside)]
        else:
            found.append(one)
    return found


def nothing() -> State | None:
    """Return what follows where nothing does."""
    return None


def handlers_in(state: Any) -> list[Block]:
    """Return the handlers of all that has completed in what still runs, but for what it has called.

    Source: BPMN 2.0.2 §10.7: what is active is cancelled, which undoes the completed portions of it.
    """
    if isinstance(state, list | tuple):
        return [handler for one in state for handler in handlers_in(one)]
    if not isinstance(state, State) or hasattr(state, "is_called"):
        return []
    own = handlers_of(getattr(state, "log", ()))
    parts = (
        value
        for name, value in vars(state).items()
        if name not in ("log", "outer", "block", "ears")
    )
    return own + [handler for part in parts for handler in handlers_in(part)]
