"""What programs wish for in a storm: messages, signals, variables, new instances."""

import random
import re

from tests.ledger.wishes import Maker, Wishes
from tests.usecases.requesting import REQUESTS, Sent


def set_variable(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Set a variable of any scope; some are waited for by conditions."""
    name = chance.choice([*wishes.conditions, *wishes.fixes, "turn"])
    row = wishes.one("SELECT key FROM element_instances WHERE state = 'ACTIVE'")
    body = {
        "variables": {name: chance.choice((True, False, True, 7))},
        "local": chance.random() < 0.5,
    }
    return row and ("PUT", f"element-instances/{row.key}/variables", body)


def correct_condition(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Let a condition that is waited for come true, or false again."""
    row = wishes.one("SELECT instance_key, condition FROM condition_subscriptions")
    found = re.search(r"go_\w+", row.condition) if row else None
    if row is None or found is None:
        return None
    return REQUESTS["set"](row.instance_key, found[0], chance.random() < 0.7)


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


def correlate(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Correlate a message."""
    row = wishes.one("SELECT message_name AS name FROM message_subscriptions")
    return row and ("POST", "messages/correlation", {"name": row.name, "correlationKey": "1"})


def broadcast(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Broadcast a signal."""
    if not wishes.signals or wishes.crowded():
        return None
    return REQUESTS["broadcast"](chance.choice(wishes.signals))


def evaluate(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Let start conditions come true."""
    if not wishes.conditions or wishes.crowded():
        return None
    return REQUESTS["evaluate"](chance.choice(wishes.conditions))


def create(wishes: Wishes, chance: random.Random) -> Sent | None:
    """Start an instance, some at any element, some only up to one."""
    if wishes.crowded():
        return None
    method, path, body = REQUESTS["create"](chance.choice(wishes.drawn).process_id)
    row = wishes.one(
        "SELECT key AS process_key FROM process_definitions WHERE process_id = :id AND is_latest",
        id=body["processDefinitionId"],
    )
    if row is None or chance.random() < 0.6:
        return method, path, body
    ids = wishes.elements(row)
    ends = {"type": "TERMINATE_PROCESS_INSTANCE", "afterElementId": chance.choice(ids)}
    more = {"startInstructions": [{"elementId": chance.choice(ids)}], "runtimeInstructions": [ends]}
    name = chance.choice(list(more))
    return method, path, {**body, name: more[name]}


MAKERS: dict[Maker, int] = {
    set_variable: 8,
    correct_condition: 6,
    publish: 10,
    correlate: 2,
    broadcast: 4,
    evaluate: 1,
    create: 6,
}
"""What may be wished for, and how often."""
