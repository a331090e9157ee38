"""How many jobs were made, completed and failed in a time: in all, by type, worker, error, over time.

A job counts as made when it was made in that time, as completed when it was completed in it. As a failure
counts each that a worker reported in it, each error that it threw and each time that it let run out, also
when the job was completed later; it is that worker's, whoever has the job after him. What was made is no
worker's.

Source: Camunda 8.10 (`JobFailedV3Applier`, `JobErrorThrownApplier`, `JobTimedOutV3Applier`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from re import compile as compile_pattern
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
    true,
    union_all,
)

from service.domain.errors import BadInputError
from service.persistence.tables import cases, instances
from service.persistence.tables.cases import JOB_FAILURES
from service.reports.search.conditions import Condition, Field
from service.reports.search.counted import counted
from service.reports.search.kinds import MOMENT, TEXT, refused
from service.reports.search.noun import Noun
from service.reports.search.pages import Order
from service.reports.search.sql import seconds_since
from service.reports.search.wire import moment_text

_job, _event = instances.jobs, cases.events
MOST_BUCKETS = 10_000
_DURATION = compile_pattern(
    r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?\Z"
)
_DEFAULT_BUCKETS = 1000
_WHAT = ("created", "completed", "failed")
_failures: list[ColumnElement[str]] = [literal_column(f"'{kind}'") for kind in JOB_FAILURES]


@dataclass(frozen=True)
class Window:
    """From when to when, both ends counted in."""

    start: datetime
    end: datetime

    @classmethod
    def of(cls, fields: Mapping[str, Any], path: str) -> "Window":
        """Return the time that `from` and `to` name.

        Raises:
            BadInputError: One is missing or no date-time, or the end lies before the start.
        """
        start, end = (MOMENT.value(fields.get(name), f"{path}{name}") for name in ("from", "to"))
        if end < start:
            raise BadInputError(f"Expected '{path}to' not to lie before '{path}from'.", field="to")
        return cls(start, end)

    def holds(self, column: ColumnElement[Any]) -> Condition:
        """Return the condition that a moment lies in it."""
        return column.between(self.start, self.end)


def nothing() -> dict[str, Any]:
    """Return the counts of no job as the API's object."""
    none = {"count": 0, "lastUpdatedAt": None}
    return {**dict.fromkeys(_WHAT, none), "isIncomplete": False}


def in_all(connection: Connection, window: Window, type_: str | None) -> dict[str, Any]:
    """Return the counts of all jobs, or of one type, as the API's object."""
    facts = _facts(window)
    is_of_type = true() if type_ is None else facts.c.type == type_
    row = connection.execute(select(*_metrics(facts)).where(is_of_type)).one()
    return {**_shown(row), "isIncomplete": False}


def by_type(window: Window, type_: Any) -> Noun:
    """Return the noun of the counts by type; `type_` is the filter of the body."""
    facts = _facts(window)
    is_wanted = true() if type_ is None else Field(facts.c.type, TEXT).condition(type_, "jobType")
    workers = func.count(func.distinct(func.nullif(facts.c.worker, "")))
    query = select(facts.c.type, *_metrics(facts), workers.label("workers"))
    return counted(
        "job type",
        query.where(is_wanted).group_by(facts.c.type),
        "type",
        lambda row: {"jobType": row.type, **_shown(row), "workers": row.workers},
    )


def by_worker(window: Window, type_: str) -> Noun:
    """Return the noun of the counts of a type by the worker that completed the jobs, or failed."""
    facts = _facts(window)
    query = select(facts.c.worker, *_metrics(facts))
    return counted(
        "worker",
        query.where(facts.c.type == type_, facts.c.worker != "").group_by(facts.c.worker),
        "worker",
        lambda row: {"worker": row.worker, **_shown(row)},
    )


def by_error(window: Window, type_: str, filters: Mapping[str, Any]) -> Noun:
    """Return the noun of the errors of a type's jobs, and how many workers had them."""
    code = func.coalesce(_job.c.error_code, "")
    message = func.coalesce(_job.c.error_message, "")
    conditions = [
        _job.c.type == type_,
        window.holds(_job.c.updated_at),
        # As the index says it.
        _job.c.error_code.is_not(None) | _job.c.error_message.is_not(None),
        (code != "") | (message != ""),
        *(
            Field(column, TEXT).condition(filters[name], f"filter.{name}")
            for name, column in (("errorCode", code), ("errorMessage", message))
            if filters.get(name) is not None
        ),
    ]
    workers = func.count(func.distinct(func.nullif(_job.c.worker, "")))
    query = select(
        (code + "\n" + message).label("both"),
        code.label("code"),
        message.label("message"),
        workers.label("workers"),
    )
    return counted(
        "job error",
        query.where(*conditions).group_by(code, message),
        "both",
        lambda row: {
            "errorCode": row.code,
            "errorMessage": row.message,
            "workers": row.workers,
        },
        {"errorCode": "code", "errorMessage": "message"},
        (Order("errorCode"), Order("errorMessage")),
    )


def over_time(window: Window, type_: str, resolution: Any) -> Noun:
    """Return the noun of the counts of a type in equal parts of the time; parts without any are left out.

    Args:
        resolution: An ISO 8601 duration of days, hours, minutes and seconds; None: a thousandth of the
            time, at least a minute.
    """
    width = _width(window, resolution)
    facts = _facts(window)
    bucket = seconds_since(facts.c.at, window.start) // literal(int(width.total_seconds()))
    query = select(bucket.label("bucket"), *_metrics(facts)).where(facts.c.type == type_)
    return counted(
        "part of the time",
        query.group_by(bucket),
        "bucket",
        lambda row: {"time": moment_text(window.start + row.bucket * width), **_shown(row)},
    )


def _width(window: Window, resolution: Any) -> timedelta:
    if resolution is None:
        return max((window.end - window.start) // _DEFAULT_BUCKETS, timedelta(minutes=1))
    found = _DURATION.match(TEXT.value(resolution, "filter.resolution"))
    days, hours, minutes, seconds = (
        (int(part or 0) for part in found.groups()) if found else [0] * 4
    )
    width = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not width or (window.end - window.start) / width > MOST_BUCKETS:
        expected = f"an ISO 8601 duration that gives at most {MOST_BUCKETS} parts"
        raise refused("filter.resolution", expected, resolution)
    return width


def _facts(window: Window) -> Subquery:
    """Return what happened to jobs in the time: type, worker, what, when."""

    def of_jobs(
        what: str, worker: ColumnElement[Any], at: ColumnElement[Any], *conditions: Condition
    ) -> Any:
        told = (worker.label("worker"), literal(what).label("what"), at.label("at"))
        return select(_job.c.type, *told).where(window.holds(at), *conditions)

    job_key: ColumnElement[Any] = _event.c.detail["job_key"].as_string()
    type_: ColumnElement[Any] = _event.c.detail["type"].as_string()
    worker: ColumnElement[Any] = _event.c.detail["worker"].as_string()
    failed = (
        # What was written before events named the worker is that of the last one.
        select(type_, func.coalesce(worker, _job.c.worker, ""), literal("failed"), _event.c.at)
        .select_from(_event.outerjoin(_job, _job.c.key == cast(job_key, BigInteger)))
        .where(_event.c.kind.in_(_failures), window.holds(_event.c.at))
    )
    return union_all(
        of_jobs("created", literal(""), _job.c.created_at),
        of_jobs("completed", _job.c.worker, _job.c.ended_at, _job.c.state == "COMPLETED"),
        failed,
    ).subquery()


def _metrics(facts: Subquery) -> list[ColumnElement[Any]]:
    columns: list[ColumnElement[Any]] = []
    for what in _WHAT:
        is_that = facts.c.what == what
        columns.append(func.count(case((is_that, 1))).label(f"{what}_count"))
        columns.append(func.max(case((and_(is_that), facts.c.at))).label(f"{what}_at"))
    return columns


def _shown(row: Row[Any]) -> dict[str, Any]:
    return {
        what: {
            "count": row._mapping[f"{what}_count"],
            "lastUpdatedAt": moment_text(row._mapping[f"{what}_at"]),
        }
        for what in _WHAT
    }
