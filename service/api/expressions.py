"""FEEL expressions, evaluated for whoever writes diagrams."""

from typing import Any

from flask import Blueprint, Response

from service import feel
from service.api import wire
from service.api.context import house, person
from service.api.languages import language
from service.api.routes import EVALUATES, answer, route
from service.domain.cluster_variables import shadowed
from service.domain.errors import BadInputError
from service.reports.search import variables

blueprint = Blueprint("api_expressions", __name__)


@route(blueprint, "POST", "/expression/evaluation", EVALUATES, command="EVALUATE")
def evaluate() -> Response:
    """Evaluate an expression over the variables of the body.

    Raises:
        BadInputError: It does not begin with `=`, or is no FEEL.
    """
    body = wire.body()
    body.check_tenant()
    text = body.required_text("expression")
    if not text.startswith("="):
        raise BadInputError("Expected 'expression' to begin with '='.", field="expression")
    scope_key = body.key("scopeKey")
    with house().database.reading() as connection:
        snapshot = house().snapshot(connection)
        seen = {} if scope_key is None else variables.seen_from(connection, person(), scope_key)
    given: dict[str, Any] = {**seen, **body.mapping("variables")}
    given["camunda"] = shadowed(snapshot.platform, given.get("camunda", {}))
    surroundings = feel.Surroundings(
        house().outside.clock.now(), snapshot.calendar.zone, snapshot.functions
    )
    outcome = feel.compile_expression(text[1:], given).evaluate(feel.from_json(given), surroundings)
    return answer(
        {
            "expression": text,
            "result": feel.to_json(outcome.value),
            "warnings": [_warning(one) for one in outcome.diagnostics],
            "referencedSecrets": [],
        }
    )


def _warning(note: feel.Diagnostic) -> dict[str, str]:
    place = feel.Text(
        f"第 {note.line} 行第 {note.column} 列：", f"Line {note.line}, column {note.column}: "
    )
    asked = language()
    return {"message": place.in_language(asked) + note.sentence.in_language(asked)}
