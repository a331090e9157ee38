"""Random diagrams of every element survive a SIGKILL right behind each commit of whoever commits.

Web process and worker die with every commit they make, on PostgreSQL and Valkey; another one goes on. All that
people and clients do goes by the REST API: who has asked gets no answer, asks again and is refused. What
comes out is, element by element and in the same order, what the engine alone does in memory, where nothing
is stored and nobody dies; and what is open is what the oracle of the drawing has open.
`HUIYIN_RANDOM_DIAGRAMS` says how many.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import psycopg
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from valkey import Valkey

from service.bootstrap import build
from service.domain import jobs
from service.persistence.tables import house as house_tables
from service.running.preparing import prepare
from service.usecases.deployments import DeployFile, deploy
from service.usecases.house import House
from service.usecases.transaction import SYSTEM
from tests.engine.drawn import Oracle, wholes
from tests.engine.moves import BEGINS
from tests.engine.parts import STARTS, Whole
from tests.engine.test_everything_drawn import found_fault_with
from tests.engine.webs import StalledError, Web, WebGame, webs
from tests.examples import made_up
from tests.ledger.ledger import require_agreement
from tests.services import mortal, servers
from tests.usecases.acting import GRADING, Acted, Command
from tests.usecases.playing import Play

pytestmark = [pytest.mark.services, pytest.mark.slow]

DIAGRAMS = int(os.environ.get("HUIYIN_RANDOM_DIAGRAMS", "2"))
MOST_STEPS = 12
DONE_WITHIN_S = 180

DIED = b"exited with 'signal 9 (SIGKILL)'"
"""What Celery writes of a child that was killed."""

KILLED = -9
NUMBERS = count(0, 10_000)
"""Each diagram has names of its own."""

REFUSED_AGAIN = (
    "complete task",
    "complete job",
    "lead",
    "throw",
    "resolve",
    "suspend",
    "resume",
    "unassign",
    "update",
    "send ahead",
    "move",
)
"""Commands that can be carried out but once."""


def is_refused_again(command: Command) -> bool:
    """Tell whether a command can be carried out but once; a second token is begun as often as one likes."""
    name, arguments = command
    return name in REFUSED_AGAIN and not (name == "move" and arguments[-1] in BEGINS)


OWNER = replace(SYSTEM, roles=frozenset({"process_owner"}))

HOLD_TIMERS = """
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW.retry_at = '9000-01-01Z'; RETURN NEW; END $$;
CREATE TRIGGER hold BEFORE INSERT ON timers FOR EACH ROW EXECUTE FUNCTION hold();
"""
"""All timers are due at once; each waits for its turn in the test."""


@dataclass
class Site:
    """A house whose web process and worker die behind each commit.

    Attributes:
        heard: How many bytes of the worker's log are known.
    """

    parts: servers.House
    here: House
    database: psycopg.Connection[Any]
    web: subprocess.Popen[str]
    worker: servers.Part
    broker: Valkey
    kills: int = 0
    polls: "count[int]" = field(default_factory=count)
    heard: int = 0

    def ask(self, command: Command, number: int = 1) -> int:
        """Let a child of the web process carry out a command; return how it ended."""
        assert self.web.stdin is not None
        assert self.web.stdout is not None
        self.web.stdin.write(json.dumps([*command, number]) + "\n")
        self.web.stdin.flush()
        return int(self.web.stdout.readline())

    def do(self, command: Command) -> None:
        """Carry out a command: who does it dies behind the commit; asked again, it is refused.

        What may be asked for any number of times (messages, signals, starts) is asked once.
        """
        assert self.ask(command) == KILLED, command
        self.kills += 1
        if is_refused_again(command):
            assert self.ask(command, 0) == mortal.REFUSED, command
        self.settle()

    def look(self) -> None:
        """Look through the database after all claims have ended; who looks may die behind any commit."""
        table = house_tables.outbox.name
        self.database.execute(f"UPDATE {table} SET sent_at = NULL WHERE done_at IS NULL")
        self.kills += self.ask(("poll", []), next(self.polls) % 3 + 1) == KILLED
        self.database.execute(f"UPDATE {table} SET sent_at = NULL WHERE done_at IS NULL")
        assert self.ask(("poll", []), 0) == mortal.ENDED

    def due(self) -> list[Any]:
        """Return what waits for the worker: outbox rows, timers that are let go."""
        return self.database.execute(
            "SELECT key FROM outbox WHERE done_at IS NULL UNION ALL "
            "SELECT key FROM timers WHERE state = 'OPEN' AND retry_at IS NULL"
        ).fetchall()

    def settle(self) -> None:
        """Wait until the worker, or whoever came after it, has done all.

        The worker is told once more when a child of it has died, and when it waits though something is due.
        """
        deadline = time.monotonic() + DONE_WITHIN_S
        while left := self.due():
            assert time.monotonic() < deadline, f"{left}\n{self.worker.text()[-2000:]}"
            has_died = self.has_died()
            # What was sent twice kills once more: nothing is sent before all that is taken.
            if not self.broker.llen("huiyin") and (has_died or self.is_idle()):
                self.look()
            time.sleep(0.01)

    def is_idle(self) -> bool:
        """Tell whether the worker waits for a message: it asks for one only while it holds none."""
        clients: Any = self.broker.info("clients")
        return clients["blocked_clients"] > 0 and not self.broker.llen("huiyin")

    def has_died(self) -> bool:
        """Tell whether a child of the worker has died since this was last asked."""
        with self.worker.log.open("rb") as log:
            log.seek(self.heard)
            told = log.read()
        self.heard += len(told)
        return DIED in told

    def fire(self, timer_key: int | None) -> None:
        """Let a timer fire; None: those that start processes."""
        which = "instance_key IS NULL" if timer_key is None else f"key = {timer_key}"
        self.database.execute(f"UPDATE timers SET retry_at = NULL WHERE state = 'OPEN' AND {which}")
        self.settle()

    def deploy(self, file: DeployFile) -> None:
        """Deploy a file; nobody dies."""
        deploy(self.here, OWNER, [file])


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Give the site, with the decision deployed that the diagrams call."""
    with servers.house_on_postgresql(has_forks=True) as (parts, broker):
        prepare(parts.settings)
        here = build(parts.settings).house
        web = subprocess.Popen(
            (sys.executable, "-m", mortal.__name__),
            cwd=servers.ROOT,
            env=servers.clean_environment() | parts.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(parts.folder / "web.log").open("w"),
            text=True,
        )
        worker = parts.worker(app=mortal.__name__)
        deploy(here, OWNER, [GRADING])
        url = parts.environment["HUIYIN_DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as database:
            database.execute(HOLD_TIMERS)
            assert web.stdout is not None
            assert web.stdout.readline() == "ready\n", (parts.folder / "web.log").read_text()
            yield Site(parts, here, database, web, worker, broker)
        web.kill()
        web.wait()
        worker.kill()
        here.database.engine.dispose()


examples = made_up(DIAGRAMS)


@examples
@given(whole=st.sampled_from(STARTS).flatmap(wholes), data=st.data())
def test_blocks_lose_and_double_nothing_when_everybody_dies_behind_each_commit(
    site: Site, whole: Whole, data: st.DataObject
) -> None:
    """Any element, any start, anything that may happen to them."""
    number = next(NUMBERS)
    whole.process_id = f"whole_{number}"
    file = whole.file(number)
    start = None if whole.start == "none" else whole.start_id
    run(site, file, Acted(site.here, whole), Oracle(whole), start, data)


@examples
@given(web=webs(), data=st.data())
def test_webs_lose_and_double_nothing_when_everybody_dies_behind_each_commit(
    site: Site, web: Web, data: st.DataObject
) -> None:
    """Any nodes, any flows."""
    number = next(NUMBERS)
    web = replace(web, process_id=f"web_{number}")
    file = web.file(number)
    assume(not found_fault_with(file))
    try:
        run(site, file, Acted(site.here, web), WebGame(web), None, data)
    except StalledError:
        assume(False)


def run(
    site: Site,
    file: bytes,
    acted: Acted,
    oracle: Oracle | WebGame,
    start: str | None,
    data: st.DataObject,
) -> None:
    """Run a diagram while everybody dies, and beside it in memory; at the end all is delivered once more.

    Then all tables agree with each other and with the saved states.
    """
    Play(site, file, acted, oracle, start, data, MOST_STEPS).run()
    require_no_effect_twice(site, acted)
    require_agreement(site.here)


def require_no_effect_twice(site: Site, acted: Acted) -> None:
    """Give the worker once more all that it was ever given: nobody finds anything to do."""
    rows = acted.rows(house_tables.outbox)
    before = site.database.execute("SELECT max(key), count(*) FROM events").fetchone()
    for row in rows:
        site.here.outside.queue.send(row.job, row.subject_key)
    site.here.outside.queue.send(jobs.FIRE_TIMERS, 0)
    servers.until(site.is_idle, "all is done", site.worker)
    assert site.database.execute("SELECT max(key), count(*) FROM events").fetchone() == before
    site.database.execute("DELETE FROM outbox")
