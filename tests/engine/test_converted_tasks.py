"""Migration of a user task that is a job to one for people: the job ends, a task opens in its place."""

from dataclasses import replace
from datetime import datetime

import pytest

from service.domain.errors import WrongStateError
from service.engine import CompiledProcess, JobOpened, UserTaskOpened
from tests.engine.inline import FOR_PEOPLE, PERSON, Inline, element, extended, flows, process
from tests.engine.player import FORM_KEY

PLANNED = (
    '<zeebe:assignmentDefinition assignee="anna" candidateGroups="a, b" candidateUsers="=[who]" />'
    '<zeebe:taskSchedule dueDate="2026-12-01T08:00:00Z" followUpDate="2026-11-30T08:00:00Z" />'
    '<zeebe:taskHeaders><zeebe:header key="k" value="v" /></zeebe:taskHeaders>'
)
LOOP = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics "
    'inputCollection="=[&quot;x&quot;, &quot;y&quot;]" inputElement="signer" />'
    "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
)
VARIABLES = {"who": "bo", "boss": "carl"}


def drawn(element_id: str, extensions: str, loop: str = "") -> CompiledProcess:
    """Return a process of one user task, and of another behind it."""
    after = f"after_{element_id}"
    return process(
        element("startEvent", "start"),
        element("userTask", element_id, extended(extensions) + loop),
        element("userTask", after, PERSON),
        flows("start", element_id, after),
    )


def waiting(extensions: str, loop: str = "") -> Inline:
    """Return an instance that waits at the user task `old`."""
    return Inline(drawn("old", extensions, loop), VARIABLES)


def converted(source: str, target: str) -> UserTaskOpened:
    """Return the task that stands in the place of a job once `old` is mapped to `new`."""
    player = waiting(source)
    player.migrate(drawn("new", FOR_PEOPLE + target), ("old", "new"))
    (task,) = player.waits_of("new")
    assert isinstance(task, UserTaskOpened)
    return task


def test_what_the_job_told_is_told_of_the_task() -> None:
    """Candidates, dates and headers are those of the job, not of the target; the reserved headers are gone."""
    task = converted(PLANNED, PLANNED.replace("a, b", "c").replace("2026-12-01", "2027-12-01"))
    assert (task.candidate_groups, task.candidate_users) == (("a", "b"), ("bo",))
    due, follow_up = (
        datetime.fromisoformat(f"{day}T08:00:00Z") for day in ("2026-12-01", "2026-11-30")
    )
    assert (task.due_at, task.follow_up_at) == (due, follow_up)
    assert (task.headers, task.state) == ({"k": "v"}, "CREATED")


@pytest.mark.parametrize(
    ("target", "assignee", "priority"),
    [
        ("", None, 50),
        ('<zeebe:assignmentDefinition assignee="=boss" />', "carl", 50),
        ('<zeebe:assignmentDefinition assignee="=nobody" />', None, 50),
        ('<zeebe:priorityDefinition priority="=30 + 1" />', None, 31),
        ('<zeebe:priorityDefinition priority="=101" />', None, 50),
    ],
)
def test_the_target_says_whose_and_how_urgent_it_is(
    target: str, assignee: str | None, priority: int
) -> None:
    """Whoever had the job elsewhere, nobody here knows; what cannot be evaluated holds nothing up."""
    task = converted(PLANNED, target)
    assert (task.assignee, task.priority) == (assignee, priority)


EMBEDDED = '<zeebe:formDefinition formKey="camunda-forms:bpmn:userTaskForm_1" />'
LINKED = '<zeebe:formDefinition formId="review" />'
REFERENCE = '<zeebe:formDefinition externalReference="=&quot;their-&quot; + boss" />'


@pytest.mark.parametrize(
    ("source", "target", "form_key", "external"),
    [
        ("", LINKED, None, None),
        (LINKED, REFERENCE, FORM_KEY, None),
        ('<zeebe:formDefinition formKey="https://forms" />', LINKED, None, "https://forms"),
        (EMBEDDED, LINKED, FORM_KEY, None),
        (EMBEDDED, REFERENCE, None, "their-carl"),
        (EMBEDDED, "", None, None),
    ],
)
def test_the_form_is_that_of_the_job_but_for_one_in_the_diagram(
    source: str, target: str, form_key: int | None, external: str | None
) -> None:
    """A form that stands in the old diagram cannot come along: the target's stands in its place."""
    task = converted(source, target)
    assert (task.form_key, task.external_form_reference) == (form_key, external)


def test_the_job_is_over_and_nobody_is_asked() -> None:
    """Listeners of the target hear only what changes later; the forecast says what becomes of the job."""
    player = waiting(PLANNED)
    listeners = "".join(
        f'<zeebe:taskListener eventType="{event}" type="hear" />'
        for event in ("creating", "assigning", "completing")
    )
    assigned = '<zeebe:assignmentDefinition assignee="anna" />'
    target = f"{FOR_PEOPLE}{assigned}<zeebe:taskListeners>{listeners}</zeebe:taskListeners>"
    migrated = player.migrate(drawn("new", target), ("old", "new"))

    assert [one.is_converted for one in migrated.elements] == [True]
    (over,) = migrated.step.over
    assert (over.kind, over.is_terminated) == ("job", True)
    assert player.asked == []
    player.change("new", "completing")
    assert player.asked == [("hear", "COMPLETING")]


def test_it_goes_on_as_the_target_draws_it() -> None:
    """The task is done by people, and what is behind it follows."""
    player = waiting("")
    player.migrate(drawn("new", FOR_PEOPLE), ("old", "new"))
    player.complete("new")
    assert player.open == ["after_new"]


def test_each_of_a_multi_instance_is_its_items() -> None:
    """The target's assignee sees the item: every signer has his task, in his place."""
    player = waiting("", LOOP)
    each = '<zeebe:assignmentDefinition assignee="=signer" />'
    player.migrate(drawn("new", FOR_PEOPLE + each, LOOP), ("old", "new"))
    tasks = player.step.user_tasks
    assert [(task.assignee, task.loop_counter) for task in tasks] == [("x", 1), ("y", 2)]


def test_a_task_for_people_does_not_become_a_job() -> None:
    """Nobody would do it: it is refused, as in Camunda 8."""
    player = waiting(FOR_PEOPLE)
    with pytest.raises(WrongStateError, match="only one of them is a job"):
        player.migrate(drawn("new", ""), ("old", "new"))


def test_a_form_that_is_not_there_refuses_it() -> None:
    """A task nobody can fill in would help nobody; nothing has changed."""
    player = waiting(EMBEDDED)
    before = player.state
    player.around = replace(player.around, find_form=lambda binding: None)
    with pytest.raises(WrongStateError, match="form of 'new'") as refusal:
        player.migrate(drawn("new", FOR_PEOPLE + LINKED), ("old", "new"))
    assert refusal.value.facts["reason"] == "no_form"
    assert (player.state, player.open) == (before, ["old"])


def test_a_job_that_has_failed_for_good_is_looked_at_first() -> None:
    """As in Camunda 8: its incident is resolved before it becomes a task."""
    player = waiting("")
    player.failed.update(player.waits)
    with pytest.raises(WrongStateError, match="incident of the job of 'old'"):
        player.migrate(drawn("new", FOR_PEOPLE), ("old", "new"))
    player.failed.clear()
    player.migrate(drawn("new", FOR_PEOPLE), ("old", "new"))
    assert player.open == ["new"]


def test_what_has_not_begun_begins_as_the_target_draws_it() -> None:
    """Before the job there is none to end: behind its listener, or once mended, the task opens."""
    listener = (
        '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="first" />'
        "</zeebe:executionListeners>"
    )
    broken = '<zeebe:assignmentDefinition assignee="=nobody" />'
    listening, stuck = waiting(listener), waiting(broken)
    for player, target in ((listening, listener), (stuck, "")):
        migrated = player.migrate(drawn("new", FOR_PEOPLE + target), ("old", "new"))
        assert [one.is_converted for one in migrated.elements] == [False]
    assert isinstance(listening.waits_of("new")[0], JobOpened)
    listening.complete("new")
    stuck.retry(next(iter(stuck.incidents)))
    assert [type(p.waits_of("new")[0]) for p in (listening, stuck)] == [UserTaskOpened] * 2
