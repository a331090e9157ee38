"""Deployments: versions, all or nothing, every reason told."""

import pytest

from service.domain.errors import BadInputError, DeploymentRefusedError, NotAllowedError
from service.persistence.tables import definitions
from service.usecases.deployments import DeployFile, deploy
from tests.dmn.dmn_files import file as dmn_file
from tests.dmn.dmn_files import literal
from tests.finding_texts import assert_told_in_every_language
from tests.usecases.conftest import Office, shipped
from tests.usecases.drawing import line, user_task

FILES = ("approval.bpmn", "check_request.form")
HOSTILE = {
    "doctype": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    "external": b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    "no_xml": b"\x00\x01 not xml",
    "empty": b"",
    "other_root": b"<html/>",
}


def changed(name: str, old: bytes, new: bytes) -> DeployFile:
    """Return a shipped file with a text replaced."""
    (file,) = shipped(name)
    assert old in file.content
    return DeployFile(name, file.content.replace(old, new))


def test_the_same_files_again_keep_their_versions(office: Office) -> None:
    """Nothing new: old keys and versions come back, no row is written."""
    again = deploy(office.house, office.owner, shipped(*FILES))
    assert [process.version for process in again.processes] == [1]
    assert len(office.rows(definitions.deployments)) == 1


def test_a_changed_form_gives_the_whole_deployment_a_new_version(office: Office) -> None:
    """So that `bindingType` deployment holds together (Camunda 8)."""
    form = changed("check_request.form", "意见".encode(), "审核意见".encode())
    second = deploy(office.house, office.owner, [*shipped("approval.bpmn"), form])
    assert [process.version for process in second.processes] == [2]
    assert [form.version for form in second.forms] == [2]
    latest = office.rows(
        definitions.process_definitions, definitions.process_definitions.c.is_latest
    )
    assert [row.version for row in latest] == [2]


def test_only_process_owners_deploy(office: Office) -> None:
    """Staff are refused (XC-P-5)."""
    with pytest.raises(NotAllowedError):
        deploy(office.house, office.clerk, shipped(*FILES))


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("ending", [".bpmn", ".dmn"])
def test_hostile_files_are_refused_and_nothing_is_stored(
    office: Office, name: str, ending: str
) -> None:
    """DOCTYPE, entities, rubbish: refused with the file's name, together with the good file beside it."""
    files = [*shipped("check_request.form"), DeployFile(f"bad{ending}", HOSTILE[name])]
    with pytest.raises(DeploymentRefusedError) as refused:
        deploy(office.house, office.owner, files)
    assert {finding.resource for finding in refused.value.findings} == {f"bad{ending}"}
    assert len(office.rows(definitions.deployments)) == 1


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        (b"=now() + duration(&quot;PT10H&quot;)", b"=now( +", "check_request"),
        (
            b'formId="check_request"',
            b'formId="no_such_form" bindingType="deployment"',
            "check_request",
        ),
        (b"<zeebe:userTask />", b"<zeebe:sorcery />", "check_request"),
        (b'type="book"', b'type="huiyin:no-such-job"', "book_amount"),
        (b'targetRef="done"', b'targetRef="nowhere"', None),
    ],
    ids=["feel_syntax", "missing_form", "unknown_zeebe", "unknown_house_job", "dangling_flow"],
)
def test_what_would_break_is_found_before_it_is_stored(
    office: Office, old: bytes, new: bytes, element: str | None
) -> None:
    """The finding names the element and, for texts in the file, the line."""
    files = [changed("approval.bpmn", old, new), *shipped("check_request.form")]
    with pytest.raises(DeploymentRefusedError) as refused:
        deploy(office.house, office.owner, files)
    errors = [finding for finding in refused.value.findings if finding.severity == "error"]
    assert errors
    assert element is None or element in {finding.element_id for finding in errors}
    assert len(office.rows(definitions.deployments)) == 1


def test_what_no_index_would_hold_is_refused(office: Office) -> None:
    """Ids of forms, decisions and their files, and the names of other files."""
    long_id = "x" * 257
    (form,) = shipped("check_request.form")
    decision = (
        f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="{long_id}" name="d"'
        f' namespace="n{long_id}"><decision id="e{long_id}" name="d"><literalExpression><text>1</text>'
        "</literalExpression></decision></definitions>"
    )
    files = [
        DeployFile("form.form", form.content.replace(b'"check_request"', f'"{long_id}"'.encode())),
        DeployFile("rule.dmn", decision.encode()),
        DeployFile(f"{long_id}.md", b"text"),
    ]
    with pytest.raises(DeploymentRefusedError) as refused:
        deploy(office.house, office.owner, files)
    found = [f for f in refused.value.findings if f.rule == "lengths"]
    resources = ["form.form", *["rule.dmn"] * 3, f"{long_id}.md"]
    assert sorted(f.resource for f in found) == sorted(resources)
    for finding in found:
        assert_told_in_every_language(finding)


def test_an_id_is_there_once_in_a_deployment(office: Office) -> None:
    """Each file that has it is named."""
    (form,) = shipped("check_request.form")
    files = [DeployFile(name, form.content) for name in ("one.form", "two.form")]
    with pytest.raises(DeploymentRefusedError) as refused:
        deploy(office.house, office.owner, files)
    found = [finding for finding in refused.value.findings if finding.rule == "double_id"]
    assert [finding.resource for finding in found] == ["one.form", "two.form"]
    for finding in found:
        assert finding.english == (
            "The id 'check_request' is there 2 times in this deployment. "
            "Give each process, decision and form an id of its own."
        )
        assert_told_in_every_language(finding)


@pytest.mark.parametrize("wrong", ["p😀", "مر\u200eحبا", "a\u00b7b"])
def test_an_id_that_no_client_reads_is_refused(office: Office, wrong: str) -> None:
    """One such process, or decision, and the official clients refuse every list it stands in."""
    decision = DeployFile("a.dmn", dmn_file(literal("7", wrong), file_id="grades"))
    files = [line(wrong, user_task("ask")), decision]
    with pytest.raises(DeploymentRefusedError) as refused:
        deploy(office.house, office.owner, files)

    found = [one for one in refused.value.findings if one.rule == "ids"]
    assert [one.element_id for one in found] == [wrong] * 2
    for one in found:
        assert_told_in_every_language(one)


@pytest.mark.parametrize("right", ["顾客反馈_2", "_a.b-c", "Ä1"])
def test_an_id_in_any_script_is_taken(office: Office, right: str) -> None:
    """Letters are those of all scripts."""
    (process,) = deploy(office.house, office.owner, [line(right, user_task("ask"))]).processes
    assert process.process_id == right


def test_an_empty_deployment_is_refused(office: Office) -> None:
    """There must be something to deploy."""
    with pytest.raises(BadInputError):
        deploy(office.house, office.owner, [])


def test_remarks_on_forms_are_told_with_their_deployment(office: Office) -> None:
    """A form whose picture our pages do not show is taken, and its owner is told."""
    picture = '{"type": "image", "id": "logo", "source": "https://example.com/logo.svg"}'
    form = f'{{"id": "leave", "type": "default", "components": [{picture}]}}'

    told = deploy(office.house, office.owner, [DeployFile("leave.form", form.encode())])

    assert [(one.rule, one.element_id) for one in told.warnings] == [("foreign_image", "logo")]


def test_files_of_other_kinds_are_kept_in_versions(office: Office) -> None:
    """Named by their file name; an .rpa file names itself; the same again changes nothing."""
    files = [
        DeployFile("guide.md", b"# Guide"),
        DeployFile("robot.rpa", b'{"id": "fetch_bill", "versionTag": "v2", "script": "x"}'),
    ]
    first = deploy(office.house, office.owner, files).resources
    assert [(one.resource_id, one.version, one.version_tag) for one in first] == [
        ("guide.md", 1, None),
        ("fetch_bill", 1, "v2"),
    ]
    assert deploy(office.house, office.owner, files).resources == first

    changed_guide = [DeployFile("guide.md", b"# Better guide")]
    (second,) = deploy(office.house, office.owner, changed_guide).resources
    assert second.version == 2


@pytest.mark.parametrize("content", [b"*** Settings ***", b"[]", b'{"id": ""}', b'{"id": 7}'])
def test_an_rpa_file_must_name_itself(office: Office, content: bytes) -> None:
    """A JSON object with an id, or nothing of the deployment is stored."""
    with pytest.raises(DeploymentRefusedError) as refused:
        deploy(office.house, office.owner, [DeployFile("robot.rpa", content)])
    (finding,) = refused.value.findings
    assert finding.rule == "bad_rpa"
    assert_told_in_every_language(finding)
