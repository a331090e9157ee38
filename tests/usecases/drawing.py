"""Draws small diagrams for tests: elements in a line, with what a test hangs on them."""

import re
from collections.abc import Mapping
from itertools import pairwise
from xml.sax.saxutils import quoteattr

from service.usecases.deployments import DeployFile

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
PLAIN_START = '<bpmn:startEvent id="start" />'
PLAIN_END = '<bpmn:endEvent id="end" />'


def file(process_id: str, process: str, definitions: str = "") -> DeployFile:
    """Return a BPMN file with one process; `definitions` holds its messages and errors."""
    text = (
        f'<bpmn:definitions xmlns:bpmn="{BPMN}" xmlns:zeebe="{ZEEBE}" id="d" targetNamespace="t">'
        f'<bpmn:process id="{process_id}" isExecutable="true">{process}</bpmn:process>'
        f"{definitions}</bpmn:definitions>"
    )
    return DeployFile(f"{process_id}.bpmn", text.encode())


def line(
    process_id: str,
    *elements: str,
    start: str = PLAIN_START,
    end: str = PLAIN_END,
    beside: str = "",
    definitions: str = "",
    properties: Mapping[str, str] | None = None,
) -> DeployFile:
    """Return a file whose process goes through the elements one after the other.

    Args:
        process_id: Its id.
        elements: XML; the first `id` attribute of each is the element's.
        start: The start event.
        end: The end event.
        beside: XML of what does not stand in the line: boundary events and their ways.
        definitions: Messages and errors.
        properties: `zeebe:properties` of the process.
    """
    told = "".join(
        f"<zeebe:property name={quoteattr(name)} value={quoteattr(value)} />"
        for name, value in (properties or {}).items()
    )
    head = extension(f"<zeebe:properties>{told}</zeebe:properties>") if told else ""
    steps = (start, *elements, end)
    ids = [_id_of(step) for step in steps]
    flows = "".join(flow(source, target) for source, target in pairwise(ids))
    return file(process_id, f"{head}{''.join(steps)}{beside}{flows}", definitions)


def flow(source: str, target: str, condition: str = "") -> str:
    """Return a sequence flow, with a FEEL condition if one is given."""
    inner = (
        f"<bpmn:conditionExpression>={condition}</bpmn:conditionExpression>" if condition else ""
    )
    return (
        f'<bpmn:sequenceFlow id="{source}_to_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{inner}</bpmn:sequenceFlow>"
    )


def extension(inner: str) -> str:
    """Return extension elements."""
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"


def user_task(element_id: str, more: str = "") -> str:
    """Return a user task for 质量部; `more` stands beside `zeebe:userTask`."""
    who = '<zeebe:assignmentDefinition candidateGroups="quality" />'
    inner = extension(f"<zeebe:userTask />{who}{more}")
    return f'<bpmn:userTask id="{element_id}">{inner}</bpmn:userTask>'


def job(element_id: str, job_type: str, *, more: str = "", **headers: str) -> str:
    """Return a service task of a job type with task headers."""
    told = "".join(
        f"<zeebe:header key={quoteattr(key)} value={quoteattr(value)} />"
        for key, value in headers.items()
    )
    inner = f'<zeebe:taskDefinition type="{job_type}" />'
    inner += f"<zeebe:taskHeaders>{told}</zeebe:taskHeaders>" if told else ""
    return f'<bpmn:serviceTask id="{element_id}">{extension(inner + more)}</bpmn:serviceTask>'


def call(element_id: str, process_id: str, *, more: str = "", loop: str = "", **how: str) -> str:
    """Return a call activity; `how` are attributes of `zeebe:calledElement`."""
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in how.items())
    inner = f"<zeebe:calledElement processId={quoteattr(process_id)}{attributes} />{more}"
    return f'<bpmn:callActivity id="{element_id}">{extension(inner)}{loop}</bpmn:callActivity>'


def mapping(*inputs: tuple[str, str], outputs: tuple[tuple[str, str], ...] = ()) -> str:
    """Return input and output mappings: pairs of FEEL source and target."""
    told = "".join(_mapped("input", pair) for pair in inputs)
    told += "".join(_mapped("output", pair) for pair in outputs)
    return f"<zeebe:ioMapping>{told}</zeebe:ioMapping>"


def boundary(host: str, definition: str, *, is_interrupting: bool = True) -> str:
    """Return a boundary event `<host>_left` with a way to the user task `<host>_mended`."""
    cancels = str(is_interrupting).lower()
    return (
        f'<bpmn:boundaryEvent id="{host}_left" attachedToRef="{host}" cancelActivity="{cancels}">'
        f"{definition}</bpmn:boundaryEvent>{user_task(f'{host}_mended')}"
        f'<bpmn:endEvent id="{host}_over" />'
        f"{flow(f'{host}_left', f'{host}_mended')}{flow(f'{host}_mended', f'{host}_over')}"
    )


def caught(error: str) -> str:
    """Return the definition of an error event."""
    return f'<bpmn:errorEventDefinition errorRef="{error}" />'


def timer(duration: str) -> str:
    """Return the definition of a timer event: a duration in ISO 8601."""
    inner = f"<bpmn:timeDuration>{duration}</bpmn:timeDuration>"
    return f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>"


def errors(*codes: str) -> str:
    """Return errors whose id is their code."""
    return "".join(f'<bpmn:error id="{code}" errorCode="{code}" />' for code in codes)


def message(name: str, key: str = "") -> str:
    """Return a message whose id is its name; `key` is FEEL for catching it."""
    inner = (
        extension(f"<zeebe:subscription correlationKey={quoteattr('=' + key)} />") if key else ""
    )
    return f'<bpmn:message id="{name}" name="{name}">{inner}</bpmn:message>'


def signal(name: str) -> str:
    """Return a signal whose id is its name."""
    return f'<bpmn:signal id="{name}" name="{name}" />'


def signalled(name: str) -> str:
    """Return the definition of a signal event."""
    return f'<bpmn:signalEventDefinition signalRef="{name}" />'


def escalated(code: str) -> str:
    """Return the definition of an escalation event."""
    return f'<bpmn:escalationEventDefinition escalationRef="{code}" />'


def escalations(*codes: str) -> str:
    """Return escalations whose id is their code."""
    return "".join(f'<bpmn:escalation id="{code}" escalationCode="{code}" />' for code in codes)


def event(kind: str, element_id: str, definition: str, more: str = "") -> str:
    """Return an event (`startEvent`, `intermediateCatchEvent` ...); `more` are its extensions."""
    inner = (extension(more) if more else "") + definition
    return f'<bpmn:{kind} id="{element_id}">{inner}</bpmn:{kind}>'


def waits_for(element_id: str, message_name: str) -> str:
    """Return an intermediate catch event of a message."""
    return (
        f'<bpmn:intermediateCatchEvent id="{element_id}">'
        f'<bpmn:messageEventDefinition messageRef="{message_name}" /></bpmn:intermediateCatchEvent>'
    )


def started_by(message_name: str) -> str:
    """Return a message start event."""
    return (
        f'<bpmn:startEvent id="start"><bpmn:messageEventDefinition messageRef="{message_name}" />'
        "</bpmn:startEvent>"
    )


def _mapped(kind: str, pair: tuple[str, str]) -> str:
    source, target = pair
    return f"<zeebe:{kind} source={quoteattr('=' + source)} target={quoteattr(target)} />"


def _id_of(element: str) -> str:
    found = re.search(r'\bid="([^"]+)"', element)
    assert found is not None, element
    return found[1]
