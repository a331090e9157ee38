"""Deployments: files in, definitions out, all or none."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, request

from service.api import wire
from service.api.context import house, person
from service.api.languages import language
from service.api.routes import DEPLOYS, answer, route
from service.api.sentences import finding_sentence
from service.domain.errors import BadInputError
from service.reports.search.wire import TENANT
from service.usecases import deployments as usecases

blueprint = Blueprint("api_deployments", __name__)

MULTIPART_BYTES = 64 * 1024 * 1024
"""Largest body read at all; `HouseRules.deployment_bytes` bounds the files themselves."""


@route(blueprint, "POST", "/deployments", DEPLOYS, command="CREATE", body_bytes=MULTIPART_BYTES)
def create() -> Response:
    """Deploy all parts that are files; the ending of a file's name decides what it is.

    Raises:
        UnsupportedMediaError: The body is no form with files.
        BadInputError: No file, or a file without a name.
        DeploymentRefusedError: The findings; nothing was stored.
    """
    wire.require_multipart()
    wire.require_default_tenant(request.form.get("tenantId", TENANT))
    parts = [part for _name, part in request.files.items(multi=True)]
    if not parts:
        raise BadInputError("Expected at least one file in 'resources'.", field="resources")
    files = []
    for part in parts:
        if not part.filename:
            raise BadInputError("Expected each file to have a name.", field="resources")
        files.append(usecases.DeployFile(part.filename, part.read()))
    return answer(_show(usecases.deploy(house(), person(), files)))


def _show(deployment: usecases.Deployment) -> dict[str, Any]:
    return {
        "deploymentKey": str(deployment.key),
        "tenantId": TENANT,
        "warnings": [
            {**asdict(one), "detail": finding_sentence(one, language())}
            for one in deployment.warnings
        ],
        "deployments": [
            *(_entry("processDefinition", _process(one)) for one in deployment.processes),
            *(
                _entry("decisionRequirements", _requirements(one))
                for one in deployment.requirements
            ),
            *(_entry("decisionDefinition", _decision(one)) for one in deployment.decisions),
            *(_entry("form", _form(one)) for one in deployment.forms),
            *(_entry("resource", _resource(one)) for one in deployment.resources),
        ],
    }


def _entry(kind: str, shown: dict[str, Any]) -> dict[str, Any]:
    kinds = ("processDefinition", "decisionDefinition", "decisionRequirements", "form", "resource")
    return {name: shown if name == kind else None for name in kinds}


def _process(one: usecases.DeployedProcess) -> dict[str, Any]:
    return {
        "processDefinitionId": one.process_id,
        "processDefinitionVersion": one.version,
        "resourceName": one.resource_name,
        "tenantId": TENANT,
        "processDefinitionKey": str(one.key),
    }


def _decision(one: usecases.DeployedDecision) -> dict[str, Any]:
    return {
        "decisionDefinitionId": one.decision_id,
        "version": one.version,
        "name": one.name or one.decision_id,
        "tenantId": TENANT,
        "decisionRequirementsId": one.requirements_id,
        "decisionDefinitionKey": str(one.key),
        "decisionRequirementsKey": str(one.requirements_key),
    }


def _requirements(one: usecases.DeployedRequirements) -> dict[str, Any]:
    return {
        "decisionRequirementsId": one.requirements_id,
        "decisionRequirementsName": one.name or one.requirements_id,
        "version": one.version,
        "resourceName": one.resource_name,
        "tenantId": TENANT,
        "decisionRequirementsKey": str(one.key),
    }


def _form(one: usecases.DeployedForm) -> dict[str, Any]:
    return {
        "formId": one.form_id,
        "version": one.version,
        "resourceName": one.resource_name,
        "tenantId": TENANT,
        "formKey": str(one.key),
    }


def _resource(one: usecases.DeployedResource) -> dict[str, Any]:
    return {
        "resourceId": one.resource_id,
        "resourceName": one.resource_name,
        "version": one.version,
        "tenantId": TENANT,
        "resourceKey": str(one.key),
    }
