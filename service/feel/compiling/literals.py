"""Values written down: literals, lists, contexts, ranges, functions; and names."""

from typing import Any

from service.feel.builtins import BUILTINS
from service.feel.comparison import order
from service.feel.compiling.compiler import Code, Compiler, compiles
from service.feel.compiling.noting import note_variable
from service.feel.errors import Fault
from service.feel.java import external_function
from service.feel.properties import NO_PROPERTY, property_of
from service.feel.run import MISSING, Frame, Place, look_up
from service.feel.tree import ContextOf, FunctionOf, ListOf, Literal, Name, RangeOf, size_of
from service.feel.types import FeelType
from service.feel.values import Lambda, Range
from service.feel.wording import Text


@compiles(Literal)
def _literal(node: Literal, compiler: Compiler) -> Code:
    value = node.value
    return lambda frame: value


@compiles(Name)
def _name(node: Name, compiler: Compiler) -> Code:
    name, place = node.name, compiler.place(node.at)

    def otherwise(frame: Frame) -> Any:
        functions = frame.run.surroundings.functions
        found = functions.get(name) or BUILTINS.get(name)
        if found is None:
            note_variable(frame, name, place)
        return found

    def anywhere(frame: Frame) -> Any:
        names = frame.names
        if name in names:
            return names[name]
        value = look_up(frame.parent, name)
        if value is MISSING and "." in name:
            value = _along_path(frame, name)
        return otherwise(frame) if value is MISSING else value

    return anywhere


def _along_path(frame: Frame, name: str) -> Any:
    """Return what a dotted name means where nothing bears it: a path."""
    first, *rest = name.split(".")
    value = look_up(frame, first)
    for part in rest:
        if value is not MISSING:
            value = property_of(value, part)
            value = MISSING if value is NO_PROPERTY else value
    return value


@compiles(ListOf)
def _list(node: ListOf, compiler: Compiler) -> Code:
    items = [compiler.compile(item) for item in node.items]
    return lambda frame: frame.run.made([item(frame) for item in items])


@compiles(ContextOf)
def _context(node: ContextOf, compiler: Compiler) -> Code:
    entries = [(key, compiler.compile_inner(value)) for key, value in node.entries]
    if len({key for key, _ in entries}) < len(entries):
        return _duplicate_keys(compiler, node)

    def code(frame: Frame) -> dict[str, Any]:
        made: dict[str, Any] = {}
        inner = Frame(made, frame, frame.run)
        for key, value in entries:
            made[key] = value(inner)
        frame.run.made(made)
        return made

    return code


def _duplicate_keys(compiler: Compiler, node: ContextOf) -> Code:
    place = compiler.place(node.at)

    def code(frame: Frame) -> None:
        frame.run.note(
            "bad_argument", Text("上下文中有重复的键", "The context has a key twice."), place
        )

    return code


def interval_code(node: RangeOf, compiler: Compiler) -> Code:
    """Return the code of a range that is only asked what lies in it: its ends may be of any kind."""
    start = compiler.compile(node.start) if node.start is not None else None
    end = compiler.compile(node.end) if node.end is not None else None

    def code(frame: Frame) -> Range:
        low = start(frame) if start is not None else None
        high = end(frame) if end is not None else None
        if node.operator or node.is_half_open:
            return _open_range(node, low, high)
        return Range(low, high, node.start_included, node.end_included)

    return code


@compiles(RangeOf)
def _range(node: RangeOf, compiler: Compiler) -> Code:
    ends, place = interval_code(node, compiler), compiler.place(node.at)

    def code(frame: Frame) -> Range | None:
        made: Range = ends(frame)
        if made.start is not None and made.end is not None:
            found = order(made.start, made.end)
            if found is None or found > 0:
                frame.run.note("wrong_type", _NO_ORDER if found is None else _REVERSED, place)
                return None
        return made

    return code


_NO_ORDER = Text("区间两端不可比较", "The range's ends have no order.")
_REVERSED = Text("区间的两端次序颠倒", "The range begins behind its end.")


def _open_range(node: RangeOf, low: Any, high: Any) -> Range:
    if node.operator == "=":
        low = high
    return Range(low, high, node.start_included, node.end_included, True, node.operator)


@compiles(FunctionOf)
def _function(node: FunctionOf, compiler: Compiler) -> Code:
    names = tuple(name for name, _ in node.parameters)
    types = tuple(kind for _, kind in node.parameters)
    body = compiler.compile_inner(node.body)
    place, is_external = compiler.place(node.at), node.is_external
    cost = 4 + size_of(node.body) // 4

    def code(frame: Frame) -> Lambda | None:
        if len(set(names)) < len(names):
            text = Text("函数有重复的参数名", "The function has a parameter twice.")
            frame.run.note("bad_argument", text, place)
            return None
        if is_external:
            return _bound(frame, body(frame), names, types, place)

        def call(*arguments: Any) -> Any:
            return body(Frame(dict(zip(names, arguments, strict=True)), frame, frame.run))

        return Lambda(names, call, types, cost=cost)

    return code


def _bound(
    frame: Frame,
    mapping: Any,
    names: tuple[str, ...],
    types: tuple[FeelType | None, ...],
    place: Place,
) -> Lambda | None:
    try:
        return external_function(mapping, names, types)
    except Fault as fault:
        frame.run.note(fault.kind, fault.text, place)
        return None
