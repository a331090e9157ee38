"""A rule of the ledger: a question in plain SQL that nothing may answer, and the sentence for what does."""

from dataclasses import dataclass
from datetime import UTC, datetime

LIVE = "('ACTIVE', 'SUSPENDED')"
"""States of instances that have not ended."""

OPEN_TASK = "('CREATING', 'CREATED', 'ASSIGNING', 'UPDATING', 'COMPLETING', 'CANCELING')"
"""States of user tasks that are not over."""

LENGTH = "length_of_json"
"""Stands in a question for the database's own function that counts the items of a JSON array."""


@dataclass(frozen=True)
class Rule:
    """What must not be.

    Attributes:
        sentence: With the columns of the question in braces.
        question: SQL that both databases understand; `:now` is the moment. Rows are disagreements.
    """

    sentence: str
    question: str


def kept_as(moment: datetime) -> str:
    """Return a moment as SQLite keeps it."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
