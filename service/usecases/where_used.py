"""Where something deployed is used: the steps of the newest processes that name it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from service.persistence.tables import definitions as tables
from service.usecases.definitions import Definitions


@dataclass(frozen=True)
class Place:
    """One step that uses it.

    Attributes:
        step: The name of the step, or its id when it has none.
    """

    process_key: int
    process_name: str
    step: str


def where_used(
    connection: Connection, definitions: Definitions
) -> Mapping[tuple[str, str], tuple[Place, ...]]:
    """Return (kind, id) of all that is used (`process`, `decision`, `form`) → where, by process and as drawn.

    Only the newest version of each process counts; what an expression names cannot be told.
    """
    table = tables.process_definitions
    newest = (
        select(table.c.key, table.c.name, table.c.process_id)
        .where(table.c.is_latest, table.c.state == "ACTIVE")
        .order_by(table.c.name, table.c.process_id)
    )
    found: dict[tuple[str, str], list[Place]] = {}
    for row in connection.execute(newest):
        for use in definitions.uses(connection, row.key):
            place = Place(row.key, row.name or row.process_id, use.step)
            found.setdefault((use.kind, use.used_id), []).append(place)
    return {used: tuple(places) for used, places in found.items()}
