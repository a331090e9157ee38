"""How large a FEEL text and its evaluation may grow before they are refused.

Source: none, our own; a diagram must never be able to stop a worker.
"""

from collections.abc import Callable

Spend = Callable[[int], None]
"""Tells an evaluation of work, in its steps; it raises `LimitExceeded` when it has none left."""

EXPRESSION_CHARACTERS = 10_000
NESTING = 120
TREE_DEPTH = 200
STEPS = 100_000
"""A step is about a microsecond's work; so what never ends is given up within a tenth of a second."""
CALL_DEPTH = 48
STRING_CHARACTERS = 1_000_000
LIST_ITEMS = 500_000
VALUE_DEPTH = 150
DIAGNOSTICS = 50
