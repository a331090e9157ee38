"""What a person may see, read from his side: for whom it is little, a search goes by its keys.

Rights are conditions on a row (`rights`). Of whoever sees few of a million rows each would be asked in vain, in
whatever order. What he sees begins with little that stands in indexes by his name and those of his groups: his
tasks, what he may take, the cases he opened. That is counted first, each no farther than `FEW`. Where it is no
more, the rows are found by these ways instead of asked one by one; they are the same rows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from re import compile as compile_pattern
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)

from service.identity import Person
from service.identity.grants import ALL
from service.persistence.tables import cases, house, instances, tasks
from service.reports.search.conditions import Condition
from service.reports.search.json_columns import finds_any, finds_any_of, names_any
from service.reports.search.kinds import LARGEST_KEY
from service.reports.search.sql import among
from service.reports.taking_part import CREATED, ways_to_be_named, ways_to_have_had

FEW = 1_000
"""Rows that lead to what somebody sees; for more of them the rows themselves are asked."""

_KEY = compile_pattern(r"0|[1-9][0-9]{0,18}")

_case, _reader, _group = cases.cases.alias(), cases.case_readers.alias(), house.groups.alias()
_task, _of_case = tasks.user_tasks.alias(), tasks.user_tasks.alias()
_candidate = tasks.user_task_candidates.alias()
_instance, _whole = instances.process_instances.alias(), instances.process_instances.alias()
"""Other names of the tables, for queries inside of queries over them; made once, since that takes long."""

Way = Select[Any]
"""A select of one column of keys, every one of which an index finds from the person's side."""


@dataclass(frozen=True)
class Reach:
    """How the rows of a noun are found from a person's side.

    Attributes:
        ways: What is counted, in rounds: the shortest first, and no further where there is more than few. None
            for somebody whose rights begin with no such rows.
        visible: The condition that he may see a row, in place of the noun's.
        narrow: Filter fields of which one value finds few rows, whoever asks: they are asked as ever.
    """

    ways: Callable[[Person], Iterable[Sequence[Way]] | None]
    visible: Callable[[Person], Condition]
    narrow: frozenset[str]


def count_of(ways: Sequence[Way]) -> Select[Any]:
    """Return the statement of the number of rows of all ways, each counted one beyond `FEW`."""
    bounded = (way.limit(FEW + 1).subquery() for way in ways)
    counted = [select(func.count()).select_from(rows).scalar_subquery() for rows in bounded]
    return select(sum(counted[1:], counted[0]))


def part_of(instance_key: ColumnElement[Any], *narrow: str) -> Reach:
    """Return the reach of what belongs to the process instance in a column."""

    def visible(person: Person) -> Condition:
        # By way of the instances themselves: one that was deleted is seen by nobody.
        found = select(_whole.c.key).where(among(_whole.c.key, _instances(person)))
        return among(instance_key, found)

    return Reach(_ways_to_instances, visible, frozenset({"processInstanceKey", *narrow}))


def _ways_to_tasks(person: Person) -> Iterable[Sequence[Way]] | None:
    if person.granted_ids("PROCESS_DEFINITION", "READ_USER_TASK"):
        return None
    granted = person.granted_ids("USER_TASK", "READ")
    if ALL in granted or not _are_plain(person.groups):
        return None
    return _rounds(person, _ways_to_cases, _ways_to_others)


def _tasks(person: Person) -> CompoundSelect[Any]:
    granted = person.granted_ids("USER_TASK", "READ")
    keys = sorted(int(one) for one in granted if _KEY.fullmatch(one) and int(one) <= LARGEST_KEY)
    return union_all(
        *_has_to_do(person, lambda task: task.c.key),
        *_was_candidate(person),
        *_is_supervised(person),
        select(_task.c.key).where(_task.c.key.in_(keys)),
        select(_of_case.c.key).where(among(_of_case.c.case_key, _cases(person))),
    )


def _rounds(person: Person, *ways: Callable[[Person], Sequence[Way]]) -> Iterator[Sequence[Way]]:
    return (some(person) for some in ways)


def _ways_to_instances(person: Person) -> Iterable[Sequence[Way]] | None:
    granted = person.granted_ids("PROCESS_DEFINITION", "READ_PROCESS_INSTANCE")
    if ALL in granted:
        return None
    return _rounds(person, lambda who: [*_started(who), *_ways_to_cases(who)])


def _instances(person: Person) -> CompoundSelect[Any]:
    return union_all(
        *_started(person),
        *_has_to_do(person, lambda task: task.c.instance_key),
        select(_instance.c.key).where(among(_instance.c.case_key, _cases(person))),
    )


def _started(person: Person) -> list[Way]:
    granted = person.granted_ids("PROCESS_DEFINITION", "READ_PROCESS_INSTANCE")
    return [
        select(_instance.c.key).where(_instance.c.started_by == person.username),
        *(select(_instance.c.key).where(_instance.c.process_id == one) for one in sorted(granted)),
    ]


def _ways_to_cases(person: Person) -> list[Way]:
    return [
        *_known_cases(person),
        *(select(_task.c.key).where(way) for way in ways_to_have_had(person, _task)),
        *(select(_candidate.c.task_key).where(way) for way in ways_to_be_named(person, _candidate)),
    ]


def _cases(person: Person) -> CompoundSelect[Any]:
    return union_all(*_known_cases(person), *_has_to_do(person, lambda task: task.c.case_key))


def _known_cases(person: Person) -> list[Way]:
    return [
        select(_case.c.key).where(_case.c.opened_by == person.username),
        *(select(_reader.c.case_key).where(way) for way in ways_to_be_named(person, _reader)),
    ]


def _has_to_do(person: Person, column: Callable[[FromClause], ColumnElement[Any]]) -> list[Way]:
    """Return a column of the tasks that somebody has to do with, as `taking_part.has_task` says."""
    named = [
        select(_candidate.c.task_key).where(way) for way in ways_to_be_named(person, _candidate)
    ]
    return [
        *(select(column(_task)).where(way) for way in ways_to_have_had(person, _task)),
        select(column(_task)).where(among(_task.c.key, union_all(*named))),
    ]


def _was_candidate(person: Person) -> list[Way]:
    """Return the way to tasks whose candidate he was; of those that are CREATED he is one still."""
    named = or_(
        finds_any(_task.c.candidate_groups, person.groups),
        finds_any(_task.c.candidate_users, {person.username}),
    )
    return [select(_task.c.key).where(_task.c.state != CREATED, named)]


def _ways_to_others(person: Person) -> list[Way]:
    """Return what leads to the tasks that he sees beside those he has to do with, and their cases."""
    if not person.groups:
        return _was_candidate(person)
    reporting = select(_group.c.key).where(_reports(person))
    was_named = finds_any_of(_task.c.candidate_groups, reporting)
    done = select(_task.c.key).where(_task.c.state != CREATED, was_named)
    return [*_was_candidate(person), _names_supervisor(person), _of_reporting(person), done]


def _is_supervised(person: Person) -> list[Way]:
    """Return the ways to tasks that name his group as supervisor, or name none and whose groups report to his.

    Of the latter first those that are CREATED, by their candidates, then the others.
    """
    if not person.groups:
        return []
    is_unnamed = func.coalesce(_task.c.properties["supervisors"].as_string(), "") == ""
    reporting = select(_group.c.key).where(_reports(person))
    was_named = finds_any_of(_task.c.candidate_groups, reporting)
    return [
        _names_supervisor(person),
        select(_task.c.key).where(among(_task.c.key, _of_reporting(person)), is_unnamed),
        select(_task.c.key).where(_task.c.state != CREATED, was_named, is_unnamed),
    ]


def _names_supervisor(person: Person) -> Way:
    named = names_any(_task.c.properties, "supervisors", person.groups)
    return select(_task.c.key).where(named)


def _of_reporting(person: Person) -> Way:
    is_group = and_(_candidate.c.kind == literal("group"), _candidate.c.name == _group.c.key)
    return select(_candidate.c.task_key).join(_group, is_group).where(_reports(person))


def _reports(person: Person) -> Condition:
    return _group.c.supervisor_group.in_(sorted(person.groups))


def _are_plain(groups: frozenset[str]) -> bool:
    """Tell whether no key of a group could be taken for two, or for none, in a list with commas."""
    return not any("," in key or " " in key for key in groups)


TASKS = Reach(
    _ways_to_tasks,
    lambda person: among(tasks.user_tasks.c.key, _tasks(person)),
    frozenset({"userTaskKey", "processInstanceKey", "elementInstanceKey"}),
)
INSTANCES = Reach(
    _ways_to_instances,
    lambda person: among(instances.process_instances.c.key, _instances(person)),
    frozenset(
        {"processInstanceKey", "parentProcessInstanceKey", "batchOperationId", "batchOperationKey"}
    ),
)
