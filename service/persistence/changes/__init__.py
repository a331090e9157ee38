"""Rows that a transaction is going to write, gathered so that they are written together."""

from service.persistence.changes.gathered import Changes
from service.persistence.changes.writing import write

__all__ = ["Changes", "write"]
