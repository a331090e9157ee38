"""The search machine: filters, operators, orders, pages, cursors."""

from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import CompoundSelect, Connection, insert

from service.domain import batch_operations as words
from service.domain.errors import BadInputError, NotFoundError, NotSupportedError
from service.identity import Person
from service.persistence.tables import house, instances
from service.reports.search import (
    audit_logs,
    authorizations,
    batch_items,
    cluster_variables,
    decision_definitions,
    decision_instances,
    definition_statistics,
    element_instances,
    global_listeners,
    groups,
    incident_statistics,
    incidents,
    job_statistics,
    jobs,
    message_subscriptions,
    nothing,
    process_definitions,
    process_instances,
    resources,
    roles,
    statistics,
    user_tasks,
    users,
    variables,
    wait_states,
)
from service.reports.search.noun import Noun
from service.reports.search.nouns import find, search
from service.reports.search.pages import Order, cursor_text
from service.reports.search.subscription_rows import ROWS
from tests.api.rows import (
    NOW,
    add_correlation,
    add_element,
    add_instance,
    add_process,
    add_start_event,
    add_subscription,
    add_task,
    add_variable,
)
from tests.api.search_fixture import AUDITOR, _template, connection

__all__ = ["_template", "connection"]

_ANY_OF: dict[type, Any] = {bool: True, datetime: NOW, float: 0.5, int: 1, str: "x"}
"""A value of each type that columns are sorted by."""

NOUNS = (
    cluster_variables.NOUN,
    resources.NOUN,
    wait_states.NOUN,
    audit_logs.NOUN,
    audit_logs.OF_VISIBLE_TASK,
    authorizations.NOUN,
    global_listeners.NOUN,
    groups.HOLDERS,
    groups.NOUN,
    nothing.MAPPING_RULES,
    nothing.TENANTS,
    roles.NOUN,
    users.CLIENTS,
    users.MEMBERS,
    users.NOUN,
    decision_definitions.NOUN,
    decision_definitions.REQUIREMENTS_NOUN,
    decision_instances.NOUN,
    element_instances.NOUN,
    incidents.NOUN,
    jobs.NOUN,
    message_subscriptions.CORRELATED_NOUN,
    message_subscriptions.NOUN,
    process_definitions.NOUN,
    process_instances.NOUN,
    user_tasks.NOUN,
    variables.NOUN,
)


def found(connection: Connection, body: dict[str, Any], noun: Any = user_tasks.NOUN) -> list[str]:
    """Return the keys found, in order."""
    return keys(search(connection, AUDITOR, noun, body))


def keys(answer: dict[str, Any]) -> list[str]:
    """Return the user task (or instance) keys of an answer."""
    return [item.get("userTaskKey") or item["processInstanceKey"] for item in answer["items"]]


@pytest.fixture
def tasks(connection: Connection) -> Connection:
    """Four tasks that differ in everything a test asks for."""
    add_process(connection)
    add_instance(connection, 100, business_id="A-1", tags=["rush", "vip"])
    add_task(connection, 1, priority=10, name="Alpha", assignee="anna", due_at=NOW)
    add_task(connection, 2, priority=30, name="alpha*", candidate_groups=["quality", "sales"])
    add_task(connection, 3, priority=20, name="Beta", due_at=NOW + timedelta(days=1))
    add_task(connection, 4, priority=30, name="Gamma", state="COMPLETED", assignee="bert")
    return connection


VALUES: list[Any] = ["1", 1, True, "ACTIVE", "CREATED", NOW.isoformat(), [], "DECISION_TABLE"]
"""Of each filter field one is a value."""


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.name)
def test_every_filter_field_and_sort_field_of_every_noun_is_sql_that_runs(
    connection: Connection, noun: Any
) -> None:
    """No field of a table is broken, and every order can be walked by cursor."""
    for field, column in noun.sorts.items():
        body = {"sort": [{"field": field, "order": "DESC"}]}
        search(connection, AUDITOR, noun, body)
        value = _ANY_OF[column.type.python_type]
        cursor = cursor_text([Order(field, is_descending=True)], [value], "1")
        search(connection, AUDITOR, noun, {**body, "page": {"before": cursor}})
    for name, field in noun.filters.fields.items():
        for value in VALUES:
            with suppress(BadInputError, NotSupportedError):
                search(connection, AUDITOR, noun, {"filter": {name: value}})
                break
        if getattr(getattr(field, "kind", None), "operators", None):
            for is_there in (True, False):
                asked: Any = {"$exists": is_there}
                asked = [asked] if getattr(field, "is_list", False) else asked
                with suppress(NotSupportedError):
                    search(connection, AUDITOR, noun, {"filter": {name: asked}})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "1234"),
        ({"priority": 30}, "24"),
        ({"priority": {"$eq": 10}}, "1"),
        ({"priority": {"$neq": 30}}, "13"),
        ({"priority": {"$gt": 20}}, "24"),
        ({"priority": {"$gte": 20}}, "234"),
        ({"priority": {"$lt": 20}}, "1"),
        ({"priority": {"$lte": 20}}, "13"),
        ({"priority": {"$gt": 10, "$lt": 30}}, "3"),
        ({"priority": {"$in": [10, 20]}}, "13"),
        ({"priority": {"$in": []}}, ""),
        ({"priority": None}, "1234"),
        ({"priority": {"$eq": None}}, "1234"),
        ({"assignee": {"$exists": True}}, "14"),
        ({"assignee": {"$exists": False}}, "23"),
        ({"assignee": {"$neq": "anna"}}, "234"),
        ({"assignee": {"$notIn": ["anna"]}}, "234"),
        ({"name": {"$like": "A*"}}, "1"),
        ({"name": {"$like": "?eta"}}, "3"),
        ({"name": {"$like": "alpha\\*"}}, "2"),
        ({"name": {"$like": "%"}}, ""),
        ({"name": {"$like": "*a"}}, "134"),
        ({"state": "CREATED"}, "123"),
        ({"state": {"$in": ["COMPLETED"]}}, "4"),
        ({"candidateGroup": "quality"}, "2"),
        ({"candidateGroup": {"$in": ["sales", "other"]}}, "2"),
        ({"candidateGroup": {"$neq": "quality"}}, "134"),
        ({"candidateGroup": {"$exists": False}}, "134"),
        ({"candidateGroup": {"$like": "qual*"}}, "2"),
        ({"dueDate": {"$lte": NOW.isoformat()}}, "1"),
        ({"dueDate": {"$gt": "2026-11-24T16:00:00+08:00"}}, "3"),
        ({"dueDate": "2026-11-24T08:00:00Z"}, "1"),
        ({"userTaskKey": "3"}, "3"),
        ({"processInstanceKey": {"$in": ["100"]}}, "1234"),
        ({"tenantId": "<default>"}, "1234"),
        ({"tenantId": "other"}, ""),
        ({"businessId": "A-1"}, "1234"),
        ({"tags": ["rush", "vip"]}, "1234"),
        ({"tags": ["rush", "other"]}, ""),
        ({"$or": [{"priority": 10}, {"name": "Beta"}]}, "13"),
        ({"state": "CREATED", "$or": [{"priority": 10}, {"name": "Gamma"}]}, "1"),
        ({"$or": []}, "1234"),
    ],
)
def test_a_filter_finds_exactly_what_it_says(
    tasks: Connection, given: dict[str, Any], expected: str
) -> None:
    """Every operator means what the API says."""
    assert "".join(found(tasks, {"filter": given})) == expected


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"filter": {"colour": "red"}}, "filter.colour"),
        ({"filter": {"$or": [{"colour": "red"}]}}, "filter.$or[0].colour"),
        ({"filter": []}, "filter"),
        ({"filter": {"priority": "high"}}, "filter.priority"),
        ({"filter": {"priority": True}}, "filter.priority"),
        ({"filter": {"priority": {"$like": "1*"}}}, "filter.priority.$like"),
        ({"filter": {"priority": {"$in": 5}}}, "filter.priority.$in"),
        ({"filter": {"elementId": {"$eq": "x"}}}, "filter.elementId"),
        ({"filter": {"userTaskKey": 3}}, "filter.userTaskKey"),
        ({"filter": {"userTaskKey": "x"}}, "filter.userTaskKey"),
        ({"filter": {"userTaskKey": "9" * 24}}, "filter.userTaskKey"),
        ({"filter": {"state": "OPEN"}}, "filter.state"),
        ({"filter": {"dueDate": "2026-11-24T08:00:00"}}, "filter.dueDate"),
        ({"filter": {"name": "a\0b"}}, "filter.name"),
        ({"filter": {"candidateGroup": {"$gt": "a"}}}, "filter.candidateGroup"),
        ({"filter": {"localVariables": [{"name": "x"}]}}, "filter.localVariables[0]"),
        ({"filter": {"localVariables": [{"name": "x", "value": {}}]}}, "filter.localVariables[0]"),
        (
            {"filter": {"localVariables": [{"name": "x", "value": {"$eq": None}}]}},
            "filter.localVariables[0]",
        ),
        ({"filter": {"tags": ["1st"]}}, "filter.tags"),
        ({"sort": [{"field": "colour"}]}, "sort[0].field"),
        ({"sort": [{"field": "name"}, {"field": "name"}]}, "sort[1].field"),
        ({"sort": [{"field": "name", "order": "UP"}]}, "sort[0].order"),
        ({"sort": [{"field": ["name"]}]}, "sort[0].field"),
        ({"page": {"limit": -1}}, "page.limit"),
        ({"page": {"limit": 10_001}}, "page.limit"),
        ({"page": {"from": "1"}}, "page.from"),
        ({"page": {"from": 1, "after": "AAAA"}}, "page"),
        ({"page": {"after": "not base64"}}, "page.after"),
        ({"page": {"after": b64encode(b'["name",["x"],"1"]').decode()}}, "page.after"),
        ({"page": {"after": b64encode(b"7").decode()}}, "page.after"),
        (
            {
                "sort": [{"field": "priority"}],
                "page": {"after": b64encode(b'["priority",[9223372036854775808],"1"]').decode()},
            },
            "page.after",
        ),
        (
            {
                "sort": [{"field": "name"}],
                "page": {"after": b64encode(b'["name",["\\u0000"],"1"]').decode()},
            },
            "page.after",
        ),
        (
            {
                "sort": [{"field": "dueDate"}],
                "page": {"after": b64encode(b'["dueDate",["x"],"1"]').decode()},
            },
            "page.after",
        ),
    ],
)
def test_a_search_that_cannot_be_understood_is_refused_naming_the_field(
    tasks: Connection, body: dict[str, Any], field: str
) -> None:
    """Nothing is silently left out of a search."""
    with pytest.raises(BadInputError) as refused:
        search(tasks, AUDITOR, user_tasks.NOUN, body)
    assert refused.value.facts["field"] == field


def test_walking_by_cursor_goes_by_flags(connection: Connection) -> None:
    """False stands before true, in both directions."""
    for key, flag in (("a", True), ("b", False), ("c", True)):
        row = {"id": key, "type": "t", "event_types": [], "retries": 1, "priority": 1}
        row |= {"changed_by": "ada", "changed_at": NOW}
        connection.execute(insert(house.global_listeners).values(**row, after_non_global=flag))
    noun, sort = global_listeners.NOUN, [{"field": "afterNonGlobal"}]

    def ids(**page: Any) -> list[str]:
        body = {"sort": sort, "page": page}
        return [item["id"] for item in search(connection, AUDITOR, noun, body)["items"]]

    first = search(connection, AUDITOR, noun, {"sort": sort, "page": {"limit": 1}})
    cursor = first["page"]["endCursor"]
    assert [item["id"] for item in first["items"]] == ["b"]
    assert ids(after=cursor) == ["a", "c"]
    last = search(connection, AUDITOR, noun, {"sort": sort})["page"]["endCursor"]
    assert ids(before=last) == ["b", "a"]


def test_a_start_by_message_is_found_by_the_subscription_that_is_told(
    connection: Connection,
) -> None:
    """It had none that waited: its own key stands for it, shown, filtered and sorted alike."""
    add_process(connection)
    add_instance(connection, 100)
    for key, subscription in ((7, None), (8, 3)):
        row = {"key": key, "message_key": key, "message_name": "m", "correlation_key": ""}
        where = {"process_id": "complaint", "instance_key": 100, "element_id": "start"}
        connection.execute(
            insert(instances.message_correlations).values(
                **row, **where, subscription_key=subscription, correlated_at=NOW
            )
        )
    noun = message_subscriptions.CORRELATED_NOUN

    def told(body: dict[str, Any]) -> list[str]:
        return [
            item["subscriptionKey"] for item in search(connection, AUDITOR, noun, body)["items"]
        ]

    assert told({"sort": [{"field": "subscriptionKey"}]}) == ["3", "7"]
    assert told({"filter": {"subscriptionKey": "7"}}) == ["7"]
    assert told({"filter": {"subscriptionKey": {"$neq": "7"}}}) == ["3"]
    assert told({"filter": {"subscriptionKey": {"$exists": False}}}) == []


def test_rows_without_a_value_come_last_in_both_orders(tasks: Connection) -> None:
    """A task without due date is never in front of one that has one."""
    ascending = [{"field": "dueDate"}]
    descending = [{"field": "dueDate", "order": "DESC"}]
    assert found(tasks, {"sort": ascending}) == ["1", "3", "2", "4"]
    assert found(tasks, {"sort": descending}) == ["3", "1", "2", "4"]


@pytest.mark.parametrize("order", ["ASC", "DESC"])
@pytest.mark.parametrize("field", ["dueDate", "priority", "name", "businessId"])
def test_walking_by_cursor_meets_every_row_once_forward_and_backward(
    tasks: Connection, field: str, order: str
) -> None:
    """Equal and missing values do not confuse the cursor."""
    sort = [{"field": field, "order": order}]
    whole = found(tasks, {"sort": sort})

    forward, cursor = [], None
    for _ in range(5):
        answer = search(
            tasks, AUDITOR, user_tasks.NOUN, {"sort": sort, "page": {"limit": 1, "after": cursor}}
        )
        forward += keys(answer)
        cursor = answer["page"]["endCursor"] or cursor
    assert forward == whole

    backward, cursor = list[str](), answer["page"]["startCursor"]
    last = search(tasks, AUDITOR, user_tasks.NOUN, {"sort": sort})["page"]["endCursor"]
    cursor = last
    for _ in range(4):
        answer = search(
            tasks, AUDITOR, user_tasks.NOUN, {"sort": sort, "page": {"limit": 1, "before": cursor}}
        )
        backward = keys(answer) + backward
        cursor = answer["page"]["startCursor"] or cursor
    assert [*backward, whole[-1]] == whole


def test_a_cursor_of_another_order_is_refused(tasks: Connection) -> None:
    """A cursor means nothing in another order."""
    answer = search(tasks, AUDITOR, user_tasks.NOUN, {"sort": [{"field": "name"}]})
    body = {"sort": [{"field": "priority"}], "page": {"after": answer["page"]["endCursor"]}}
    with pytest.raises(BadInputError, match="same order"):
        search(tasks, AUDITOR, user_tasks.NOUN, body)


def test_paging_by_offset_counts_all_rows(tasks: Connection) -> None:
    """`totalItems` is that of the whole search, not of the page."""
    answer = search(tasks, AUDITOR, user_tasks.NOUN, {"page": {"from": 3, "limit": 2}})
    assert keys(answer) == ["4"]
    assert answer["page"]["totalItems"] == 4
    assert answer["page"]["hasMoreTotalItems"] is False


def test_a_page_of_no_rows_has_a_total_and_no_cursors(tasks: Connection) -> None:
    """A limit of 0 counts."""
    answer = search(tasks, AUDITOR, user_tasks.NOUN, {"page": {"limit": 0}})
    assert answer["items"] == []
    assert answer["page"]["totalItems"] == 4
    assert answer["page"]["startCursor"] is answer["page"]["endCursor"] is None


def test_variables_filter_by_json_text_of_the_right_scope(tasks: Connection) -> None:
    """A string is compared with its quotes, without spaces; an instance has the variables of all its scopes."""
    add_variable(tasks, 900, "grade", '"A"', scope_key=100)
    add_variable(tasks, 901, "sums", '{"a":[1,2]}', scope_key=100)
    add_variable(tasks, 902, "round", "2", scope_key=4)  # the element instance of task 3

    def by(name: str, value: Any, where: str = "processInstanceVariables") -> str:
        return "".join(found(tasks, {"filter": {where: [{"name": name, "value": value}]}}))

    assert by("grade", '"A"') == "1234"
    assert by("grade", "A") == ""
    assert by("grade", {"$like": '"*"'}) == "1234"
    assert by("sums", '{"a": [1, 2]}') == "1234"
    assert by("round", "2") == "1234"
    assert by("round", "2", "localVariables") == "3"
    assert by("grade", '"A"', "localVariables") == ""


def test_element_fields_of_an_instance_filter_speak_of_the_same_element(
    connection: Connection,
) -> None:
    """One element that is active and another of that id do not add up to a match."""
    add_process(connection)
    add_instance(connection, 100)
    add_element(connection, 5, element_id="a", state="COMPLETED")
    add_element(connection, 6, element_id="b", state="ACTIVE")
    noun = process_instances.NOUN
    assert found(connection, {"filter": {"elementId": "a"}}, noun) == ["100"]
    both: dict[str, Any] = {"elementId": "a", "elementInstanceState": "ACTIVE"}
    assert found(connection, {"filter": both}, noun) == []
    both = {"elementId": "b", "elementInstanceState": {"$like": "ACT*"}}
    assert found(connection, {"filter": both}, noun) == ["100"]


def test_two_names_of_a_batch_operation_are_refused(connection: Connection) -> None:
    """The API allows one of them."""
    body = {"filter": {"batchOperationId": "1", "batchOperationKey": "1"}}
    with pytest.raises(BadInputError, match="Expected only one"):
        search(connection, AUDITOR, process_instances.NOUN, body)


def test_long_values_are_cut_and_say_so(tasks: Connection) -> None:
    """A search shows 8192 characters; one variable is shown whole."""
    long, short = '"' + "x" * variables.SHOWN_CHARACTERS + '"', '"' + "x" * 8190 + '"'
    add_variable(tasks, 900, "long", long, scope_key=100)
    add_variable(tasks, 901, "short", short, scope_key=100)
    cut, whole = search(tasks, AUDITOR, variables.NOUN, {})["items"]
    assert (cut["isTruncated"], len(cut["value"])) == (True, 8192)
    assert (whole["isTruncated"], whole["value"]) == (False, short)
    assert find(tasks, AUDITOR, variables.WHOLE_NOUN, 900)["value"] == long
    answer = search(tasks, AUDITOR, variables.NOUN, {"filter": {"isTruncated": True}})
    assert [item["name"] for item in answer["items"]] == ["long"]


def test_the_innermost_variable_of_a_name_is_the_effective_one(tasks: Connection) -> None:
    """Inner scopes hide outer ones, whatever order the rows have."""
    add_element(tasks, 50, type="SUB_PROCESS")
    add_element(tasks, 51, scope_key=50)
    add_variable(tasks, 900, "x", "1", scope_key=51)
    add_variable(tasks, 901, "x", "2", scope_key=100)
    add_variable(tasks, 902, "y", "3", scope_key=50)
    scopes = variables.scopes_of(tasks, 100, 51)
    assert scopes == [51, 50, 100]
    assert sorted(variables.effective_keys(tasks, scopes)) == [900, 902]
    assert variables.seen_from(tasks, AUDITOR, 51).values == {"x": 1, "y": 3}
    assert variables.seen_from(tasks, AUDITOR, 100).values == {"x": 2}


def test_only_true_asks_for_the_latest_version(connection: Connection) -> None:
    """False asks for nothing, as in Camunda 8."""
    add_process(connection, 10, is_latest=False)
    add_process(connection, 11, version=2)
    for asked, expected in ((True, ["11"]), (False, ["10", "11"]), (None, ["10", "11"])):
        body = {"filter": {"isLatestVersion": asked}}
        items = search(connection, AUDITOR, process_definitions.NOUN, body)["items"]
        assert sorted(item["processDefinitionKey"] for item in items) == expected


def test_what_is_not_there_is_not_found(tasks: Connection) -> None:
    """The text names the noun and the key."""
    with pytest.raises(NotFoundError, match="user task with key '77'"):
        find(tasks, AUDITOR, user_tasks.NOUN, 77)


def test_every_count_is_sql_that_runs(connection: Connection) -> None:
    """With rows to count and without, sorted by each of its fields."""
    add_process(connection)
    add_instance(connection, 100)
    add_variable(connection, 900, "x", "1", scope_key=100)
    window = job_statistics.Window(NOW, NOW + timedelta(days=1))
    nouns = [
        definition_statistics.by_process(AUDITOR),
        definition_statistics.by_version(AUDITOR, "complaint"),
        definition_statistics.by_subscriptions(AUDITOR, None),
        definition_statistics.variable_names(AUDITOR, 10, None),
        incident_statistics.by_definition(AUDITOR, 1),
        incident_statistics.by_error(AUDITOR, "en"),
        incident_statistics.by_error(AUDITOR, "zh_Hans"),
        job_statistics.by_error(window, "x", {"errorCode": {"$like": "*"}}),
        job_statistics.by_type(window, {"$neq": "x"}),
        job_statistics.by_worker(window, "x"),
        job_statistics.over_time(window, "x", "PT1H"),
    ]
    counts = []
    for noun in nouns:
        counts.append(len(search(connection, AUDITOR, noun, {})["items"]))
        for field in noun.sorts:
            search(connection, AUDITOR, noun, {"sort": [{"field": field}], "page": {"from": 1}})
    assert counts == [1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert job_statistics.in_all(connection, window, None)["created"]["count"] == 0


def test_the_call_hierarchy_leads_from_who_called_first_to_the_instance(
    connection: Connection,
) -> None:
    """An instance that nobody called has none, as in Camunda 8."""
    add_process(connection)
    for key, parent in ((100, None), (200, 100), (300, 200)):
        add_instance(connection, key, parent_instance_key=parent, root_key=100)

    def told(key: int) -> list[str]:
        chain = statistics.call_hierarchy(connection, AUDITOR, key)
        return [one["processInstanceKey"] for one in chain]

    assert [told(100), told(200), told(300)] == [[], ["100", "200"], ["100", "200", "300"]]


def test_incidents_of_an_instance_are_those_of_all_it_called(connection: Connection) -> None:
    """At any depth, from wherever in the tree it is asked; and nobody else's."""
    add_process(connection)
    for key, parent in ((100, None), (200, 100), (300, 200), (400, 300), (500, None)):
        add_instance(connection, key, parent_instance_key=parent, root_key=100)
        connection.execute(
            insert(instances.incidents).values(
                key=key + 1,
                instance_key=key,
                element_instance_key=key + 2,
                element_id="x",
                error_type="JOB_NO_RETRIES",
                message="失败",
                message_hash=1,
                state="ACTIVE",
                created_at=NOW,
            )
        )

    def found(key: int) -> list[str]:
        answer = search(connection, AUDITOR, incidents.NOUN, {}, incidents.of_instance(key))
        return [item["incidentKey"] for item in answer["items"]]

    assert found(100) == ["101", "201", "301", "401"]
    assert found(200) == ["201", "301", "401"]
    assert found(500) == ["501"]


@pytest.mark.parametrize("name", ["", "7", "7-", "7-1x", "x-1", "-7-1", f"{10**18}9-1", "99-1"])
def test_a_decision_instance_of_another_name_is_not_found(
    connection: Connection, name: str
) -> None:
    """Also where the name could be none, or one of a key that is too large."""
    with pytest.raises(NotFoundError):
        decision_instances.find_by_name(connection, AUDITOR, decision_instances.NOUN, name)


@pytest.mark.parametrize("given", [5, "ACTIVE", {"a": 1}, [5]])
def test_a_state_that_is_no_list_of_words_is_refused(given: Any) -> None:
    """Whatever stands behind the operator of a batch operation's filter."""
    with pytest.raises(BadInputError, match="state"):
        batch_items.check(words.CANCEL, {"state": {"$in": given}})


def test_message_subscriptions_are_told_from_opened_to_correlated(connection: Connection) -> None:
    """One that waits, one that waits on after a message, one that is over, and what starts a process."""
    add_process(connection, name="顾客反馈")
    add_instance(connection, 100, business_id="A-1")
    add_subscription(connection, 1, "ask", business_id="A-1")
    add_subscription(connection, 2, "remind", is_interrupting=False, business_id="A-1")
    for key, subscription, name in (
        (21, 2, "remind"),
        (22, 2, "remind"),
        (23, 3, "paid"),
        (24, None, "m"),
    ):
        at = NOW + timedelta(hours=key)
        add_correlation(connection, key, subscription, name, correlated_at=at)
    for key, kind in ((10, "message"), (11, "signal")):
        add_start_event(connection, key, kind)

    def told(person: Person = AUDITOR, **wanted: Any) -> list[tuple[str, str, str, str | None]]:
        body = {"filter": wanted, "sort": [{"field": "messageSubscriptionKey"}]}
        found = search(connection, person, message_subscriptions.NOUN, body)
        assert found["page"]["totalItems"] == len(found["items"])
        return [
            (
                item["messageSubscriptionKey"],
                item["messageSubscriptionState"],
                item["messageSubscriptionType"],
                item["businessId"],
            )
            for item in found["items"]
        ]

    waiting = ("1", "CREATED", "PROCESS_EVENT", "A-1")
    waits_on = ("2", "CORRELATED", "PROCESS_EVENT", "A-1")
    over = ("3", "CORRELATED", "PROCESS_EVENT", "A-1")
    starts = ("10", "CREATED", "START_EVENT", None)
    assert told() == [waiting, waits_on, over, starts]
    assert told(messageSubscriptionState="CORRELATED") == [waits_on, over]
    assert told(messageSubscriptionType="START_EVENT") == [starts]
    assert told(processDefinitionName="顾客反馈") == [waiting, waits_on, over, starts]
    assert told(lastUpdatedDate=(NOW + timedelta(hours=22)).isoformat()) == [waits_on]
    assert told(processInstanceKey={"$exists": False}) == [starts]
    assert told(Person("nina", "nina", roles=frozenset({"staff"}))) == [starts]
    by_process = definition_statistics.by_subscriptions(AUDITOR, None)
    (counted,) = search(connection, AUDITOR, by_process, {})["items"]
    assert counted["activeSubscriptions"] == 2


def test_the_parts_of_a_list_have_the_same_columns_in_the_same_order() -> None:
    """A union goes by position: PostgreSQL refuses what is out of order, SQLite shows one for the other."""
    union = ROWS.element
    assert isinstance(union, CompoundSelect)
    parts = [list(part.selected_columns.keys()) for part in union.selects]
    assert parts == [list(ROWS.c.keys())] * 3


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"page": {"limit": 2, "from": 1}},
        {"page": {"limit": 3}, "sort": [{"field": "lastUpdatedDate", "order": "DESC"}]},
        {"filter": {"messageSubscriptionState": "CORRELATED"}, "page": {"limit": 2, "from": 1}},
        {"sort": [{"field": "correlationKey"}, {"field": "elementId", "order": "DESC"}]},
    ],
    ids=str,
)
def test_a_union_is_read_part_by_part_as_it_is_read_whole(
    connection: Connection, body: dict[str, Any]
) -> None:
    """The first of each part are enough: page, order, total and cursors are the same, also behind a cursor."""
    add_process(connection)
    add_instance(connection, 100)
    for key in range(1, 5):
        add_subscription(connection, key * 2, f"ask_{key % 2}", is_interrupting=False)
        add_correlation(connection, key + 20, key * 3, f"paid_{key}", correlated_at=NOW)
        add_start_event(connection, key * 5 + 40, "message")
    whole = replace(message_subscriptions.NOUN, parts=())

    def pages(noun: Noun) -> list[dict[str, Any]]:
        first = search(connection, AUDITOR, noun, body)
        after = {"after": first["page"]["endCursor"], "limit": 2}
        return [first, search(connection, AUDITOR, noun, {**body, "page": after})]

    assert pages(message_subscriptions.NOUN) == pages(whole)
