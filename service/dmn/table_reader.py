"""XML of a decision table to a `DecisionTable`.

Source: DMN 1.5 §8.3.
"""

from service.dmn.hit_policies import AGGREGATIONS, POLICIES
from service.dmn.regions import Constants
from service.dmn.source import Source
from service.dmn.tables import DecisionTable, Input, Output, Rule
from service.dmn.xml import Element, child, children, line_of, text_of
from service.feel import Expression, UnaryTests
from service.feel.wording import Text

_POLICIES = Text(f"可用：{'、'.join(POLICIES)}。", f"Use one of {', '.join(POLICIES)}.")
_NOT_COLLECT = Text("只有命中策略 COLLECT 可以汇总。", "Only the hit policy COLLECT may aggregate.")
_NO_OUTPUT = Text("决策表没有输出列。", "The table has no output column.")
_OUTPUT_NAMES = Text(
    "有多个输出列时，每列都应有各自不同的名称。",
    "Where there are several output columns, each needs a name of its own.",
)
_NO_EXPRESSION = Text("输入列没有表达式。", "The input column has no expression.")
_LIST_VALUES = Text(
    "请在输出列的“允许值”中按先后列出输出值。", "List the output values of a column, best first."
)


def read_table(node: Element, source: Source) -> DecisionTable | None:
    """Return the table, or None with findings."""
    hit_policy = node.get("hitPolicy") or "UNIQUE"
    aggregation = node.get("aggregation")
    if not _policy_is_known(node, source, hit_policy, aggregation):
        return None
    inputs = [_input(one, source) for one in children(node, "input")]
    outputs = tuple(_output(one, source) for one in children(node, "output"))
    rules = tuple(_Rules(node, source, len(inputs), len(outputs)).read())
    _check_outputs(node, source, outputs)
    known = tuple(column for column in inputs if column is not None)
    if len(known) < len(inputs) or not outputs:
        return None
    _remark_outputs(node, source, hit_policy, aggregation, outputs)
    constants = Constants(source.taken)
    table = DecisionTable(hit_policy, aggregation, known, outputs, rules, constants)
    source.tables.append((node, table))
    return table


def _policy_is_known(
    node: Element, source: Source, hit_policy: str, aggregation: str | None
) -> bool:
    if hit_policy not in POLICIES:
        text = Text(f"未知的命中策略“{hit_policy}”。", f"The hit policy '{hit_policy}' is unknown.")
        source.refuse(node, "hit_policy", text, _POLICIES)
        return False
    if aggregation is not None and aggregation not in AGGREGATIONS:
        text = Text(
            f"未知的汇总方式“{aggregation}”。", f"The aggregation '{aggregation}' is unknown."
        )
        source.refuse(node, "aggregation", text)
        return False
    if aggregation is not None and hit_policy != "COLLECT":
        source.refuse(node, "aggregation", _NOT_COLLECT)
        return False
    return True


def _check_outputs(node: Element, source: Source, outputs: tuple[Output, ...]) -> None:
    if not outputs:
        source.refuse(node, "no_output", _NO_OUTPUT)
    names = [column.name for column in outputs]
    if len(outputs) > 1 and (not all(names) or len(set(names)) < len(names)):
        source.refuse(node, "output_name", _OUTPUT_NAMES)


def _remark_outputs(
    node: Element,
    source: Source,
    hit_policy: str,
    aggregation: str | None,
    outputs: tuple[Output, ...],
) -> None:
    if hit_policy in ("PRIORITY", "OUTPUT ORDER") and not any(one.values for one in outputs):
        text = Text(
            f"命中策略为 {hit_policy}，但没有任何输出列列出输出值，无法排出先后，按行的顺序。",
            f"The hit policy is {hit_policy}, but no output column lists its values: the order is "
            "that of the rows.",
        )
        source.warn(node, "no_output_values", text, _LIST_VALUES)
    if aggregation not in (None, "COUNT") and len(outputs) > 1:
        text = Text(
            f"有 {len(outputs)} 个输出列，汇总方式 {aggregation} 只能用于一个输出列，命中时总会失败。",
            f"{aggregation} takes one output column, but there are {len(outputs)}: a match always fails.",
        )
        source.warn(node, "aggregation", text)


def _input(node: Element, source: Source) -> Input | None:
    entry = child(node, "inputExpression")
    text = text_of(entry)
    if not text.strip():
        source.refuse(node, "no_input_expression", _NO_EXPRESSION)
        return None
    expression = source.expression(entry if entry is not None else node, text)
    if expression is None:
        return None
    assert entry is not None
    type_name = entry.get("typeRef") or ""
    wanted = source.type(type_name)
    return Input(
        node.get("id", ""),
        node.get("label") or text.strip(),
        expression,
        None if wanted is None else wanted.kind,
        (*source.allowed_of(type_name), *_listed(node, source)),
    )


def _listed(node: Element, source: Source) -> tuple[UnaryTests, ...]:
    values = child(node, "inputValues")
    text = text_of(values)
    compiled = source.unary_tests(values, text) if values is not None and text.strip() else None
    return () if compiled is None else (compiled,)


def _output(node: Element, source: Source) -> Output:
    values = child(node, "outputValues")
    text = text_of(values).strip()
    listed = source.expression(values, f"[{text}]") if values is not None and text else None
    default = child(node, "defaultOutputEntry")
    return Output(
        node.get("id", ""),
        node.get("name", ""),
        source.type(node.get("typeRef")),
        listed,
        _entry(default, source) if default is not None else None,
        node.get("label") or "",
    )


def _entry(node: Element, source: Source) -> Expression | None:
    text = text_of(node)
    return source.expression(node, text) if text.strip() else None


class _Rules:
    """The rows of one table."""

    def __init__(self, table: Element, source: Source, inputs: int, outputs: int) -> None:
        self._table = table
        self._source = source
        self._widths = (inputs, outputs)
        self._annotations = [one.get("name", "") for one in children(table, "annotation")]

    def read(self) -> list[Rule]:
        """Return the rows; one with a wrong number of cells is a finding."""
        return [self._rule(node) for node in children(self._table, "rule")]

    def _rule(self, node: Element) -> Rule:
        cells = list(children(node, "inputEntry"))
        entries = list(children(node, "outputEntry"))
        if (len(cells), len(entries)) != self._widths:
            inputs, outputs = self._widths
            text = Text(
                f"规则应有 {inputs} 个输入单元格和 {outputs} 个输出单元格，"
                f"实际有 {len(cells)} 个和 {len(entries)} 个。",
                f"Expected {inputs} input and {outputs} output cells in a rule, "
                f"but got {len(cells)} and {len(entries)}.",
            )
            self._source.refuse(node, "rule_width", text)
        tests = []
        for column, cell in enumerate(cells):
            compiled = self._source.unary_tests(cell, text_of(cell))
            if compiled is not None and compiled.text != "-":
                tests.append((column, compiled))
        return Rule(
            node.get("id", ""),
            tuple(tests),
            tuple(_entry(entry, self._source) for entry in entries),
            self._annotated(node),
            _description(node),
            line_of(node),
        )

    def _annotated(self, node: Element) -> tuple[tuple[str, str], ...]:
        texts = [text_of(one) for one in children(node, "annotationEntry")]
        names = self._annotations + [""] * (len(texts) - len(self._annotations))
        return tuple((name, text) for name, text in zip(names, texts, strict=False) if text)


def _description(node: Element) -> str:
    found = child(node, "description")
    return "" if found is None else (found.text or "").strip()
