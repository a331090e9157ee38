"""What the house is, as a cluster of one broker: topology, status, license; and who is signed in."""

from typing import Any

from flask import Blueprint, Response, request

from service.api.context import house, person
from service.api.routes import ANYBODY, SIGNED_IN, answer, done, route
from service.domain.errors import OverloadedError
from service.reports.search.wire import TENANT

blueprint = Blueprint("api_cluster", __name__)

VERSION = "8.9.0"
"""The version of the API that is spoken here; clients and the Modeler ask for it."""

_HTTP_PORT = 80


@route(blueprint, "GET", "/topology", SIGNED_IN)
def topology() -> Response:
    """Return one broker that leads one partition, at the address the request came to."""
    broker = {"nodeId": 0, **broker_facts(), "partitions": [partition()]}
    return answer(
        {
            "brokers": [broker],
            "clusterId": None,
            "clusterSize": 1,
            "partitionsCount": 1,
            "replicationFactor": 1,
            "gatewayVersion": VERSION,
            "lastCompletedChangeId": "-1",
        }
    )


def broker_facts() -> dict[str, Any]:
    """Return the only broker, at the address the request came to."""
    host, _, port = request.host.rpartition(":")
    if not port.isdigit():
        host, port = request.host, str(_HTTP_PORT)
    return {
        "brokerId": "0",
        "host": host.strip("[]"),
        "port": int(port),
        "version": VERSION,
    }


def partition() -> dict[str, Any]:
    """Return the only partition; it is led by the only broker."""
    return {"partitionId": 1, "role": "leader", "health": "healthy", "state": "active"}


@route(blueprint, "GET", "/status", ANYBODY)
def status() -> Response:
    """Return 204 when the database answers.

    Raises:
        OverloadedError: It does not.
    """
    if not house().database.is_alive():
        raise OverloadedError("Expected the database to answer, but it does not.")
    return done()


@route(blueprint, "GET", "/license", ANYBODY)
def license_() -> Response:
    """Return that no license of Camunda is in force, and none is needed."""
    return answer(
        {
            "validLicense": False,
            "licenseType": "unknown",
            "isCommercial": False,
            "expiresAt": None,
        }
    )


@route(blueprint, "GET", "/authentication/me", SIGNED_IN)
def me() -> Response:
    """Return who is signed in."""
    known = person()
    return answer(
        {
            "username": known.username,
            "displayName": known.name,
            "email": known.email,
            "authorizedComponents": ["*"],
            "tenants": [{"tenantId": TENANT, "name": "Default", "description": None}],
            "groups": sorted(known.groups),
            "roles": sorted(known.roles | known.other_roles),
            "salesPlanType": None,
            "c8Links": {},
            "canLogout": True,
        }
    )
