"""XML of boxed expressions to logic; a table of element names picks the reader.

Source: DMN 1.5 §7.3, §8, §10.2.1.
"""

from collections.abc import Callable

from service.dmn import boxed
from service.dmn.logic import Logic
from service.dmn.source import Source
from service.dmn.table_reader import read_table
from service.dmn.xml import Element, child, children, local_name, text_of
from service.feel.types import FeelType
from service.feel.wording import Text

_IMPORTED_VALUES = Text(
    "不支持从其他文件取表达式（importedValues），结果为 null。",
    "Expressions of other files (importedValues) are not supported: they give null.",
)
_Reader = Callable[[Element, Source], Logic | None]


def read_logic(owner: Element | None, source: Source) -> Logic | None:
    """Return the first boxed expression inside an element, or None when there is none."""
    if owner is None:
        return None
    for node in children(owner):
        reader = _READERS.get(local_name(node))
        if reader is not None:
            return reader(node, source)
    return None


def parameters_of(node: Element, source: Source) -> tuple[tuple[str, FeelType | None], ...]:
    """Return names and types of the formal parameters of a function."""
    return tuple(
        (one.get("name", ""), source.type(one.get("typeRef")))
        for one in children(node, "formalParameter")
    )


def _literal(node: Element, source: Source) -> Logic | None:
    if child(node, "importedValues") is not None:
        source.warn(node, "imported_values", _IMPORTED_VALUES)
    text = text_of(node)
    if not text.strip():
        return None
    expression = source.expression(node, text)
    return (
        None if expression is None else boxed.literal(expression, source.type(node.get("typeRef")))
    )


def _typed(node: Element, source: Source, logic: boxed.Boxed) -> Logic:
    wanted = source.type(node.get("typeRef"))
    code = boxed.typed(logic.code, wanted, boxed.EXPRESSION)
    return logic if wanted is None else boxed.Boxed(logic.kind, code)


def _context(node: Element, source: Source) -> Logic:
    entries: list[tuple[str, boxed.Code]] = []
    result: boxed.Code | None = None
    for entry in children(node, "contextEntry"):
        code = boxed.code_of(read_logic(entry, source))
        variable = child(entry, "variable")
        if variable is None:
            result = code
            continue
        name = variable.get("name", "")
        wanted = source.type(variable.get("typeRef"))
        entries.append((name, boxed.typed(code, wanted, Text(f"“{name}”", f"“{name}”"))))
    return _typed(node, source, boxed.context(entries, result))


def _list(node: Element, source: Source) -> Logic:
    items = [boxed.code_of(logic) for logic in _all_logic(node, source)]
    return _typed(node, source, boxed.list_of(items))


def _all_logic(node: Element, source: Source) -> list[Logic | None]:
    return [
        _READERS[local_name(one)](one, source)
        for one in children(node)
        if local_name(one) in _READERS
    ]


def _relation(node: Element, source: Source) -> Logic | None:
    columns = [column.get("name", "") for column in children(node, "column")]
    rows = [
        [boxed.code_of(logic) for logic in _all_logic(row, source)] for row in children(node, "row")
    ]
    if any(len(row) != len(columns) for row in rows):
        width = len(columns)
        text = Text(
            f"关系表的每一行应有 {width} 个单元格。",
            f"Expected {width} cells in every row of a relation.",
        )
        source.refuse(node, "relation_width", text)
        return None
    return _typed(node, source, boxed.relation(columns, rows))


def _function(node: Element, source: Source) -> Logic | None:
    parameters, returns = parameters_of(node, source), source.type(node.get("typeRef"))
    body, kind = boxed.code_of(read_logic(node, source)), node.get("kind", "FEEL")
    if kind != "FEEL":
        return boxed.external(kind, parameters, body, returns)
    return boxed.function(parameters, body, returns)


def _invocation(node: Element, source: Source) -> Logic:
    called = boxed.code_of(read_logic(node, source))
    bindings = []
    for binding in children(node, "binding"):
        parameter = child(binding, "parameter")
        name = parameter.get("name", "") if parameter is not None else ""
        bindings.append((name, boxed.code_of(read_logic(binding, source))))
    return _typed(node, source, boxed.invocation(called, bindings))


def _part(node: Element, source: Source, name: str) -> boxed.Code:
    return boxed.code_of(read_logic(child(node, name), source))


def _conditional(node: Element, source: Source) -> Logic:
    parts = (_part(node, source, name) for name in ("if", "then", "else"))
    return _typed(node, source, boxed.conditional(*parts))


def _filter(node: Element, source: Source) -> Logic:
    logic = boxed.filtered(_part(node, source, "in"), _part(node, source, "match"))
    return _typed(node, source, logic)


def _for(node: Element, source: Source) -> Logic:
    variable = node.get("iteratorVariable", "")
    logic = boxed.loop(variable, _part(node, source, "in"), _part(node, source, "return"))
    return _typed(node, source, logic)


def _quantified(node: Element, source: Source) -> Logic:
    logic = boxed.quantified(
        node.get("iteratorVariable", ""),
        _part(node, source, "in"),
        _part(node, source, "satisfies"),
        is_every=local_name(node) == "every",
    )
    return _typed(node, source, logic)


_READERS: dict[str, _Reader] = {
    "literalExpression": _literal,
    "decisionTable": read_table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "invocation": _invocation,
    "conditional": _conditional,
    "filter": _filter,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
}
