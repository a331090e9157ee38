"""A diagram may be deployed before what it calls, as in Camunda 8: a remark, and a run waits for it."""

from dataclasses import dataclass

import pytest

from service.domain.errors import DeploymentRefusedError
from service.persistence.tables import tasks
from service.usecases.deployments import DeployFile, Deployment, deploy
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import (
    active_incidents,
    children,
    deployed,
    finish,
    incident,
    open_tasks,
    resolve,
    started,
    state,
    values,
)


@dataclass(frozen=True)
class Called:
    """One kind of thing that a diagram calls.

    Attributes:
        element: XML of the element `use` that calls it; `{}` stands for the binding.
        name: Name of the file that brings it.
        file: The file that brings it; `{}` stands for where its version tag is written.
        tag: How the tag `v2` is written there.
        error_type: The incident where it is not there.
        word: How people call it.
    """

    element: str
    name: str
    file: str
    tag: str
    error_type: str
    word: str

    def drawn(self, binding: str = "") -> DeployFile:
        """Return the diagram that calls it, with a user task behind."""
        return drawing.line(
            "caller", self.element.replace("{}", binding), drawing.user_task("after")
        )

    def brought(self, tag: str = "") -> DeployFile:
        """Return the file that brings it."""
        return DeployFile(self.name, self.file.replace("{}", tag).encode())


CHILD = drawing.line("other", drawing.user_task("inside")).content.decode()
KINDS = {
    "process": Called(
        drawing.call("use", "other").replace('processId="other"', 'processId="other" {}'),
        "other.bpmn",
        CHILD.replace('isExecutable="true">', 'isExecutable="true">{}'),
        drawing.extension('<zeebe:versionTag value="v2" />'),
        "CALLED_ELEMENT_ERROR",
        "流程",
    ),
    "decision": Called(
        '<bpmn:businessRuleTask id="use">'
        + drawing.extension(
            '<zeebe:calledDecision decisionId="other" resultVariable="result" {} />'
        )
        + "</bpmn:businessRuleTask>",
        "other.dmn",
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="g" name="g" namespace="t"'
        ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">'
        '<decision id="other" name="other">{}<variable name="other" />'
        "<literalExpression><text>40 + 2</text></literalExpression></decision></definitions>",
        '<extensionElements><zeebe:versionTag value="v2" /></extensionElements>',
        "CALLED_DECISION_ERROR",
        "决策",
    ),
    "form": Called(
        drawing.user_task("use", '<zeebe:formDefinition formId="other" {} />'),
        "other.form",
        '{"id": "other", "type": "default", "components": []{}}',
        ', "versionTag": "v2"',
        "FORM_NOT_FOUND",
        "表单",
    ),
}
KIND = pytest.mark.parametrize("called", KINDS.values(), ids=KINDS.keys())
TAGGED = 'bindingType="versionTag" versionTag="v2"'


def brought(office: Office, *files: DeployFile) -> Deployment:
    """Deploy as the process owner."""
    return deploy(office.house, office.owner, list(files))


def run_through(office: Office, key: int) -> None:
    """See that the element did what it is there for, and finish the instance."""
    if children(office, key):
        finish(office, "inside")
    elif open_tasks(office) == ["use"]:
        (row,) = office.rows(tasks.user_tasks)
        assert row.form_key is not None
        finish(office, "use")
    else:
        assert values(office, key)["result"] == 42
    finish(office, "after")
    assert (state(office, key), active_incidents(office)) == ("COMPLETED", [])


@KIND
def test_what_is_called_may_be_deployed_after_the_caller(office: Office, called: Called) -> None:
    """A remark at deploy, an incident where it is reached; deployed and retried, it runs through."""
    (remark,) = brought(office, called.drawn()).warnings
    assert (remark.severity, remark.rule, remark.element_id) == ("warning", "references", "use")
    assert f"用到的{called.word} «other» 还没有部署" in remark.message
    key = started(office, "caller")
    found = incident(office)
    assert (found.element_id, found.error_type) == ("use", called.error_type)
    assert f"没有部署{called.word} «other»" in found.message

    resolve(office)
    assert incident(office).error_type == called.error_type
    assert brought(office, called.brought()).warnings == ()
    resolve(office)
    run_through(office, key)


@KIND
def test_what_bears_a_tag_may_be_deployed_after_the_caller(office: Office, called: Called) -> None:
    """Without the tag it is not what was meant, neither for the gate nor where it is reached."""
    brought(office, called.brought())
    (remark,) = brought(office, called.drawn(TAGGED)).warnings
    assert "«v2»" in remark.message
    key = started(office, "caller")
    found = incident(office)
    assert (found.error_type, "«v2»" in found.message) == (called.error_type, True)

    brought(office, called.brought(called.tag))
    again = called.drawn(TAGGED + " ")
    assert brought(office, again).warnings == ()
    resolve(office)
    run_through(office, key)


@KIND
def test_what_is_bound_to_the_deployment_must_be_in_it(office: Office, called: Called) -> None:
    """Deployed before is not enough, as in Camunda 8; together it passes and runs."""
    deployed(office, called.brought())
    bound = called.drawn('bindingType="deployment"')
    with pytest.raises(DeploymentRefusedError) as refused:
        deployed(office, bound)
    (error,) = [one for one in refused.value.findings if one.severity == "error"]
    assert (error.rule, error.element_id) == ("references", "use")

    assert brought(office, bound, called.brought()).warnings == ()
    run_through(office, started(office, "caller"))


@pytest.mark.parametrize("which", ["latest", "versionTag", "deployment"])
def test_an_incident_says_how_the_missing_thing_is_bound(office: Office, which: str) -> None:
    """Each binding is mended by another deployment; the deployment's own only by a migration."""
    binding = f'bindingType="{which}" versionTag="v2"'
    element = drawing.call("use", "=which").replace(
        'processId="=which"', f'processId="=which" {binding}'
    )
    deployed(office, drawing.line("caller", element))
    started(office, "caller", which="other")
    told = {"latest": "部署后请重试", "versionTag": "版本标签 «v2»", "deployment": "迁移"}
    assert told[which] in incident(office).message
