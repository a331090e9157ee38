"""What instances wait for: a job, message, signal, condition, timer, person; one row a reason to wait."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Row,
    Select,
    String,
    Table,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from service.identity import Person
from service.persistence.tables import instances, tasks
from service.persistence.tables.base import Moment
from service.reports.search import process_instances
from service.reports.search.conditions import Field, Filters
from service.reports.search.element_instances import ELEMENT_TYPES
from service.reports.search.kinds import KEY, TEXT, one_of
from service.reports.search.noun import Noun
from service.reports.search.nouns import row_of
from service.reports.search.reach import part_of
from service.reports.search.rights import may_see_part_of
from service.reports.search.wire import TENANT, key_text, moment_text

OPEN_JOBS = ("CREATED", "ACTIVATED", "FAILED", "TIMED_OUT", "RETRIES_UPDATED")
_WAIT_TYPES = one_of("CONDITION JOB MESSAGE SIGNAL TIMER USER_TASK")


def _waits(wait_type: str, table: Table, **facts: Any) -> Select[Any]:
    names = ("word", "other_word", "third_word", "number", "moment")
    empty = {
        "number": cast(null(), BigInteger),
        "moment": cast(null(), Moment),
    }
    columns = [facts.get(name, empty.get(name, cast(null(), String))).label(name) for name in names]
    return select(
        table.c.key,
        table.c.instance_key,
        table.c.element_instance_key,
        literal(wait_type, String).label("wait_type"),
        *columns,
    )


_job, _message = instances.jobs, instances.message_subscriptions
_condition = instances.condition_subscriptions
_signal, _timer, _task = instances.signal_subscriptions, instances.timers, tasks.user_tasks

_waiting = union_all(
    _waits(
        "JOB",
        _job,
        word=_job.c.type,
        other_word=_job.c.kind,
        third_word=_job.c.listener_event_type,
        number=cast(_job.c.retries, BigInteger),
    ).where(_job.c.state.in_(OPEN_JOBS)),
    _waits(
        "MESSAGE", _message, word=_message.c.message_name, other_word=_message.c.correlation_key
    ),
    _waits("SIGNAL", _signal, word=_signal.c.signal_name),
    _waits("CONDITION", _condition, word=_condition.c.condition, other_word=_condition.c.changes),
    _waits(
        "TIMER",
        _timer,
        number=cast(_timer.c.repetitions_left, BigInteger),
        moment=_timer.c.due_at,
    ).where(_timer.c.state.in_(("OPEN", "SUSPENDED")), _timer.c.instance_key.is_not(None)),
    _waits("USER_TASK", _task, moment=_task.c.due_at).where(_task.c.state == "CREATED"),
).subquery()
_element, _instance = instances.element_instances, instances.process_instances

_DETAILS: Mapping[str, Callable[[Row[Any]], dict[str, Any]]] = {
    "JOB": lambda row: {
        "jobKey": key_text(row.key),
        "jobType": row.word,
        "jobKind": row.other_word,
        "listenerEventType": row.third_word,
        "retries": row.number,
    },
    "MESSAGE": lambda row: {"messageName": row.word, "correlationKey": row.other_word},
    "CONDITION": lambda row: {
        "expression": row.word,
        "events": row.other_word.split(",") if row.other_word else [],
    },
    "SIGNAL": lambda row: {"signalName": row.word},
    "TIMER": lambda row: {
        "dueDate": int(row.moment.timestamp() * 1000),
        "repetitions": row.number,
    },
    "USER_TASK": lambda row: {"taskKey": key_text(row.key), "dueDate": moment_text(row.moment)},
}


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a reason to wait as the API's object."""
    return {
        "rootProcessInstanceKey": key_text(row.root_key),
        "processInstanceKey": key_text(row.instance_key),
        "elementInstanceKey": key_text(row.element_instance_key),
        "elementId": row.element_id,
        "elementType": row.type,
        "tenantId": TENANT,
        "bpmnProcessId": row.process_id,
        "details": {**_DETAILS[row.wait_type](row), "waitStateType": row.wait_type},
    }


NOUN = Noun(
    name="wait state",
    source=_waiting.join(_element, _element.c.key == _waiting.c.element_instance_key).join(
        _instance, _instance.c.key == _waiting.c.instance_key
    ),
    columns=(
        *_waiting.c,
        _element.c.element_id,
        _element.c.type,
        _instance.c.root_key,
        _instance.c.process_id,
    ),
    key=_waiting.c.key,
    filters=Filters(
        {
            "elementInstanceKey": Field(_waiting.c.element_instance_key, KEY),
            "processInstanceKey": Field(_waiting.c.instance_key, KEY),
            "rootProcessInstanceKey": Field(_instance.c.root_key, KEY),
            "elementId": Field(_element.c.element_id, TEXT),
            "elementType": Field(_element.c.type, ELEMENT_TYPES),
            "waitStateType": Field(_waiting.c.wait_type, _WAIT_TYPES),
        }
    ),
    sorts={
        "elementId": _element.c.element_id,
        "elementInstanceKey": _waiting.c.element_instance_key,
        "processInstanceKey": _waiting.c.instance_key,
        "rootProcessInstanceKey": _instance.c.root_key,
    },
    visible=lambda person: may_see_part_of(person, _waiting.c.instance_key),
    reach=part_of(_waiting.c.instance_key, "elementInstanceKey"),
    show=show,
)


def of_instance(connection: Connection, person: Person, instance_key: int) -> list[dict[str, Any]]:
    """Return, an element each, how many of its instances wait.

    Raises:
        NotFoundError: No such instance, or the person may not know that there is.
    """
    row_of(connection, person, process_instances.NOUN, instance_key)
    query = (
        select(
            _element.c.element_id,
            func.count(func.distinct(_waiting.c.element_instance_key)).label("waiting"),
        )
        .select_from(NOUN.source)
        .where(_waiting.c.instance_key == instance_key)
        .group_by(_element.c.element_id)
        .order_by(_element.c.element_id)
    )
    return [
        {"elementId": row.element_id, "waitingCount": row.waiting}
        for row in connection.execute(query)
    ]
