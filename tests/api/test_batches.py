"""The stock system asks before it ships: a frozen batch is refused (PF-X-1)."""

import json

from flask.testing import FlaskClient
from sqlalchemy import select

from service.persistence.tables import cases
from service.usecases import registers
from service.usecases.house import House
from tests.api.test_doors import basic, problem


def set_status(house: House, status: str) -> None:
    """Freeze or release batch B-1."""
    with house.database.unit(house.outside) as unit:
        registers.set_batch_status(
            unit, batch_no="B-1", status=status, reason="开胶", case_key=None, who="quinn"
        )
        unit.commit()


def test_a_batch_that_nobody_froze_is_normal(client: FlaskClient) -> None:
    """Whoever is signed in may look."""
    shown = client.get("/api/batches/B-1", headers=basic("quinn")).json
    assert shown == {
        "batchNo": "B-1",
        "status": "正常",
        "isFrozen": False,
        "reason": None,
        "changedBy": None,
        "changedAt": None,
        "caseNo": None,
    }


def test_a_frozen_batch_does_not_leave(client: FlaskClient, staffed: House) -> None:
    """PF-X-1: refused while frozen, allowed after; each word is in the history with its reference."""
    set_status(staffed, "冻结")
    body = {"data": json.dumps({"reference": "DN-7"}), "content_type": "application/json"}

    refused = problem(
        client.post("/api/batches/B-1/shipments", headers=basic("worker"), **body), 409
    )
    assert client.get("/api/batches/B-1", headers=basic("quinn")).json["isFrozen"] is True
    set_status(staffed, "正常")
    allowed = client.post("/api/batches/B-1/shipments", headers=basic("worker"), **body)

    assert "已冻结" in refused["message"]
    assert allowed.status_code == 204
    with staffed.database.reading() as connection:
        like = cases.events.c.kind.like("batch.shipment%")
        rows = connection.execute(select(cases.events).where(like).order_by(cases.events.c.key))
        assert [(row.kind, row.detail["reference"]) for row in rows] == [
            ("batch.shipment_refused", "DN-7"),
            ("batch.shipment_allowed", "DN-7"),
        ]


def test_only_who_operates_asks_for_a_shipment(client: FlaskClient) -> None:
    """A clerk cannot give himself the word."""
    problem(client.post("/api/batches/B-1/shipments", headers=basic("quinn")), 403)
    problem(client.post("/api/batches/B-1/shipments"), 401)
    problem(client.get("/api/batches/B-1"), 401)


def test_a_reference_of_a_page_is_refused(client: FlaskClient) -> None:
    """It would be cut somewhere else."""
    body = json.dumps({"reference": "x" * 201})
    problem(
        client.post(
            "/api/batches/B-1/shipments",
            headers=basic("worker"),
            data=body,
            content_type="application/json",
        ),
        400,
    )
