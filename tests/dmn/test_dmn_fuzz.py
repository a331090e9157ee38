"""Hostile and random DMN files: refused with findings or evaluated, never another error, never a hang.

More of them: HUIYIN_RANDOM_FILES=5000.
"""

import os
import random
import time
from pathlib import Path

import pytest
from lxml import etree

from service import dmn
from service.dmn.analysis.words import problem_text, undecided_text
from service.domain.errors import DeploymentRefusedError
from service.feel import from_json
from tests.dmn.dmn_files import OFFICE, decide, file, literal, requires, table

COUNT = int(os.environ.get("HUIYIN_RANDOM_FILES", "60"))
ROOT = Path(__file__).resolve().parents[2] / "processes"
PATIENCE_S = 3

CONTEXT = (
    '<decision id="c" name="c"><variable name="c" typeRef="tItem"/><context><contextEntry>'
    '<variable name="a b"/><literalExpression><text>x + 1</text></literalExpression></contextEntry>'
    "<contextEntry><invocation><literalExpression><text>f</text></literalExpression><binding>"
    '<parameter name="n"/><literalExpression><text>a b</text></literalExpression></binding>'
    "</invocation></contextEntry></context></decision>"
)
BOXED = (
    '<decision id="b" name="b"><list><for iteratorVariable="i"><in><literalExpression><text>1..3'
    "</text></literalExpression></in><return><literalExpression><text>i * x</text></literalExpression>"
    "</return></for><conditional><if><literalExpression><text>x &gt; 1</text></literalExpression></if>"
    "<then><literalExpression><text>1</text></literalExpression></then><else><literalExpression><text>"
    '2</text></literalExpression></else></conditional><relation><column name="k"/><row>'
    "<literalExpression><text>3</text></literalExpression></row></relation></list></decision>"
)
ITEM = (
    '<itemDefinition name="tItem"><itemComponent name="n"><typeRef>number</typeRef><allowedValues><text>'
    "[0..9]</text></allowedValues></itemComponent></itemDefinition>"
)
SEEDS = [
    *(path.read_bytes() for path in sorted(ROOT.glob("*/*.dmn"))),
    file(
        table(["x", "s"], ["y", "z"], [["> 1", '"a"', "1", "2"], ["-", "-", "x", "s"]]),
        literal("d.y + 1", "top", requires("d")),
        '<businessKnowledgeModel id="k" name="f"><encapsulatedLogic><formalParameter name="n"/>'
        "<literalExpression><text>n * 2</text></literalExpression></encapsulatedLogic>"
        "</businessKnowledgeModel>",
        '<decisionService id="s" name="s"><outputDecision href="#top"/></decisionService>',
        '<inputData id="i" name="x"><variable name="x" typeRef="number"/></inputData>',
    ),
    file(ITEM, CONTEXT, BOXED),
    file(
        table(
            ["x"], ["y"], [["[1..2]", "1"], ["null", "2"]], hit_policy="COLLECT", aggregation="SUM"
        )
    ),
]
TEXTS = [
    "", "-", "x", "1 +", "null", "?", "? > 1", "not(", "[1..", "(((((", "-" * 300, "date(\"2026-13-01\")",
    "for i in 1..1000000000 return i", "1/0", '"' + "é" * 50, "function(x) x", "[1, [2, [3]]]", "{a: a}",
    "99999999999999999999999999999999999999999", "1e400", "duration(\"P1D\")", "@\"2026-01-01T00:00:00Z\"",
    "x instance of tItem", "\ufffd", "x" * 20_000, "true", "> x", "matches(?, \"(a+)+$\")",
]  # fmt: skip
NAMES = [
    "",
    "x",
    "a b",
    "a-b",
    "tItem",
    "number",
    "d",
    "#d",
    "other#d",
    "UNIQUE",
    "SUM",
    "list",
    "é",
]


def mutated(seed: int) -> bytes:
    """Return a seed file with some parts dropped, doubled, moved, renamed or rewritten."""
    pick = random.Random(seed)
    root = etree.fromstring(pick.choice(SEEDS))
    for _ in range(pick.randint(1, 6)):
        nodes = [node for node in root.iter() if isinstance(node.tag, str)]
        _mutate(pick, pick.choice(nodes), nodes)
    xml = etree.tostring(root)
    if pick.random() < 0.05:
        at = pick.randrange(len(xml))
        xml = xml[:at] + bytes([pick.randrange(256)]) + xml[at + pick.randrange(3) :]
    return xml


def _mutate(pick: random.Random, node: etree._Element, nodes: list[etree._Element]) -> None:
    parent = node.getparent()
    kind = pick.randrange(6)
    if kind == 0 and parent is not None:
        parent.remove(node)
    elif kind == 1 and parent is not None:
        parent.append(etree.fromstring(etree.tostring(node)))
    elif kind == 2 and parent is not None:
        other = pick.choice(nodes)
        if other not in set(node.iter()):
            other.append(node)
    elif kind == 3 and node.attrib:
        node.set(pick.choice(list(node.attrib)), pick.choice(NAMES))
    elif kind == 4:
        node.set(
            pick.choice(["name", "id", "href", "typeRef", "hitPolicy", "isCollection"]),
            pick.choice(NAMES),
        )
    else:
        node.text = pick.choice(TEXTS)


def use(xml: bytes) -> bool:
    """Do everything with a file that can be done; tell whether it was taken."""
    try:
        definitions = dmn.parse(xml, "hostile.dmn")
    except DeploymentRefusedError:
        return False
    dmn.check(definitions)
    for analysis in dmn.analyse(definitions):
        for problem in analysis.problems:
            assert str(problem_text(problem, analysis.hit_policy))
        for one in analysis.undecided:
            assert str(undecided_text(one))
    given = from_json({"x": 2, "s": "a", "amount": None, "boxes": [1]})
    services = [one.id for one in definitions.services()]
    for asked_id in [*(one.id for one in definitions.decisions[-3:]), *services]:
        outcome = dmn.evaluate(definitions, asked_id, given, OFFICE)
        told = dmn.explanation_texts(dmn.explain(definitions, outcome))
        assert bool(told) == bool(outcome.evaluated)
        assert told or outcome.failure or asked_id in services
    return True


@pytest.mark.slow
def test_no_file_raises_anything_but_the_refusal() -> None:
    """Neither reading, checking, analysing, evaluating nor explaining."""
    slow, taken = [], 0
    for seed in range(COUNT):
        began = time.process_time()
        taken += use(mutated(seed))
        if time.process_time() - began > PATIENCE_S:
            slow.append(seed)

    assert slow == []
    assert COUNT // 10 < taken < COUNT


def chain_of_decisions(length: int) -> bytes:
    """Return decisions each of which requires the one before."""
    first = literal("1", "d0")
    return file(
        first, *(literal(f"d{n - 1} + 1", f"d{n}", requires(f"d{n - 1}")) for n in range(1, length))
    )


def chain_of_types(length: int) -> bytes:
    """Return item definitions each of which is of the one after."""
    items = (
        f'<itemDefinition name="t{n}"><typeRef>t{n + 1}</typeRef></itemDefinition>'
        for n in range(length)
    )
    return file(*items, literal("1", type_ref="t0"))


def types_in_types(depth: int) -> bytes:
    """Return components in components that mention their own type again and again."""
    parts = "".join(
        f'<itemComponent name="c{n}"><typeRef>t{n % 7}</typeRef></itemComponent>' for n in range(50)
    )
    items = (f'<itemDefinition name="t{n}">{parts}</itemDefinition>' for n in range(depth))
    return file(*items, literal("1", type_ref="t0"))


def wide_table(rows: int, columns: int) -> bytes:
    """Return a table of cells that all differ, so that everything overlaps everywhere."""
    names = [f"c{at}" for at in range(columns)]
    cells = [[f"> {row * columns + at}" for at in range(columns)] + ["1"] for row in range(rows)]
    return file(table(names, ["y"], cells, hit_policy="FIRST"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "xml",
    [
        pytest.param(chain_of_decisions(1200), id="long chain of decisions"),
        pytest.param(chain_of_types(2000), id="long chain of types"),
        pytest.param(types_in_types(7), id="types in types"),
        pytest.param(wide_table(120, 8), id="wide table"),
        pytest.param(file("<context>" * 100 + "</context>" * 100), id="deep context"),
        pytest.param(file(literal("x", extra=requires("d"))), id="requires itself"),
    ],
)
def test_large_and_twisted_files_neither_raise_nor_hang(xml: bytes) -> None:
    """A few seconds of one core is the most a file of this size may cost."""
    began = time.process_time()

    use(xml)

    assert time.process_time() - began < 2 * PATIENCE_S


def test_allowed_values_are_paid_for_by_the_evaluation() -> None:
    """A test of a type that goes on for long, asked of every item, ends at the limit of the whole."""
    slow = 'matches(?, "(a*)*\\\\1b")'
    types = (
        '<itemDefinition name="tList" isCollection="true"><typeRef>string</typeRef>'
        f"<allowedValues><text>{slow}</text></allowedValues></itemDefinition>"
    )
    body = 'for i in 1..500 return "' + "a" * 60 + '" + string(i)'
    began = time.process_time()

    outcome = decide(file(types, literal(body, type_ref="tList")))

    assert [note.kind for note in outcome.diagnostics] == ["limit_exceeded"]
    assert time.process_time() - began < 1
