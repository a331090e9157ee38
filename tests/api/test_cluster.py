"""Cluster variables, the clock, the system, as the official client asks for them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaClient, TenantId, errors
from camunda_orchestration_sdk.models import (
    ClusterVariableSearchQueryRequest,
    CreateClusterVariableRequest,
    UpdateClusterVariableRequest,
)
from flask import Flask
from flask.testing import FlaskClient

from service import api
from service.connectors.pinned_clock import FileClock
from service.usecases import parameters
from service.usecases.house import House
from tests.api.conftest import PASSWORD, SignIn
from tests.api.steps import start
from tests.fakes import FakeClock

OWNER = ("owner", PASSWORD)
HOURS = {"key": "HOURS", "value": 4, "unit": "小时", "label": "时限"}


def make(client: CamundaClient, name: str, value: Any, **more: Any) -> Any:
    """Make a cluster variable."""
    body = {"name": name, "value": value, **more}
    return client.create_global_cluster_variable(data=CreateClusterVariableRequest.from_dict(body))


@pytest.mark.slow
def test_a_cluster_variable_from_made_to_deleted(
    staffed: House, sign_in: SignIn, client: FlaskClient
) -> None:
    """Expressions read it at once; a shipped parameter keeps its kind and stays."""
    parameters.load_shipped(staffed, [HOURS])
    ada, owner = sign_in("ada"), sign_in("owner")
    made = make(ada, "LIMITS", {"high": 10}, metadata={"team": "x"})
    assert (made.name, made.value, made.scope.value) == ("LIMITS", '{"high":10}', "GLOBAL")
    assert made.metadata.to_dict() == {"team": "x"}
    with pytest.raises(errors.ConflictError):
        make(ada, "LIMITS", {})
    with pytest.raises(errors.BadRequestError):
        make(ada, "..", {})
    make(ada, "no-name", {"high": 5})

    body = {"expression": "=camunda.vars.cluster.LIMITS.high + camunda.vars.cluster.HOURS"}
    evaluated = client.post("/v2/expression/evaluation", json=body, auth=OWNER)
    assert evaluated.get_json()["result"] == 14
    body = {"expression": '=get value(camunda.vars.env, "no-name").high'}
    evaluated = client.post("/v2/expression/evaluation", json=body, auth=OWNER)
    assert evaluated.get_json()["result"] == 5
    change = UpdateClusterVariableRequest.from_dict({"value": {"high": 20}})
    assert ada.update_global_cluster_variable("LIMITS", data=change).value == '{"high":20}'
    query = {"filter": {"value": {"$eq": "4"}}, "sort": [{"field": "name"}]}
    request = ClusterVariableSearchQueryRequest.from_dict(query)
    (found,) = owner.search_cluster_variables(data=request).items
    assert (found.name, found.is_truncated) == ("HOURS", False)

    with pytest.raises(errors.BadRequestError):
        ada.update_global_cluster_variable(
            "HOURS", data=UpdateClusterVariableRequest.from_dict({"value": {"no": "number"}})
        )
    with pytest.raises(errors.ApiError) as shipped:
        ada.delete_global_cluster_variable("HOURS")
    assert shipped.value.status_code == 409
    ada.delete_global_cluster_variable("LIMITS")
    with pytest.raises(errors.NotFoundError):
        ada.get_global_cluster_variable("LIMITS")
    with pytest.raises(errors.ForbiddenError):
        make(owner, "MINE", {})


@pytest.mark.slow
def test_a_variable_of_the_tenant_stands_above_that_of_all(
    staffed: House, sign_in: SignIn, client: FlaskClient
) -> None:
    """Whole, not merged; deleted, the other is seen again. There is no other tenant."""
    ada, owner = sign_in("ada"), sign_in("owner")
    make(ada, "LIMITS", {"high": 10, "low": 1})
    body = CreateClusterVariableRequest.from_dict(
        {"name": "LIMITS", "value": {"high": 20}, "metadata": {"stage": 2}}
    )
    made = ada.create_tenant_cluster_variable(TenantId("<default>"), data=body)
    assert (made.value, made.scope.value, made.tenant_id) == ('{"high":20}', "TENANT", "<default>")
    assert ada.get_tenant_cluster_variable(TenantId("<default>"), "LIMITS") == made

    def seen(path: str) -> Any:
        sent = {"expression": f"=camunda.vars.{path}"}
        return client.post("/v2/expression/evaluation", json=sent, auth=OWNER).get_json()["result"]

    assert (seen("env.LIMITS"), seen("tenant.LIMITS.high")) == ({"high": 20}, 20)
    assert seen("cluster.LIMITS") == {"high": 10, "low": 1}
    query = {"filter": {"metadata": {"stage": {"$gte": 2}}, "scope": "TENANT"}}
    request = ClusterVariableSearchQueryRequest.from_dict(query)
    assert [one.name for one in owner.search_cluster_variables(data=request).items] == ["LIMITS"]

    change = UpdateClusterVariableRequest.from_dict({"value": {"high": 30}})
    changed = ada.update_tenant_cluster_variable(TenantId("<default>"), "LIMITS", data=change)
    assert (changed.value, changed.metadata.to_dict()) == ('{"high":30}', {"stage": 2})
    with pytest.raises(errors.ConflictError):
        ada.create_tenant_cluster_variable(TenantId("<default>"), data=body)
    with pytest.raises(errors.ForbiddenError):
        owner.update_tenant_cluster_variable(TenantId("<default>"), "LIMITS", data=change)
    for refused in (
        lambda: ada.create_tenant_cluster_variable(TenantId("other"), data=body),
        lambda: ada.get_tenant_cluster_variable(TenantId("<default>"), "NO"),
        lambda: ada.update_tenant_cluster_variable(TenantId("<default>"), "NO", data=change),
        lambda: ada.delete_tenant_cluster_variable(TenantId("other"), "LIMITS"),
    ):
        with pytest.raises(errors.NotFoundError):
            refused()
    ada.delete_tenant_cluster_variable(TenantId("<default>"), "LIMITS")
    assert seen("env.LIMITS.high") == 10


def test_who_may_only_change_a_variable_is_answered_what_he_changed(
    staffed: House, client: FlaskClient
) -> None:
    """The answer comes from the change itself: reading the variable is a right of its own."""
    parameters.load_shipped(staffed, [HOURS])
    record = {
        "ownerType": "USER",
        "ownerId": "quinn",
        "resourceType": "CLUSTER_VARIABLE",
        "resourceId": "*",
        "permissionTypes": ["UPDATE"],
    }
    ada, quinn = ("ada", PASSWORD), ("quinn", PASSWORD)
    assert client.post("/v2/authorizations", json=record, auth=ada).status_code == 201
    where = "/v2/cluster-variables/global/HOURS"

    changed = client.put(where, json={"value": 5, "metadata": {"by": "quinn"}}, auth=quinn)

    assert (changed.status_code, changed.get_json()["value"]) == (200, "5")
    assert client.get(where, auth=quinn).status_code == 404
    assert client.get(where, auth=ada).get_json() == changed.get_json()


@pytest.mark.parametrize(
    ("metadata", "field"),
    [
        ({"a": True}, "metadata.a"),
        ({"a": None}, "metadata.a"),
        ({"a": [1]}, "metadata.a"),
        ({str(number): 1 for number in range(101)}, "metadata"),
        ({"a": "x" * 900_000}, "metadata"),
    ],
)
def test_metadata_are_strings_and_numbers(
    staffed: House, client: FlaskClient, metadata: dict[str, Any], field: str
) -> None:
    """A refused change leaves the value as it was."""
    parameters.load_shipped(staffed, [HOURS])
    sent = {"value": 5, "metadata": metadata}
    where, ada = "/v2/cluster-variables/global/HOURS", ("ada", PASSWORD)
    refused = client.put(where, json=sent, auth=ada)
    assert refused.status_code == 400
    assert f"'{field}'" in refused.get_json()["detail"]
    assert client.get(where, auth=ada).get_json()["value"] == "4"


def test_the_clock_is_set_only_where_the_operator_allows_it(
    staffed: House, client: FlaskClient
) -> None:
    """403 with the setting that would allow it."""
    answer = client.put("/v2/clock", json={"timestamp": 0}, auth=OWNER)
    assert answer.status_code == 403
    assert "HUIYIN_CLOCK_CONTROL" in answer.get_json()["detail"]


def test_a_pinned_clock_stands_until_it_is_released(staffed: House, tmp_path: Path) -> None:
    """In every process that shares the folder; released, it goes with the machine."""
    machine = FakeClock()
    clock, elsewhere = (FileClock(tmp_path / "clock", machine.now) for _process in range(2))
    house = replace(staffed, outside=replace(staffed.outside, clock=clock))
    flask = Flask(__name__)
    flask.config["SECRET_KEY"] = "for tests"
    api.register(flask, house)
    client = flask.test_client()

    moment = datetime(2030, 1, 1, tzinfo=UTC)
    body = {"timestamp": int(moment.timestamp() * 1000)}
    assert client.put("/v2/clock", json=body, auth=OWNER).status_code == 204
    machine.advance(hours=1)
    assert elsewhere.now() == moment
    added = client.post("/v2/clock/add", json={"offset": "-P1D"}, auth=OWNER).get_json()
    machine.advance(hours=1)
    assert elsewhere.now() == moment - timedelta(days=1)
    assert added == client.get("/v2/clock", auth=OWNER).get_json()
    assert added == {"timestamp": "2029-12-31T00:00:00Z"}
    assert client.post("/v2/clock/reset", auth=OWNER).status_code == 204
    assert elsewhere.now() == machine.at
    assert client.put("/v2/clock", json={"timestamp": "now"}, auth=OWNER).status_code == 400
    assert client.put("/v2/clock", json=body, auth=("quinn", PASSWORD)).status_code == 403


def test_a_clock_that_is_ahead_goes_on(staffed: House, tmp_path: Path) -> None:
    """Each addition counts from the time it shows; what would lead out of the calendar is refused."""
    machine = FakeClock()
    clock, elsewhere = (FileClock(tmp_path / "clock", machine.now) for _process in range(2))
    flask = Flask(__name__)
    flask.config["SECRET_KEY"] = "for tests"
    api.register(flask, replace(staffed, outside=replace(staffed.outside, clock=clock)))
    client = flask.test_client()

    def add(offset: str, who: str = "owner") -> int:
        body = {"offset": offset}
        return client.post("/v2/clock/add", json=body, auth=(who, PASSWORD)).status_code

    assert [add("PT1H"), add("pt1h30m"), add("PT-0.5S")] == [200, 200, 200]
    machine.advance(days=1)
    assert elsewhere.now() == machine.at + timedelta(hours=2, minutes=30, seconds=-0.5)
    assert [add(text) for text in ("P", "PT", "P1M", "1h", "-P60000D", "P9999999D")] == [400] * 6
    assert add("PT1H", "quinn") == 403
    assert elsewhere.now() == machine.at + timedelta(hours=2, minutes=30, seconds=-0.5)


@pytest.mark.slow
def test_the_usage_is_counted(deployed: House, sign_in: SignIn, clock: FakeClock) -> None:
    """What began in the time; nobody but who keeps the house is told."""
    owner = sign_in("owner")
    start(owner)
    begin, end = clock.at - timedelta(hours=1), clock.at + timedelta(hours=1)
    usage = owner.get_usage_metrics(start_time=begin, end_time=end, with_tenants=True)
    assert (usage.process_instances, usage.decision_instances, usage.assignees) == (1, 0, 0)
    assert list(usage.tenants.additional_properties) == ["<default>"]
    before = owner.get_usage_metrics(start_time=begin, end_time=begin)
    assert before.process_instances == 0
    with pytest.raises(errors.ForbiddenError):
        sign_in("sam").get_usage_metrics(start_time=begin, end_time=end)
    configuration = owner.get_system_configuration()
    assert configuration.deployment.is_multi_tenancy_enabled is False


def test_the_whole_cluster_is_one_tenant_on_one_broker(staffed: House, sign_in: SignIn) -> None:
    """At `/cluster/v2`, where the client looks for it: the status for anybody, the rest for operators."""
    worker = sign_in("worker")
    assert worker.get_cluster_status().status.value == "HEALTHY"
    (tenant,) = worker.get_cluster_topology().physical_tenants
    assert (tenant.physical_tenant_id, tenant.partitions_count) == ("<default>", 1)
    with pytest.raises(errors.ApiError) as refused:
        sign_in("quinn").get_cluster_topology()
    assert refused.value.status_code == 403
    with pytest.raises(errors.ApiError) as not_here:
        worker.get_cluster_rebalance()
    assert not_here.value.status_code == 501


@pytest.mark.slow
def test_an_expression_sees_the_process_instance_of_its_scope(
    deployed: House, client: FlaskClient, sign_in: SignIn
) -> None:
    """Its key, a number, and its business id; both are null without a scope (Camunda 8.10)."""
    key = str(start(sign_in("owner"), businessId="B-1").process_instance_key)
    body = {"expression": "=[camunda.processInstance.key, camunda.processInstance.businessId]"}
    for more, result in (({"scopeKey": key}, [int(key), "B-1"]), ({}, [None, None])):
        told = client.post("/v2/expression/evaluation", json={**body, **more}, auth=OWNER)
        assert (told.get_json()["result"], told.get_json()["warnings"]) == (result, [])


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Hello World", "Hello World"),
        ("42", 42),
        ("-3.14", -3.14),
        ("true", True),
        ("null", None),
        ('{a: "b"}', '{a: "b"}'),
        ("=1 + 2", 3),
    ],
)
def test_an_expression_without_a_sign_stands_for_itself(
    client: FlaskClient, text: str, result: Any
) -> None:
    """As an attribute of a diagram does; what begins with the sign is FEEL."""
    told = client.post("/v2/expression/evaluation", json={"expression": text}, auth=OWNER)
    assert told.get_json() == {
        "expression": text,
        "result": result,
        "warnings": [],
        "referencedSecrets": [],
    }
