"""The official client operates running instances: suspends, modifies, migrates, deletes them."""

import pytest
from camunda_orchestration_sdk import CamundaClient, errors
from camunda_orchestration_sdk.models import (
    ProcessInstanceSearchQuery,
    ResumeProcessInstanceRequest,
    SuspendProcessInstanceRequest,
)

from service.usecases.house import House
from tests.api.conftest import SignIn
from tests.api.steps import complete_inspection, instance_state, start

pytestmark = pytest.mark.slow


def found(client: CamundaClient, **filter_: object) -> list[str]:
    """Return the keys of the instances that a filter finds."""
    query = ProcessInstanceSearchQuery.from_dict({"filter": filter_})
    return [one.process_instance_key for one in client.search_process_instances(data=query).items]


def test_an_instance_is_suspended_and_resumed(deployed: House, sign_in: SignIn) -> None:
    """Active ones are not those suspended; a command on it meets 409; the date is there and goes."""
    owner, quinn = sign_in("owner"), sign_in("quinn")
    key = start(owner).process_instance_key
    owner.suspend_process_instance(key, data=SuspendProcessInstanceRequest())
    shown = owner.get_process_instance(key)
    assert (shown.state.value, shown.suspended_date is not None) == ("SUSPENDED", True)
    assert (found(owner, state="ACTIVE"), found(owner, state="SUSPENDED")) == ([], [key])
    with pytest.raises(errors.ConflictError):
        owner.suspend_process_instance(key, data=SuspendProcessInstanceRequest())
    with pytest.raises(errors.ConflictError):
        complete_inspection(quinn)
    owner.resume_process_instance(key, data=ResumeProcessInstanceRequest())
    assert owner.get_process_instance(key).suspended_date is None
    complete_inspection(quinn)
    with pytest.raises(errors.ConflictError):
        owner.resume_process_instance(key, data=ResumeProcessInstanceRequest())
    assert instance_state(owner, key) == "ACTIVE"
