"""Task listeners of all processes, kept with the official client."""

from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaClient, errors
from camunda_orchestration_sdk.models import (
    CreateGlobalTaskListenerRequest,
    GlobalTaskListenerSearchQueryRequest,
    UpdateGlobalTaskListenerRequest,
)
from flask.testing import FlaskClient

from service.usecases.house import House
from tests.api.conftest import PASSWORD, SignIn

OWNER = ("owner", PASSWORD)
PATH = "/v2/global-task-listeners"
AUDIT: dict[str, Any] = {"id": "audit", "type": "io.audit", "eventTypes": ["all"]}


def make(client: CamundaClient, **fields: Any) -> Any:
    """Make a listener."""
    body = CreateGlobalTaskListenerRequest.from_dict({**AUDIT, **fields})
    return client.create_global_task_listener(data=body)


def found(client: CamundaClient, **body: Any) -> list[str]:
    """Return the ids of the listeners that a search finds, in order."""
    request = GlobalTaskListenerSearchQueryRequest.from_dict(body)
    return [one.id for one in client.search_global_task_listeners(data=request).items]


def test_a_listener_from_made_to_deleted(staffed: House, sign_in: SignIn) -> None:
    """What is not said is as Camunda has it, when it is changed, too."""
    owner, worker = sign_in("owner"), sign_in("worker")
    made = make(owner, retries=5, afterNonGlobal=True, priority=70)
    assert (made.retries, made.after_non_global, made.priority) == (5, True, 70)
    assert (made.source.value, [one.value for one in made.event_types]) == ("API", ["all"])
    assert worker.get_global_task_listener("audit") == made
    with pytest.raises(errors.ConflictError):
        make(owner)
    change = UpdateGlobalTaskListenerRequest.from_dict(
        {"type": "io.other", "eventTypes": ["updating", "creating", "updating"]}
    )
    changed = owner.update_global_task_listener("audit", data=change)
    assert (changed.type_, changed.retries, changed.after_non_global) == ("io.other", 3, False)
    assert (changed.priority, [one.value for one in changed.event_types]) == (
        50,
        ["updating", "creating"],
    )
    with pytest.raises(errors.ForbiddenError):
        worker.update_global_task_listener("audit", data=change)
    with pytest.raises(errors.NotFoundError):
        sign_in("sam").get_global_task_listener("audit")
    owner.delete_global_task_listener("audit")
    for gone in (
        lambda: owner.get_global_task_listener("audit"),
        lambda: owner.delete_global_task_listener("audit"),
        lambda: owner.update_global_task_listener("audit", data=change),
    ):
        with pytest.raises(errors.NotFoundError):
            gone()


def test_listeners_come_as_they_are_asked(staffed: House, sign_in: SignIn) -> None:
    """Those before the listeners of a diagram first, then the highest priority, then by id; on every page.

    Source: camunda/camunda, `GlobalTaskListenerSearchIT`.
    """
    owner = sign_in("owner")
    for name, late, priority in (
        ("a", True, 30),
        ("d", False, 50),
        ("b", False, 50),
        ("c", True, 70),
    ):
        make(owner, id=name, afterNonGlobal=late, priority=priority)
    assert found(owner) == ["b", "d", "c", "a"]
    assert found(owner, sort=[{"field": "id"}]) == ["a", "b", "c", "d"]
    request = GlobalTaskListenerSearchQueryRequest.from_dict({"page": {"limit": 2}})
    first = owner.search_global_task_listeners(data=request)
    after = {"after": first.page.end_cursor, "limit": 2}
    assert found(owner, page=after) == ["c", "a"]


def test_listeners_are_found_by_every_field(staffed: House, sign_in: SignIn) -> None:
    """Of several event types asked for, a listener has all."""
    owner = sign_in("owner")
    make(owner, id="a", priority=1, eventTypes=["creating", "updating"])
    make(owner, id="b", priority=3, eventTypes=["updating"], afterNonGlobal=True)
    make(owner, id="c", priority=2, type="io.mail", retries=1)

    assert found(owner, sort=[{"field": "priority", "order": "DESC"}]) == ["b", "c", "a"]
    asked = {
        "ab": {"eventTypes": ["updating"]},
        "a": {"eventTypes": ["updating", {"$eq": "creating"}]},
        "c": {"eventTypes": [{"$neq": "updating"}]},
        "bc": {"priority": {"$gte": 2}},
        "b": {"afterNonGlobal": True},
        "abc": {"source": "API"},
        "": {"source": {"$neq": "API"}},
    }
    for expected, filter_ in asked.items():
        assert "".join(found(owner, filter=filter_, sort=[{"field": "id"}])) == expected
    assert found(owner, filter={"type": {"$like": "io.m*"}, "retries": {"$lt": 3}}) == ["c"]
    assert found(sign_in("sam")) == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"id": None}, "id"),
        ({"id": "a b"}, "id"),
        ({"id": "x" * 257}, "id"),
        ({"type": ""}, "type"),
        ({"eventTypes": []}, "eventTypes"),
        ({"eventTypes": None}, "eventTypes"),
        ({"eventTypes": ["create"]}, "eventTypes[0]"),
        ({"eventTypes": "all"}, "eventTypes"),
        ({"retries": 0}, "retries"),
        ({"retries": 1 << 31}, "retries"),
        ({"priority": -(1 << 31)}, "priority"),
        ({"priority": "high"}, "priority"),
        ({"afterNonGlobal": "yes"}, "afterNonGlobal"),
    ],
)
def test_a_listener_that_cannot_be_is_refused_by_field(
    staffed: House, client: FlaskClient, fields: dict[str, Any], field: str
) -> None:
    """Nothing is made of it."""
    refused = client.post(PATH, json={**AUDIT, **fields}, auth=OWNER)
    assert refused.status_code == 400
    assert f"'{field}'" in refused.get_json()["detail"]
    assert client.get(f"{PATH}/audit", auth=OWNER).status_code == 404
