"""Where an incident is felt: at its element, in every scope around it, and at what called the instance.

Searched from the incidents, which are few, upwards by keys.

Source: Camunda 8, `ElementInstanceIncidentSearchIT`.
"""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, case, select

from service.persistence.tables import instances
from service.reports.search.conditions import Condition, Special
from service.reports.search.kinds import FLAG
from service.reports.search.sql import among, not_among

_incident, _instance = instances.incidents, instances.process_instances
_element = instances.element_instances
_IS_OPEN = _incident.c.state == "ACTIVE"


def _elements(begin: Select[tuple[int, int]], name: str) -> CTE:
    """Return incidents with the keys of the elements that feel them; a process has that of its instance."""
    path = begin.cte(name, recursive=True)
    element, instance = _element.alias(), _instance.alias()
    # One by one, by key: joined, whole tables would be read at every step.
    called_by = (
        select(instance.c.parent_element_instance_key)
        .where(instance.c.key == element.c.instance_key)
        .scalar_subquery()
    )
    around = (
        select(
            case((element.c.key == element.c.instance_key, called_by), else_=element.c.scope_key)
        )
        .where(element.c.key == path.c.at_key)
        .scalar_subquery()
    )
    return path.union_all(select(path.c.incident_key, around).where(path.c.at_key.is_not(None)))


def _of_incidents() -> Select[tuple[int, int]]:
    return select(
        _incident.c.key.label("incident_key"), _incident.c.element_instance_key.label("at_key")
    )


_open_paths = _elements(_of_incidents().where(_IS_OPEN), "open_paths")

_felt = select(_open_paths.c.at_key).where(_open_paths.c.at_key.is_not(None))
FELT = _felt.distinct().subquery("felt")
"""The elements that feel an open incident, each once, to be joined where many elements are asked."""

_affected = select(_incident.c.instance_key.label("key")).where(_IS_OPEN)
_affected_instances = _affected.cte("affected", recursive=True)
_caller = _instance.alias()
_affected_instances = _affected_instances.union(
    select(_caller.c.parent_instance_key)
    .join(_affected_instances, _affected_instances.c.key == _caller.c.key)
    .where(_caller.c.parent_instance_key.is_not(None))
)


def is_felt_at_element(key: ColumnElement[int]) -> ColumnElement[bool]:
    """Return whether an open incident is felt at the element instance of a key."""
    return among(key, _felt)


def feels(key: ColumnElement[int]) -> Special:
    """Return the filter field whether an open incident is felt at the element instance of a key."""

    def condition(given: Any, path: str) -> Condition:
        return among(key, _felt) if FLAG.value(given, path) else not_among(key, _felt)

    return Special(condition, FLAG)


def is_felt_at_instance(key: ColumnElement[int]) -> ColumnElement[bool]:
    """Return whether an open incident is felt at the process instance of a key."""
    return key.in_(select(_affected_instances.c.key))


def felt_at(element_instance_key: int) -> Condition:
    """Return the condition for the incidents, open or not, that are felt at an element instance."""
    own = select(_instance.c.root_key).join(_element, _element.c.instance_key == _instance.c.key)
    root = own.where(_element.c.key == element_instance_key).scalar_subquery()
    whole = _instance.alias()
    begin = _of_incidents().join(whole, whole.c.key == _incident.c.instance_key)
    paths = _elements(begin.where(whole.c.root_key == root), "paths")
    return _incident.c.key.in_(
        select(paths.c.incident_key).where(paths.c.at_key == element_instance_key)
    )
