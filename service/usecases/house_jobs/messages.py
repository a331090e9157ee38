"""`huiyin:publish-message`: a BPMN message to whoever waits, or to a process it starts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from service import feel
from service.domain.errors import AlreadyExistsError, BadInputError
from service.persistence.tables import cases
from service.sla import SHANGHAI
from service.usecases.execution.messages import PublishMessage
from service.usecases.execution.registry import HouseJob, no_context, shown


def publish(job: HouseJob) -> Mapping[str, Any]:
    """Publish the message in this transaction and tell which case it started, if any."""
    payload = job.value("payload") or {}
    if not isinstance(payload, dict):
        raise no_context("payload", payload)
    message_id = job.value("message_id")
    command = PublishMessage(
        name=job.header("messageName"),
        correlation_key=job.text("correlation_key"),
        variables=payload,
        time_to_live=_length(job),
        message_id=None if message_id is None else str(message_id),
    )
    try:
        published = job.execution.publish(command)
    except AlreadyExistsError as error:
        message = f"编号为 {message_id} 的消息已在等待接收，不能重复发布。"
        raise AlreadyExistsError(error.detail, message=message) from error
    return {
        "message_key": str(published.message_key),
        "started": _case_no(job, published.started[0]) if published.started else None,
    }


def _length(job: HouseJob) -> timedelta:
    """Return the input `time_to_live` (an ISO 8601 duration text) as a length of time.

    Raises:
        BadInputError: It is no duration, below 0, or ends after the year 9999.
    """
    text = job.value("time_to_live") or "PT0S"
    surroundings = feel.Surroundings(job.unit.now, SHANGHAI, {})
    end = feel.to_json(
        feel.compile_expression("now() + duration(t)").evaluate({"t": text}, surroundings).value
    )
    try:
        length = datetime.fromisoformat(end or "") - job.unit.now
    except ValueError as error:
        raise BadInputError(
            f"Expected 'time_to_live' to be a duration, but got {shown(text)}.",
            message=f"输入 time_to_live 应为时长，实际为 {shown(text)}。",
        ) from error
    if length < timedelta(0):
        raise BadInputError(
            f"Expected 'time_to_live' to be at least 0, but got {shown(text)}.",
            message=f"输入 time_to_live 不能为负，实际为 {shown(text)}。",
        )
    return length


def _case_no(job: HouseJob, instance_key: int) -> str | None:
    table = cases.cases
    query = select(table.c.case_no).where(table.c.root_instance_key == instance_key)
    return job.unit.connection.execute(query).scalar_one_or_none()


HANDLERS = {"huiyin:publish-message": publish}
