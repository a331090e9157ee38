"""FEEL, the expression language of DMN and of Camunda 8's diagrams: text to value and warnings.

    outcome = compile_expression("amount > 1000").evaluate({"amount": Decimal(1200)}, surroundings)
    outcome.value        # True
    outcome.diagnostics  # why parts of the value are null

Values are those of `service.feel.values`; `from_json` and `to_json` are the doors.
"""

from service.feel.ai_parameters import AiParameter, ai_parameters, misread_ai_arguments
from service.feel.errors import FeelSyntaxError
from service.feel.expression import (
    Expression,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
    names_of,
)
from service.feel.json_values import from_json, to_json
from service.feel.run import Diagnostic, Outcome, Surroundings
from service.feel.values import Function, is_local_date_time
from service.feel.wording import Text, verbatim

__all__ = [
    "AiParameter",
    "Diagnostic",
    "Expression",
    "FeelSyntaxError",
    "Function",
    "Outcome",
    "Surroundings",
    "Text",
    "UnaryTests",
    "ai_parameters",
    "compile_expression",
    "compile_unary_tests",
    "from_json",
    "is_local_date_time",
    "misread_ai_arguments",
    "names_of",
    "to_json",
    "verbatim",
]
