"""Conditional start events: evaluate them."""

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.routes import BROADCASTS, answer, route
from service.reports.search.wire import TENANT
from service.usecases import conditionals as usecases

blueprint = Blueprint("api_conditionals", __name__)


@route(blueprint, "POST", "/conditionals/evaluation", BROADCASTS, command="EVALUATE")
def evaluate() -> Response:
    """Start an instance for each conditional start event that is true of the variables."""
    body = wire.body()
    body.check_tenant()
    variables = body.some_variables()
    evaluated = usecases.evaluate(house(), person(), variables, body.key("processDefinitionKey"))
    return answer(
        {
            "conditionalEvaluationKey": str(evaluated.key),
            "tenantId": TENANT,
            "processInstances": [
                {"processDefinitionKey": str(process), "processInstanceKey": str(instance)}
                for process, instance in evaluated.started
            ],
        }
    )
