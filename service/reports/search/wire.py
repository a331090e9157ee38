"""Values as the API writes them: keys and moments as text, JSON values as JSON text."""

from datetime import UTC, datetime

from service.persistence.json_values import json_text

__all__ = ["TENANT", "json_text", "key_text", "moment_text"]

TENANT = "<default>"
"""The only tenant there is; the API wants one in every answer."""

_OFFSET = "+00:00"
"""How Python writes UTC."""


def key_text(key: int | None) -> str | None:
    """Return a key as the decimal string the API uses, None for none."""
    return None if key is None else str(key)


def moment_text(moment: datetime | None) -> str | None:
    """Return an aware moment in RFC 3339, UTC, to the microsecond if it has any; None for none."""
    if moment is None:
        return None
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return f"{moment.isoformat()[: -len(_OFFSET)]}Z"
