"""Jobs for workers: activate (long poll), complete, fail, throw an error, change, search."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person, waiting
from service.api.job_results import read_result
from service.api.reading import search_answer
from service.api.routes import SIGNED_IN, UPDATES_INSTANCES, answer, done, route
from service.api.violations import require_all
from service.reports.search.jobs import NOUN, is_waiting
from service.reports.search.kinds import one_of
from service.reports.search.wire import TENANT, key_text
from service.usecases import job_activation as activation
from service.usecases import jobs as usecases
from service.usecases.business_ids import require_business_id
from service.usecases.job_activation import ActivatedJob, ActivateJobs

blueprint = Blueprint("api_jobs", __name__)

DEFAULT_WAIT_S = 10.0
"""How long an activation waits when the worker does not say."""

_NOW = timedelta(0)
_PROVIDED = "PROVIDED"
_TENANT_FILTERS = one_of(f"ASSIGNED {_PROVIDED}")


@route(blueprint, "POST", "/jobs/activation", UPDATES_INSTANCES, command="ACTIVATE")
def activate() -> Response:
    """Lease jobs of a type to a worker, waiting for the first up to `requestTimeout` milliseconds.

    Raises:
        OverloadedError: There is none now, and too many requests wait already.
    """
    body = wire.body()
    require_all(
        lambda: body.required_text("type"),
        lambda: body.required_integer("timeout", 1),
        lambda: body.required_integer("maxJobsToActivate", 1),
        lambda: _tenant_filter(body),
    )
    _check_tenants(body)
    command = ActivateJobs(
        type=body.required_text("type"),
        worker=body.text("worker"),
        timeout=body.milliseconds("timeout", _NOW, least=1),
        max_jobs=body.integer("maxJobsToActivate", 0),
        fetch_variables=body.texts("fetchVariable") or None,
        with_lease=body.flag("withLease", default=False),
    )
    asker, here = person(), house()

    def look() -> tuple[ActivatedJob, ...] | None:
        with here.database.reading() as connection:
            if not is_waiting(
                connection, command.type, here.outside.clock.now(), command.with_lease
            ):
                return None
        return activation.activate(here, asker, command) or None

    wait_ms = body.integer("requestTimeout", 0)
    longest_s = DEFAULT_WAIT_S if wait_ms == 0 else wait_ms / 1000
    activated = waiting().until(look, longest_s)
    return answer({"jobs": [_show(job) for job in activated or ()]})


@route(blueprint, "POST", "/jobs/search", SIGNED_IN)
def search() -> Response:
    """Return the jobs that the body asks for and the person may see."""
    return search_answer(NOUN)


@route(blueprint, "POST", "/jobs/<job_key>/completion", UPDATES_INSTANCES, command="COMPLETE")
def complete(job_key: int) -> Response:
    """Finish a job with its result variables; a listener or ad-hoc leader says more in `result`."""
    body = wire.body()
    variables, result = body.variables(), read_result(body)
    business_id = body.text_if_given("businessId")
    if business_id is not None:
        require_business_id(business_id)
    usecases.complete(house(), person(), job_key, variables, _token(body), result, business_id)
    return done()


@route(blueprint, "POST", "/jobs/<job_key>/failure", UPDATES_INSTANCES, command="FAIL")
def fail(job_key: int) -> Response:
    """Give a job back as failed; with no retries left an incident follows."""
    body = wire.body()
    usecases.fail(
        house(),
        person(),
        job_key,
        retries=body.integer("retries", 0),
        message=body.text("errorMessage"),
        back_off=_back_off(body),
        variables=body.variables(),
        lease_token=_token(body),
    )
    return done()


@route(blueprint, "POST", "/jobs/<job_key>/error", UPDATES_INSTANCES, command="THROW_ERROR")
def throw_error(job_key: int) -> Response:
    """Throw a BPMN error from a job."""
    body = wire.body()
    usecases.throw_error(
        house(),
        person(),
        job_key,
        body.required_text("errorCode"),
        message=body.text("errorMessage"),
        variables=body.variables(),
        lease_token=_token(body),
    )
    return done()


@route(blueprint, "PATCH", "/jobs/<job_key>", UPDATES_INSTANCES, command="UPDATE")
def update(job_key: int) -> Response:
    """Change retries, lease or priority of a job; its reference may be any number, as in Camunda 8."""
    body = wire.readable_body()
    changeset = body.inner("changeset")
    has_timeout = changeset.has("timeout")
    usecases.update(
        house(),
        person(),
        job_key,
        retries=changeset.integer("retries", None),
        timeout=changeset.milliseconds("timeout", _NOW) if has_timeout else None,
        priority=changeset.integer("priority", None),
        lease_token=_token(body),
    )
    return done()


def _tenant_filter(body: wire.Body) -> str:
    return str(_TENANT_FILTERS.value(body.text("tenantFilter", _PROVIDED), "tenantFilter"))


def _check_tenants(body: wire.Body) -> None:
    if _tenant_filter(body) == _PROVIDED:
        for tenant_id in body.texts("tenantIds") or ():
            wire.require_default_tenant(tenant_id)


def _back_off(body: wire.Body) -> timedelta:
    """Return after how long another try is made; a negative time is none, as are negative retries.

    Source: Camunda 8 (`JobFailProcessor` asks for more than 0 of both).
    """
    is_none = body.integer("retryBackOff", 0) <= 0
    return _NOW if is_none else body.milliseconds("retryBackOff", _NOW)


def _token(body: wire.Body) -> str | None:
    return body.text("jobLeaseToken") or None


def _show(job: ActivatedJob) -> dict[str, Any]:
    return {
        "type": job.type,
        "processDefinitionId": job.process_id,
        "processDefinitionVersion": job.version,
        "elementId": job.element_id,
        "customHeaders": job.headers,
        "worker": job.worker,
        "retries": job.retries,
        "deadline": int(job.deadline_at.timestamp() * 1000),
        "variables": job.variables,
        "tenantId": TENANT,
        "physicalTenantId": TENANT,
        "jobKey": key_text(job.key),
        "processInstanceKey": key_text(job.instance_key),
        "processDefinitionKey": key_text(job.process_key),
        "elementInstanceKey": key_text(job.element_instance_key),
        "kind": job.kind,
        "listenerEventType": job.listener_event_type,
        "userTask": None if job.user_task is None else dict(job.user_task),
        "tags": list(job.tags),
        "rootProcessInstanceKey": key_text(job.root_key),
        "businessId": job.business_id,
        "priority": job.priority,
        "jobLeaseToken": job.lease_token,
    }
