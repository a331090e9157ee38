"""User tasks, jobs and the elements that are done at once."""

from datetime import UTC, datetime

import orjson
import pytest

from service import engine
from service.domain.errors import NotFoundError, WrongStateError
from service.engine import Binding, JobOpened, UncaughtError
from tests.engine.player import FORM_KEY, Drawn, Player, answer
from tests.usecases import drawing


def test_a_user_task_opens_with_all_its_expressions_evaluated() -> None:
    """Static texts, FEEL, headers and properties arrive as values; a blank header is dropped."""
    player = Player(
        "user_task/everything",
        {"owner": "anna", "people": ["li", "wang"], "due": "2026-11-25T18:00:00+08:00"},
    )

    (task,) = player.step.user_tasks
    assert (task.name, task.assignee) == ("复核", "anna")
    assert (task.candidate_groups, task.candidate_users) == (("cs", "quality"), ("li", "wang"))
    assert task.due_at == datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert (task.priority, task.form_key, task.loop_counter) == (80, FORM_KEY, None)
    assert (task.headers, task.properties) == ({"messageId": "FB-M1"}, {"ruleRefs": "FB-4.5-7"})


def test_missing_optional_values_leave_a_user_task_open_to_all() -> None:
    """An assignee that is empty and a due date that is null mean none; candidates must be a list."""
    player = Player("user_task/everything", {"owner": "", "people": []})

    (task,) = player.step.user_tasks
    assert (task.assignee, task.candidate_users, task.due_at) == (None, (), None)


@pytest.mark.parametrize(
    ("variables", "hint"),
    [
        ({"owner": 5, "people": []}, "受理人"),
        ({"people": []}, "受理人"),
        ({"owner": ""}, "候选人"),
        ({"owner": "", "people": "li"}, "候选人"),
        ({"owner": "", "people": [1]}, "候选人"),
        ({"owner": "", "people": [], "due": "2026-11-25T18:00:00"}, "时区"),
        ({"owner": "", "people": [], "due": "tomorrow"}, "日期时间"),
    ],
)
def test_a_wrong_value_stops_the_task_with_an_incident(
    variables: dict[str, object], hint: str
) -> None:
    """Wrong types are EXTRACT_VALUE_ERROR; the text names the attribute."""
    player = Player("user_task/everything", variables)

    (incident,) = player.step.incidents
    assert (incident.error_type, incident.element_id) == ("EXTRACT_VALUE_ERROR", "review")
    assert hint in incident.message
    assert player.open == []


def test_the_retries_of_a_job_are_the_whole_part_of_a_number() -> None:
    """As Camunda 8 takes them."""
    (job,) = Player("job_task/terms", {"kind": "mend", "tries": 2.9}).step.jobs

    assert (job.type, job.retries) == ("mend", 2)


@pytest.mark.parametrize(
    ("kind", "tries", "hint"),
    [
        ("", 1, "作业类型（=kind）应得到非空的文本"),
        (5, 1, "作业类型（=kind）应得到文本"),
        (None, 1, "作业类型（=kind）应得到文本"),
        ("长" * 257, 1, "作业类型（=kind）最多 256 个字符，实际有 257 个。"),
        ("mend", "2", "重试次数（=tries）应得到整数"),
        ("mend", 1e300, "重试次数（=tries）应得到整数"),
    ],
)
def test_a_job_that_nobody_could_take_is_not_opened(kind: object, tries: object, hint: str) -> None:
    """An empty, wrong or endless type, and retries that are no number, wait for the operator."""
    (incident,) = Player("job_task/terms", {"kind": kind, "tries": tries}).step.incidents

    assert (incident.error_type, hint in incident.message) == ("EXTRACT_VALUE_ERROR", True)


@pytest.mark.parametrize(
    ("written", "priority"),
    [("-5", -5), ("-2147483648", -(2**31)), ("=-2147483648", -(2**31)), ("", 0)],
)
def test_a_job_may_have_any_priority_of_32_bits(written: str, priority: int) -> None:
    """Written or evaluated; an empty one is 0, whatever the process says."""
    own = f'<zeebe:jobPriorityDefinition priority="{written}" />'
    task = drawing.job("work", "work", more=own)
    head = drawing.extension('<zeebe:jobPriorityDefinition priority="9" />')
    content = drawing.line("process", task).content.decode()
    drawn = content.replace("<bpmn:startEvent", f"{head}<bpmn:startEvent", 1)

    assert [job.priority for job in Drawn(drawn.encode()).step.jobs] == [priority]


def test_a_variable_whose_name_no_index_holds_is_not_written() -> None:
    """Whoever made it up: its element waits for an operator."""
    player = Player("user_task/one")
    (incident,) = player.complete("review", **{"长" * 257: 1}).incidents

    assert (incident.element_id, incident.error_type) == ("review", "EXTRACT_VALUE_ERROR")
    assert "变量名最多 256 个字符，实际有 257 个。" in incident.message


def test_completing_writes_the_values_and_ends_the_instance() -> None:
    """Values go to the root; element events, flows and closed keys tell the way."""
    player = Player("user_task/one")

    step = player.complete("review", ok=True)

    assert (step.ended, step.root_variables) == ("COMPLETED", {"ok": True})
    assert step.flows_taken == ("review_to_end",)
    assert [(event.kind, event.element_type) for event in step.events] == [
        ("COMPLETED", "USER_TASK"),
        ("ACTIVATED", "END_EVENT"),
        ("COMPLETED", "END_EVENT"),
        ("COMPLETED", "PROCESS"),
    ]


def test_completing_what_does_not_wait_is_refused() -> None:
    """A key that is gone is not found; a user task is no job."""
    player = Player("user_task/one")
    stale, key = player.instance, player.step.user_tasks[0].element_instance_key

    with pytest.raises(NotFoundError):
        player._run(engine.complete_user_task, 999, {})
    with pytest.raises(WrongStateError):
        player._run(engine.complete_job, key, {})
    assert player.instance == stale


def test_round_400_of_a_loop_costs_the_bytes_of_round_1() -> None:
    """Finished tokens leave no trace in the state, and no depth hides a waiting task."""
    player = Player("user_task/loop")
    player.complete("ask", more=True)
    first = len(player.state)

    for _ in range(400):
        player.complete("ask", more=True)

    assert len(player.state) == first
    assert player.complete("ask", more=False).ended == "COMPLETED"


def test_what_is_done_at_once_needs_no_wait() -> None:
    """Undefined and manual task, throw event, script and decision run in one step."""
    player = Player("tasks/at_once", {"price": 2, "amount": 4}, decide=answer({"grade": 1}))

    assert player.step.ended == "COMPLETED"
    assert player.root == {
        "price": 2,
        "amount": 4,
        "seen": 2,
        "total": 8,
        "grade": {"grade": 1},
    }
    (decided,) = player.step.decisions
    binding, variables = decided.record
    assert (binding.id, binding.kind, variables["weight"]) == ("grading", "latest", 8)


def test_several_flows_out_of_a_task_fork() -> None:
    """BPMN: an uncontrolled flow is taken always."""
    player = Player("tasks/two_flows")
    player.complete("a")

    assert player.open == ["b", "c"]
    player.complete("b")
    assert player.complete("c").ended == "COMPLETED"


def test_a_job_carries_what_a_worker_needs() -> None:
    """Type, retries, visible variables, and the codes that are caught."""
    player = Player("job_task/errors", {"kind": "huiyin:notify", "case_no": "A1"})

    (job,) = player.step.jobs
    assert (job.type, job.retries, job.headers) == ("huiyin:notify", 5, {"a": "1"})
    assert job.variables == {"kind": "huiyin:notify", "case_no": "A1", "to": "cs"}
    assert job.caught_errors == ("notice_exists", "")


def test_a_job_with_output_mappings_hands_over_only_what_they_name() -> None:
    """The rest of the result is local and dropped."""
    player = Player("job_task/errors", {"kind": "x"})
    player.complete("send", result={"no": "N-1"}, noise=1)

    assert player.root == {"kind": "x", "number": "N-1"}
    assert player.open == ["ok"]


def test_an_error_from_a_job_goes_to_the_exact_code_first() -> None:
    """Catch-all takes only what has no catch of its own."""
    exact, other = (
        Player("job_task/errors", {"kind": "x"}),
        Player("job_task/errors", {"kind": "x"}),
    )
    exact.throw("send", "notice_exists", reason="twice")
    other.throw("send", "anything")

    assert (exact.open, exact.root["why"]) == (["known"], "twice")
    assert other.open == ["broken"]


def test_an_error_nobody_catches_is_refused_and_changes_nothing() -> None:
    """The caller decides what becomes of the job."""
    player = Player("job_task/throws")
    before = player.instance

    with pytest.raises(UncaughtError, match="boom"):
        player.throw("tell", "boom")
    assert player.instance == before


def test_an_error_caught_above_ends_the_instance() -> None:
    """The parent's call activity will hear of it."""
    player = Player("job_task/throws", caught_above=lambda code: code == "boom")
    step = player.throw("tell", "boom", why=1)

    assert step.ended == "TERMINATED"
    assert step.thrown is not None
    assert (step.thrown.code, step.thrown.variables) == ("boom", {"why": 1})


def test_a_user_task_without_its_extension_is_a_job() -> None:
    """Who, until when and which form travel in headers; empty ones are left out."""
    player = Player("user_task/job", {"who": "", "due": "2026-12-01T08:00:00Z"})
    (job,) = player.waits_of("ask")

    assert isinstance(job, JobOpened)
    assert (job.type, job.retries, job.kind) == ("io.camunda.zeebe:userTask", 1, "BPMN_ELEMENT")
    assert job.headers == {
        "k": "v",
        "io.camunda.zeebe:candidateGroups": '["a","b"]',
        "io.camunda.zeebe:dueDate": "2026-12-01T08:00:00+00:00",
        "io.camunda.zeebe:formKey": "camunda-forms:bpmn:form_1",
    }
    player.complete("ask")
    assert player.job_of("linked").headers == {"io.camunda.zeebe:formKey": str(FORM_KEY)}
    player.complete("linked")
    assert player.open == ["after"]


def test_message_throw_and_end_are_jobs() -> None:
    """Nothing is correlated inside the engine."""
    player = Player("job_task/throws")
    types = []
    while player.waits:
        (job,) = player.step.jobs
        types.append(job.type)
        player.complete(job.element_id)

    assert types == ["huiyin:notify", "mail", "huiyin:publish-message"]
    assert player.step.ended == "COMPLETED"


def test_a_job_is_told_the_keys_of_the_files_it_links() -> None:
    """In a header beside its own, by their bindings; one that is not there is an incident."""
    keys = {"robot": 5, "ask.md": 6}
    asked: list[Binding] = []

    def find(binding: Binding) -> int | None:
        asked.append(binding)
        return keys.get(binding.id)

    player = Player("job_task/linked", {"which": "gone.md"}, find_resource=find)
    (incident,) = player.step.incidents
    assert (incident.error_type, player.open) == ("RESOURCE_NOT_FOUND", [])
    assert incident.message == "没有部署带版本标签 «v2» 的链接资源 «gone.md»。部署后请重试。"
    player.write(1, {"which": "ask.md"})
    player.retry(incident.element_instance_key)

    (job,) = player.waits_of("work")
    assert isinstance(job, JobOpened)
    assert job.headers["kind"] == "robot"
    assert orjson.loads(job.headers["linkedResources"]) == [
        {"resourceKey": "5", "resourceType": "RPA", "linkName": "RPAScript"},
        {"resourceKey": "6", "resourceType": "GenericScript", "linkName": "prompt"},
    ]
    assert asked[-1] == Binding("ask.md", "versionTag", "v2")
