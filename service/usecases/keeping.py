"""How long what is over must be kept: the longest of what the house, the process and the archive ask for.

Source: XC-AR-1, XC-TM3 (three years after closing, at least).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from service.bpmn.numbers import whole_number
from service.persistence.facts import cluster_variables
from service.persistence.tables import cases
from service.sla import WorkingCalendar, add_months
from service.usecases.definitions import Definitions

RETENTION_PARAMETER = "RETENTION_YEARS"
LEAST_YEARS = 3
"""The catalogue's number; parameter and process may only say more."""

MOST_YEARS = 100
"""More is as good as for ever, and more than the calendar counts."""

YEARS_PROPERTY = "retentionYears"
"""Property of a process that wants its histories kept for longer."""


def years_of_house(connection: Connection) -> int:
    """Return how many years the parameter asks for, `LEAST_YEARS` at least."""
    parameter = cluster_variables(connection).get(RETENTION_PARAMETER, LEAST_YEARS)
    return max(LEAST_YEARS, int(parameter))


def after_years(since: datetime, years: int) -> datetime:
    """Return the same time of day so many years later, `MOST_YEARS` at most."""
    return add_months(since, 12 * min(years, MOST_YEARS), WorkingCalendar())


def kept_until(
    connection: Connection, definitions: Definitions, root: Row[Any], years: int
) -> datetime:
    """Return until when the history of a root instance must be kept that has ended.

    Args:
        connection: Where to read.
        definitions: Where its process is found.
        root: Its row: `process_key`, `case_key`, `ended_at`.
        years: What the house asks for (`years_of_house`).
    """
    model = definitions.process(connection, root.process_key).model
    own = whole_number(model.properties.get(YEARS_PROPERTY, ""))
    until = after_years(root.ended_at, max(years, own or 0))
    table = cases.archives
    archived = select(table.c.retain_until).where(table.c.case_key == root.case_key)
    promised: list[datetime] = [until, *connection.execute(archived).scalars()]
    return max(promised)
