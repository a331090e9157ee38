"""What the end-to-end figures are measured in: people, a process, tokens, and tens of thousands of tasks."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine, insert, select, text

from service.bootstrap import build
from service.persistence.tables import cases, instances, tasks
from service.running.preparing import prepare
from service.settings import Settings
from service.usecases import parameters, people
from service.usecases.deployments import DeployFile, deploy
from service.usecases.execution.task_rows import candidate_rows
from service.usecases.house import House
from service.usecases.transaction import SYSTEM

PASSWORD = "bench-password"
CLERKS = 8
FILES = Path(__file__).parent / "process"
PARAMETERS = Path("processes/parameters.json")
GROUPS = 10
MINE = 50
CHUNK = 1000
OPENERS = 400
"""People who open cases; the clerks are eight of them."""
APART = timedelta(seconds=40)
"""Between one case and the one before it."""


def make(settings: Settings) -> House:
    """Return a house with a process, its form and decision, and eight clerks in a group of ten."""
    prepare(settings)
    house = build(settings).house
    parameters.load_shipped(house, orjson.loads(PARAMETERS.read_bytes()))
    people.load_directory(house, _directory())
    owner = replace(SYSTEM, roles=frozenset({"process_owner"}))
    files = [DeployFile(file.name, file.read_bytes()) for file in sorted(FILES.iterdir())]
    deploy(house, owner, files)
    return house


def headers(house: House) -> list[dict[str, str]]:
    """Return the headers of each clerk's API token."""
    found = []
    for username in clerks():
        with house.database.reading() as connection:
            person = people.person(connection, username)
        assert person is not None
        token = people.create_token(house, person, "bench", None)
        found.append({"Authorization": f"Bearer {token}"})
    return found


def clerks() -> list[str]:
    """Return the user names of the clerks."""
    return [f"clerk{number}" for number in range(CLERKS)]


def open_task_keys(house: House, element_id: str) -> list[int]:
    """Return the keys of the open tasks of an element."""
    table = tasks.user_tasks
    query = select(table.c.key).where(table.c.element_id == element_id, table.c.state == "CREATED")
    with house.database.reading() as connection:
        return list(connection.execute(query.order_by(table.c.key)).scalars())


def fill(house: House, count: int) -> None:
    """Add that many open tasks, a case each: `MINE` for each clerk, the rest claimable by ten groups."""
    with house.database.unit(house.outside) as unit:
        for first in range(0, count, CHUNK):
            numbers = range(first, first + CHUNK)
            rows = [_task(unit.new_key, unit.now, number) for number in numbers]
            _insert(unit.connection, numbers, rows)
        unit.commit()
    settle(house.database.engine)


def settle(engine: Engine) -> None:
    """Do what PostgreSQL does by itself within a minute of so many rows: count, note which all may see."""
    if engine.dialect.name == "postgresql":
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _insert(connection: Any, numbers: range, rows: list[dict[str, Any]]) -> None:
    opened = [_case(row, number) for row, number in zip(rows, numbers, strict=True)]
    connection.execute(insert(cases.cases), opened)
    connection.execute(insert(instances.process_instances), [_instance(row) for row in rows])
    connection.execute(insert(tasks.user_tasks), rows)
    candidates = [candidate for row in rows for candidate in candidate_rows(row)]
    if candidates:
        connection.execute(insert(tasks.user_task_candidates), candidates)


def _task(new_key: Any, now: datetime, number: int) -> dict[str, Any]:
    instance_key = new_key()
    is_mine = number < CLERKS * MINE
    return {
        "key": new_key(),
        "element_instance_key": new_key(),
        "instance_key": instance_key,
        "root_key": instance_key,
        "process_key": 1,
        "process_id": "bench_feedback",
        "process_name": "测量用反馈",
        "version": 1,
        "case_key": new_key(),
        "scope_key": instance_key,
        "element_id": "define_problem",
        "name": "界定问题",
        "state": "CREATED",
        "assignee": f"clerk{number % CLERKS}" if is_mine else None,
        "candidate_groups": ["cs" if number % GROUPS == 0 else f"group{number % GROUPS}"],
        "candidate_users": [],
        "priority": 50,
        "due_at": now - number * APART + timedelta(days=3),
        "headers": {},
        "properties": {},
        "created_at": now - number * APART,
        "overdue_level": 0,
        "row_version": 0,
    }


def _case(row: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        "key": row["case_key"],
        "case_no": f"BX-{row['case_key']}",
        "root_instance_key": row["root_key"],
        "process_id": row["process_id"],
        "title": "晨光文具：装订类产品开胶",
        "customer": "晨光文具",
        "grade": "一般",
        "channel": "TEL",
        "state": "OPEN",
        "opened_by": f"clerk{number % OPENERS}",
        "opened_at": row["created_at"],
        "facts": {},
        "is_overdue": False,
    }


def _instance(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": row["instance_key"],
        "process_key": row["process_key"],
        "process_id": row["process_id"],
        "version": 1,
        "state": "ACTIVE",
        "root_key": row["root_key"],
        "case_key": row["case_key"],
        "call_depth": 0,
        "started_at": row["created_at"],
        "tags": [],
        "engine_state": b"",
        "row_version": 0,
        "has_incident": False,
    }


def _directory() -> dict[str, Any]:
    groups = ["cs", *(f"group{number}" for number in range(1, GROUPS))]
    return {
        "password": PASSWORD,
        "groups": [{"key": key, "name": key, "is_department": True} for key in groups],
        "people": [
            {
                "username": username,
                "name": username.title(),
                "groups": ["cs"],
                "roles": ["staff"],
                "department": "cs",
            }
            for username in clerks()
        ],
    }
