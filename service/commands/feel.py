"""`huiyin feel`: evaluate an expression, or the cell of a decision table, and say what was noticed."""

import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import click

from service import feel
from service.bootstrap import SystemClock
from service.domain.errors import BadInputError
from service.domain.languages import ENGLISH, SIMPLIFIED
from service.sla import WorkingCalendar, calendar_functions

NOTICED = 1
"""Exit code when the value stands, but something in the expression was null for a mistake."""
REFUSED = 2
"""Exit code when the text is no FEEL or the input no JSON."""
_LANGUAGES = {"zh": SIMPLIFIED, "en": ENGLISH}


@click.command("feel")
@click.argument("expression")
@click.option("--input", "given", default="{}", metavar="JSON", help="变量，JSON 对象。")
@click.option("--value", metavar="JSON", help="把 EXPRESSION 当作决策表单元格，检验这个值。")
@click.option(
    "--language", type=click.Choice(sorted(_LANGUAGES)), default="zh", help="提示的语言。"
)
def feel_command(expression: str, given: str, value: str | None, language: str) -> None:
    """Evaluate EXPRESSION and print its value as JSON; what was noticed goes to stderr.

    Exit code: 0 when nothing was noticed, 1 with diagnostics, 2 when it is no FEEL.
    """
    speech = _LANGUAGES[language]
    try:
        outcome = _outcome(expression, _variables(given), value)
    except feel.FeelSyntaxError as error:
        _refuse(error.sentence.in_language(speech))
    except (BadInputError, ValueError) as error:
        _refuse(getattr(error, "detail", str(error)))
    click.echo(json.dumps(feel.to_json(outcome.value), ensure_ascii=False))
    for note in outcome.diagnostics:
        where = f"{note.line}:{note.column}"
        click.echo(f"{where} [{note.kind}] {note.sentence.in_language(speech)}", err=True)
    sys.exit(NOTICED if outcome.diagnostics else 0)


def _outcome(text: str, variables: Mapping[str, Any], value: str | None) -> feel.Outcome:
    calendar = WorkingCalendar.of()
    functions = {
        name: feel.Function(parameters, call)
        for name, (parameters, call) in calendar_functions(calendar).items()
    }
    surroundings = feel.Surroundings(SystemClock().now(), calendar.zone, functions)
    context = feel.from_json(variables)
    if value is None:
        return feel.compile_expression(text, variables).evaluate(context, surroundings)
    tests = feel.compile_unary_tests(text, variables)
    return tests.evaluate(feel.from_json(_read(value)), context, surroundings)


def _variables(text: str) -> Mapping[str, Any]:
    given = _read(text)
    if not isinstance(given, dict):
        raise BadInputError("--input 应为 JSON 对象")
    return given


def _read(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def _refuse(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(REFUSED)
