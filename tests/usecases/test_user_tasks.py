"""User tasks: who may do what with them, and that nothing is lost or done twice."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from service.domain.errors import (
    BadInputError,
    InvalidFormError,
    NotAllowedError,
    NotFoundError,
    WrongStateError,
)
from service.persistence.tables import cases, tasks
from service.usecases import user_tasks
from service.usecases.execution.execution import Execution
from service.usecases.user_tasks import UserTaskChanges
from tests.fakes import NOW, FakeClock
from tests.rows import person
from tests.usecases.conftest import Office

ADMIN = person("guanli", roles=frozenset({"admin"}))


def test_a_started_process_opens_its_first_task_for_the_candidates(office: Office) -> None:
    """The task is open, unassigned, with candidates and due date as the diagram says (XC-P-1)."""
    office.start()
    task = office.task("check_request")
    assert (task.assignee, task.candidate_groups) == (None, ["quality"])
    assert task.due_at == NOW + timedelta(hours=10)
    assert [row.name for row in office.rows(tasks.user_task_candidates)] == ["quality"]


def test_a_claimed_task_cannot_be_claimed_by_another(office: Office) -> None:
    """The second claim is refused and names who has it; the first stands."""
    office.start()
    key = office.task("check_request").key
    user_tasks.claim(office.house, office.inspector, key)
    with pytest.raises(WrongStateError, match="lina"):
        user_tasks.claim(office.house, office.colleague, key)
    assert office.task("check_request").assignee == "lina"


def test_claiming_ones_own_task_again_changes_nothing(office: Office) -> None:
    """A double click is no error."""
    office.start()
    key = office.task("check_request").key
    user_tasks.claim(office.house, office.inspector, key)
    user_tasks.claim(office.house, office.inspector, key)
    assert office.task("check_request").assignee == "lina"


def test_a_put_back_task_can_be_claimed_by_another(office: Office) -> None:
    """放回 gives the task back to its group."""
    office.start()
    key = office.task("check_request").key
    user_tasks.claim(office.house, office.inspector, key)
    user_tasks.unassign(office.house, office.inspector, key)
    user_tasks.claim(office.house, office.colleague, key)
    assert office.task("check_request").assignee == "zhaolei"


def test_a_stranger_may_neither_claim_nor_complete(office: Office) -> None:
    """Who is no candidate is refused (XC-P-1)."""
    office.start()
    key = office.task("check_request").key
    with pytest.raises(NotAllowedError):
        user_tasks.claim(office.house, office.stranger, key)
    with pytest.raises(NotAllowedError):
        user_tasks.complete(office.house, office.stranger, key, {"opinion": "同意"})
    assert office.task("check_request").state == "CREATED"


def test_an_unknown_task_is_not_found(office: Office) -> None:
    """A key that no task has is told as such."""
    with pytest.raises(NotFoundError):
        user_tasks.complete(office.house, office.inspector, 42, {})


def test_refused_values_write_nothing(office: Office) -> None:
    """Values are refused field by field; the task stays open, nothing is kept of them."""
    office.start()
    key = office.task("check_request").key
    with pytest.raises(InvalidFormError) as refused:
        user_tasks.complete(office.house, office.inspector, key, {"amount": -1, "bonus": 3})
    paths = {(problem.path, problem.code) for problem in refused.value.problems}
    assert paths == {("opinion", "required"), ("amount", "min"), ("bonus", "unknown_key")}
    assert office.task("check_request").state == "CREATED"
    assert office.rows(tasks.form_submissions) == []


def test_completing_keeps_the_submission_and_who_when(office: Office, clock: FakeClock) -> None:
    """Task, submission and history say who finished it and when (XC-X-6, XC-X-7)."""
    office.start()
    clock.advance(hours=1)
    key = office.task("check_request").key
    user_tasks.complete(office.house, office.inspector, key, {"opinion": "同意", "amount": 12})
    done = office.task("check_request", "COMPLETED")
    (submission,) = office.rows(tasks.form_submissions)
    (event,) = office.rows(cases.events, cases.events.c.kind == "user_task.completed")
    assert (done.completed_by, done.completed_at, done.is_late) == ("lina", clock.now(), False)
    assert submission.values == {"opinion": "同意", "amount": 12}
    assert (event.who, event.after["opinion"], event.rule_refs) == ("lina", "同意", ["XC-CS-7"])


def test_completing_late_is_noted(office: Office, clock: FakeClock) -> None:
    """A task finished after its due date counts as late (XC-X-3)."""
    office.start()
    clock.advance(hours=10, seconds=1)
    key = office.task("check_request").key
    user_tasks.complete(office.house, office.inspector, key, {"opinion": "同意"})
    assert office.task("check_request", "COMPLETED").is_late is True


def test_completing_a_completed_task_names_who_did_it(office: Office) -> None:
    """The second submit gets a conflict with name and time, and changes nothing."""
    office.start()
    key = office.task("check_request").key
    user_tasks.complete(office.house, office.inspector, key, {"opinion": "同意"})
    with pytest.raises(WrongStateError, match="COMPLETED by 'lina'"):
        user_tasks.complete(office.house, office.colleague, key, {"opinion": "不同意"})
    (submission,) = office.rows(tasks.form_submissions)
    assert submission.submitted_by == "lina"


def test_two_people_at_once_one_succeeds(office: Office) -> None:
    """Two threads complete the same task at the same moment: exactly one gets through."""
    office.start()
    key = office.task("check_request").key
    together, outcomes = Barrier(2), []

    def submit(person: object) -> None:
        together.wait()
        try:
            user_tasks.complete(office.house, person, key, {"opinion": "同意"})  # type: ignore[arg-type]
        except WrongStateError:
            outcomes.append("conflict")
        else:
            outcomes.append("done")

    threads = [Thread(target=submit, args=(who,)) for who in (office.inspector, office.colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "done"]
    assert len(office.rows(tasks.form_submissions)) == 1


def test_a_draft_is_kept_for_each_person(office: Office) -> None:
    """Drafts are one a person, count versions, and go when the task is done."""
    office.start()
    key = office.task("check_request").key
    first = user_tasks.save_draft(office.house, office.inspector, key, {"opinion": "同"})
    second = user_tasks.save_draft(
        office.house, office.inspector, key, {"opinion": "同意"}, first.version
    )
    user_tasks.save_draft(office.house, office.colleague, key, {"opinion": "再议"})
    assert (first.version, second.version) == (1, 2)
    assert len(office.rows(tasks.user_task_drafts)) == 2
    user_tasks.complete(office.house, office.inspector, key, {"opinion": "同意"})
    assert office.rows(tasks.user_task_drafts) == []


def test_a_draft_from_an_older_window_is_refused(office: Office) -> None:
    """The draft of another window is not overwritten unseen."""
    office.start()
    key = office.task("check_request").key
    user_tasks.save_draft(office.house, office.inspector, key, {"opinion": "一"})
    user_tasks.save_draft(office.house, office.inspector, key, {"opinion": "二"}, 1)
    with pytest.raises(WrongStateError, match="another window"):
        user_tasks.save_draft(office.house, office.inspector, key, {"opinion": "三"}, 1)


def test_a_new_due_date_sets_the_clock_anew(office: Office, clock: FakeClock) -> None:
    """The mark of the old date is gone, that of the new one (80 % of the time) stands."""
    office.start()
    key = office.task("check_request").key
    later = clock.now() + timedelta(days=2)
    user_tasks.update(office.house, ADMIN, key, UserTaskChanges({"due_at": later}))
    (mark,) = office.rows(tasks.task_clocks)
    assert (mark.kind, mark.state) == ("remind", "OPEN")
    assert mark.due_at == NOW + (later - NOW) * 0.8


def test_whom_a_deadline_binds_does_not_move_it(office: Office, clock: FakeClock) -> None:
    """XC-X-3: nor who may sign (XC-CS-5); when he looks at it again is his own affair."""
    office.start()
    key = office.task("check_request").key
    user_tasks.claim(office.house, office.inspector, key)
    later = clock.now() + timedelta(days=2)
    for fields in ({"due_at": later}, {"candidate_groups": ["finance"]}, {"priority": 1}):
        with pytest.raises(NotAllowedError):
            user_tasks.update(office.house, office.inspector, key, UserTaskChanges(fields))
    changes = UserTaskChanges({"follow_up_at": later})
    user_tasks.update(office.house, office.inspector, key, changes)
    assert office.task("check_request").follow_up_at == later


@pytest.mark.parametrize("fields", [{"name": "x"}, {"priority": 101}, {"priority": -1}])
def test_what_cannot_be_changed_is_refused(office: Office, fields: dict[str, object]) -> None:
    """Unknown fields and priorities outside 0 to 100 are refused."""
    office.start()
    key = office.task("check_request").key
    with pytest.raises(BadInputError):
        user_tasks.update(office.house, office.inspector, key, UserTaskChanges(fields))


def test_a_value_that_stays_is_not_written_again(office: Office) -> None:
    """Its row is left alone; true for 1 is another value, and is written."""
    office.start()
    key = office.task("check_request").key
    with office.house.database.unit(office.house.outside) as unit:
        execution = Execution(office.house, unit, office.owner)
        _row, instance = execution.load_task(key)
        instance.write(instance.key, "amount", 1)
        execution.mark_changed(instance)
        execution.finish()
        instance.write(instance.key, "amount", 1)
        assert instance.touched == set()
        instance.write(instance.key, "amount", True)
        assert instance.touched == {(instance.key, "amount")}
