"""Entries of the files that are kept for years: the same content always gives the same bytes."""

import json
import zipfile
from collections.abc import Mapping
from typing import Any

_MOMENT = (2020, 1, 1, 0, 0, 0)
"""All entries carry the same time."""


def write_entry(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Write a file into a ZIP."""
    info = zipfile.ZipInfo(name, _MOMENT)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content)


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row for JSON: keys as text, as everywhere outside the database."""
    return {
        name: str(value) if isinstance(value, int) and name.endswith("key") else value
        for name, value in row.items()
    }


def as_json(value: Any, indent: int | None = None) -> bytes:
    """Return JSON in the order of names; integers are exact, however long, moments are texts."""
    separators = (",", ": " if indent else ":")
    text = json.dumps(
        value,
        default=lambda moment: moment.isoformat(),
        ensure_ascii=False,
        indent=indent,
        separators=separators,
        sort_keys=True,
    )
    return text.encode()
