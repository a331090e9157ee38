"""Trees back to FEEL text, so that parsing the text gives the tree again (but for the places)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from service.feel.builtin_names import SPACED_NAMES
from service.feel.known_names import PLAIN
from service.feel.lexer import KEYWORDS
from service.feel.temporal_text import text_of
from service.feel.tree import (
    Between,
    Binary,
    Call,
    ContextOf,
    Filter,
    For,
    FunctionOf,
    If,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Loop,
    Name,
    Negation,
    Node,
    Path,
    Quantified,
    RangeOf,
    Tests,
    children,
)
from service.feel.types import FeelType

_ESCAPES = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"},
)
_CLOSED = (Literal, Name, ListOf, ContextOf, RangeOf, Call, Filter, Path)
_N = TypeVar("_N", bound=Node)
_RULES: dict[type[Node], Callable[[Any, "_Printer"], str]] = {}


def to_text(tree: Node) -> str:
    """Return the text of an expression or of unary tests.

    What stands in brackets in the tree's own text need not here, and the other way round.
    """
    return _Printer(tree).whole(tree)


def _prints(
    kind: type[_N],
) -> Callable[[Callable[[_N, "_Printer"], str]], Callable[[_N, "_Printer"], str]]:
    def register(rule: Callable[[_N, "_Printer"], str]) -> Callable[[_N, "_Printer"], str]:
        _RULES[kind] = rule
        return rule

    return register


class _Printer:
    """Prints the nodes of one tree."""

    def __init__(self, tree: Node) -> None:
        # A name such as `a-b` made somewhere in the tree would be read where `a - b` is meant.
        self._quotes_all = _makes_special_names(tree)

    def whole(self, node: Node) -> str:
        """Return the text of a node that stands alone, or between commas and brackets."""
        return _RULES[type(node)](node, self)

    def part(self, node: Node) -> str:
        """Return the text of a node beside an operator."""
        text = self.whole(node)
        return text if isinstance(node, _CLOSED) else f"({text})"

    def name(self, name: str) -> str:
        """Return a name, in backticks where it must be."""
        is_plain = PLAIN.fullmatch(name) is not None and name not in KEYWORDS
        return name if is_plain and (not self._quotes_all or name == "?") else f"`{name}`"


def _makes_special_names(node: Node) -> bool:
    made: tuple[str, ...] = ()
    if isinstance(node, ContextOf):
        made = tuple(key for key, _ in node.entries)
    elif isinstance(node, FunctionOf):
        made = tuple(name for name, _ in node.parameters)
    elif isinstance(node, Loop):
        made = (node.name,)
    if any(PLAIN.fullmatch(name) is None for name in made):
        return True
    return any(map(_makes_special_names, children(node)))


@_prints(Literal)
def _literal(node: Literal, printer: _Printer) -> str:
    match node.value:
        case None:
            return "null"
        case bool():
            return "true" if node.value else "false"
        case str():
            return _string(node.value)
        case Decimal():
            return str(node.value)
    return f'@"{text_of(node.value)}"'


def _string(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


@_prints(Name)
def _name(node: Name, printer: _Printer) -> str:
    return printer.name(node.name)


@_prints(ListOf)
def _list(node: ListOf, printer: _Printer) -> str:
    return f"[{', '.join(map(printer.whole, node.items))}]"


@_prints(ContextOf)
def _context(node: ContextOf, printer: _Printer) -> str:
    entries = (f"{_key(key)}: {printer.whole(value)}" for key, value in node.entries)
    return f"{{{', '.join(entries)}}}"


def _key(key: str) -> str:
    is_plain = PLAIN.fullmatch(key) is not None and key not in KEYWORDS
    return key if is_plain else _string(key)


@_prints(RangeOf)
def _range(node: RangeOf, printer: _Printer) -> str:
    if node.operator or node.is_half_open:
        return f"({_comparison(node, printer)})"
    assert node.start is not None
    assert node.end is not None
    opening, closing = "[" if node.start_included else "(", "]" if node.end_included else ")"
    return f"{opening}{printer.part(node.start)}..{printer.part(node.end)}{closing}"


def _comparison(node: RangeOf, printer: _Printer) -> str:
    if node.operator:
        assert node.end is not None
        return f"{node.operator} {printer.part(node.end)}"
    if node.start is not None:
        return f"{'>=' if node.start_included else '>'} {printer.part(node.start)}"
    assert node.end is not None
    return f"{'<=' if node.end_included else '<'} {printer.part(node.end)}"


@_prints(Binary)
def _binary(node: Binary, printer: _Printer) -> str:
    return f"{printer.part(node.left)} {node.operator} {printer.part(node.right)}"


@_prints(Negation)
def _negation(node: Negation, printer: _Printer) -> str:
    return f"-{printer.part(node.operand)}"


@_prints(Between)
def _between(node: Between, printer: _Printer) -> str:
    value, low, high = map(printer.part, (node.value, node.low, node.high))
    return f"{value} between {low} and {high}"


@_prints(In)
def _in(node: In, printer: _Printer) -> str:
    tests = (_test(test, printer) for test in node.tests)
    return f"{printer.part(node.value)} in ({', '.join(tests)})"


def _is_comparison(node: Node) -> bool:
    return isinstance(node, RangeOf) and (node.is_half_open or bool(node.operator))


@_prints(If)
def _if(node: If, printer: _Printer) -> str:
    condition, yes, no = map(printer.whole, (node.condition, node.yes, node.no))
    return f"if {condition} then {yes} else {no}"


@_prints(Loop)
def _loop(node: Loop, printer: _Printer) -> str:
    text = f"{printer.name(node.name)} in {printer.part(node.domain)}"
    return text if node.end is None else f"{text}..{printer.part(node.end)}"


@_prints(For)
def _for(node: For, printer: _Printer) -> str:
    loops = ", ".join(map(printer.whole, node.iterators))
    return f"for {loops} return {printer.whole(node.body)}"


@_prints(Quantified)
def _quantified(node: Quantified, printer: _Printer) -> str:
    word, loops = (
        "every" if node.is_every else "some",
        ", ".join(map(printer.whole, node.iterators)),
    )
    return f"{word} {loops} satisfies {printer.whole(node.condition)}"


@_prints(Filter)
def _filter(node: Filter, printer: _Printer) -> str:
    return f"{printer.part(node.base)}[{printer.whole(node.condition)}]"


@_prints(Path)
def _path(node: Path, printer: _Printer) -> str:
    base = printer.part(node.base)
    if isinstance(node.base, Literal):
        base = f"({base})"
    return f"{base}.{printer.name(node.name)}"


@_prints(Call)
def _call(node: Call, printer: _Printer) -> str:
    arguments = [printer.whole(argument) for argument in node.positional]
    arguments += [f"{printer.name(name)}: {printer.whole(value)}" for name, value in node.named]
    function = node.function
    if isinstance(function, Name) and function.name in SPACED_NAMES:
        return f"{function.name}({', '.join(arguments)})"
    return f"{printer.part(function)}({', '.join(arguments)})"


@_prints(InstanceOf)
def _instance_of(node: InstanceOf, printer: _Printer) -> str:
    return f"{printer.part(node.value)} instance of {_type(node.type, printer)}"


@_prints(FunctionOf)
def _function(node: FunctionOf, printer: _Printer) -> str:
    parameters = ", ".join(
        printer.name(name) + ("" if wanted is None else f": {_type(wanted, printer)}")
        for name, wanted in node.parameters
    )
    word = " external" if node.is_external else ""
    return f"function({parameters}){word} {printer.part(node.body)}"


@_prints(Tests)
def _tests(node: Tests, printer: _Printer) -> str:
    if not node.items:
        return "-"
    tests = ", ".join(_test(item, printer) for item in node.items)
    return f"not({tests})" if node.is_negated else tests


def _test(node: Node, printer: _Printer) -> str:
    if isinstance(node, RangeOf) and _is_comparison(node):
        return _comparison(node, printer)
    text = printer.whole(node)
    # At the start of a cell `not(` would negate all of it.
    return f"({text})" if text.startswith("not(") else text


def _type(wanted: FeelType, printer: _Printer) -> str:
    if wanted.kind == "any":
        return "Any"
    if wanted.item is not None:
        return f"{wanted.kind}<{_type(wanted.item, printer)}>"
    if wanted.kind == "context" and wanted.members:
        members = (f"{printer.name(name)}: {_type(one, printer)}" for name, one in wanted.members)
        return f"context<{', '.join(members)}>"
    if wanted.kind == "function" and wanted.parameters is not None and wanted.returns is not None:
        parameters = ", ".join(_type(one, printer) for one in wanted.parameters)
        return f"function<{parameters}> -> {_type(wanted.returns, printer)}"
    return wanted.kind
