"""Columns of decision tables cut into classes of values that no cell of the column tells apart.

One place for two uses: `tables` finds the rows that match by looking up the class of each input, and
`analysis` reasons over classes in place of values. What a cell says of a class is asked of the
compiled cell itself, with one value of the class, so both say what an evaluation would say.
"""

from service.dmn.regions.axis import Axis, Cut, cut_column, rows_by_class, runs
from service.dmn.regions.constants import Constants, values_compared
from service.dmn.regions.domains import DOMAINS, Domain

__all__ = [
    "DOMAINS",
    "Axis",
    "Constants",
    "Cut",
    "Domain",
    "cut_column",
    "rows_by_class",
    "runs",
    "values_compared",
]
