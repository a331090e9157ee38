"""The short way of literals, names, paths, comparisons, logic, arithmetic and `if`."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import eq, ge, gt, itemgetter, le, lt, ne
from typing import Any

from service.feel.limits import STRING_CHARACTERS
from service.feel.number_context import FEEL_NUMBERS
from service.feel.quick.compiler import NotQuick, Quick, QuickCompiler, Unusual, has_short_way
from service.feel.tree import (
    Between,
    Binary,
    ContextOf,
    If,
    In,
    ListOf,
    Literal,
    Name,
    Negation,
    Node,
    Path,
    RangeOf,
    mentions,
)
from service.feel.values import Date, DaysTimeDuration, Range, YearsMonthsDuration

_Compare = Callable[[Any, Any], bool]
_ORDER: dict[str, _Compare] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_EQUALITY: dict[str, _Compare] = {"=": eq, "!=": ne}
_ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": FEEL_NUMBERS.add,
    "-": FEEL_NUMBERS.subtract,
    "*": FEEL_NUMBERS.multiply,
    "/": FEEL_NUMBERS.divide,
}
_ORDERED = frozenset({Decimal, str})
_PLAIN = frozenset({Decimal, str, bool, Date, DaysTimeDuration, YearsMonthsDuration})
_SHORT = 1000


@has_short_way(Literal)
def _literal(node: Literal, compiler: QuickCompiler) -> Quick:
    value = node.value
    return lambda names: value


@has_short_way(Name)
def _name(node: Name, compiler: QuickCompiler) -> Quick:
    return itemgetter(node.name)


@has_short_way(Path)
def _path(node: Path, compiler: QuickCompiler) -> Quick:
    base, name = compiler.compile(node.base), node.name

    def code(names: Mapping[str, Any]) -> Any:
        owner = base(names)
        if type(owner) is dict:
            return owner[name]
        raise Unusual

    return code


@has_short_way(Binary)
def _binary(node: Binary, compiler: QuickCompiler) -> Quick:
    operator = node.operator
    if operator in ("and", "or"):
        parts = [compiler.compile(part) for part in _chain(node, operator)]
        return _logic(parts, decisive=operator == "or")
    calculation = _with_constant(operator, node.left, node.right, compiler)
    if calculation is not None:
        return calculation
    if isinstance(node.right, Literal) and operator in _ORDER | _EQUALITY:
        constant = node.right.value
        if isinstance(node.left, Name) and type(constant) in _ORDERED:
            return _name_against_constant(operator, node.left.name, constant)
        return _against_constant(operator, compiler.compile(node.left), constant)
    left = compiler.compile(node.left)
    right = compiler.compile(node.right)
    if operator in _ORDER:
        return _ordering(_ORDER[operator], left, right)
    if operator in _EQUALITY:
        return _equality(_EQUALITY[operator], left, right)
    if operator in _ARITHMETIC:
        return _arithmetic(operator, left, right)
    raise NotQuick


def _with_constant(operator: str, left: Node, right: Node, compiler: QuickCompiler) -> Quick | None:
    """Return the short way of a calculation with a number or text written down, or None."""
    if operator not in _ARITHMETIC:
        return None
    is_first = isinstance(left, Literal)
    constant = constant_of(left if is_first else right)
    if type(constant) is Decimal:
        return _number_with(
            _ARITHMETIC[operator],
            compiler.compile(right if is_first else left),
            constant,
            is_first=is_first,
        )
    if type(constant) is str and operator == "+" and is_first:
        return _text_with(constant, compiler.compile(right))
    return None


def _number_with(
    compute: Callable[[Decimal, Decimal], Decimal],
    other: Quick,
    constant: Decimal,
    *,
    is_first: bool,
) -> Quick:
    def before(names: Mapping[str, Any]) -> Decimal:
        value = other(names)
        if type(value) is Decimal:
            return compute(constant, value)
        raise Unusual

    def behind(names: Mapping[str, Any]) -> Decimal:
        value = other(names)
        if type(value) is Decimal:
            return compute(value, constant)
        raise Unusual

    return before if is_first else behind


def _text_with(constant: str, other: Quick) -> Quick:
    room = STRING_CHARACTERS - len(constant)

    def code(names: Mapping[str, Any]) -> str:
        value = other(names)
        if type(value) is str and len(value) <= room:
            return constant + value
        raise Unusual

    return code


def _chain(node: Node, operator: str) -> list[Node]:
    """Return the parts of `a and b and c`; three-valued logic does not mind the brackets."""
    if isinstance(node, Binary) and node.operator == operator:
        return [*_chain(node.left, operator), *_chain(node.right, operator)]
    return [node]


def _logic(parts: list[Quick], *, decisive: bool) -> Quick:
    if len(parts) == 2:
        return _logic_of_two(*parts, decisive=decisive)

    def code(names: Mapping[str, Any]) -> bool | None:
        answer: bool | None = not decisive
        for part in parts:
            value: object = part(names)
            if value is decisive:
                return decisive
            if value is (not decisive):
                continue
            answer = None
        return answer

    return code


def _logic_of_two(left: Quick, right: Quick, *, decisive: bool) -> Quick:
    opposite = not decisive

    def code(names: Mapping[str, Any]) -> bool | None:
        one: object = left(names)
        if one is decisive:
            return decisive
        other: object = right(names)
        if other is decisive:
            return decisive
        return opposite if one is other is opposite else None

    return code


def _name_against_constant(operator: str, name: str, constant: Any) -> Quick:
    """Return the short way of the most frequent of conditions, without a call to read the variable."""
    kind, compare, of_null = type(constant), (_ORDER | _EQUALITY)[operator], operator == "!="
    is_equality = operator in _EQUALITY

    def code(names: Mapping[str, Any]) -> bool:
        value = names[name]
        if type(value) is kind:
            return compare(value, constant)
        if value is None and is_equality:
            return of_null
        raise Unusual

    return code


def _against_constant(operator: str, left: Quick, constant: Any) -> Quick:
    if constant is None and operator in _EQUALITY:
        return _against_null(left, is_equal=operator == "=")
    kind, compare = type(constant), (_ORDER | _EQUALITY)[operator]
    if operator in _ORDER:
        if kind not in _ORDERED:
            raise NotQuick

        def ordering(names: Mapping[str, Any]) -> bool:
            value = left(names)
            if type(value) is kind:
                return compare(value, constant)
            raise Unusual

        return ordering
    if kind not in _PLAIN:
        raise NotQuick
    of_null = operator == "!="

    def equality(names: Mapping[str, Any]) -> bool:
        value = left(names)
        if type(value) is kind:
            return compare(value, constant)
        if value is None:
            return of_null
        raise Unusual

    return equality


def _against_null(left: Quick, *, is_equal: bool) -> Quick:
    if is_equal:
        return lambda names: left(names) is None
    return lambda names: left(names) is not None


def _ordering(compare: _Compare, left: Quick, right: Quick) -> Quick:
    def code(names: Mapping[str, Any]) -> bool:
        one, other = left(names), right(names)
        kind = type(one)
        if kind is type(other) and kind in _ORDERED:
            return compare(one, other)
        raise Unusual

    return code


def _equality(compare: _Compare, left: Quick, right: Quick) -> Quick:
    def code(names: Mapping[str, Any]) -> bool:
        one, other = left(names), right(names)
        kind = type(one)
        if kind is type(other) and kind in _PLAIN:
            return compare(one, other)
        if one is None or other is None:
            return (one is other) is (compare is eq)
        raise Unusual

    return code


def _arithmetic(operator: str, left: Quick, right: Quick) -> Quick:
    compute, joins = _ARITHMETIC[operator], operator == "+"

    def code(names: Mapping[str, Any]) -> Any:
        one, other = left(names), right(names)
        kind = type(one)
        if kind is type(other):
            if kind is Decimal:
                return compute(one, other)
            if joins and kind is str and len(one) + len(other) <= STRING_CHARACTERS:
                return one + other
        raise Unusual

    return code


@has_short_way(Negation)
def _negation(node: Negation, compiler: QuickCompiler) -> Quick:
    operand, negate = compiler.compile(node.operand), FEEL_NUMBERS.minus

    def code(names: Mapping[str, Any]) -> Decimal:
        value = operand(names)
        if type(value) is Decimal:
            return negate(value)
        raise Unusual

    return code


@has_short_way(Between)
def _between(node: Between, compiler: QuickCompiler) -> Quick:
    interval = constant_range(RangeOf(node.at, node.low, node.high, True, True))
    if interval is not None:
        return _in_range(compiler.compile(node.value), interval)
    value, low, high = map(compiler.compile, (node.value, node.low, node.high))

    def code(names: Mapping[str, Any]) -> bool:
        one = value(names)
        least, most = low(names), high(names)
        kind = type(one)
        if kind is type(least) is type(most) and kind in _ORDERED:
            return bool(least <= one <= most)
        raise Unusual

    return code


@has_short_way(In)
def _in(node: In, compiler: QuickCompiler) -> Quick:
    value = compiler.compile(node.value)
    if len(node.tests) == 1:
        test = node.tests[0]
        interval = constant_range(test)
        if interval is not None:
            return _in_range(value, interval)
        if isinstance(test, ListOf):
            return _among(value, test.items)
    return _among(value, node.tests)


def constant_range(node: Node) -> Range | None:
    """Return the range between two numbers or texts written down in order, or None for all else."""
    if not isinstance(node, RangeOf) or node.operator or node.is_half_open:
        return None
    low, high = constant_of(node.start), constant_of(node.end)
    if type(low) is not type(high) or type(low) not in _ORDERED or low > high:
        return None
    return Range(low, high, node.start_included, node.end_included)


def constant_of(node: Node | None) -> Any:
    """Return the value of a literal, a negative number too; None for all else."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Negation) and isinstance(node.operand, Literal):
        value = node.operand.value
        return FEEL_NUMBERS.minus(value) if isinstance(value, Decimal) else None
    return None


def _in_range(value: Quick, interval: Range) -> Quick:
    kind, low, high = type(interval.start), interval.start, interval.end
    if interval.start_included and interval.end_included:

        def closed(names: Mapping[str, Any]) -> Any:
            one = value(names)
            if type(one) is kind:
                return low <= one <= high
            raise Unusual

        return closed
    above: _Compare = ge if interval.start_included else gt
    below: _Compare = le if interval.end_included else lt

    def code(names: Mapping[str, Any]) -> bool:
        one = value(names)
        if type(one) is kind:
            return above(one, low) and below(one, high)
        raise Unusual

    return code


def _among(value: Quick, items: tuple[Node, ...]) -> Quick:
    constants = [constant_of(item) for item in items]
    kinds = {type(one) for one in constants}
    if len(kinds) != 1 or not kinds <= _ORDERED:
        raise NotQuick
    kind, known = kinds.pop(), frozenset(constants)

    def code(names: Mapping[str, Any]) -> bool:
        one = value(names)
        if type(one) is kind:
            return one in known
        raise Unusual

    return code


@has_short_way(If)
def _if(node: If, compiler: QuickCompiler) -> Quick:
    condition, yes, no = map(compiler.compile, (node.condition, node.yes, node.no))
    if isinstance(node.yes, Literal) and isinstance(node.no, Literal):
        one, other = node.yes.value, node.no.value
        return lambda names: one if condition(names) is True else other
    return lambda names: yes(names) if condition(names) is True else no(names)


@has_short_way(ListOf)
def _list(node: ListOf, compiler: QuickCompiler) -> Quick:
    items = [compiler.compile(item) for item in node.items]
    return lambda names: [small(item(names)) for item in items]


@has_short_way(ContextOf)
def _context(node: ContextOf, compiler: QuickCompiler) -> Quick:
    keys = [key for key, _ in node.entries]
    if len(set(keys)) < len(keys) or any(_sees(value, keys) for _, value in node.entries):
        raise NotQuick
    entries = [(key, compiler.compile(value)) for key, value in node.entries]
    return lambda names: {key: small(value(names)) for key, value in entries}


def _sees(node: Node, keys: list[str]) -> bool:
    return any(mentions(node, key) for key in keys)


def small(value: Any) -> Any:
    """Return a value that need not be weighed when it is put into a list or context.

    Raises:
        Unusual: It must be.
    """
    kind = type(value)
    if kind is list or kind is dict or (kind is str and len(value) > _SHORT):
        raise Unusual
    return value
