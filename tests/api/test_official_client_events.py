"""The official client broadcasts signals and evaluates start conditions."""

from typing import Any

import pytest
from camunda_orchestration_sdk import errors
from camunda_orchestration_sdk.models import (
    ConditionalEvaluationInstruction,
    ElementInstanceWaitStateQuery,
    SignalBroadcastRequest,
)

from service.domain import jobs
from service.usecases import process_instances, signals
from service.usecases.deployments import DeployFile, deploy
from service.usecases.house import House
from service.usecases.process_instances import CreateInstance
from service.usecases.transaction import SYSTEM
from tests.api.conftest import SignIn
from tests.api.steps import instance_state
from tests.fakes import RecordingQueue
from tests.usecases import drawing
from tests.usecases.test_conditionals import conditional, started_when

pytestmark = pytest.mark.slow


def deployed(house: House, *files: DeployFile) -> None:
    """Deploy files."""
    deploy(house, SYSTEM, list(files))


def test_a_signal_starts_what_waits_for_it(
    staffed: House, queue: RecordingQueue, sign_in: SignIn
) -> None:
    """The answer holds its key; a worker carries it out; who may not operate is refused."""
    start = drawing.event("startEvent", "start", drawing.signalled("news"))
    task = drawing.user_task("handle")
    news = drawing.signal("news")
    deployed(staffed, drawing.line("listening", task, start=start, definitions=news))
    request = SignalBroadcastRequest.from_dict({"signalName": "news", "variables": {"x": 1}})

    with pytest.raises(errors.ApiError):
        sign_in("quinn").broadcast_signal(data=request)
    answer = sign_in("worker").broadcast_signal(data=request)
    assert (answer.tenant_id, answer.signal_key.isdecimal()) == ("<default>", True)
    (key,) = queue.keys_of(jobs.DELIVER_SIGNAL)
    assert signals.deliver(staffed, key)


def test_start_conditions_are_evaluated(staffed: House, sign_in: SignIn) -> None:
    """The answer names the instances; nothing true: an empty list."""
    deployed(staffed, started_when("watching", "x &gt; 1"))
    worker = sign_in("worker")

    def evaluate(x: int) -> list[str]:
        body = ConditionalEvaluationInstruction.from_dict({"variables": {"x": x}})
        answer = worker.evaluate_conditionals(data=body)
        return [reference.process_instance_key for reference in answer.process_instances]

    assert evaluate(1) == []
    (key,) = evaluate(2)
    assert instance_state(sign_in("owner"), key) == "ACTIVE"


def test_a_condition_that_is_waited_for_is_shown(staffed: House, sign_in: SignIn) -> None:
    """With its expression, beside the task that it watches."""
    beside = drawing.boundary("ask", conditional("x &gt; 10"))
    deployed(staffed, drawing.line("asked", drawing.user_task("ask"), beside=beside))
    owner = sign_in("owner")
    key = process_instances.create(staffed, SYSTEM, CreateInstance(process_id="asked")).key
    query = {"filter": {"processInstanceKey": str(key)}}
    found = owner.search_element_instance_wait_states(
        data=ElementInstanceWaitStateQuery.from_dict(query)
    )

    by_type: dict[str, Any] = {item.details.wait_state_type: item.details for item in found.items}
    assert by_type.keys() == {"CONDITION", "USER_TASK"}
    assert (by_type["CONDITION"].expression, by_type["CONDITION"].events) == ("=x > 10", [])
