"""Compiled expressions and unary tests: parse once, evaluate often, never raise."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from service.feel.compiling import Code, Compiler
from service.feel.errors import AssertionFailed, Fault, LimitExceeded
from service.feel.free_names import free_names
from service.feel.number_context import feel_numbers
from service.feel.parser import parse_expression, parse_unary_tests
from service.feel.quick import RETRIED, quick_expression, quick_tests
from service.feel.run import Frame, Outcome, Run, Surroundings
from service.feel.tree import Node, Tests
from service.feel.types import FeelType
from service.feel.wording import Text

# What `Outcome(value)` does in the end; the name by name way costs half of a quick evaluation.
_OUTCOME = tuple.__new__
_TRUE, _FALSE = Outcome(True), Outcome(False)
_OUTCOMES = {True: _TRUE, False: _FALSE, None: Outcome(None)}
_START = (1, 1)
_TOO_DEEP = Text(
    "表达式嵌套太深或数据太大", "The expression is nested too deep or the data are too large."
)


class Expression:
    """A compiled FEEL expression.

    Attributes:
        text: As written.
        names_used: The variables it reads.
        tree: What it was parsed into.
    """

    def __init__(self, text: str, tree: Node) -> None:
        self.text = text
        self.tree = tree
        self.names_used = free_names(tree)
        self._code = Compiler(text).compile(tree)
        self._quick, self._calls = quick_expression(tree)

    def evaluate(self, context: Mapping[str, Any], surroundings: Surroundings) -> Outcome:
        """Return the value over FEEL values; never raises for what the expression or values are."""
        quick = self._quick
        if quick is not None and (not self._calls or self._calls_own(context, surroundings)):
            try:
                value = quick(context)
            except RETRIED:
                return self._evaluate_fully(context, surroundings)
            if value is True:
                return _TRUE
            return _FALSE if value is False else _OUTCOME(Outcome, (value, ()))
        return self._evaluate_fully(context, surroundings)

    def _calls_own(self, context: Mapping[str, Any], surroundings: Surroundings) -> bool:
        """Tell whether no variable or function of the host stands before the built-ins called."""
        functions = surroundings.functions
        return not any(name in context or name in functions for name in self._calls)

    def _evaluate_fully(self, context: Mapping[str, Any], surroundings: Surroundings) -> Outcome:
        run = Run(surroundings)
        with feel_numbers():
            value = guarded(self._code, Frame(context, None, run))
        return Outcome(value, tuple(run.diagnostics))

    def value_in(self, frame: Frame) -> Any:
        """Return the value inside a running evaluation.

        Raises:
            LimitExceeded: The evaluation has used up its allowance.
            AssertionFailed: `assert` does not hold.
        """
        return self._code(frame)


class UnaryTests:
    """The compiled content of a decision table's input cell.

    Attributes:
        text: As written.
        names_used: The variables it reads, without `?`.
        tree: What it was parsed into.
    """

    def __init__(self, text: str, tree: Tests) -> None:
        self.text = text
        self.tree = tree
        self.names_used = free_names(tree)
        self._code = Compiler(text).compile(tree)
        self._quick = quick_tests(tree)

    def evaluate(
        self, value: Any, context: Mapping[str, Any], surroundings: Surroundings
    ) -> Outcome:
        """Return whether `value` meets the tests: true, false, or null when that cannot be told."""
        if self._quick is not None:
            try:
                return _OUTCOMES[self._quick(value)]
            except RETRIED:
                pass
        run = Run(surroundings)
        with feel_numbers():
            outer = Frame(context, None, run)
            met = guarded(self._code, Frame({"?": value}, outer, run))
        return Outcome(met, tuple(run.diagnostics))

    def met_in(self, frame: Frame) -> bool | None:
        """Return the same inside a running evaluation, for the `?` of the frame.

        Raises:
            LimitExceeded: The evaluation has used up its allowance.
            AssertionFailed: `assert` does not hold.
        """
        if self._quick is not None:
            try:
                return self._quick(frame.names["?"])
            except RETRIED:
                pass
        met: bool | None = self._code(frame)
        return met


def guarded(code: Code, frame: Frame) -> Any:
    """Return the value; where the whole evaluation is given up, null and a diagnostic."""
    run = frame.run
    try:
        return code(frame)
    except AssertionFailed as failed:
        run.diagnostics.clear()
        run.note("assertion_failed", failed.text, _START)
    except LimitExceeded as exceeded:
        run.diagnostics.clear()
        run.note("limit_exceeded", exceeded.text, _START)
    except (RecursionError, MemoryError):
        run.diagnostics.clear()
        run.note("limit_exceeded", _TOO_DEEP, _START)
    except Fault as fault:
        run.note(fault.kind, fault.text, _START)
    return None


def compile_expression(
    text: str, names: Collection[str] = (), types: Mapping[str, FeelType] | None = None
) -> Expression:
    """Return the compiled expression; the same text and names give the same object.

    Args:
        names: Variables whose names hold spaces or signs. Plain names need not be given.
        types: Named types that `instance of` may speak of.

    Raises:
        FeelSyntaxError: The text is no FEEL expression.
    """
    if types:
        return Expression(text, parse_expression(text, names, types))
    return _expression(text, frozenset(names))


def compile_unary_tests(
    text: str, names: Collection[str] = (), types: Mapping[str, FeelType] | None = None
) -> UnaryTests:
    """Return the compiled unary tests of an input cell; `-` is met by everything.

    Raises:
        FeelSyntaxError: The text is none.
    """
    if types:
        return UnaryTests(text, parse_unary_tests(text, names, types))
    return _unary_tests(text, frozenset(names))


def names_of(text: str) -> frozenset[str]:
    """Return the names of the variables an expression reads.

    Raises:
        FeelSyntaxError: The text is no FEEL expression.
    """
    return compile_expression(text).names_used


@lru_cache(maxsize=8192)
def _expression(text: str, names: frozenset[str]) -> Expression:
    return Expression(text, parse_expression(text, names))


@lru_cache(maxsize=8192)
def _unary_tests(text: str, names: frozenset[str]) -> UnaryTests:
    return UnaryTests(text, parse_unary_tests(text, names))
