"""The real worker dies by SIGKILL behind each kind of committed step: nothing is lost or done twice.

Triggers that only this test has let every transaction of the worker wait at a gate. The test opens it for
one, and shuts it when that one has committed; the worker dies before it can commit another. What came out
is compared, row by row, with a patrol that nobody disturbed. `HUIYIN_SOAK_SECONDS` makes it go on for so
long, behind every commit and at random moments. Diagrams of every element: `test_kills_everywhere.py`.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psutil
import psycopg
import pytest
from sqlalchemy import Table, select

from service.bootstrap import build
from service.persistence.tables import cases, instances, tasks
from service.persistence.tables import house as house_tables
from service.running.preparing import prepare
from service.usecases.house import House
from service.usecases.outbox import SENT_AGAIN_AFTER
from tests.ledger.ledger import require_agreement
from tests.services import servers, watchful
from tests.workers import patrol
from workers.jobs import beat

pytestmark = [pytest.mark.services, pytest.mark.slow]

SOAK_S = float(os.environ.get("HUIYIN_SOAK_SECONDS", "0"))
SOAKED = 3
"""Patrols that are begun together in a soak."""

KINDS_OF_STEPS = 4
"""At least: a mail, an archive, signers told, a timer or an overdue mark."""

WHOLE_EVERY = 4
"""Each fourth time the whole worker dies, otherwise its child, which does the jobs."""

DONE_WITHIN_S = 300
LOOK_EVERY_S = 0.5
IDLE_AFTER_S = 2.0
"""A worker that has brought nothing to the gate for so long waits for a look."""
SOON = {"cool_down": "PT1S", "check_within": "PT1S"}
GATE = 4711
GATED = ("events", "mails", "archives")
"""Tables of which every transaction of the worker writes one; the looks of this test write none."""

WAIT_AT_GATE = f"""
CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock_shared({GATE}); RETURN NULL; END $$;
""" + "".join(
    f"CREATE TRIGGER wait_at_gate AFTER INSERT OR UPDATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION wait_at_gate();"
    for table in GATED
)
WHO_WAITS = (
    "SELECT pid, left(query, 150) FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
)
CLAIMS = (
    (house_tables.outbox, house_tables.outbox.c.done_at.is_(None), "sent_at"),
    (tasks.task_clocks, tasks.task_clocks.c.state == "OPEN", "claimed_until"),
    (cases.mails, cases.mails.c.state == "SENDING", "next_attempt_at"),
    (instances.timers, instances.timers.c.state == "OPEN", "retry_at"),
)
"""Claims that end by themselves after a while: table, which rows, the moment they go by."""


@dataclass
class Site:
    """A house on PostgreSQL and Valkey, its worker, and the gate before its commits."""

    parts: servers.House
    here: House
    gate: psycopg.Connection[Any]
    worker: servers.Part
    kills: int = 0
    steps: Counter[str] = field(default_factory=Counter)
    chance: random.Random = field(default_factory=lambda: random.Random(8))

    def rows(self, table: Table, *conditions: Any) -> list[Any]:
        """Return rows of a table."""
        with self.here.database.reading() as connection:
            return list(connection.execute(select(table).where(*conditions)).all())

    def look(self) -> None:
        """Look through the database as the beat asks for it, after all claims have ended."""
        earlier = self.here.outside.clock.now() - SENT_AGAIN_AFTER - timedelta(seconds=1)
        for table, which, column in CLAIMS:
            # What the worker has locked is left to it: the claim of a living one holds.
            key = _key_of(table)
            self.gate.execute(
                f"UPDATE {table.name} SET {column} = %s WHERE {key} IN (SELECT {key} FROM {table.name} "
                f"WHERE {which.compile(compile_kwargs={'literal_binds': True})} "
                "FOR UPDATE SKIP LOCKED)",
                [earlier],
            )
        beat.poll(self.here, 0)

    def kill(self) -> None:
        """Kill the child that does the jobs, or the whole worker; what comes next takes over."""
        self.kills += 1
        waiting = self.waiting()
        if self.kills % WHOLE_EVERY == 0:
            self.worker.kill()
            self.worker = self.parts.worker(app=watchful.__name__)
        else:
            self._kill_child()
        for pid, _step in waiting:
            # What the dead have begun ends with them, not when the gate opens next.
            self.gate.execute("SELECT pg_terminate_backend(%s)", [pid])

    def tend(self) -> None:
        """Start another worker where the last has ended: Celery gives up when a child dies before it is up."""
        if not self.worker.is_running:
            self.worker = self.parts.worker(app=watchful.__name__)

    def _kill_child(self) -> None:
        for child in psutil.Process(self.worker.process.pid).children():
            with suppress(psutil.NoSuchProcess):
                child.kill()

    def waiting(self) -> list[tuple[int, str]]:
        """Return the database's processes that wait at the gate, and what each is about to write."""
        return list(self.gate.execute(WHO_WAITS, [GATE]).fetchall())

    def shut(self) -> None:
        """Shut the gate; returns when those that are through have committed."""
        self.gate.execute("SELECT pg_advisory_lock(%s)", [GATE])

    def open(self) -> None:
        """Open the gate."""
        self.gate.execute("SELECT pg_advisory_unlock(%s)", [GATE])

    def left(self) -> list[str]:
        """Return what waits for the worker."""
        return [
            f"{table.name} {getattr(row, _key_of(table))}"
            for table, which, _column in CLAIMS
            for row in self.rows(table, which)
            if getattr(row, "due_at", self.here.outside.clock.now())
            <= self.here.outside.clock.now() + timedelta(seconds=5)
        ] + [f"mail {row.key}" for row in self.rows(cases.mails, cases.mails.c.state != "SENT")]


def _key_of(table: Table) -> str:
    (column,) = table.primary_key.columns
    return column.name


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Give the site with the patrol deployed."""
    with servers.house_on_postgresql(has_forks=True) as (parts, _broker):
        prepare(parts.settings)
        here = build(parts.settings).house
        patrol.prepare(here)
        url = parts.environment["HUIYIN_DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as gate:
            gate.execute(WAIT_AT_GATE)
            gate.execute("SET session_replication_role = replica")  # No triggers for this one.
            yield Site(parts, here, gate, parts.worker(app=watchful.__name__))
        parts.stop()
        here.database.engine.dispose()


def test_killed_after_each_commit_the_worker_loses_and_doubles_nothing(site: Site) -> None:
    """Timers, house jobs, mails, archives, signers, overdue marks: all come out as if nothing had been."""
    (undisturbed,) = begin(site, 1)
    settle(site, leave_alone)
    expected = outcome(site, undisturbed)

    (disturbed,) = begin(site, 1)
    site.shut()
    settle(site, lambda: let_one_commit(site, behind_known=False))
    site.open()

    assert outcome(site, disturbed) == expected
    assert site.kills >= KINDS_OF_STEPS
    require_mails_once(site)
    require_agreement(site.here)


@pytest.mark.skipif(not SOAK_S, reason="set HUIYIN_SOAK_SECONDS to soak")
def test_a_long_soak_with_kills_at_any_moment(site: Site) -> None:
    """New patrols all the time, kills behind commits and at random moments."""
    (undisturbed,) = begin(site, 1)
    settle(site, leave_alone)
    expected = outcome(site, undisturbed)
    until = time.monotonic() + SOAK_S
    disturbed: list[int] = []
    while time.monotonic() < until:
        disturbed += begin(site, SOAKED)
        settle(site, lambda: after_a_commit_or_any_time(site))
    assert [outcome(site, key) for key in disturbed] == [expected] * len(disturbed)
    require_mails_once(site)
    require_agreement(site.here)


def begin(site: Site, count: int) -> list[int]:
    """Start patrols and return the keys of their instances, once their timers are due."""
    keys = [patrol.begin(site.here, SOON).key for _ in range(count)]
    time.sleep(1.1)
    return keys


def leave_alone() -> bool:
    """Disturb nothing for a while."""
    time.sleep(LOOK_EVERY_S)
    return False


def let_one_commit(site: Site, *, behind_known: bool) -> bool:
    """Let one transaction through the gate, then kill the worker; False when none came.

    Behind a kind of step that it was killed behind already it lives on, unless `behind_known`.
    """
    deadline = time.monotonic() + IDLE_AFTER_S
    while not (waiting := site.waiting()):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    site.open()
    site.shut()
    step = waiting[0][1]
    site.steps[step] += 1
    if behind_known or site.steps[step] == 1:
        site.kill()
    return True


def after_a_commit_or_any_time(site: Site) -> bool:
    """Kill behind a commit, or a while of any length after something was done; False when nothing was.

    Killed without that, a worker that starts slowly would never come to anything.
    """
    if site.chance.random() < 0.5:
        site.shut()
        came = let_one_commit(site, behind_known=True)
        site.open()
        return came
    left, idle_at = site.left(), time.monotonic() + IDLE_AFTER_S
    while site.left() == left:
        if time.monotonic() > idle_at:
            return False
        time.sleep(0.01)
    time.sleep(site.chance.random())
    site.kill()
    return True


def settle(site: Site, disturb: Callable[[], bool]) -> None:
    """Disturb until nothing is left to do; look when there was nothing to disturb."""
    deadline = time.monotonic() + DONE_WITHIN_S
    site.look()
    while left := site.left():
        site.tend()
        told = f"{site.kills} kills; {left}\n{site.worker.text()[-2000:]}"
        assert time.monotonic() < deadline, told
        if not disturb():
            site.look()


def outcome(site: Site, instance_key: int) -> dict[str, Counter[Any]]:
    """Return all that became of a patrol, without keys, numbers and moments."""
    (instance,) = site.rows(
        instances.process_instances, instances.process_instances.c.key == instance_key
    )
    case_key = instance.case_key

    def of(table: Table, *names: str) -> Counter[Any]:
        column = table.c.case_key if "case_key" in table.c else table.c.instance_key
        key = case_key if "case_key" in table.c else instance_key
        rows = site.rows(table, column == key)
        return Counter(tuple(getattr(row, name) for name in names) for row in rows)

    return {
        "events": of(cases.events, "kind", "element_id", "who"),
        "mails": of(cases.mails, "recipient", "message_id", "state"),
        "letters": of(cases.notifications, "username", "message_id"),
        "archives": of(cases.archives, "state"),
        "files": of(cases.attachments, "content_type", "is_bound"),
        "tasks": of(tasks.user_tasks, "element_id", "state", "overdue_level"),
        "timers": of(instances.timers, "element_id", "state"),
        "elements": of(instances.element_instances, "element_id", "state"),
        "flows": of(instances.taken_flows, "flow_id", "times"),
    }


def require_mails_once(site: Site) -> None:
    """Each mail row left the house under one Message-ID of its own; none of them is missing."""
    folder = site.parts.settings.data / "mail"
    written = {
        line.split(":", 1)[1].strip()
        for file in folder.glob("*.eml")
        for line in file.read_text().splitlines()
        if line.lower().startswith("message-id:")
    }
    assert written == {f"<{row.key}@huiyin>" for row in site.rows(cases.mails)}
