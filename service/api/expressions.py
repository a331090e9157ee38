"""FEEL expressions, evaluated for whoever writes diagrams."""

from collections.abc import Sequence
from re import compile as compile_pattern
from typing import Any

from flask import Blueprint, Response

from service import feel
from service.api import wire
from service.api.context import house, person
from service.api.languages import language
from service.api.routes import EVALUATES, answer, route
from service.domain.cluster_variables import platform_in, shadowed
from service.reports.search import variables

blueprint = Blueprint("api_expressions", __name__)

_LITERAL = compile_pattern(r"-?[0-9]+(\.[0-9]+)?|true|false|null")


@route(blueprint, "POST", "/expression/evaluation", EVALUATES, command="EVALUATE")
def evaluate() -> Response:
    """Evaluate an expression over the variables of the body.

    Without `=` in front it stands for itself: a number, `true`, `false`, `null`, or else a string.

    Raises:
        BadInputError: It begins with `=` and is no FEEL.

    Source: Camunda 8, `ExpressionEvaluationIT`.
    """
    body = wire.body()
    body.check_tenant()
    text = body.required_text("expression")
    scope_key = body.key("scopeKey")
    with house().database.reading() as connection:
        snapshot = house().snapshot(connection)
        platform = snapshot.platform
        given: dict[str, Any] = {}
        if scope_key is not None:
            seen = variables.seen_from(connection, person(), scope_key)
            platform = platform_in(platform, seen.instance_key, seen.business_id)
            given.update(seen.values)
    given.update(body.mapping("variables"))
    given["camunda"] = shadowed(platform, given.get("camunda", {}))
    surroundings = feel.Surroundings(
        house().outside.clock.now(), snapshot.calendar.zone, snapshot.functions
    )
    if not (text.startswith("=") or _LITERAL.fullmatch(text)):
        return _evaluated(text, text, ())
    outcome = feel.compile_expression(text.removeprefix("="), given).evaluate(
        feel.from_json(given), surroundings
    )
    return _evaluated(text, feel.to_json(outcome.value), outcome.diagnostics)


def _evaluated(text: str, result: Any, notes: Sequence[feel.Diagnostic]) -> Response:
    return answer(
        {
            "expression": text,
            "result": result,
            "warnings": [_warning(one) for one in notes],
            "referencedSecrets": [],
        }
    )


def _warning(note: feel.Diagnostic) -> dict[str, str]:
    place = feel.Text(
        f"第 {note.line} 行第 {note.column} 列：", f"Line {note.line}, column {note.column}: "
    )
    asked = language()
    return {"message": place.in_language(asked) + note.sentence.in_language(asked)}
