"""One evaluation: what surrounds it, what it has noticed so far, and what it has used up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from service.feel.errors import LimitExceeded
from service.feel.limits import CALL_DEPTH, DIAGNOSTICS, STEPS
from service.feel.values import Function
from service.feel.weighing import Scales

Place = tuple[int, int]
_C = TypeVar("_C", bound="list[Any] | dict[str, Any]")


@dataclass(frozen=True)
class Surroundings:
    """What an evaluation may know of the world.

    Attributes:
        now: Aware; the value of `now()`, and the day of `today()` in `zone`.
        zone: Where the office stands.
        functions: Further built-ins by name; names may hold spaces.
    """

    now: datetime
    zone: ZoneInfo
    functions: Mapping[str, Function] = field(default_factory=dict)


@dataclass(frozen=True)
class Diagnostic:
    """Something in an expression that made a value null.

    Attributes:
        kind: `variable_not_found`, `property_not_found`, `function_not_found`, `bad_argument`,
            `wrong_type`, `arithmetic`, `assertion_failed` or `limit_exceeded`.
        message: A sentence in Chinese.
        line: In the text of the expression, from 1.
        column: From 1.
    """

    kind: str
    message: str
    line: int
    column: int


@dataclass(frozen=True)
class Outcome:
    """The value of an expression, and why parts of it are null."""

    value: Any
    diagnostics: tuple[Diagnostic, ...] = ()


class Run:
    """What an evaluation has noticed and used up."""

    __slots__ = ("calls", "diagnostics", "scales", "steps", "surroundings")

    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        self.diagnostics: list[Diagnostic] = []
        self.steps = STEPS
        self.calls = 0
        self.scales = Scales()

    def note(self, kind: str, message: str, place: Place) -> None:
        """Keep a diagnostic, unless there are enough or it is known already."""
        found = Diagnostic(kind, message, *place)
        if len(self.diagnostics) < DIAGNOSTICS and found not in self.diagnostics:
            self.diagnostics.append(found)

    def step(self, count: int = 1) -> None:
        """Use up some of the allowance for loops and list items.

        Raises:
            LimitExceeded: It is gone.
        """
        self.steps -= count
        if self.steps < 0:
            raise LimitExceeded(f"计算量超过上限（{STEPS} 步）")

    def made(self, value: _C) -> _C:
        """Return a list or context just made, having weighed it.

        Raises:
            LimitExceeded: It has grown too large or too deep.
        """
        for inner in value.values() if isinstance(value, dict) else value:
            kind = type(inner)
            if kind is list or kind is dict or kind is str:
                self.scales.weight(value)
                break
        return value

    def charge(self, value: Any) -> None:
        """Use up allowance for work on a whole value; nothing for a small one.

        Raises:
            LimitExceeded: It is gone.
        """
        kind = type(value)
        if kind is list or kind is dict or kind is str:
            self.step(self.scales.weight(value) // 10)

    def enter(self) -> None:
        """Count a call of a function; `calls` must be lowered after it.

        Raises:
            LimitExceeded: Too many calls inside each other.
        """
        self.step()
        self.calls += 1
        if self.calls > CALL_DEPTH:
            raise LimitExceeded(f"函数嵌套调用超过 {CALL_DEPTH} 层")


class Frame:
    """Names with values, and the frame around it."""

    __slots__ = ("names", "parent", "run")

    def __init__(self, names: Mapping[str, Any], parent: "Frame | None", run: Run) -> None:
        self.names = names
        self.parent = parent
        self.run = run


MISSING: Any = object()


def look_up(frame: Frame | None, name: str) -> Any:
    """Return the value of the innermost variable of that name, or `MISSING`."""
    while frame is not None:
        names = frame.names
        if name in names:
            return names[name]
        frame = frame.parent
    return MISSING
