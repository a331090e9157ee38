"""The file of a whole history: every row as a line of JSON, every attachment as it was, all as one ZIP."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select

from service.persistence.tables import cases
from service.usecases.file_entries import as_json, plain, write_entry

NOT_TOLD = frozenset({"engine_state"})
"""Columns that say nothing of an instance that has ended."""


def history_file(
    connection: Connection, rows_by_table: Mapping[Table, Sequence[Mapping[str, Any]]]
) -> bytes:
    """Return the ZIP of rows: `<table>.jsonl`, and `attachments/<id>-<name>`; same rows, same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, rows in sorted(rows_by_table.items(), key=lambda item: item[0].name):
            if rows:
                write_entry(archive, f"{table.name}.jsonl", b"".join(map(_line, rows)))
        for row in rows_by_table.get(cases.attachments, ()):
            write_entry(
                archive, f"attachments/{row['id']}-{row['file_name']}", _content(connection, row)
            )
    return buffer.getvalue()


def _content(connection: Connection, row: Mapping[str, Any]) -> bytes:
    table = cases.attachment_contents
    query = select(table.c.content).where(table.c.id == row["id"])
    return bytes(connection.execute(query).scalar_one())


def _line(row: Mapping[str, Any]) -> bytes:
    told = {name: value for name, value in row.items() if name not in NOT_TOLD}
    return as_json(plain(told)) + b"\n"
