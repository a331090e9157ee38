"""Compiled definitions, kept by key in this process: a deployed one never changes, so neither do these."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Row, Select, select

from service import bpmn, dmn, engine, forms
from service.domain.errors import HuiyinError, NotFoundError, WrongStateError
from service.persistence.tables import definitions as tables

K = TypeVar("K")
V = TypeVar("V")

KEPT = 500
"""Forms and decisions kept of each kind; the one used longest ago goes first."""

KEPT_ELEMENTS = 5000
"""Elements of all processes kept together: some 25 MB. A larger process is kept alone."""


@dataclass(frozen=True)
class LoadedProcess:
    """A process definition, ready to run."""

    key: int
    process_id: str
    version: int
    version_tag: str | None
    name: str
    deployment_key: int
    model: bpmn.ProcessModel
    compiled: engine.CompiledProcess


@dataclass(frozen=True)
class NamedUse:
    """A step of a process that names something deployed apart from it.

    Attributes:
        kind: `process`, `decision` or `form`.
        step: The name of the step, or its id when it has none.
    """

    kind: str
    used_id: str
    step: str


@dataclass(frozen=True)
class LoadedDecision:
    """A decision definition, ready to evaluate."""

    key: int
    decision_id: str
    version: int
    name: str | None
    requirements_key: int
    requirements: dmn.Definitions


class Kept(Generic[K, V]):
    """A small least-recently-used store, safe to share between threads."""

    def __init__(self, size: int, weigh: Callable[[V], int] = lambda value: 1) -> None:
        """Keep values that weigh at most `size` together, at least the one used last."""
        self._size = size
        self._weigh = weigh
        self._weight = 0
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Return the kept value, or make it (outside the lock: two threads may both make it once)."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            if key not in self._values:
                self._weight += self._weigh(value)
            self._values[key] = value
            while self._weight > self._size and len(self._values) > 1:
                _, gone = self._values.popitem(last=False)
                self._weight -= self._weigh(gone)
        return value


class Definitions:
    """Finds definitions by key or binding and compiles each once a process."""

    def __init__(self, kept: int = KEPT, kept_elements: int = KEPT_ELEMENTS) -> None:
        """Start empty."""
        self._processes: Kept[int, LoadedProcess] = Kept(
            kept_elements, lambda process: len(process.model.elements)
        )
        self._requirements: Kept[int, dmn.Definitions] = Kept(kept)
        self._decisions: Kept[int, LoadedDecision] = Kept(kept)
        self._forms: Kept[int, forms.Form] = Kept(kept)
        self._uses: Kept[int, tuple[NamedUse, ...]] = Kept(kept)

    def process(self, connection: Connection, key: int) -> LoadedProcess:
        """Return the process definition of that key.

        Raises:
            NotFoundError: There is none.
        """
        return self._processes.get(key, lambda: self._load_process(connection, key))

    def latest_process(self, connection: Connection, process_id: str) -> LoadedProcess | None:
        """Return the newest version of a process, or None."""
        key = find_process(connection, process_id, "latest")
        return None if key is None else self.process(connection, key)

    def uses(self, connection: Connection, key: int) -> tuple[NamedUse, ...]:
        """Return what a process names by a written id, in document order; it need not be compiled for it.

        Raises:
            NotFoundError: There is no process definition of that key.
        """
        return self._uses.get(key, lambda: self._load_uses(connection, key))

    def form(self, connection: Connection, key: int) -> forms.Form:
        """Return the form of that key.

        Raises:
            NotFoundError: There is none.
        """
        return self._forms.get(key, lambda: self._load_form(connection, key))

    def decision(self, connection: Connection, key: int) -> LoadedDecision:
        """Return the decision definition of that key.

        Raises:
            NotFoundError: There is none.
        """
        return self._decisions.get(key, lambda: self._load_decision(connection, key))

    def with_namespace(self, connection: Connection, namespace: str) -> list[dmn.Definitions]:
        """Return the newest versions of the decision requirements with a namespace; usually one."""
        table = tables.decision_requirements
        query = select(table.c.key).where(table.c.namespace == namespace, table.c.is_latest)
        keys = connection.execute(query.order_by(table.c.key)).scalars().all()
        return [self._requirements_of(connection, key) for key in keys]

    def _requirements_of(self, connection: Connection, key: int) -> dmn.Definitions:
        return self._requirements.get(key, lambda: self._load_requirements(connection, key))

    def _load_decision(self, connection: Connection, key: int) -> LoadedDecision:
        table = tables.decision_definitions
        row = _one(connection, select(table).where(table.c.key == key), "decision definition", key)
        requirements = self._requirements_of(connection, row.requirements_key)
        return LoadedDecision(
            row.key, row.decision_id, row.version, row.name, row.requirements_key, requirements
        )

    def _load_uses(self, connection: Connection, key: int) -> tuple[NamedUse, ...]:
        _, model = _drawn(connection, key)
        return tuple(
            NamedUse(use.kind, use.reference.id or "", use.element.name or use.element.id)
            for element in model.elements.values()
            for use in bpmn.uses(element)
            if use.reference.is_static
        )

    def _load_process(self, connection: Connection, key: int) -> LoadedProcess:
        row, model = _drawn(connection, key)
        return LoadedProcess(
            key=row.key,
            process_id=row.process_id,
            version=row.version,
            version_tag=row.version_tag,
            name=row.name or row.process_id,
            deployment_key=row.deployment_key,
            model=model,
            compiled=engine.compile_model(model),
        )

    def _load_form(self, connection: Connection, key: int) -> forms.Form:
        row = _content(connection, tables.forms, key, "form")
        return forms.parse(row.content, row.resource_name)

    def _load_requirements(self, connection: Connection, key: int) -> dmn.Definitions:
        row = _content(connection, tables.decision_requirements, key, "decision requirements")
        table = tables.decision_imports
        query = select(table.c.namespace, table.c.imported_key).where(
            table.c.requirements_key == key
        )
        imports = {
            namespace: self._requirements_of(connection, imported_key)
            for namespace, imported_key in connection.execute(query).all()
        }
        return dmn.parse(row.content, row.resource_name, imports, origin=key)


def find_process(
    connection: Connection,
    process_id: str,
    kind: str,
    version_tag: str | None = None,
    deployment_key: int | None = None,
) -> int | None:
    """Return the key of the process definition a binding means (`latest`, `deployment`, `versionTag`)."""
    table = tables.process_definitions
    return _bound(
        connection, table, table.c.process_id == process_id, kind, version_tag, deployment_key
    )


def find_process_version(connection: Connection, process_id: str, version: int) -> int | None:
    """Return the key of one version of a process, or None."""
    table = tables.process_definitions
    query = select(table.c.key).where(
        table.c.process_id == process_id, table.c.version == version, table.c.state == "ACTIVE"
    )
    return connection.execute(query).scalar_one_or_none()


def is_process_in_use(connection: Connection, key: int) -> bool:
    """Return True when new instances may begin with a process definition: it is there, not deleted."""
    return _is_in_use(connection, tables.process_definitions, key)


def not_in_use(connection: Connection, key: int) -> HuiyinError:
    """Return the refusal of a process definition with which nothing may begin.

    Source: Camunda 8.10 (ProcessInstanceCreationHelper): one that is deleted while instances of it run is
    `INVALID_STATE` until the last one has ended.
    """
    table = tables.process_definitions
    state = connection.execute(select(table.c.state).where(table.c.key == key)).scalar_one_or_none()
    if state == "DRAINING":
        return WrongStateError(
            f"Expected process definition '{key}' to be in use, but it is being deleted.",
            key=key,
            state=state,
        )
    return NotFoundError(
        f"Expected to find a process definition with key '{key}', but there is none.", key=key
    )


def find_draining_version(connection: Connection, process_id: str, version: int) -> int | None:
    """Return the key of one version of a process that is deleted while instances of it run, or None."""
    table = tables.process_definitions
    query = select(table.c.key).where(
        table.c.process_id == process_id, table.c.version == version, table.c.state == "DRAINING"
    )
    return connection.execute(query).scalar_one_or_none()


def is_decision_in_use(connection: Connection, key: int) -> bool:
    """Return True when a decision definition may be evaluated: it is there, not deleted."""
    return _is_in_use(connection, tables.decision_definitions, key)


def find_decision(
    connection: Connection,
    decision_id: str,
    kind: str,
    version_tag: str | None = None,
    deployment_key: int | None = None,
) -> int | None:
    """Return the key of the decision definition a binding means."""
    table = tables.decision_definitions
    return _bound(
        connection, table, table.c.decision_id == decision_id, kind, version_tag, deployment_key
    )


def _drawn(connection: Connection, key: int) -> tuple[Row[Any], bpmn.ProcessModel]:
    """Return the row of a process definition, with its file, and what the file draws."""
    table, resource = tables.process_definitions, tables.resources
    row = _one(
        connection,
        select(table, resource.c.content)
        .join(resource, resource.c.key == table.c.resource_key)
        .where(table.c.key == key),
        "process definition",
        key,
    )
    file = bpmn.parse(row.content, row.resource_name)
    return row, next(process for process in file.processes if process.id == row.process_id)


def find_form(
    connection: Connection,
    form_id: str,
    kind: str,
    version_tag: str | None = None,
    deployment_key: int | None = None,
) -> int | None:
    """Return the key of the form a binding means."""
    table = tables.forms
    return _bound(connection, table, table.c.form_id == form_id, kind, version_tag, deployment_key)


def find_resource(
    connection: Connection,
    resource_id: str,
    kind: str,
    version_tag: str | None = None,
    deployment_key: int | None = None,
) -> int | None:
    """Return the key of the file of another kind that a binding means."""
    table = tables.generic_resources
    is_it = table.c.resource_id == resource_id
    return _bound(connection, table, is_it, kind, version_tag, deployment_key)


def _bound(
    connection: Connection,
    table: Any,
    is_it: Any,
    kind: str,
    version_tag: str | None,
    deployment_key: int | None,
) -> int | None:
    condition: Mapping[str, Any] = {
        "latest": table.c.is_latest,
        "deployment": table.c.deployment_key == deployment_key,
        "versionTag": table.c.version_tag == version_tag,
    }
    query = select(table.c.key).where(is_it, condition[kind], table.c.state == "ACTIVE")
    newest = query.order_by(table.c.version.desc()).limit(1)
    return connection.execute(newest).scalar_one_or_none()


def _is_in_use(connection: Connection, table: Any, key: int) -> bool:
    query = select(table.c.state).where(table.c.key == key)
    return connection.execute(query).scalar_one_or_none() == "ACTIVE"


def _content(connection: Connection, table: Any, key: int, what: str) -> Row[Any]:
    resource = tables.resources
    query = (
        select(table.c.resource_name, resource.c.content)
        .join(resource, resource.c.key == table.c.resource_key)
        .where(table.c.key == key)
    )
    return _one(connection, query, what, key)


def _one(connection: Connection, query: Select[Any], what: str, key: int) -> Row[Any]:
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(
            f"Expected to find a {what} with key '{key}', but there is none.", key=key
        )
    return row
