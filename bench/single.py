"""(f) One command at a time on PostgreSQL, in process: old loops, wide multi-instances, large diagrams."""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from statistics import median
from typing import Any

from sqlalchemy import select

from bench import diagrams, world
from bench.figures import Figure, at_most
from service.identity import Person
from service.persistence.tables import tasks
from service.usecases import people, user_tasks
from service.usecases.definitions import Definitions
from service.usecases.deployments import DeployFile, deploy
from service.usecases.house import House
from service.usecases.process_instances import CreateInstance, create
from service.usecases.transaction import SYSTEM
from tests.services import servers

LOOPS = 10
ROUNDS = 200
EARLY, LATE = slice(3, 7), slice(-4, None)
"""Rounds around the 5th and up to the 200th."""

ITEMS = 1000
COMPLETED = 40
ELEMENTS = 100
FIRST_STARTS = 8
STARTS = 40

LOOP_AIM = 1.2
MULTI_INSTANCE_AIM_MS = 5
FIRST_START_AIM_MS = 50
START_AIM_MS = 5


def measure() -> list[Figure]:
    """Return the figures; each is a median of whole commands, commit with fsync included."""
    with ExitStack() as stack:
        parts, _ = stack.enter_context(servers.house_on_postgresql())
        house = world.make(parts.settings)
        for name, content in (
            ("loop", diagrams.loop()),
            ("line", diagrams.line_of(ELEMENTS)),
            ("wide", diagrams.multi_instance(ITEMS)),
        ):
            named = content.replace(b'id="process"', f'id="{name}"'.encode())
            deploy(house, SYSTEM, [DeployFile(f"{name}.bpmn", named)])
        with house.database.reading() as connection:
            clerk = people.person(connection, world.clerks()[0])
        assert clerk is not None
        figures = [*_loop(house, clerk), _wide(house, clerk), *_large(house, clerk)]
        house.database.engine.dispose()
    return figures


def _loop(house: House, clerk: Person) -> list[Figure]:
    early: list[float] = []
    late: list[float] = []
    for _ in range(LOOPS):
        key = _started(house, "loop")
        lasted = [
            _seconds(lambda key=key: _complete(house, clerk, key, {"again": True}))
            for _ in range(ROUNDS)
        ]
        early += lasted[EARLY]
        late += lasted[LATE]
    label = f"a loop: completion, round {ROUNDS}"
    ratio = median(late) / median(early)
    return [
        Figure("single.loop", label, median(late) * 1e3, "ms"),
        at_most("single.loop_ratio", f"round {ROUNDS} to round 5", ratio, "×", LOOP_AIM),
    ]


def _wide(house: House, clerk: Person) -> Figure:
    key = _started(house, "wide")
    lasted = [_seconds(lambda: _complete(house, clerk, key, {})) for _ in range(COMPLETED)]
    label = f"multi-instance of {ITEMS}: completing one"
    return at_most("single.wide", label, median(lasted) * 1e3, "ms", MULTI_INSTANCE_AIM_MS)


def _large(house: House, clerk: Person) -> list[Figure]:
    command = CreateInstance(process_id="line", variables={"amount": 12})

    def first() -> None:
        create(replace(house, definitions=Definitions()), SYSTEM, command)

    firsts = [_seconds(first) for _ in range(FIRST_STARTS)]
    later = [_seconds(lambda: create(house, SYSTEM, command)) for _ in range(STARTS)]
    what = f"{ELEMENTS}-element diagram"
    return [
        at_most(
            "single.first_start",
            f"{what}: first start",
            median(firsts) * 1e3,
            "ms",
            FIRST_START_AIM_MS,
        ),
        at_most("single.start", f"{what}: later start", median(later) * 1e3, "ms", START_AIM_MS),
    ]


def _started(house: House, process_id: str) -> int:
    return create(house, SYSTEM, CreateInstance(process_id=process_id)).key


def _complete(
    house: House, clerk: Person, instance_key: int, variables: Mapping[str, Any]
) -> float:
    """Complete an open task of an instance; return the seconds that finding it took."""
    table = tasks.user_tasks
    began = time.perf_counter()
    query = select(table.c.key).where(
        table.c.instance_key == instance_key, table.c.state == "CREATED"
    )
    with house.database.reading() as connection:
        key = connection.execute(query.limit(1)).scalar_one()
    found = time.perf_counter() - began
    user_tasks.complete(house, clerk, key, variables)
    return found


def _seconds(command: Callable[[], object]) -> float:
    """Return how long a command took, without the seconds it says that it took for itself."""
    began = time.perf_counter()
    own = command()
    lasted = time.perf_counter() - began
    return lasted - own if isinstance(own, float) else lasted
