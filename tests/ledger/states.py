"""The saved states of the engine against the rows: tokens are element instances, what they wait for is open."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, text

from service import engine
from service.engine.codec import decode
from service.engine.machine import Machine, Token
from service.engine.stepping import NOWHERE
from service.engine.values import Instance
from service.usecases.house import House
from tests.ledger.rule import LIVE, OPEN_TASK, kept_as

RESTING = frozenset({"AD_HOC_SUB_PROCESS"})
"""Types of elements that may wait for somebody who starts something in them by hand."""

_EVENTS = {
    "timers": (
        "timer_key",
        "timers",
        "state IN ('OPEN', 'SUSPENDED') AND instance_key IS NOT NULL",
    ),
    "subscriptions": ("subscription_key", "message_subscriptions", "1 = 1"),
    "signal_subscriptions": ("subscription_key", "signal_subscriptions", "1 = 1"),
    "conditions": ("subscription_key", "condition_subscriptions", "1 = 1"),
}
"""What the engine says it waits for: name of the key, table, which rows are open."""

_COLUMNS = {
    "timers": {"due_at": "due_at", "repetitions_left": "repetitions_left"},
    "subscriptions": {"message_name": "message_name", "correlation_key": "correlation_key"},
    "signal_subscriptions": {"signal_name": "signal_name"},
    "conditions": {"condition": "condition"},
}
"""Columns that hold what the engine says besides element, element instance and whether it interrupts."""


class Rows:
    """The open rows of all living instances, read once."""

    def __init__(self, connection: Connection) -> None:
        """Read them."""

        def by_instance(query: str) -> dict[int, list[Row[Any]]]:
            found: dict[int, list[Row[Any]]] = defaultdict(list)
            for row in connection.execute(text(query)):
                found[row.instance_key].append(row)
            return found

        self.instances = connection.execute(
            text(
                "SELECT key, process_key, state, engine_state FROM process_instances "
                f"WHERE state IN {LIVE} ORDER BY key"
            )
        ).all()
        self.elements = by_instance("SELECT * FROM element_instances WHERE state = 'ACTIVE'")
        self.jobs = by_instance("SELECT * FROM jobs WHERE ended_at IS NULL")
        self.tasks = by_instance(f"SELECT * FROM user_tasks WHERE state IN {OPEN_TASK}")
        self.incidents = by_instance("SELECT * FROM incidents WHERE state = 'ACTIVE'")
        self.variables = by_instance("SELECT * FROM variables WHERE is_live")
        self.events = {
            name: by_instance(f"SELECT * FROM {table} WHERE {is_open}")
            for name, (_, table, is_open) in _EVENTS.items()
        }
        calls = by_instance(
            "SELECT parent_instance_key AS instance_key, parent_element_instance_key AS called_by "
            f"FROM process_instances WHERE state IN {LIVE} AND parent_instance_key IS NOT NULL "
            "UNION ALL SELECT r.instance_key, r.element_instance_key FROM suspended_returns r "
            "JOIN element_instances e ON e.key = r.element_instance_key AND e.state = 'ACTIVE' "
            "WHERE r.escalation_code IS NULL"
        )
        self.calls = {key: [row.called_by for row in found] for key, found in calls.items()}


def disagreements(house: House, connection: Connection) -> Iterator[str]:
    """Give a sentence about everything in which a saved state and the rows differ."""
    rows = Rows(connection)
    for row in rows.instances:
        process = house.definitions.process(connection, row.process_key).compiled
        scopes: dict[int, dict[str, Any]] = defaultdict(dict)
        for variable in rows.variables[row.key]:
            scopes[variable.scope_key][variable.name] = orjson.loads(variable.value)
        value = Instance(row.key, bytes(row.engine_state), scopes)
        machine = decode(process, value, NOWHERE)
        tokens = machine.tokens()
        about = f"in instance {row.key} ({row.state})"
        for told in (
            _elements(tokens, rows.elements[row.key]),
            _waits(tokens, row.key, rows),
            _leaves(tokens),
            _events(engine.waited_for(process, value), row, rows),
            _variables(machine, scopes, {token.key for token in tokens}),
        ):
            for sentence in told:
                yield f"{about} {sentence}"


def _is_shown(token: Token) -> bool:
    """Whether a token has a row: it is active, or waits at a join that has told of itself."""
    return token.is_active or "announced" in token.notes


def _elements(tokens: list[Token], rows: list[Row[Any]]) -> Iterator[str]:
    saved = {
        t.key: (t.task_spec.element_id, t.task_spec.element_type, t.scope_key)
        for t in tokens
        if _is_shown(t)
    }
    shown = {row.key: (row.element_id, row.type, row.scope_key) for row in rows}
    for key in sorted(saved.keys() | shown.keys()):
        ours, theirs = saved.get(key), shown.get(key)
        if ours != theirs:
            yield f"element instance {key} is {ours} for the engine, but {theirs} in its row"


def _waits(tokens: list[Token], instance_key: int, rows: Rows) -> Iterator[str]:
    """Compare what tokens wait for with jobs, tasks, called instances and incidents."""
    saved: dict[str, list[int]] = defaultdict(list)
    for token in tokens:
        if "wait" in token.notes:
            saved[token.notes["wait"]].append(token.key)
        if "task" in token.notes and "incident" not in token.notes:
            saved["task_listener"].append(token.key)
        if "incident" in token.notes:
            saved["incident"].append(token.key)
    jobs, incidents = rows.jobs[instance_key], rows.incidents[instance_key]
    # What is called too deeply, or a job that has failed, the engine does not know of.
    not_calling = {
        n.element_instance_key for n in incidents if n.error_type == "CALLED_ELEMENT_ERROR"
    }
    told = {
        "job": [j.element_instance_key for j in jobs if j.kind != "TASK_LISTENER"],
        "task_listener": [j.element_instance_key for j in jobs if j.kind == "TASK_LISTENER"],
        "user_task": [task.element_instance_key for task in rows.tasks[instance_key]],
        "call": rows.calls.get(instance_key, []),
        "incident": [n.element_instance_key for n in incidents if n.job_key is None],
    }
    saved["incident"] += [key for key in saved["call"] if key in not_calling]
    saved["call"] = [key for key in saved["call"] if key not in not_calling]
    for kind, keys in told.items():
        if sorted(saved[kind]) != sorted(keys):
            yield (
                f"the engine waits for {kind} at {sorted(saved[kind])}, but the rows say {sorted(keys)}"
            )
    states = {task.element_instance_key: task.state for task in rows.tasks[instance_key]}
    for token in tokens:
        change = token.notes.get("task", {}).get("event", "created").upper()
        if states.get(token.key, change) != change:
            yield f"user task {token.key} is {states[token.key]}, but the engine has it {change}"


def _leaves(tokens: list[Token]) -> Iterator[str]:
    """Tell of tokens that wait for nothing and hold nothing that does.

    In what is being cancelled a scope stays, empty, until all have heard of it.
    """
    scopes = {token.scope_key for token in tokens if token.scope is not None}
    helped = {token.notes.get("compensates") for token in tokens}
    for token in tokens:
        notes = token.notes
        holds = token.key in scopes or token.key in helped
        is_ending = any(
            "leaving" in around.notes for around in token.around() if around is not token
        )
        waits = {"wait", "task", "incident", "subscriptions", "arrived", "started"} & notes.keys()
        if not (holds or waits or is_ending or token.task_spec.element_type in RESTING):
            yield f"'{token.task_spec.element_id}' ({token.key}) waits for nothing: {notes}"
        if not (token.is_active or "arrived" in notes or "started" in notes):
            yield f"'{token.task_spec.element_id}' ({token.key}) has not begun: {token.state}"


def _events(step: engine.Step, instance: Row[Any], rows: Rows) -> Iterator[str]:
    """Compare timers and subscriptions; but for timers they are closed while an instance is suspended."""
    for name, (key_name, table, _) in _EVENTS.items():
        is_closed = instance.state == "SUSPENDED" and name != "timers"
        wanted = () if is_closed else getattr(step, name)
        saved = {getattr(one, key_name): _of_step(one, _COLUMNS[name]) for one in wanted}
        open_rows = rows.events[name][instance.key]
        shown = {row.key: _of_row(row, _COLUMNS[name].values()) for row in open_rows}
        for key in sorted(saved.keys() | shown.keys()):
            if saved.get(key) != shown.get(key):
                yield f"{table} {key} is {saved.get(key)} for the engine, but {shown.get(key)}"


def _of_step(opened: Any, columns: dict[str, str]) -> tuple[Any, ...]:
    named = [_plain(getattr(opened, name)) for name in columns]
    return opened.element_instance_key, opened.element_id, bool(opened.interrupting), *named


def _of_row(row: Row[Any], columns: Collection[str]) -> tuple[Any, ...]:
    named = [_plain(getattr(row, name)) for name in columns]
    return row.element_instance_key, row.element_id, bool(row.is_interrupting), *named


def _plain(value: Any) -> Any:
    """Return a moment as SQLite keeps it, in UTC; anything else as it is."""
    return kept_as(value) if isinstance(value, datetime) else value


def _variables(
    machine: Machine, scopes: dict[int, dict[str, Any]], keys: set[int]
) -> Iterator[str]:
    if lost := scopes.keys() - keys:
        yield f"there are variables in the scopes {sorted(lost)}, which are over"
    told = sum(
        len(orjson.dumps([name, value])) - len("[]") + len(",")
        for values in scopes.values()
        for name, value in values.items()
    )
    if machine.variables.used_bytes != told:
        yield f"variables take {told} bytes, but the engine has {machine.variables.used_bytes}"
