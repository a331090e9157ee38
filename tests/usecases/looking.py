"""What tests of running instances look at."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from service.persistence.tables import instances, tasks
from service.usecases import incidents, process_instances, user_tasks
from service.usecases.deployments import DeployFile, deploy
from service.usecases.process_instances import CreateInstance
from tests.usecases.conftest import Office


def deployed(office: Office, *files: DeployFile) -> None:
    """Deploy files as the process owner."""
    deploy(office.house, office.owner, list(files))


def started(office: Office, process_id: str, /, **variables: Any) -> int:
    """Start the latest version of a process as its owner and return the instance's key."""
    command = CreateInstance(process_id=process_id, variables=variables)
    return process_instances.create(office.house, office.owner, command).key


def values(office: Office, instance_key: int) -> Mapping[str, Any]:
    """Return the root variables of an instance."""
    rows = office.rows(instances.variables, instances.variables.c.scope_key == instance_key)
    return {row.name: json.loads(row.value) for row in rows}


def state(office: Office, instance_key: int) -> str:
    """Return the state of an instance."""
    return str(instance(office, instance_key).state)


def instance(office: Office, instance_key: int) -> Row[Any]:
    """Return an instance."""
    table = instances.process_instances
    (row,) = office.rows(table, table.c.key == instance_key)
    return row


def children(office: Office, instance_key: int) -> list[Row[Any]]:
    """Return the instances that an instance called, oldest first."""
    table = instances.process_instances
    found = office.rows(table, table.c.parent_instance_key == instance_key)
    return sorted(found, key=lambda row: int(row.key))


def active_incidents(office: Office) -> list[Row[Any]]:
    """Return the incidents that wait to be resolved, oldest first."""
    table = instances.incidents
    found = office.rows(table, table.c.state == "ACTIVE")
    return sorted(found, key=lambda row: int(row.key))


def incident(office: Office) -> Row[Any]:
    """Return the only incident that waits to be resolved."""
    (found,) = active_incidents(office)
    return found


def mend(office: Office, scope_key: int, **variables: Any) -> None:
    """Set variables of an instance as the operator."""
    process_instances.set_variables(office.house, office.operator, scope_key, variables, True)


def resolve(office: Office) -> None:
    """Resolve the only incident as the operator."""
    incidents.resolve(office.house, office.operator, incident(office).key)


def open_tasks(office: Office) -> list[str]:
    """Return the elements of the open user tasks, sorted."""
    return sorted(
        row.element_id
        for row in office.rows(tasks.user_tasks, tasks.user_tasks.c.state == "CREATED")
    )


def finish(office: Office, element_id: str, /, **variables: Any) -> None:
    """Complete the only open task of an element as somebody of 质量部."""
    task = office.task(element_id)
    user_tasks.complete(office.house, office.inspector, task.key, variables)
