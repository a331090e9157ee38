"""Ad-hoc sub-processes and listeners once more, on PostgreSQL: what they write takes other statements there."""

from collections.abc import Iterator

import pytest

from service.persistence.database import Database
from tests.persistence.postgresql import migrated_database
from tests.usecases.test_ad_hoc import (
    test_a_leading_job_without_retries_is_an_incident_of_its_own,
    test_a_new_job_takes_the_place_of_the_old_one,
    test_activities_are_started_by_hand,
)
from tests.usecases.test_global_listeners import (
    test_a_canceled_instance_takes_back_what_was_asked,
    test_a_task_that_was_open_before_asks_a_new_listener,
)
from tests.usecases.test_listener_jobs import (
    test_a_cancelled_process_ends_when_its_own_listener_has_answered,
    test_a_listener_is_a_job_of_its_own_kind_before_that_of_the_element,
    test_a_listener_without_retries_is_an_incident_that_can_be_resolved,
    test_jobs_of_higher_priority_are_given_out_first,
)
from tests.usecases.test_task_listeners import (
    test_a_completion_waits_for_its_listener_who_sees_what_it_brings,
    test_a_denied_command_changes_nothing_and_says_why,
    test_a_task_is_for_nobody_until_its_creation_was_let_pass,
    test_an_assignment_may_be_corrected,
    test_an_update_is_carried_out_afterwards,
    test_cancelling_waits_for_the_canceling_listener,
)

__all__ = [
    "test_a_canceled_instance_takes_back_what_was_asked",
    "test_a_cancelled_process_ends_when_its_own_listener_has_answered",
    "test_a_completion_waits_for_its_listener_who_sees_what_it_brings",
    "test_a_denied_command_changes_nothing_and_says_why",
    "test_a_leading_job_without_retries_is_an_incident_of_its_own",
    "test_a_listener_is_a_job_of_its_own_kind_before_that_of_the_element",
    "test_a_listener_without_retries_is_an_incident_that_can_be_resolved",
    "test_a_new_job_takes_the_place_of_the_old_one",
    "test_a_task_is_for_nobody_until_its_creation_was_let_pass",
    "test_a_task_that_was_open_before_asks_a_new_listener",
    "test_activities_are_started_by_hand",
    "test_an_assignment_may_be_corrected",
    "test_an_update_is_carried_out_afterwards",
    "test_cancelling_waits_for_the_canceling_listener",
    "test_jobs_of_higher_priority_are_given_out_first",
]

pytestmark = pytest.mark.services


@pytest.fixture
def database() -> Iterator[Database]:
    """Put the house of these tests on a PostgreSQL of its own."""
    with migrated_database() as engine:
        yield Database(engine)
