"""Files are read without harm, or refused with a reason and a line."""

from dataclasses import replace

import pytest

from service import engine
from service.bpmn import parse
from service.domain.errors import DeploymentRefusedError
from service.engine.stepping import NOWHERE

OPEN = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d">'
)
CLOSE = "</bpmn:definitions>"


def process(inner: str) -> str:
    """Return a file with one process."""
    return f'{OPEN}\n<bpmn:process id="p" isExecutable="true">{inner}</bpmn:process>{CLOSE}'


def refusal(text: str | bytes) -> str:
    """Return the rule by which a file is refused."""
    with pytest.raises(DeploymentRefusedError) as caught:
        parse(text if isinstance(text, bytes) else text.encode(), "file.bpmn")
    (finding,) = caught.value.findings
    assert finding.resource == "file.bpmn"
    assert finding.traditional
    assert finding.english.isascii()
    assert caught.value.detail.isascii()
    assert caught.value.detail.endswith(finding.english)
    return finding.rule


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "doctype": ("<!DOCTYPE x>" + process(""), "xml_doctype"),
    "entity": ('<!DOCTYPE x [<!ENTITY e "v">]>' + process("&e;"), "xml_doctype"),
    "external entity": (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + process("&e;"),
        "xml_doctype",
    ),
    "entity bomb": (f'<!DOCTYPE x [<!ENTITY e0 "v">{BOMB}]>' + process("&e9;"), "xml_doctype"),
    "not XML": ("hello", "xml_syntax"),
    "empty": ("", "xml_syntax"),
    "cut off": (process("")[:-9], "xml_syntax"),
    "other root": ("<html/>", "not_bpmn"),
    "too deep": ("<a>" * 220 + "</a>" * 220, "xml_depth"),
    "double id": (process('<bpmn:task id="t"/><bpmn:task id="t"/>'), "double_id"),
    "no id": (process("<bpmn:task/>"), "missing_id"),
    "flow to nowhere": (
        process('<bpmn:task id="t"/><bpmn:sequenceFlow id="f" sourceRef="t" targetRef="x"/>'),
        "broken_flow",
    ),
    "flow without end": (process('<bpmn:sequenceFlow id="f" sourceRef="t"/>'), "broken_flow"),
    "flow into a sub-process": (
        process(
            '<bpmn:task id="t"/><bpmn:subProcess id="s"><bpmn:task id="i"/></bpmn:subProcess>'
            '<bpmn:sequenceFlow id="f" sourceRef="t" targetRef="i"/>'
        ),
        "broken_flow",
    ),
}


@pytest.mark.parametrize(("text", "rule"), HOSTILE.values(), ids=HOSTILE)
def test_a_broken_or_hostile_file_is_refused(text: str, rule: str) -> None:
    """By the rule that says why; nothing is expanded, fetched or half read."""
    assert refusal(text) == rule


def test_a_file_of_fifty_megabytes_is_refused_unread() -> None:
    """Its size alone says so."""
    assert refusal(b" " * (50 * 1024 * 1024)) == "xml_size"


@pytest.mark.slow
def test_a_million_elements_are_refused() -> None:
    """Counted while reading."""
    assert refusal(OPEN + "<a/>" * 1_000_000 + CLOSE) == "xml_size"


def test_a_process_that_nobody_can_read_is_refused() -> None:
    """More elements than any drawing has."""
    assert refusal(process("".join(f'<bpmn:task id="t{n}"/>' for n in range(2001)))) == (
        "process_size"
    )


def nested(levels: int) -> str:
    """Return a process of sub-processes inside each other."""
    opened = "".join(
        f'<bpmn:subProcess id="s{n}"><bpmn:startEvent id="b{n}"/>'
        f'<bpmn:sequenceFlow id="f{n}" sourceRef="b{n}" targetRef="s{n + 1}"/>'
        for n in range(levels)
    )
    task = f'<bpmn:task id="s{levels}"/>'
    flow = '<bpmn:startEvent id="b"/><bpmn:sequenceFlow id="f" sourceRef="b" targetRef="s0"/>'
    return process(flow + opened + task + "</bpmn:subProcess>" * levels)


def test_sub_processes_nest_as_deep_as_the_engine_can_run_them() -> None:
    """Thirty levels run to their end, one more is refused."""
    compiled = engine.compile_process(nested(30).encode(), "p")
    keys = iter(range(2, 1000))
    around = replace(NOWHERE, new_key=lambda: next(keys))
    step = engine.start(compiled, key=1, variables={}, surroundings=around)

    assert step.ended == "COMPLETED"
    assert refusal(nested(31)) == "process_size"


def test_a_refusal_names_the_line() -> None:
    """The line of the element at fault."""
    with pytest.raises(DeploymentRefusedError) as caught:
        parse(process('\n\n<bpmn:task id="t"/>\n<bpmn:task id="t"/>').encode())

    assert [finding.line for finding in caught.value.findings] == [5]


def test_a_process_tells_what_others_ask_of_it() -> None:
    """Properties, version tag, start form, message and timer starts, rule references."""
    file = parse(
        f"""{OPEN}
        <bpmn:message id="m" name="fb_public"/>
        <bpmn:process id="p" name="顾客反馈" isExecutable="true">
          <bpmn:extensionElements>
            <zeebe:versionTag value="2026.1"/>
            <zeebe:properties>
              <zeebe:property name="caseNumber" value="complaint"/>
              <zeebe:property name="ruleRefs" value="FB-1-1, FB-2-1"/>
            </zeebe:properties>
          </bpmn:extensionElements>
          <bpmn:laneSet id="l">
            <bpmn:lane id="l1" name="客服"><bpmn:flowNodeRef>s</bpmn:flowNodeRef></bpmn:lane>
          </bpmn:laneSet>
          <bpmn:startEvent id="s">
            <bpmn:extensionElements>
              <zeebe:formDefinition formId="register" bindingType="deployment"/>
              <zeebe:properties>
                <zeebe:property name="ruleRefs" value="FB-2-1,FB-4"/>
              </zeebe:properties>
            </bpmn:extensionElements>
          </bpmn:startEvent>
          <bpmn:startEvent id="by_message">
            <bpmn:messageEventDefinition messageRef="m"/>
          </bpmn:startEvent>
          <bpmn:startEvent id="nightly">
            <bpmn:timerEventDefinition>
              <bpmn:timeCycle>R/PT24H</bpmn:timeCycle>
            </bpmn:timerEventDefinition>
          </bpmn:startEvent>
        </bpmn:process>{CLOSE}""".encode()
    )
    (model,) = file.processes

    assert (model.name, model.version_tag) == ("顾客反馈", "2026.1")
    assert model.properties["caseNumber"] == "complaint"
    assert model.start_form is not None
    assert (model.start_form.id, model.start_form.binding) == ("register", "deployment")
    (by_message, _, told), (nightly, _, timed) = model.start_definitions
    assert (by_message, told.kind, told.name) == ("by_message", "message", "fb_public")
    assert (nightly, timed.kind, timed.timer_text) == ("nightly", "timer", "R/PT24H")
    assert model.elements["s"].rule_refs == ("FB-2-1", "FB-4")


@pytest.mark.parametrize(("true", "false"), [("true", "false"), ("1", "0"), (" 1 ", "\n0")])
def test_a_boolean_attribute_is_read_as_xml_schema_writes_it(true: str, false: str) -> None:
    """`cancelActivity="0"` once interrupted, and `isSequential="1"` ran all at once."""
    file = parse(
        f"""{OPEN}<bpmn:process id="p" isExecutable="{true}">
          <bpmn:startEvent id="s"/>
          <bpmn:task id="t"><bpmn:multiInstanceLoopCharacteristics isSequential="{true}"/></bpmn:task>
          <bpmn:boundaryEvent id="b" attachedToRef="t" cancelActivity="{false}"/>
          <bpmn:subProcess id="e" triggeredByEvent="{true}">
            <bpmn:startEvent id="es" isInterrupting="{false}"/>
          </bpmn:subProcess>
          <bpmn:task id="h" isForCompensation="{true}"/>
          <bpmn:adHocSubProcess id="a" cancelRemainingInstances="{false}"/>
          <bpmn:intermediateThrowEvent id="c">
            <bpmn:compensateEventDefinition waitForCompletion="{false}"/>
          </bpmn:intermediateThrowEvent>
        </bpmn:process>{CLOSE}""".encode()
    )
    (model,) = file.processes
    found = model.elements

    assert model.is_executable
    assert found["t"].loop is not None
    assert found["t"].loop.is_sequential
    assert not found["b"].is_interrupting
    assert found["e"].is_triggered_by_event
    assert not found["es"].is_interrupting
    assert found["h"].is_for_compensation
    assert not found["a"].cancels_remaining
    (thrown,) = found["c"].events
    assert not thrown.waits
