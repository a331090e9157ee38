"""A storm: several threads ask for anything at once, of instances of drawn diagrams, over the REST API.

What they ask for is drawn by chance from what stands open in the rows at that moment; often somebody else has
just done it. Workers do what is sent, some of it twice, and some of it is lost; time moves on.
"""

import random
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from queue import Empty, SimpleQueue

from flask import Flask
from sqlalchemy import insert

from service import api
from service.api.loopback import LOOPBACK_USER
from service.domain import jobs
from service.domain.errors import BusyError
from service.domain.outside import Outside
from service.persistence.tables import house as house_tables
from service.usecases.house import House
from tests.fakes import FakeClock
from tests.ledger import operating, sending, working
from tests.ledger.wishes import Drawn, Wishes
from tests.usecases.requesting import REQUESTS, Sent
from workers.jobs import REGISTERED

MAKERS = {**working.MAKERS, **sending.MAKERS, **operating.MAKERS}

CLIENTS, WORKERS = 4, 2
LOST, DOUBLED = 0.05, 0.05
"""How many of the messages to workers get lost or arrive twice."""

PROGRAM = "robot"
ROLES = ["process_owner", "operator", "admin", "staff"]
LOOK_EVERY_S = 0.1
SWEEPS = 0.05
"""How many of the looks are followed by a sweep."""

MOST_ACTIVE = 60
"""Active element instances of one tree; one with more is cancelled."""

MOST_LOOKS = 400
"""Looks after which the workers are taken to go in circles."""

TOO_LATE = HTTPStatus.GATEWAY_TIMEOUT
"""Of a command on a user task whose listeners have not answered in time: it stands."""


class LossyQueue:
    """A queue between threads that loses and doubles messages: the outbox sends again what was lost."""

    def __init__(self, chance: random.Random) -> None:
        """Begin empty."""
        self._sent: SimpleQueue[tuple[str, int]] = SimpleQueue()
        self._chance = chance
        self.is_sound = False

    def send(self, job: str, subject_key: int) -> None:
        """Take a message, lose it, or take it twice."""
        drawn = 1.0 if self.is_sound else self._chance.random()
        for _ in range(0 if drawn < LOST else 2 if drawn < LOST + DOUBLED else 1):
            self._sent.put((job, subject_key))

    def take(self, timeout_s: float = 0.0) -> tuple[str, int] | None:
        """Return the next message; None: there is none."""
        try:
            return self._sent.get(timeout=timeout_s) if timeout_s else self._sent.get_nowait()
        except Empty:
            return None


@dataclass
class Storm:
    """Threads that ask, threads that work, and what went wrong.

    Attributes:
        answers: How often which request was answered with which status.
        faults: What nobody should ever see, as text.
    """

    house: House
    app: Flask
    clock: FakeClock
    queue: LossyQueue
    wishes: Wishes
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    _is_over: threading.Event = field(default_factory=threading.Event)

    def rage(self, seconds: float, chance: random.Random) -> None:
        """Let it rage for so long."""
        work: list[Callable[[random.Random], None]] = [
            *[self._ask_on] * CLIENTS,
            *[self._work_on] * WORKERS,
            self._look_on,
        ]
        threads = [
            threading.Thread(target=self._guard, args=(one, random.Random(chance.random())))
            for one in work
        ]
        for thread in threads:
            thread.start()
        self._is_over.wait(seconds)
        self._is_over.set()
        for thread in threads:
            thread.join()

    def ask(self, name: str, sent: Sent) -> None:
        """Send a request; an answer that something is broken, or that others were in the way, is a fault."""
        method, path, body = sent
        answer = self.app.test_client().open(f"/v2/{path}", method=method, json=body)
        self.answers[name, answer.status_code] += 1
        is_broken = answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
        if (is_broken and answer.status_code != TOO_LATE) or "Retry-After" in answer.headers:
            self.faults.append(f"{method} {path} {body}: {answer.status_code} {answer.text}")

    def work_off(self) -> None:
        """Do all that is sent and all that is due, until nothing is left."""
        self.queue.is_sound = True
        for _ in range(MOST_LOOKS):
            self.prune()
            self.clock.advance(minutes=1)
            self.do(jobs.POLL, 0)
            while message := self.queue.take():
                self.do(*message)
            while self.wishes.due_timers() and not self.faults:
                self.do(jobs.FIRE_TIMERS, 0)
            if not self.wishes.count("SELECT key FROM outbox WHERE done_at IS NULL"):
                return
        left = self.wishes.one(
            "SELECT job, subject_key, attempts, error, available_at FROM outbox WHERE done_at IS NULL"
        )
        self.faults.append(f"the workers never come to an end: {left}")

    def prune(self) -> None:
        """Cancel trees that have grown too large: what begins tokens with time may double with each look."""
        for root in self.wishes.crowds(MOST_ACTIVE):
            self.ask("prune", REQUESTS["cancel"](root))

    def do(self, job: str, key: int) -> None:
        """Do a background job; one that meets others comes again, any other error is a fault."""
        try:
            REGISTERED[job](self.house, key)
        except BusyError:
            self.answers[job, HTTPStatus.CONFLICT] += 1
        except Exception:  # Whatever it is, it is what this is looking for.
            self.faults.append(f"{job} {key}: {traceback.format_exc()}")

    def _guard(self, work: Callable[[random.Random], None], chance: random.Random) -> None:
        try:
            while not self._is_over.is_set():
                work(chance)
        except Exception:  # A thread that dies would only be missed.
            self.faults.append(traceback.format_exc())
            self._is_over.set()

    def _ask_on(self, chance: random.Random) -> None:
        wish = self.wishes.draw(chance)
        if wish is not None:
            self.ask(*wish)

    def _work_on(self, _chance: random.Random) -> None:
        message = self.queue.take(timeout_s=LOOK_EVERY_S)
        if message is not None:
            self.do(*message)

    def _look_on(self, chance: random.Random) -> None:
        self.prune()
        self.clock.advance(seconds=chance.choice((0.02, 1, 31)))
        self.do(jobs.POLL, 0)
        if chance.random() < SWEEPS:
            self.do(jobs.SWEEP, 0)
        time.sleep(LOOK_EVERY_S)


def gather(house: House, drawn: Sequence[Drawn], chance: random.Random) -> Storm:
    """Return a storm over diagrams; the house is as it was, but for its queue."""
    clock = house.outside.clock
    assert isinstance(clock, FakeClock)
    queue = LossyQueue(chance)
    outside: Outside = replace(house.outside, queue=queue)
    stormy = replace(house, outside=outside)
    app = Flask(__name__, static_folder=None)
    app.config.update(SECRET_KEY="for tests", **{LOOPBACK_USER: PROGRAM})
    api.register(app, stormy)
    return Storm(stormy, app, clock, queue, Wishes(stormy, drawn, MAKERS))


def hire(house: House) -> None:
    """Let the program work here that asks for everything; it needs no credentials on this machine."""
    with house.database.unit(house.outside) as unit:
        unit.connection.execute(
            insert(house_tables.people).values(
                username=PROGRAM,
                name=PROGRAM,
                password_hash="",
                roles=ROLES,
                is_active=True,
                is_program=True,
            )
        )
        unit.commit()
