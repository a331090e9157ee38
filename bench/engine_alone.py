"""(a) The engine alone: complete a user task = load the state, run to the next wait state, save."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from statistics import median
from typing import Any

from bench import diagrams
from bench.figures import Figure, at_most
from service import engine
from service.engine import CompiledProcess, DecisionAnswer, Instance, Step, Surroundings

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = 1
PAYLOAD = {"customer_name": "晨光文具", "amount": 120, "problem_desc": "开胶" * 40, "boxes": 120}
ROUNDS = 300
REPEATS = 40
WARM_UP = 10
LOOP_RATIO_AIM = 1.2


class Run:
    """One instance whose state and variables lie outside of the engine, as rows would hold them."""

    def __init__(self, process: CompiledProcess) -> None:
        """Start it with a payload of a usual size."""
        keys = count(100)
        self._process = process
        self._around = Surroundings(
            now=NOON,
            new_key=lambda: next(keys),
            decide=lambda binding, variables: DecisionAnswer(1, None),
            find_process=lambda binding: None,
            find_form=lambda binding: None,
        )
        self._state = b""
        self._scopes: dict[int, dict[str, Any]] = {}
        self._open: list[int] = []
        self._take(engine.start(process, key=KEY, variables=PAYLOAD, surroundings=self._around))

    @property
    def is_over(self) -> bool:
        """Whether no user task is open."""
        return not self._open

    def complete(self, values: Mapping[str, Any]) -> float:
        """Complete the open user task and return the seconds of load, run and save."""
        began = time.perf_counter()
        step = engine.complete_user_task(
            self._process,
            Instance(KEY, self._state, self._scopes),
            self._open.pop(),
            values,
            self._around,
        )
        lasted = time.perf_counter() - began
        self._take(step)
        return lasted

    def _take(self, step: Step) -> None:
        self._state = step.state
        for written in step.variables:
            self._scopes.setdefault(written.scope_key, {})[written.name] = written.value
        for scope_key in step.scopes_dropped:
            self._scopes.pop(scope_key, None)
        self._open += [task.element_instance_key for task in step.user_tasks]


def measure() -> list[Figure]:
    """Return the microseconds for processes of three sizes and for a loop that grows old."""
    figures = [_line(elements) for elements in (10, 40, 100)]
    return figures + _loop()


def _line(elements: int) -> Figure:
    process = engine.compile_process(diagrams.line_of(elements), "process")
    seconds: list[float] = []
    for _ in range(REPEATS):
        run = Run(process)
        while not run.is_over:
            seconds.append(run.complete({"note": "已处理", "amount": 130}))
    value = _micro(seconds[WARM_UP:])
    return Figure(
        f"engine.line_{elements}", f"complete a user task, {elements} elements", value, "µs"
    )


def _loop() -> list[Figure]:
    process = engine.compile_process(diagrams.loop(), "process")
    first: list[float] = []
    last: list[float] = []
    for _ in range(REPEATS):
        run = Run(process)
        lasted = [run.complete({"again": True, "note": "再来"}) for _ in range(ROUNDS)]
        first += lasted[:3]
        last += lasted[-3:]
    young, old = _micro(first[WARM_UP:]), _micro(last[WARM_UP:])
    return [
        Figure("engine.loop_1", "complete a user task, loop, round 1", young, "µs"),
        Figure("engine.loop_300", f"complete a user task, loop, round {ROUNDS}", old, "µs"),
        at_most(
            "engine.loop_ratio", f"round {ROUNDS} to round 1", old / young, "×", LOOP_RATIO_AIM
        ),
    ]


def _micro(seconds: list[float]) -> float:
    return median(seconds) * 1_000_000
