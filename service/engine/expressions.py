"""Attributes of the diagram that may be FEEL: compiled once, evaluated in a scope, typed."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from service.bpmn.numbers import LARGEST, SMALLEST, integer
from service.bpmn.timers import TimerTextError, parse_moment
from service.domain.errors import DeploymentRefusedError
from service.domain.identifiers import LONGEST_NAME
from service.engine.attribute_names import in_english, marked
from service.engine.errors import EXTRACT_VALUE, ElementFailure
from service.feel import (
    Diagnostic,
    Expression,
    FeelSyntaxError,
    Outcome,
    Text,
    compile_expression,
    is_local_date_time,
    names_of,
    to_json,
    verbatim,
)
from service.feel.findings import finding_of
from service.sla import SHANGHAI


class Scope(Protocol):
    """Where an expression is evaluated: the variables it sees."""

    def evaluate(self, expression: Expression, extra: Mapping[str, Any]) -> Outcome:
        """Return the value over the visible variables, `extra` (JSON or FEEL values) in front of them."""


_NOTHING: Mapping[str, Any] = {}

Hints = Sequence[Diagnostic]
"""What FEEL noticed on the way to a value."""


@dataclass(frozen=True)
class Formula:
    """One attribute of one element: a static text, or FEEL when it begins with `=`.

    Attributes:
        what: The attribute in words, for incidents.
        text: As written.
        expression: None when the text is static.
    """

    what: str
    text: str
    expression: Expression | None

    def value(self, scope: Scope, extra: Mapping[str, Any] = _NOTHING) -> Any:
        """Return the JSON value; a failed `assert` is a failure, a missing variable is null.

        Raises:
            ElementFailure: The expression insists on something that is not so.
        """
        return self._evaluate(scope, extra)[0]

    def feel_value(self, scope: Scope, extra: Mapping[str, Any]) -> Any:
        """Return the value as FEEL has it: a date is a date; else as in `value`.

        Raises:
            ElementFailure: The expression insists on something that is not so.
        """
        return self._evaluate(scope, extra, _as_it_is)[0]

    def boolean(self, scope: Scope, extra: Mapping[str, Any] = _NOTHING) -> bool:
        """Return true or false.

        Raises:
            ElementFailure: It is something else, null too.
        """
        value, hints = self._evaluate(scope, extra)
        if not isinstance(value, bool):
            raise self._wrong_type("布尔值", value, hints)
        return value

    def string(self, scope: Scope) -> str:
        """Return a text.

        Raises:
            ElementFailure: It is something else, null too.
        """
        return self._text(*self._evaluate(scope, _NOTHING))

    def string_or_nothing(self, scope: Scope) -> str | None:
        """Return a text, or None for null that is meant so.

        Raises:
            ElementFailure: It is something else, or null because a variable is missing.

        Source: Camunda 8.10 (CallActivityProcessor: `NO_VARIABLE_FOUND` tells the two nulls apart).
        """
        value, hints = self._evaluate(scope, _NOTHING)
        if value is None and not any(note.kind == "variable_not_found" for note in hints):
            return None
        return self._text(value, hints)

    def name(self, scope: Scope) -> str:
        """Return a text by which rows are found.

        Raises:
            ElementFailure: It is longer than `LONGEST_NAME`, or something else.

        Source: Camunda 8.9 (CatchEventBehavior: names and correlation keys).
        """
        return self._short(self.string(scope))

    def filled_name(self, scope: Scope) -> str:
        """Return a text by which rows are found that is not empty.

        Raises:
            ElementFailure: It is empty or longer than `LONGEST_NAME`, or something else.

        Source: Camunda 8 (BpmnJobBehavior: the type of a job).
        """
        value, hints = self._evaluate(scope, _NOTHING)
        if value == "":
            raise self._wrong_type("非空的文本", value, hints)
        return self._short(self._text(value, hints))

    def time_text(self, scope: Scope) -> str:
        """Return the text of a date, duration or cycle.

        A FEEL date and time without offset is one in Shanghai; a text without offset stays one.

        Raises:
            ElementFailure: It is something else, null too.

        Source: Camunda 8 (FeelEvaluationResult: a local date and time is one of the engine's zone).
        """
        return self._text(*self._evaluate(scope, _NOTHING, _with_zone))

    def integer(self, scope: Scope) -> int:
        """Return a whole number that a column holds; a static text is read as one.

        Raises:
            ElementFailure: It is none.
        """
        return self._whole(*self._evaluate(scope, _NOTHING))

    def whole_part(self, scope: Scope) -> int:
        """Return a number without what stands behind its point; a static text is read as a whole one.

        Raises:
            ElementFailure: It is none, or too large.

        Source: Camunda 8 (ExpressionProcessor.evaluateLongExpression: retries of a job).
        """
        value, hints = self._evaluate(scope, _NOTHING)
        return self._whole(int(value) if isinstance(value, float) else value, hints)

    def items(self, scope: Scope) -> list[Any]:
        """Return a list.

        Raises:
            ElementFailure: It is none.
        """
        value, hints = self._evaluate(scope, _NOTHING)
        if not isinstance(value, list):
            raise self._wrong_type("列表", value, hints)
        return value

    def strings(self, scope: Scope) -> tuple[str, ...]:
        """Return texts: a static text is split at commas.

        Raises:
            ElementFailure: It is no list of texts.
        """
        value, hints = self._evaluate(scope, _NOTHING)
        if self.expression is None:
            return tuple(part.strip() for part in self.text.split(",") if part.strip())
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong_type("文本列表", value, hints)
        return tuple(value)

    def correlation_key(self, scope: Scope) -> str:
        """Return a text; a number becomes its whole part as text.

        Raises:
            ElementFailure: It is neither, or longer than `LONGEST_NAME`.

        Source: Camunda 8 messages: the key is a string or a number.
        """
        value, hints = self._evaluate(scope, _NOTHING)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self._wrong_type("文本或数字", value, hints)
        return self._short(value if isinstance(value, str) else str(int(value)))

    def optional_moment(self, scope: Scope) -> datetime | None:
        """Return an aware moment, or None for null and the empty text; local ones as in `time_text`.

        Raises:
            ElementFailure: It is no date and time with an offset.
        """
        text, hints = self._evaluate(scope, _NOTHING, _with_zone)
        if text is not None and not isinstance(text, str):
            raise self._wrong_type("文本或 null", text, hints)
        if not text:
            return None
        try:
            return parse_moment(text)
        except TimerTextError as error:
            raise self.no_time(error) from error

    def no_time(self, error: TimerTextError) -> ElementFailure:
        """Return the failure of a value that should be a date, duration or cycle and is none."""
        english = f"Cannot read {in_english(self.what)}: {error.text:en}"
        return ElementFailure(EXTRACT_VALUE, f"{marked(self.what)}：{error.text}", english)

    @property
    def _marked(self) -> str:
        return f"{marked(self.what)}（{verbatim(self.text)}）"

    def _text(self, value: Any, hints: Hints) -> str:
        if not isinstance(value, str):
            raise self._wrong_type("文本", value, hints)
        return value

    def _short(self, text: str) -> str:
        if len(text) > LONGEST_NAME:
            raise ElementFailure(
                EXTRACT_VALUE,
                f"{self._marked}最多 {LONGEST_NAME} 个字符，实际有 {len(text)} 个。",
                f"Expected {in_english(self.what)} ({self.text}) to have at most {LONGEST_NAME} characters, "
                f"but got {len(text)}.",
            )
        return text

    def _whole(self, value: Any, hints: Hints) -> int:
        found = integer(value.strip()) if self.expression is None else value
        if isinstance(found, bool) or not isinstance(found, int):
            raise self._wrong_type("整数", value, hints)
        if not SMALLEST <= found <= LARGEST:
            raise self._wrong_type("整数", value, hints)
        return found

    def _evaluate(
        self, scope: Scope, extra: Mapping[str, Any], written: Callable[[Any], Any] = to_json
    ) -> tuple[Any, Hints]:
        if self.expression is None:
            return self.text, ()
        outcome = scope.evaluate(self.expression, extra)
        hints = outcome.diagnostics
        if any(note.kind == "assertion_failed" for note in hints):
            told = "；".join(note.sentence.marked for note in hints)
            english = "; ".join(note.sentence.english for note in hints)
            raise ElementFailure(
                EXTRACT_VALUE,
                f"{self._marked}的断言不成立：{told}",
                f"An assertion of {in_english(self.what)} ({self.text}) does not hold: {english}",
            )
        return written(outcome.value), hints

    def _wrong_type(self, expected: str, value: Any, hints: Hints) -> ElementFailure:
        kind, english_kind = _TYPE_NAMES.get(type(value), ("其他", "something else"))
        written = _written(value)
        found = "null" if value is None else f"{kind} {verbatim(written)}"
        english_found = "null" if value is None else f"{english_kind} {written}"
        tail = "提示：" + "；".join(note.sentence.marked for note in hints) if hints else ""
        notes = "; ".join(note.sentence.english for note in hints)
        return ElementFailure(
            EXTRACT_VALUE,
            f"{self._marked}应得到{expected}，实际得到 {found}。{tail}",
            f"Expected {in_english(self.what)} ({self.text}) to give {_ENGLISH_TYPES[expected]}, but got "
            f"{english_found}.{f' Notes: {notes}' if notes else ''}",
        )


def _as_it_is(value: Any) -> Any:
    return value


def _with_zone(value: Any) -> Any:
    """Return a FEEL value as a JSON value; a date and time without offset gets the zone of the house."""
    text = to_json(value)
    return f"{text}[{SHANGHAI.key}]" if is_local_date_time(value) else text


def _written(value: Any) -> str:
    """Return a value as whoever drew the process would write it, cut where it gets long."""
    if isinstance(value, str):
        return f"{value!r:.80}"
    return f"{json.dumps(value, ensure_ascii=False):.80}"


_TYPE_NAMES = {
    bool: ("布尔值", "the boolean"),
    int: ("数字", "the number"),
    float: ("数字", "the number"),
    str: ("文本", "the string"),
    list: ("列表", "the list"),
    dict: ("上下文", "the context"),
}
_ENGLISH_TYPES = {
    "布尔值": "true or false",
    "文本": "a string",
    "非空的文本": "a string that is not empty",
    "文本或 null": "a string or null",
    "整数": "a whole number",
    "列表": "a list",
    "文本列表": "a list of strings",
    "文本或数字": "a string or a number",
}


def formula(what: str, text: str) -> Formula:
    """Return an attribute that may be static text or FEEL.

    Raises:
        DeploymentRefusedError: The FEEL is malformed.
    """
    if not text.startswith("="):
        return Formula(what, text, None)
    try:
        return Formula(what, text, compile_expression(text[1:]))
    except FeelSyntaxError as error:
        name = in_english(what)
        told = Text(
            f"{marked(what)}（{verbatim(text)}）：{error.sentence}",
            f"The FEEL '{text}' of {name} is wrong: {error.sentence:en}",
        )
        finding = finding_of("error", "feel_syntax", told)
        raise DeploymentRefusedError(
            f"Expected FEEL in {name}, but: {error.sentence:en}", [finding]
        ) from error


def optional_formula(what: str, text: str | None) -> Formula | None:
    """Return the attribute, or None when it is absent."""
    return None if text is None else formula(what, text)


def plain_variable(output_element: str | None) -> str | None:
    """Return the variable an output element names (of a path: its first part), else None."""
    text = (output_element or "").removeprefix("=").strip()
    names = names_of(text) if text else frozenset()
    first = text.partition(".")[0].strip()
    is_path = all(part.strip().isidentifier() for part in text.split("."))
    return first if is_path and names == {first} else None
