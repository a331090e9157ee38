"""Paths and calls: what is reached from a value by a name or by arguments."""

from dataclasses import dataclass
from typing import Any

from service.feel.builtin_names import CONSTRUCTORS
from service.feel.builtins import BUILTINS
from service.feel.compiling.compiler import Code, Compiler, compiles
from service.feel.compiling.noting import note_function, note_property
from service.feel.errors import Fault
from service.feel.invoking import invoke, is_callable
from service.feel.properties import NO_PROPERTY, property_of
from service.feel.run import MISSING, Frame, look_up
from service.feel.tree import Call, Literal, Name, Node, Path
from service.feel.values import Builtin
from service.feel.wording import Text

_FORGIVING = frozenset({"is defined", "get or else"})


@compiles(Path)
def _path(node: Path, compiler: Compiler) -> Code:
    base, name, place = compiler.compile(node.base), node.name, compiler.place(node.at)

    def code(frame: Frame) -> Any:
        owner = base(frame)
        if isinstance(owner, dict) and name in owner:
            return owner[name]
        if type(owner) is list:
            frame.run.step(len(owner))
        value = property_of(owner, name)
        if value is NO_PROPERTY:
            note_property(frame, owner, name, place)
            return None
        return value

    return code


@compiles(Call)
def _call(node: Call, compiler: Compiler) -> Code:
    positional = [compiler.compile(argument) for argument in node.positional]
    named = {name: compiler.compile(argument) for name, argument in node.named}
    place, function = compiler.place(node.at), _function(node.function, compiler)
    is_forgiving = isinstance(node.function, Name) and node.function.name in _FORGIVING
    constant = _constant(node)

    def code(frame: Frame) -> Any:
        run = frame.run
        if constant is not None and function(frame) is constant.function:
            return constant.value
        noticed = len(run.diagnostics)
        arguments = [argument(frame) for argument in positional]
        by_name = {name: argument(frame) for name, argument in named.items()}
        if is_forgiving:
            del run.diagnostics[noticed:]
        called = function(frame)
        if called is None:
            return None
        try:
            return invoke(run, called, arguments, by_name)
        except Fault as fault:
            run.note(fault.kind, fault.text, place)
            return None

    return code


@dataclass(frozen=True)
class _Constant:
    """What a built-in of literals gives, however often it is asked."""

    function: Builtin
    value: Any


def _constant(node: Call) -> _Constant | None:
    """Return the value of `date("2026-01-01")` and the like; None when it is none or no such."""
    if not isinstance(node.function, Name) or node.function.name not in CONSTRUCTORS or node.named:
        return None
    if not all(isinstance(argument, Literal) for argument in node.positional):
        return None
    values = [argument.value for argument in node.positional if isinstance(argument, Literal)]
    function = BUILTINS[node.function.name]
    for signature in function.signatures:
        kinds = [parameter.kind for parameter in signature.parameters]
        if kinds == ["string"] and len(values) == 1 and isinstance(values[0], str):
            try:
                return _Constant(function, signature.call(*values))
            except Fault:
                return None
    return None


def _function(node: Node, compiler: Compiler) -> Code:
    if not isinstance(node, Name):
        return _computed_function(node, compiler)
    name, place = node.name, compiler.place(node.at)
    known: Builtin | None = BUILTINS.get(name)

    def code(frame: Frame) -> Any:
        mine = look_up(frame, name)
        if mine is not MISSING and is_callable(mine):
            return mine
        found = frame.run.surroundings.functions.get(name) or known
        if found is None:
            note_function(frame, name, place)
        return found

    return code


def _computed_function(node: Node, compiler: Compiler) -> Code:
    function, place = compiler.compile(node), compiler.place(node.at)

    def code(frame: Frame) -> Any:
        value = function(frame)
        if value is None:
            frame.run.note(
                "function_not_found",
                Text("调用的不是函数", "What is called is no function."),
                place,
            )
        return value

    return code
