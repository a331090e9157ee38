"""Messages: who waits for one, which are buffered, which were used for which process.

Source: Camunda 8, messages: at most one subscription a process id, oldest buffered message first, one
active instance a (process id, correlation key) for message starts with a key.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    exists,
    insert,
    or_,
    select,
    union_all,
)

from service.domain.errors import AlreadyExistsError, BadInputError
from service.domain.identifiers import LONGEST_NAME
from service.persistence.locks import hold
from service.persistence.tables import definitions, instances
from service.persistence.unit import Unit
from service.usecases.execution.running import LIVE_STATES, RunningInstance


@dataclass(frozen=True)
class PublishMessage:
    """A message as it is sent.

    Attributes:
        time_to_live: How long it waits for somebody; zero: it is taken now or gone.
        message_id: Refused as a double while one of the same name, key and id is buffered; None: no check.
        business_id: It reaches only instances that had this business id when they began to wait, and is that
            of those it starts; None: it reaches any.
    """

    name: str
    correlation_key: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    time_to_live: timedelta = timedelta(0)
    message_id: str | None = None
    business_id: str | None = None


@dataclass(frozen=True)
class Published:
    """What became of a message in this transaction.

    Attributes:
        started: Keys of instances it started.
        reached: Keys of instances that waited and went on.
    """

    message_key: int
    started: tuple[int, ...]
    reached: tuple[int, ...]


@dataclass(frozen=True)
class Buffered:
    """A message that may still be taken."""

    key: int
    name: str
    correlation_key: str
    variables: Mapping[str, Any]
    business_id: str | None = None


def meet(unit: Unit, name: str, correlation_key: str) -> None:
    """Let messages and those who wait for them, of one correlation key, pass one after another.

    Otherwise a message that is published and a subscription that is opened side by side would not see
    each other, and the one would lie buffered while the other waits. The same holds for doubles and for
    message starts; these look at the key alone, whatever the message's name. Without a key, its name
    counts.
    """
    hold(unit.connection, f"message/{correlation_key or name}")


def store(unit: Unit, command: PublishMessage) -> Buffered:
    """Write the message and return it.

    Raises:
        BadInputError: Its name or correlation key is longer than `LONGEST_NAME`.
        AlreadyExistsError: One with this name, key and id is buffered.
    """
    require_length("name", command.name)
    require_length("correlationKey", command.correlation_key)
    meet(unit, command.name, command.correlation_key)
    table = instances.messages
    if command.message_id is not None and _is_double(unit, command):
        raise AlreadyExistsError(
            f"Expected a new message id, but '{command.message_id}' is buffered already.",
            message_id=command.message_id,
        )
    message = Buffered(
        unit.new_key(),
        command.name,
        command.correlation_key,
        command.variables,
        command.business_id,
    )
    unit.connection.execute(
        insert(table).values(
            key=message.key,
            name=message.name,
            correlation_key=message.correlation_key,
            message_id=command.message_id,
            business_id=message.business_id,
            variables=dict(message.variables),
            published_at=unit.now,
            expires_at=unit.now + command.time_to_live,
        )
    )
    return message


def require_length(field_name: str, text: str) -> None:
    """Refuse a `name` or `correlationKey` of a message that no subscription can have.

    Raises:
        BadInputError: It is longer than `LONGEST_NAME` characters.

    Source: Camunda 8.9 (messages: `max-name-length`).
    """
    if len(text) > LONGEST_NAME:
        raise BadInputError(
            f"Expected '{field_name}' to have at most {LONGEST_NAME} characters, but got {len(text)}.",
            message=f"{_CALLED[field_name]}最多 {LONGEST_NAME} 个字符，实际有 {len(text)} 个。",
            field=field_name,
        )


_CALLED = {"name": "消息名", "correlationKey": "消息关联键"}


def _is_double(unit: Unit, command: PublishMessage) -> bool:
    table = instances.messages
    query = select(table.c.key).where(
        table.c.name == command.name,
        table.c.correlation_key == command.correlation_key,
        table.c.message_id == command.message_id,
        table.c.expires_at > unit.now,
    )
    return unit.connection.execute(query.limit(1)).first() is not None


def reach(
    connection: Connection, message: Buffered, deliver: Callable[[int, Buffered], bool]
) -> list[int]:
    """Give a message to one subscription of each process id and return the instances it reached.

    Args:
        connection: Where to look.
        message: The message, stored.
        deliver: Gives it to the subscription of that key; False when that has gone meanwhile. Then the
            next one of the process id has its turn.
    """
    reached: list[int] = []
    tried: set[int] = set()
    while row := _next_waiting(connection, message, tried):
        tried.add(row.key)
        if deliver(row.key, message):
            reached.append(row.instance_key)
    return reached


def _next_waiting(
    connection: Connection, message: Buffered, tried: Collection[int]
) -> Row[Any] | None:
    table, used = instances.message_subscriptions, instances.message_correlations
    is_meant = () if message.business_id is None else (table.c.business_id == message.business_id,)
    query = (
        select(table)
        .where(
            table.c.message_name == message.name,
            table.c.correlation_key == message.correlation_key,
            table.c.key.not_in(tried),
            table.c.process_id.not_in(
                select(used.c.process_id).where(used.c.message_key == message.key)
            ),
            *is_meant,
        )
        .order_by(table.c.key)
        .limit(1)
    )
    return connection.execute(query).one_or_none()


def start_events(connection: Connection, name: str) -> list[Row[Any]]:
    """Return the message start events of that name (latest versions only)."""
    table = definitions.start_events
    query = select(table).where(table.c.kind == "message", table.c.name == name)
    return list(connection.execute(query.order_by(table.c.key)))


def start_names(connection: Connection, process_id: str) -> list[str]:
    """Return the messages that start the latest version of a process."""
    table = definitions.start_events
    query = select(table.c.name).where(
        table.c.kind == "message", table.c.process_id == process_id, table.c.name.is_not(None)
    )
    return list(connection.execute(query.order_by(table.c.key)).scalars())


def listening_version(connection: Connection, process_id: str) -> int | None:
    """Return the key of the version of a process whose start events listen, or None."""
    table = definitions.start_events
    query = select(table.c.process_key).where(table.c.process_id == process_id)
    return connection.execute(query.limit(1)).scalar_one_or_none()


def used_for(connection: Connection, message_key: int) -> set[str]:
    """Return the process ids the message was correlated to already, or is kept for."""
    table, kept = instances.message_correlations, definitions.start_triggers
    queries = [select(t.c.process_id).where(t.c.message_key == message_key) for t in (table, kept)]
    return set(connection.execute(union_all(*queries)).scalars())


def is_start_blocked(connection: Connection, process_id: str, correlation_key: str) -> bool:
    """Return whether an active instance of the process was started with this (non-empty) key."""
    if not correlation_key:
        return False
    table = instances.process_instances
    query = select(table.c.key).where(
        table.c.process_id == process_id,
        table.c.state.in_(LIVE_STATES),
        table.c.start_correlation_key == correlation_key,
    )
    return connection.execute(query.limit(1)).first() is not None


def oldest_for_start(
    unit: Unit, names: Sequence[str], correlation_key: str, process_id: str
) -> Buffered | None:
    """Return the oldest living message that may start a process, or None."""
    return _oldest_buffered(unit, names, correlation_key, process_id)


def oldest_for(
    unit: Unit, name: str, correlation_key: str, process_id: str, business_id: str | None
) -> Buffered | None:
    """Return the oldest living message for who begins to wait, or None.

    One with a business id is only for an instance of that one; one without is for any.

    Source: Camunda 8.10 (MessageCorrelationBusinessIdTest).
    """
    given = instances.messages.c.business_id
    is_meant = or_(given.is_(None), given == business_id)
    return _oldest_buffered(unit, [name], correlation_key, process_id, is_meant)


def _oldest_buffered(
    unit: Unit,
    names: Sequence[str],
    correlation_key: str,
    process_id: str,
    *conditions: ColumnElement[bool],
) -> Buffered | None:
    """Return the oldest living message of these names not yet used for the process id, or None."""
    for name in names:
        meet(unit, name, correlation_key)
    table = instances.messages
    query = (
        select(table)
        .where(
            table.c.name.in_(names),
            table.c.correlation_key == correlation_key,
            table.c.expires_at > unit.now,
            *conditions,
            *(
                ~exists().where(
                    and_(used.c.message_key == table.c.key, used.c.process_id == process_id)
                )
                for used in (instances.message_correlations, definitions.start_triggers)
            ),
        )
        .order_by(table.c.key)
        .limit(1)
    )
    row = unit.connection.execute(query).one_or_none()
    if row is None:
        return None
    return Buffered(row.key, row.name, row.correlation_key, row.variables, row.business_id)


def note_correlated(
    unit: Unit,
    message: Buffered,
    process_id: str,
    instance_key: int,
    element_id: str,
    element_instance_key: int | None = None,
    subscription_key: int | None = None,
) -> None:
    """Write down that the message was used for the process id."""
    unit.connection.execute(
        insert(instances.message_correlations).values(
            key=unit.new_key(),
            message_key=message.key,
            message_name=message.name,
            correlation_key=message.correlation_key,
            process_id=process_id,
            instance_key=instance_key,
            element_instance_key=element_instance_key,
            subscription_key=subscription_key,
            element_id=element_id,
            correlated_at=unit.now,
        )
    )


def drop_expired(unit: Unit, message_key: int) -> None:
    """Remove a message that nobody can take any more."""
    unit.connection.execute(
        delete(instances.messages).where(
            instances.messages.c.key == message_key, instances.messages.c.expires_at <= unit.now
        )
    )


def record_published(
    unit: Unit,
    command: PublishMessage,
    message: Buffered,
    reached: list[int],
    started: list[int],
    who: str,
) -> None:
    """Append to the history what became of a message."""
    unit.record(
        "message.published",
        who=who,
        detail={
            "name": command.name,
            "correlation_key": command.correlation_key,
            "message_key": str(message.key),
            "reached": [str(key) for key in reached],
            "started": [str(key) for key in started],
        },
    )


def record_correlated(
    unit: Unit, message: Buffered, instance: RunningInstance, element_id: str, who: str
) -> None:
    """Append to the history of an instance that a message reached it."""
    unit.record(
        "message.correlated",
        instance_key=instance.key,
        root_key=instance.root_key,
        case_key=instance.case_key,
        element_id=element_id,
        who=who,
        detail={"name": message.name, "message_key": str(message.key)},
    )
