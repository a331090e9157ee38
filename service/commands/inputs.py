"""What the commands of FEEL and DMN are given: JSON values, and the world of an evaluation."""

import json
from decimal import Decimal
from typing import Any

import click

from service import feel
from service.bootstrap import SystemClock
from service.domain.errors import BadInputError
from service.feel.wording import Text
from service.sla import WorkingCalendar, calendar_functions

REFUSED = 2
"""Exit code when what was given cannot be understood."""


def surroundings() -> feel.Surroundings:
    """Return the present, the office's zone and its working-time functions, without parameters of a house."""
    calendar = WorkingCalendar.of()
    functions = {
        name: feel.Function(parameters, call)
        for name, (parameters, call) in calendar_functions(calendar).items()
    }
    return feel.Surroundings(SystemClock().now(), calendar.zone, functions)


def variables(text: str, language: str) -> dict[str, Any]:
    """Return the FEEL values of a JSON object; ends the command when it is none."""
    given = value(text, language, "--input")
    if not isinstance(given, dict):
        raise refused(Text("--input 应为 JSON 对象", "--input should be a JSON object"), language)
    return given


def value(text: str, language: str, option: str) -> Any:
    """Return the FEEL value of a JSON text; ends the command when it is none."""
    try:
        return feel.from_json(json.loads(text, parse_float=Decimal))
    except (ValueError, BadInputError, RecursionError) as error:
        sentence = Text(f"{option} 不是有效的 JSON", f"{option} is no valid JSON")
        raise refused(sentence, language) from error


def refused(text: Text, language: str) -> SystemExit:
    """Say why the command ends, and return what ends it."""
    click.echo(text.in_language(language), err=True)
    return SystemExit(REFUSED)
