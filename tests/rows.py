"""Rows with full defaults: a test names only what matters to it."""

from itertools import count
from typing import Any

from sqlalchemy import Connection, Table, insert

from service.identity import Person
from service.persistence.tables import cases, definitions, house, instances, tasks
from service.usecases.execution.task_rows import candidate_rows
from tests.fakes import NOW

_keys = count(1_000_000)


def new_key() -> int:
    """Return a key that no other row of this test has."""
    return next(_keys)


def person(username: str = "chenjing", **changes: Any) -> Person:
    """Return somebody without rows: a member of staff in no group."""
    return Person(**{"username": username, "name": username.title(), **changes})


def add_group(connection: Connection, key: str, **changes: Any) -> None:
    """Add a department."""
    row = {"name": key, "other_names": [], "is_department": True, "supervisor_group": None}
    _insert(connection, house.groups, {"key": key, **row, **changes})


def add_person(
    connection: Connection, username: str, groups: tuple[str, ...] = (), **changes: Any
) -> Person:
    """Add an active member of staff in some groups and return who he is."""
    row = {
        "username": username,
        "name": username.title(),
        "email": f"{username}@example.com",
        "password_hash": None,
        "roles": ["staff"],
        "department": None,
        "is_active": True,
        "is_program": False,
        **changes,
    }
    _insert(connection, house.people, row)
    for group in groups:
        _insert(connection, house.memberships, {"group_key": group, "username": username})
    return Person(
        username,
        row["name"],
        email=row["email"],
        groups=frozenset(groups),
        roles=frozenset(row["roles"]),
        department=row["department"],
        is_program=row["is_program"],
    )


def add_resource(connection: Connection, content: bytes, name: str, **changes: Any) -> int:
    """Add the file of a deployment and return its key."""
    row = {"key": new_key(), "deployment_key": 1, "name": name, "checksum": "x", "content": content}
    return _insert(connection, definitions.resources, {**row, **changes})


def add_process(
    connection: Connection,
    process_id: str = "customer_feedback",
    xml: bytes = b"<x/>",
    **changes: Any,
) -> int:
    """Add the only version of a process with its file and return its key."""
    file_name = f"{process_id}.bpmn"
    row = {
        "key": new_key(),
        "process_id": process_id,
        "version": 1,
        "name": "顾客反馈处理程序",
        "resource_name": file_name,
        "resource_key": add_resource(connection, xml, file_name),
        "deployment_key": 1,
        "checksum": "x",
        "properties": {},
        "is_latest": True,
        "state": "ACTIVE",
        "deployed_at": NOW,
    }
    return _insert(connection, definitions.process_definitions, {**row, **changes})


def add_form(connection: Connection, form_id: str, schema: bytes, **changes: Any) -> int:
    """Add the only version of a form and return its key."""
    file_name = f"{form_id}.form"
    row = {
        "key": new_key(),
        "form_id": form_id,
        "version": 1,
        "resource_name": file_name,
        "resource_key": add_resource(connection, schema, file_name),
        "deployment_key": 1,
        "checksum": "x",
        "is_latest": True,
    }
    return _insert(connection, definitions.forms, {**row, **changes})


def add_instance(connection: Connection, **changes: Any) -> int:
    """Add a running root instance of a process and return its key."""
    key = changes.pop("key", new_key())
    row = {
        "key": key,
        "process_key": 1,
        "process_id": "customer_feedback",
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
    return _insert(connection, instances.process_instances, {**row, **changes})


def add_element(connection: Connection, instance_key: int, element_id: str, **changes: Any) -> int:
    """Add an active user task element of an instance and return its key."""
    row = {
        "key": new_key(),
        "instance_key": instance_key,
        "scope_key": instance_key,
        "element_id": element_id,
        "name": element_id,
        "type": "USER_TASK",
        "state": "ACTIVE",
        "started_at": NOW,
    }
    return _insert(connection, instances.element_instances, {**row, **changes})


def add_job(connection: Connection, type_: str, **changes: Any) -> int:
    """Add a job that waits for a worker and return its key."""
    row = {
        "key": new_key(),
        "instance_key": 1,
        "element_instance_key": 2,
        "element_id": "send_bill",
        "type": type_,
        "kind": "BPMN_ELEMENT",
        "listener_event_type": "UNSPECIFIED",
        "state": "CREATED",
        "retries": 3,
        "priority": 50,
        "headers": {},
        "variables": {},
        "caught_errors": [],
        "available_at": NOW,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return _insert(connection, instances.jobs, {**row, **changes})


def add_incident(connection: Connection, instance_key: int, **changes: Any) -> int:
    """Add an open incident at the process of an instance and return its key."""
    row = {
        "key": new_key(),
        "instance_key": instance_key,
        "element_instance_key": instance_key,
        "element_id": "x",
        "error_type": "JOB_NO_RETRIES",
        "message": "失败",
        "state": "ACTIVE",
        "created_at": NOW,
    }
    return _insert(connection, instances.incidents, {**row, **changes})


def add_variable(connection: Connection, instance_key: int, name: str, value: str) -> None:
    """Add a root variable; `value` is JSON text."""
    row = {
        "key": new_key(),
        "instance_key": instance_key,
        "root_key": instance_key,
        "scope_key": instance_key,
        "name": name,
        "value": value,
        "is_live": True,
    }
    _insert(connection, instances.variables, row)


def add_case(connection: Connection, case_no: str = "20261124-TEL-001", **changes: Any) -> int:
    """Add an open case and return its key."""
    row = {
        "key": new_key(),
        "case_no": case_no,
        "root_instance_key": 1,
        "process_id": "customer_feedback",
        "title": "王小明：开胶",
        "customer": "王小明",
        "grade": "2级",
        "channel": "TEL",
        "deadline_at": None,
        "state": "OPEN",
        "opened_by": "chenjing",
        "opened_at": NOW,
        "facts": {},
        "is_overdue": False,
    }
    return _insert(connection, cases.cases, {**row, **changes})


def add_reader(connection: Connection, case_key: int, kind: str, name: str, **changes: Any) -> None:
    """Let a group or a user read a case."""
    row = {"case_key": case_key, "kind": kind, "name": name, "reason": "抄送", "since": NOW}
    _insert(connection, cases.case_readers, {**row, **changes})


def add_task(connection: Connection, **changes: Any) -> int:
    """Add an open user task with its candidate rows and return its key."""
    row = {
        "key": new_key(),
        "element_instance_key": new_key(),
        "instance_key": 1,
        "root_key": 1,
        "process_key": 1,
        "process_id": "customer_feedback",
        "process_name": "顾客反馈处理程序",
        "version": 1,
        "case_key": None,
        "scope_key": 1,
        "element_id": "define_problem",
        "name": "界定问题",
        "state": "CREATED",
        "assignee": None,
        "candidate_groups": [],
        "candidate_users": [],
        "priority": 50,
        "due_at": None,
        "headers": {},
        "properties": {},
        "created_at": NOW,
        "overdue_level": 0,
        "row_version": 0,
        **changes,
    }
    _insert(connection, tasks.user_tasks, row)
    for candidate in candidate_rows(row):
        _insert(connection, tasks.user_task_candidates, candidate)
    return int(row["key"])


def add_submission(connection: Connection, **changes: Any) -> int:
    """Add the first submission of a form and return its key."""
    row = {
        "key": new_key(),
        "instance_key": 1,
        "element_id": "define_problem",
        "form_id": "define_problem",
        "form_key": 1,
        "round": 1,
        "values": {},
        "submitted_by": "chenjing",
        "submitted_at": NOW,
    }
    return _insert(connection, tasks.form_submissions, {**row, **changes})


def add_event(connection: Connection, kind: str, **changes: Any) -> int:
    """Add an event of the history and return its key."""
    row = {"key": new_key(), "at": NOW, "kind": kind, "rule_refs": [], "detail": {}}
    return _insert(connection, cases.events, {**row, **changes})


def add_attachment(connection: Connection, file_id: str, **changes: Any) -> str:
    """Add a bound picture with its content and return its id."""
    row = {
        "id": file_id,
        "file_name": f"{file_id}.png",
        "content_type": "image/png",
        "size": 3,
        "sha256": "x",
        "uploaded_by": "chenjing",
        "uploaded_at": NOW,
        "is_bound": True,
    }
    connection.execute(insert(cases.attachments).values({**row, **changes}))
    connection.execute(insert(cases.attachment_contents).values(id=file_id, content=b"png"))
    return file_id


def add_mail(connection: Connection, **changes: Any) -> int:
    """Add a mail that waits to be sent and return its key."""
    row = {
        "key": new_key(),
        "recipient": "a@example.com",
        "subject": "主题",
        "body": "正文",
        "attachment_ids": [],
        "is_to_customer": False,
        "state": "WAITING",
        "attempts": 0,
        "created_at": NOW,
        "next_attempt_at": NOW,
    }
    return _insert(connection, cases.mails, {**row, **changes})


def add_notification(connection: Connection, username: str, **changes: Any) -> int:
    """Add an unread letter and return its key."""
    row = {
        "key": new_key(),
        "username": username,
        "subject": "主题",
        "body": "正文",
        "created_at": NOW,
    }
    return _insert(connection, cases.notifications, {**row, **changes})


def _insert(connection: Connection, table: Table, row: dict[str, Any]) -> int:
    connection.execute(insert(table).values(row))
    return int(row.get("key", 0)) if isinstance(row.get("key", 0), int) else 0
