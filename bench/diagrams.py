"""Diagrams to measure with: a line of tasks and gateways of any length, and a loop."""

from itertools import pairwise

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" \
xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="definitions" \
targetNamespace="http://bpmn.io/schema/bpmn" modeler:executionPlatform="Camunda Cloud" \
modeler:executionPlatformVersion="8.6.0">
  <bpmn:process id="process" isExecutable="true">
"""
FOOT = "  </bpmn:process>\n</bpmn:definitions>\n"
USER_TASK = (
    "<bpmn:extensionElements><zeebe:userTask />"
    '<zeebe:assignmentDefinition candidateGroups="cs" /></bpmn:extensionElements>'
)


def line_of(elements: int) -> bytes:
    """Return a process of that many elements (4 or more) that runs through all of them.

    Three in four are user tasks, one in four a gateway with a FEEL condition that goes straight on; a
    real diagram has about this mixture.
    """
    parts = ['<bpmn:startEvent id="start" />', '<bpmn:endEvent id="end" />']
    ids = ["start"]
    for number in range(elements - 2):
        is_fork = number % 4 == 3
        ids.append(f"{'fork' if is_fork else 'task'}_{number}")
        if is_fork:
            parts.append(f'<bpmn:exclusiveGateway id="{ids[-1]}" default="{ids[-1]}_to_end" />')
        else:
            parts.append(f'<bpmn:userTask id="{ids[-1]}">{USER_TASK}</bpmn:userTask>')
    ids.append("end")
    for source, target in pairwise(ids):
        condition = "amount &gt;= 10" if source.startswith("fork") else ""
        parts.append(_flow(source, target, condition, way="on"))
        if source.startswith("fork"):
            parts.append(_flow(source, "end", "", way="end"))
    return _whole(parts)


def loop() -> bytes:
    """Return a process whose user task comes again as long as `again` is true."""
    return _whole(
        [
            '<bpmn:startEvent id="start" />',
            f'<bpmn:userTask id="ask">{USER_TASK}</bpmn:userTask>',
            '<bpmn:exclusiveGateway id="more" default="more_to_end" />',
            '<bpmn:endEvent id="end" />',
            _flow("start", "ask", "", way="on"),
            _flow("ask", "more", "", way="on"),
            _flow("more", "ask", "again", way="back"),
            _flow("more", "end", "", way="end"),
        ]
    )


def waiting() -> bytes:
    """Return a process that waits a hundred days, then opens a user task."""
    wait = "<bpmn:timerEventDefinition><bpmn:timeDuration>P100D</bpmn:timeDuration></bpmn:timerEventDefinition>"
    return _whole(
        [
            '<bpmn:startEvent id="start" />',
            f'<bpmn:intermediateCatchEvent id="wait">{wait}</bpmn:intermediateCatchEvent>',
            f'<bpmn:userTask id="look">{USER_TASK}</bpmn:userTask>',
            '<bpmn:endEvent id="end" />',
            _flow("start", "wait", "", way="on"),
            _flow("wait", "look", "", way="on"),
            _flow("look", "end", "", way="end"),
        ]
    )


def multi_instance(items: int) -> bytes:
    """Return a process with a user task for each of that many items, all at once."""
    loop = (
        f'<zeebe:loopCharacteristics inputCollection="=for i in 1..{items} return i" '
        'inputElement="item" outputCollection="outcomes" outputElement="=item" />'
    )
    many = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        f"{loop}</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
    )
    return _whole(
        [
            '<bpmn:startEvent id="start" />',
            f'<bpmn:userTask id="ask">{USER_TASK}{many}</bpmn:userTask>',
            '<bpmn:endEvent id="end" />',
            _flow("start", "ask", "", way="on"),
            _flow("ask", "end", "", way="on"),
        ]
    )


def _flow(source: str, target: str, condition: str, *, way: str) -> str:
    attributes = f'id="{source}_to_{way}" sourceRef="{source}" targetRef="{target}"'
    if not condition:
        return f"<bpmn:sequenceFlow {attributes} />"
    expression = f"<bpmn:conditionExpression>={condition}</bpmn:conditionExpression>"
    return f"<bpmn:sequenceFlow {attributes}>{expression}</bpmn:sequenceFlow>"


def _whole(parts: list[str]) -> bytes:
    return (HEAD + "".join(f"    {part}\n" for part in parts) + FOOT).encode()
