"""The official client `camunda-orchestration-sdk`, unchanged: deploy, read definitions, decide, keep files."""

import json
from io import BytesIO
from typing import Any

import pytest
from camunda_orchestration_sdk import errors
from camunda_orchestration_sdk.models import (
    CreateDeploymentData,
    CreateDocumentData,
    DecisionEvaluationByID,
    DecisionEvaluationByKey,
    DecisionInstanceSearchQuery,
    ElementInstanceSearchQuery,
    ExpressionEvaluationRequest,
    ExpressionEvaluationRequestVariables,
    IncidentSearchQuery,
    ProcessDefinitionSearchQuery,
    ProcessInstanceSearchQuery,
    VariableSearchQuery,
)
from camunda_orchestration_sdk.types import File

from service.usecases.house import House
from tests.api.conftest import SignIn, paths
from tests.api.steps import complete_inspection, start

pytestmark = pytest.mark.slow

FILES = ("repair.bpmn", "repair_price.dmn", "inspect_item.form")


def test_a_deployment_answers_every_definition_with_its_version(sign_in: SignIn) -> None:
    """The same files again keep keys and versions."""
    owner = sign_in("owner")
    first = owner.deploy_resources_from_files(paths(*FILES))
    assert [one.process_definition_id for one in first.processes] == ["repair"]
    assert first.processes[0].resource_name == "repair.bpmn"
    assert [one.name for one in first.decisions] == ["维修价格"]
    assert [one.version for one in first.decision_requirements] == [1]
    assert [one.form_id for one in first.forms] == ["inspect_item"]

    second = owner.deploy_resources_from_files(paths(*FILES))
    assert second.processes == first.processes


def test_a_refused_deployment_tells_file_and_element(sign_in: SignIn) -> None:
    """Nothing of it is stored; the findings stand in the problem."""
    bad = File(BytesIO(b"<bpmn:definitions"), "broken.bpmn")
    owner = sign_in("owner")
    with pytest.raises(errors.BadRequestError) as refused:
        owner.create_deployment(data=CreateDeploymentData(resources=[bad]))
    problem = json.loads(refused.value.content)
    assert problem["title"] == "INVALID_ARGUMENT"
    assert problem["findings"][0]["resource"] == "broken.bpmn"
    found = owner.search_process_definitions(data=ProcessDefinitionSearchQuery())
    assert found.items == []


def test_definitions_are_read_as_they_were_deployed(deployed: House, sign_in: SignIn) -> None:
    """XML, DMN and form come back byte for byte."""
    owner = sign_in("owner")
    query = ProcessDefinitionSearchQuery.from_dict(
        {"filter": {"isLatestVersion": True, "processDefinitionId": {"$like": "rep*"}}}
    )
    (process,) = owner.search_process_definitions(data=query).items
    assert process.name == "维修"
    assert owner.get_process_definition(process.process_definition_key) == process
    xml = owner.get_process_definition_xml(process.process_definition_key)
    assert 'id="inspect_item"' in xml
    (decision,) = owner.search_decision_definitions().items
    assert owner.get_decision_definition(decision.decision_definition_key) == decision
    dmn = owner.get_decision_definition_xml(decision.decision_definition_key)
    assert dmn == owner.get_decision_requirements_xml(decision.decision_requirements_key)
    assert "rule_light" in dmn


def test_the_decision_of_a_process_is_kept_with_its_rule(deployed: House, sign_in: SignIn) -> None:
    """Inputs, output and matched rule of a business rule task can be read afterwards."""
    owner, quinn = sign_in("owner"), sign_in("quinn")
    created = start(owner)
    complete_inspection(quinn, "轻微")
    query = DecisionInstanceSearchQuery.from_dict(
        {"filter": {"processInstanceKey": created.process_instance_key}}
    )
    (found,) = owner.search_decision_instances(data=query).items
    assert (found.decision_definition_id, found.result) == ("repair_price", "20")
    whole = owner.get_decision_instance(found.decision_evaluation_instance_key)
    assert whole.evaluated_inputs[0].input_value == '"轻微"'
    assert whole.matched_rules[0].rule_id == "rule_light"
    assert whole.matched_rules[0].evaluated_outputs[0].output_value == "20"


def test_a_decision_is_evaluated_by_id_and_by_key(deployed: House, sign_in: SignIn) -> None:
    """The answer names the rule; output is JSON text."""
    rita = sign_in("rita")
    by_id = DecisionEvaluationByID.from_dict(
        {"decisionDefinitionId": "repair_price", "variables": {"damage": "轻微"}}
    )
    first = rita.evaluate_decision(data=by_id)
    assert (first.output, first.evaluated_decisions[0].matched_rules[0].rule_index) == ("20", 1)
    by_key = DecisionEvaluationByKey.from_dict(
        {"decisionDefinitionKey": first.decision_definition_key, "variables": {}}
    )
    assert rita.evaluate_decision(data=by_key).output == "150.5"


def test_an_unknown_process_is_not_found(sign_in: SignIn) -> None:
    """404, although the client's list of answers does not name it."""
    with pytest.raises(errors.ApiError) as missing:
        start(sign_in("owner"))
    assert missing.value.status_code == 404


def test_the_modeler_flow_works(deployed: House, sign_in: SignIn) -> None:
    """Topology, deploy, start with empty instruction lists and tenant, poll the searches."""
    owner = sign_in("owner")
    topology = owner.get_topology()
    assert topology.gateway_version == "8.9.0"
    assert topology.brokers[0].partitions[0].role.value == "leader"
    (process,) = owner.deploy_resources_from_files(paths("repair.bpmn"), "<default>").processes
    assert process.resource_name == "repair.bpmn"
    created = start(owner, startInstructions=[], runtimeInstructions=[], tenantId="<default>")
    by_instance = {"filter": {"processInstanceKey": created.process_instance_key}}
    polls: list[tuple[Any, Any]] = [
        (owner.search_process_instances, ProcessInstanceSearchQuery),
        (owner.search_variables, VariableSearchQuery),
        (owner.search_element_instances, ElementInstanceSearchQuery),
        (owner.search_incidents, IncidentSearchQuery),
    ]
    counts = [search(data=query.from_dict(by_instance)).page.total_items for search, query in polls]
    assert counts[0] == 1
    assert counts[1] >= 1
    assert counts[2] >= 2
    assert counts[3] == 0


def test_who_is_signed_in_is_told(sign_in: SignIn) -> None:
    """Name, groups and roles."""
    me = sign_in("quinn").get_authentication()
    assert (me.username, me.display_name, me.groups, me.roles) == (
        "quinn",
        "Quinn",
        ["quality"],
        ["staff"],
    )
    assert me.tenants[0].tenant_id == "<default>"


def test_a_document_comes_back_as_it_was_sent(sign_in: SignIn) -> None:
    """The reference is what a file field of a form wants."""
    quinn = sign_in("quinn")
    file = File(BytesIO(b"%PDF-1.4 test"), "照片.pdf", "application/pdf")
    reference = quinn.create_document(data=CreateDocumentData(file=file))
    assert reference.metadata.file_name == "照片.pdf"
    assert reference.metadata.size == 13
    downloaded = quinn.get_document(reference.document_id)
    assert downloaded.payload.read() == b"%PDF-1.4 test"


def test_an_expression_is_evaluated(sign_in: SignIn) -> None:
    """The value and the warnings."""
    variables = ExpressionEvaluationRequestVariables.from_dict({"x": 2})
    request = ExpressionEvaluationRequest(expression="=x + 1", variables=variables)
    answer = sign_in("rita").evaluate_expression(data=request)
    assert (answer.result, answer.warnings) == (3, [])
