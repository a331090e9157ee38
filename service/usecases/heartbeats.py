"""Signs of life of the machines, as rows: `/readyz` and the operator read them."""

from datetime import timedelta

from sqlalchemy import Connection, delete, select

from service.persistence.tables import house as tables
from service.persistence.upserts import upsert
from service.usecases.house import House

ALIVE_FOR = timedelta(seconds=20)
"""A worker that looked through the database within this time is alive; it looks each second."""


def beat(house: House, name: str) -> None:
    """Write that the part `name` is alive now."""
    with house.database.unit(house.outside) as unit:
        statement = upsert(unit.connection, tables.heartbeats, ["name"], ["at"])
        unit.connection.execute(statement, [{"name": name, "at": unit.now}])
        unit.commit()


def end(house: House, name: str) -> None:
    """Write that the part `name` has been ended on purpose; another of that name beats again at once."""
    table = tables.heartbeats
    with house.database.unit(house.outside) as unit:
        unit.connection.execute(delete(table).where(table.c.name == name))
        unit.commit()


def is_alive(house: House, connection: Connection, name: str) -> bool:
    """Return whether the part gave a sign of life within `ALIVE_FOR`."""
    table = tables.heartbeats
    at = connection.execute(select(table.c.at).where(table.c.name == name)).scalar_one_or_none()
    return at is not None and house.outside.clock.now() - at <= ALIVE_FOR
