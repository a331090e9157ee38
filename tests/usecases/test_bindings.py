"""What a diagram calls is found by its binding: the latest, that of its own deployment, or a tagged one."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from service.persistence.tables import definitions, instances, tasks
from service.usecases import incidents
from service.usecases.deployments import DeployFile, deploy
from service.usecases.process_instances import CreateInstance, create
from tests.usecases.conftest import Office
from tests.usecases.drawing import call, extension, line, user_task

STABLE = extension('<zeebe:versionTag value="stable" />')
BINDINGS = {
    "latest": ('bindingType="latest"', 3),
    "absent": ("", 3),
    "deployment": ('bindingType="deployment"', 2),
    "versionTag": ('bindingType="versionTag" versionTag="stable"', 1),
}


def child(version: int) -> DeployFile:
    """Return a version of the called process; the first one is tagged."""
    drawn = line("child", user_task(f"ask_{version}"))
    if version > 1:
        return drawn
    head = b'isExecutable="true">'
    return DeployFile(drawn.name, drawn.content.replace(head, head + STABLE.encode()))


def form(version: int) -> DeployFile:
    """Return a version of the form."""
    text = {"type": "text", "id": "Field_1", "text": f"v{version}"}
    body: dict[str, Any] = {
        "id": "slip",
        "type": "default",
        "schemaVersion": 16,
        "components": [text],
    }
    if version == 1:
        body["versionTag"] = "stable"
    return DeployFile("slip.form", json.dumps(body).encode())


def decision(version: int) -> DeployFile:
    """Return a version of the decision, which answers its version."""
    tag = (
        '<extensionElements><zeebe:versionTag xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
        ' value="stable"/></extensionElements>'
    )
    text = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="grades" name="g"'
        ' namespace="t"><decision id="grade" name="grade">'
        f'{tag if version == 1 else ""}<variable name="grade" typeRef="number"/>'
        f"<literalExpression><text>{version}</text></literalExpression></decision></definitions>"
    )
    return DeployFile("grades.dmn", text.encode())


def caller(binding: str) -> DeployFile:
    """Return a process that decides, shows the form and calls, all by one binding."""
    rule = f'<zeebe:calledDecision decisionId="grade" resultVariable="graded" {binding} />'
    attributes = dict(part.split("=") for part in binding.split())
    how = {name: value.strip('"') for name, value in attributes.items()}
    shown = '<zeebe:userTask /><zeebe:formDefinition formId="slip" ' + binding + " />"
    fork = '<bpmn:parallelGateway id="fork" />'
    beside = f'<bpmn:userTask id="show">{extension(shown)}</bpmn:userTask>' + (
        '<bpmn:sequenceFlow id="fork_to_show" sourceRef="fork" targetRef="show" />'
    )
    decides = f'<bpmn:businessRuleTask id="decide">{extension(rule)}</bpmn:businessRuleTask>'
    return line("caller", decides, fork, call("called", "child", **how), beside=beside)


@pytest.mark.parametrize("name", BINDINGS)
def test_a_binding_finds_its_version(office: Office, name: str) -> None:
    """Version 1 is tagged, version 2 came with the caller, version 3 is the newest."""
    binding, expected = BINDINGS[name]
    house, owner = office.house, office.owner
    deploy(house, owner, [child(1), form(1), decision(1)])
    deploy(house, owner, [child(2), form(2), decision(2), caller(binding)])
    deploy(house, owner, [child(3), form(3), decision(3)])
    create(house, owner, CreateInstance(process_id="caller"))

    table = instances.process_instances
    (called,) = office.rows(table, table.c.process_id == "child")
    graded = office.rows(instances.variables, instances.variables.c.name == "graded")
    (shown,) = office.rows(tasks.user_tasks, tasks.user_tasks.c.element_id == "show")
    with house.database.reading() as connection:
        forms = definitions.forms
        query = select(forms.c.version).where(forms.c.key == shown.form_key)
        form_version = connection.execute(query).scalar_one()
    assert (called.version, form_version) == (expected, expected)
    assert {row.value for row in graded} == {str(expected)}


def test_a_tag_that_nobody_has_is_an_incident(office: Office) -> None:
    """The instance waits; once something bears the tag, a retry goes on."""
    house, owner = office.house, office.owner
    tagged = 'bindingType="versionTag" versionTag="stable"'
    deploy(house, owner, [child(2), form(2), decision(2), caller(tagged)])
    create(house, owner, CreateInstance(process_id="caller"))
    (incident,) = office.rows(instances.incidents)
    assert incident.error_type == "CALLED_DECISION_ERROR"

    deploy(house, owner, [child(1), form(1), decision(1)])
    incidents.resolve(house, office.operator, incident.key)
    graded = office.rows(instances.variables, instances.variables.c.name == "graded")
    assert {row.value for row in graded} == {"1"}


@pytest.mark.parametrize(
    ("variables", "graded", "error"),
    [
        ({"which": "stable"}, "1", None),
        ({"which": "other"}, None, "CALLED_DECISION_ERROR"),
        ({}, None, "CALLED_DECISION_ERROR"),
    ],
)
def test_the_tag_of_a_decision_may_be_an_expression(
    office: Office, variables: dict[str, str], graded: str | None, error: str | None
) -> None:
    """It says when the task is reached which version is asked; the gate looks for none (Camunda 8.10)."""
    house, owner = office.house, office.owner
    rule = (
        '<zeebe:calledDecision decisionId="grade" resultVariable="graded" bindingType="versionTag"'
    )
    rule = extension(f'{rule} versionTag="=which" />')
    drawn = line("caller", f'<bpmn:businessRuleTask id="decide">{rule}</bpmn:businessRuleTask>')
    deploy(house, owner, [decision(1)])
    deploy(house, owner, [decision(2), drawn])
    create(house, owner, CreateInstance(process_id="caller", variables=variables))
    found = office.rows(instances.variables, instances.variables.c.name == "graded")
    assert [row.value for row in found] == ([graded] if graded else [])
    failed = office.rows(instances.incidents)
    assert [row.error_type for row in failed] == ([error] if error else [])
