"""Cases: their numbers, the facts that lists show, who may read them, their end."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from service import feel
from service.domain.errors import BadInputError
from service.persistence.facts import group_by_name
from service.persistence.json_values import json_text
from service.persistence.tables import cases
from service.persistence.unit import Unit
from service.persistence.upserts import add_missing, upsert
from service.sla import SHANGHAI, is_in_calendar

COPY = "抄送"
"""Why somebody reads a case that he has no task in."""

SOURCE = "source"
"""Kind of the link between a case and the one it came from; both have it."""

# fmt: off
CHANNELS = frozenset({
    "TEL", "EML", "WEB", "APP", "WXM", "OLC", "STO", "VIS", "LET", "FAX", "OPB", "SOC", "MED",
    "REG", "LDR", "SAL", "OTH",
})
# fmt: on
"""Channel codes that may stand in a number (XC-L1)."""

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
    code = channel if isinstance(channel, str) and channel in CHANNELS else OTHER_CHANNEL
    opened = OpenedCase(unit.new_key(), _case_no(unit, pattern, code))
    row = {
        "key": opened.key,
        "case_no": opened.case_no,
        "root_instance_key": root_instance_key,
        "process_id": process_id,
        "channel": code,
        "state": "OPEN",
        "opened_by": opened_by,
        "opened_at": unit.now,
        "facts": {},
        "is_overdue": False,
    }
    unit.insert(cases.cases, [row])
    unit.record(
        "case.opened",
        instance_key=root_instance_key,
        root_key=root_instance_key,
        case_key=opened.key,
        who=opened_by,
        after={"case_no": opened.case_no},
    )
    source = variables.get("source_case_no")
    if isinstance(source, str) and source:
        link(unit, opened.key, source)
    return opened


def next_number(unit: Unit, code: str) -> str:
    """Return the next document number `{code}-{YYYYMM}-{NNNN}` (XC-X-1)."""
    month = unit.now.astimezone(SHANGHAI).strftime("%Y%m")
    return f"{code}-{month}-{count_up(unit, f'{code}-{month}'):04d}"


def count_up(unit: Unit, series: str) -> int:
    """Return the next running number of a series, from 1.

    The row stays locked until the unit ends: whoever counts the same series waits.
    """
    table = cases.number_series
    statement = upsert(unit.connection, table, ["name"], {"last": table.c.last + 1})
    return int(
        unit.connection.execute(
            statement.returning(table.c.last), {"name": series, "last": 1}
        ).scalar_one()
    )


def link(unit: Unit, case_key: int, other_case_no: str) -> bool:
    """Link two cases, both ways; False when the other number is none of ours."""
    table = cases.cases
    other = unit.connection.execute(
        select(table.c.key).where(table.c.case_no == other_case_no)
    ).scalar_one_or_none()
    if other is None:
        return False
    rows = [
        {"case_key": case_key, "other_key": other, "kind": SOURCE},
        {"case_key": other, "other_key": case_key, "kind": SOURCE},
    ]
    add_missing(unit.connection, cases.case_links, ["case_key", "other_key", "kind"], rows)
    unit.record("case.linked", case_key=case_key, after={"case_no": other_case_no, "kind": SOURCE})
    return True


def add_readers(unit: Unit, case_key: int, names: Iterable[str]) -> None:
    """Let groups (by key or any of their names) and people (by user name) read the case.

    Who may read it already, for whatever reason, stays as he is; nothing is written for him.
    """
    wanted = dict.fromkeys(_reader(unit, names))
    if not wanted:
        return
    table = cases.case_readers
    there = unit.connection.execute(
        select(table.c.kind, table.c.name).where(table.c.case_key == case_key)
    )
    known = {(row.kind, row.name) for row in there}
    rows = [
        {"case_key": case_key, "kind": kind, "name": name, "reason": COPY, "since": unit.now}
        for kind, name in wanted
        if (kind, name) not in known
    ]
    if rows:
        unique = ["case_key", "kind", "name", "reason"]
        add_missing(unit.connection, table, unique, rows)
        unit.record(
            "case.readers_added",
            case_key=case_key,
            after=[{"kind": row["kind"], "name": row["name"]} for row in rows],
            detail={"reason": COPY},
        )


def project_case(
    unit: Unit,
    case_key: int,
    *,
    properties: Mapping[str, str],
    variables: Mapping[str, Any],
    surroundings: feel.Surroundings,
    touched: frozenset[str] | None = None,
) -> None:
    """Bring the case's row up to the variables that changed.

    Args:
        unit: The transaction.
        case_key: The case.
        properties: Those of its process.
        variables: Root variables, JSON values.
        surroundings: For the expressions.
        touched: Names of the variables that changed: what names none of them is not evaluated. None: all.

    Source: docs/dialect.md §2.
    """
    changes: dict[str, Any] = {}
    for name, column in PROJECTED.items():
        if not _is_touched(properties.get(name), touched):
            continue
        value = _evaluate(properties.get(name), variables, surroundings)
        if value is not None:
            changes[column] = _moment(value) if column == "deadline_at" else _text(value)
    names = [name.strip() for name in properties.get("caseFacts", "").split(",") if name.strip()]
    if touched is None or not touched.isdisjoint(names):
        facts = {name: variables[name] for name in names if variables.get(name) is not None}
        changes["facts"] = facts
    if changes:
        unit.update(cases.cases, case_key, changes)
    if not _is_touched(properties.get("caseReaders"), touched):
        return
    readers = _evaluate(properties.get("caseReaders"), variables, surroundings)
    if isinstance(readers, list):
        add_readers(unit, case_key, [name for name in readers if isinstance(name, str)])


def close_case(unit: Unit, case_key: int, state: str) -> None:
    """End the case: `COMPLETED` (closed) or `TERMINATED` (canceled)."""
    ended = "CLOSED" if state == "COMPLETED" else "CANCELED"
    unit.update(cases.cases, case_key, {"state": ended, "closed_at": unit.now})
    unit.record("case.closed", case_key=case_key, detail={"state": state})


def _case_no(unit: Unit, pattern: str, channel: str) -> str:
    kind, _, code = pattern.partition(":")
    if kind == "document" and code:
        return next_number(unit, code)
    if kind != "complaint":
        raise BadInputError(
            f"Expected 'caseNumber' to be 'complaint' or 'document:<code>', but got '{pattern}'."
        )
    series = f"{unit.now.astimezone(SHANGHAI):%Y%m%d}-{channel}"
    return f"{series}-{count_up(unit, series):03d}"


def _reader(unit: Unit, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give kind and name of each reader; a name that is no group's is a user's."""
    known = group_by_name(unit.connection)
    for name in names:
        yield ("group", known[name]) if name in known else ("user", name)


def _is_touched(expression: str | None, touched: frozenset[str] | None) -> bool:
    if expression is None or touched is None or not expression.startswith("="):
        return expression is not None
    return not feel.compile_expression(expression[1:]).names_used.isdisjoint(touched)


def _evaluate(
    expression: str | None, variables: Mapping[str, Any], surroundings: feel.Surroundings
) -> Any:
    """Return the JSON value of a property; only the variables it names are looked at."""
    if not expression or not expression.startswith("="):
        return expression or None
    compiled = feel.compile_expression(expression[1:])
    context = {
        name: feel.from_json(variables[name]) for name in compiled.names_used if name in variables
    }
    return feel.to_json(compiled.evaluate(context, surroundings).value)


def _moment(value: Any) -> datetime | None:
    """Return the text of a date and time as a moment; one without zone is meant in Shanghai.

    A day alone ends at 24:00 (XC-T-3). FEEL may name the zone behind `@`. Another text is no moment.
    """
    text, _, zone = str(value).partition("@")
    try:
        moment = datetime.fromisoformat(text)
        where = ZoneInfo(zone) if zone else SHANGHAI
        if len(text) == len("2026-11-25"):
            moment += timedelta(days=1)
    except (ValueError, OverflowError, ZoneInfoNotFoundError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=where)
    return aware if is_in_calendar(aware) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json_text(value)
