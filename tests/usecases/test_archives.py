"""Archives: a number and a date at once, the frozen file by a worker, once."""

import json
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import Row, insert, select

from service.domain import jobs
from service.persistence.tables import cases as tables
from service.usecases import archives, attachments, outbox, parameters
from service.usecases.case_file import freeze_case
from service.usecases.house import House
from tests.fakes import FakeClock, RecordingQueue
from tests.rows import (
    add_attachment,
    add_case,
    add_event,
    add_form,
    add_instance,
    add_submission,
    add_variable,
    person,
)

AUDITOR = person("audrey", roles=frozenset({"auditor"}))
SLIP = """{"id": "slip", "type": "default", "schemaVersion": 18,
"components": [{"type": "textfield", "id": "f1", "key": "customer_name", "label": "顾客名称"}]}"""


@pytest.fixture
def case_key(house: House) -> int:
    """Return a case with a form, a file and a history."""
    with house.database.unit(house.outside) as unit:
        connection = unit.connection
        root = add_instance(connection)
        case = add_case(connection, root_instance_key=root)
        add_variable(connection, root, "batch_no", '"B1"')
        form = add_form(connection, "slip", SLIP.encode())
        values = {"customer_name": "百灵"}
        add_submission(connection, case_key=case, instance_key=root, form_key=form, values=values)
        add_attachment(connection, "photo", case_key=case)
        add_event(connection, "case.opened", case_key=case)
        unit.commit()
    return case


def archive(house: House, case_key: int) -> dict[str, Any]:
    """Archive the case in a transaction of its own."""
    with house.database.unit(house.outside) as unit:
        told = archives.archive(unit, case_key, who="lina")
        unit.commit()
    return told


def row(house: House) -> Row[Any]:
    """Return the only archive."""
    with house.database.reading() as connection:
        return connection.execute(select(tables.archives)).one()


def test_an_archived_case_is_kept_for_three_years_at_least(house: House, case_key: int) -> None:
    """XC-AR-1: from the day of archiving, the same hour."""
    told = archive(house, case_key)

    assert told["archive_no"] == "AR-202611-0001"
    assert row(house).retain_until == datetime(2029, 11, 24, 2, 0, tzinfo=UTC)
    assert datetime.fromisoformat(told["retain_until"]) == row(house).retain_until


@pytest.mark.parametrize(("years", "kept"), [(5, 5), (1, 3)])
def test_the_parameter_may_only_lengthen_the_retention(
    house: House, case_key: int, years: int, kept: int
) -> None:
    """XC-AR-1: less than three years is impossible."""
    parameters.load_shipped(house, [{"key": "RETENTION_YEARS", "value": years, "label": "年限"}])
    archive(house, case_key)
    assert row(house).retain_until.year == 2026 + kept


def test_the_frozen_file_holds_all_of_the_case(
    house: House, case_key: int, queue: RecordingQueue
) -> None:
    """XC-V1: PDF, JSON and attachments, kept as a file of the case that its readers may open."""
    archive(house, case_key)
    (key,) = queue.keys_of(jobs.FREEZE_ARCHIVE)

    assert archives.freeze(house, key)

    assert row(house).state == "FROZEN"
    stored, content = attachments.read(house, AUDITOR, row(house).file_attachment_id)
    assert (stored.file_name, stored.content_type) == ("AR-202611-0001.zip", "application/zip")
    with zipfile.ZipFile(BytesIO(content)) as frozen:
        assert frozen.namelist() == ["case.pdf", "case.json", "attachments/photo-photo.png"]
        assert frozen.read("case.pdf").startswith(b"%PDF-")
        assert frozen.read("attachments/photo-photo.png") == b"png"
        told = json.loads(frozen.read("case.json"))
    assert told["case"]["case_no"] == "20261124-TEL-001"
    assert told["variables"] == {"batch_no": "B1"}
    assert told["submissions"][0]["values"] == {"customer_name": "百灵"}
    assert "case.opened" in [event["kind"] for event in told["history"]]


def test_a_case_is_frozen_once(
    house: House, case_key: int, queue: RecordingQueue, clock: FakeClock
) -> None:
    """A second delivery finds it done and changes nothing; nothing is left to send."""
    archive(house, case_key)
    (key,) = queue.keys_of(jobs.FREEZE_ARCHIVE)
    archives.freeze(house, key)
    before = row(house)

    assert not archives.freeze(house, key)

    assert row(house) == before
    clock.advance(hours=1)
    assert outbox.claim_unsent(house, 10) == []


def test_the_same_case_gives_the_same_bytes(house: House, case_key: int) -> None:
    """The file depends on the case alone, so its checksum proves that nothing was changed since."""
    with house.database.reading() as connection:
        first, second = (freeze_case(connection, house.definitions, case_key) for _ in range(2))
    assert first == second


def test_a_case_with_two_files_of_one_name_keeps_both(house: House, case_key: int) -> None:
    """A customer's «1.jpg» and another's are two files."""
    with house.database.unit(house.outside) as unit:
        later = timedelta(minutes=1)
        add_attachment(
            unit.connection,
            "second",
            case_key=case_key,
            file_name="photo.png",
            uploaded_at=unit.now + later,
        )
        unit.connection.execute(
            insert(tables.events).values(
                key=1, at=unit.now, kind="x", case_key=case_key, rule_refs=[], detail={}
            )
        )
        unit.commit()
    archive(house, case_key)
    archives.freeze(house, row(house).key)

    _, content = attachments.read(house, AUDITOR, row(house).file_attachment_id)
    with zipfile.ZipFile(BytesIO(content)) as frozen:
        assert frozen.namelist()[2:] == [
            "attachments/photo-photo.png",
            "attachments/second-photo.png",
        ]
