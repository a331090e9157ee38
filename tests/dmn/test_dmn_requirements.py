"""Decisions that require others, functions, services, types and imported files."""

import pytest

from service import dmn
from service.feel import from_json, to_json
from tests.dmn.dmn_files import OFFICE, decide, file, literal, requires, table

DIAMOND = file(
    literal("left + right", "top", requires("left") + requires("right")),
    literal("base + 1", "left", requires("base")),
    literal("base * 10", "right", requires("base")),
    literal("x", "base"),
)


def test_each_required_decision_is_evaluated_once_and_first() -> None:
    """A diamond of requirements has four decisions, and four evaluations."""
    outcome = decide(DIAMOND, "top", x=2)

    assert to_json(outcome.value) == 23
    assert [one.decision_id for one in outcome.evaluated] == ["base", "left", "right", "top"]


def test_a_required_result_is_known_by_id_name_and_variable() -> None:
    """Camunda Modeler writes ids in expressions, DMN speaks of variable names."""
    required = '<decision id="rate_id" name="Rate Name"><variable name="rate"/>'
    required += "<literalExpression><text>3</text></literalExpression></decision>"
    xml = file(literal("rate_id + Rate Name + rate", extra=requires("rate_id")), required)

    assert to_json(decide(xml).value) == 9


def test_a_failure_below_names_the_decision_that_failed() -> None:
    """The incident points at the table that contradicts itself, not at the one asked for."""
    xml = file(
        literal("d", "top", requires("d")),
        table(["x"], ["y"], [["-", "1"], ["-", "2"]]),
    )

    outcome = decide(xml, "top", x=1)

    assert outcome.failed_decision_id == "d"
    assert [one.decision_id for one in outcome.evaluated] == ["d", "top"]
    assert outcome.evaluated[-1].output is None


def test_a_failed_assert_fails_the_decision() -> None:
    """`assert` in a decision is not a silent null."""
    outcome = decide(file(literal('assert(x, x > 0, "应为正数")')), x=-1)

    assert outcome.failure == "应为正数"
    assert outcome.diagnostics[0].kind == "assertion_failed"


def test_a_knowledge_model_is_called_like_a_function() -> None:
    """Source: DMN 1.5 §10.4."""
    xml = file(
        literal(
            "fee(base: 10, rate: 2)",
            extra='<knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>',
        ),
        '<businessKnowledgeModel id="k" name="fee"><encapsulatedLogic>'
        '<formalParameter name="base" typeRef="number"/><formalParameter name="rate"/>'
        "<literalExpression><text>base * rate</text></literalExpression>"
        "</encapsulatedLogic></businessKnowledgeModel>",
    )

    assert to_json(decide(xml).value) == 20


@pytest.mark.parametrize(
    ("text", "type_ref", "expected"),
    [
        ("1 + 1", "string", None),
        ('["a"]', "string", "a"),
        ('"a"', "grades", None),
        ('"A"', "grades", ["A"]),
        ('date("2026-01-01")', "date and time", "2026-01-01T00:00:00Z"),
    ],
)
def test_a_value_is_made_to_fit_its_type_or_null(
    text: str, type_ref: str, expected: object
) -> None:
    """Source: DMN 1.5 §10.3.2.9.4; allowed values count."""
    grades = '<itemDefinition name="grades" isCollection="true"><typeRef>string</typeRef>'
    grades += '<allowedValues><text>"A", "B"</text></allowedValues></itemDefinition>'
    xml = file(grades, literal(text, type_ref=type_ref))

    assert to_json(decide(xml).value) == expected


def test_an_imported_decision_is_reached_by_its_prefix() -> None:
    """The imported file is given when the importing one is read."""
    inner = dmn.parse(file(literal("x * 2", "Double It"), namespace="urn:inner"))
    link = '<informationRequirement><requiredDecision href="urn:inner#Double It"/>'
    xml = file(
        '<import name="lib" namespace="urn:inner" importType="dmn"/>',
        literal("lib.Double It + 1", extra=link + "</informationRequirement>"),
    )

    definitions = dmn.parse(xml, "outer.dmn", {"urn:inner": inner})
    outcome = dmn.evaluate(definitions, "d", from_json({"x": 4}), OFFICE)

    assert to_json(outcome.value) == 9


def test_a_service_hides_its_inner_decisions() -> None:
    """A decision service is asked like a decision; its input decisions are given values."""
    xml = file(
        '<decisionService id="s" name="s"><outputDecision href="#top"/>'
        '<inputDecision href="#base"/></decisionService>',
        literal("base + 1", "top", requires("base")),
        literal("100", "base"),
    )

    assert to_json(decide(xml, "s", base=5).value) == 6


def test_a_name_with_a_sign_is_only_known_where_it_is_required() -> None:
    """`a-b` is the decision of that name where it is required, and a difference elsewhere."""
    named = '<decision id="ab" name="a-b"><variable name="a-b"/>'
    named += "<literalExpression><text>100</text></literalExpression></decision>"
    xml = file(named, literal("a-b", "spoken", requires("ab")), literal("a-b", "computed"))

    assert to_json(decide(xml, "spoken", a=5, b=3).value) == 100
    assert to_json(decide(xml, "computed", a=5, b=3).value) == 2


def test_keys_with_spaces_of_a_result_are_known_to_those_that_require_it() -> None:
    """However far it is required: keys of contexts and parameters of functions are spoken in paths."""
    inner = (
        '<decision id="base" name="base"><context><contextEntry><variable name="max value"/>'
        "<literalExpression><text>7</text></literalExpression></contextEntry></context></decision>"
    )
    xml = file(
        inner,
        literal("{ok: base}", "middle", requires("base")),
        literal("middle.ok.max value + 1", "top", requires("middle")),
    )

    assert to_json(decide(xml, "top").value) == 8


def test_a_variable_with_spaces_needs_no_drawn_requirement() -> None:
    """Modelers that draw none are read, too: the input data of the file are known."""
    xml = file(
        '<inputData id="i" name="Order Size"><variable name="Order Size"/></inputData>',
        literal("Order Size * 2"),
    )

    assert to_json(decide(xml, "d", **{"Order Size": 4}).value) == 8


def test_an_unknown_decision_is_a_failure() -> None:
    """Nothing is evaluated in place of what is not there."""
    outcome = decide(DIAMOND, "no_such")

    assert outcome.failed_decision_id == "no_such"
    assert outcome.failure == "没有 id 为“no_such”的决策"
