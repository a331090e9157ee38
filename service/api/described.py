"""`/api/openapi.json`: what this API is, as an OpenAPI document."""

from flask import Blueprint, Response, current_app

from service.api.cluster import VERSION
from service.api.openapi.document import document
from service.api.routes import SIGNED_IN, answer, route

blueprint = Blueprint("api_described", __name__)


@route(blueprint, "GET", "/openapi.json", SIGNED_IN)
def described() -> Response:
    """Return the document of every path under `/v2` and `/api`."""
    return answer(document(current_app, VERSION))
