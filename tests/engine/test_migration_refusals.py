"""What a migration refuses: each with what it expected and what is so, and nothing has changed then."""

import pytest

from service.domain.errors import WrongStateError
from service.engine import CompiledProcess
from tests.engine.inline import PERSON, WORKER, Inline, element, extended, flows, process
from tests.engine.player import Player
from tests.engine.test_migration import AFTER, WHOLE, started, without


@pytest.mark.parametrize(
    ("source", "target", "why"),
    [
        ("ask", "work2", "of the kind of 'ask', user task, but it is: service task"),
        ("ask", "part2", "but it is: sub-process"),
        ("choose", "fork", "but it is: parallel gateway"),
        ("ask", "left_in", "but it is: sequence flow"),
        ("sign", "ask", "to be repeated as"),
        ("ask", "check", "to lie in"),
        ("left_to_join", "start_to_fork", "a flow of its own"),
    ],
)
def test_what_cannot_be_what_it_is_mapped_to_is_refused(source: str, target: str, why: str) -> None:
    """Another type, another scope, a flow that leads elsewhere or is taken."""
    player = started()
    mapping = (*without(WHOLE, source), (source, target))
    with pytest.raises(WrongStateError, match=why):
        player.migrate(AFTER, *mapping)


def test_an_event_stays_with_its_activity() -> None:
    """It cannot become one of another activity, nor two become one."""
    player = started()
    with pytest.raises(WrongStateError, match="'overdue' of 'ask' to be mapped to one of 'ask'"):
        player.migrate(AFTER, *WHOLE, ("overdue", "start"))
    twice = (("overdue", "overdue2"), ("withdrawn", "overdue2"))
    with pytest.raises(WrongStateError, match="and of another one"):
        player.migrate(AFTER, *WHOLE, *twice)
    with pytest.raises(
        WrongStateError, match="timer boundary event, but it is: message boundary event"
    ):
        player.migrate(AFTER, *WHOLE, ("overdue", "changed"))


def test_a_parallel_loop_does_not_become_sequential() -> None:
    """Nor the other way round."""
    player = Player("multi_instance/parallel", {"items": [1, 2]})
    (element_id,) = {wait.element_id for wait in player.waits.values()}
    with pytest.raises(WrongStateError, match="one is parallel and one sequential"):
        player.migrate("multi_instance/sequential", (element_id, element_id))


SCRIPT = extended('<zeebe:script expression="=assert(x, x != null)" resultVariable="seen" />')


@pytest.mark.parametrize(("source", "target"), [(WORKER, SCRIPT), (SCRIPT, WORKER)])
def test_a_job_does_not_become_an_expression(source: str, target: str) -> None:
    """A worker has it in hand; and what has no job has none to hand out."""

    def script(inner: str) -> CompiledProcess:
        start = element("startEvent", "start")
        return process(start, element("scriptTask", "it", inner), flows("start", "it"))

    player = Inline(script(source))
    with pytest.raises(WrongStateError, match="only one of them is a job"):
        player.migrate(script(target), ("it", "it"))


CODED = '<bpmn:{kind}EventDefinition {kind}Ref="code" />'


def hosting(kind: str, host: str = "one") -> CompiledProcess:
    """Return a process of two tasks with a boundary event `left` for an error or escalation at one of them."""
    code = f'<bpmn:{kind} id="code" {kind}Code="X" />'
    return process(
        element("startEvent", "start"),
        element("serviceTask", "one", WORKER),
        element("serviceTask", "two", WORKER),
        element("boundaryEvent", "left", CODED.format(kind=kind), attachedToRef=host),
        element("userTask", "mended", PERSON),
        flows("start", "one", "two"),
        flows("left", "mended"),
        roots=code,
    )


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (hosting("error"), None),
        (hosting("error", "two"), "detached_event"),
        (hosting("escalation"), "other_kind"),
    ],
)
def test_an_event_for_errors_stays_with_its_activity_too(
    target: CompiledProcess, reason: str | None
) -> None:
    """It waits for nothing in the rows, and yet belongs to what is active."""
    player = Inline(hosting("error"))
    pairs = (("one", "one"), ("left", "left"))
    if reason is None:
        player.migrate(target, *pairs)
        player.throw("one", "X")
        assert player.open == ["mended"]
        return
    with pytest.raises(WrongStateError) as refusal:
        player.migrate(target, *pairs)
    assert refusal.value.facts["reason"] == reason


def undone(host: str, *around: str, kind: str = "compensate") -> CompiledProcess:
    """Return a process that has done a task, can undo it, waits, and then undoes all or that task.

    Args:
        host: The task that can be undone.
        around: Sub-processes it lies in, the outermost first.
        kind: Of the event at it.
    """
    inner = (
        element("startEvent", f"start_{host}")
        + element("serviceTask", host, WORKER)
        + flows(f"start_{host}", host)
        + _event_at(host, kind)
    )
    first = host
    for id_ in reversed(around):
        inner = element("startEvent", f"in_{id_}") + element("subProcess", id_, inner)
        inner += flows(f"in_{id_}", id_)
        first = id_
    what = f'activityRef="{first}"' if kind == "compensate" else ""
    throw = f"<bpmn:compensateEventDefinition {what} />"
    return process(
        inner,
        element("userTask", f"wait_{host}", PERSON),
        element("intermediateThrowEvent", "undo", throw),
        flows(first, f"wait_{host}", "undo"),
    )


def _event_at(host: str, kind: str) -> str:
    if kind != "compensate":
        hour = "<bpmn:timeDuration>PT1H</bpmn:timeDuration>"
        timer = f"<bpmn:timerEventDefinition>{hour}</bpmn:timerEventDefinition>"
        return element("boundaryEvent", f"{host}_event", timer, attachedToRef=host)
    return (
        element(
            "boundaryEvent",
            f"{host}_event",
            "<bpmn:compensateEventDefinition />",
            attachedToRef=host,
        )
        + element("serviceTask", f"undo_{host}", WORKER, isForCompensation="true")
        + f'<bpmn:association id="by_{host}" sourceRef="{host}_event" targetRef="undo_{host}" />'
    )


MAPPED = (("wait_a", "wait_c"), ("a_event", "c_event"))


@pytest.mark.parametrize("around", [(), ("part",), ("part", "inner")])
def test_what_has_completed_becomes_what_the_mapped_event_stands_at(
    around: tuple[str, ...],
) -> None:
    """Only the event is mapped, as in Camunda 8: an event that undoes this one activity finds it."""
    player = Inline(undone("a", *around))
    player.complete("a")
    player.migrate(undone("c", *(f"{id_}2" for id_ in around)), *MAPPED)
    player.complete("wait_c")
    assert player.open == ["undo_c"]


@pytest.mark.parametrize(
    ("before", "after", "kind", "reason"),
    [
        ((), ("part",), "compensate", "other_depth"),
        (("part",), (), "compensate", "other_depth"),
        (("part",), ("part", "inner"), "compensate", "other_depth"),
        ((), (), "timer", "other_kind"),
    ],
)
def test_what_can_be_undone_keeps_its_depth_and_its_kind_of_event(
    before: tuple[str, ...], after: tuple[str, ...], kind: str, reason: str
) -> None:
    """In as many sub-processes as before, by a compensation event (Camunda 8)."""
    player = Inline(undone("a", *before))
    player.complete("a")
    with pytest.raises(WrongStateError) as refusal:
        player.migrate(undone("c", *after, kind=kind), *MAPPED)
    assert refusal.value.facts["reason"] == reason
