"""The official client on decisions: chains, failures, requirements, and what a deployment warns of."""

from io import BytesIO
from typing import Any

import pytest
from camunda_orchestration_sdk.models import (
    AuditLogSearchQueryRequest,
    CreateDeploymentData,
    DecisionEvaluationByID,
    DecisionInstanceSearchQuery,
    DecisionRequirementsSearchQuery,
)
from camunda_orchestration_sdk.types import File
from flask.testing import FlaskClient

from service.usecases.house import House
from tests.api.conftest import SignIn
from tests.api.test_doors import basic
from tests.dmn.dmn_files import file, literal, requires, table

pytestmark = pytest.mark.slow

CHAIN = file(
    literal('if d > 1 then "high" else "low"', "top", requires("d")),
    table(["amount"], ["grade"], [["[0..10]", "1"], ["[10..20]", "2"]]),
)


@pytest.fixture
def chain(staffed: House, sign_in: SignIn) -> None:
    """A literal expression that requires a table with an overlap and gaps."""
    resources = [File(BytesIO(CHAIN), "chain.dmn")]
    sign_in("owner").create_deployment(data=CreateDeploymentData(resources=resources))


def evaluate(sign_in: SignIn, **variables: Any) -> Any:
    """Return the client's result of evaluating the top of the chain."""
    asked = {"decisionDefinitionId": "top", "variables": variables}
    return sign_in("rita").evaluate_decision(data=DecisionEvaluationByID.from_dict(asked))


def test_a_chain_is_answered_with_every_decision(chain: None, sign_in: SignIn) -> None:
    """Required decisions come first, each with its own inputs and rules; all can be read later."""
    result = evaluate(sign_in, amount=15)

    assert (result.output, result.failure_message) == ('"high"', None)
    first, second = result.evaluated_decisions
    assert (first.decision_definition_id, second.decision_definition_id) == ("d", "top")
    assert first.evaluated_inputs[0].input_value == "15"
    assert [rule.rule_id for rule in first.matched_rules] == ["r2"]
    assert second.matched_rules == []
    by_evaluation = {"filter": {"decisionEvaluationKey": result.decision_evaluation_key}}
    query = DecisionInstanceSearchQuery.from_dict(by_evaluation)
    kept = sign_in("rita").search_decision_instances(data=query).items
    assert {one.decision_definition_id for one in kept} == {"d", "top"}
    roots = {one.root_decision_definition_key for one in kept}
    assert roots == {result.decision_definition_key}
    entry = {"filter": {"entityKey": result.decision_evaluation_key}}
    (logged,) = (
        sign_in("rita").search_audit_logs(data=AuditLogSearchQueryRequest.from_dict(entry)).items
    )
    assert (logged.entity_type.value, logged.operation_type.value) == ("DECISION", "EVALUATE")
    assert (logged.actor_id, logged.decision_definition_id) == ("rita", "top")


def test_a_rule_is_called_by_its_place_and_an_output_by_its_label(
    staffed: House, sign_in: SignIn
) -> None:
    """Where the file gives a rule no id; a label stands before a name (Camunda 8, BusinessRuleTaskTest)."""
    unnamed = CHAIN.replace(b'<rule id="r2"', b"<rule").replace(
        b"<output ", b'<output label="Grade" '
    )
    resources = [File(BytesIO(unnamed), "chain.dmn")]
    sign_in("owner").create_deployment(data=CreateDeploymentData(resources=resources))
    (rule,) = evaluate(sign_in, amount=15).evaluated_decisions[0].matched_rules
    (output,) = rule.evaluated_outputs
    made = "ZB_SYNTH_RULE_ID_d_v1_r2"
    assert (rule.rule_id, output.rule_id, output.output_name) == (made, made, "Grade")


def test_a_failed_decision_names_which_and_why(chain: None, sign_in: SignIn) -> None:
    """Two rows of the UNIQUE table match; the rows that contradict each other are told."""
    result = evaluate(sign_in, amount=10)

    assert (result.output, result.failed_decision_definition_id) == ("null", "d")
    assert "rows 1, 2" in str(result.failure_message)
    assert [rule.rule_id for rule in result.evaluated_decisions[0].matched_rules] == ["r1", "r2"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "rows 1, 2"), ("zh-CN", "第 1、2 行同时命中"), ("zh-TW", "第 1、2 列同時命中")],
)
def test_a_failure_is_told_in_the_readers_language(
    chain: None, client: FlaskClient, language: str, said: str
) -> None:
    """In the answer of the evaluation, in each search and by key; and it is found by what is read."""
    headers = {**basic("rita"), "Accept-Language": language}
    asked = {"decisionDefinitionId": "top", "variables": {"amount": 10}}

    answer = client.post("/v2/decision-definitions/evaluation", json=asked, headers=headers).json

    assert answer is not None
    failure = answer["failureMessage"]
    assert said in failure
    by_failure = {
        "filter": {"evaluationFailure": failure},
        "sort": [{"field": "evaluationFailure"}],
    }
    search = client.post("/v2/decision-instances/search", json=by_failure, headers=headers).json
    assert search is not None
    assert [one["evaluationFailure"] for one in search["items"]] == [failure, failure]
    key = f"{answer['decisionEvaluationKey']}-1"
    one = client.get(f"/v2/decision-instances/{key}", headers=headers).json
    assert one is not None
    assert one["evaluationFailure"] == failure


def test_requirements_are_found_and_read_as_deployed(chain: None, sign_in: SignIn) -> None:
    """Search, one, and the file byte for byte."""
    owner = sign_in("owner")
    query = DecisionRequirementsSearchQuery.from_dict(
        {"filter": {"decisionRequirementsId": "defs"}}
    )
    (found,) = owner.search_decision_requirements(data=query).items

    assert (found.decision_requirements_name, found.version) == ("test", 1)
    assert owner.get_decision_requirements(found.decision_requirements_key) == found
    xml = owner.get_decision_requirements_xml(found.decision_requirements_key)
    assert xml == CHAIN.decode()


def test_a_deployment_warns_of_what_its_tables_lack(staffed: House, client: FlaskClient) -> None:
    """Nothing is refused; the sentence comes in the reader's language, with line and rule."""

    def warned(language: str) -> list[str]:
        answer = client.post(
            "/v2/deployments",
            data={"resources": (BytesIO(CHAIN), "chain.dmn")},
            headers={**basic("owner"), "Accept-Language": language},
        )
        assert answer.status_code == 200
        return [one["detail"] for one in answer.json["warnings"]]

    assert "第 1、2 行同时命中（amount=10），而命中策略是 UNIQUE。" in warned("zh-CN")
    assert any(
        ": Rows 1, 2 match together (amount = 10), but the hit policy is UNIQUE." in told
        for told in warned("en")
    )


def test_every_filter_of_decision_instances_finds_what_it_names(
    chain: None, staffed: House, client: FlaskClient
) -> None:
    """Each property of an instance is a filter of that name, boxed expressions and failures included."""
    boxed = file(
        '<decision id="box" name="box"><context><contextEntry><variable name="a"/><literalExpression>'
        "<text>1</text></literalExpression></contextEntry></context></decision>",
        file_id="boxed",
    )
    owner, rita = basic("owner"), basic("rita")
    client.post("/v2/deployments", data={"resources": (BytesIO(boxed), "boxed.dmn")}, headers=owner)
    for asked, variables in (("box", {}), ("top", {"amount": 5}), ("top", {"amount": 10})):
        body = {"decisionDefinitionId": asked, "variables": variables}
        client.post("/v2/decision-definitions/evaluation", json=body, headers=rita)

    def found(**wanted: Any) -> list[dict[str, Any]]:
        body = {"filter": wanted}
        answer = client.post("/v2/decision-instances/search", json=body, headers=rita)
        assert answer.status_code == 200, answer.json
        items: list[dict[str, Any]] = answer.json["items"]
        return items

    every = found()
    assert [one["state"] for one in every].count("FAILED") == 2
    for one in every:
        known = {
            name: value for name, value in one.items() if value is not None and name != "result"
        }
        for name, value in known.items():
            assert one in found(**{name: value}), name
        assert found(**known) == [one]
    assert [one["decisionDefinitionId"] for one in found(decisionDefinitionType="UNKNOWN")] == [
        "box"
    ]
