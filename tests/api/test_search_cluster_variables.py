"""The search for cluster variables: both scopes as one list, and what programs say of them."""

from typing import Any

import pytest
from sqlalchemy import Connection, insert

from service.domain.errors import BadInputError
from service.persistence.tables import house
from service.reports.search.cluster_variables import NOUN
from service.reports.search.nouns import search
from tests.api.rows import NOW
from tests.api.search_fixture import AUDITOR, _template, connection

__all__ = ["_template", "connection"]

SAID: dict[str, dict[str, Any] | None] = {
    "none": None,
    "number": {"size": 30, "team": "a"},
    "text": {"size": "30", "team": "b*"},
    "whole": {"size": 7.5, 'odd."name"': "x"},
}


@pytest.fixture
def variables(connection: Connection) -> Connection:
    """Four variables of all and one of the tenant, which has the name of another."""
    for name, said in SAID.items():
        row = {"key": name, "value": 1, "default": 1, "label": name, "rule_refs": []}
        connection.execute(insert(house.parameters).values(**row, metadata=said))
    row = {"key": "none", "value": 2, "changed_by": "anna", "changed_at": NOW}
    connection.execute(insert(house.tenant_variables).values(**row))
    return connection


def found(connection: Connection, body: dict[str, Any]) -> list[str]:
    """Return scope and name of what is found, in order."""
    items = search(connection, AUDITOR, NOUN, body)["items"]
    return [f"{item['scope'][0]}.{item['name']}" for item in items]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('{"b":[1,"中"],"a":2}', "object"),
        ({"$in": ['{"b":[1,"中"],"a":2}', "2"]}, "none object"),
        ({"$like": '*"中"*'}, "object"),
        ({"$neq": '{"b":[1,"中"],"a":2}'}, "none"),
        ({"$notIn": ["2"]}, "object"),
    ],
)
def test_a_value_is_found_by_the_text_that_is_shown(
    variables: Connection, given: Any, expected: str
) -> None:
    """With its own order of keys, without spaces, in its own script."""
    row = {"key": "object", "value": {"b": [1, "中"], "a": 2}, "changed_by": "anna"}
    variables.execute(insert(house.tenant_variables).values(**row, changed_at=NOW))
    body = {"filter": {"scope": "TENANT", "value": given}, "sort": [{"field": "name"}]}
    assert found(variables, body) == [f"T.{name}" for name in expected.split()]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "none number text whole"),
        ({"size": {}}, "none number text whole"),
        ({"size": {"$eq": 30}}, "number"),
        ({"size": {"$eq": "30"}}, "text"),
        ({"size": {"$eq": None}}, "none number text whole"),
        ({"size": {"$neq": 30}}, "text whole"),
        ({"size": {"$exists": True}}, "number text whole"),
        ({"size": {"$exists": False}}, "none"),
        ({"size": {"$gt": 7.5}}, "number"),
        ({"size": {"$gte": 7.5}}, "number whole"),
        ({"size": {"$gte": 7, "$lt": 30}}, "whole"),
        ({"size": {"$lte": 30}}, "number whole"),
        ({"size": {"$in": ["30", 7.5]}}, "text whole"),
        ({"size": {"$in": []}}, ""),
        ({"size": {"$like": "3*"}}, "text"),
        ({"team": {"$like": "b\\*"}}, "text"),
        ({"team": {"$like": "?"}, "size": {"$gt": 1}}, "number"),
        ({'odd."name"': {"$eq": "x"}}, "whole"),
    ],
)
def test_entries_are_asked_for_by_name_and_operator(
    variables: Connection, given: dict[str, Any], expected: str
) -> None:
    """A string is no number; what is not there fits nothing but that it is not there."""
    body = {"filter": {"scope": "GLOBAL", "metadata": given}, "sort": [{"field": "name"}]}
    assert found(variables, body) == [f"G.{name}" for name in expected.split()]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ([], "filter.metadata"),
        ({"size": 30}, "filter.metadata.size"),
        ({"size": {"$is": 30}}, "filter.metadata.size"),
        ({"size": {"$gt": "30"}}, "filter.metadata.size.$gt"),
        ({"size": {"$eq": True}}, "filter.metadata.size.$eq"),
        ({"size": {"$in": 30}}, "filter.metadata.size.$in"),
        ({"size": {"$in": [None]}}, "filter.metadata.size.$in[0]"),
        ({"size": {"$like": 3}}, "filter.metadata.size.$like"),
        ({"size": {"$exists": 1}}, "filter.metadata.size.$exists"),
    ],
)
def test_what_cannot_be_asked_of_an_entry_is_refused_by_field(
    connection: Connection, given: Any, field: str
) -> None:
    """Nothing is silently left out."""
    with pytest.raises(BadInputError) as refused:
        search(connection, AUDITOR, NOUN, {"filter": {"metadata": given}})
    assert refused.value.facts["field"] == field


def test_one_list_holds_both_scopes(variables: Connection) -> None:
    """Two of one name are two; a cursor between them knows which is which."""
    assert found(variables, {"filter": {"tenantId": "<default>"}}) == ["T.none"]
    sort = [{"field": "name"}]
    answer = search(variables, AUDITOR, NOUN, {"sort": sort, "page": {"limit": 1}})
    rest = {"sort": sort, "page": {"after": answer["page"]["endCursor"]}}
    assert answer["page"]["totalItems"] == 5
    assert found(variables, rest) == ["T.none", "G.number", "G.text", "G.whole"]
