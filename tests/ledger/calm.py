"""The calm after a storm: whatever lives is brought to its end, by its own ways or by being cancelled."""

import random
import re
from typing import Any

from sqlalchemy import Row, text

from tests.ledger.rule import LIVE, OPEN_TASK
from tests.ledger.storm import Storm
from tests.usecases.requesting import REQUESTS, Sent

OWN_WAYS, LAST_WORDS = 6, 30
"""How often each thing that is waited for is let happen before all is cancelled, and until that is heard."""


def bring_to_an_end(storm: Storm, chance: random.Random) -> None:
    """Let happen what is waited for, some times, then cancel what is left; nothing lives afterwards."""
    _mend(storm)
    for _ in range(OWN_WAYS):
        _let_all_happen(storm, chance, are_listeners=False)
    for _ in range(LAST_WORDS):
        if not _living(storm):
            return
        # One that has ended may free the correlation key that a kept message has waited for.
        for root in _living(storm, "AND call_depth = 0"):
            storm.ask("cancel at last", REQUESTS["cancel"](root.key))
        _let_all_happen(storm, chance, are_listeners=True)
    storm.faults.append(f"cannot be brought to their end: {_living(storm)}")


def _mend(storm: Storm) -> None:
    for row in _rows(storm, "SELECT key FROM process_instances WHERE state = 'SUSPENDED'"):
        storm.ask("resume at last", REQUESTS["resume"](row.key))
    for row in _rows(storm, "SELECT key FROM batch_operations WHERE state = 'SUSPENDED'"):
        storm.ask("go on at last", ("POST", f"batch-operations/{row.key}/resumption", {}))
    storm.work_off()


def _let_all_happen(storm: Storm, chance: random.Random, *, are_listeners: bool) -> None:
    """Let happen once what is waited for at this moment; `are_listeners`: only what must hear an end."""
    for row in _rows(storm, "SELECT * FROM incidents WHERE state = 'ACTIVE'"):
        fixed = {"variables": {f"fixed_{row.element_id}": True}, "local": True}
        path = f"element-instances/{row.instance_key}/variables"
        storm.ask("mend at last", ("PUT", path, fixed))
        if row.job_key is not None:
            storm.ask("retry at last", REQUESTS["give retries"](row.job_key))
        storm.ask("resolve at last", REQUESTS["resolve"](row.key))
    kinds = "AND kind LIKE '%LISTENER'" if are_listeners else ""
    for row in _rows(storm, f"SELECT * FROM jobs WHERE ended_at IS NULL {kinds}"):
        storm.ask("complete job at last", _job_done(row))
    if not are_listeners:
        for row in _rows(storm, f"SELECT key FROM user_tasks WHERE state IN {OPEN_TASK}"):
            storm.ask("complete task at last", REQUESTS["complete task"](row.key))
        for row in _rows(storm, "SELECT DISTINCT message_name AS name FROM message_subscriptions"):
            storm.ask("publish at last", REQUESTS["publish"](row.name))
        for row in _rows(storm, "SELECT DISTINCT signal_name AS name FROM signal_subscriptions"):
            storm.ask("broadcast at last", REQUESTS["broadcast"](row.name))
        for row in _rows(storm, "SELECT instance_key, condition FROM condition_subscriptions"):
            if found := re.search(r"go_\w+", row.condition):
                value = chance.random() < 0.5
                storm.ask("set at last", REQUESTS["set"](row.instance_key, found[0], value))
    storm.work_off()


def _job_done(row: Row[Any]) -> Sent:
    """Return what completes a job; what leads an ad-hoc sub-process says that it is over."""
    body: dict[str, Any] = {"jobLeaseToken": row.lease_token} if row.lease_token else {}
    if row.kind == "AD_HOC_SUB_PROCESS":
        body["result"] = REQUESTS["lead"](row.key, "")[2]["result"]
    return "POST", f"jobs/{row.key}/completion", body


def _living(storm: Storm, more: str = "") -> list[Row[Any]]:
    query = f"SELECT key, process_id, state FROM process_instances WHERE state IN {LIVE} {more}"
    return _rows(storm, query)


def _rows(storm: Storm, query: str) -> list[Row[Any]]:
    with storm.house.database.reading() as connection:
        return list(connection.execute(text(query)))
