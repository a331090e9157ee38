"""What an operand can be: literals, names, brackets, `if`, `for`, `some`, `every`, `function`."""

from collections.abc import Callable

from service.feel.cursor import Cursor
from service.feel.known_names import PLAIN
from service.feel.lexer import EXPRESSION
from service.feel.temporal_text import parse_temporal
from service.feel.tree import (
    ContextOf,
    For,
    FunctionOf,
    If,
    ListOf,
    Literal,
    Loop,
    Name,
    Node,
    Quantified,
    RangeOf,
)
from service.feel.type_syntax import parse_type
from service.feel.types import FeelType
from service.feel.wording import Text

COMPARISON = 30
OPERATORS = ("<", "<=", ">", ">=", "=", "!=")


def parse_primary(cursor: Cursor) -> Node:
    """Consume one operand.

    Raises:
        FeelSyntaxError: None is there.
    """
    token = cursor.token
    if token.kind == "number":
        return Literal(cursor.advance().start, token.number)
    if token.kind == "string":
        return Literal(cursor.advance().start, token.text)
    if token.kind == "name":
        return Name(cursor.advance().start, token.text)
    rules = _BY_KEYWORD if token.kind == "keyword" else _BY_SIGN
    rule = rules.get(token.text)
    if rule is None or token.kind == "end":
        raise cursor.error(EXPRESSION)
    return rule(cursor)


def parse_operator_range(cursor: Cursor) -> RangeOf:
    """Consume `< 10` and the like."""
    sign = cursor.advance()
    end = cursor.expression(COMPARISON)
    if sign.text in ("=", "!="):
        return RangeOf(sign.start, None, end, True, True, operator=sign.text)
    if sign.text in ("<", "<="):
        return RangeOf(sign.start, None, end, False, sign.text == "<=", is_half_open=True)
    return RangeOf(sign.start, end, None, sign.text == ">=", False, is_half_open=True)


def finish_range(cursor: Cursor, at: int, start: Node, start_included: bool) -> RangeOf:
    """Consume `..end` and the closing bracket."""
    cursor.expect_sign("..")
    outer, cursor.in_range_end = cursor.in_range_end, True
    end = cursor.expression(COMPARISON)
    cursor.in_range_end = outer
    if not cursor.at_sign("]", ")", "["):
        raise cursor.error(Text("区间的右括号", "the closing bracket of the range"))
    return RangeOf(at, start, end, start_included, cursor.advance().text == "]")


def _literal(value: bool | None) -> Callable[[Cursor], Node]:
    return lambda cursor: Literal(cursor.advance().start, value)


def _at_literal(cursor: Cursor) -> Node:
    at = cursor.advance().start
    if cursor.token.kind != "string":
        raise cursor.error(Text("@ 后的文本", "a text behind @"))
    value = parse_temporal(cursor.token.text)
    cursor.advance()
    return Literal(at, value)


def _parenthesised(cursor: Cursor) -> Node:
    at = cursor.advance().start
    with cursor.inside():
        if cursor.at_sign(*OPERATORS):
            interval = parse_operator_range(cursor)
            cursor.expect_sign(")")
            return interval
        inner = cursor.expression()
        if cursor.at_sign(".."):
            return finish_range(cursor, at, inner, start_included=False)
        cursor.expect_sign(")")
        return inner


def _open_range(cursor: Cursor) -> Node:
    at = cursor.advance().start
    with cursor.inside():
        return finish_range(cursor, at, cursor.expression(COMPARISON), start_included=False)


def _list_or_range(cursor: Cursor) -> Node:
    at = cursor.advance().start
    with cursor.inside():
        items: list[Node] = []
        if cursor.accept_sign("]"):
            return ListOf(at, ())
        items.append(expression_or_range(cursor))
        if cursor.at_sign(".."):
            return finish_range(cursor, at, items[0], start_included=True)
        while cursor.accept_sign(","):
            items.append(expression_or_range(cursor))
        cursor.expect_sign("]")
        return ListOf(at, tuple(items))


def expression_or_range(cursor: Cursor) -> Node:
    """Return what stands in a list or among tests: an expression, or a range by its operator (`> 5`)."""
    if cursor.at_sign(*OPERATORS):
        return parse_operator_range(cursor)
    return cursor.expression()


def _context(cursor: Cursor) -> Node:
    at = cursor.advance().start
    entries: list[tuple[str, Node]] = []
    with cursor.inside():
        while not cursor.at_sign("}"):
            key = _key(cursor)
            cursor.expect_sign(":")
            entries.append((key, cursor.expression()))
            # A key may be any text; one that begins like no name would be read in place of signs.
            if PLAIN.match(key):
                cursor.learn([key])
            if not cursor.accept_sign(","):
                break
        cursor.expect_sign("}")
    return ContextOf(at, tuple(entries))


def _key(cursor: Cursor) -> str:
    if cursor.token.kind == "string":
        return cursor.advance().text
    return cursor.name_until(":")


def _if(cursor: Cursor) -> Node:
    at = cursor.advance().start
    condition = cursor.expression()
    cursor.expect_keyword("then")
    yes = cursor.expression()
    cursor.expect_keyword("else")
    return If(at, condition, yes, cursor.expression())


def _for(cursor: Cursor) -> Node:
    at = cursor.advance().start
    loops = _loops(cursor)
    cursor.expect_keyword("return")
    return For(at, loops, cursor.expression())


def _quantified(cursor: Cursor) -> Node:
    token = cursor.advance()
    loops = _loops(cursor)
    cursor.expect_keyword("satisfies")
    return Quantified(token.start, token.text == "every", loops, cursor.expression())


def _loops(cursor: Cursor) -> tuple[Loop, ...]:
    loops = [_loop(cursor)]
    while cursor.accept_sign(","):
        loops.append(_loop(cursor))
    return tuple(loops)


def _loop(cursor: Cursor) -> Loop:
    at = cursor.token.start
    name = cursor.name_until("in")
    cursor.learn([name])
    cursor.expect_keyword("in")
    domain = cursor.expression()
    end = cursor.expression() if cursor.accept_sign("..") else None
    return Loop(at, name, domain, end)


def _function(cursor: Cursor) -> Node:
    at = cursor.advance().start
    cursor.expect_sign("(")
    parameters: list[tuple[str, FeelType | None]] = []
    while not cursor.at_sign(")"):
        name = cursor.name_until(":", ",", ")")
        cursor.learn([name])
        parameters.append((name, parse_type(cursor) if cursor.accept_sign(":") else None))
        if not cursor.accept_sign(","):
            break
    cursor.expect_sign(")")
    is_external = cursor.accept_keyword("external")
    return FunctionOf(at, tuple(parameters), cursor.expression(), is_external)


_BY_SIGN: dict[str, Callable[[Cursor], Node]] = {
    "(": _parenthesised,
    "[": _list_or_range,
    "]": _open_range,
    "{": _context,
    "@": _at_literal,
}


def _function_name(cursor: Cursor) -> Node:
    """`and(…)` and `or(…)` are functions, too."""
    if cursor.text[cursor.token.end :].lstrip()[:1] != "(":
        raise cursor.error(EXPRESSION)
    token = cursor.advance()
    return Name(token.start, token.text)


_BY_KEYWORD: dict[str, Callable[[Cursor], Node]] = {
    "null": _literal(None),
    "true": _literal(True),
    "false": _literal(False),
    "if": _if,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
    "function": _function,
    "and": _function_name,
    "or": _function_name,
}
