"""A form that stands in the diagram is shown and checked like a linked one."""

import pytest

from service.domain.errors import DeploymentRefusedError, InvalidFormError
from service.persistence.tables import definitions
from service.usecases import user_tasks
from service.usecases.deployments import DeployFile, deploy
from service.usecases.process_instances import CreateInstance, create, start_with_form
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import values

FORM = (
    '{"id": "any", "type": "default", "schemaVersion": 16, "components": ['
    '{"type": "textfield", "key": "subject", "label": "主题", "id": "f", "validate": {"required": true}}]}'
)


KEY = '<zeebe:formDefinition formKey="camunda-forms:bpmn:ask" />'


def holding(form: str, drawn: DeployFile) -> DeployFile:
    """Return a process with a form embedded as `ask`."""
    held = drawing.extension(f'<zeebe:userTaskForm id="ask">{form}</zeebe:userTaskForm>')
    text = drawn.content.decode().replace("<bpmn:startEvent", f"{held}<bpmn:startEvent", 1)
    return DeployFile(drawn.name, text.encode())


def complaint(form: str) -> DeployFile:
    """Return a process with an embedded start form."""
    start = f'<bpmn:startEvent id="start">{drawing.extension(KEY)}</bpmn:startEvent>'
    return holding(form, drawing.line("complaint", drawing.user_task("handle"), start=start))


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


def test_a_task_shows_the_form_of_the_diagram_it_was_deployed_with(office: Office) -> None:
    """In a sub-process as well; another form of a newer version is not that of a task which waits."""
    inner = f'<bpmn:startEvent id="in" />{drawing.user_task("handle", KEY)}{drawing.flow("in", "handle")}'
    part = f'<bpmn:subProcess id="part">{inner}</bpmn:subProcess>'
    deploy(office.house, office.owner, [holding(FORM, drawing.line("complaint", part))])
    begun = create(office.house, office.owner, CreateInstance(process_id="complaint"))
    newer = FORM.replace("subject", "reason")
    deploy(office.house, office.owner, [holding(newer, drawing.line("complaint", part))])

    key = office.task("handle").key
    user_tasks.claim(office.house, office.inspector, key)
    with pytest.raises(InvalidFormError):
        user_tasks.complete(office.house, office.inspector, key, {"reason": "破损"})
    user_tasks.complete(office.house, office.inspector, key, {"subject": "破损"})
    assert values(office, begun.key)["subject"] == "破损"
