"""A start form that stands in the diagram is shown and checked like a linked one."""

import pytest

from service.domain.errors import DeploymentRefusedError, InvalidFormError
from service.persistence.tables import definitions
from service.usecases.deployments import DeployFile, deploy
from service.usecases.process_instances import start_with_form
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import values

FORM = (
    '{"id": "any", "type": "default", "schemaVersion": 16, "components": ['
    '{"type": "textfield", "key": "subject", "label": "主题", "id": "f", "validate": {"required": true}}]}'
)


def complaint(form: str) -> DeployFile:
    """Return a process with an embedded start form."""
    key = '<zeebe:formDefinition formKey="camunda-forms:bpmn:ask" />'
    start = f'<bpmn:startEvent id="start">{drawing.extension(key)}</bpmn:startEvent>'
    held = drawing.extension(f'<zeebe:userTaskForm id="ask">{form}</zeebe:userTaskForm>')
    drawn = drawing.line("complaint", drawing.user_task("handle"), start=start)
    text = drawn.content.decode().replace("<bpmn:startEvent", f"{held}<bpmn:startEvent", 1)
    return DeployFile(drawn.name, text.encode())


def test_an_embedded_start_form_is_filled_and_checked(office: Office) -> None:
    """It is a form of the deployment, under an id of its own; deployed again it stays the same version."""
    for _ in range(2):
        (form,) = deploy(office.house, office.owner, [complaint(FORM)]).forms
        assert (form.form_id, form.version) == ("complaint.ask", 1)
    (row,) = office.rows(
        definitions.process_definitions, definitions.process_definitions.c.process_id == "complaint"
    )
    assert row.start_form_id == "complaint.ask"

    with pytest.raises(InvalidFormError):
        start_with_form(office.house, office.owner, "complaint", {})
    begun = start_with_form(office.house, office.owner, "complaint", {"subject": "破损"})
    assert values(office, begun.key)["subject"] == "破损"


def test_an_embedded_start_form_that_cannot_be_shown_is_refused(office: Office) -> None:
    """Found like the mistakes of a file, with the name it has."""
    with pytest.raises(DeploymentRefusedError) as refused:
        deploy(office.house, office.owner, [complaint(FORM.replace("textfield", "hologram"))])

    assert {finding.resource for finding in refused.value.findings} == {"complaint.ask.form"}
