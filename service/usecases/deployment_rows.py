"""The rows of a deployment: versions, resources."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, func, insert, select, update

from service import bpmn, dmn, forms
from service.persistence.locks import hold
from service.persistence.tables import definitions as tables
from service.persistence.unit import Unit
from service.usecases.definition_events import record_deployed
from service.usecases.deployment_check import Checked
from service.usecases.other_files import OtherFile


@dataclass(frozen=True)
class DeployedProcess:
    """A process definition as deployed (or found unchanged)."""

    key: int
    process_id: str
    version: int
    version_tag: str | None
    resource_name: str
    name: str | None


@dataclass(frozen=True)
class DeployedRequirements:
    """A decision requirements graph as deployed."""

    key: int
    requirements_id: str
    name: str | None
    version: int
    resource_name: str


@dataclass(frozen=True)
class DeployedDecision:
    """A decision definition as deployed."""

    key: int
    decision_id: str
    name: str | None
    version: int
    version_tag: str | None
    requirements_key: int
    requirements_id: str


@dataclass(frozen=True)
class DeployedForm:
    """A form as deployed."""

    key: int
    form_id: str
    version: int
    version_tag: str | None
    resource_name: str


@dataclass(frozen=True)
class DeployedResource:
    """A file of another kind as deployed."""

    key: int
    resource_id: str
    version: int
    version_tag: str | None
    resource_name: str


@dataclass
class Stored:
    """What `store` wrote or, when nothing was new, found."""

    deployment_key: int
    is_new: bool
    processes: list[DeployedProcess] = field(default_factory=list)
    requirements: list[DeployedRequirements] = field(default_factory=list)
    decisions: list[DeployedDecision] = field(default_factory=list)
    forms: list[DeployedForm] = field(default_factory=list)
    resources: list[DeployedResource] = field(default_factory=list)


def store(unit: Unit, username: str, checked: Checked) -> Stored:
    """Write a checked deployment; when nothing in it is new, only find the versions that stand there.

    One deployment is written at a time, since each takes the number after the newest.
    """
    hold(unit.connection, "deployments")
    checksums = {
        name: hashlib.sha256(content).hexdigest() for name, content in checked.contents.items()
    }
    is_new = any(_is_new(unit, checked, name, checksum) for name, checksum in checksums.items())
    writer = _Writer(unit, Stored(unit.new_key(), is_new), checksums, username)
    if is_new:
        unit.connection.execute(
            insert(tables.deployments).values(
                key=writer.stored.deployment_key, deployed_at=unit.now, deployed_by=username
            )
        )
    for name, content in checked.contents.items():
        writer.resource(name, content)
    for name, file in checked.processes.items():
        for process in file.processes:
            if process.is_executable:
                writer.process(name, process)
    for name, requirements in checked.decisions.items():
        writer.requirements(name, requirements)
    writer.imports(checked.decisions)
    for name, form in checked.forms.items():
        writer.form(name, form)
    for name, other in checked.others.items():
        writer.other(name, other)
    if is_new:
        unit.record(
            "deployment.created",
            who=username,
            detail={
                "deployment_key": str(writer.stored.deployment_key),
                "resources": sorted(checked.contents),
                "definitions": writer.added,
            },
        )
    return writer.stored


def _is_new(unit: Unit, checked: Checked, name: str, checksum: str) -> bool:
    latest: list[Any] = []
    if name in checked.processes:
        latest = [
            _latest(unit, tables.process_definitions, "process_id", process.id)
            for process in checked.processes[name].processes
            if process.is_executable
        ]
    elif name in checked.decisions:
        requirements = checked.decisions[name]
        latest = [_latest(unit, tables.decision_requirements, "requirements_id", requirements.id)]
        if latest[0] is not None and _imports_changed(unit, latest[0].key, requirements):
            return True
    elif name in checked.forms:
        latest = [_latest(unit, tables.forms, "form_id", checked.forms[name].id)]
    else:
        identifier = checked.others[name].id
        latest = [_latest(unit, tables.generic_resources, "resource_id", identifier)]
    return any(
        row is None or row.checksum != checksum or row.resource_name != name for row in latest
    )


def _imports_changed(unit: Unit, key: int, requirements: dmn.Definitions) -> bool:
    """Tell whether a file that is deployed imports by now another version of another deployment."""
    table = tables.decision_imports
    query = select(table.c.namespace, table.c.imported_key).where(table.c.requirements_key == key)
    bound = {row.namespace: row.imported_key for row in unit.connection.execute(query)}
    return any(
        bound.get(namespace) != imported.origin
        for namespace, imported in requirements.imports.items()
        if isinstance(imported.origin, int)
    )


def _latest(unit: Unit, table: Table, column: str, identifier: str) -> Any:
    query = select(table).where(table.c[column] == identifier, table.c.is_latest)
    return unit.connection.execute(query).one_or_none()


class _Writer:
    """Writes the definitions of one deployment, or collects the ones that are there."""

    def __init__(
        self, unit: Unit, stored: Stored, checksums: dict[str, str], username: str
    ) -> None:
        self.unit = unit
        self.stored = stored
        self._checksums = checksums
        self._username = username
        self._is_new = stored.is_new
        self._resource_keys: dict[str, int] = {}
        self.added = 0

    def resource(self, name: str, content: bytes) -> None:
        """Store a file."""
        if not self._is_new:
            return
        key = self._resource_keys[name] = self.unit.new_key()
        self.unit.connection.execute(
            insert(tables.resources).values(
                key=key,
                deployment_key=self.stored.deployment_key,
                name=name,
                checksum=self._checksums[name],
                content=content,
            )
        )

    def process(self, name: str, process: bpmn.ProcessModel) -> None:
        """Store the next version of a process."""
        table = tables.process_definitions
        row = _latest(self.unit, table, "process_id", process.id)
        if self._is_new:
            row = self._next(
                table,
                "process_id",
                process.id,
                name,
                version_tag=process.version_tag,
                name=process.name,
                start_form_id=process.start_form.id if process.start_form else None,
                properties=dict(process.properties),
                state="ACTIVE",
                deployed_at=self.unit.now,
            )
        else:
            row = row._mapping
        self.stored.processes.append(
            DeployedProcess(
                row["key"],
                row["process_id"],
                row["version"],
                row["version_tag"],
                row["resource_name"],
                row["name"],
            )
        )

    def requirements(self, name: str, definitions: dmn.Definitions) -> None:
        """Store the next version of a requirements graph with its decisions."""
        table = tables.decision_requirements
        row = _latest(self.unit, table, "requirements_id", definitions.id)
        if self._is_new:
            row = self._next(
                table,
                "requirements_id",
                definitions.id,
                name,
                name=definitions.name,
                namespace=definitions.namespace,
            )
        else:
            row = row._mapping
        self.stored.requirements.append(
            DeployedRequirements(
                row["key"],
                row["requirements_id"],
                row["name"],
                row["version"],
                row["resource_name"],
            )
        )
        for decision in definitions.decisions:
            self._decision(decision, row["key"], definitions.id)

    def imports(self, decisions: Mapping[str, dmn.Definitions]) -> None:
        """Bind each file to the versions it imports: of this deployment, else those found deployed."""
        if not self._is_new:
            return
        keys = {one.resource_name: one.key for one in self.stored.requirements}
        rows = [
            {
                "requirements_key": keys[name],
                "namespace": namespace,
                "imported_key": keys.get(imported.origin, imported.origin),
            }
            for name, definitions in decisions.items()
            for namespace, imported in definitions.imports.items()
        ]
        self.unit.insert(tables.decision_imports, rows)

    def form(self, name: str, form: forms.Form) -> None:
        """Store the next version of a form."""
        row = self._version_of(tables.forms, "form_id", form.id, name, form.version_tag)
        self.stored.forms.append(DeployedForm(*row))

    def other(self, name: str, file: OtherFile) -> None:
        """Store the next version of a file of another kind."""
        table = tables.generic_resources
        row = self._version_of(table, "resource_id", file.id, name, file.version_tag)
        self.stored.resources.append(DeployedResource(*row))

    def _version_of(
        self, table: Table, column: str, file_id: str, name: str, version_tag: str | None
    ) -> tuple[Any, ...]:
        """Store the next version of a file that is new; return key, id, version, tag and name of the latest."""
        row: Any = _latest(self.unit, table, column, file_id)
        if self._is_new:
            row = self._next(table, column, file_id, name, version_tag=version_tag)
        else:
            row = row._mapping
        return tuple(
            row[part] for part in ("key", column, "version", "version_tag", "resource_name")
        )

    def _decision(
        self, decision: dmn.DecisionInfo, requirements_key: int, requirements_id: str
    ) -> None:
        table = tables.decision_definitions
        if self._is_new:
            version = self._retire(table, "decision_id", decision.id) + 1
            key = self.unit.new_key()
            row = {
                "key": key,
                "decision_id": decision.id,
                "name": decision.name,
                "version": version,
                "version_tag": decision.version_tag,
                "requirements_key": requirements_key,
                "deployment_key": self.stored.deployment_key,
                "is_latest": True,
            }
            self._add(table, row)
        else:
            found = _latest(self.unit, table, "decision_id", decision.id)
            key, version = found.key, found.version
        self.stored.decisions.append(
            DeployedDecision(
                key,
                decision.id,
                decision.name,
                version,
                decision.version_tag,
                requirements_key,
                requirements_id,
            )
        )

    def _next(
        self, table: Table, column: str, identifier: str, resource_name: str, **values: Any
    ) -> dict[str, Any]:
        version = self._retire(table, column, identifier) + 1
        row = {
            "key": self.unit.new_key(),
            column: identifier,
            "version": version,
            "resource_name": resource_name,
            "resource_key": self._resource_keys[resource_name],
            "deployment_key": self.stored.deployment_key,
            "checksum": self._checksums[resource_name],
            "is_latest": True,
            **values,
        }
        self._add(table, row)
        return row

    def _add(self, table: Table, row: dict[str, Any]) -> None:
        self.unit.connection.execute(insert(table).values(**row))
        record_deployed(self.unit, self._username, table, row)
        self.added += 1

    def _retire(self, table: Table, column: str, identifier: str) -> int:
        """Take the mark «latest» from the newest version and return the highest number ever given.

        Deleted versions count: a number is never given again. 0 when there is none.
        """
        is_it = table.c[column] == identifier
        self.unit.connection.execute(
            update(table).where(is_it, table.c.is_latest).values(is_latest=False)
        )
        query = select(func.max(table.c.version)).where(is_it)
        return int(self.unit.connection.execute(query).scalar_one() or 0)
