"""Statistics of jobs: in all, by type, by worker, by error, over time."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Response, request

from service.api import wire
from service.api.context import house
from service.api.reading import counted_answer
from service.api.routes import READS_JOB_METRICS, answer, route
from service.api.violations import require_all
from service.reports.search import job_statistics as report
from service.reports.search.kinds import MOMENT

blueprint = Blueprint("api_job_statistics", __name__)


@route(blueprint, "GET", "/jobs/statistics/global", READS_JOB_METRICS)
def in_all() -> Response:
    """Return how many jobs were made, completed and failed in a time."""
    window = _window(request.args, "")
    with house().database.reading() as connection:
        type_ = request.args.get("jobType")
        return answer(report.in_all(connection, window, type_))


@route(blueprint, "POST", "/jobs/statistics/by-types", READS_JOB_METRICS)
def by_types() -> Response:
    """Return the same for each type of job."""
    filters = _filters()
    window = _window(filters, "filter.")
    return counted_answer(report.by_type(window, filters.get("jobType")))


@route(blueprint, "POST", "/jobs/statistics/by-workers", READS_JOB_METRICS)
def by_workers() -> Response:
    """Return the same for each worker of a type."""
    filters = _filters()
    window, type_ = _window(filters, "filter.", lambda: _type(filters)), _type(filters)
    return counted_answer(report.by_worker(window, type_))


@route(blueprint, "POST", "/jobs/statistics/errors", READS_JOB_METRICS)
def errors() -> Response:
    """Return the errors of a type's jobs."""
    filters = _filters()
    window, type_ = _window(filters, "filter.", lambda: _type(filters)), _type(filters)
    return counted_answer(report.by_error(window, type_, filters))


@route(blueprint, "POST", "/jobs/statistics/time-series", READS_JOB_METRICS)
def time_series() -> Response:
    """Return the same for a type over time."""
    filters = _filters()
    window, type_ = _window(filters, "filter.", lambda: _type(filters)), _type(filters)
    return counted_answer(report.over_time(window, type_, filters.get("resolution")))


def _window(fields: Mapping[str, Any], path: str, *others: Callable[[], object]) -> report.Window:
    require_all(
        *(partial(MOMENT.value, fields.get(name), f"{path}{name}") for name in ("from", "to")),
        *others,
    )
    return report.Window.of(fields, path)


def _filters() -> Mapping[str, Any]:
    return wire.body().mapping("filter")


def _type(filters: Mapping[str, Any]) -> str:
    return wire.Body(filters, "filter").required_text("jobType")
