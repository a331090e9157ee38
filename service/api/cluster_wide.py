"""What the API says of a whole cluster, at `/cluster/v2`: there is one tenant on one broker."""

from flask import Blueprint, Response

from service.api.cluster import broker_facts, partition
from service.api.context import house
from service.api.routes import ANYBODY, OPERATES, answer, route
from service.reports.search.wire import TENANT

blueprint = Blueprint("api_cluster_wide", __name__)

DOWN = 503


@route(blueprint, "GET", "/status", ANYBODY)
def status() -> Response:
    """Return whether the only tenant can work: 503 when the database does not answer."""
    if not house().database.is_alive():
        return answer({"status": "DOWN"}, status=DOWN)
    return answer({"status": "HEALTHY"})


@route(blueprint, "GET", "/topology", OPERATES)
def topology() -> Response:
    """Return one broker that leads the one partition of the one tenant."""
    broker = broker_facts()
    return answer(
        {
            "brokers": [broker],
            "clusterId": None,
            "clusterSize": 1,
            "gatewayVersion": broker["version"],
            "physicalTenants": [
                {
                    "physicalTenantId": TENANT,
                    "partitionsCount": 1,
                    "replicationFactor": 1,
                    "lastCompletedChangeId": "-1",
                    "brokers": [{"brokerId": broker["brokerId"], "partitions": [partition()]}],
                }
            ],
        }
    )
