"""Boxed expressions other than decision tables, as logic over a frame.

Source: DMN 1.5 §7.3, §10.2.1.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from service.dmn.logic import Logic, LogicResult
from service.feel import Expression
from service.feel.compiling.loops import iterate
from service.feel.compiling.noting import note_no_condition
from service.feel.errors import Fault
from service.feel.invoking import invoke
from service.feel.java import external_function
from service.feel.run import Frame, Place
from service.feel.types import FeelType, coerce, label_of
from service.feel.values import Lambda
from service.feel.wording import Text

START: Place = (1, 1)
EXPRESSION = Text("表达式", "the expression")
Code = Callable[[Frame], Any]


@dataclass(frozen=True, eq=False)
class Boxed:
    """Logic that only has a value."""

    kind: str
    code: Code
    hit_policy: str | None = None

    def decide(self, frame: Frame) -> LogicResult:
        """Return the value over the names of a frame."""
        return LogicResult(self.code(frame))


def code_of(logic: Logic | None) -> Code:
    """Return the value of a piece of logic as a closure; null where there is none."""
    if logic is None:
        return lambda frame: None
    if isinstance(logic, Boxed):
        return logic.code
    return lambda frame: logic.decide(frame).value


def typed(code: Code, wanted: FeelType | None, what: Text) -> Code:
    """Return a closure whose value is of the type demanded, or null with a diagnostic."""
    if wanted is None:
        return code

    def checked(frame: Frame) -> Any:
        value, fits = coerce(code(frame), wanted, frame.run.step)
        if not fits:
            frame.run.note("wrong_type", wrong_type(what, wanted), START)
        return value

    return checked


def wrong_type(what: Text, wanted: FeelType) -> Text:
    """Return the sentence that something is not of the type demanded."""
    label = label_of(wanted)
    return Text(
        f"{what}的值不是要求的类型（{label}）", f"The value of {what:en} is not {label:en}."
    )


def literal(expression: Expression, wanted: FeelType | None) -> Boxed:
    """Return a literal expression."""
    return Boxed("LITERAL_EXPRESSION", typed(expression.value_in, wanted, EXPRESSION))


def context(entries: list[tuple[str, Code]], result: Code | None) -> Boxed:
    """Return a boxed context: the result cell's value when there is one, else the context."""

    def code(frame: Frame) -> Any:
        made: dict[str, Any] = {}
        inner = Frame(made, frame, frame.run)
        for name, value in entries:
            made[name] = value(inner)
        return frame.run.made(made) if result is None else result(inner)

    return Boxed("CONTEXT", code)


def list_of(items: list[Code]) -> Boxed:
    """Return a boxed list."""
    return Boxed("LIST", lambda frame: frame.run.made([item(frame) for item in items]))


def relation(columns: list[str], rows: list[list[Code]]) -> Boxed:
    """Return a relation: a list of contexts, one a row."""

    def code(frame: Frame) -> list[Any]:
        made: list[Any] = [
            {name: cell(frame) for name, cell in zip(columns, row, strict=True)} for row in rows
        ]
        return frame.run.made(made)

    return Boxed("RELATION", code)


def function(
    parameters: tuple[tuple[str, FeelType | None], ...], body: Code, returns: FeelType | None
) -> Boxed:
    """Return a boxed function."""
    names = tuple(name for name, _ in parameters)
    types = tuple(kind for _, kind in parameters)

    def code(frame: Frame) -> Lambda:
        def call(*arguments: Any) -> Any:
            return body(Frame(dict(zip(names, arguments, strict=True)), frame, frame.run))

        return Lambda(names, call, types, returns)

    return Boxed("FUNCTION", code)


def invocation(called: Code, bindings: list[tuple[str, Code]]) -> Boxed:
    """Return a boxed invocation: a call with named arguments."""

    def code(frame: Frame) -> Any:
        target = called(frame)
        arguments = {name: value(frame) for name, value in bindings}
        try:
            return invoke(frame.run, target, [], arguments)
        except Fault as fault:
            frame.run.note(fault.kind, fault.text, START)
            return None

    return Boxed("INVOCATION", code)


def conditional(condition: Code, yes: Code, no: Code) -> Boxed:
    """Return a boxed conditional; what is not true takes the `else` cell."""

    def code(frame: Frame) -> Any:
        met = condition(frame)
        if met is not None and not isinstance(met, bool):
            note_no_condition(frame, met, START)
            return None
        return yes(frame) if met is True else no(frame)

    return Boxed("CONDITIONAL", code)


def filtered(source: Code, match: Code) -> Boxed:
    """Return a boxed filter."""

    def code(frame: Frame) -> Any:
        items = source(frame)
        if items is None:
            return None
        if not isinstance(items, list):
            items = [items]
        return _kept(frame, items, match)

    return Boxed("FILTER", code)


def _kept(frame: Frame, items: list[Any], match: Code) -> list[Any] | None:
    kept = []
    for item in items:
        frame.run.step()
        names = {"item": item, **item} if isinstance(item, dict) else {"item": item}
        met = match(Frame(names, frame, frame.run))
        if not isinstance(met, bool):
            note_no_condition(frame, met, START)
            return None
        if met:
            kept.append(item)
    return kept


def loop(variable: str, source: Code, body: Code) -> Boxed:
    """Return a boxed `for`."""

    def code(frame: Frame) -> list[Any] | None:
        results: list[Any] = []
        seen: dict[str, Any] = {}
        try:
            for inner in _rounds(variable, source, Frame(seen, frame, frame.run)):
                seen["partial"] = results[:]
                frame.run.step(len(results) // 10)
                results.append(body(inner))
        except Fault as fault:
            frame.run.note(fault.kind, fault.text, START)
            return None
        return frame.run.made(results)

    return Boxed("FOR", code)


def quantified(variable: str, source: Code, condition: Code, *, is_every: bool) -> Boxed:
    """Return a boxed `some` or `every`; a condition that is no boolean makes it null."""

    def code(frame: Frame) -> bool | None:
        try:
            answers = [condition(inner) for inner in _rounds(variable, source, frame)]
        except Fault as fault:
            frame.run.note(fault.kind, fault.text, START)
            return None
        for answer in answers:
            if not isinstance(answer, bool):
                note_no_condition(frame, answer, START)
                return None
        return all(answers) if is_every else any(answers)

    return Boxed("EVERY" if is_every else "SOME", code)


def _rounds(variable: str, source: Code, frame: Frame) -> Iterator[Frame]:
    for item in iterate(source(frame)):
        frame.run.step()
        yield Frame({variable: item}, frame, frame.run)


def external(
    kind: str,
    parameters: tuple[tuple[str, FeelType | None], ...],
    body: Code,
    returns: FeelType | None,
) -> Boxed:
    """Return a function in another language: of Java what `feel.java` knows, of PMML nothing.

    Args:
        kind: `Java` or `PMML`.
        body: Gives a context: `class` and `method signature`, or `document` and `model`.
    """
    names = tuple(name for name, _ in parameters)
    types = tuple(wanted for _, wanted in parameters)

    def code(frame: Frame) -> Lambda | None:
        try:
            return external_function({kind.lower(): body(frame)}, names, types, returns)
        except Fault as fault:
            frame.run.note(fault.kind, fault.text, START)
            return None

    return Boxed("FUNCTION", code)
