"""Problems of a DMN file short of refusing it.

Everything is a warning: the file can be executed, and Camunda takes it too. What breaks a hit policy
breaks it only for inputs that meet two rows, and those may never come.
"""

from collections import Counter
from collections.abc import Iterator

from service.dmn.analysis import Problem, TableAnalysis
from service.dmn.analysis.words import problem_text
from service.dmn.model import Decision, Definitions, OwnedTable
from service.dmn.tables import DecisionTable
from service.domain.errors import Finding
from service.feel.findings import finding_of
from service.feel.wording import Text

_NO_RULES = Text("决策表没有规则。", "The table has no rules.")
_NO_NAME = Text("输出列没有名称。", "The output column has no name.")
MOST = 5
"""How many problems of a kind are told of a table."""

_RULES = {
    "gap": "missing_rule",
    "overlap": "overlapping_rules",
    "conflict": "conflicting_rules",
    "duplicate": "duplicate_rule",
    "unmeetable": "unmeetable_rule",
    "unreachable": "unreachable_rule",
}


def check(definitions: Definitions) -> tuple[Finding, ...]:
    """Return warnings about a file that can be executed all the same."""
    findings = list(definitions.findings)
    for owned in definitions.tables:
        findings += _table_findings(definitions, owned)
    for node in definitions.nodes.values():
        if isinstance(node, Decision) and node.logic is None:
            text = Text(
                f"决策“{node.name}”没有决策逻辑，结果总是 null。",
                f"Decision '{node.name}' has no logic: its result is always null.",
            )
            findings.append(_warning(definitions, "no_decision_logic", text, node.id, node.line))
    return tuple(findings)


def analyse(definitions: Definitions, decision_id: str | None = None) -> tuple[TableAnalysis, ...]:
    """Return what is wrong with the tables of a file, or of one of its decisions, in their order."""
    return tuple(
        owned.analysis for owned in definitions.tables if decision_id in (None, owned.owner_id)
    )


def matters(problem: Problem, table: DecisionTable) -> bool:
    """Tell whether a problem is worth a warning.

    A gap is none where the table has a default output, or where all rows that match count: there it is
    usual that none does.
    """
    if problem.kind != "gap":
        return True
    has_default = any(column.default is not None for column in table.outputs)
    return not (has_default or table.gives_list)


def _table_findings(definitions: Definitions, owned: OwnedTable) -> Iterator[Finding]:
    table, owner = owned.table, owned.owner_id
    if not table.rules:
        yield _warning(definitions, "empty_table", _NO_RULES, owner, owned.line)
        return
    if len(table.outputs) == 1 and not table.outputs[0].name:
        yield _warning(definitions, "no_output_name", _NO_NAME, owner, owned.line)
    analysis = owned.analysis
    told: Counter[str] = Counter()
    for problem in analysis.problems:
        if matters(problem, table) and told[problem.kind] < MOST:
            told[problem.kind] += 1
            line = table.rules[problem.rows[0] - 1].line if problem.rows else owned.line
            text = problem_text(problem, analysis.hit_policy)
            whole = Text(f"{text}。", text.english)
            yield _warning(definitions, _RULES[problem.kind], whole, owner, line)


def _warning(
    definitions: Definitions, rule: str, text: Text, element_id: str, line: int | None
) -> Finding:
    return finding_of(
        "warning", rule, text, resource=definitions.resource, element_id=element_id, line=line
    )
