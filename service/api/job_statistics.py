"""Statistics of jobs: in all, by type, by worker, by error, over time."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Response, request

from service.api import wire
from service.api.context import house, person
from service.api.reading import counted_answer
from service.api.routes import SIGNED_IN, answer, route
from service.api.violations import require_all
from service.domain.errors import BadInputError
from service.identity import policy
from service.reports.search import job_statistics as report
from service.reports.search.conditions import NOTHING
from service.reports.search.kinds import MOMENT, missing
from service.reports.search.noun import Noun

blueprint = Blueprint("api_job_statistics", __name__)


@route(blueprint, "GET", "/jobs/statistics/global", SIGNED_IN)
def in_all() -> Response:
    """Return how many jobs were made, completed and failed in a time."""
    window = _window(request.args, "")
    if not policy.may_read_job_metrics(person()):
        return answer(report.nothing())
    with house().database.reading() as connection:
        type_ = request.args.get("jobType")
        return answer(report.in_all(connection, window, type_))


@route(blueprint, "POST", "/jobs/statistics/by-types", SIGNED_IN)
def by_types() -> Response:
    """Return the same for each type of job."""
    filters = _filters()
    window = _window(filters, "filter.")
    return _counted(report.by_type(window, filters.get("jobType")))


@route(blueprint, "POST", "/jobs/statistics/by-workers", SIGNED_IN)
def by_workers() -> Response:
    """Return the same for each worker of a type."""
    filters = _filters()
    window, type_ = _window(filters, "filter.", lambda: _type(filters)), _type(filters)
    return _counted(report.by_worker(window, type_))


@route(blueprint, "POST", "/jobs/statistics/errors", SIGNED_IN)
def errors() -> Response:
    """Return the errors of a type's jobs."""
    filters = _filters()
    window, type_ = _window(filters, "filter.", lambda: _type(filters)), _type(filters)
    return _counted(report.by_error(window, type_, filters))


@route(blueprint, "POST", "/jobs/statistics/time-series", SIGNED_IN)
def time_series() -> Response:
    """Return the same for a type over time."""
    filters = _filters()
    window, type_ = _window(filters, "filter.", lambda: _type(filters)), _type(filters)
    return _counted(report.over_time(window, type_, filters.get("resolution")))


def _counted(noun: Noun) -> Response:
    """Return the rows; none of them to whoever may not read the metrics, as Camunda 8 answers him."""
    is_seen = policy.may_read_job_metrics(person())
    return counted_answer(noun, *(() if is_seen else (NOTHING,)))


def _window(fields: Mapping[str, Any], path: str, *others: Callable[[], object]) -> report.Window:
    require_all(*(partial(_end, fields, path, name) for name in ("from", "to")), *others)
    return report.Window.of(fields, path)


def _end(fields: Mapping[str, Any], path: str, name: str) -> None:
    """Read one end of the time. Missing, or wrong in the path, it cannot be read: so Camunda 8 titles it."""
    try:
        MOMENT.value(fields.get(name), f"{path}{name}")
    except BadInputError as error:
        if not path or fields.get(name) is None:
            error.facts["other_type"] = f"{path}{name}"
        raise


def _filters() -> Mapping[str, Any]:
    body = wire.body()
    if not body.has("filter"):
        raise missing("filter", "an object")
    return body.mapping("filter")


def _type(filters: Mapping[str, Any]) -> str:
    return wire.Body(filters, "filter").required_text("jobType")
