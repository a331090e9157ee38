"""Decision definitions and requirements: search, one, the DMN file, evaluate."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.languages import language
from service.api.possible_ids import refusing_impossible
from service.api.process_definitions import XML
from service.api.reading import found, search_answer
from service.api.routes import DECIDES, SIGNED_IN, answer, route
from service.domain.errors import BadInputError
from service.reports.search import contents
from service.reports.search.decision_definitions import NOUN, REQUIREMENTS_NOUN
from service.reports.search.decision_instances import evaluation_rows
from service.reports.search.wire import TENANT, json_text
from service.usecases import decisions as usecases

blueprint = Blueprint("api_decisions", __name__)


@route(blueprint, "POST", "/decision-definitions/search", SIGNED_IN)
def search() -> Response:
    """Return the decision definitions that the body asks for."""
    return search_answer(NOUN)


@route(blueprint, "GET", "/decision-definitions/<decision_key>", SIGNED_IN)
def one(decision_key: int) -> Response:
    """Return a decision definition."""
    return found(NOUN, decision_key)


@route(blueprint, "GET", "/decision-definitions/<decision_key>/xml", SIGNED_IN)
def xml(decision_key: int) -> Response:
    """Return the DMN file the decision stands in, as it was deployed."""
    with house().database.reading() as connection:
        file = contents.decision_file(connection, decision_key)
    return Response(file.content, content_type=XML)


@route(blueprint, "POST", "/decision-requirements/search", SIGNED_IN)
def search_requirements() -> Response:
    """Return the decision requirements that the body asks for."""
    return search_answer(REQUIREMENTS_NOUN)


@route(blueprint, "GET", "/decision-requirements/<requirements_key>", SIGNED_IN)
def one_requirements(requirements_key: int) -> Response:
    """Return decision requirements."""
    return found(REQUIREMENTS_NOUN, requirements_key)


@route(blueprint, "GET", "/decision-requirements/<requirements_key>/xml", SIGNED_IN)
def requirements_xml(requirements_key: int) -> Response:
    """Return the DMN file as it was deployed."""
    with house().database.reading() as connection:
        file = contents.requirements_file(connection, requirements_key)
    return Response(file.content, content_type=XML)


@route(blueprint, "POST", "/decision-definitions/evaluation", DECIDES, command="EVALUATE")
def evaluate() -> Response:
    """Evaluate a decision and keep how it came out."""
    body = wire.body()
    body.check_tenant()
    key = body.key("decisionDefinitionKey")
    decision_id = body.optional_text("decisionDefinitionId")
    if (key is None) == (not decision_id):
        raise BadInputError(
            "Expected exactly one of 'decisionDefinitionKey' and 'decisionDefinitionId'.",
            field="decisionDefinitionKey",
        )
    ids = {"decisionDefinitionId": decision_id} if decision_id else {}
    with refusing_impossible(ids):
        evaluation = usecases.evaluate(
            house(), person(), key, decision_id, body.mapping("variables")
        )
    with house().database.reading() as connection:
        evaluated = evaluation_rows(connection, evaluation.key)
    return answer(_show(evaluation, evaluated))


def _show(
    evaluation: usecases.DecisionEvaluation, evaluated: list[dict[str, Any]]
) -> Mapping[str, Any]:
    return {
        "decisionDefinitionId": evaluation.decision_id,
        "decisionDefinitionKey": str(evaluation.decision_key),
        "decisionDefinitionName": evaluation.name or evaluation.decision_id,
        "decisionDefinitionVersion": evaluation.version,
        "decisionEvaluationKey": str(evaluation.key),
        "decisionInstanceKey": str(evaluation.key),
        "decisionRequirementsId": evaluation.requirements_id,
        "decisionRequirementsKey": str(evaluation.requirements_key),
        "evaluatedDecisions": evaluated,
        "failedDecisionDefinitionId": evaluation.failed_decision_id,
        "failureMessage": evaluation.failure and evaluation.failure.in_language(language()),
        "output": json_text(evaluation.output),
        "tenantId": TENANT,
    }
