"""`huiyin feel`: evaluate an expression, or the cell of a decision table, and say what was noticed."""

import json
import sys

import click

from service import feel
from service.commands.inputs import refused, surroundings, value, variables
from service.commands.languages import language_option

NOTICED = 1
"""Exit code when the value stands, but something in the expression was null for a mistake."""


@click.command("feel")
@click.argument("expression")
@click.option("--input", "given", default="{}", metavar="JSON", help="变量，JSON 对象。")
@click.option(
    "--value", "subject", metavar="JSON", help="把 EXPRESSION 当作决策表单元格，检验这个值。"
)
@language_option
def feel_command(expression: str, given: str, subject: str | None, language: str) -> None:
    """Evaluate EXPRESSION and print its value as JSON; what was noticed goes to stderr.

    Exit code: 0 when nothing was noticed, 1 with diagnostics, 2 when it is no FEEL.
    """
    context, world = variables(given, language), surroundings()
    try:
        if subject is None:
            outcome = feel.compile_expression(expression, context).evaluate(context, world)
        else:
            asked = value(subject, language, "--value")
            outcome = feel.compile_unary_tests(expression, context).evaluate(asked, context, world)
    except feel.FeelSyntaxError as error:
        raise refused(error.sentence, language) from error
    click.echo(json.dumps(feel.to_json(outcome.value), ensure_ascii=False))
    for note in outcome.diagnostics:
        where = f"{note.line}:{note.column}"
        click.echo(f"{where} [{note.kind}] {note.sentence.in_language(language)}", err=True)
    sys.exit(NOTICED if outcome.diagnostics else 0)
