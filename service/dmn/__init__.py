"""DMN files: read, checked, and their decisions evaluated with FEEL.

definitions = parse(xml, "severity.dmn")
outcome = evaluate(definitions, "severity_grade", {"boxes": Decimal(120)}, surroundings)
outcome.value                 # the output
outcome.evaluated[-1].matched_rules
"""

from service.dmn.analysis import TableAnalysis
from service.dmn.checking import analyse, check
from service.dmn.evaluation import evaluate
from service.dmn.explaining import Explanation, explain, explanation_texts
from service.dmn.importing import Elsewhere, Import, parse_together
from service.dmn.model import DecisionInfo, Definitions
from service.dmn.outcome import (
    DecisionOutcome,
    EvaluatedDecision,
    EvaluatedInput,
    EvaluatedOutput,
    MatchedRule,
)
from service.dmn.reader import parse

__all__ = [
    "DecisionInfo",
    "DecisionOutcome",
    "Definitions",
    "Elsewhere",
    "EvaluatedDecision",
    "EvaluatedInput",
    "EvaluatedOutput",
    "Explanation",
    "Import",
    "MatchedRule",
    "TableAnalysis",
    "analyse",
    "check",
    "evaluate",
    "explain",
    "explanation_texts",
    "parse",
    "parse_together",
]
