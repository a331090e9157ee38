"""The numbers beside the tabs of the inbox and at the icons of every page, each set in one statement."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, func, select, union

from service.identity import Person
from service.persistence.driver import KeptQuery, ask_together
from service.persistence.tables import cases, tasks
from service.reports import inbox_tabs, nearing
from service.reports.asker import Asker, asker, names_of
from service.reports.taking_part import ways_to_be_named

COUNTED = 1_000
"""Lines counted of a list that may be long; whoever has more is told «999+»."""

KEPT = 32
"""Statements kept, one for each number of groups that somebody has."""


@dataclass(frozen=True)
class AtIcons:
    """What stands at the icons: his open tasks, and the letters he has not opened."""

    open_tasks: int
    letters: int


@dataclass(frozen=True)
class Counts:
    """How many lines stand on each tab but `done`, without filters.

    Attributes:
        claimable, cc: At most `COUNTED`.
        overdue, near: Of his own.
        letters: That he has not opened.
    """

    mine: int
    claimable: int
    cc: int
    overdue: int
    near: int
    letters: int

    @property
    def at_icons(self) -> AtIcons:
        """What of it stands at the icons."""
        return AtIcons(self.mine, self.letters)


def of_tabs(group_count: int) -> KeptQuery:
    """Return the query of `Counts`, for whoever has that many groups; it is asked with `nearing.at` too."""
    return _of_tabs(group_count, COUNTED)


def at_icons(connection: Connection, person: Person) -> AtIcons:
    """Return the numbers at the icons."""
    ((row,),) = ask_together(connection, [(_AT_ICONS, names_of(person))])
    return AtIcons(*row)


@lru_cache(KEPT)
def _of_tabs(group_count: int, most: int) -> KeptQuery:
    task, who = tasks.user_tasks, asker(group_count)
    is_near = nearing.is_near(task.c.due_at, task.c.created_at)
    copies = select(cases.cases.c.key).where(inbox_tabs.is_copied_to(who))
    columns: dict[str, ColumnElement[Any]] = {
        "mine": func.count(),
        "claimable": _claimable(who, most),
        "cc": _counted(copies, most),
        "overdue": func.count().filter(task.c.overdue_level > 0),
        "near": func.count().filter(is_near),
        "letters": _letters(who),
    }
    labelled: list[ColumnElement[Any]] = [each.label(name) for name, each in columns.items()]
    return KeptQuery(select(*labelled).where(inbox_tabs.is_his_own(who)))


def _claimable(who: Asker, most: int) -> ScalarSelect[int]:
    """Return how many tasks somebody may take; read from the candidates alone."""
    candidate = tasks.user_task_candidates
    keys = select(candidate.c.task_key).where(candidate.c.is_free)
    ways = ways_to_be_named(who, candidate)
    parts = [select(keys.where(way).limit(inbox_tabs.inline(most)).subquery()) for way in ways]
    return _counted(select(union(*parts).subquery()), most)


def _counted(rows: Select[Any], most: int) -> ScalarSelect[int]:
    some = rows.limit(inbox_tabs.inline(most)).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _letters(who: Asker) -> ScalarSelect[int]:
    table = cases.notifications
    is_unread = (table.c.username == who.username) & table.c.read_at.is_(None)
    return select(func.count()).select_from(table).where(is_unread).scalar_subquery()


def _at_icons(who: Asker) -> Select[Any]:
    columns: list[ColumnElement[Any]] = [
        func.count().label("open_tasks"),
        _letters(who).label("letters"),
    ]
    return select(*columns).where(inbox_tabs.is_his_own(who))


_AT_ICONS = KeptQuery(_at_icons(asker(0)))
