"""The system: how it is set, and how much it is used."""

from flask import Blueprint, Response, request

from service.api.context import house
from service.api.routes import READS_USAGE, SIGNED_IN, answer, route
from service.domain.errors import BadInputError
from service.reports.search.kinds import MOMENT
from service.reports.search.usage import usage
from service.reports.search.wire import TENANT

blueprint = Blueprint("api_system", __name__)

NO_LIMIT = (1 << 31) - 1
"""Statistics are counted from the rows themselves: names may be as long and as many as they are."""


@route(blueprint, "GET", "/system/configuration", SIGNED_IN)
def configuration() -> Response:
    """Return what a client may want to know of how the house is set."""
    return answer(
        {
            "jobMetrics": {
                "enabled": True,
                "exportInterval": "PT0S",
                "maxWorkerNameLength": NO_LIMIT,
                "maxJobTypeLength": NO_LIMIT,
                "maxTenantIdLength": len(TENANT),
                "maxUniqueKeys": NO_LIMIT,
            },
            "components": {"active": ["admin", "operate", "tasklist"]},
            "deployment": {
                "isMultiTenancyEnabled": False,
                "isTenantsApiEnabled": False,
                "maxRequestSize": house().rules.deployment_bytes,
            },
            "authentication": {
                "canLogout": True,
                "isLoginDelegated": False,
                "isCamundaGroupsEnabled": True,
            },
            "cloud": {"stage": None},
        }
    )


@route(blueprint, "GET", "/system/usage-metrics", READS_USAGE)
def usage_metrics() -> Response:
    """Return how many instances began, decisions were evaluated and people had tasks in a time."""
    start, end = (MOMENT.value(request.args.get(name), name) for name in ("startTime", "endTime"))
    if end < start:
        raise BadInputError("Expected 'endTime' not to lie before 'startTime'.", field="endTime")
    with house().database.reading() as connection:
        counts = usage(connection, start, end)
    if request.args.get("tenantId", TENANT) != TENANT:
        return answer({**dict.fromkeys(counts, 0), "activeTenants": 0, "tenants": {}})
    tenants = {TENANT: counts} if request.args.get("withTenants") == "true" else {}
    return answer({**counts, "activeTenants": 1, "tenants": tenants})
