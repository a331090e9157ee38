"""Archives: the case file is frozen and kept (XC-V1, XC-AR-1)."""

import hashlib
from typing import Any

from sqlalchemy import insert, select, update

from service.domain import jobs
from service.persistence.tables import cases as tables
from service.persistence.unit import Unit
from service.usecases import attachments, outbox
from service.usecases.case_file import freeze_case
from service.usecases.cases import next_number
from service.usecases.house import House
from service.usecases.keeping import after_years, years_of_house

ARCHIVE_CODE = "AR"


def archive(unit: Unit, case_key: int, *, who: str) -> dict[str, Any]:
    """Give the case its archive number and the moment until which it is kept; the file follows.

    Returns:
        `archive_no`, `archived_at`, `retain_until` (texts), for the process.

    Source: XC-AR-1 (three years after closing, at least).
    """
    key = unit.new_key()
    archive_no = next_number(unit, ARCHIVE_CODE)
    retain_until = after_years(unit.now, years_of_house(unit.connection))
    unit.connection.execute(
        insert(tables.archives).values(
            key=key,
            archive_no=archive_no,
            case_key=case_key,
            archived_at=unit.now,
            retain_until=retain_until,
            state="FREEZING",
        )
    )
    unit.send(jobs.FREEZE_ARCHIVE, key)
    unit.record(
        "case.archived",
        case_key=case_key,
        who=who,
        after={"archive_no": archive_no, "retain_until": retain_until.isoformat()},
        rule_refs=("XC-AR-1",),
    )
    return {
        "archive_no": archive_no,
        "archived_at": unit.now.isoformat(),
        "retain_until": retain_until.isoformat(),
    }


def freeze(house: House, archive_key: int) -> bool:
    """Make the frozen file of an archive; False when it is made already."""
    table = tables.archives
    with house.database.reading() as connection:
        row = connection.execute(select(table).where(table.c.key == archive_key)).one()
        if row.state == "FROZEN":
            return False
        content = freeze_case(connection, house.definitions, row.case_key)
    file = attachments.StoredFile(
        house.outside.random_bytes(attachments.ID_BYTES).hex(),
        f"{row.archive_no}.zip",
        "application/zip",
        len(content),
        hashlib.sha256(content).hexdigest(),
    )
    with house.database.unit(house.outside) as unit:
        made = unit.connection.execute(
            update(table)
            .where(table.c.key == archive_key, table.c.state == "FREEZING")
            .values(
                state="FROZEN",
                file_attachment_id=file.id,
                sha256=file.sha256,
            )
        )
        if made.rowcount == 1:
            attachments.keep(unit, file, content, "system", row.case_key)
        outbox.done(unit, jobs.FREEZE_ARCHIVE, archive_key)
        unit.commit()
    return bool(made.rowcount == 1)
