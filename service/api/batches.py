"""Batches for the stock system, beyond Camunda's API: is one frozen, may it be shipped (PF-X-1)."""

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.routes import OPERATES, SIGNED_IN, answer, done, route
from service.usecases import batches as usecases

blueprint = Blueprint("api_batches", __name__)


@route(blueprint, "GET", "/batches/<batch_no>", SIGNED_IN)
def get(batch_no: str) -> Response:
    """Answer what a batch is now."""
    with house().database.reading() as connection:
        found = usecases.status(connection, batch_no)
    return answer(
        {
            "batchNo": found.batch_no,
            "status": found.status,
            "isFrozen": found.status == usecases.FROZEN,
            "reason": found.reason,
            "changedBy": found.changed_by,
            "changedAt": found.changed_at.isoformat() if found.changed_at else None,
            "caseNo": found.case_no,
        }
    )


@route(blueprint, "POST", "/batches/<batch_no>/shipments", OPERATES, command="SHIP")
def ship(batch_no: str) -> Response:
    """Give the word for a shipment: 204, or 409 while the batch is frozen."""
    reference = wire.body().optional_text("reference")
    usecases.ask_shipment(house(), person(), batch_no, reference)
    return done()
