"""User tasks: search, look into, assign, put back, change, complete."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, request

from service.api import wire
from service.api.context import house, person
from service.api.listeners import when_listeners_have_answered
from service.api.reading import found, hidden_is_not_found, require_visible, search_answer
from service.api.routes import SIGNED_IN, answer, done, route
from service.api.task_fields import LISTS, MOMENTS
from service.api.violations import require_all
from service.domain.errors import BadInputError
from service.domain.priorities import HIGHEST_PRIORITY
from service.reports.search import audit_logs, contents, variables
from service.reports.search.kinds import read_key, refused
from service.reports.search.user_tasks import NOUN
from service.usecases import user_tasks as usecases

blueprint = Blueprint("api_user_tasks", __name__)


@route(blueprint, "POST", "/user-tasks/search", SIGNED_IN)
def search() -> Response:
    """Return the tasks that the body asks for and the person may see."""
    return search_answer(NOUN)


@route(blueprint, "GET", "/user-tasks/<user_task_key>", SIGNED_IN)
def one(user_task_key: int) -> Response:
    """Return a task."""
    return found(NOUN, user_task_key)


@route(blueprint, "PATCH", "/user-tasks/<user_task_key>", SIGNED_IN, command="UPDATE")
def update(user_task_key: int) -> Response:
    """Change dates, candidates or priority; what is not named stays."""
    body = wire.body()
    changeset = body.inner("changeset")
    require_all(
        *(partial(changeset.moment, name) for name in MOMENTS), lambda: _priority(changeset)
    )
    changes = usecases.UserTaskChanges(_changes(changeset))
    if not (changes.fields or body.has("action")):
        raise BadInputError("Expected an 'action' or a change of 'changeset'.", field="changeset")
    action = body.text("action") or "update"
    with hidden_is_not_found(NOUN, user_task_key):
        change_key = usecases.update(house(), person(), user_task_key, changes, action=action)
    return when_listeners_have_answered(change_key)


@route(blueprint, "POST", "/user-tasks/<user_task_key>/assignment", SIGNED_IN, command="ASSIGN")
def assign(user_task_key: int) -> Response:
    """Give the task to somebody; `allowOverride: false` refuses when somebody has it."""
    body = wire.body()
    assignee = body.required_text("assignee")
    allow_override = body.flag("allowOverride", default=True)
    action = body.text("action") or "assign"
    with hidden_is_not_found(NOUN, user_task_key):
        change_key = usecases.assign(
            house(),
            person(),
            user_task_key,
            assignee,
            allow_override=allow_override,
            action=action,
        )
    return when_listeners_have_answered(change_key)


@route(blueprint, "DELETE", "/user-tasks/<user_task_key>/assignee", SIGNED_IN, command="ASSIGN")
def unassign(user_task_key: int) -> Response:
    """Put the task back to its candidates."""
    with hidden_is_not_found(NOUN, user_task_key):
        change_key = usecases.unassign(house(), person(), user_task_key)
    return when_listeners_have_answered(change_key)


@route(blueprint, "POST", "/user-tasks/<user_task_key>/completion", SIGNED_IN, command="COMPLETE")
def complete(user_task_key: int) -> Response:
    """Finish the task with the values of its form, or any variables when it has none."""
    body = wire.body()
    values = body.variables()
    action = body.text("action") or "complete"
    with hidden_is_not_found(NOUN, user_task_key):
        completed = usecases.complete(house(), person(), user_task_key, values, action=action)
    return when_listeners_have_answered(completed.change_key)


@route(blueprint, "GET", "/user-tasks/<user_task_key>/form", SIGNED_IN)
def form(user_task_key: int) -> Response:
    """Return the task's form, or 204 when it has none."""
    task = require_visible(NOUN, user_task_key)
    if task["formKey"] is None:
        return done()
    with house().database.reading() as connection:
        return answer(contents.show_form(contents.form_file(connection, read_key(task["formKey"]))))


@route(blueprint, "POST", "/user-tasks/<user_task_key>/audit-logs/search", SIGNED_IN)
def search_audit_logs(user_task_key: int) -> Response:
    """Return what was done to a task."""
    task = require_visible(NOUN, user_task_key)
    instance_key = read_key(task["processInstanceKey"])
    return search_answer(
        audit_logs.OF_VISIBLE_TASK, audit_logs.of_task(instance_key, user_task_key)
    )


@route(blueprint, "POST", "/user-tasks/<user_task_key>/variables/search", SIGNED_IN)
def search_variables(user_task_key: int) -> Response:
    """Return the variables of the task's scope and of those around it, hidden ones too."""
    return _search_variables(user_task_key, only_effective=False)


@route(blueprint, "POST", "/user-tasks/<user_task_key>/effective-variables/search", SIGNED_IN)
def search_effective_variables(user_task_key: int) -> Response:
    """Return the variables that the task sees, the innermost of each name."""
    return _search_variables(user_task_key, only_effective=True)


def _search_variables(user_task_key: int, *, only_effective: bool) -> Response:
    task = require_visible(NOUN, user_task_key)
    instance_key = read_key(task["processInstanceKey"])
    element_instance_key = read_key(task["elementInstanceKey"])
    with house().database.reading() as connection:
        scopes = variables.scopes_of(connection, instance_key, element_instance_key)
        within = (
            variables.with_keys(variables.effective_keys(connection, scopes))
            if only_effective
            else variables.in_scopes(scopes)
        )
    is_whole = request.args.get("truncateValues") == "false"
    return search_answer(variables.of_visible_task(whole=is_whole), within)


def _changes(changeset: wire.Body) -> dict[str, Any]:
    """Return the changes: null or absent keeps, the empty string or list clears."""
    changes: dict[str, Any] = {}
    for name, field in MOMENTS.items():
        if changeset.has(name):
            changes[field] = changeset.moment(name)
    for name, field in LISTS.items():
        items = changeset.texts(name)
        if items is not None:
            changes[field] = list(items)
    priority = _priority(changeset)
    if priority is not None:
        changes["priority"] = priority
    if changeset.has("assignee"):
        raise BadInputError(
            "Expected 'changeset' without 'assignee': use the assignment of the task.",
            field="changeset.assignee",
        )
    return changes


def _priority(changeset: wire.Body) -> int | None:
    priority = changeset.integer("priority", None, least=0)
    if priority is not None and priority > HIGHEST_PRIORITY:
        expected = f"an integer of at most {HIGHEST_PRIORITY}"
        raise refused("changeset.priority", expected, priority)
    return priority
