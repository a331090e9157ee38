"""All message subscriptions in one list: those that wait, those that got their message, those of start events.

What waits stands in its table until it is over; what a message has reached stands among the correlations.
One that ended without a message is not kept. Start events are listed for the versions that listen.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Table,
    Text,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)

from service.persistence.tables import instances
from service.persistence.tables.definitions import process_definitions as definition
from service.persistence.tables.definitions import start_events as start

_waiting, _got = instances.message_subscriptions, instances.message_correlations
_later = _got.alias()
_instance = instances.process_instances

_NO_KEY, _NO_TEXT = cast(null(), BigInteger), cast(null(), Text)


_COLUMNS = (
    "key",
    "instance_key",
    "element_instance_key",
    "element_id",
    "process_id",
    "message_name",
    "correlation_key",
    "business_id",
    "state",
    "changed_at",
    "is_waiting",
    "type",
    "process_key",
    "root_key",
    "version",
    "definition_name",
)


def _row(**columns: ColumnElement[Any]) -> Select[Any]:
    """Return the select of all columns, in the order that is the same in each part of the list."""
    assert columns.keys() == set(_COLUMNS)
    return select(*(columns[name].label(name) for name in _COLUMNS))


def _of_instance(table: Table, **columns: ColumnElement[Any]) -> Select[Any]:
    """Return the select of what a table knows of subscriptions that belong to an instance.

    What waits and what is over are told alike, but for their key and what has become of them.
    """
    same = ("instance_key", "element_instance_key", "element_id", "process_id")
    told = (*same, "message_name", "correlation_key")
    rows = table.join(_instance, _instance.c.key == table.c.instance_key)
    return _row(
        **{name: table.c[name] for name in told},
        **columns,
        type=literal("PROCESS_EVENT"),
        process_key=_instance.c.process_key,
        root_key=_instance.c.root_key,
        version=_instance.c.version,
        definition_name=definition.c.name,
    ).select_from(rows.outerjoin(definition, definition.c.key == _instance.c.process_key))


_last_got = (
    select(func.max(_got.c.correlated_at))
    .where(
        _got.c.instance_key == _waiting.c.instance_key, _got.c.subscription_key == _waiting.c.key
    )
    .scalar_subquery()
)
"""One that does not interrupt waits on when it has got a message."""

_that_wait = _of_instance(
    _waiting,
    key=_waiting.c.key,
    business_id=_waiting.c.business_id,
    state=case((_last_got.is_not(None), literal("CORRELATED")), else_=literal("CREATED")),
    changed_at=func.coalesce(_last_got, _waiting.c.opened_at),
    is_waiting=true(),
)

_is_last = ~exists(
    select(literal(1)).where(
        _later.c.instance_key == _got.c.instance_key,
        _later.c.subscription_key == _got.c.subscription_key,
        _later.c.key > _got.c.key,
    )
)
_is_over = ~exists(select(literal(1)).where(_waiting.c.key == _got.c.subscription_key))

_that_got_theirs = _of_instance(
    _got,
    key=_got.c.subscription_key,
    business_id=_instance.c.business_id,
    state=literal("CORRELATED"),
    changed_at=_got.c.correlated_at,
    is_waiting=false(),
).where(_got.c.subscription_key.is_not(None), _is_over, _is_last)

_of_start_events = (
    _row(
        key=start.c.key,
        instance_key=_NO_KEY,
        element_instance_key=_NO_KEY,
        element_id=start.c.element_id,
        process_id=start.c.process_id,
        message_name=start.c.name,
        correlation_key=_NO_TEXT,
        business_id=_NO_TEXT,
        state=literal("CREATED"),
        changed_at=definition.c.deployed_at,
        is_waiting=false(),
        type=literal("START_EVENT"),
        process_key=start.c.process_key,
        root_key=_NO_KEY,
        version=definition.c.version,
        definition_name=definition.c.name,
    )
    .select_from(start.join(definition, definition.c.key == start.c.process_key))
    .where(start.c.kind == "message", start.c.name.is_not(None))
)

_PARTS = (_that_wait, _that_got_theirs, _of_start_events)
PARTS = tuple(part.subquery() for part in _PARTS)
ROWS = union_all(*_PARTS).subquery("subscriptions")
"""Columns: as the API shows them.

`changed_at`: opened, reached by the last message, or deployed. `is_waiting`: an instance waits there now.
"""
