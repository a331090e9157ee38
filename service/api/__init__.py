"""The REST API: Camunda 8 Orchestration Cluster API v2 under `/v2`, ours under `/api`; a blueprint a noun."""

from flask import Flask

from service.api import (
    audit_logs,
    authorizations,
    batch_operations,
    batches,
    clock,
    cluster,
    cluster_variables,
    cluster_wide,
    conditionals,
    decision_instances,
    decisions,
    deployments,
    described,
    documents,
    element_instances,
    expressions,
    forms,
    global_listeners,
    groups,
    incidents,
    job_statistics,
    jobs,
    messages,
    process_definitions,
    process_instances,
    resources,
    roles,
    signals,
    system,
    tenants,
    unsupported,
    user_tasks,
    users,
    variables,
)
from service.api.auth import SessionPerson, enter
from service.api.auth import install as install_auth
from service.api.context import install as install_context
from service.api.errors import answer_errors, refuse_empty_parts
from service.usecases.house import House

BLUEPRINTS = (
    audit_logs.blueprint,
    authorizations.blueprint,
    batch_operations.blueprint,
    clock.blueprint,
    cluster.blueprint,
    cluster_variables.blueprint,
    conditionals.blueprint,
    decision_instances.blueprint,
    decisions.blueprint,
    deployments.blueprint,
    documents.blueprint,
    element_instances.blueprint,
    expressions.blueprint,
    forms.blueprint,
    global_listeners.blueprint,
    groups.blueprint,
    incidents.blueprint,
    job_statistics.blueprint,
    jobs.blueprint,
    messages.blueprint,
    process_definitions.blueprint,
    process_instances.blueprint,
    resources.blueprint,
    roles.blueprint,
    signals.blueprint,
    system.blueprint,
    tenants.blueprint,
    user_tasks.blueprint,
    users.blueprint,
    variables.blueprint,
    unsupported.blueprint,
)
"""Every blueprint of the API. They answer programs and check the CSRF header of browsers themselves, so a
`CSRFProtect` of the application must exempt them."""

PREFIX = "/v2"

CLUSTER_PREFIX = "/cluster/v2"
"""Where the API speaks of the whole cluster."""

OWN_BLUEPRINTS = (batches.blueprint, described.blueprint, documents.own_blueprint)
"""What we have beyond Camunda's API."""

OWN_PREFIX = "/api"

answer_errors((*BLUEPRINTS, *OWN_BLUEPRINTS, cluster_wide.blueprint, unsupported.cluster_blueprint))


def register(app: Flask, house: House, signed_in: SessionPerson | None = None) -> None:
    """Give the application the API.

    Args:
        app: The application.
        house: What the use cases need.
        signed_in: Who the browser session of the present request belongs to; without it the API takes
            only Basic and Bearer credentials.
    """
    furnish(app, house, signed_in)
    app.before_request(refuse_empty_parts)
    app.before_request(enter)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=PREFIX)
    for blueprint in (cluster_wide.blueprint, unsupported.cluster_blueprint):
        app.register_blueprint(blueprint, url_prefix=CLUSTER_PREFIX)
    for blueprint in OWN_BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=OWN_PREFIX)


def furnish(app: Flask, house: House, signed_in: SessionPerson | None = None) -> None:
    """Let an application that has the API serve this house; the arguments are those of `register`."""
    install_context(app, house)
    install_auth(app, house, signed_in)
