"""Exact analysis of decision tables: gaps, overlaps, rows that never count, duplicates.

Each finding comes with inputs that show it. What could not be decided is told, never guessed.
"""

from service.dmn.analysis.findings import (
    Counterexample,
    Part,
    Problem,
    Span,
    TableAnalysis,
    Undecided,
)
from service.dmn.analysis.tables import analyse_table

__all__ = [
    "Counterexample",
    "Part",
    "Problem",
    "Span",
    "TableAnalysis",
    "Undecided",
    "analyse_table",
]
