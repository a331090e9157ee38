"""docker-compose.yml's topology without Docker: PostgreSQL, Valkey, two webs, two workers, beat.

All are real processes. What is taken away under load: a worker by SIGKILL, everything in the broker.
"""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from sqlalchemy import Table, select, update
from valkey import Valkey

from service.bootstrap import build
from service.persistence.tables import cases, tasks
from service.persistence.tables import house as house_tables
from service.persistence.tables import instances as instance_tables
from service.running.preparing import prepare
from service.setup import set_up
from service.usecases.house import House
from service.usecases.outbox import SENT_AGAIN_AFTER
from tests.services import servers
from tests.services.browser import Visitor, api
from tests.services.feedback import PROBLEM, RECEIVED
from tests.workers import patrol

pytestmark = [pytest.mark.services, pytest.mark.slow]

PASSWORD = orjson.loads((servers.ROOT / "demo" / "organisation.json").read_bytes())["password"]
PATROLS = 12
SOON = {"cool_down": "PT1S", "check_within": "PT1S"}


@dataclass
class Topology:
    """All parts, two addresses, and a house of the test's own on the same database to read and drive."""

    parts: servers.House
    broker: Valkey
    here: House
    webs: tuple[str, str]
    workers: list[servers.Part]

    def rows(self, table: Table, *conditions: Any) -> list[Any]:
        """Return rows of a table."""
        with self.here.database.reading() as connection:
            return list(connection.execute(select(table).where(*conditions)).all())

    def left(self) -> list[str]:
        """Return what is due and not done: outbox rows, timers, clock marks."""
        outbox, timers, clocks = house_tables.outbox, instance_tables.timers, tasks.task_clocks
        now = self.here.outside.clock.now()
        return [
            *(f"{row.job} {row.attempts}" for row in self.rows(outbox, outbox.c.done_at.is_(None))),
            *map(repr, self.rows(timers, timers.c.state == "OPEN", timers.c.due_at <= now)),
            *map(repr, self.rows(clocks, clocks.c.state == "OPEN", clocks.c.due_at <= now)),
        ]

    def require_done(self) -> None:
        """Wait until nothing is left."""
        try:
            servers.until(lambda: not self.left(), "nothing is left", self.workers[-1])
        except AssertionError as error:
            raise AssertionError(f"{error}\nleft: {self.left()}") from error

    def age_claims(self) -> None:
        """Let the time pass after which lost messages, claims and half-sent mails are taken up again."""
        earlier = self.here.outside.clock.now() - SENT_AGAIN_AFTER - timedelta(seconds=1)
        outbox, timers, clocks = house_tables.outbox, instance_tables.timers, tasks.task_clocks
        mails = cases.mails
        for statement in (
            update(outbox).where(outbox.c.done_at.is_(None)).values(sent_at=earlier),
            update(timers).where(timers.c.state == "OPEN").values(retry_at=earlier),
            update(mails).where(mails.c.state == "SENDING").values(next_attempt_at=earlier),
            update(clocks).where(clocks.c.state == "OPEN").values(claimed_until=earlier),
        ):
            # Each alone: together they would hold locks that the workers take in another order.
            with self.here.database.unit(self.here.outside) as unit:
                unit.connection.execute(statement)
                unit.commit()


@pytest.fixture(scope="module")
def topology() -> Iterator[Topology]:
    """Give the whole topology with the shipped files, the demo organisation and the patrol."""
    with servers.house_on_postgresql(has_forks=True, demo="1") as (parts, broker):
        prepare(parts.settings)
        here = build(parts.settings).house
        set_up(parts.settings, here)
        patrol.deploy_process(here)
        workers = [parts.worker(), parts.worker()]
        parts.beat()
        with ThreadPoolExecutor() as both:
            first, second = both.map(lambda _: parts.web(), range(2))
        made = Topology(parts, broker, here, (first, second), workers)
        ready = f"{first}/readyz"
        servers.until(lambda: servers.status(ready) == 200, "/readyz is 200", workers[0])
        yield made
        parts.stop()
        here.database.engine.dispose()


def test_a_case_started_at_one_web_goes_on_at_the_other(topology: Topology) -> None:
    """The customer's complaint is written down at one web, received at the other, mail goes out."""
    first, second = topology.webs
    there = Visitor(second, "lijing", PASSWORD)

    task_key = Visitor(first, "wangfang", PASSWORD).start("customer_feedback", PROBLEM)
    is_listed = task_key in there.tasks()
    answer = there.complete(task_key, RECEIVED)

    assert is_listed
    assert answer.status_code == 200, answer.text
    assert servers.status(f"{second}/readyz") == 200
    topology.require_done()
    mails = topology.rows(cases.mails, cases.mails.c.message_id == "FB-M1")
    assert {mail.state for mail in mails} == {"SENT"}


def test_of_two_people_completing_one_task_one_succeeds(topology: Topology) -> None:
    """At two webs at once: one is thanked, the other hears 409 and who was faster."""
    visitors = [
        Visitor(web, name, PASSWORD)
        for web, name in zip(topology.webs, ("wangfang", "lijing"), strict=True)
    ]
    task_key = visitors[0].start("customer_feedback", {**PROBLEM, "batch_no": "B20261102"})
    together = Barrier(2)

    def complete(visitor: Visitor) -> int:
        together.wait()
        return visitor.complete(task_key, {**RECEIVED, "batch_no": "B20261102"}).status_code

    with ThreadPoolExecutor() as both:
        answers = sorted(both.map(complete, visitors))

    submissions = topology.rows(
        tasks.form_submissions, tasks.form_submissions.c.task_key == task_key
    )
    assert answers == [200, 409]
    assert len(submissions) == 1


def test_nothing_is_lost_when_a_worker_is_killed(topology: Topology) -> None:
    """Patrols are started over the API while a worker dies: each mail, letter, timer and clock comes."""
    with api(topology.webs[0], "admin", PASSWORD) as client:
        started = [start(client) for _ in range(PATROLS // 2)]
        topology.workers[0].kill()
        started += [start(client) for _ in range(PATROLS // 2)]
    topology.workers.append(topology.parts.worker())

    require_all_done(topology, started)


def test_nothing_is_lost_when_the_broker_forgets_everything(topology: Topology) -> None:
    """All messages are gone; the rows know what is due, and the poller sends it again."""
    with api(topology.webs[1], "admin", PASSWORD) as client:
        started = [start(client) for _ in range(PATROLS)]
        topology.broker.flushall()

    require_all_done(topology, started)


def start(client: Any) -> int:
    """Start a patrol and return the key of its instance."""
    body = {"processDefinitionId": "patrol", "variables": SOON}
    answer = client.post("/process-instances", json=body)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["processInstanceKey"])


def require_all_done(topology: Topology, started: list[int]) -> None:
    """Check that all background work of these patrols is done, each piece once."""
    table = instance_tables.timers
    fired = (table.c.instance_key.in_(started), table.c.state == "FIRED")
    topology.age_claims()
    servers.until(lambda: len(topology.rows(table, *fired)) == len(started), "all timers fire")
    topology.age_claims()
    topology.require_done()
    found = topology.rows(
        instance_tables.process_instances,
        instance_tables.process_instances.c.key.in_(started),
    )
    keys = [row.case_key for row in found]
    letters = topology.rows(cases.notifications, cases.notifications.c.case_key.in_(keys))
    told = [(row.case_key, row.username, row.message_id) for row in letters]
    mails = topology.rows(cases.mails, cases.mails.c.case_key.in_(keys))
    assert len(told) == len(set(told))
    assert {row.case_key for row in letters if row.message_id == "XC-CS-1"} == set(keys)
    assert {row.case_key for row in letters if row.message_id == "XC-X-3"} == set(keys)
    assert {mail.state for mail in mails} == {"SENT"}


def test_who_may_not_upload_hears_why_while_he_still_sends(topology: Topology) -> None:
    """The connection of a client that streams its files is not broken off before it has sent them."""
    address = urlsplit(topology.webs[0])
    part = b"x" * 65_536
    parts = 16
    with socket.create_connection((address.hostname, address.port)) as connection:
        head = f"POST /v2/deployments HTTP/1.1\r\nHost: {address.netloc}\r\n"
        connection.sendall(f"{head}Content-Length: {parts * len(part)}\r\n\r\n".encode())
        for _ in range(parts):
            time.sleep(0.02)
            connection.sendall(part)
        assert connection.recv(12) == b"HTTP/1.1 401"


SLOW = 100
"""More clients than a web process lets work and wait."""


def test_who_sends_slowly_holds_nobody_up(topology: Topology) -> None:
    """Their bodies never end; who comes with a short one is served at once."""
    address = urlsplit(topology.webs[0])
    with ExitStack() as stack:
        for _ in range(SLOW):
            connection = socket.create_connection((address.hostname, address.port))
            stack.enter_context(connection)
            head = f"POST /v2/process-instances HTTP/1.1\r\nHost: {address.netloc}\r\n"
            connection.sendall(f"{head}Content-Length: 1000\r\n\r\n{{".encode())
        client = stack.enter_context(api(topology.webs[0], "admin", PASSWORD))
        assert client.get("/topology", timeout=5).status_code == 200
