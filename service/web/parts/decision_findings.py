"""What is wrong with a decision table, for those who may change it: gaps, overlaps, idle rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from service.dmn.analysis.words import left_off_texts, problem_text, undecided_text
from service.dmn.checking import matters
from service.usecases.definitions import LoadedDecision
from service.web.request.session import language


@dataclass(frozen=True)
class FindingRow:
    """One problem.

    Attributes:
        url: The table with the rows marked, or None where no row is to blame.
        is_error: Whether evaluating an input like this fails.
    """

    text: str
    url: str | None
    is_error: bool


@dataclass(frozen=True)
class Findings:
    """What the analysis of a decision's tables says.

    Attributes:
        remarks: What was left off, and what could not be decided.
    """

    problems: Sequence[FindingRow]
    remarks: Sequence[str]


def findings_of(key: int, loaded: LoadedDecision) -> Findings | None:
    """Return what is wrong with the tables of a decision; None when it has none."""
    speech = language()
    problems: list[FindingRow] = []
    remarks: list[str] = []
    tables = [owned for owned in loaded.requirements.tables if owned.owner_id == loaded.decision_id]
    for owned in tables:
        analysis = owned.analysis
        problems += [
            FindingRow(
                problem_text(problem, analysis.hit_policy).in_language(speech),
                _marked(key, problem.rule_ids) if problem.rule_ids else None,
                problem.is_error,
            )
            for problem in analysis.problems
            if matters(problem, owned.table)
        ]
        texts = [*left_off_texts(analysis), *map(undecided_text, analysis.undecided)]
        remarks += [text.in_language(speech) for text in texts]
    return Findings(problems, remarks) if tables else None


def _marked(key: int, rule_ids: Sequence[str]) -> str:
    return url_for("web.processes.decision", key=key, matched=list(rule_ids))
