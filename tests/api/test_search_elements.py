"""Element instances and their counts, as Camunda 8's acceptance tests find them."""

from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from service.persistence.tables import instances
from service.reports.search import element_instances, incidents, process_instances, statistics
from service.reports.search.incident_paths import felt_at
from service.reports.search.nouns import search
from tests.api.rows import NOW, add_element, add_instance, add_process
from tests.api.search_fixture import AUDITOR, _template, connection

__all__ = ["_template", "connection"]


def add_incident(connection: Connection, key: int, element_key: int, instance_key: int) -> None:
    """Add an incident of an element that waits for it."""
    connection.execute(
        insert(instances.incidents).values(
            key=key,
            instance_key=instance_key,
            element_instance_key=element_key,
            element_id="at",
            error_type="IO_MAPPING_ERROR",
            message="坏了",
            english="It broke",
            traditional="壞了",
            message_hash=1,
            english_hash=2,
            traditional_hash=3,
            state="ACTIVE",
            created_at=NOW,
        )
    )


@pytest.fixture
def two(connection: Connection) -> Connection:
    """Two instances: each has begun, one stands in a multi-instance, the other in an incident."""
    add_process(connection)
    for key in (100, 200):
        add_instance(connection, key, has_incident=key == 200)
        where: dict[str, Any] = {"instance_key": key, "scope_key": key}
        add_element(connection, key, element_id="complaint", type="PROCESS", **where)
        done = {"state": "COMPLETED", "type": "START_EVENT"}
        add_element(connection, key + 1, element_id="start", name="", **done, **where)
    around = {"element_id": "many", "type": "MULTI_INSTANCE_BODY"}
    add_element(connection, 110, **around)
    for key in (111, 112):
        add_element(connection, key, element_id="many", scope_key=110)
    of_other = {"instance_key": 200, "scope_key": 200}
    add_element(connection, 210, element_id="at", incident_key=300, **of_other)
    add_incident(connection, 300, 210, 200)
    return connection


def test_the_process_itself_is_no_element_instance(two: Connection) -> None:
    """What stands in its scope is; an element without a name is found by what is shown in its place."""

    def keys(**wanted: Any) -> list[str]:
        found = search(two, AUDITOR, element_instances.NOUN, {"filter": wanted})
        return [item["elementInstanceKey"] for item in found["items"]]

    assert keys(elementInstanceScopeKey="100") == ["101", "110"]
    assert keys(elementInstanceScopeKey="110") == ["111", "112"]
    assert keys(type="PROCESS") == []
    assert keys(elementName="start") == ["101", "201"]


@pytest.mark.parametrize(
    ("wanted", "counts"),
    [
        ({}, {"start": (0, 0, 2), "many": (2, 0, 0), "at": (0, 1, 0)}),
        ({"processInstanceKey": "100"}, {"start": (0, 0, 1), "many": (2, 0, 0)}),
        ({"elementId": {"$like": "s*"}}, {"start": (0, 0, 2)}),
        ({"elementInstanceState": "ACTIVE"}, {"many": (2, 0, 0), "at": (0, 1, 0)}),
        ({"hasElementInstanceIncident": True}, {"at": (0, 1, 0)}),
        ({"errorMessage": "it broke"}, {"start": (0, 0, 1), "at": (0, 1, 0)}),
        ({"hasIncident": True}, {"start": (0, 0, 1), "at": (0, 1, 0)}),
        (
            {
                "$or": [
                    {"elementId": "start"},
                    {"processInstanceKey": "200", "hasElementInstanceIncident": True},
                ]
            },
            {"start": (0, 0, 2), "at": (0, 1, 0)},
        ),
    ],
    ids=str,
)
def test_elements_of_a_definition_are_counted_and_filtered_one_by_one(
    two: Connection, wanted: dict[str, Any], counts: dict[str, tuple[int, int, int]]
) -> None:
    """One in an incident is not active; neither the process nor the body of a multi-instance is counted."""
    found = statistics.of_definition(two, AUDITOR, 10, wanted)
    assert {
        item["elementId"]: (item["active"], item["incidents"], item["completed"]) for item in found
    } == counts


def test_elements_of_an_instance_are_counted_alike(two: Connection) -> None:
    """What stands in an incident is counted there and not among the active."""
    found = statistics.of_instance(two, AUDITOR, 200)
    assert [(item["elementId"], item["active"], item["incidents"]) for item in found] == [
        ("at", 0, 1),
        ("start", 0, 0),
    ]


@pytest.fixture
def called(connection: Connection) -> Connection:
    """An instance with a scope that calls another, in which a scope holds an incident; and one beside it."""
    add_process(connection)
    add_instance(connection, 100)
    add_instance(
        connection, 200, parent_instance_key=100, parent_element_instance_key=102, root_key=100
    )
    add_instance(connection, 300)
    for key in (100, 200, 300):
        add_element(connection, key, instance_key=key, scope_key=key, type="PROCESS")
    add_element(connection, 101, element_id="phase", type="SUB_PROCESS")
    add_element(connection, 102, element_id="call", type="CALL_ACTIVITY", scope_key=101)
    add_element(connection, 103, element_id="beside")
    of_called = {"instance_key": 200, "scope_key": 200}
    add_element(connection, 201, element_id="inner", type="SUB_PROCESS", **of_called)
    of_called["scope_key"] = 201
    add_element(connection, 202, element_id="at", incident_key=400, **of_called)
    add_incident(connection, 400, 202, 200)
    return connection


def test_an_incident_is_felt_all_the_way_up(called: Connection) -> None:
    """In the scopes around it and in what called the instance; there it is found, too."""

    def keys(noun: Any, name: str, has_incident: bool) -> list[str]:
        body = {"filter": {"hasIncident": has_incident}}
        found = search(called, AUDITOR, noun, body)["items"]
        assert {item["hasIncident"] for item in found} == {has_incident}
        return [item[name] for item in found]

    elements = element_instances.NOUN, "elementInstanceKey"
    assert keys(*elements, has_incident=True) == ["101", "102", "201", "202"]
    assert keys(*elements, has_incident=False) == ["103"]
    of_instances = process_instances.NOUN, "processInstanceKey"
    assert keys(*of_instances, has_incident=True) == ["100", "200"]
    assert keys(*of_instances, has_incident=False) == ["300"]
    for key, number in ((101, 1), (102, 1), (103, 0), (201, 1), (202, 1)):
        found = search(called, AUDITOR, incidents.NOUN, {}, felt_at(key))
        assert len(found["items"]) == number, key


def test_what_feels_an_incident_is_counted_there(called: Connection) -> None:
    """A scope is not active while one inside it, or below, is in an incident."""
    counted = statistics.of_instance(called, AUDITOR, 100)
    assert [(item["elementId"], item["active"], item["incidents"]) for item in counted] == [
        ("beside", 1, 0),
        ("call", 0, 1),
        ("phase", 0, 1),
    ]


def test_an_incident_that_is_resolved_is_felt_no_more(called: Connection) -> None:
    """It is still found where it was."""
    called.execute(update(instances.incidents).values(state="RESOLVED"))
    found = search(called, AUDITOR, element_instances.NOUN, {"filter": {"hasIncident": True}})
    assert found["items"] == []
    found = search(called, AUDITOR, incidents.NOUN, {}, felt_at(101))
    assert [item["state"] for item in found["items"]] == ["RESOLVED"]
