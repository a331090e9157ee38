"""The naive program: a row holds the whole workflow as JSON, another one each open task; nothing else.

No history, no forms, no rights, no search. A request loads the row, runs SpiffWorkflow, stores the row.
"""

import json
import os
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import Connection, create_engine, text

FOLDER = Path(__file__).parent
SCHEMA = (
    "CREATE TABLE IF NOT EXISTS naive_instances (id bigserial PRIMARY KEY, state text NOT NULL)",
    "CREATE TABLE IF NOT EXISTS naive_tasks (id text PRIMARY KEY, instance_id bigint NOT NULL, "
    "name text NOT NULL, is_open boolean NOT NULL)",
)

app = Flask(__name__)
engine = create_engine(
    os.environ["BENCH_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://"), pool_size=8
)
serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))

_parser = SpiffBpmnParser()
_parser.add_bpmn_file(str(FOLDER / "workload_w.bpmn"))
_parser.add_dmn_file(str(FOLDER / "workload_w.dmn"))
spec = _parser.get_spec("workload_w")
subprocesses = _parser.get_subprocess_specs("workload_w")


@app.post("/start")
def start() -> Response:
    """Start an instance with the variables of the body."""
    workflow = BpmnWorkflow(spec, subprocesses)
    workflow.get_next_task(state=TaskState.READY).set_data(**request.get_json())
    workflow.do_engine_steps()
    with engine.begin() as connection:
        inserted = text("INSERT INTO naive_instances (state) VALUES (:state) RETURNING id")
        found = connection.execute(inserted, {"state": _stored(workflow)})
        _keep_tasks(connection, found.scalar_one(), workflow)
    return Response(status=204)


@app.post("/tasks/<task_id>/complete")
def complete(task_id: str) -> Response:
    """Finish a task with the variables of the body."""
    with engine.begin() as connection:
        locked = text(
            "SELECT i.id, i.state FROM naive_instances i JOIN naive_tasks t ON t.instance_id = i.id "
            "WHERE t.id = :id AND t.is_open FOR UPDATE"
        )
        row = connection.execute(locked, {"id": task_id}).one()
        workflow = serializer.deserialize_json(row.state)
        task = next(one for one in workflow.get_tasks() if str(one.id) == task_id)
        task.set_data(**request.get_json())
        task.run()
        workflow.do_engine_steps()
        connection.execute(
            text("UPDATE naive_instances SET state = :state WHERE id = :id"),
            {"state": _stored(workflow), "id": row.id},
        )
        done = text("UPDATE naive_tasks SET is_open = false WHERE id = :id")
        connection.execute(done, {"id": task_id})
        _keep_tasks(connection, row.id, workflow)
    return Response(status=204)


@app.get("/tasks/<name>")
def tasks(name: str) -> Response:
    """Return the ids of the open tasks of an element."""
    found = text("SELECT id FROM naive_tasks WHERE name = :name AND is_open ORDER BY id")
    with engine.connect() as connection:
        ids = connection.execute(found, {"name": name}).scalars().all()
    return Response(json.dumps(list(ids)), content_type="application/json")


@app.get("/inbox")
def inbox() -> Response:
    """Return the first page of open tasks and how many there are."""
    page = text("SELECT id, instance_id, name FROM naive_tasks WHERE is_open ORDER BY id LIMIT 50")
    with engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(page).mappings()]
        all_open = text("SELECT count(*) FROM naive_tasks WHERE is_open")
        total = connection.execute(all_open).scalar_one()
    body = json.dumps({"total": total, "items": rows})
    return Response(body, content_type="application/json")


def make_tables() -> None:
    """Make the two tables."""
    with engine.begin() as connection:
        for statement in SCHEMA:
            connection.execute(text(statement))
    # The processes that are forked from this one make connections of their own.
    engine.dispose()


def _stored(workflow: BpmnWorkflow) -> str:
    return str(serializer.serialize_json(workflow))


def _keep_tasks(connection: Connection, instance_id: int, workflow: BpmnWorkflow) -> None:
    ready: list[dict[str, Any]] = [
        {"id": str(task.id), "instance_id": instance_id, "name": task.task_spec.bpmn_id}
        for task in workflow.get_tasks(state=TaskState.READY, manual=True)
    ]
    if ready:
        kept = (
            "INSERT INTO naive_tasks (id, instance_id, name, is_open) "
            "VALUES (:id, :instance_id, :name, true) ON CONFLICT DO NOTHING"
        )
        connection.execute(text(kept), ready)


make_tables()
