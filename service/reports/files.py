"""The files of a case."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, or_, select

from service.persistence.tables import cases
from service.reports.names import people_names


@dataclass(frozen=True)
class FileRow:
    """One file; `uploaded_by` is a person's name."""

    id: str
    file_name: str
    content_type: str
    size: int
    uploaded_by: str
    uploaded_at: datetime


def of_case(connection: Connection, case_key: int) -> tuple[FileRow, ...]:
    """Return the files that belong to a case, in the order they came."""
    table = cases.attachments
    return _rows(connection, table.c.case_key == case_key)


def of_task(
    connection: Connection, case_key: int | None, instance_key: int, task_key: int
) -> tuple[FileRow, ...]:
    """Return the files of the task's case, or without a case those of its instance; and its own."""
    table = cases.attachments
    around = (
        table.c.instance_key == instance_key if case_key is None else table.c.case_key == case_key
    )
    return _rows(connection, or_(around, table.c.task_key == task_key))


def _rows(connection: Connection, condition: ColumnElement[bool]) -> tuple[FileRow, ...]:
    table = cases.attachments
    query = select(table).where(condition).order_by(table.c.uploaded_at, table.c.id)
    found = connection.execute(query).all()
    names = people_names(connection, (row.uploaded_by for row in found))
    return tuple(
        FileRow(
            row.id,
            row.file_name,
            row.content_type,
            row.size,
            names.get(row.uploaded_by, "") if row.uploaded_by else "",
            row.uploaded_at,
        )
        for row in found
    )
