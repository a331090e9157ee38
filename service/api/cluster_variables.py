"""Cluster variables: our parameters, those that programs make beside them, and those of the tenant."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from service.api import wire
from service.api.context import house, person
from service.api.reading import found, require_visible, search_answer
from service.api.routes import SIGNED_IN, answer, done, route
from service.api.violations import require_all
from service.domain.errors import BadInputError, NotSupportedError
from service.reports.search.cluster_variables import NOUN, ONE, ONE_OF_TENANT, WHOLE_NOUN, shown
from service.reports.search.nothing import TENANTS
from service.usecases import parameters, tenant_variables

blueprint = Blueprint("api_cluster_variables", __name__)

_IDS = {"name": "name"}
_TENANT_ID = {"tenant_id": "tenantId"}
_IDS_OF_TENANT = {**_TENANT_ID, **_IDS}
_ONE = "/cluster-variables/global/<name>"
_ONE_OF_TENANT = "/cluster-variables/tenants/<tenant_id>/<name>"


@route(blueprint, "POST", "/cluster-variables/search", SIGNED_IN)
def search() -> Response:
    """Return the variables that the body asks for and the person may see; long values are cut."""
    return search_answer(WHOLE_NOUN if request.args.get("truncateValues") == "false" else NOUN)


@route(blueprint, "POST", "/cluster-variables/global", SIGNED_IN, command="CREATE")
def create() -> Response:
    """Make a variable that every expression may read."""
    require_all(_new_name, _value)
    name = _new_name()
    made = parameters.make(house(), person(), name, _value(), _metadata() or {})
    return answer(shown(made, None))


@route(blueprint, "GET", _ONE, SIGNED_IN, ids=_IDS)
def one(name: str) -> Response:
    """Return a variable."""
    return found(ONE, name)


@route(blueprint, "PUT", _ONE, SIGNED_IN, command="UPDATE", ids=_IDS)
def update(name: str) -> Response:
    """Give a variable another value; a shipped one keeps its kind of value."""
    changed = parameters.change(house(), person(), name, _value(), _metadata())
    return answer(shown(changed, None))


@route(blueprint, "DELETE", _ONE, SIGNED_IN, command="DELETE", ids=_IDS)
def delete(name: str) -> Response:
    """Delete a variable that no procedure ships."""
    parameters.remove(house(), person(), name)
    return done()


@route(
    blueprint,
    "POST",
    "/cluster-variables/tenants/<tenant_id>",
    SIGNED_IN,
    command="CREATE",
    ids=_TENANT_ID,
)
def create_of_tenant(tenant_id: str) -> Response:
    """Make a variable of the tenant."""
    require_all(_new_name, _value)
    require_visible(TENANTS, tenant_id)
    name = _new_name()
    made = tenant_variables.make(house(), person(), name, _value(), _metadata() or {})
    return answer(shown(made, tenant_id))


@route(blueprint, "GET", _ONE_OF_TENANT, SIGNED_IN, ids=_IDS_OF_TENANT)
def one_of_tenant(tenant_id: str, name: str) -> Response:
    """Return a variable of the tenant."""
    require_visible(TENANTS, tenant_id)
    return found(ONE_OF_TENANT, name)


@route(blueprint, "PUT", _ONE_OF_TENANT, SIGNED_IN, command="UPDATE", ids=_IDS_OF_TENANT)
def update_of_tenant(tenant_id: str, name: str) -> Response:
    """Give a variable of the tenant another value."""
    value = _value()
    require_visible(TENANTS, tenant_id)
    changed = tenant_variables.change(house(), person(), name, value, _metadata())
    return answer(shown(changed, tenant_id))


@route(blueprint, "DELETE", _ONE_OF_TENANT, SIGNED_IN, command="DELETE", ids=_IDS_OF_TENANT)
def delete_of_tenant(tenant_id: str, name: str) -> Response:
    """Delete a variable of the tenant."""
    require_visible(TENANTS, tenant_id)
    tenant_variables.remove(house(), person(), name)
    return done()


def _new_name() -> str:
    body = wire.body()
    if body.text("kind", "JSON") != "JSON":
        raise NotSupportedError("Expected 'kind' JSON: there is no store of secrets.", field="kind")
    return body.required_text("name")


def _metadata() -> Mapping[str, Any] | None:
    body = wire.body()
    return body.mapping("metadata") if body.has("metadata") else None


def _value() -> Any:
    value = wire.json_object().get("value")
    if value is None:
        raise BadInputError("Expected 'value' to be JSON, but it is missing.", field="value")
    return value
