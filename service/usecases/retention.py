"""Retention: what has been kept long enough is frozen into a file, confirmed by a manager, and deleted.

    over (ended_at + years) → FROZEN (the file is made) → CONFIRMED (a manager says so) → DELETED

Nothing is ever deleted before its time, nor without its file, nor unconfirmed: the database itself refuses
to remove events of an unconfirmed history. The file is brought up to date in the transaction that deletes.

Source: XC-AR-1, XC-TM3 (three years after closing, at least).
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, Row, exists, insert, select, tuple_, update

from service.domain.errors import BusyError, NotFoundError, WrongStateError
from service.identity import Person, policy
from service.persistence.histories import remove, rows_of, tree_of
from service.persistence.tables import cases, instances
from service.persistence.tables import house as house_tables
from service.persistence.tables import retention as tables
from service.persistence.unit import Unit
from service.usecases.history_file import history_file
from service.usecases.house import House
from service.usecases.keeping import LEAST_YEARS, after_years, kept_until, years_of_house

PAGE = 200
CHUNK = 20
"""Histories frozen, and deleted, in one run: each in a transaction of its own."""

RULES = ("XC-AR-1",)

log = structlog.get_logger()


@dataclass(frozen=True)
class Expired:
    """A history whose time is over.

    Attributes:
        state: None until its file is made; then that of `retained_histories`.
    """

    root_key: int
    process_id: str
    case_key: int | None
    case_no: str | None
    ended_at: datetime
    retain_until: datetime
    state: str | None = None


def expired(house: House) -> Iterator[Expired]:
    """Give the histories whose time is over and whose file is not made yet, the oldest first."""
    with house.database.reading() as connection:
        years = years_of_house(connection)
        after: tuple[datetime, int] | None = None
        while rows := _ended_roots(connection, house.outside.clock.now(), after):
            for row in rows:
                found = _judged(house, connection, row, years)
                if found is not None:
                    yield found
            after = (rows[-1].ended_at, rows[-1].key)


def waiting(house: House, state: str = "FROZEN") -> list[Expired]:
    """Return the histories in a state, the one that was over first first."""
    table = tables.retained_histories
    query = select(table).where(table.c.state == state).order_by(table.c.retain_until, table.c.key)
    with house.database.reading() as connection:
        return [
            Expired(
                row.root_key,
                row.process_id,
                row.case_key,
                row.case_no,
                row.ended_at,
                row.retain_until,
                row.state,
            )
            for row in connection.execute(query)
        ]


def run(house: House, chunk: int = CHUNK) -> tuple[int, int]:
    """Freeze what is over and delete what is confirmed, `chunk` of each at most; return both numbers."""
    frozen = 0
    for history in expired(house):
        if frozen == chunk:
            break
        freeze(house, history)
        frozen += 1
    confirmed = waiting(house, "CONFIRMED")[:chunk]
    deleted = sum(delete(house, history.root_key) for history in confirmed)
    if frozen or deleted:
        log.info("retention_run", frozen=frozen, deleted=deleted)
    return frozen, deleted


def freeze(house: House, history: Expired) -> None:
    """Make the file of a history that is over; nothing is deleted yet."""
    with house.database.unit(house.outside) as unit:
        content, counts = _file(unit.connection, history.root_key)
        key = unit.new_key()
        unit.connection.execute(
            insert(tables.retained_histories).values(
                key=key,
                root_key=history.root_key,
                case_key=history.case_key,
                case_no=history.case_no,
                process_id=history.process_id,
                ended_at=history.ended_at,
                retain_until=history.retain_until,
                state="FROZEN",
                frozen_at=unit.now,
                sha256=_digest(content),
                rows=counts,
            )
        )
        unit.connection.execute(insert(tables.retained_contents).values(key=key, content=content))
        _record(unit, "history.frozen", history, {"sha256": _digest(content)})
        unit.commit()


def confirm(house: House, person: Person, root_keys: Sequence[int]) -> None:
    """Let frozen histories be deleted, all or none; the next runs do it.

    Raises:
        NotAllowedError: He is no manager of the house.
        NotFoundError: One of them is not frozen.
        WrongStateError: One of them is confirmed or deleted already.
    """
    policy.may_confirm_deletion(person).require()
    table = tables.retained_histories
    with house.database.unit(house.outside) as unit:
        for root_key in sorted(root_keys):
            row = _locked(unit.connection, root_key)
            if row is None:
                raise NotFoundError(
                    f"Expected to find a frozen history of '{root_key}', but there is none.",
                    key=root_key,
                )
            if row.state != "FROZEN":
                raise WrongStateError(
                    f"Expected the history of '{root_key}' to be FROZEN, but it is {row.state}.",
                    key=root_key,
                    state=row.state,
                )
            unit.connection.execute(
                update(table)
                .where(table.c.key == row.key)
                .values(state="CONFIRMED", confirmed_by=person.username, confirmed_at=unit.now)
            )
            _record(unit, "history.deletion_confirmed", row, {}, who=person.username)
        unit.commit()


def delete(house: House, root_key: int) -> bool:
    """Delete a confirmed history, its file brought up to date first; False when it is deleted already.

    Raises:
        BusyError: A row came meanwhile; nothing is deleted, the next run finds it.
    """
    table = tables.retained_histories
    with house.database.unit(house.outside) as unit:
        connection = unit.connection
        row = _locked(connection, root_key)
        if row is None or row.state != "CONFIRMED" or row.retain_until > unit.now:
            return False
        content, counts = _file(connection, root_key)
        contents = tables.retained_contents
        connection.execute(
            update(contents).where(contents.c.key == row.key).values(content=content)
        )
        removed = remove(connection, tree_of(connection, root_key))
        if {table.name: count for table, count in removed.items() if count} != counts:
            raise BusyError(f"Expected the history of '{root_key}' to rest, but it has grown.")
        changes = {"sha256": _digest(content), "rows": counts}
        connection.execute(
            update(table)
            .where(table.c.key == row.key)
            .values(state="DELETED", deleted_at=unit.now, **changes)
        )
        told = {**changes, "confirmed_by": row.confirmed_by}
        _record(unit, "history.deleted", row, told)
        unit.commit()
    log.info("history_deleted", root_key=root_key, confirmed_by=row.confirmed_by)
    return True


def content(house: House, person: Person, root_key: int) -> bytes:
    """Return the file of a history, deleted or not.

    Raises:
        NotAllowedError: He is neither manager nor auditor.
        NotFoundError: There is none.
    """
    policy.may_read_retained(person).require()
    table, contents = tables.retained_histories, tables.retained_contents
    query = (
        select(contents.c.content)
        .join(table, table.c.key == contents.c.key)
        .where(table.c.root_key == root_key)
    )
    with house.database.reading() as connection:
        found = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFoundError(f"Expected to find a history of '{root_key}', but there is none.")
    return bytes(found)


def _ended_roots(
    connection: Connection, now: datetime, after: tuple[datetime, int] | None
) -> list[Row[Any]]:
    """Return a page of roots that have ended `LEAST_YEARS` ago and have no file, the oldest first."""
    table, kept = instances.process_instances, tables.retained_histories
    latest = after_years(now, -LEAST_YEARS)
    query = (
        select(
            table.c.key, table.c.process_key, table.c.process_id, table.c.case_key, table.c.ended_at
        )
        .where(
            table.c.parent_instance_key.is_(None),
            table.c.ended_at <= latest,
            ~exists().where(kept.c.root_key == table.c.key),
        )
        .order_by(table.c.ended_at, table.c.key)
        .limit(PAGE)
    )
    if after is not None:
        query = query.where(tuple_(table.c.ended_at, table.c.key) > after)
    return list(connection.execute(query))


def _judged(house: House, connection: Connection, row: Row[Any], years: int) -> Expired | None:
    """Return a root whose time is over and about which nothing is left to do, else None."""
    until = kept_until(connection, house.definitions, row, years)
    case_no = None
    if row.case_key is not None:
        case = cases.cases
        case_no = connection.execute(
            select(case.c.case_no).where(case.c.key == row.case_key)
        ).scalar_one_or_none()
    if until > house.outside.clock.now() or _is_busy(connection, row.case_key):
        return None
    return Expired(row.key, row.process_id, row.case_key, case_no, row.ended_at, until)


def _is_busy(connection: Connection, case_key: int | None) -> bool:
    """Tell whether a mail of the case has still to go out or its archive to be frozen."""
    if case_key is None:
        return False
    mails, archives, outbox = cases.mails, cases.archives, house_tables.outbox
    subjects = [
        *connection.execute(select(mails.c.key).where(mails.c.case_key == case_key)).scalars(),
        *connection.execute(
            select(archives.c.key).where(archives.c.case_key == case_key)
        ).scalars(),
    ]
    open_effects = select(outbox.c.key).where(
        outbox.c.subject_key.in_(subjects), outbox.c.done_at.is_(None)
    )
    return connection.execute(open_effects.limit(1)).first() is not None


def _file(connection: Connection, root_key: int) -> tuple[bytes, dict[str, int]]:
    rows = rows_of(connection, tree_of(connection, root_key))
    counts = {table.name: len(found) for table, found in rows.items() if found}
    return history_file(connection, rows), counts


def _locked(connection: Connection, root_key: int) -> Row[Any] | None:
    table = tables.retained_histories
    query = select(table).where(table.c.root_key == root_key).with_for_update()
    return connection.execute(query).one_or_none()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _record(
    unit: Unit, kind: str, history: Any, more: Mapping[str, Any], *, who: str = "system"
) -> None:
    """Append to the history of the house: this stays when the instance's own history has gone."""
    unit.record(
        kind,
        who=who,
        rule_refs=RULES,
        detail={
            "root_key": str(history.root_key),
            "process_id": history.process_id,
            "case_no": history.case_no,
            "ended_at": history.ended_at.isoformat(),
            "retain_until": history.retain_until.isoformat(),
            **more,
        },
    )
