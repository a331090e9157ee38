"""What operators wish for in a storm: to mend, to hold, to move, one or many."""

import random

from service.usecases.deployments import DeployFile, deploy
from service.usecases.transaction import SYSTEM
from tests.engine.renaming import mapping, renamed
from tests.engine.stage import OTHER_WAYS, WAYS
from tests.ledger.rule import LIVE
from tests.ledger.wishes import Maker, Wishes, some_instance
from tests.usecases.requesting import REQUESTS, Sent


def resolve_incident(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Resolve an incident, mended or not."""
    row = wishes.one("SELECT key FROM incidents WHERE state = 'ACTIVE'")
    return row and REQUESTS["resolve"](row.key)


def mend(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Set a variable that an incident lacks."""
    row = wishes.one("SELECT instance_key, element_id FROM incidents WHERE state = 'ACTIVE'")
    return row and REQUESTS["set"](row.instance_key, f"fixed_{row.element_id}", True)


def cancel(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Cancel a root instance, seldom while there are few."""
    if not wishes.crowded() and chance.random() < 0.6:
        return None
    row = some_instance(wishes, "AND call_depth = 0")
    return row and REQUESTS["cancel"](row.key)


def suspend(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Suspend an instance."""
    row = some_instance(wishes, "AND state = 'ACTIVE'")
    return row and REQUESTS["suspend"](row.key)


def resume(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Resume an instance."""
    row = some_instance(wishes, "AND state = 'SUSPENDED'")
    return row and REQUESTS["resume"](row.key)


def operate_many(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Suspend, resume or resolve all instances of a process."""
    mine = {"processDefinitionId": chance.choice(wishes.drawn).process_id}
    path = chance.choice(("suspension", "resumption", "resumption", "incident-resolution"))
    return REQUESTS["batch"](path, mine)


def update_jobs(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Give all failed jobs retries."""
    changes = {"changeset": {"retries": 1}, "filter": {"state": "FAILED"}}
    return "POST", "jobs/batch-update", changes


def move_many(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Move tokens of all instances of a process."""
    row = wishes.one(
        "SELECT e.element_id, i.process_id, i.process_key FROM element_instances e "
        "JOIN process_instances i ON i.key = e.instance_key "
        "WHERE e.state = 'ACTIVE' AND e.key <> e.instance_key"
    )
    if row is None:
        return None
    to = chance.choice(wishes.elements(row))
    moves = [{"sourceElementId": row.element_id, "targetElementId": to}]
    mine = {"processDefinitionId": row.process_id}
    return "POST", "process-instances/modification", {"filter": mine, "moveInstructions": moves}


def cancel_many(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Cancel all instances of a process, when there are too many."""
    if not wishes.crowded():
        return None
    mine = {"processDefinitionId": chance.choice(wishes.drawn).process_id}
    return REQUESTS["batch"]("cancellation", mine)


def operate_batch(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Suspend, resume or cancel a batch operation."""
    row = wishes.one(
        f"SELECT key, state FROM batch_operations WHERE state IN ('CREATED', {LIVE[1:]}"
    )
    how = chance.choice(("suspension", "resumption", "resumption", "cancellation"))
    return row and ("POST", f"batch-operations/{row.key}/{how}", {})


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


def migrate(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Migrate an instance to the newest version, one or all; now and then that is made at that moment."""
    row = some_instance(wishes)
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


def delete(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Delete an instance that has ended."""
    row = wishes.one(f"SELECT key FROM process_instances WHERE state NOT IN {LIVE}")
    return row and ("POST", f"process-instances/{row.key}/deletion", {})


def listen_everywhere(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Let somebody listen to all user tasks, or no more."""
    if chance.random() < 0.6:
        return "DELETE", "global-task-listeners/everywhere", {}
    events = chance.sample(["creating", "assigning", "updating", "completing", "canceling"], 2)
    told = {"id": "everywhere", "type": "work", "eventTypes": events}
    return "POST", "global-task-listeners", told


def delete_version(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Delete an older version of a process; what runs of it goes on."""
    row = wishes.one("SELECT key FROM process_definitions WHERE NOT is_latest AND state = 'ACTIVE'")
    return row and ("POST", f"resources/{row.key}/deletion", {})


MAKERS: dict[Maker, int] = {
    resolve_incident: 8,
    mend: 8,
    cancel: 1,
    suspend: 3,
    resume: 7,
    operate_many: 3,
    update_jobs: 1,
    move_many: 1,
    cancel_many: 1,
    operate_batch: 2,
    modify: 5,
    migrate: 3,
    delete: 1,
    listen_everywhere: 1,
    delete_version: 1,
}
"""What may be wished for, and how often."""
