"""What is found among the first rows is what is found when all that somebody may see is gathered first."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from service.identity import Person
from service.reports.search import asked, nouns, process_instances, user_tasks, windows
from service.reports.search.noun import Noun
from service.reports.search.nouns import search
from tests.api.rows import add_instance, add_process, add_reader, add_task
from tests.api.search_fixture import _template, connection

__all__ = ["_template", "connection"]

pytestmark = pytest.mark.slow

SEES_MUCH = Person("anna", "anna", groups=frozenset({"quality"}))
SEES_LITTLE = Person("carl", "carl")
NOUNS = tuple(replace(noun, reach=None) for noun in (user_tasks.NOUN, process_instances.NOUN))
"""As they are searched by those who see more than few."""

WIDTH, COUNTED = 5, 4
"""In place of the real ones, which are too large for a test."""


@pytest.fixture
def many(connection: Connection) -> Connection:
    """Twelve instances with two tasks each, which belong to one or the other."""
    add_process(connection)
    for number in range(12):
        key, case_key = 100 + number, 500 + number
        add_instance(connection, key, case_key=case_key, started_by="bert" if number < 2 else None)
        group = ("quality", "sales", "finance")[number % 3]
        add_task(connection, 1000 + number, key, case_key=case_key, candidate_groups=[group])
        done = {"state": "COMPLETED", "completed_by": "anna" if number % 4 else "carl"}
        add_task(connection, 2000 + number, key, case_key=case_key, **done)
    add_reader(connection, 507, "user", "carl")
    return connection


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let windows be of `WIDTH` rows and totals count to `COUNTED`."""
    monkeypatch.setattr(windows, "WIDTH", WIDTH)
    for module in (windows, asked, nouns):
        monkeypatch.setattr(module, "COUNTED", COUNTED)


def answers(connection: Connection, who: Person, noun: Noun) -> list[dict[str, Any]]:
    """Return all rows by pages of three, then some before the last, a page behind the end, and all by name."""
    bodies: list[dict[str, Any]] = [{"page": {"limit": 3}}]
    found = [search(connection, who, noun, bodies[0])]
    while (cursor := found[-1]["page"]["endCursor"]) is not None:
        found.append(search(connection, who, noun, {"page": {"limit": 3, "after": cursor}}))
    last = found[-2]["page"]["endCursor"]
    for body in (
        {"page": {"limit": 3, "before": last}},
        {"page": {"from": 90}},
        {"sort": [{"field": noun_sort(noun), "order": "DESC"}]},
    ):
        found.append(search(connection, who, noun, body))
    return found


def noun_sort(noun: Noun) -> str:
    """Return a field that many rows have alike."""
    return "name" if "name" in noun.sorts else "state"


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.name)
@pytest.mark.parametrize("who", [SEES_MUCH, SEES_LITTLE], ids=["much", "little"])
def test_looking_nearby_first_changes_no_answer(
    many: Connection, narrow: None, noun: Noun, who: Person
) -> None:
    """The same rows, cursors and totals, page by page."""
    assert answers(many, who, noun) == answers(many, who, replace(noun, window=None))
