"""Who has to do with a case or an instance through its tasks, as SQL conditions.

Each way is an EXISTS of its own: for one row the database follows it by an index, for many it reads it
once from the person's side, by an index too. Put together by OR or UNION it could do neither.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, literal_column, or_, true

from service.identity import Person
from service.persistence.tables import cases, tasks
from service.reports.asker import Asker

Same = Callable[[FromClause], ColumnElement[bool]]
"""From the table of tasks to «this task is one of the row»."""

ANYWHERE: ColumnElement[bool] = true()

CREATED: ColumnElement[str] = literal_column("'CREATED'")
"""The state of tasks that can be worked on; in the text of a statement, so that its plan may go by it."""

_GROUP: ColumnElement[str] = literal_column("'group'")
_USER: ColumnElement[str] = literal_column("'user'")
"""The kinds of names; in the text likewise, since most rows name groups and few name somebody himself."""


def has_task(person: Person, same: Same) -> list[ColumnElement[bool]]:
    """Return the ways in which somebody has to do with a task: it is or was his, or he is a candidate.

    A candidate of an open task is one whoever has it: colleagues see what one of them has taken.
    """
    task, candidate = tasks.user_tasks.alias(), tasks.user_task_candidates
    # One in the other and not joined: SQLite would begin with all that name him, for each row anew.
    is_its = candidate.c.task_key == task.c.key
    is_candidate = exists().select_from(candidate).where(is_its, names(person, candidate))
    ways = (*ways_to_have_had(person, task), is_candidate)
    return [exists().select_from(task).where(same(task), way) for way in ways]


def ways_to_have_had(person: Person, task: FromClause) -> list[ColumnElement[bool]]:
    """Return a condition for each way in which a task is or was somebody's; each is found by an index."""
    is_his = task.c.assignee == person.username
    is_elses = task.c.completed_by.is_distinct_from(task.c.assignee)
    return [
        task.c.completed_by == person.username,
        and_(is_his, task.c.state == CREATED),
        and_(is_his, task.c.state != CREATED, is_elses),
    ]


def ways_to_read(
    person: Person, case_key: ColumnElement[Any], beside: ColumnElement[bool] = ANYWHERE
) -> list[ColumnElement[bool]]:
    """Return the ways in which somebody may read a case that others opened: as a reader, by his tasks.

    Args:
        person: Who reads.
        case_key: The row's case.
        beside: Of the row; see `one_by_one`.
    """
    reader = cases.case_readers
    is_named = and_(reader.c.case_key == case_key, names(person, reader), beside)
    return [
        exists().select_from(reader).where(is_named),
        *has_task(person, lambda task: and_(task.c.case_key == case_key, beside)),
    ]


def has_opened(
    person: Person, case_key: ColumnElement[Any], beside: ColumnElement[bool] = ANYWHERE
) -> ColumnElement[bool]:
    """Return «he opened the case»; `beside` as in `ways_to_read`."""
    case = cases.cases.alias()
    is_his = case.c.opened_by == person.username
    return exists().select_from(case).where(case.c.key == case_key, is_his, beside)


def one_by_one(key: ColumnElement[int]) -> ColumnElement[bool]:
    """Return what holds of every row and, inside an EXISTS, has it asked of each row by itself.

    PostgreSQL reads all that is a person's into a hash table first, where the row is only compared; for a
    few rows that takes longer than to look for each. Any other mention of the row keeps it from that.
    """
    return key != 0


def names(person: Person | Asker, table: FromClause) -> ColumnElement[bool]:
    """Return «the row names him or one of his groups» for columns `kind` and `name`."""
    return or_(
        and_(table.c.kind == _GROUP, table.c.name.in_(_groups(person))),
        and_(table.c.kind == _USER, table.c.name == person.username),
    )


def ways_to_be_named(person: Person | Asker, table: FromClause) -> list[ColumnElement[bool]]:
    """Return a condition for each name of a person and his groups in a table's columns `kind` and `name`.

    Each alone can be read in the order of an index; together they cannot.
    """
    names = [(_GROUP, key) for key in _groups(person)] + [(_USER, person.username)]
    return [and_(table.c.kind == kind, table.c.name == name) for kind, name in names]


def _groups(person: Person | Asker) -> Sequence[Any]:
    return person.groups if isinstance(person, Asker) else sorted(person.groups)
