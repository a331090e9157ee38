"""The file being read: its names and types, and what is wrong with it, finding by finding."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from service.dmn.tables import DecisionTable
from service.dmn.xml import Element, line_of, local_name
from service.domain.errors import Finding
from service.feel import Expression, FeelSyntaxError, UnaryTests
from service.feel.expression import compile_expression, compile_unary_tests
from service.feel.findings import finding_of
from service.feel.types import FeelType, basic_type
from service.feel.wording import Text

_T = TypeVar("_T")
_LANGUAGES = ("feel", "")
_USE_FEEL = Text("请改用 FEEL 表达式。", "Write it in FEEL.")


class Source:
    """Compiles the FEEL of one file and keeps findings instead of stopping at the first.

    Attributes:
        names: Every name with spaces or signs of the file and of those it imports.
        types: Item definitions by name, complete once `item_types` has run.
        allowed: Tests that every value of a type meets, by the type's name.
        taken: Names that functions of the file may bear.
        tables: The decision tables read so far, each with its element.
        findings: What is wrong so far.
    """

    def __init__(self, resource: str, names: Collection[str]) -> None:
        self.resource = resource
        self.names = frozenset(names)
        self._scope = self.names
        self.types: dict[str, FeelType] = {}
        self.allowed: dict[str, tuple[UnaryTests, ...]] = {}
        self.taken: frozenset[str] = frozenset()
        self.tables: list[tuple[Element, DecisionTable]] = []
        self.findings: list[Finding] = []
        self.language = ""

    def expression(self, node: Element, text: str) -> Expression | None:
        """Return the compiled expression, or None with a finding."""
        return self._compiled(
            node, lambda names: compile_expression(text, names, self._types(text))
        )

    def unary_tests(self, node: Element, text: str) -> UnaryTests | None:
        """Return the compiled unary tests, or None with a finding; empty text is `-`."""
        text = (text.strip() and text) or "-"
        return self._compiled(
            node, lambda names: compile_unary_tests(text, names, self._types(text))
        )

    @contextmanager
    def scope(self, names: frozenset[str]) -> Iterator[None]:
        """Let expressions speak some of the file's names inside."""
        self._scope = names
        try:
            yield
        finally:
            self._scope = self.names

    def _compiled(self, node: Element, compile_text: Callable[[frozenset[str]], _T]) -> _T | None:
        language = node.get("expressionLanguage") or self.language
        if not is_feel(language):
            text = Text(
                f"表达式语言应为 FEEL，实际为“{language}”。",
                f"Expected FEEL as expression language, but got '{language}'.",
            )
            self.refuse(node, "expression_language", text, _USE_FEEL)
            return None
        try:
            return self._compiled_in_scope(compile_text)
        except FeelSyntaxError as error:
            text = Text(
                f"FEEL 表达式有误：{error.sentence}", f"This is no FEEL: {error.sentence:en}"
            )
            self.refuse(node, "feel_syntax", text)
            return None

    def _compiled_in_scope(self, compile_text: Callable[[frozenset[str]], _T]) -> _T:
        """Compile with the names in scope; where that fails, with all of the file.

        Files without drawn requirements are read, too: a variable that is given is seen everywhere.

        Raises:
            FeelSyntaxError: It is no FEEL.
        """
        if self._scope != self.names:
            try:
                return compile_text(self._scope)
            except FeelSyntaxError:
                # Told of all names below, when those do not help either.
                pass
        return compile_text(self.names)

    def _types(self, text: str) -> Mapping[str, FeelType] | None:
        """Return the types for a text that may speak of one; others are compiled quicker without."""
        return self.types if "instance" in text or "function" in text else None

    def type(self, name: str | None) -> FeelType | None:
        """Return the type of a `typeRef`; None when nothing is demanded or it is unknown."""
        if not name:
            return None
        found = self.types.get(name) or basic_type(name)
        if found is None and ":" in name:
            plain = name.partition(":")[2]
            found = self.types.get(plain) or basic_type(plain)
        return None if found is None or found.kind == "any" else found

    def allowed_of(self, name: str) -> tuple[UnaryTests, ...]:
        """Return the tests that every value of a `typeRef` meets."""
        return self.allowed.get(name) or self.allowed.get(name.rpartition(":")[2]) or ()

    def knows_type(self, name: str) -> bool:
        """Tell whether a `typeRef` names a type."""
        plain = name.rpartition(":")[2]
        return any(one in self.types or basic_type(one) is not None for one in (name, plain))

    def refuse(self, node: Element, rule: str, text: Text, advice: Text | None = None) -> None:
        """Keep a finding that refuses the file."""
        self._keep("error", node, rule, text, advice)

    def warn(self, node: Element, rule: str, text: Text, advice: Text | None = None) -> None:
        """Keep a finding that is only shown."""
        self._keep("warning", node, rule, text, advice)

    def warn_of_type(self, node: Element, name: str) -> None:
        """Keep the warning that a type is unknown."""
        text = Text(
            f"未知的类型“{name}”，按任意类型处理。",
            f"The type '{name}' is unknown: any value fits.",
        )
        self.warn(node, "unknown_type", text)

    def _keep(
        self, severity: str, node: Element, rule: str, text: Text, advice: Text | None
    ) -> None:
        found = finding_of(
            severity,
            rule,
            text,
            advice,
            resource=self.resource,
            element_id=element_id(node),
            line=line_of(node),
        )
        self.findings.append(found)


def element_id(node: Element) -> str | None:
    """Return the id of an element or of the nearest one around it."""
    current: Element | None = node
    while current is not None:
        found = current.get("id")
        if found and local_name(current) != "definitions":
            return found
        current = current.getparent()
    return None


def is_feel(language: str) -> bool:
    """Tell whether an `expressionLanguage` means FEEL."""
    return language.lower() in _LANGUAGES or "/FEEL" in language.upper()
