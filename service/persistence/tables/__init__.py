"""Every table of the house, by topic; `metadata` holds them all (migrations compare with it)."""

from service.persistence.tables import (
    batch_operations,
    cases,
    definitions,
    house,
    instances,
    items,
    retention,
    rights,
    tasks,
)
from service.persistence.tables.base import metadata

__all__ = [
    "batch_operations",
    "cases",
    "definitions",
    "house",
    "instances",
    "items",
    "metadata",
    "retention",
    "rights",
    "tasks",
]
