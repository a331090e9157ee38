"""Cases: their numbers, the facts that lists show, who may read them, their end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from service import feel
from service.domain.errors import BadInputError
from service.persistence.facts import group_by_name
from service.persistence.tables import cases
from service.persistence.unit import Unit
from service.persistence.upserts import add_missing, upsert

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Numbers restart with the day and the month people live in (XC-T-5)."""

OTHER_CHANNEL = "OTH"

PROJECTED = {
    "caseTitle": "title",
    "caseCustomer": "customer",
    "caseGrade": "grade",
    "caseDeadline": "deadline_at",
}
"""Property of the process → column of `cases`."""


@dataclass(frozen=True)
class OpenedCase:
    """A case that was just opened."""

    key: int
    case_no: str


def open_case(
    unit: Unit,
    *,
    pattern: str,
    process_id: str,
    root_instance_key: int,
    variables: Mapping[str, Any],
    opened_by: str,
) -> OpenedCase:
    """Open a case with its number.

    Args:
        unit: The transaction.
        pattern: `complaint` or `document:<code>` (docs/dialect.md §2).
        process_id: The process that carries it.
        root_instance_key: The instance that carries it.
        variables: Start variables: `channel` goes into the number, `source_case_no` links the cases.
        opened_by: User name.

    Raises:
        BadInputError: Another pattern.

    Source: XC-NO-1, XC-NO-2, XC-X-1.
    """
    channel = variables.get("channel")
    code = channel if isinstance(channel, str) and channel.isalpha() else OTHER_CHANNEL
    opened = OpenedCase(unit.new_key(), _case_no(unit, pattern, code))
    unit.connection.execute(
        insert(cases.cases).values(
            key=opened.key,
            case_no=opened.case_no,
            root_instance_key=root_instance_key,
            process_id=process_id,
            channel=code,
            state="OPEN",
            opened_by=opened_by,
            opened_at=unit.now,
            facts={},
            is_overdue=False,
        )
    )
    source = variables.get("source_case_no")
    if isinstance(source, str) and source:
        link(unit, opened.key, source)
    return opened


def next_number(unit: Unit, code: str) -> str:
    """Return the next document number `{code}-{YYYYMM}-{NNNN}` (XC-X-1)."""
    month = unit.now.astimezone(SHANGHAI).strftime("%Y%m")
    return f"{code}-{month}-{_count(unit, f'{code}-{month}'):04d}"


def link(unit: Unit, case_key: int, other_case_no: str, kind: str = "source") -> bool:
    """Link two cases, both ways; False when the other number is none of ours."""
    table = cases.cases
    other = unit.connection.execute(
        select(table.c.key).where(table.c.case_no == other_case_no)
    ).scalar_one_or_none()
    if other is None:
        return False
    rows = [
        {"case_key": case_key, "other_key": other, "kind": kind},
        {"case_key": other, "other_key": case_key, "kind": kind},
    ]
    add_missing(unit.connection, cases.case_links, ["case_key", "other_key", "kind"], rows)
    return True


def add_readers(
    unit: Unit, case_key: int, names: Iterable[str], reason: str, kind: str = "group"
) -> None:
    """Let groups (by key or name) or people read the case; who may already stays as he is."""
    known = group_by_name(unit.connection) if kind == "group" else {}
    rows = [
        {
            "case_key": case_key,
            "kind": kind,
            "name": known.get(name, name),
            "reason": reason,
            "since": unit.now,
        }
        for name in dict.fromkeys(names)
    ]
    if rows:
        add_missing(
            unit.connection, cases.case_readers, ["case_key", "kind", "name", "reason"], rows
        )


def project_case(
    unit: Unit,
    case_key: int,
    *,
    properties: Mapping[str, str],
    variables: Mapping[str, Any],
    surroundings: feel.Surroundings,
) -> None:
    """Bring the case's row up to its variables; nothing is written when nothing changed.

    Source: docs/dialect.md §2.
    """
    context = {name: feel.from_json(value) for name, value in variables.items()}
    changes: dict[str, Any] = {}
    for name, column in PROJECTED.items():
        value = _evaluate(properties.get(name), context, surroundings)
        if value is not None:
            changes[column] = _moment(value) if column == "deadline_at" else _text(value)
    names = [name.strip() for name in properties.get("caseFacts", "").split(",") if name.strip()]
    changes["facts"] = {name: variables[name] for name in names if variables.get(name) is not None}
    row = unit.connection.execute(select(cases.cases).where(cases.cases.c.key == case_key)).one()
    changed = {column: value for column, value in changes.items() if getattr(row, column) != value}
    if changed:
        unit.connection.execute(
            update(cases.cases).where(cases.cases.c.key == case_key).values(**changed)
        )
    readers = _evaluate(properties.get("caseReaders"), context, surroundings)
    if isinstance(readers, list):
        _add_new_readers(unit, case_key, [name for name in readers if isinstance(name, str)])


def close_case(unit: Unit, case_key: int, state: str) -> None:
    """End the case: `COMPLETED` (closed) or `TERMINATED` (canceled)."""
    unit.connection.execute(
        update(cases.cases)
        .where(cases.cases.c.key == case_key)
        .values(state="CLOSED" if state == "COMPLETED" else "CANCELED", closed_at=unit.now)
    )


def _case_no(unit: Unit, pattern: str, channel: str) -> str:
    kind, _, code = pattern.partition(":")
    if kind == "document" and code:
        return next_number(unit, code)
    if kind != "complaint":
        raise BadInputError(
            f"Expected 'caseNumber' to be 'complaint' or 'document:<code>', but got '{pattern}'."
        )
    series = f"{unit.now.astimezone(SHANGHAI):%Y%m%d}-{channel}"
    return f"{series}-{_count(unit, series):03d}"


def _count(unit: Unit, series: str) -> int:
    """Return the next running number of a series, from 1; the row's lock keeps two from the same."""
    table = cases.number_series
    statement = upsert(unit.connection, table, ["name"], {"last": table.c.last + 1})
    return int(
        unit.connection.execute(
            statement.returning(table.c.last), {"name": series, "last": 1}
        ).scalar_one()
    )


def _add_new_readers(unit: Unit, case_key: int, names: list[str]) -> None:
    known = group_by_name(unit.connection)
    table = cases.case_readers
    there = set(
        unit.connection.execute(
            select(table.c.name).where(table.c.case_key == case_key, table.c.kind == "group")
        ).scalars()
    )
    fresh = [name for name in names if known.get(name, name) not in there]
    if fresh:
        add_readers(unit, case_key, fresh, "抄送")


def _evaluate(
    expression: str | None, context: Mapping[str, Any], surroundings: feel.Surroundings
) -> Any:
    if not expression:
        return None
    if not expression.startswith("="):
        return expression
    return feel.to_json(
        feel.compile_expression(expression[1:]).evaluate(context, surroundings).value
    )


def _moment(value: Any) -> datetime | None:
    """Return a date-time text as a moment; one without zone is meant in Shanghai."""
    try:
        moment = datetime.fromisoformat(str(value).partition("[")[0])
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)
