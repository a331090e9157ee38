"""The real worker dies by SIGKILL after every committed step: nothing is lost, nothing is done twice.

Triggers that only this test has tell it of each commit while the worker still stands right behind it. What
came out is compared, row by row, with a patrol that nobody disturbed. `HUIYIN_SOAK_SECONDS` makes it go
on for so long, with kills at random moments as well.
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
from sqlalchemy import Table, select, update

from service.bootstrap import build, prepare
from service.persistence.tables import cases, instances, tasks
from service.persistence.tables import house as house_tables
from service.usecases.house import House
from service.usecases.outbox import SENT_AGAIN_AFTER
from tests.services import servers
from tests.workers import patrol
from workers.jobs import beat

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.xdist_group("services")]

SOAK_S = float(os.environ.get("HUIYIN_SOAK_SECONDS", "0"))
PATROLS = 3
KILLS = 12
WHOLE_EVERY = 7
"""Each seventh time the whole worker dies, otherwise its child, which does the jobs."""

DONE_WITHIN_S = 60
SOON = {"cool_down": "PT1S", "check_within": "PT1S"}
TELL = """
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('committed', TG_TABLE_NAME); RETURN NULL; END $$;
CREATE TRIGGER tell AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION tell();
CREATE TRIGGER tell AFTER UPDATE ON mails FOR EACH STATEMENT EXECUTE FUNCTION tell();
CREATE TRIGGER tell AFTER UPDATE ON archives FOR EACH STATEMENT EXECUTE FUNCTION tell();
"""
CLAIMS = (
    (house_tables.outbox, house_tables.outbox.c.done_at.is_(None), "sent_at"),
    (tasks.task_clocks, tasks.task_clocks.c.state == "OPEN", "claimed_until"),
    (cases.mails, cases.mails.c.state == "SENDING", "next_attempt_at"),
    (instances.timers, instances.timers.c.state == "OPEN", "retry_at"),
)
"""Claims that end by themselves after a while: table, which rows, the moment they go by."""


@dataclass
class Site:
    """A house on PostgreSQL and Valkey, its worker, and what tells of commits."""

    parts: servers.House
    here: House
    told: psycopg.Connection[Any]
    worker: servers.Part
    kills: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(8))

    def rows(self, table: Table, *conditions: Any) -> list[Any]:
        """Return rows of a table."""
        with self.here.database.reading() as connection:
            return list(connection.execute(select(table).where(*conditions)).all())

    def look(self) -> None:
        """Look through the database as the beat asks for it, after all claims have ended."""
        earlier = self.here.outside.clock.now() - SENT_AGAIN_AFTER - timedelta(seconds=1)
        for table, which, column in CLAIMS:
            with self.here.database.unit(self.here.outside) as unit:
                # A row that the worker has in hand is left to it: the claim of a living one holds.
                mine = select(table.c.key).where(which).with_for_update(skip_locked=True)
                keys = unit.connection.execute(mine).scalars().all()
                ended = update(table).where(table.c.key.in_(keys)).values({column: earlier})
                unit.connection.execute(ended)
                unit.commit()
        beat.poll(self.here, 0)

    def kill(self) -> None:
        """Kill the child that does the jobs, or the whole worker; what comes next takes over."""
        self.kills += 1
        if self.kills % WHOLE_EVERY == 0:
            self.worker.kill()
            self.worker = self.parts.worker()
            return
        for child in psutil.Process(self.worker.process.pid).children():
            with suppress(psutil.NoSuchProcess):
                child.kill()

    def left(self) -> list[str]:
        """Return what waits for the worker."""
        return [
            f"{table.name} {row.key}"
            for table, which, _column in CLAIMS
            for row in self.rows(table, which)
            if getattr(row, "due_at", self.here.outside.clock.now())
            <= self.here.outside.clock.now() + timedelta(seconds=5)
        ] + [f"mail {row.key}" for row in self.rows(cases.mails, cases.mails.c.state != "SENT")]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Give the site with the patrol deployed."""
    with servers.house_on_postgresql() as (parts, _broker):
        prepare(parts.settings)
        here = build(parts.settings).house
        patrol.prepare(here)
        url = parts.environment["HUIYIN_DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as told:
            told.execute(TELL)
            told.execute("LISTEN committed")
            yield Site(parts, here, told, parts.worker())
        parts.stop()
        here.database.engine.dispose()


def test_killed_after_each_commit_the_worker_loses_and_doubles_nothing(site: Site) -> None:
    """Timers, house jobs, mails, archives, signers, overdue marks: all come out as if nothing had been."""
    undisturbed = begin(site, 1)
    settle(site, lambda: None)
    expected = outcome(site, undisturbed[0])

    disturbed = begin(site, PATROLS)
    settle(site, lambda: after_a_commit(site, KILLS))

    assert site.kills >= KILLS / 2, site.kills
    assert [outcome(site, key) for key in disturbed] == [expected] * PATROLS
    require_mails_once(site)


@pytest.mark.skipif(not SOAK_S, reason="set HUIYIN_SOAK_SECONDS to soak")
def test_a_long_soak_with_kills_at_any_moment(site: Site) -> None:
    """New patrols all the time, kills behind commits and at random moments."""
    (undisturbed,) = begin(site, 1)
    settle(site, lambda: None)
    expected = outcome(site, undisturbed)
    until = time.monotonic() + SOAK_S
    disturbed: list[int] = []
    while time.monotonic() < until:
        disturbed += begin(site, PATROLS)
        most = site.kills + KILLS
        settle(site, lambda most=most: after_a_commit_or_any_time(site, most))  # type: ignore[misc]
    assert [outcome(site, key) for key in disturbed] == [expected] * len(disturbed)
    require_mails_once(site)


def begin(site: Site, count: int) -> list[int]:
    """Start patrols and return the keys of their instances."""
    return [patrol.begin(site.here, SOON).key for _ in range(count)]


def after_a_commit(site: Site, most: int) -> None:
    """Kill the worker in the moment it has committed something, `most` times in all."""
    for _commit in site.told.notifies(timeout=0.2, stop_after=1):
        if site.kills < most:
            site.kill()


def after_a_commit_or_any_time(site: Site, most: int) -> None:
    """Kill behind a commit, or after a pause of any length."""
    if site.chance.random() < 0.5:
        after_a_commit(site, most)
        return
    time.sleep(site.chance.random() / 2)
    if site.kills < most:
        site.kill()


def settle(site: Site, disturb: Callable[[], None]) -> None:
    """Look and disturb until nothing is left to do."""
    deadline = time.monotonic() + DONE_WITHIN_S
    time.sleep(1.1)  # Until the timers of a second are due.
    while left := site.left():
        assert time.monotonic() < deadline, f"{left}\n{site.worker.text()[-3000:]}"
        site.look()
        disturb()
        time.sleep(0.1)


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
