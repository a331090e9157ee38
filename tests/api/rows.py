"""Rows for tests of the search machine, with full defaults."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert

from service.persistence.tables import cases, definitions, instances, tasks
from service.usecases.execution.task_rows import candidate_rows

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def add_process(connection: Connection, key: int = 10, **changes: Any) -> None:
    """Add a process definition."""
    row = {
        "key": key,
        "process_id": "complaint",
        "version": 1,
        "version_tag": None,
        "name": "顾客反馈处理",
        "resource_name": "complaint.bpmn",
        "resource_key": 1,
        "deployment_key": 2,
        "checksum": "x",
        "start_form_id": None,
        "properties": {},
        "is_latest": True,
        "state": "ACTIVE",
        "deployed_at": NOW,
    }
    connection.execute(insert(definitions.process_definitions).values({**row, **changes}))


def add_instance(connection: Connection, key: int, **changes: Any) -> None:
    """Add a process instance of the process with key 10."""
    row = {
        "key": key,
        "process_key": 10,
        "process_id": "complaint",
        "version": 1,
        "state": "ACTIVE",
        "root_key": key,
        "call_depth": 0,
        "started_at": NOW,
        "tags": [],
        "engine_state": b"",
        "row_version": 0,
        "has_incident": False,
    }
    connection.execute(insert(instances.process_instances).values({**row, **changes}))


def add_task(connection: Connection, key: int, instance_key: int = 100, **changes: Any) -> None:
    """Add an open user task with its candidate rows."""
    row = {
        "key": key,
        "element_instance_key": key + 1,
        "instance_key": instance_key,
        "root_key": instance_key,
        "process_key": 10,
        "process_id": "complaint",
        "process_name": "顾客反馈处理",
        "version": 1,
        "scope_key": instance_key,
        "element_id": "define_problem",
        "name": "界定问题",
        "state": "CREATED",
        "candidate_groups": [],
        "candidate_users": [],
        "priority": 50,
        "headers": {},
        "properties": {},
        "created_at": NOW,
        "overdue_level": 0,
        "row_version": 0,
        "assignee": None,
        "due_at": None,
        **changes,
    }
    connection.execute(insert(tasks.user_tasks).values(row))
    candidates = candidate_rows(row)
    if candidates:
        connection.execute(insert(tasks.user_task_candidates), candidates)


def add_variable(
    connection: Connection, key: int, name: str, value: str, scope_key: int, instance_key: int = 100
) -> None:
    """Add a variable; `value` is JSON text."""
    connection.execute(
        insert(instances.variables).values(
            key=key,
            instance_key=instance_key,
            root_key=instance_key,
            scope_key=scope_key,
            name=name,
            value=value,
            is_live=True,
        )
    )


def add_element(connection: Connection, key: int, **changes: Any) -> None:
    """Add an element instance of the process instance with key 100."""
    row = {
        "key": key,
        "instance_key": 100,
        "scope_key": 100,
        "element_id": "define_problem",
        "name": "界定问题",
        "type": "USER_TASK",
        "state": "ACTIVE",
        "started_at": NOW,
    }
    connection.execute(insert(instances.element_instances).values({**row, **changes}))


def add_subscription(connection: Connection, key: int, element_id: str, **changes: Any) -> None:
    """Add a message subscription of the process instance with key 100; the message is named as the element."""
    row = {
        "key": key,
        "instance_key": 100,
        "element_instance_key": key + 1000,
        "element_id": element_id,
        "process_id": "complaint",
        "message_name": element_id,
        "correlation_key": "K",
        "is_interrupting": True,
        "opened_at": NOW,
    }
    connection.execute(insert(instances.message_subscriptions).values({**row, **changes}))


def add_correlation(
    connection: Connection, key: int, subscription_key: int | None, name: str, **changes: Any
) -> None:
    """Add a message that reached the process instance with key 100, named as the element."""
    row = {
        "key": key,
        "message_key": key,
        "message_name": name,
        "correlation_key": "K",
        "process_id": "complaint",
        "instance_key": 100,
        "subscription_key": subscription_key,
        "element_id": name,
        "correlated_at": NOW,
    }
    connection.execute(insert(instances.message_correlations).values({**row, **changes}))


def add_start_event(connection: Connection, key: int, kind: str) -> None:
    """Add a start event of the process with key 10."""
    connection.execute(
        insert(definitions.start_events).values(
            key=key, process_key=10, process_id="complaint", element_id="start", kind=kind, name="m"
        )
    )


def add_reader(connection: Connection, case_key: int, kind: str, name: str) -> None:
    """Let somebody read a case."""
    connection.execute(
        insert(cases.case_readers).values(
            case_key=case_key, kind=kind, name=name, reason="test", since=NOW
        )
    )
