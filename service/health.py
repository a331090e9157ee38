"""Health: `/healthz` says that the server serves, `/readyz` that all it needs is there."""

from flask import Blueprint, Flask, Response, jsonify

from service.bootstrap import Parts
from service.usecases import heartbeats
from service.usecases.house import House


def _works(house: House) -> bool:
    with house.database.reading() as connection:
        return heartbeats.is_alive(house, connection, "worker")


def register(app: Flask, parts: Parts) -> None:
    """Add the two addresses; both are open to everybody and tell nothing but up or down."""
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def healthz() -> Response:
        """Answer 200 as soon as requests are served."""
        return jsonify(status="up")

    @health.get("/readyz")
    def readyz() -> tuple[Response, int]:
        """Answer 200 when database, broker and worker are there, else 503 naming what is down."""
        house = parts.house
        checks = {"database": house.database.is_alive(), "broker": parts.queue.is_alive()}
        checks["worker"] = checks["database"] and _works(house)
        is_ready = all(checks.values())
        states = {name: "up" if is_up else "down" for name, is_up in checks.items()}
        return jsonify(status="up" if is_ready else "down", **states), 200 if is_ready else 503

    app.register_blueprint(health)
