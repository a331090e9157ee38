"""The commands that are played in a house, as requests to Camunda's REST API: what a client sends."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from tests.usecases.acting import CORRELATION, KEPT, Command

Sent = tuple[str, str, dict[str, Any]]
"""Method, path below `/v2`, body."""


def _led(element_id: str) -> dict[str, Any]:
    """Return the answer of the job that leads an ad-hoc sub-process: what to start, or that it is over."""
    return {
        "type": "adHocSubProcess",
        "activateElements": [{"elementId": element_id}] if element_id else [],
        "isCompletionConditionFulfilled": not element_id,
    }


def _plan(target: int, mapping: list[list[str]]) -> dict[str, Any]:
    """Return a plan of a migration."""
    pairs = [{"sourceElementId": source, "targetElementId": to} for source, to in mapping]
    return {"targetProcessDefinitionKey": str(target), "mappingInstructions": pairs}


def _moved(source: int, scope: int, target: str, way: str) -> dict[str, Any]:
    """Return a modification that moves a token, in one of `stage.WAYS` or `stage.OTHER_WAYS`."""
    ancestor = {"ancestorElementInstanceKey": str(scope)}
    begins = {"activateInstructions": [{"elementId": target, **ancestor}]}
    ends = {"terminateInstructions": [{"elementInstanceKey": str(source)}]}
    if way in ("begins", "ends", "activated"):
        return {**(begins if way != "ends" else {}), **(ends if way != "begins" else {})}
    told = {"sourceType": "byKey", "sourceElementInstanceKey": str(source)}
    kind = "direct" if way == "ancestor" else way
    found = {"ancestorScopeType": kind, **(ancestor if way == "ancestor" else {})}
    one = {"sourceElementInstruction": told, "targetElementId": target}
    one |= {} if way == "direct" else {"ancestorScopeInstruction": found}
    return {"moveInstructions": [one]}


REQUESTS: dict[str, Callable[..., Sent]] = {
    "create": lambda process_id: ("POST", "process-instances", {"processDefinitionId": process_id}),
    "publish": lambda name: (
        "POST",
        "messages/publication",
        {"name": name, "correlationKey": CORRELATION, "timeToLive": 0},
    ),
    "send ahead": lambda name, number: (
        "POST",
        "messages/publication",
        {
            "name": name,
            "correlationKey": CORRELATION,
            "timeToLive": int(KEPT.total_seconds() * 1000),
            "messageId": number,
        },
    ),
    "broadcast": lambda name: ("POST", "signals/broadcast", {"signalName": name}),
    "evaluate": lambda name: ("POST", "conditionals/evaluation", {"variables": {name: True}}),
    "complete task": lambda key: ("POST", f"user-tasks/{key}/completion", {}),
    "unassign": lambda key: ("DELETE", f"user-tasks/{key}/assignee", {}),
    "update": lambda key: ("PATCH", f"user-tasks/{key}", {"changeset": {"priority": 7}}),
    "complete job": lambda key: ("POST", f"jobs/{key}/completion", {}),
    "lead": lambda key, element_id: (
        "POST",
        f"jobs/{key}/completion",
        {"result": _led(element_id)},
    ),
    "throw": lambda key, code: ("POST", f"jobs/{key}/error", {"errorCode": code}),
    "fail": lambda key, retries: ("POST", f"jobs/{key}/failure", {"retries": retries}),
    "give retries": lambda key: ("PATCH", f"jobs/{key}", {"changeset": {"retries": 1}}),
    "resolve": lambda key: ("POST", f"incidents/{key}/resolution", {}),
    "set": lambda key, name, value: (
        "PUT",
        f"element-instances/{key}/variables",
        {"variables": {name: value}, "local": True},
    ),
    "activate": lambda key, element_id: (
        "POST",
        f"element-instances/ad-hoc-activities/{key}/activation",
        {"elements": [{"elementId": element_id}]},
    ),
    "cancel": lambda key: ("POST", f"process-instances/{key}/cancellation", {}),
    "suspend": lambda key: ("POST", f"process-instances/{key}/suspension", {}),
    "resume": lambda key: ("POST", f"process-instances/{key}/resumption", {}),
    "migrate": lambda key, target, mapping: (
        "POST",
        f"process-instances/{key}/migration",
        _plan(target, mapping),
    ),
    "move": lambda key, *told: (
        "POST",
        f"process-instances/{key}/modification",
        _moved(*told),
    ),
    "batch": lambda path, filter_: ("POST", f"process-instances/{path}", {"filter": filter_}),
    "migrate many": lambda key, target, mapping: (
        "POST",
        "process-instances/migration",
        {"filter": {"processInstanceKey": str(key)}, "migrationPlan": _plan(target, mapping)},
    ),
}
"""The request behind each of `acting.COMMANDS`."""


def request(client: FlaskClient, command: Command) -> tuple[int, str]:
    """Send a command as a request; return the status and the text of the answer."""
    name, arguments = command
    method, path, body = REQUESTS[name](*arguments)
    answer = client.open(f"/v2/{path}", method=method, json=body)
    return answer.status_code, answer.get_data(as_text=True)
