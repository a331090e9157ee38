"""What a batch operation is about: the instances, incidents, jobs or evaluations that its filter finds.

Source: Camunda 8.11 batch operations: each kind narrows the filter to what it can be carried out on, and
refuses a state that it never can.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from service.domain import batch_operations as words
from service.domain.batch_operations import BatchItem
from service.domain.errors import BadInputError
from service.identity import Person
from service.persistence.tables import instances
from service.reports.search import decision_instances, jobs, process_instances
from service.reports.search.conditions import Condition


@dataclass(frozen=True)
class Keys:
    """Which of the items that a filter finds are wanted: a page of them, in the order of their keys.

    Attributes:
        limit: At most so many.
        after: Only items with a greater key; None: from the first.
        before: Only items with a smaller key: what is younger is none of them; None: to the last.
    """

    limit: int
    after: int | None = None
    before: int | None = None

    def of(self, query: Select[Any], key: ColumnElement[Any]) -> Select[Any]:
        """Return the query for these items only, oldest first."""
        if self.after is not None:
            query = query.where(key > self.after)
        if self.before is not None:
            query = query.where(key < self.before)
        return query.order_by(key).limit(self.limit)


_LIVE = ("ACTIVE", "SUSPENDED")
_STATES: Mapping[str, tuple[str, ...]] = {
    words.CANCEL: _LIVE,
    words.DELETE: ("COMPLETED", "TERMINATED"),
    words.MIGRATE: ("ACTIVE",),
    words.MODIFY: ("ACTIVE",),
    words.RESOLVE: ("ACTIVE",),
    words.RESUME: ("SUSPENDED",),
    words.SUSPEND: ("ACTIVE",),
}
"""The states of the instances that a kind can be carried out on."""

_IGNORED: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    (words.CANCEL, words.SUSPEND, words.RESUME), ("parentProcessInstanceKey",)
)
"""The filters that have no effect: whether called instances are meant, the kind says by itself."""


def check(kind: str, given: Mapping[str, Any]) -> None:
    """Refuse a filter that the items cannot be found by.

    Raises:
        BadInputError: An unknown field or operator, a wrong type, a state that the kind cannot be carried
            out on, or no criterion at all: everything is never meant by leaving something out.
    """
    _conditions(kind, given)
    if not _says_something(given):
        raise BadInputError(
            "Expected 'filter' to name at least one field, but it is empty.", field="filter"
        )


def items(
    connection: Connection, person: Person, kind: str, given: Mapping[str, Any], keys: Keys
) -> tuple[BatchItem, ...]:
    """Return what the filter finds and the person may see, as far as wanted, oldest first.

    Raises:
        BadInputError: As `check`.
    """
    if kind == words.DELETE_DECISION:
        return _evaluations(connection, person, given, keys)
    query, key = _query(person, kind, given)
    rows = connection.execute(keys.of(query, key))
    return tuple(BatchItem(row.item, row.instance, row.root) for row in rows)


def count(connection: Connection, person: Person, kind: str, given: Mapping[str, Any]) -> int:
    """Return how many instances, incidents or jobs the filter finds that the person may see.

    Raises:
        BadInputError: As `check`.
    """
    query, _key = _query(person, kind, given)
    counted = select(func.count()).select_from(query.subquery())
    return int(connection.execute(counted).scalar_one())


def _query(
    person: Person, kind: str, given: Mapping[str, Any]
) -> tuple[Select[Any], ColumnElement[Any]]:
    conditions = _conditions(kind, given)
    noun = jobs.NOUN if kind == words.UPDATE_JOB else process_instances.NOUN
    table, incident = instances.process_instances, instances.incidents
    source, key = noun.source, noun.key
    if kind == words.RESOLVE:
        source = source.join(incident, incident.c.instance_key == table.c.key)
        conditions.append(incident.c.state == "ACTIVE")
        key = incident.c.key
    query = (
        select(key.label("item"), table.c.key.label("instance"), table.c.root_key.label("root"))
        .select_from(source)
        .where(noun.visible(person), *conditions)
    )
    return query, key


def _evaluations(
    connection: Connection, person: Person, given: Mapping[str, Any], keys: Keys
) -> tuple[BatchItem, ...]:
    """Return the evaluations of which the filter finds a decision, each once."""
    noun, table = decision_instances.NOUN, instances.decision_instances
    query = (
        select(
            table.c.evaluation_key.label("item"),
            func.min(table.c.instance_key).label("instance"),
            func.min(instances.process_instances.c.root_key).label("root"),
        )
        .select_from(noun.source)
        .where(noun.visible(person), *_conditions(words.DELETE_DECISION, given))
        .group_by(table.c.evaluation_key)
    )
    rows = connection.execute(keys.of(query, table.c.evaluation_key))
    return tuple(BatchItem(row.item, row.instance, row.root) for row in rows)


def _conditions(kind: str, given: Mapping[str, Any]) -> list[Condition]:
    if kind == words.DELETE_DECISION:
        return decision_instances.NOUN.filters.conditions(given)
    if kind == words.UPDATE_JOB:
        is_open = instances.jobs.c.ended_at.is_(None)
        return [*jobs.NOUN.filters.conditions(given), is_open]
    table, filters = instances.process_instances, process_instances.NOUN.filters
    # What has no effect must be right, too: a slip of the pen could have been meant to spare some.
    filters.conditions(given)
    _require_fit(given.get("state"), _STATES[kind])
    ignored = _IGNORED.get(kind, ())
    kept = {name: value for name, value in given.items() if name not in ignored}
    conditions = filters.conditions(kept)
    conditions.append(table.c.state.in_(_STATES[kind]))
    if kind == words.CANCEL:
        conditions.append(table.c.parent_instance_key.is_(None))
    return conditions


def _says_something(given: Any) -> bool:
    """Return whether there is a value anywhere in a filter."""
    if isinstance(given, Mapping):
        return any(_says_something(value) for value in given.values())
    if isinstance(given, list):
        return any(_says_something(value) for value in given)
    return given is not None


def _require_fit(state: Any, fit: tuple[str, ...]) -> None:
    """Refuse to ask for a state that does not fit; other operators, and alternatives, only narrow."""
    asked: list[Any] = [state] if isinstance(state, str) else []
    if isinstance(state, dict):
        asked = [state.get("$eq"), *(state.get("$in") or ())]
    for one in asked:
        if one is not None and one not in fit:
            raise BadInputError(
                f"Expected 'filter.state' to be {' or '.join(fit)}, but got '{one}'.",
                field="filter.state",
            )
