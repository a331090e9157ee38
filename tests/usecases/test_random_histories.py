"""Random diagrams have the same history whether or not they are saved and loaded between their steps.

The house runs each through its use cases: every step locks, loads, runs, saves and commits. Beside it the
same steps are run by a machine that stays in memory and is never saved. `HUIYIN_RANDOM_DIAGRAMS` says how many.
"""

import os
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service import bpmn, engine
from service.engine.machine import Machine
from service.engine.recorder import Recorder
from service.engine.stepping import finish_step
from service.engine.variables import Variables
from service.persistence.scopes import live_scopes
from service.persistence.tables import instances, tasks
from service.usecases import timers, user_tasks
from service.usecases.deployments import DeployFile, deploy
from service.usecases.transaction import SYSTEM
from tests.engine import blocks
from tests.engine.drawn import Oracle, wholes
from tests.engine.graphs import Graph
from tests.engine.parts import STARTS, Whole
from tests.engine.test_everything_drawn import found_fault_with
from tests.engine.test_token_game import MOST_OPEN, graphs
from tests.engine.test_token_laws import DIAGRAMS
from tests.engine.webs import StalledError, Web, WebGame, webs
from tests.examples import made_up
from tests.fakes import FakeClock, RecordingQueue
from tests.usecases.acting import COMMANDS, GRADING, Acted, Command
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, started
from tests.usecases.playing import Play
from workers.jobs import REGISTERED

pytestmark = pytest.mark.usefixtures("audited")

EXAMPLES = int(os.environ.get("HUIYIN_RANDOM_DIAGRAMS", "6"))
MOST_STEPS = 8
NUMBERS = count(0, 10_000)
"""Each diagram has names of its own: others that wait in the same house do not hear its messages."""

KEY = 1

examples = made_up(EXAMPLES)


class Unsaved:
    """An instance whose machine stays in memory.

    Attributes:
        elements: Id, type and state of each element instance, in the order of their keys.
        flows: How often each was taken.
        open: Keys of the open user tasks' element instances, oldest first.
    """

    def __init__(self, file: bytes, variables: dict[str, Any]) -> None:
        """Start it."""
        keys = count(100)
        around = engine.Surroundings(
            now=datetime(2026, 11, 24, 12, tzinfo=UTC),
            new_key=lambda: next(keys),
            decide=lambda binding, variables: engine.DecisionAnswer(None, None),
            find_process=lambda binding: None,
            find_form=lambda binding: None,
        )
        self._elements: dict[int, list[str]] = {}
        self.flows: Counter[str] = Counter()
        self.open: list[int] = []
        store = Variables(KEY, {}, limit_bytes=around.limits.variables_bytes, used_bytes=0)
        process = engine.compile_process(file, "process")
        self.machine = Machine(process.spec, KEY, store, around)
        for name, value in variables.items():
            store.set_local(KEY, name, value)
        self.machine.begin({"fired": {}})
        self._note(finish_step(self.machine))

    def complete(self, position: int, variables: dict[str, Any]) -> None:
        """Complete one of the open tasks."""
        self.machine.record = Recorder()
        token = self.machine.token(self.open.pop(position))
        assert token is not None
        token.task_spec.finish(token, variables)
        self._note(finish_step(self.machine))

    @property
    def elements(self) -> list[tuple[str, ...]]:
        """Id, type and state of each, in the order of their keys."""
        return [tuple(self._elements[key]) for key in sorted(self._elements)]

    def _note(self, step: engine.Step) -> None:
        for event in step.events:
            state = "ACTIVE" if event.kind == "ACTIVATED" else event.kind
            name = "process" if event.element_instance_key == KEY else event.element_id
            self._elements[event.element_instance_key] = [name, event.element_type, state]
        self.flows.update(step.flows_taken)
        self.open += [task.element_instance_key for task in step.user_tasks]
        self.open = sorted(key for key in self.open if self.machine.token(key) is not None)


@pytest.mark.slow
@examples
@given(block=DIAGRAMS, data=st.data())
def test_blocks_have_the_same_history_saved_or_not(
    office: Office, block: blocks.Block, data: st.DataObject
) -> None:
    """Sub-processes, multi-instances, loops, forks and joins of each kind."""
    run_both(office, blocks.diagram(block), {}, data)


@pytest.mark.slow
@examples
@given(graph=graphs(), data=st.data())
def test_graphs_have_the_same_history_saved_or_not(
    office: Office, graph: Graph, data: st.DataObject
) -> None:
    """Any nodes and flows, cycles and joins that never fire; the variable `turn` is written each time."""
    findings = bpmn.check(bpmn.parse(graph.diagram()), bpmn.Known())
    assume(not any(found.severity == "error" for found in findings))
    run_both(office, graph.diagram(), {"turn": data.draw(st.integers(0, 5))}, data)


def run_both(office: Office, file: bytes, variables: dict[str, Any], data: st.DataObject) -> None:
    """Run a diagram both ways and compare after every step."""
    deployed(office, DeployFile("random.bpmn", file))
    key = started(office, "process", **variables)
    unsaved = Unsaved(file, variables)
    for _ in range(MOST_STEPS):
        compare(office, key, unsaved)
        open_keys = open_tasks(office, key)
        assert len(open_keys) == len(unsaved.open)
        if not open_keys or len(open_keys) > MOST_OPEN:
            return
        position = data.draw(st.integers(0, len(open_keys) - 1), label="complete")
        given_values = {name: data.draw(st.integers(0, 5), label=name) for name in variables}
        user_tasks.complete(office.house, SYSTEM, open_keys[position], given_values)
        unsaved.complete(position, given_values)
    compare(office, key, unsaved)


def compare(office: Office, instance_key: int, unsaved: Unsaved) -> None:
    """Element instances in order, flows taken, and all variables are the same."""
    table, flows = instances.element_instances, instances.taken_flows
    rows = sorted(
        office.rows(table, table.c.instance_key == instance_key), key=lambda row: int(row.key)
    )
    assert [(row.element_id, row.type, row.state) for row in rows] == unsaved.elements
    taken = office.rows(flows, flows.c.instance_key == instance_key)
    assert {row.flow_id: row.times for row in taken} == unsaved.flows
    root = unsaved.machine.variables.local(KEY)
    with office.house.database.reading() as connection:
        stored = live_scopes(connection, instance_key).get(instance_key, {})
    if unsaved.machine.root.is_live:
        assert {name: stored.get(name) for name in root} == root


def open_tasks(office: Office, instance_key: int) -> list[int]:
    """Return the keys of the open tasks, in the order of their element instances."""
    table = tasks.user_tasks
    is_open = table.c.instance_key == instance_key, table.c.state == "CREATED"
    rows = office.rows(table, *is_open)
    return [row.key for row in sorted(rows, key=lambda row: int(row.element_instance_key))]


@pytest.mark.slow
@examples
@given(whole=st.sampled_from(STARTS).flatmap(wholes), data=st.data())
def test_all_elements_have_the_same_history_saved_or_not(
    office: Office, whole: Whole, data: st.DataObject
) -> None:
    """Every element and start; called processes, signals through the outbox, timers, messages, errors."""
    number = next(NUMBERS)
    whole.process_id = f"whole_{number}"
    drawn = whole.file(number)
    start = None if whole.start == "none" else whole.start_id
    run_drawn(office, drawn, Acted(office.house, whole), Oracle(whole), start, data)


@pytest.mark.slow
@examples
@given(web=webs(), data=st.data())
def test_webs_have_the_same_history_saved_or_not(
    office: Office, web: Web, data: st.DataObject
) -> None:
    """Events, jobs, boundary events and inclusive joins, wherever their flows lead."""
    number = next(NUMBERS)
    web = replace(web, process_id=f"web_{number}")
    drawn = web.file(number)
    assume(not found_fault_with(drawn))
    try:
        run_drawn(office, drawn, Acted(office.house, web), WebGame(web), None, data)
    except StalledError:
        assume(False)


@dataclass
class OwnHands:
    """The test itself does everything, as a web process and a worker would."""

    office: Office

    def deploy(self, file: DeployFile) -> None:
        """Deploy a file beside the decision that the diagrams call."""
        deploy(self.office.house, self.office.owner, [file, GRADING])
        self._follow()

    def do(self, command: Command) -> None:
        """Carry out a command, and what the queue is told."""
        name, arguments = command
        COMMANDS[name](self.office.house, *arguments)
        self._follow()

    def fire(self, timer_key: int | None) -> None:
        """Let a timer fire."""
        house = self.office.house
        assert isinstance(house.outside.clock, FakeClock)
        if timer_key is None:
            timers.fire_starts(house)
        else:
            house.outside.clock.advance(seconds=1)
            assert timers.fire(house, timer_key)
        self._follow()

    def _follow(self) -> None:
        queue = self.office.house.outside.queue
        assert isinstance(queue, RecordingQueue)
        while sent := queue.take():
            for job, key in sent:
                REGISTERED[job](self.office.house, key)


def run_drawn(
    office: Office,
    drawn: bytes,
    acted: Acted,
    oracle: Oracle | WebGame,
    start: str | None,
    data: st.DataObject,
) -> None:
    """Run a diagram in the house and beside it in memory, and compare after every step."""
    Play(OwnHands(office), drawn, acted, oracle, start, data, MOST_STEPS).run()
