"""The first rows that somebody sees, looked for among the first there are, before all he may see is gathered.

Whoever sees much sees some of the first rows, and surely more than are counted: both is found out by a few
looks at indexes. Only for others all that is theirs is read. The answers are the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, distinct, func, literal, select

from service.identity import Person
from service.persistence.tables import cases, instances, tasks
from service.reports.search.conditions import Condition
from service.reports.search.rights import may_see_instance, may_see_task
from service.reports.taking_part import one_by_one, ways_to_be_named

WIDTH = 2_000
"""Rows that are looked through one by one, some ten microseconds each."""

COUNTED = 10_000
"""Rows counted for `totalItems`; beyond them `hasMoreTotalItems` is true."""

_LOOKED_AT = 4 * COUNTED
"""Tasks whose instances are told apart, to find many instances by them."""


@dataclass(frozen=True)
class Window:
    """How the first rows of a noun are looked through.

    Attributes:
        visible: The condition that a person may see a row, asked of one row at a time.
        many: Of a person: statements with a number each, of rows that he surely sees.
    """

    visible: Callable[[Person], Condition]
    many: Callable[[Person], Sequence[Select[Any]]]


def width_of(
    key: ColumnElement[Any], beyond: Sequence[Condition], *, is_backward: bool
) -> Condition:
    """Return «the row is one of the next `WIDTH`» behind a cursor, or of the last before it."""
    order = key.desc() if is_backward else key.asc()
    last = select(key).where(*beyond).order_by(order).limit(1).offset(WIDTH - 1).scalar_subquery()
    return key >= last if is_backward else key <= last


def _counted(rows: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(rows.limit(COUNTED + 1).subquery())


def _many_tasks(person: Person) -> list[Select[Any]]:
    task, candidate = tasks.user_tasks, tasks.user_task_candidates
    done = select(literal(1)).where(task.c.completed_by == person.username)
    named = (
        select(literal(1)).select_from(candidate).where(way)
        for way in ways_to_be_named(person, candidate)
    )
    return [_counted(rows) for rows in (done.select_from(task), *named)]


def _many_instances(person: Person) -> list[Select[Any]]:
    task, candidate = tasks.user_tasks, tasks.user_task_candidates
    instance, case = instances.process_instances, cases.cases
    opened = select(literal(1)).select_from(
        case.join(instance, instance.c.key == case.c.root_instance_key)
    )
    named = (
        select(task.c.instance_key)
        .select_from(candidate.join(task, task.c.key == candidate.c.task_key))
        .where(way)
        for way in ways_to_be_named(person, candidate)
    )
    done = select(task.c.instance_key).where(task.c.completed_by == person.username)
    return [
        _counted(opened.where(case.c.opened_by == person.username)),
        *(_counted_once(keys) for keys in (*named, done)),
    ]


def _counted_once(keys: Select[Any]) -> Select[Any]:
    some = keys.limit(_LOOKED_AT).subquery()
    return select(func.count(distinct(some.c[0])))


TASKS = Window(lambda person: may_see_task(person, one_by_one(tasks.user_tasks.c.key)), _many_tasks)
INSTANCES = Window(
    lambda person: may_see_instance(person, one_by_one(instances.process_instances.c.key)),
    _many_instances,
)
