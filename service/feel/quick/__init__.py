"""The short way of an evaluation: closures for the usual case, where nothing is wrong.

Conditions and cells mostly compare numbers and texts that are there. For such trees these closures give
the value without keeping an account of steps and mistakes. Whatever is unusual — a variable that is
missing, types that differ, a number out of reach — raises, and the expression is evaluated from the
start by the closures of `compiling`, which say what is wrong. So both ways must give the same value
wherever the short one gives any: `tests/feel/test_feel_quick.py` holds it on random trees.

Only what ends soon by itself has a short way: no loops inside loops, no functions of the model's own,
no lists of lists.
"""

from service.feel.quick import calls, expressions, loops
from service.feel.quick.cells import QuickTests, quick_tests
from service.feel.quick.compiler import RETRIED, Quick, QuickCompiler, quick_expression

__all__ = [
    "RETRIED",
    "Quick",
    "QuickCompiler",
    "QuickTests",
    "calls",
    "expressions",
    "loops",
    "quick_expression",
    "quick_tests",
]
