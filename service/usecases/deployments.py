"""Deployments: check files as a whole, give versions, store; or refuse everything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service import dmn
from service.domain.errors import BadInputError, DeploymentRefusedError, Finding
from service.identity import Person, policy
from service.usecases import starts
from service.usecases.deployment_check import Checked, check, deployed_ids
from service.usecases.deployment_rows import (
    DeployedDecision,
    DeployedForm,
    DeployedProcess,
    DeployedRequirements,
    DeployedResource,
    store,
)
from service.usecases.execution.execution import Execution
from service.usecases.house import House
from service.usecases.transaction import transact

__all__ = [
    "DeployFile",
    "DeployedDecision",
    "DeployedForm",
    "DeployedProcess",
    "DeployedRequirements",
    "DeployedResource",
    "Deployment",
    "deploy",
    "deploy_groups",
]


@dataclass(frozen=True)
class DeployFile:
    """A file to deploy; the ending of its name decides what it is (`.bpmn`, `.dmn`, `.form`, others)."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Deployment:
    """What a deployment gave: one entry a thing.

    Attributes:
        is_new: False when every file was there already; then keys and versions are the old ones.
        warnings: What was noticed in its files that did not refuse them.
    """

    key: int
    is_new: bool
    deployed_at: datetime
    processes: tuple[DeployedProcess, ...] = ()
    decisions: tuple[DeployedDecision, ...] = ()
    requirements: tuple[DeployedRequirements, ...] = ()
    forms: tuple[DeployedForm, ...] = ()
    resources: tuple[DeployedResource, ...] = ()
    warnings: tuple[Finding, ...] = ()


def deploy(house: House, person: Person, files: Sequence[DeployFile]) -> Deployment:
    """Check and store files as one deployment: all of them or none.

    A file whose name and content are those of the latest version keeps its key and version, unless
    another file of the deployment is new: then all get a new version, so that bindings of the kind
    `deployment` hold together (Camunda 8 does the same).

    Raises:
        NotAllowedError: He may not deploy.
        BadInputError: No file, or too many bytes.
        DeploymentRefusedError: Findings with resource, element, line; nothing was stored.
    """
    policy.may_deploy(person).require()
    (deployment,) = deploy_groups(house, person, [files])
    return deployment


def deploy_groups(
    house: House, person: Person, groups: Sequence[Sequence[DeployFile]]
) -> list[Deployment]:
    """Store several deployments in one transaction; each may refer to what the others bring.

    Used for the shipped files: one group a process, so that a changed form gives new versions to its
    own process only.

    Raises:
        BadInputError, DeploymentRefusedError: As `deploy`; nothing of any group was stored.
    """
    for files in groups:
        _check_sizes(house, files)
    parsed = [check_parse(files, lambda wanted: _deployed(house, wanted)) for files in groups]
    with house.database.reading() as connection:
        known = deployed_ids(connection)
    for checked in parsed:
        known = known.with_ids_of(checked)
    house_jobs = frozenset(house.handlers)
    found = [check(checked, known.seen_from(checked, house_jobs)) for checked in parsed]
    findings = [finding for of_group in found for finding in of_group]
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        first = errors[0]
        raise DeploymentRefusedError(
            f"Expected to deploy {sum(map(len, groups))} file(s), but {len(errors)} problem(s) were "
            f"found; the first in '{first.resource}': {first.english}",
            findings,
        )
    stored = transact(house, person, lambda execution: store_all(execution, person, parsed))
    return [
        replace(deployment, warnings=tuple(warnings))
        for deployment, warnings in zip(stored, found, strict=True)
    ]


def check_parse(
    files: Sequence[DeployFile], elsewhere: dmn.Elsewhere = lambda wanted: ()
) -> Checked:
    """Parse the files of one deployment.

    Args:
        elsewhere: Gives the DMN files that are deployed, by the namespace of an import.

    Raises:
        DeploymentRefusedError: One cannot be read, or what it imports is not there.
    """
    return Checked.parse([(file.name, file.content) for file in files], elsewhere)


def _deployed(house: House, wanted: dmn.Import) -> list[dmn.Definitions]:
    with house.database.reading() as connection:
        return house.definitions.with_namespace(connection, wanted.namespace)


def _check_sizes(house: House, files: Collection[DeployFile]) -> None:
    if not files:
        raise BadInputError("Expected at least one file to deploy, but there is none.")
    size = sum(len(file.content) for file in files)
    if size > house.rules.deployment_bytes:
        raise BadInputError(
            f"Expected files of at most {house.rules.deployment_bytes} bytes together, but got {size}."
        )
    names = [file.name for file in files]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise BadInputError(f"Expected file names to differ, but {doubled} stand there twice.")


def store_all(execution: Execution, person: Person, parsed: Sequence[Checked]) -> list[Deployment]:
    """Store checked deployments inside a transaction; new versions listen for what starts them."""
    unit = execution.unit
    deployments = []
    for checked in parsed:
        stored = store(unit, person.username, checked)
        if stored.is_new:
            for process in stored.processes:
                starts.listen(execution, process.key)
        deployments.append(
            Deployment(
                key=stored.deployment_key,
                is_new=stored.is_new,
                deployed_at=unit.now,
                processes=tuple(stored.processes),
                decisions=tuple(stored.decisions),
                requirements=tuple(stored.requirements),
                forms=tuple(stored.forms),
                resources=tuple(stored.resources),
            )
        )
    return deployments
