"""What a DMN file must be to be taken, and what is told about it."""

from collections.abc import Callable

import pytest

from service import dmn
from service.domain.errors import DeploymentRefusedError
from service.feel import to_json
from tests.dmn.dmn_files import MODEL, decide, file, literal, requires, table
from tests.finding_texts import assert_told_in_every_language

BOMB = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>'
OUTSIDE = b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]><d>&a;</d>'


def refusal(xml: bytes) -> DeploymentRefusedError:
    """Return the error a file is refused with; each finding is told in every language."""
    with pytest.raises(DeploymentRefusedError) as caught:
        dmn.parse(xml, "bad.dmn")
    for finding in caught.value.findings:
        assert_told_in_every_language(finding)
    return caught.value


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda: b"no xml", "xml_syntax"),
        (lambda: BOMB, "xml_doctype"),
        (lambda: OUTSIDE, "xml_doctype"),
        (lambda: b"<a>" * 200 + b"</a>" * 200, "xml_depth"),
        (lambda: b"<a>" + b"<b/>" * 200_001 + b"</a>", "xml_size"),
        (lambda: b" " * (5 * 1024 * 1024 + 1), "xml_size"),
        (lambda: b"<html/>", "not_dmn"),
    ],
    ids=["text", "entity-bomb", "external-entity", "deep", "many", "large", "other"],
)
@pytest.mark.slow
def test_hostile_or_foreign_files_are_refused(make: Callable[[], bytes], rule: str) -> None:
    """The finding names the check; nothing outside the file is read."""
    assert refusal(make()).findings[0].rule == rule


@pytest.mark.parametrize(
    ("xml", "rule", "element_id"),
    [
        (file(literal("1 +")), "feel_syntax", "d"),
        (file(table(["x"], ["y"], [["> >", "1"]])), "feel_syntax", "r1"),
        (file(table(["x"], ["y"], [["-"]])), "rule_width", "r1"),
        (file(table(["x"], ["y"], [], hit_policy="BEST")), "hit_policy", "t"),
        (file(table(["x"], ["y"], [], aggregation="SUM")), "aggregation", "t"),
        (file(table(["x"], ["y", "y"], [])), "output_name", "t"),
        (file(table([""], ["y"], [])), "no_input_expression", "in0"),
        (file(literal("1", extra=requires("gone"))), "broken_reference", "d"),
        (file(literal("1"), literal("2")), "double_id", "d"),
    ],
)
def test_what_cannot_be_executed_is_refused_at_its_element(
    xml: bytes, rule: str, element_id: str
) -> None:
    """The finding carries the element's id and its line in the file."""
    finding = refusal(xml).findings[0]

    assert (finding.rule, finding.element_id) == (rule, element_id)
    assert finding.severity == "error"
    assert finding.line is not None
    assert finding.resource == "bad.dmn"


def test_every_mistake_of_a_file_is_told_at_once() -> None:
    """Nobody has to deploy five times to find five mistakes."""
    error = refusal(file(table(["x"], ["y"], [["> >", "1 +"], ["-", ")"]])))

    assert [finding.rule for finding in error.findings] == ["feel_syntax"] * 3


def test_python_in_a_decision_is_refused() -> None:
    """Another expression language is named and refused."""
    xml = file(literal("x")).replace(
        b"<literalExpression>", b'<literalExpression expressionLanguage="python">'
    )

    assert refusal(xml).findings[0].rule == "expression_language"


def test_decisions_that_require_each_other_are_refused() -> None:
    """The finding shows the way around."""
    xml = file(literal("b", "a", requires("b")), literal("a", "b", requires("a")))

    finding = refusal(xml).findings[0]

    assert finding.rule == "requirement_cycle"
    assert "a → b → a" in finding.message


@pytest.mark.parametrize(
    "model",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        MODEL,
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_every_version_of_dmn_is_read(model: str) -> None:
    """DMN 1.1 to 1.5 differ in their namespace only, as far as we read."""
    assert to_json(decide(file(literal("1 + 1"), model=model)).value) == 2


def test_decisions_tell_their_inputs_outputs_and_version_tag() -> None:
    """What the API shows about a decision without evaluating it."""
    tag = '<extensionElements><zeebe:versionTag value="v1"/></extensionElements>'
    definitions = dmn.parse(file(table(["x + y"], ["z"], [], extra=tag)))

    info = definitions.decisions[0]

    assert (definitions.id, definitions.namespace) == ("defs", "urn:test")
    assert (info.id, info.version_tag) == ("d", "v1")
    assert (info.inputs, info.outputs) == (("x", "y"), ("z",))


@pytest.mark.parametrize(
    ("xml", "rules"),
    [
        (file(table(["x"], ["y"], [["1", "1"]], hit_policy="FIRST")), ["missing_rule"]),
        (file(table(["x"], ["y"], [["1", "1"], ["-", "2"]], hit_policy="FIRST")), []),
        (
            file(table(["x"], ["y"], [["-", "1"], ["2", "2"]], hit_policy="FIRST")),
            ["unreachable_rule"],
        ),
        (
            file(table(["x"], ["y"], [["1", "1"], ["1", "2"]])),
            ["missing_rule", "duplicate_rule"],
        ),
        (file(table(["x"], ["y"], [])), ["empty_table"]),
        (file('<decision id="d" name="d"/>'), ["no_decision_logic"]),
        (file(literal("1", type_ref="tNoSuch")), ["unknown_type"]),
    ],
)
def test_remarks_are_made_without_refusing(xml: bytes, rules: list[str]) -> None:
    """Warnings let the file pass; they are told in every language, like what refuses it."""
    findings = dmn.check(dmn.parse(xml, "test.dmn"))

    assert [finding.rule for finding in findings] == rules
    assert {finding.severity for finding in findings} <= {"warning"}
    for finding in findings:
        assert_told_in_every_language(finding)


def test_expressions_of_other_files_are_warned_of() -> None:
    """`importedValues` cannot be carried out; the decision is null, and that is said."""
    body = (
        '<literalExpression><importedValues namespace="urn:x" importType="x"/></literalExpression>'
    )
    definitions = dmn.parse(file(f'<decision id="d" name="d">{body}</decision>'))

    rules = [found.rule for found in dmn.check(definitions)]
    assert rules == ["imported_values", "no_decision_logic"]


def test_a_service_without_output_decisions_is_warned_of() -> None:
    """The standard wants one at least; what there is to return is nothing."""
    definitions = dmn.parse(file('<decisionService id="s" name="s"/>'))

    assert [found.rule for found in dmn.check(definitions)] == ["no_output_decision"]
    assert decide(file('<decisionService id="s" name="s"/>'), "s").value == {}
