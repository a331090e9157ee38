"""Small DMN files with full defaults: a test names only what matters to it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from service import dmn
from service.feel import Surroundings, from_json

OFFICE = Surroundings(datetime(2026, 11, 24, 1, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def file(
    *elements: str, namespace: str = "urn:test", model: str = MODEL, file_id: str = "defs"
) -> bytes:
    """Return a DMN file around some elements."""
    body = "\n".join(elements)
    return (
        f'<definitions xmlns="{model}" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
        f'id="{file_id}" name="test" namespace="{namespace}">\n{body}\n</definitions>'
    ).encode()


def literal(text: str, decision_id: str = "d", extra: str = "", type_ref: str = "") -> str:
    """Return a decision that is one expression."""
    typed = f' typeRef="{type_ref}"' if type_ref else ""
    return (
        f'<decision id="{decision_id}" name="{decision_id}">'
        f'<variable name="{decision_id}"{typed}/>{extra}'
        f"<literalExpression><text>{escape(text)}</text></literalExpression></decision>"
    )


def requires(decision_id: str) -> str:
    """Return the requirement of another decision."""
    return (
        f'<informationRequirement><requiredDecision href="#{decision_id}"/>'
        "</informationRequirement>"
    )


def imports(namespace: str, name: str = "lib", location: str = "") -> str:
    """Return the import of another file."""
    at = f' locationURI="{location}"' if location else ""
    return f'<import name="{name}" namespace="{namespace}" importType="{MODEL}"{at}/>'


def requires_imported(namespace: str, decision_id: str) -> str:
    """Return the requirement of a decision of an imported file."""
    return requires("").replace("#", f"{namespace}#{decision_id}")


def table(
    inputs: Sequence[str],
    outputs: Sequence[str],
    rules: Sequence[Sequence[str]],
    *,
    hit_policy: str = "UNIQUE",
    aggregation: str = "",
    output_inner: str = "",
    extra: str = "",
) -> str:
    """Return a decision `d` that is a table; a rule is its input cells, then its output cells."""
    collected = f' aggregation="{aggregation}"' if aggregation else ""
    head = "".join(
        f'<input id="in{n}" label="{text}"><inputExpression><text>{escape(text)}</text>'
        "</inputExpression></input>"
        for n, text in enumerate(inputs)
    ) + "".join(
        f'<output id="out{n}" name="{name}">{output_inner}</output>'
        for n, name in enumerate(outputs)
    )
    body = "".join(_rule(number, cells, len(inputs)) for number, cells in enumerate(rules, 1))
    return (
        f'<decision id="d" name="d">{extra}<decisionTable id="t" hitPolicy="{hit_policy}"'
        f'{collected}>{head}<annotation name="Rule"/>{body}</decisionTable></decision>'
    )


def _rule(number: int, cells: Sequence[str], inputs: int) -> str:
    parts = [
        f"<{kind}Entry><text>{escape(cell)}</text></{kind}Entry>"
        for kind, group in (("input", cells[:inputs]), ("output", cells[inputs:]))
        for cell in group
    ]
    return (
        f'<rule id="r{number}"><description>ROW-{number}</description>{"".join(parts)}'
        f"<annotationEntry><text>FB-{number}</text></annotationEntry></rule>"
    )


def decide(xml: bytes, decision_id: str = "d", **variables: object) -> dmn.DecisionOutcome:
    """Return the outcome of a decision over JSON values."""
    return dmn.evaluate(dmn.parse(xml, "test.dmn"), decision_id, from_json(variables), OFFICE)
