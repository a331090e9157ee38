"""One evaluation: what surrounds it, what it has noticed so far, and what it has used up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from service.feel.errors import LimitExceeded
from service.feel.limits import CALL_DEPTH, DIAGNOSTICS, STEPS
from service.feel.values import Function
from service.feel.weighing import Scales
from service.feel.wording import Text

Place = tuple[int, int]
_COST_OF_A_NOTE = 8
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
        text: The sentence.
        line: In the text of the expression, from 1.
        column: From 1.
        where: What the expression stands in (a cell of a table), or None.
    """

    kind: str
    text: Text
    line: int
    column: int
    where: Text | None = None

    @property
    def sentence(self) -> Text:
        """The sentence, behind what the expression stands in."""
        if self.where is None:
            return self.text
        return Text(f"{self.where}：{self.text}", f"{self.where:en}: {self.text:en}")

    @property
    def message(self) -> str:
        """The sentence in Chinese."""
        return str(self.sentence)


class Outcome(NamedTuple):
    """The value of an expression, and why parts of it are null."""

    value: Any
    diagnostics: tuple[Diagnostic, ...] = ()


class Run:
    """What an evaluation has noticed and used up."""

    __slots__ = ("_scales", "calls", "diagnostics", "steps", "surroundings")

    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        self.diagnostics: list[Diagnostic] = []
        self.steps = STEPS
        self.calls = 0
        self._scales: Scales | None = None

    @property
    def scales(self) -> Scales:
        """The scales of this evaluation, made when something is to be weighed."""
        if self._scales is None:
            self._scales = Scales()
        return self._scales

    def note(self, kind: str, text: Text, place: Place) -> None:
        """Keep a diagnostic, unless there are enough or it is known already.

        It costs a few steps; what they are short of is told at the next one.
        """
        self.steps -= _COST_OF_A_NOTE
        if len(self.diagnostics) < DIAGNOSTICS:
            found = Diagnostic(kind, text, *place)
            if found not in self.diagnostics:
                self.diagnostics.append(found)

    def takes(self, kind: str, place: Place) -> bool:
        """Tell whether a diagnostic of that kind is new at that place, so worth its words."""
        return len(self.diagnostics) < DIAGNOSTICS and not any(
            one.kind == kind and (one.line, one.column) == place and one.where is None
            for one in self.diagnostics
        )

    def locate(self, since: int, where: Text) -> None:
        """Say of the diagnostics kept since there were that many, what they stand in.

        Args:
            where: In words: «第 3 行“金额”列». What is located already stays as it is.
        """
        self.diagnostics[since:] = [
            one if one.where is not None else replace(one, where=where)
            for one in self.diagnostics[since:]
        ]

    def step(self, count: int = 1) -> None:
        """Use up some of the allowance for loops and list items.

        Raises:
            LimitExceeded: It is gone.
        """
        self.steps -= count
        if self.steps < 0:
            raise LimitExceeded(
                f"计算量超过上限（{STEPS} 步）", f"The evaluation exceeds {STEPS} steps."
            )

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
            self.step(self.scales.weight(value) // 4)

    def enter(self, cost: int) -> None:
        """Count a call of a function; `calls` must be lowered after it.

        Args:
            cost: In steps.

        Raises:
            LimitExceeded: Too many calls inside each other.
        """
        self.step(cost)
        self.calls += 1
        if self.calls > CALL_DEPTH:
            raise LimitExceeded(
                f"函数嵌套调用超过 {CALL_DEPTH} 层",
                f"Function calls are nested over {CALL_DEPTH} deep.",
            )


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
