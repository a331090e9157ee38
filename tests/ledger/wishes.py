"""What somebody may ask for in a storm: drawn by chance from what stands open in the rows."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import Row, text

from service.usecases.deployments import DeployFile, deploy
from service.usecases.house import House
from service.usecases.transaction import SYSTEM
from tests.engine.renaming import mapping, renamed
from tests.engine.stage import OTHER_WAYS, WAYS
from tests.ledger.rule import LIVE, OPEN_TASK
from tests.usecases.requesting import REQUESTS, Sent

Wish = tuple[str, Sent]
"""What it is, and the request."""

MOST_ROOTS = 40
"""Living instances, beyond which no more are started on purpose, and some are cancelled."""

TRIES = 5


@dataclass(frozen=True)
class Drawn:
    """A diagram of the storm: its file, the process that is started, and names that stand in it."""

    file: bytes
    process_id: str

    def named(self, pattern: str) -> list[str]:
        """Return what a pattern finds in it."""
        return sorted(set(re.findall(pattern, self.file.decode())))


class Wishes:
    """Draws requests.

    Attributes:
        instances: Of which processes, as SQL.
    """

    def __init__(self, house: House, drawn: Sequence[Drawn]) -> None:
        """Know the diagrams."""
        self.house = house
        self.drawn = drawn
        self.messages = _all(drawn, r'<bpmn:message [^>]*name="(\w+)"')
        self.signals = _all(drawn, r'<bpmn:signal [^>]*name="(\w+)"')
        self.conditions = _all(drawn, r"\b(go_\w+)\b")
        self.fixes = _all(drawn, r"\b(fixed_\w+)\b")
        self.codes = [*_all(drawn, r'errorCode="(\w+)"'), "unknown"]
        self.types = _all(drawn, r'<zeebe:taskDefinition [^>]*type="(\w+)"')
        self.numbers = count()

    def draw(self, chance: random.Random) -> Wish | None:
        """Return something to ask for; None: nothing of what came to mind is possible now."""
        names = list(WISHES)
        for _ in range(TRIES):
            (name,) = chance.choices(names, [WISHES[name][0] for name in names])
            sent = WISHES[name][1](self, chance)
            if sent is not None:
                return name, sent
        return None

    def one(self, query: str, **values: Any) -> Row[Any] | None:
        """Return a row by chance."""
        with self.house.database.reading() as connection:
            return connection.execute(text(f"{query} ORDER BY random() LIMIT 1"), values).first()

    def count(self, query: str) -> int:
        """Return how many rows a query finds."""
        with self.house.database.reading() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM ({query}) q")).scalar_one())

    def due_timers(self) -> int:
        """Return how many timers are due."""
        with self.house.database.reading() as connection:
            query = text("SELECT count(*) FROM timers WHERE state = 'OPEN' AND due_at <= :now")
            return int(
                connection.execute(query, {"now": self.house.outside.clock.now()}).scalar_one()
            )

    def crowded(self) -> bool:
        """Whether enough instances live."""
        roots = f"SELECT key FROM process_instances WHERE state IN {LIVE} AND call_depth = 0"
        return self.count(roots) >= MOST_ROOTS

    def elements(self, instance: Row[Any]) -> list[str]:
        """Return the ids of all elements in the process of an instance."""
        with self.house.database.reading() as connection:
            process = self.house.definitions.process(connection, instance.process_key)
        return sorted(process.compiled.model.elements)


def _all(drawn: Sequence[Drawn], pattern: str) -> list[str]:
    return sorted({name for one in drawn for name in one.named(pattern)})


Maker = Callable[[Wishes, random.Random], Sent | None]
WISHES: dict[str, tuple[int, Maker]] = {}
"""How often each is wished for, and what makes the request."""


def wish(often: int) -> Callable[[Maker], Maker]:
    """Enter what makes a request."""

    def enter(maker: Maker) -> Maker:
        WISHES[maker.__name__] = often, maker
        return maker

    return enter


def _some_job(wishes: Wishes, more: str = "") -> Row[Any] | None:
    return wishes.one(
        f"SELECT * FROM jobs WHERE ended_at IS NULL AND type NOT LIKE 'huiyin:%' {more}"
    )


def _some_instance(wishes: Wishes, more: str = "") -> Row[Any] | None:
    return wishes.one(f"SELECT * FROM process_instances WHERE state IN {LIVE} {more}")


@wish(10)
def complete_task(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Complete a user task."""
    row = wishes.one(f"SELECT key FROM user_tasks WHERE state IN {OPEN_TASK}")
    return row and REQUESTS["complete task"](row.key)


@wish(5)
def change_task(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Assign a user task, put it back, or change it."""
    row = wishes.one(f"SELECT key FROM user_tasks WHERE state IN {OPEN_TASK}")
    if row is None:
        return None
    assignment = ("POST", f"user-tasks/{row.key}/assignment", {"assignee": "robot"})
    due = {"changeset": {"dueDate": "2026-12-01T10:00:00Z", "candidateGroups": ["quality"]}}
    others = [REQUESTS[name](row.key) for name in ("unassign", "update")]
    return chance.choice([assignment, *others, ("PATCH", f"user-tasks/{row.key}", due)])


@wish(14)
def complete_job(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Complete a job, of whatever kind."""
    row = _some_job(wishes)
    if row is None:
        return None
    body: dict[str, Any] = {}
    if row.lease_token and chance.random() < 0.9:
        body["jobLeaseToken"] = row.lease_token
    if row.kind == "AD_HOC_SUB_PROCESS":
        instance = wishes.one(
            "SELECT * FROM process_instances WHERE key = :key", key=row.instance_key
        )
        assert instance is not None
        ids = wishes.elements(instance)
        return REQUESTS["lead"](row.key, chance.choice(["", *ids]))
    if row.kind == "TASK_LISTENER" and chance.random() < 0.4:
        denied = chance.random() < 0.5
        result = {"denied": True} if denied else {"corrections": {"priority": 3}}
        body["result"] = {"type": "userTask", **result}
    if row.kind == "BPMN_ELEMENT" and chance.random() < 0.2:
        body["variables"] = {"came": chance.choice([1, "two", [3], None])}
    return "POST", f"jobs/{row.key}/completion", body


@wish(4)
def fail_job(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Fail a job, for good or not, with a pause or without."""
    row = _some_job(wishes)
    body = {"retries": chance.choice((0, 0, 1)), "retryBackOff": chance.choice((0, 5000))}
    if row and row.lease_token:
        body["jobLeaseToken"] = row.lease_token
    return row and ("POST", f"jobs/{row.key}/failure", body)


@wish(4)
def throw_error(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Throw an error from a job, one that is caught somewhere or none."""
    row = _some_job(wishes, "AND kind NOT LIKE '%LISTENER'")
    return row and REQUESTS["throw"](row.key, chance.choice(wishes.codes))


@wish(4)
def update_job(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Give a job retries, another priority or more time."""
    row = _some_job(wishes)
    change = chance.choice(({"retries": 2}, {"priority": 9}, {"timeout": 9000}, {"retries": 1}))
    return row and ("PATCH", f"jobs/{row.key}", {"changeset": change})


@wish(4)
def activate_jobs(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Take some jobs of a type, with a lease or without."""
    row = _some_job(wishes)
    body = {"worker": "robot", "timeout": 2000, "maxJobsToActivate": 3, "requestTimeout": -1}
    body["withLease"] = chance.random() < 0.2
    return row and ("POST", "jobs/activation", {"type": row.type, **body})


@wish(8)
def resolve_incident(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Resolve an incident, mended or not."""
    row = wishes.one("SELECT key FROM incidents WHERE state = 'ACTIVE'")
    return row and REQUESTS["resolve"](row.key)


@wish(8)
def mend(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Set a variable that an incident lacks."""
    row = wishes.one("SELECT instance_key, element_id FROM incidents WHERE state = 'ACTIVE'")
    return row and REQUESTS["set"](row.instance_key, f"fixed_{row.element_id}", True)


@wish(8)
def set_variable(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Set a variable of any scope; some are waited for by conditions."""
    name = chance.choice([*wishes.conditions, *wishes.fixes, "turn"])
    row = wishes.one("SELECT key FROM element_instances WHERE state = 'ACTIVE'")
    body = {
        "variables": {name: chance.choice((True, False, True, 7))},
        "local": chance.random() < 0.5,
    }
    return row and ("PUT", f"element-instances/{row.key}/variables", body)


@wish(6)
def correct_condition(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Let a condition that is waited for come true, or false again."""
    row = wishes.one("SELECT instance_key, condition FROM condition_subscriptions")
    found = re.search(r"go_\w+", row.condition) if row else None
    if row is None or found is None:
        return None
    return REQUESTS["set"](row.instance_key, found[0], chance.random() < 0.7)


@wish(1)
def cancel(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Cancel a root instance, seldom while there are few."""
    if not wishes.crowded() and chance.random() < 0.6:
        return None
    row = _some_instance(wishes, "AND call_depth = 0")
    return row and REQUESTS["cancel"](row.key)


@wish(3)
def suspend(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Suspend an instance."""
    row = _some_instance(wishes, "AND state = 'ACTIVE'")
    return row and REQUESTS["suspend"](row.key)


@wish(7)
def resume(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Resume an instance."""
    row = _some_instance(wishes, "AND state = 'SUSPENDED'")
    return row and REQUESTS["resume"](row.key)


@wish(3)
def operate_many(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Suspend, resume or resolve all instances of a process."""
    mine = {"processDefinitionId": chance.choice(wishes.drawn).process_id}
    path = chance.choice(("suspension", "resumption", "resumption", "incident-resolution"))
    return REQUESTS["batch"](path, mine)


@wish(1)
def update_jobs(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Give all failed jobs retries."""
    changes = {"changeset": {"retries": 1}, "filter": {"state": "FAILED"}}
    return "POST", "jobs/batch-update", changes


@wish(1)
def cancel_many(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Cancel all instances of a process, when there are too many."""
    if not wishes.crowded():
        return None
    mine = {"processDefinitionId": chance.choice(wishes.drawn).process_id}
    return REQUESTS["batch"]("cancellation", mine)


@wish(2)
def operate_batch(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Suspend, resume or cancel a batch operation."""
    row = wishes.one(
        f"SELECT key, state FROM batch_operations WHERE state IN ('CREATED', {LIVE[1:]}"
    )
    how = chance.choice(("suspension", "resumption", "resumption", "cancellation"))
    return row and ("POST", f"batch-operations/{row.key}/{how}", {})


@wish(5)
def modify(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Move a token anywhere, begin anywhere, end anything."""
    row = wishes.one(
        "SELECT e.*, i.process_key FROM element_instances e "
        "JOIN process_instances i ON i.key = e.instance_key "
        "WHERE e.state = 'ACTIVE' AND e.key <> e.instance_key"
    )
    if row is None:
        return None
    target = chance.choice(wishes.elements(row))
    way = chance.choice([*WAYS, *OTHER_WAYS])
    return REQUESTS["move"](row.instance_key, row.key, row.scope_key, target, way)


@wish(3)
def migrate(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Migrate an instance to the newest version, one or all; now and then that is made at that moment."""
    row = _some_instance(wishes)
    if row is None:
        return None
    if chance.random() < 0.3:
        _renew(wishes, chance)
    newest = wishes.one(
        "SELECT key FROM process_definitions WHERE process_id = :id AND is_latest",
        id=row.process_id,
    )
    assert newest is not None
    with wishes.house.database.reading() as connection:
        source, target = (
            wishes.house.definitions.process(connection, key).compiled
            for key in (row.process_key, newest.key)
        )
    pairs = [list(pair) for pair in mapping(source, target)]
    name = chance.choice(("migrate", "migrate many"))
    return REQUESTS[name](row.key, newest.key, pairs)


def _renew(wishes: Wishes, chance: random.Random) -> None:
    """Deploy a version of a diagram in which all have other ids, or the same."""
    one = chance.choice(wishes.drawn)
    file = renamed(one.file) if chance.random() < 0.5 else one.file
    text_ = f"<!-- {next(wishes.numbers)} -->".encode()
    deploy(wishes.house, SYSTEM, [DeployFile(f"{one.process_id}.bpmn", file + text_)])


@wish(10)
def publish(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Publish a message that somebody waits for, or any; it is kept for a while or not."""
    row = wishes.one("SELECT message_name AS name FROM message_subscriptions")
    names = [row.name] * 3 if row else []
    if not wishes.crowded():
        names += wishes.messages
    if not names:
        return None
    name = chance.choice(names)
    if chance.random() < 0.3:
        return REQUESTS["send ahead"](name, str(next(wishes.numbers)))
    return REQUESTS["publish"](name)


@wish(2)
def correlate(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Correlate a message."""
    row = wishes.one("SELECT message_name AS name FROM message_subscriptions")
    return row and ("POST", "messages/correlation", {"name": row.name, "correlationKey": "1"})


@wish(4)
def broadcast(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Broadcast a signal."""
    if not wishes.signals or wishes.crowded():
        return None
    return REQUESTS["broadcast"](chance.choice(wishes.signals))


@wish(1)
def evaluate(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Let start conditions come true."""
    if not wishes.conditions or wishes.crowded():
        return None
    return REQUESTS["evaluate"](chance.choice(wishes.conditions))


@wish(6)
def create(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Start an instance."""
    return None if wishes.crowded() else REQUESTS["create"](chance.choice(wishes.drawn).process_id)


@wish(3)
def activate_by_hand(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Start something in an ad-hoc sub-process."""
    row = wishes.one(
        "SELECT e.key, i.process_key FROM element_instances e "
        "JOIN process_instances i ON i.key = e.instance_key "
        "WHERE e.state = 'ACTIVE' AND e.type = 'AD_HOC_SUB_PROCESS'"
    )
    return row and REQUESTS["activate"](row.key, chance.choice(wishes.elements(row)))


@wish(1)
def delete(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Delete an instance that has ended."""
    row = wishes.one(f"SELECT key FROM process_instances WHERE state NOT IN {LIVE}")
    return row and ("POST", f"process-instances/{row.key}/deletion", {})
