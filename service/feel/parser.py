"""FEEL text to tree: operators by binding power over the operands of `primary`.

Source: DMN 1.5 §10.3.1.2, rules 1 to 66.
"""

from collections.abc import Callable, Collection, Mapping

from service.feel.builtin_names import SPACED_NAMES
from service.feel.cursor import NESTED_LESS, Cursor
from service.feel.errors import FeelSyntaxError
from service.feel.known_names import KnownNames
from service.feel.lexer import Lexer
from service.feel.limits import EXPRESSION_CHARACTERS, TREE_DEPTH
from service.feel.primary import (
    COMPARISON,
    OPERATORS,
    expression_or_range,
    finish_range,
    parse_operator_range,
    parse_primary,
)
from service.feel.tree import (
    Between,
    Binary,
    Call,
    Filter,
    In,
    InstanceOf,
    Negation,
    Node,
    Path,
    Tests,
    depth_exceeds,
)
from service.feel.type_syntax import parse_type
from service.feel.types import FeelType
from service.feel.wording import Text

_LOWER_TREE = Text(
    f"不超过 {TREE_DEPTH} 层的表达式", f"an expression of at most {TREE_DEPTH} levels"
)
_DEEPER = Text("更深的嵌套", "more")
_UNARY = 70
_POSTFIX = 80
_POWERS = {
    "or": 10,
    "and": 20,
    **dict.fromkeys(OPERATORS, COMPARISON),
    "between": COMPARISON,
    "in": COMPARISON,
    "+": 40,
    "-": 40,
    "*": 50,
    "/": 50,
    "**": 60,
    "instance": 35,
    ".": _POSTFIX,
    "[": _POSTFIX,
    "(": _POSTFIX,
}
_BASE = KnownNames(SPACED_NAMES)


def parse_expression(
    text: str, names: Collection[str] = (), types: Mapping[str, FeelType] | None = None
) -> Node:
    """Return the tree of an expression.

    Args:
        names: Names in scope that hold spaces or signs; plain ones need not be given.
        types: Named types that `instance of` and parameters may use.

    Raises:
        FeelSyntaxError: The text is no expression, or too long, or nested too deep.
    """
    return _parse(text, names, types, _whole_expression)


def parse_unary_tests(
    text: str, names: Collection[str] = (), types: Mapping[str, FeelType] | None = None
) -> Tests:
    """Return the tree of the unary tests of a decision table cell.

    Raises:
        FeelSyntaxError: The text is none, or too long, or nested too deep.
    """
    tests = _parse(text, names, types, _whole_tests)
    assert isinstance(tests, Tests)
    return tests


def _parse(
    text: str,
    names: Collection[str],
    types: Mapping[str, FeelType] | None,
    rule: "Callable[[Parser], Node]",
) -> Node:
    known = _BASE.copy()
    if len(text) > EXPRESSION_CHARACTERS:
        raise _too_large(
            text,
            Text(
                f"不超过 {EXPRESSION_CHARACTERS} 个字符的表达式",
                f"an expression of at most {EXPRESSION_CHARACTERS} characters",
            ),
            Text(f"{len(text)} 个字符", f"{len(text)} characters"),
        )
    for name in (*names, *(types or ())):
        known.add(name)
    try:
        tree = rule(Parser(text, known, types or {}))
    except RecursionError as error:
        raise _too_large(text, NESTED_LESS, _DEEPER) from error
    if depth_exceeds(tree, TREE_DEPTH):
        raise _too_large(text, _LOWER_TREE, _DEEPER)
    return tree


def _too_large(text: str, expected: Text, found: Text) -> FeelSyntaxError:
    return Lexer(text, KnownNames()).error(0, expected, found)


def _whole_expression(parser: "Parser") -> Node:
    node = parser.expression()
    parser.expect_end()
    return node


def _whole_tests(parser: "Parser") -> Node:
    at = parser.token.start
    if parser.at_sign("-") and parser.lexer.read(parser.token.end).kind == "end":
        return Tests(at, ())
    if parser.token.text == "not" and parser.token.kind == "name":
        negated = _negated_tests(parser)
        if negated is not None:
            return negated
    items = _tests(parser)
    parser.expect_end()
    return Tests(at, items)


def _negated_tests(parser: "Parser") -> Tests | None:
    first = parser.advance()
    try:
        parser.expect_sign("(")
        items = _tests(parser)
        parser.expect_sign(")")
        parser.expect_end()
    except FeelSyntaxError:
        parser.token = first
        return None
    return Tests(first.start, items, is_negated=True)


def _tests(parser: "Parser") -> tuple[Node, ...]:
    items = [expression_or_range(parser)]
    while parser.accept_sign(","):
        items.append(expression_or_range(parser))
    return tuple(items)


class Parser(Cursor):
    """The grammar's operators."""

    def expression(self, power: int = 0) -> Node:
        """Consume an expression of operators binding tighter than `power`.

        Raises:
            FeelSyntaxError: None is there.
        """
        with self.deeper():
            left = self._operand()
            while True:
                binding = self._binding()
                if binding <= power:
                    return left
                left = self._continue(left, binding)

    def expect_end(self) -> None:
        """Make sure that nothing is left.

        Raises:
            FeelSyntaxError: Something is.
        """
        if self.token.kind != "end":
            raise self.error(Text("运算符或表达式结尾", "an operator or the end"))

    def _operand(self) -> Node:
        if self.at_sign("-"):
            at = self.advance().start
            return Negation(at, self.expression(_UNARY))
        return parse_primary(self)

    def _binding(self) -> int:
        if self.token.kind not in ("sign", "keyword"):
            return 0
        if self.in_range_end and self.at_sign("[") and not self.begins_expression_after():
            return 0
        return _POWERS.get(self.token.text, 0)

    def _continue(self, left: Node, binding: int) -> Node:
        rule = _INFIX.get(self.token.text)
        if rule is not None:
            return rule(self, left)
        sign = self.advance()
        return Binary(sign.start, sign.text, left, self.expression(binding))


def _between(parser: Parser, left: Node) -> Node:
    at = parser.advance().start
    low = parser.expression(COMPARISON)
    parser.expect_keyword("and")
    return Between(at, left, low, parser.expression(COMPARISON))


def _in(parser: Parser, left: Node) -> Node:
    at = parser.advance().start
    if not parser.at_sign("("):
        return In(at, left, (_single_test(parser),))
    opened = parser.advance()
    with parser.inside():
        first = expression_or_range(parser)
        if parser.at_sign(".."):
            return In(at, left, (finish_range(parser, opened.start, first, False),))
        items = [first]
        while parser.accept_sign(","):
            items.append(expression_or_range(parser))
        parser.expect_sign(")")
    return In(at, left, tuple(items))


def _single_test(parser: Parser) -> Node:
    if parser.at_sign(*OPERATORS):
        return parse_operator_range(parser)
    if parser.token.text == "?" and parser.token.kind == "name":
        return parser.expression(_POWERS["and"])
    return parser.expression(COMPARISON)


def _instance_of(parser: Parser, left: Node) -> Node:
    at = parser.advance().start
    parser.expect_keyword("of")
    return InstanceOf(at, left, parse_type(parser))


def _path(parser: Parser, left: Node) -> Node:
    at = parser.token.start
    parser.advance_plain()
    if parser.token.kind != "name":
        raise parser.error(Text("属性名称", "the name of a property"))
    return Path(at, left, parser.advance().text)


def _filter(parser: Parser, left: Node) -> Node:
    at = parser.advance().start
    with parser.inside():
        condition = parser.expression()
        parser.expect_sign("]")
    return Filter(at, left, condition)


def _call(parser: Parser, left: Node) -> Node:
    at = left.at
    parser.advance()
    positional: list[Node] = []
    named: list[tuple[str, Node]] = []
    with parser.inside():
        while not parser.at_sign(")"):
            _argument(parser, positional, named)
            if not parser.accept_sign(","):
                break
        parser.expect_sign(")")
    return Call(at, left, tuple(positional), tuple(named))


def _argument(parser: Parser, positional: list[Node], named: list[tuple[str, Node]]) -> None:
    name = parser.try_name_until(":")
    if name is not None and not positional:
        parser.expect_sign(":")
        named.append((name, parser.expression()))
        return
    if named:
        raise parser.error(Text("命名参数", "a named argument"))
    positional.append(expression_or_range(parser))


_INFIX: dict[str, Callable[[Parser, Node], Node]] = {
    "between": _between,
    "in": _in,
    "instance": _instance_of,
    ".": _path,
    "[": _filter,
    "(": _call,
}
