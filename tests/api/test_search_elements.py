"""Element instances and their counts, as Camunda 8's acceptance tests find them."""

from typing import Any

import pytest
from sqlalchemy import Connection, insert

from service.persistence.tables import instances
from service.reports.search import element_instances, statistics
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
