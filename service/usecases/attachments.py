"""Files: taken by their content, kept in the database, bound to a case by the form that names them."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from service import forms
from service.domain.errors import BadInputError, NotFoundError, WrongStateError
from service.identity import Person, policy
from service.persistence.facts import supervisor_by_group
from service.persistence.tables import cases as tables
from service.persistence.tables import instances, tasks
from service.persistence.task_facts import task_facts
from service.persistence.unit import Unit
from service.usecases import case_rights
from service.usecases.file_kinds import ACCEPTED, FOUND, FileKind, any_kind_of, kind_of
from service.usecases.house import House

_LINK_READER = Person("link", "link", roles=frozenset())
"""Who reads by a link: he may read every file, and has no right but that."""

UNBOUND_FOR = timedelta(days=1)
"""How long a file that a person has sent waits for a form to name it."""

ID_BYTES = 16
NAME_CHARACTERS = 200

TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of writing: `a<U+202E>gpj.exe` is read as `aexe.jpg`."""


@dataclass(frozen=True)
class StoredFile:
    """A file as it was taken.

    Attributes:
        content_type: As found in the content; of what programs send, and no page takes, as claimed.
        sha256: Of the content, in hexadecimal digits.
        expires_at: When it is deleted unless a case refers to it by then; None: it has no end.
        claimed: What was said of it: `customProperties`, `processDefinitionId`, `processInstanceKey`.
    """

    id: str
    file_name: str
    content_type: str
    size: int
    sha256: str
    expires_at: datetime | None = None
    claimed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def facts(self) -> forms.DocumentFacts:
        """What forms and references tell of it."""
        return forms.DocumentFacts(
            self.id, self.file_name, self.content_type, self.size, self.sha256, self.claimed
        )


def store(
    house: House,
    person: Person,
    file_name: str,
    content: bytes,
    *,
    case_key: int | None = None,
    task_key: int | None = None,
) -> StoredFile:
    """Keep a file that a person sends. Without a case it waits unbound for a form to name it, a day long.

    Args:
        house: The house.
        person: Who sends it.
        file_name: Its name; a path before it is dropped.
        content: Its bytes.
        case_key: The case it belongs to, or None.
        task_key: The task it was sent in, or None.

    Raises:
        BadInputError: Empty, too large, or a kind that is not taken.
    """
    name = _checked_name(house, file_name, content)
    kind = kind_of(name, content)
    if kind is None:
        raise BadInputError(
            f"Expected a file of a kind that is taken, but '{name}' is none.",
            message=f"不支持的文件类型，或内容与扩展名不符。可上传：{ACCEPTED}。",
        )
    stored = _described(house, name, kind, content)
    stored = replace(stored, expires_at=house.outside.clock.now() + UNBOUND_FOR)
    _write(house, person, stored, content, case_key=case_key, task_key=task_key)
    return stored


def store_document(
    house: House,
    person: Person,
    file_name: str,
    content: bytes,
    *,
    content_type: str = "",
    expires_at: datetime | None = None,
    claimed: Mapping[str, Any] | None = None,
) -> StoredFile:
    """Keep a file of any kind that a program sends; no form takes it whose kind `store` would refuse.

    Args:
        house: The house.
        person: In whose name.
        file_name: Its name; a path before it is dropped.
        content: Its bytes.
        content_type: What is said of its kind, for what its content does not tell.
        expires_at: Until when it is kept, unless a case refers to it by then; None: it has no end, as in
            Camunda 8: who knows where its reference stands?
        claimed: What else is said of it.

    Raises:
        BadInputError: Empty, too large, or an end that is over.
    """
    if expires_at is not None and expires_at <= house.outside.clock.now():
        raise BadInputError(
            "Expected 'expiresAt' to be in the future, but it is over.", field="expiresAt"
        )
    name = _checked_name(house, file_name, content)
    kind = any_kind_of(name, content, content_type)
    described = _described(house, name, kind, content)
    stored = replace(described, expires_at=expires_at, claimed=claimed or {})
    _write(house, person, stored, content, case_key=None, task_key=None)
    return stored


def _checked_name(house: House, file_name: str, content: bytes) -> str:
    name = TURNING.sub("", PurePath(file_name.replace("\\", "/")).name).strip()[-NAME_CHARACTERS:]
    if not content or not name:
        raise BadInputError(
            "Expected a file with a name and content.", message="文件为空，请重新选择。"
        )
    if len(content) > house.rules.upload_bytes:
        limit = house.rules.upload_bytes // (1024 * 1024)
        raise BadInputError(
            f"Expected a file of at most {house.rules.upload_bytes} bytes, but got {len(content)}.",
            message=f"文件超过 {limit} MB，请压缩后再上传。",
        )
    return name


def _described(house: House, name: str, kind: FileKind, content: bytes) -> StoredFile:
    file_id = house.outside.random_bytes(ID_BYTES).hex()
    digest = hashlib.sha256(content).hexdigest()
    return StoredFile(file_id, name, kind.content_type, len(content), digest)


def _write(
    house: House,
    person: Person,
    stored: StoredFile,
    content: bytes,
    *,
    case_key: int | None,
    task_key: int | None,
) -> None:
    with house.database.unit(house.outside) as unit:
        _insert(unit, stored, content, person.username, case_key, task_key)
        unit.commit()


def keep(
    unit: Unit, stored: StoredFile, content: bytes, username: str, case_key: int | None
) -> None:
    """Write a file that the house made itself, in the transaction of what made it."""
    _insert(unit, stored, content, username, case_key, None)


def read(house: House, person: Person, file_id: str) -> tuple[StoredFile, bytes]:
    """Return a file and its content.

    Raises:
        NotFoundError: No such file, or he may not read its case (nor did he upload it).
    """
    table, contents = tables.attachments, tables.attachment_contents
    with house.database.reading() as connection:
        row = connection.execute(select(table).where(table.c.id == file_id)).one_or_none()
        now = house.outside.clock.now()
        if row is None or _is_over(row, now) or not _may_read(connection, person, row):
            raise _missing(file_id)
        content = connection.execute(
            select(contents.c.content).where(contents.c.id == file_id)
        ).scalar_one()
    return _stored(row), content


def read_by_link(house: House, file_id: str) -> tuple[StoredFile, bytes]:
    """Return a file and its content to whoever holds a link that was made by who may read it.

    Raises:
        NotFoundError: No such file any more.
    """
    return read(house, _LINK_READER, file_id)


def remove(house: House, person: Person, file_id: str) -> None:
    """Delete a file that no case refers to.

    Raises:
        NotFoundError: No such file, or he may not read it.
        NotAllowedError: It is another's, and he is neither administrator nor authorized.
        WrongStateError: A case refers to it: it is kept with the case.
    """
    table, contents = tables.attachments, tables.attachment_contents
    with house.database.unit(house.outside) as unit:
        connection = unit.connection
        query = select(table).where(table.c.id == file_id).with_for_update()
        row = connection.execute(query).one_or_none()
        if row is None or _is_over(row, unit.now) or not _may_read(connection, person, row):
            raise _missing(file_id)
        policy.may_delete_document(person, row.uploaded_by).require()
        if row.is_bound:
            raise WrongStateError(
                f"Expected a file that no case refers to, but '{file_id}' belongs to one."
            )
        connection.execute(delete(contents).where(contents.c.id == file_id))
        connection.execute(delete(table).where(table.c.id == file_id))
        told = {"id": file_id, "file_name": row.file_name, "size": row.size}
        unit.record("file.deleted", who=person.username, detail=told)
        unit.commit()


def _missing(file_id: str) -> NotFoundError:
    return NotFoundError(f"Expected to find a file '{file_id}', but there is none.")


def _is_over(row: Row[Any], now: datetime) -> bool:
    return not row.is_bound and row.expires_at is not None and row.expires_at <= now


def _stored(row: Row[Any]) -> StoredFile:
    return StoredFile(
        row.id,
        row.file_name,
        row.content_type,
        row.size,
        row.sha256,
        row.expires_at,
        row.claimed or {},
    )


def documents(connection: Connection, ids: Iterable[str]) -> dict[str, forms.DocumentFacts]:
    """Return what is known of the files with these ids; unknown ids, and kinds no page takes, are left out."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    table = tables.attachments
    is_taken = table.c.content_type.in_(FOUND)
    rows = connection.execute(select(table).where(table.c.id.in_(wanted), is_taken))
    return {row.id: _stored(row).facts for row in rows}


def bind(
    unit: Unit,
    values: Mapping[str, Any],
    *,
    case_key: int | None,
    instance_key: int,
    task_key: int | None,
) -> None:
    """Bind the files a submission names to its case; a file of another case stays with that one."""
    ids = forms.document_ids(values)
    if not ids:
        return
    table = tables.attachments
    unit.connection.execute(
        update(table)
        .where(table.c.id.in_(ids), ~table.c.is_bound)
        .values(is_bound=True, case_key=case_key, instance_key=instance_key, task_key=task_key)
    )


def _insert(
    unit: Unit,
    stored: StoredFile,
    content: bytes,
    username: str,
    case_key: int | None,
    task_key: int | None,
) -> None:
    unit.connection.execute(
        insert(tables.attachments).values(
            id=stored.id,
            case_key=case_key,
            task_key=task_key,
            file_name=stored.file_name,
            content_type=stored.content_type,
            size=stored.size,
            sha256=stored.sha256,
            uploaded_by=username,
            uploaded_at=unit.now,
            is_bound=case_key is not None,
            expires_at=stored.expires_at,
            claimed=dict(stored.claimed) or None,
        )
    )
    unit.connection.execute(
        insert(tables.attachment_contents).values(id=stored.id, content=content)
    )
    unit.record(
        "file.stored",
        case_key=case_key,
        who=username,
        detail={"id": stored.id, "file_name": stored.file_name, "size": stored.size},
    )


def _may_read(connection: Connection, person: Person, row: Row[Any]) -> bool:
    """Tell whether a person may read a file: his own, one of a case he reads, or of a task he sees."""
    if row.uploaded_by == person.username or person is _LINK_READER:
        return True
    if person.is_granted("DOCUMENT", "READ"):
        return True
    if row.case_key is not None:
        return bool(case_rights.may_read(connection, person, row.case_key))
    if row.instance_key is None:
        return False
    return _reads_case(connection, person, row.instance_key) or _has_task(
        connection, person, row.instance_key
    )


def _reads_case(connection: Connection, person: Person, instance_key: int) -> bool:
    """Tell whether a person may read the case that an instance belongs to."""
    table = instances.process_instances
    case_key = connection.execute(select(table.c.case_key).where(table.c.key == instance_key))
    found = case_key.scalar_one_or_none()
    return found is not None and bool(case_rights.may_read(connection, person, found))


def _has_task(connection: Connection, person: Person, instance_key: int) -> bool:
    """Tell whether a person did or sees a task of an instance or of what it is part of."""
    running, table = instances.process_instances, tasks.user_tasks
    root = select(running.c.root_key).where(running.c.key == instance_key).scalar_subquery()
    rows = connection.execute(select(table).where(table.c.root_key == root)).all()
    above = supervisor_by_group(connection)
    return any(
        row.completed_by == person.username
        or policy.may_see_task(person, task_facts(connection, row, above))
        for row in rows
    )
