"""The road to what somebody may take: open tasks by candidate, in the order of their deadlines."""

from collections.abc import Mapping
from typing import Any

from service.identity import Person
from service.persistence.tables import instances, tasks
from service.reports.search.conditions import Condition
from service.reports.search.kinds import TEXT
from service.reports.search.roads import Road, plain

_task, _instance = tasks.user_tasks, instances.process_instances
_candidate = tasks.user_task_candidates

WITH_INSTANCE = _task.outerjoin(_instance, _instance.c.key == _task.c.instance_key)

_FREE = {"$exists": False}
"""What a filter asks of the assignee when it wants tasks that nobody has."""


def road(given: Mapping[str, Any]) -> Road | None:
    """Return the road by candidates to tasks of one candidate that are CREATED; None to all others.

    Candidates stand in their table while a task is CREATED, so both fields are answered by it.

    Raises:
        BadInputError: The candidate is no text.
    """
    if plain(given.get("state")) != "CREATED":
        return None
    for field, kind in (("candidateGroup", "group"), ("candidateUser", "user")):
        name = plain(given.get(field))
        if name is not None:
            named = (
                _candidate.c.kind == kind,
                _candidate.c.name == TEXT.value(name, f"filter.{field}"),
            )
            return _road({"state", field}, named, given)
    return None


def implies_sight(person: Person, given: Mapping[str, Any]) -> bool:
    """Tell whether a filter finds only tasks of this person: his own, or with him or his groups named."""
    if person.username in (plain(given.get("assignee")), plain(given.get("candidateUser"))):
        return True
    group = given.get("candidateGroup")
    groups = group["$in"] if isinstance(group, dict) and group.keys() == {"$in"} else [plain(group)]
    return isinstance(groups, list) and all(
        isinstance(name, str) and name in person.groups for name in groups
    )


def _road(answers: set[str], named: tuple[Condition, ...], given: Mapping[str, Any]) -> Road:
    conditions = list(named)
    if given.get("assignee") == _FREE:
        answers.add("assignee")
        conditions.append(_candidate.c.is_free)
    process_id = plain(given.get("processDefinitionId"))
    if isinstance(process_id, str):
        answers.add("processDefinitionId")
        conditions.append(_candidate.c.process_id == process_id)
    joined = _candidate.join(_task, _task.c.key == _candidate.c.task_key)
    return Road(
        answers=frozenset(answers),
        conditions=tuple(conditions),
        source=joined.outerjoin(_instance, _instance.c.key == _task.c.instance_key),
        counted=_candidate,
        key=_candidate.c.task_key,
        sorts={"dueDate": _candidate.c.due_at, "creationDate": _candidate.c.created_at},
    )
