"""Every shipped diagram, table and form is whole: references, FEEL, pictures and rule ids."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from service.feel import compile_expression, compile_unary_tests

ROOT = Path(__file__).resolve().parents[2]
DIAGRAMS = sorted((ROOT / "processes").glob("*/*.bpmn"))
TABLES = sorted((ROOT / "processes").glob("*/*.dmn"))
FORMS = sorted((ROOT / "forms").glob("*/*.form"))
PARAMETERS = ROOT / "processes" / "parameters.json"

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"

RULES = {
    "FB-1": 1, "FB-2": 1, "FB-3.1": 1, "FB-3.2": 1, "FB-3.3": 1, "FB-3.4": 1, "FB-3.5": 1,
    "FB-4.1": 4, "FB-4.2": 1, "FB-4.3": 3, "FB-4.4": 2, "FB-4.5": 18, "FB-4.6": 2, "FB-4.7": 8,
    "FB-4.8": 2, "FB-X": 3, "PF-4.8": 11, "PF-4.9": 1, "PF-X": 2, "PD-4.8": 4, "PD-X": 2,
    "PR-4.8": 8, "PR-X": 2, "RD-4.8": 7, "RD-X": 2, "BQ-4.9": 7, "BQ-X": 3, "XC-NO": 2, "XC-AR": 1,
    "XC-CS": 8,
}  # fmt: skip
"""How many rules each section of the catalogue has for these processes: `FB-4.5` has 1 to 18."""

OUTSIDE_MESSAGES = {"fb_public_feedback", "fb_evidence_received", "fb_customer_confirmed"}
"""Messages that a page publishes and no diagram."""

RULE_ID = re.compile(r"^[A-Z]{2,4}-(?:\d+(?:\.\d+)*|X|NO|CS|AR|DM|DOC|P|T|M)-\d+$")
NODE_ID = re.compile(r"^[A-Z]{2,4}-[A-Z]+\d+P?(?:-\d{2})?$")
QUESTION_MARKS = ("\uff1f", "?")
HOUSE_JOBS = {
    "huiyin:notify",
    "huiyin:publish-message",
    "huiyin:count-same-problems",
    "huiyin:find-history",
    "huiyin:find-notice",
    "huiyin:put-notice-in-force",
    "huiyin:end-notice",
    "huiyin:set-batch-status",
    "huiyin:next-number",
    "huiyin:case-result",
    "huiyin:archive",
}

Box = tuple[float, float, float, float]


def _named(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=[path.name for path in paths])


def _tree(path: Path) -> Any:
    return etree.parse(str(path)).getroot()


def _elements(path: Path) -> list[Any]:
    return [element for element in _tree(path).iter() if isinstance(element.tag, str)]


def _kind(element: Any) -> str:
    """Return the BPMN kind (`userTask`, ...), or an empty text for extension elements."""
    name = etree.QName(element)
    return str(name.localname) if f"{{{name.namespace}}}" == BPMN else ""


def _values(paths: list[Path], tag: str, attribute: str) -> set[str]:
    return {element.get(attribute) for path in paths for element in _tree(path).iter(tag)}


def _schema(path: Path) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _components(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for component in node.get("components", []):
        yield component
        yield from _components(component)


def _fields_of_one_scope(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield keyed fields; groups share their data scope, dynamic lists have one of their own."""
    for component in node["components"]:
        if component["type"] == "group":
            yield from _fields_of_one_scope(component)
        elif "key" in component:
            yield component


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from _strings(part)
    elif isinstance(node, str):
        yield node


def _expressions(path: Path) -> list[str]:
    if path.suffix == ".form":
        texts = list(_strings(_schema(path)))
    else:
        texts = [
            text
            for element in _elements(path)
            for text in (*element.attrib.values(), (element.text or "").strip())
        ]
    return [text[1:] for text in texts if text.startswith("=")]


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _quoted() -> Iterator[tuple[str, str]]:
    """Yield (file name, catalogue id) for every id that a diagram, table or form quotes."""
    for path in DIAGRAMS:
        for prop in _tree(path).iter(f"{ZEEBE}property"):
            if prop.get("name") == "ruleRefs":
                yield from ((path.name, ref) for ref in _split(prop.get("value")))
    for path in TABLES:
        for annotation in _tree(path).iter(f"{DMN}annotationEntry"):
            yield from ((path.name, ref) for ref in _split(annotation.findtext(f"{DMN}text")))
    for path in FORMS:
        for component in _components(_schema(path)):
            refs = component.get("properties", {}).get("ruleRefs", "")
            yield from ((path.name, ref) for ref in _split(refs))


def _box(shape: Any) -> Box:
    bounds = shape.find(f"{DC}Bounds")
    x, y, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def _boxes(path: Path) -> dict[str, Box]:
    shapes = _tree(path).iter(f"{BPMNDI}BPMNShape")
    return {shape.get("bpmnElement"): _box(shape) for shape in shapes}


def _overlap(first: Box, second: Box) -> bool:
    wide = min(first[2], second[2]) - max(first[0], second[0])
    high = min(first[3], second[3]) - max(first[1], second[1])
    return wide > 0 and high > 0


def _on(point: tuple[float, float], box: Box) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


PROCESS_IDS = _values(DIAGRAMS, f"{BPMN}process", "id")
DECISION_IDS = _values(TABLES, f"{DMN}decision", "id")
FORM_IDS = {path.stem for path in FORMS}


@_named(DIAGRAMS)
def test_a_diagram_is_named_after_its_one_process(path: Path) -> None:
    """Folder, file and process share one id, in one pool of a Camunda 8 file."""
    root = _tree(path)
    processes = root.findall(f"{BPMN}process")

    assert [process.get("id") for process in processes] == [path.stem]
    assert path.parent.name == path.stem
    assert len(root.findall(f"{BPMN}collaboration/{BPMN}participant")) == 1
    platform = root.get("{http://camunda.org/schema/modeler/1.0}executionPlatform")
    assert platform == "Camunda Cloud"


@_named(DIAGRAMS)
def test_ids_are_unique_and_references_inside_resolve(path: Path) -> None:
    """No id stands twice, and every reference of an element names an element of the file."""
    ids = Counter(element.get("id") for element in _elements(path) if element.get("id"))
    references = {
        element.get(name)
        for element in _elements(path)
        for name in (
            "sourceRef", "targetRef", "attachedToRef", "default", "messageRef", "errorRef",
            "bpmnElement", "processRef",
        )
        if element.get(name)
    }  # fmt: skip
    references |= {
        element.text.strip()
        for element in _elements(path)
        if _kind(element) in {"incoming", "outgoing", "flowNodeRef"}
    }

    assert [key for key, count in ids.items() if count > 1] == []
    assert references - ids.keys() == set()


@_named(DIAGRAMS)
def test_forms_decisions_processes_and_jobs_exist(path: Path) -> None:
    """What a diagram names outside itself is shipped with it or is a house job."""
    assert _values([path], f"{ZEEBE}formDefinition", "formId") - FORM_IDS == set()
    assert _values([path], f"{ZEEBE}calledDecision", "decisionId") - DECISION_IDS == set()
    assert _values([path], f"{ZEEBE}calledElement", "processId") - PROCESS_IDS == set()
    assert _values([path], f"{ZEEBE}taskDefinition", "type") - HOUSE_JOBS == set()


@_named(DIAGRAMS)
def test_every_user_task_has_its_own_form_and_somebody_to_do_it(path: Path) -> None:
    """A user task is a Camunda user task with a form of its own id and candidate groups."""
    for task in _tree(path).iter(f"{BPMN}userTask"):
        extension = task.find(f"{BPMN}extensionElements")

        assert extension.find(f"{ZEEBE}userTask") is not None
        assert extension.find(f"{ZEEBE}formDefinition").get("formId") == task.get("id")
        assert extension.find(f"{ZEEBE}assignmentDefinition").get("candidateGroups")


@_named(DIAGRAMS)
def test_a_forking_exclusive_gateway_asks_and_has_a_default(path: Path) -> None:
    """Its label is a question, its flows are answers, and an unexpected value goes the safe way."""
    root = _tree(path)
    flows = {flow.get("id"): flow for flow in root.iter(f"{BPMN}sequenceFlow")}
    for gateway in root.iter(f"{BPMN}exclusiveGateway"):
        answers = [flows[out.text] for out in gateway.findall(f"{BPMN}outgoing")]
        if len(answers) < 2:
            continue
        unconditional = [
            flow.get("id") for flow in answers if flow.find(f"{BPMN}conditionExpression") is None
        ]

        assert gateway.get("name", "").endswith(QUESTION_MARKS), gateway.get("id")
        assert all(flow.get("name") for flow in answers), gateway.get("id")
        assert unconditional == [gateway.get("default")]


@_named(DIAGRAMS)
def test_only_gateways_fork(path: Path) -> None:
    """A task or event has one way out, end events none, gateways at least one."""
    for element in _elements(path):
        outgoing = len(element.findall(f"{BPMN}outgoing"))
        kind = _kind(element)
        if kind == "endEvent":
            assert outgoing == 0, element.get("id")
        elif kind.endswith(("Task", "Event")) or kind == "callActivity":
            assert outgoing == 1, element.get("id")
        elif kind.endswith("Gateway"):
            assert outgoing >= 1, element.get("id")


@_named(DIAGRAMS)
def test_the_picture_is_complete(path: Path) -> None:
    """Every node, lane and flow is drawn; edges are orthogonal and start and end on their nodes."""
    root = _tree(path)
    boxes = _boxes(path)
    nodes = {
        element.get("id")
        for element in _elements(path)
        if _kind(element).endswith(("Task", "Event", "Gateway"))
        or _kind(element) in {"callActivity", "subProcess", "lane", "participant"}
    }
    flows = {flow.get("id"): flow for flow in root.iter(f"{BPMN}sequenceFlow")}
    edges = {edge.get("bpmnElement"): edge for edge in root.iter(f"{BPMNDI}BPMNEdge")}

    assert nodes == boxes.keys()
    assert flows.keys() == edges.keys()
    for key, edge in edges.items():
        points = [(float(at.get("x")), float(at.get("y"))) for at in edge.iter(f"{DI}waypoint")]
        steps = list(pairwise(points))
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in steps), key
        assert _on(points[0], boxes[flows[key].get("sourceRef")]), key
        assert _on(points[-1], boxes[flows[key].get("targetRef")]), key


@_named(DIAGRAMS)
def test_no_two_nodes_overlap(path: Path) -> None:
    """Shapes keep apart, except boundary events on their hosts and sub-processes around theirs."""
    around = {
        element.get("id")
        for element in _elements(path)
        if _kind(element) in {"subProcess", "participant", "lane", "boundaryEvent"}
    }
    boxes = [(key, box) for key, box in _boxes(path).items() if key not in around]

    overlapping = [
        (a, b)
        for index, (a, first) in enumerate(boxes)
        for b, second in boxes[index + 1 :]
        if _overlap(first, second)
    ]
    assert overlapping == []


@_named([*DIAGRAMS, *FORMS])
def test_every_feel_expression_parses(path: Path) -> None:
    """A text that starts with `=` is FEEL, wherever it stands."""
    for text in _expressions(path):
        assert compile_expression(text).text == text


@_named(TABLES)
def test_every_table_parses_and_ends_with_a_catch_all(path: Path) -> None:
    """Cells are FEEL; rule ids are row ids; a FIRST table answers every input."""
    root = _tree(path)
    table = root.find(f"{DMN}decision/{DMN}decisionTable")
    rules = table.findall(f"{DMN}rule")

    assert root.find(f"{DMN}decision").get("id") == path.stem
    assert table.get("hitPolicy") == "FIRST"
    for rule in rules:
        assert rule.get("id") == rule.findtext(f"{DMN}description").replace("-", "_")
        for cell in rule.findall(f"{DMN}inputEntry"):
            compile_unary_tests(cell.findtext(f"{DMN}text"))
        for cell in rule.findall(f"{DMN}outputEntry"):
            compile_expression(cell.findtext(f"{DMN}text"))
    last = rules[-1].findall(f"{DMN}inputEntry")
    assert {cell.findtext(f"{DMN}text") for cell in last} == {"-"}


@_named(FORMS)
def test_a_form_is_sound(path: Path) -> None:
    """Its id is its file's stem, its keys stand once, its choices have options."""
    schema = _schema(path)
    components = list(_components(schema))
    keys = Counter(field["key"] for field in _fields_of_one_scope(schema))

    assert (schema["id"], schema["schemaVersion"], schema["type"]) == (path.stem, 19, "default")
    assert [key for key, count in keys.items() if count > 1] == []
    assert len({component["id"] for component in components}) == len(components)
    for component in components:
        extra = component.get("properties", {})
        assert ("validate" in extra) == ("validateMessage" in extra), component["id"]
        if component["type"] in {"radio", "select", "checklist", "taglist"}:
            assert component.get("values") or component.get("valuesKey"), component["id"]


def test_forms_are_shown_somewhere_and_named_once() -> None:
    """A form id names one form, and some task or start event shows it."""
    assert len(FORM_IDS) == len(FORMS)
    assert _values(DIAGRAMS, f"{ZEEBE}formDefinition", "formId") == FORM_IDS


def test_every_published_message_has_a_listener() -> None:
    """What one diagram publishes, another (or the same) waits for."""
    listened = _values(DIAGRAMS, f"{BPMN}message", "name")
    published = {
        header.get("value")
        for path in DIAGRAMS
        for header in _tree(path).iter(f"{ZEEBE}header")
        if header.get("key") == "messageName"
    }

    assert published - listened == set()
    assert listened >= OUTSIDE_MESSAGES


def test_parameters_are_those_the_diagrams_read() -> None:
    """Every `camunda.vars.cluster` name is a parameter with a unit, label and rule."""
    entries = json.loads(PARAMETERS.read_text(encoding="utf-8"))
    keys = Counter(entry["key"] for entry in entries)
    read = {
        name
        for path in DIAGRAMS
        for text in _expressions(path)
        for name in re.findall(r"camunda\.vars\.cluster\.(\w+)", text)
    }

    assert read - keys.keys() == set()
    assert max(keys.values()) == 1
    assert all(entry["unit"] and entry["label"] and entry["ruleRefs"] for entry in entries)


def test_quoted_ids_have_the_form_of_catalogue_ids() -> None:
    """A misspelt rule id would silently lose a trace."""
    wrong = [pair for pair in _quoted() if not (RULE_ID.match(pair[1]) or NODE_ID.match(pair[1]))]
    assert wrong == []


def test_every_rule_of_these_processes_is_quoted() -> None:
    """Each rule id of FB, BQ, PF, PD, PR, RD and the shared steps is named by some part."""
    wanted = {
        f"{section}-{number}" for section, count in RULES.items() for number in range(1, count + 1)
    }
    assert wanted - {ref for _, ref in _quoted()} == set()
