"""Text of a regular expression to its parts.

Source: XML Schema Part 2 appendix G.1; XQuery and XPath Functions 3.1 §5.6.1.
"""

import re

from service.feel.errors import Fault
from service.feel.limits import EXPRESSION_CHARACTERS
from service.feel.regex.characters import (
    ESCAPES,
    all_but,
    any_of,
    category,
    escape_class,
    negated,
    one_of,
)
from service.feel.regex.pattern import (
    BackReference,
    CharacterTest,
    Choice,
    Edge,
    Group,
    Literal,
    One,
    Pattern,
    Repeat,
    Sequence,
)
from service.feel.wording import verbatim

_COUNT = re.compile(r"\{(\d{1,6})(,(\d{1,6})?)?\}", re.ASCII)
_CATEGORY = re.compile(r"\{([A-Za-z0-9-]+)\}", re.ASCII)
_REPEATS: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}
_MOST_REPEATS = 1000
_MOST_DEPTH = 40
_MOST_CHARACTERS = EXPRESSION_CHARACTERS


def parse(text: str, flags: str) -> tuple[Pattern, int]:
    """Return the expression and the number of its groups.

    Raises:
        Fault: The text is no regular expression.
    """
    ignores_case = "i" in flags
    if "q" in flags and text and not ignores_case:
        return Literal(text), 0
    if len(text) > _MOST_CHARACTERS:
        raise Fault(
            f"正则表达式超过 {_MOST_CHARACTERS} 个字符",
            f"The regular expression exceeds {_MOST_CHARACTERS} characters.",
        )
    if "q" in flags:
        return Sequence(tuple(_literal(sign, ignores_case=ignores_case) for sign in text)), 0
    parser = _Parser(_without_space(text) if "x" in flags else text, flags)
    whole = parser.choice()
    if parser.at < len(parser.text):
        raise parser.fault()
    return whole, parser.groups


def _literal(sign: str, *, ignores_case: bool) -> One:
    test = one_of(sign, sign, ignores_case=ignores_case)
    may_have_case = ignores_case and (not sign.isascii() or sign.isalpha())
    return One(test, None if may_have_case else sign)


def _without_space(text: str) -> str:
    kept, depth, escaped = [], 0, False
    for sign in text:
        if sign in " \t\r\n" and depth == 0:
            continue
        kept.append(sign)
        if not escaped:
            depth += (sign == "[") - (sign == "]")
        escaped = sign == "\\" and not escaped
    return "".join(kept)


class _Parser:
    def __init__(self, text: str, flags: str) -> None:
        self.text = text
        self.at = 0
        self.groups = 0
        self._open: list[int] = []
        self._depth = 0
        self._ignores_case = "i" in flags
        self._dot: CharacterTest = (
            (lambda sign: True) if "s" in flags else (lambda sign: sign not in "\n\r")
        )

    def fault(self) -> Fault:
        """Return the fault that the text is wrong here."""
        return Fault(
            f"正则表达式第 {self.at + 1} 个字符有误：{verbatim(self.text[:60])}",
            f"The regular expression is wrong at character {self.at + 1}: {self.text[:60]}",
        )

    def choice(self) -> Pattern:
        """Consume alternatives."""
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            raise Fault("正则表达式嵌套太深", "The regular expression is nested too deep.")
        parts = [self._sequence()]
        while self._accept("|"):
            parts.append(self._sequence())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _accept(self, sign: str) -> bool:
        if self.text.startswith(sign, self.at):
            self.at += len(sign)
            return True
        return False

    def _next(self) -> str:
        if self.at >= len(self.text):
            raise self.fault()
        self.at += 1
        return self.text[self.at - 1]

    def _sequence(self) -> Pattern:
        parts = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            parts.append(self._repeated(self._atom()))
        return Sequence(tuple(parts))

    def _repeated(self, atom: Pattern) -> Pattern:
        counts = self._counts()
        if counts is None:
            return atom
        least, most = counts
        if least > _MOST_REPEATS or (most or 0) > _MOST_REPEATS or (most or least) < least:
            raise self.fault()
        return Repeat(atom, least, most, not self._accept("?"))

    def _counts(self) -> tuple[int, int | None] | None:
        sign = self.text[self.at : self.at + 1]
        if sign in _REPEATS:
            self.at += 1
            return _REPEATS[sign]
        if sign != "{":
            return None
        found = _COUNT.match(self.text, self.at)
        if found is None:
            raise self.fault()
        self.at = found.end()
        least = int(found[1])
        if found[2] is None:
            return least, least
        return least, None if found[3] is None else int(found[3])

    def _atom(self) -> Pattern:
        sign = self._next()
        if sign == "(":
            return self._group()
        if sign == "[":
            return One(self._class())
        if sign == ".":
            return One(self._dot)
        if sign in "^$":
            return Edge(sign == "^")
        if sign == "\\":
            return self._escape()
        if sign in "?*+{}]":
            raise self.fault()
        return _literal(sign, ignores_case=self._ignores_case)

    def _group(self) -> Pattern:
        index = 0
        if not self._accept("?:"):
            self.groups += 1
            index = self.groups
        self._open.append(index)
        part = self.choice()
        self._open.pop()
        if not self._accept(")"):
            raise self.fault()
        return Group(index, part)

    def _escape(self) -> Pattern:
        sign = self._next()
        if sign.isascii() and sign.isdigit():
            return self._back_reference(sign)
        if sign in ESCAPES:
            return _literal(ESCAPES[sign], ignores_case=False)
        return One(self._escaped_test(sign))

    def _back_reference(self, digits: str) -> Pattern:
        while self.text[self.at : self.at + 1].isdigit():
            longer = digits + self.text[self.at]
            if int(longer) > self.groups:
                break
            digits = longer
            self.at += 1
        index = int(digits)
        if index == 0 or index > self.groups or index in self._open:
            raise self.fault()
        return BackReference(index)

    def _escaped_test(self, sign: str) -> CharacterTest:
        if sign in ESCAPES:
            return one_of(ESCAPES[sign], ESCAPES[sign], ignores_case=False)
        if sign in "pP":
            return self._category(is_negated=sign == "P")
        test = escape_class(sign)
        if test is None:
            raise self.fault()
        return test

    def _category(self, *, is_negated: bool) -> CharacterTest:
        found = _CATEGORY.match(self.text, self.at)
        if found is None:
            raise self.fault()
        self.at = found.end()
        test = category(found[1])
        return negated(test) if is_negated else test

    def _class(self) -> CharacterTest:
        is_negated = self._accept("^")
        tests: list[CharacterTest] = []
        excluded: CharacterTest | None = None
        while not self._accept("]"):
            if tests and self._accept("-["):
                excluded = self._class()
                if not self._accept("]"):
                    raise self.fault()
                break
            tests.append(self._class_part())
        if not tests:
            raise self.fault()
        test = negated(any_of(tests)) if is_negated else any_of(tests)
        return test if excluded is None else all_but(test, excluded)

    def _class_part(self) -> CharacterTest:
        first = self._class_character()
        if not isinstance(first, str):
            return first
        follower = self.text[self.at : self.at + 2]
        if follower[:1] != "-" or follower[1:] in ("]", "[", ""):
            return one_of(first, first, ignores_case=self._ignores_case)
        self.at += 1
        last = self._class_character()
        if not isinstance(last, str) or last < first:
            raise self.fault()
        return one_of(first, last, ignores_case=self._ignores_case)

    def _class_character(self) -> "str | CharacterTest":
        sign = self._next()
        if sign == "[":
            raise self.fault()
        if sign != "\\":
            return sign
        escaped = self._next()
        if escaped in ESCAPES:
            return ESCAPES[escaped]
        return self._escaped_test(escaped)
