"""After a storm on a real PostgreSQL the ledger agrees, and every instance can still be brought to its end.

`HUIYIN_RANDOM_STORMS` says how many seconds it rages.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import seed as seeded
from hypothesis import strategies as st

from service.api import listeners
from service.persistence.database import Database
from service.usecases.deployments import DeployFile, deploy
from service.usecases.house import House
from service.usecases.transaction import SYSTEM
from tests.engine.drawn import wholes
from tests.engine.parts import STARTS, Whole
from tests.engine.test_everything_drawn import found_fault_with
from tests.engine.webs import Web, webs
from tests.examples import made_up
from tests.ledger import storm as storms
from tests.ledger.calm import bring_to_an_end
from tests.ledger.evidence import evidence
from tests.ledger.felt import felt_wrongly
from tests.ledger.ledger import disagreements
from tests.ledger.storm import Storm
from tests.ledger.wishes import Drawn
from tests.persistence.postgresql import migrated_database
from tests.usecases import drawing
from tests.usecases.acting import GRADING
from tests.usecases.requesting import REQUESTS

pytestmark = [pytest.mark.services, pytest.mark.slow]

SECONDS = float(os.environ.get("HUIYIN_RANDOM_STORMS", "2"))
ROUND_S = 20.0
"""How long one storm rages at the most; then another one does, over other diagrams."""

ROUNDS = max(1, round(SECONDS / ROUND_S))

WHOLES, WEBS, INSTANCES = 8, 4, 12
STARTED = ["none", "none", *STARTS]
NUMBERS = count(0, 10_000)
"""Each diagram has names of its own."""


@pytest.fixture
def database() -> Iterator[Database]:
    """Put the house of these tests on a PostgreSQL."""
    with migrated_database() as engine:
        yield Database(engine)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_after_a_storm_all_tables_agree(
    house: House, monkeypatch: pytest.MonkeyPatch, _round: int
) -> None:
    """Clients, workers and time at once; then all is worked off; then everything is brought to its end."""
    # Whoever waits here for listeners asks for nothing else meanwhile.
    monkeypatch.setattr(listeners, "LISTENER_WAIT_S", 0.0)
    chance = random.Random()
    drawn = diagrams(chance)
    storm = begun(house, drawn, chance)
    storm.rage(min(SECONDS, ROUND_S), chance)
    require_no_fault(storm, drawn)
    storm.work_off()
    require_no_fault(storm, drawn, at_rest=True)
    bring_to_an_end(storm, chance)
    require_no_fault(storm, drawn, at_rest=True)


def diagrams(chance: random.Random) -> list[Drawn]:
    """Return some diagrams of every element; some are started by events."""
    found: list[Drawn] = []

    @seeded(chance.getrandbits(64))
    @made_up(WHOLES)
    @given(whole=st.sampled_from(STARTED).flatmap(wholes))
    def draw_wholes(whole: Whole) -> None:
        number = next(NUMBERS)
        whole.process_id = f"whole_{number}"
        found.append(Drawn(whole.file(number), whole.process_id))

    @seeded(chance.getrandbits(64))
    @made_up(WEBS)
    @given(web=webs())
    def draw_webs(web: Web) -> None:
        number = next(NUMBERS)
        named = replace(web, process_id=f"web_{number}")
        found.append(Drawn(named.file(number), named.process_id))

    draw_wholes()
    draw_webs()
    return paper_work() + [one for one in found if not found_fault_with(one.file)]


def paper_work() -> list[Drawn]:
    """Return a process with cases, due dates and a round of tasks in what it calls."""
    due = '<zeebe:taskSchedule dueDate="=now() + duration(&quot;PT2H&quot;)" />'
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=[1, 2, 3]" inputElement="item" '
        'outputCollection="items" outputElement="=item" />'
        "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    )
    rounds = drawing.user_task("sign", due).replace("</bpmn:userTask>", loop)
    inquiry = drawing.line("inquiry", rounds)
    late = drawing.boundary("look", drawing.timer("PT3H"), is_interrupting=False)
    complaint = drawing.line(
        "complaint",
        drawing.user_task("look", due),
        drawing.call("ask", "inquiry"),
        drawing.job("tell", "work"),
        beside=late,
        properties={"caseNumber": "complaint", "caseTitle": "=turn", "caseFacts": "turn,came"},
    )
    return [
        Drawn(file.content, name) for name, file in (("inquiry", inquiry), ("complaint", complaint))
    ]


def begun(house: House, drawn: list[Drawn], chance: random.Random) -> Storm:
    """Return a storm whose diagrams are deployed, with the first instances of them."""
    storm = storms.gather(house, drawn, chance)
    storms.hire(storm.house)
    for one in drawn:
        deploy(storm.house, SYSTEM, [DeployFile(f"{one.process_id}.bpmn", one.file), GRADING])
    for _ in range(INSTANCES):
        storm.ask("begin", REQUESTS["create"](chance.choice(drawn).process_id))
    return storm


def require_no_fault(storm: Storm, drawn: list[Drawn], *, at_rest: bool = False) -> None:
    """Nobody has seen what nobody should, and all tables agree; else tell what there is to read."""
    found = storm.faults or [
        *disagreements(storm.house, at_rest=at_rest),
        *felt_wrongly(storm.house, storm.app.test_client()),
    ]
    if found:
        files = [one.file.decode() for one in drawn]
        pytest.fail("\n".join([*files, *evidence(storm.house, found), *found]))
