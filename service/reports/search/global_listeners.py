"""Task listeners of all processes, as `/v2/global-task-listeners` shows them: usually as they are asked.

Source: camunda/camunda, `GlobalTaskListenerSearchIT`.
"""

from typing import Any

from sqlalchemy import ColumnElement, Row, Text, false, literal, true

from service.domain.global_listeners import ALL, EVENTS, GlobalListener
from service.identity import Person
from service.persistence.tables.house import global_listeners as table
from service.reports.search.conditions import Field, Filters
from service.reports.search.kinds import FLAG, INTEGER, TEXT, one_of
from service.reports.search.noun import Noun
from service.reports.search.pages import Order
from service.reports.search.related import each_has_some_item
from service.reports.search.rights import sees_all

EVENT_TYPES = one_of(" ".join((*EVENTS, ALL)))
_MADE = literal("API", Text)
"""Nothing but the API makes them here."""


def show(listener: Row[Any] | GlobalListener) -> dict[str, Any]:
    """Return a listener as the API's object."""
    return {
        "id": listener.id,
        "type": listener.type,
        "eventTypes": list(listener.event_types),
        "retries": listener.retries,
        "afterNonGlobal": listener.after_non_global,
        "priority": listener.priority,
        "source": "API",
    }


def _may_see(person: Person) -> ColumnElement[bool]:
    if sees_all(person) or person.has_role("process_owner"):
        return true()
    return true() if person.is_granted("GLOBAL_LISTENER", "READ_TASK_LISTENER") else false()


NOUN = Noun(
    name="global listener",
    source=table,
    columns=tuple(table.c),
    key=table.c.id,
    filters=Filters(
        {
            "id": Field(table.c.id, TEXT),
            "type": Field(table.c.type, TEXT),
            "retries": Field(table.c.retries, INTEGER),
            "eventTypes": each_has_some_item(table.c.event_types, EVENT_TYPES),
            "afterNonGlobal": Field(table.c.after_non_global, FLAG),
            "priority": Field(table.c.priority, INTEGER),
            "source": Field(_MADE, one_of("API CONFIGURATION")),
        }
    ),
    sorts={
        "afterNonGlobal": table.c.after_non_global,
        "id": table.c.id,
        "priority": table.c.priority,
        "source": _MADE,
        "type": table.c.type,
    },
    visible=_may_see,
    show=show,
    usual=(Order("afterNonGlobal"), Order("priority", is_descending=True)),
)
