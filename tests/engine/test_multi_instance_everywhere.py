"""Multi-instance markers on every kind of activity, at once and one after the other."""

from collections.abc import Callable
from typing import Any

import pytest

from service import engine
from service.bpmn import Known, check, parse
from service.engine import CompiledProcess, DecisionAnswer
from tests.engine.player import Player

DEFINITIONS = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">'
    '<bpmn:message id="m" name="m"><bpmn:extensionElements><zeebe:subscription correlationKey="=item"/>'
    "</bpmn:extensionElements></bpmn:message>"
    '<bpmn:process id="process" isExecutable="true"><bpmn:startEvent id="start"/>'
    '{activity}<bpmn:userTask id="after"><bpmn:extensionElements><zeebe:userTask/>'
    "</bpmn:extensionElements></bpmn:userTask>"
    '<bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="each"/>'
    '<bpmn:sequenceFlow id="f2" sourceRef="each" targetRef="after"/>'
    "</bpmn:process></bpmn:definitions>"
)
LOOP = (
    '<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}"><bpmn:extensionElements>'
    '<zeebe:loopCharacteristics inputCollection="=items" inputElement="item"'
    ' outputCollection="results" outputElement="=answer"/></bpmn:extensionElements>'
    "</bpmn:multiInstanceLoopCharacteristics>"
)
ASK = (
    '<bpmn:userTask id="ask"><bpmn:extensionElements><zeebe:userTask/><zeebe:ioMapping>'
    '<zeebe:output source="=answer" target="answer"/></zeebe:ioMapping></bpmn:extensionElements>'
    "</bpmn:userTask>"
)
INSIDE = f'<bpmn:startEvent id="s"/>{ASK}<bpmn:sequenceFlow id="i" sourceRef="s" targetRef="ask"/>'
OUT = '<zeebe:ioMapping><zeebe:output source="=answer" target="answer"/></zeebe:ioMapping>'
JOB = '<zeebe:taskDefinition type="t"/>'

Finish = Callable[[Player, Any], object]


def completed(element_id: str) -> Finish:
    """Return how the first open wait of an element is completed with an answer."""
    return lambda player, answer: player.complete(element_id, answer=answer)


def delivered(player: Player, answer: Any) -> object:
    """Deliver the message."""
    return player.deliver("each", answer=answer)


KINDS: dict[str, tuple[str, str, Finish | None]] = {
    "userTask": ("<zeebe:userTask/>", "", completed("each")),
    "job user task": ("", "", completed("each")),
    "serviceTask": (JOB, "", completed("each")),
    "sendTask": (JOB, "", completed("each")),
    "receiveTask": ("", "", delivered),
    "script job": (JOB, "", completed("each")),
    "scriptTask": ('<zeebe:script expression="=item * 10" resultVariable="answer"/>', "", None),
    "businessRuleTask": (
        '<zeebe:calledDecision decisionId="x" resultVariable="answer"/>',
        "",
        None,
    ),
    "callActivity": (f'<zeebe:calledElement processId="p"/>{OUT}', "", completed("each")),
    "subProcess": (OUT, INSIDE, completed("ask")),
    "transaction": (OUT, INSIDE, completed("ask")),
    "adHocSubProcess": (
        '<zeebe:adHoc activeElementsCollection="=[&quot;ask&quot;]" outputCollection="found"'
        ' outputElement="=answer"/><zeebe:ioMapping><zeebe:output source="=found[1]" target="answer"/>'
        "</zeebe:ioMapping>",
        ASK,
        completed("ask"),
    ),
}
BPMN_NAMES = {"job user task": "userTask", "script job": "scriptTask"}


class Drawn(Player):
    """Plays one activity with a marker."""

    def __init__(self, kind: str, sequential: bool, items: list[int]) -> None:
        """Draw, check and start it."""
        extension, inside, _ = KINDS[kind]
        tag = BPMN_NAMES.get(kind, kind)
        message = ' messageRef="m"' if tag == "receiveTask" else ""
        activity = (
            f'<bpmn:{tag} id="each"{message}><bpmn:extensionElements>{extension}'
            f"</bpmn:extensionElements>{LOOP.format(sequential=str(sequential).lower())}{inside}"
            f"</bpmn:{tag}>"
        )
        xml = DEFINITIONS.format(activity=activity).encode()
        known = Known(process_ids=frozenset({"p"}), decision_ids=frozenset({"x"}))
        found = [f.message for f in check(parse(xml), known) if f.severity == "error"]
        assert found == []
        self.drawn = engine.compile_process(xml, "process")
        super().__init__(
            "",
            {"items": items},
            decide=lambda binding, variables: DecisionAnswer(5, variables["item"] * 10),
        )

    def compiled(self, name: str) -> CompiledProcess:
        """Return the drawn one."""
        return self.drawn


@pytest.mark.parametrize("sequential", [False, True], ids=["parallel", "sequential"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_item_has_its_result_in_the_order_of_the_input(kind: str, sequential: bool) -> None:
    """Parallel ones are finished last first; the results stand where their items stand."""
    player = Drawn(kind, sequential, [1, 2, 3])
    finish = KINDS[kind][2]
    if finish is not None and sequential:
        for answer in (10, 20, 30):
            finish(player, answer)
    elif finish is not None:
        player.waits = dict(sorted(player.waits.items(), reverse=True))
        player.subscriptions = dict(sorted(player.subscriptions.items(), reverse=True))
        for answer in (30, 20, 10):
            finish(player, answer)

    assert (player.open, player.root["results"]) == (["after"], [10, 20, 30])


@pytest.mark.parametrize("kind", KINDS)
def test_no_item_means_no_instance(kind: str) -> None:
    """The collection of results is empty and the path goes on."""
    player = Drawn(kind, False, [])

    assert (player.open, player.root["results"]) == (["after"], [])
    assert player.happened("ACTIVATED").count("each") == 1
