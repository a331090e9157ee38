"""Every activity everywhere: repeated, undone, in every kind of sub-process, with every kind of boundary event.

The diagrams are drawn by program. Whatever stands there, an activity is done as often as it should be, what
comes behind it begins once, and nothing is left over.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from service import engine
from service.engine import CompiledProcess
from service.usecases.deployments import DeployFile
from tests.engine.player import Player, answer
from tests.usecases import drawing

JOB = '<zeebe:taskDefinition type="t" />'
SCRIPT = '<zeebe:script expression="=1" resultVariable="r" />'
DECISION = '<zeebe:calledDecision decisionId="grading" resultVariable="r" />'
CALLED = '<zeebe:calledElement processId="child" />'
LISTED = '<zeebe:adHoc activeElementsCollection="=[&quot;{0}_in&quot;]" />'
ACTIVITIES: Mapping[str, tuple[str, str]] = {
    "task": ("task", ""),
    "manual": ("manualTask", ""),
    "user": ("userTask", "<zeebe:userTask />"),
    "inbox": ("userTask", ""),
    "service": ("serviceTask", JOB),
    "send": ("sendTask", JOB),
    "receive": ("receiveTask", ""),
    "script": ("scriptTask", SCRIPT),
    "script job": ("scriptTask", JOB),
    "decision": ("businessRuleTask", DECISION),
    "rule job": ("businessRuleTask", JOB),
    "call": ("callActivity", CALLED),
    "sub-process": ("subProcess", ""),
    "transaction": ("transaction", ""),
    "ad hoc": ("adHocSubProcess", LISTED),
}
"""BPMN's name and the extensions, by a name of our own."""

AT_ONCE = {"task", "manual", "script", "decision"}
"""Done as soon as they are reached: no event can come in between."""

MULTI = (
    '<bpmn:multiInstanceLoopCharacteristics isSequential="{0}"><bpmn:extensionElements>'
    '<zeebe:loopCharacteristics inputCollection="=items" /></bpmn:extensionElements>'
    "</bpmn:multiInstanceLoopCharacteristics>"
)
REPEATED = {
    "once": ("", 1),
    "parallel": (MULTI.format("false"), 4),
    "sequential": (MULTI.format("true"), 4),
    "loop": ('<bpmn:standardLoopCharacteristics loopMaximum="3" />', 4),
}
"""The marker, and how often something of that id completes: the body counts, too."""

EVENTS = {
    "message": '<bpmn:messageEventDefinition messageRef="news" />',
    "signal": drawing.signalled("alarm"),
    "timer": drawing.timer("PT1H"),
    "condition": "<bpmn:conditionalEventDefinition><bpmn:condition>=go</bpmn:condition>"
    "</bpmn:conditionalEventDefinition>",
}
SHARED = drawing.message("news", "1") + drawing.message("come", "1") + drawing.signal("alarm")


def activity(name: str, element_id: str, inner: str = "", **attributes: str) -> str:
    """Return an activity; a sub-process holds a user task."""
    kind, extensions = ACTIVITIES[name]
    texts = {"messageRef": "come"} | attributes if name == "receive" else attributes
    holds = drawing.user_task(f"{element_id}_in")
    if name in ("sub-process", "transaction"):
        way = drawing.flow(f"{element_id}_start", f"{element_id}_in")
        holds = f'<bpmn:startEvent id="{element_id}_start" />{holds}{way}'
    elif name != "ad hoc":
        holds = ""
    told = drawing.extension(extensions.format(element_id)) if extensions else ""
    written = "".join(f' {key}="{value}"' for key, value in texts.items())
    return f'<bpmn:{kind} id="{element_id}"{written}>{told}{holds}{inner}</bpmn:{kind}>'


class Drawn(Player):
    """Plays a diagram that was drawn here."""

    def __init__(self, file: DeployFile, **variables: Any) -> None:
        """Start it."""
        self.file = file
        super().__init__("", {"items": [1, 2, 3], "go": False, **variables}, decide=answer(7))

    def compiled(self, name: str) -> CompiledProcess:
        """Return what was drawn."""
        return compiled(self.file.content)

    def go_on(self, *, but: str = "") -> "Drawn":
        """Complete and deliver whatever is waited for, until it ends; not the event `but`."""
        while not self.step.ended:
            messages = [s.element_id for s in self.subscriptions.values() if s.element_id != but]
            if self.waits:
                self.complete_key(next(iter(self.waits)))
            elif messages:
                self.deliver(messages[0])
            else:
                break
        return self


@cache
def compiled(content: bytes) -> CompiledProcess:
    """Return the process of a drawn file."""
    return engine.compile_process(content, "process")


def line(*elements: str, beside: str = "") -> DeployFile:
    """Return a process of elements in a row, the user task `after` behind them."""
    after = drawing.user_task("after")
    return drawing.line("process", *elements, after, beside=beside, definitions=SHARED)


def done(player: Player) -> tuple[str | None, int, int]:
    """Return how it ended, how often `a` has completed, and how often `after` has begun."""
    return (
        player.step.ended,
        player.happened("COMPLETED").count("a"),
        player.happened("ACTIVATED").count("after"),
    )


@pytest.mark.parametrize("name", ACTIVITIES)
def test_an_activity_is_done_as_often_as_it_is_to_be_repeated(name: str) -> None:
    """Parallel, in sequence, in a loop; of an empty collection only the body."""
    for marker, times in REPEATED.values():
        assert done(Drawn(line(activity(name, "a", marker))).go_on()) == ("COMPLETED", times, 1)

    empty = Drawn(line(activity(name, "a", MULTI.format("false"))), items=[]).go_on()
    assert done(empty) == ("COMPLETED", 1, 1)


def places(name: str) -> Iterator[tuple[DeployFile, int]]:
    """Give diagrams in which the activity stands inside something, and how often it is done there."""
    a = activity(name, "a")
    start = '<bpmn:startEvent id="inner_start" />' + drawing.flow("inner_start", "a")
    yield line(f'<bpmn:transaction id="around">{start}{a}</bpmn:transaction>'), 1
    twice = '<zeebe:adHoc activeElementsCollection="=[&quot;a&quot;, &quot;a&quot;]" />'
    around = (
        f'<bpmn:adHocSubProcess id="around">{drawing.extension(twice)}{a}</bpmn:adHocSubProcess>'
    )
    yield line(around), 2
    undo = activity(name, "a", isForCompensation="true")
    yield line(activity(name, "b"), THROW, beside=undo + UNDOING), 1
    repeated = activity(name, "b", MULTI.format("false"))
    yield line(repeated, THROW, beside=undo + UNDOING), 1


THROW = drawing.event("intermediateThrowEvent", "throw", "<bpmn:compensateEventDefinition />")
UNDOING = (
    '<bpmn:boundaryEvent id="back" attachedToRef="b"><bpmn:compensateEventDefinition />'
    '</bpmn:boundaryEvent><bpmn:association id="leads" sourceRef="back" targetRef="a" />'
)


@pytest.mark.parametrize("name", ACTIVITIES)
def test_an_activity_is_done_wherever_it_stands(name: str) -> None:
    """In a transaction, twice in an ad-hoc sub-process, as a handler that undoes its like, repeated or not."""
    for process, times in places(name):
        assert done(Drawn(process).go_on()) == ("COMPLETED", times, 1)


@pytest.mark.parametrize("name", ACTIVITIES)
def test_an_activity_is_done_in_event_sub_processes(name: str) -> None:
    """One that interrupts takes the place of the work, one that does not runs beside it, twice."""
    for interrupts, times, over in (("true", 1, ["work"]), ("false", 2, [])):
        start = (
            f'<bpmn:startEvent id="heard" isInterrupting="{interrupts}">'
            f"{drawing.signalled('alarm')}</bpmn:startEvent>"
        )
        inner = start + activity(name, "a") + drawing.flow("heard", "a")
        watch = f'<bpmn:subProcess id="watch" triggeredByEvent="true">{inner}</bpmn:subProcess>'
        player = Drawn(line(drawing.user_task("work"), beside=watch))
        for _ in range(times):
            player.signal("heard")
        assert player.happened("TERMINATED") == over
        assert done(player.go_on()) == ("COMPLETED", times, 0 if over else 1)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(ACTIVITIES) - AT_ONCE))
@pytest.mark.parametrize("interrupts", [True, False], ids=["interrupting", "beside"])
def test_a_boundary_event_ends_all_of_an_activity_or_nothing(name: str, interrupts: bool) -> None:
    """However it is repeated; its way is taken once."""
    for marker, times in REPEATED.values():
        for kind, definition in EVENTS.items():
            beside = drawing.boundary("a", definition, is_interrupting=interrupts)
            player = Drawn(line(activity(name, "a", marker), beside=beside))
            happen(player, kind)
            assert player.open.count("a_mended") == 1
            assert (player.open == ["a_mended"]) == (interrupts or name == "receive")
            ended, completed, after = done(player.go_on(but="a_left"))
            assert (ended, after) == ("COMPLETED", 0 if interrupts else 1)
            assert completed == (0 if interrupts else times)


def happen(player: Drawn, kind: str) -> None:
    """Let the boundary event of a kind happen."""
    if kind == "condition":
        player.write(1, {"go": True})
    else:
        ways: dict[str, Callable[[str], object]] = {
            "message": player.deliver,
            "signal": player.signal,
            "timer": player.fire,
        }
        ways[kind]("a_left")
