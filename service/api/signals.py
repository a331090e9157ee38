"""Signals: broadcast one to all who wait for it."""

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.routes import BROADCASTS, answer, route
from service.reports.search.wire import TENANT
from service.usecases import signals as usecases

blueprint = Blueprint("api_signals", __name__)


@route(blueprint, "POST", "/signals/broadcast", BROADCASTS, command="BROADCAST")
def broadcast() -> Response:
    """Broadcast a signal: who waits now goes on, processes that it starts are started."""
    body = wire.body()
    body.check_tenant()
    key = usecases.broadcast(house(), person(), body.required_text("signalName"), body.variables())
    return answer({"tenantId": TENANT, "signalKey": str(key)})
