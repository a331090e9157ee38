"""What the gate lets pass is exactly what the engine runs, and the saved state can be read later."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service import engine
from service.bpmn import Known, check, parse
from service.bpmn.rules.allowed_elements import EXECUTED
from service.domain.errors import NotFoundError
from service.engine.elements.base import ELEMENTS
from tests.engine.player import FOLDER, Player, compiled

KNOWN = Known(
    process_ids=frozenset({"sub_case", "child"}),
    decision_ids=frozenset({"grading"}),
    form_ids=frozenset({"review"}),
    house_jobs=frozenset({"huiyin:notify", "huiyin:publish-message"}),
)
EVENTS = {
    # Start events of processes and of event sub-processes.
    "startEvent": "message timer signal conditional error escalation compensate multiple"
    " parallelMultiple",
    "intermediateCatchEvent": "message timer signal conditional link multiple parallelMultiple",
    "boundaryEvent": "message timer signal conditional error escalation compensate cancel multiple"
    " parallelMultiple",
    "intermediateThrowEvent": "message signal escalation compensate link multiple",
    "endEvent": "message signal escalation error compensate cancel terminate multiple",
}
"""Source: BPMN 2.0.2 table 10.93 (types of events and their markers)."""
DIAGRAMS = sorted(path for path in FOLDER.glob("*/*.bpmn") if path.parent.name != "python_vectors")


def test_the_gate_and_the_engine_name_the_same_elements() -> None:
    """Script and rule tasks have two classes each and are chosen apart."""
    run = set(ELEMENTS) - {"process", "subProcess:event"} | {"scriptTask", "businessRuleTask"}

    assert run == EXECUTED


def test_every_event_that_bpmn_knows_runs_where_bpmn_lets_it_stand() -> None:
    """Start, end, catching, throwing, on a boundary."""
    positions = {f"{kind}:{event}" for kind, events in EVENTS.items() for event in events.split()}

    assert positions <= EXECUTED
    standing = {kind for kind in EXECUTED if kind.partition(":")[0] in EVENTS and ":" in kind}
    assert standing == positions


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_diagrams_of_these_tests_pass_the_gate(path: Path) -> None:
    """What is tried here is what people may deploy."""
    findings = check(parse(path.read_bytes()), KNOWN)

    assert [finding.message for finding in findings if finding.severity == "error"] == []


def test_a_state_of_format_1_can_be_read() -> None:
    """Bytes written by the first version; a change of format must still read them."""
    player = Player("multi_instance/two_of_three", {"items": [1, 2, 3]})
    player.state = (FOLDER / "saved_states" / "two_of_three.v1.json").read_bytes()

    player.complete("ask", answer="A")
    player.complete("ask", answer="B")
    assert player.open == ["after"]


def test_a_state_is_written_in_format_2_as_ever() -> None:
    """A change of format needs a version of its own, and these bytes kept to be read."""
    player = Player("multi_instance/two_of_three", {"items": [1, 2, 3]})

    assert player.state == (FOLDER / "saved_states" / "two_of_three.v2.json").read_bytes()


def test_a_state_of_another_format_is_refused() -> None:
    """Never half read."""
    player = Player("user_task/one")
    player.state = player.state.replace(b"[2,", b"[99,", 1)

    with pytest.raises(ValueError, match="version 2 or 1"):
        player.complete("review")


def test_a_compiled_process_is_changed_by_no_instance() -> None:
    """So that it may be shared between threads."""
    process = compiled("multi_instance/two_of_three")

    def picture() -> dict[str, str]:
        return {
            name: repr({k: v for k, v in vars(spec).items() if not k.endswith("_event")})
            for name, spec in process.spec.task_specs.items()
        }

    before = picture()
    player = Player("multi_instance/two_of_three", {"items": [1, 2, 3]})
    player.complete("ask", answer="A")
    player.complete("ask", answer="B")

    assert picture() == before
    for spec in process.spec.task_specs.values():
        assert spec.completed_event.n_subscribers() == 0


def test_a_diagram_without_that_process_is_not_found() -> None:
    """The id must be there."""
    with pytest.raises(NotFoundError):
        engine.compile_process((FOLDER / "user_task/one.bpmn").read_bytes(), "other")


def test_threads_share_a_compiled_process() -> None:
    """Many instances at the same time do what each of them does alone."""

    def play(size: int) -> list[object]:
        player = Player("multi_instance/parallel", {"items": list(range(size))})
        for answer in range(size):
            player.complete("ask", answer=answer)
        return list(player.root["results"])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(play, range(1, 21))) == [list(range(size)) for size in range(1, 21)]
