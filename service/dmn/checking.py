"""Problems of a DMN file short of refusing it.

Source: none, our own; a full analysis of gaps and overlaps is another page.
"""

from collections.abc import Iterator

from service.dmn.model import Decision, Definitions
from service.dmn.tables import DecisionTable, Rule
from service.domain.errors import Finding


def check(definitions: Definitions) -> tuple[Finding, ...]:
    """Return warnings about a file that can be executed all the same."""
    findings = list(definitions.findings)
    for node in definitions.nodes.values():
        if not isinstance(node, Decision):
            continue
        if isinstance(node.logic, DecisionTable):
            for rule, message, line in _table_problems(node.logic):
                findings.append(_warning(definitions, node, rule, message, line or node.line))
        elif node.logic is None:
            message = f"决策“{node.name}”没有决策逻辑，结果总是 null。"
            findings.append(_warning(definitions, node, "no_decision_logic", message, node.line))
    return tuple(findings)


def _warning(
    definitions: Definitions, node: Decision, rule: str, message: str, line: int | None
) -> Finding:
    return Finding(
        "warning", rule, message, resource=definitions.resource, element_id=node.id, line=line
    )


def _table_problems(table: DecisionTable) -> Iterator[tuple[str, str, int | None]]:
    if not table.rules:
        yield "empty_table", "决策表没有规则。", None
    yield from _unreachable(table)
    if table.hit_policy == "FIRST" and table.rules and not _is_complete(table):
        yield (
            "no_catch_all",
            "命中策略为 FIRST 的表没有兜底规则（所有输入均为“-”），可能没有结果。",
            table.rules[-1].line,
        )
    if len(table.outputs) == 1 and not table.outputs[0].name:
        yield "no_output_name", "输出列没有名称。", None


def _is_complete(table: DecisionTable) -> bool:
    has_default = any(column.default is not None for column in table.outputs)
    return has_default or any(not rule.tests for rule in table.rules)


def _unreachable(table: DecisionTable) -> Iterator[tuple[str, str, int | None]]:
    seen: dict[tuple[tuple[int, str], ...], int] = {}
    closed_by: int | None = None
    for position, rule in enumerate(table.rules, 1):
        shape = _shape(rule)
        if table.hit_policy == "FIRST" and closed_by is not None:
            message = f"第 {position} 行不会命中：第 {closed_by} 行已经接受一切输入。"
            yield "unreachable_rule", message, rule.line
        elif shape in seen and table.hit_policy in ("FIRST", "UNIQUE", "ANY"):
            message = f"第 {position} 行与第 {seen[shape]} 行的条件相同。"
            yield "duplicate_rule", message, rule.line
        seen.setdefault(shape, position)
        if not rule.tests and closed_by is None:
            closed_by = position


def _shape(rule: Rule) -> tuple[tuple[int, str], ...]:
    return tuple((column, " ".join(tests.text.split())) for column, tests in rule.tests)
