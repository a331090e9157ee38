"""House jobs through diagrams: inputs, results, incidents and doing them again (docs/dialect.md §1)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from service.domain import jobs
from service.domain.errors import BusyError, HuiyinError, UnavailableError
from service.persistence.tables import cases, instances
from service.usecases import messages, process_instances, registers
from service.usecases.deployments import DeployFile
from service.usecases.execution.execution import HOUSE_JOBS_A_TRANSACTION
from service.usecases.execution.registry import HouseJob
from service.usecases.house_jobs import HANDLERS
from service.usecases.messages import PublishMessage
from service.usecases.process_instances import CreateInstance
from tests.fakes import FakeClock, RecordingQueue
from tests.rows import add_case
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import (
    active_incidents,
    deployed,
    incident,
    mend,
    open_tasks,
    resolve,
    started,
    state,
    values,
)

CASE = {"caseNumber": "document:PF", "caseFacts": "customer_name,problem_type,batch_no"}
NOTICE = {"notice_no": "BQ-1", "batch_no": ["B1"], "problem_type": "开胶", "content": {"a": 1}}
PERSON = {"customer_name": "百灵", "problem_type": "开胶"}


def is_chinese(text: str) -> bool:
    """Tell whether a sentence is one that an office worker reads, and not English."""
    return text.endswith("。") and "Expected" not in text


def run(office: Office, job_type: str, given: Mapping[str, Any], **headers: str) -> int:
    """Run a case through one house job to a task, and return the instance's key."""
    work = drawing.job("work", job_type, **headers)
    deployed(office, drawing.line("small", work, drawing.user_task("after"), properties=CASE))
    return started(office, "small", **given)


GOOD: tuple[tuple[str, Mapping[str, Any], Mapping[str, str]], ...] = (
    ("huiyin:notify", {"to": ["quality"], "subject": "主题", "body": "正文"}, {}),
    ("huiyin:publish-message", {"correlation_key": "k"}, {"messageName": "m"}),
    ("huiyin:count-same-problems", {**PERSON, "window_months": 12}, {}),
    ("huiyin:find-history", {**PERSON, "batch_no": "B1"}, {}),
    ("huiyin:find-notice", {"batch_no": "B1", "problem_type": None}, {}),
    ("huiyin:put-notice-in-force", {**NOTICE, "valid_to": "2026-12-31"}, {}),
    ("huiyin:set-batch-status", {"batch_no": "B1", "status": "冻结", "reason": "抽检"}, {}),
    ("huiyin:next-number", {"code": "HB"}, {}),
    ("huiyin:case-result", {"case_no": "PF-202611-0001", "variables": {"a": 1}}, {}),
    ("huiyin:archive", {}, {}),
)
RESULTS: dict[str, Mapping[str, Any]] = {
    "huiyin:notify": {"notified": ["lina", "zhaolei"]},
    "huiyin:publish-message": {"started": None},
    "huiyin:count-same-problems": {"same_problem_count": 1},
    "huiyin:find-history": {"history_list": [], "history_options": []},
    "huiyin:find-notice": {"notice": None, "notice_options": []},
    "huiyin:put-notice-in-force": {"in_force_from": "2026-11-24T02:00:00+00:00"},
    "huiyin:set-batch-status": {"batch_status": "冻结"},
    "huiyin:next-number": {"number": "HB-202611-0001"},
    "huiyin:case-result": {"noted": True, "a": 1},
    "huiyin:archive": {
        "archive_no": "AR-202611-0001",
        "retain_until": "2029-11-24T02:00:00+00:00",
    },
}


@pytest.mark.parametrize(("job_type", "given", "headers"), GOOD, ids=[case[0] for case in GOOD])
def test_a_house_job_is_done_in_the_step_that_reaches_it(
    office: Office, job_type: str, given: Mapping[str, Any], headers: Mapping[str, str]
) -> None:
    """Its results are variables and the next task is open, without any worker."""
    key = run(office, job_type, given, **headers)

    kept = values(office, key)
    expected = RESULTS[job_type]
    assert {name: kept.get(name) for name in expected} == expected
    assert open_tasks(office) == ["after"]
    assert office.rows(instances.jobs) == []


def test_a_message_is_sent_for_the_department_of_who_came_before(office: Office) -> None:
    """It is told when the mail cannot be delivered (XC-M-4); the system has no department."""
    job = drawing.job("work", "huiyin:notify")
    deployed(office, drawing.line("telling", job, drawing.user_task("after")))
    given = {
        "to": ["customer"],
        "subject": "主题",
        "body": "正文",
        "contact_email": "k@example.com",
    }
    command = CreateInstance(process_id="telling", variables=given)
    for who in (replace(office.owner, department="quality"), office.owner):
        process_instances.create(office.house, who, command)
    assert [row.requested_by_group for row in office.rows(cases.mails)] == ["quality", None]


WRONG: tuple[tuple[str, Mapping[str, Any], Mapping[str, str], str], ...] = (
    ("huiyin:notify", {"to": [5]}, {}, "'to'"),
    ("huiyin:notify", {"subject": ""}, {}, "'subject'"),
    ("huiyin:notify", {"channels": ["传真"]}, {}, "传真"),
    ("huiyin:notify", {"to": []}, {}, "nobody"),
    ("huiyin:notify", {"attach_form": "slip"}, {}, "slip"),
    ("huiyin:publish-message", {}, {"messageName": ""}, "messageName"),
    ("huiyin:publish-message", {"correlation_key": 5}, {}, "'correlation_key'"),
    ("huiyin:publish-message", {"payload": [1]}, {}, "'payload'"),
    ("huiyin:publish-message", {"time_to_live": "soon"}, {}, "'time_to_live'"),
    ("huiyin:publish-message", {"time_to_live": "-PT1H"}, {}, "'time_to_live'"),
    ("huiyin:publish-message", {"time_to_live": "P9000Y"}, {}, "'time_to_live'"),
    ("huiyin:publish-message", {"time_to_live": 5}, {}, "'time_to_live'"),
    ("huiyin:count-same-problems", {"window_months": 0}, {}, "'window_months'"),
    ("huiyin:count-same-problems", {"window_months": True}, {}, "'window_months'"),
    ("huiyin:count-same-problems", {"customer_name": None}, {}, "'customer_name'"),
    ("huiyin:put-notice-in-force", {"valid_to": "soon"}, {}, "'valid_to'"),
    ("huiyin:put-notice-in-force", {"content": "a"}, {}, "'content'"),
    ("huiyin:put-notice-in-force", {"batch_no": []}, {}, "batch"),
    ("huiyin:set-batch-status", {"status": "解冻"}, {}, "'status'"),
    ("huiyin:next-number", {"code": None}, {}, "'code'"),
    ("huiyin:case-result", {"case_no": "PF-209901-0001"}, {}, "'case_no'"),
    ("huiyin:case-result", {"variables": None}, {}, "'variables'"),
)


@pytest.mark.parametrize(
    ("job_type", "wrong", "headers", "told"),
    WRONG,
    ids=[f"{case[0]} {dict(case[1]) or dict(case[2])}" for case in WRONG],
)
def test_a_wrong_input_becomes_an_incident_and_a_right_one_does_the_job(
    office: Office,
    job_type: str,
    wrong: Mapping[str, Any],
    headers: Mapping[str, str],
    told: str,
) -> None:
    """The incident names the input; when the operator has mended it, resolving does the job."""
    good, right_headers = next(case[1:] for case in GOOD if case[0] == job_type)
    key = run(office, job_type, {**good, **wrong}, **{**right_headers, **headers})

    found = incident(office)
    assert (found.error_type, open_tasks(office)) == ("JOB_NO_RETRIES", [])
    assert told in found.english
    assert is_chinese(found.message)
    if headers:
        return
    mend(office, key, **{name: good.get(name) for name in wrong})
    resolve(office)
    assert (open_tasks(office), active_incidents(office)) == (["after"], [])


def test_every_house_job_is_held_here() -> None:
    """A new job needs its cases."""
    held = {case[0] for case in GOOD} | {"huiyin:end-notice"}
    assert held == HANDLERS.keys()


def test_a_job_that_fails_again_stays_an_incident_under_a_new_key(office: Office) -> None:
    """The old incident is resolved, the old job is over, the new ones wait."""
    run(office, "huiyin:next-number", {"code": None})
    first = incident(office)
    resolve(office)

    second = incident(office)
    states = sorted(row.state for row in office.rows(instances.jobs))
    assert second.key != first.key
    assert states == ["CANCELED", "FAILED"]


def test_input_mappings_are_the_inputs_and_output_mappings_rename_the_result(
    office: Office,
) -> None:
    """What a job needs is not left behind as a variable of the case."""
    more = drawing.mapping(('"HB"', "code"), outputs=(("number", "slip_no"),))
    work = drawing.job("work", "huiyin:next-number", more=more)
    deployed(office, drawing.line("small", work, drawing.user_task("after")))
    kept = values(office, started(office, "small"))
    assert kept["slip_no"] == "HB-202611-0001"
    assert not {"code", "number"} & kept.keys()


def test_a_message_end_event_does_its_house_job(office: Office) -> None:
    """A throw event does what a task does; the instance ends after it."""
    definition = drawing.extension('<zeebe:taskDefinition type="huiyin:archive" />')
    end = f'<bpmn:endEvent id="end">{definition}<bpmn:messageEventDefinition messageRef="m" /></bpmn:endEvent>'
    deployed(
        office,
        drawing.line("small", end=end, properties=CASE, definitions=drawing.message("m")),
    )
    key = started(office, "small")
    (archive,) = office.rows(cases.archives)
    assert (state(office, key), archive.state) == ("COMPLETED", "FREEZING")


# -- notices -----------------------------------------------------------------------------------


def test_a_second_notice_throws_the_error_notice_exists(office: Office) -> None:
    """BQ-X-2: the boundary event takes it; the notice in force stays as it is."""
    put = drawing.job("put", "huiyin:put-notice-in-force")
    deployed(
        office,
        drawing.line(
            "small",
            put,
            drawing.user_task("after"),
            beside=drawing.boundary("put", drawing.caught("notice_exists")),
            definitions=drawing.errors("notice_exists"),
        ),
    )
    started(office, "small", **NOTICE)
    started(office, "small", **{**NOTICE, "notice_no": "BQ-2"})

    assert open_tasks(office) == ["after", "put_mended"]
    assert [row.notice_no for row in office.rows(cases.quick_notices)] == ["BQ-1"]
    assert active_incidents(office) == []


def test_a_second_notice_that_nobody_catches_is_an_incident(office: Office) -> None:
    """Once the first has been withdrawn, resolving puts the second in force."""
    run(office, "huiyin:put-notice-in-force", NOTICE)
    started(office, "small", **{**NOTICE, "notice_no": "BQ-2"})
    assert incident(office).error_type == "UNHANDLED_ERROR_EVENT"

    with office.house.database.unit(office.house.outside) as unit:
        registers.end_notice(unit, notice_no="BQ-1", state="撤回", who="lina")
        unit.commit()
    resolve(office)
    assert [row.state for row in office.rows(cases.quick_notices)] == ["撤回", "生效"]


@pytest.mark.parametrize("given", [{"notice_no": "BQ-0"}, {"state": "解冻"}])
def test_a_notice_that_cannot_be_ended_is_an_incident(
    office: Office, given: Mapping[str, Any]
) -> None:
    """Told in Chinese, as everything that an operator reads."""
    run(office, "huiyin:end-notice", {"notice_no": "BQ-1", "state": "失效", **given})
    assert is_chinese(incident(office).message)


def test_a_notice_is_ended_and_no_longer_found(office: Office) -> None:
    """Put in force, found, withdrawn, gone: one diagram, one transaction."""
    steps = (
        drawing.job("put", "huiyin:put-notice-in-force"),
        drawing.job(
            "find",
            "huiyin:find-notice",
            more=drawing.mapping(('"B1"', "batch_no"), outputs=(("notice.notice_no", "before"),)),
        ),
        drawing.job("end_it", "huiyin:end-notice", more=drawing.mapping(('"撤回"', "state"))),
        drawing.job(
            "find_again",
            "huiyin:find-notice",
            more=drawing.mapping(('"B1"', "batch_no"), outputs=(("notice", "behind"),)),
        ),
        drawing.user_task("after"),
    )
    deployed(office, drawing.line("small", *steps))
    kept = values(office, started(office, "small", **NOTICE))
    assert (kept["before"], kept["behind"]) == ("BQ-1", None)


# -- looking back ------------------------------------------------------------------------------


def test_earlier_cases_are_counted_and_listed(office: Office) -> None:
    """FB-V1, FB-4.5-1: the case that asks counts and is not listed."""
    with office.house.database.unit(office.house.outside) as unit:
        add_case(unit.connection, "earlier", facts={**PERSON, "batch_no": "B7"})
        unit.commit()
    run(office, "huiyin:count-same-problems", {**PERSON, "window_months": 12})
    deployed(
        office,
        drawing.line("look", drawing.job("work", "huiyin:find-history"), drawing.user_task("t")),
    )
    counted = started(office, "small", **PERSON, window_months=12)
    listed = values(office, started(office, "look", **PERSON))

    assert values(office, counted)["same_problem_count"] == 3
    assert [entry["case_no"] for entry in listed["history_list"]][-1] == "earlier"
    assert {"label": "earlier 开胶", "value": "earlier"} in listed["history_options"]


# -- messages ----------------------------------------------------------------------------------


def caller(office: Office, **given: Any) -> Mapping[str, Any]:
    """Publish `handed_over` from a diagram and return the variables of the sender."""
    send = drawing.job("send", "huiyin:publish-message", messageName="handed_over")
    deployed(office, drawing.line("sender", send, drawing.user_task("sent"), properties=CASE))
    return values(office, started(office, "sender", correlation_key="k", **given))


def receiver(*, starts: bool) -> DeployFile:
    """Return a process with cases that the message starts, or one that waits for it."""
    if starts:
        return drawing.line(
            "receiver",
            drawing.user_task("received"),
            start=drawing.started_by("handed_over"),
            definitions=drawing.message("handed_over"),
            properties={"caseNumber": "document:HB", "caseTitle": '="来自 " + origin'},
        )
    return drawing.line(
        "receiver",
        drawing.waits_for("wait", "handed_over"),
        drawing.user_task("received"),
        definitions=drawing.message("handed_over", key='"k"'),
    )


def test_a_message_starts_a_process_with_a_case_of_its_own(office: Office) -> None:
    """The sender learns the number of the case; the payload is what the case begins with."""
    deployed(office, receiver(starts=True))
    sender = caller(office, payload={"origin": "冻结"})

    new = office.rows(cases.cases, cases.cases.c.case_no == "HB-202611-0001")
    assert sender["started"] == "HB-202611-0001"
    assert [case.title for case in new] == ["来自 冻结"]
    assert values(office, new[0].root_instance_key)["origin"] == "冻结"
    assert open_tasks(office) == ["received", "sent"]


def test_a_message_reaches_who_waits_in_the_same_transaction(office: Office) -> None:
    """Nothing is started, the waiting instance goes on with the payload."""
    deployed(office, receiver(starts=False))
    waiting = started(office, "receiver")
    assert caller(office, payload={"a": 1})["started"] is None
    assert (values(office, waiting)["a"], open_tasks(office)) == (1, ["received", "sent"])


@pytest.mark.parametrize(("minutes", "taken"), [(59, True), (60, False)])
def test_a_buffered_message_waits_for_its_time(
    office: Office, clock: FakeClock, minutes: int, taken: bool
) -> None:
    """Sent before anybody waits, it is taken within its time to live and not at its end."""
    deployed(office, receiver(starts=False))
    caller(office, time_to_live="PT1H")
    clock.advance(minutes=minutes)
    started(office, "receiver")
    assert ("received" in open_tasks(office)) is taken


def test_a_message_id_is_sent_once(office: Office) -> None:
    """A double of a buffered message is an incident of the second sender."""
    caller(office, time_to_live="PT1H", message_id="m1")
    started(office, "sender", correlation_key="k", time_to_live="PT1H", message_id="m1")
    assert "m1" in incident(office).message
    assert is_chinese(incident(office).message)
    assert len(office.rows(instances.messages)) == 1


def test_a_process_started_by_a_key_runs_once_at_a_time(office: Office) -> None:
    """Camunda 8: the second message waits until the first instance has ended."""
    deployed(office, receiver(starts=True))
    caller(office, time_to_live="PT1H", payload={"origin": "一"})
    second = started(
        office, "sender", correlation_key="k", time_to_live="PT1H", payload={"origin": "二"}
    )
    assert values(office, second)["started"] is None
    assert open_tasks(office).count("received") == 1


# -- people ------------------------------------------------------------------------------------


def test_a_group_is_told_by_its_chinese_name(office: Office) -> None:
    """XC-M-1: each member once, in the inbox and by mail, with the catalogue's message id."""
    given = {"to": ["质量部", "lina"], "subject": "主题", "body": "正文"}
    key = run(office, "huiyin:notify", given, messageId="FB-M1")
    told = office.rows(cases.notifications)
    assert [(row.username, row.message_id) for row in told] == [
        ("lina", "FB-M1"),
        ("zhaolei", "FB-M1"),
    ]
    assert len(office.rows(cases.mails)) == 2
    assert values(office, key)["notified"] == ["lina", "zhaolei"]


def test_a_customer_without_address_is_no_incident(office: Office) -> None:
    """XC-M-3: the message is kept as not delivered and the case goes on."""
    key = run(office, "huiyin:notify", {"to": "customer", "subject": "主题", "body": "正文"})
    (mail,) = office.rows(cases.mails)
    assert (mail.state, mail.is_to_customer) == ("FAILED", True)
    assert (values(office, key)["notified"], open_tasks(office)) == ([], ["after"])


def test_a_notification_that_failed_has_told_nobody(office: Office) -> None:
    """A missing form is found before anything is written; after it is mended all are told once."""
    given = {"to": ["quality"], "subject": "主题", "body": "正文", "attach_form": "slip"}
    key = run(office, "huiyin:notify", given)
    assert office.rows(cases.notifications) == []
    mend(office, key, attach_form=None)
    resolve(office)
    assert len(office.rows(cases.notifications)) == 2


# -- cases -------------------------------------------------------------------------------------


def test_the_archive_is_made_by_a_worker_afterwards(office: Office, queue: RecordingQueue) -> None:
    """XC-AR-1: number and day at once, the file by a job."""
    run(office, "huiyin:archive", {})
    (archive,) = office.rows(cases.archives)
    assert archive.retain_until == datetime(2029, 11, 24, 2, 0, tzinfo=UTC)
    assert queue.keys_of(jobs.FREEZE_ARCHIVE) == [archive.key]


def test_an_instance_without_case_has_nothing_to_archive(office: Office) -> None:
    """The incident says so."""
    deployed(office, drawing.line("small", drawing.job("work", "huiyin:archive")))
    started(office, "small")
    assert "case" in incident(office).english


def test_a_result_is_noted_in_another_case_and_wakes_what_watches_it(office: Office) -> None:
    """A freeze tells the complaint it came from; a case that is closed keeps what it has."""
    deployed(office, drawing.line("source", drawing.user_task("waits"), properties=CASE))
    source = started(office, "source")
    given = {"case_no": "PF-202611-0001", "variables": {"product_result": "正常"}}
    noted = run(office, "huiyin:case-result", given)
    assert values(office, source)["product_result"] == "正常"

    with office.house.database.unit(office.house.outside) as unit:
        add_case(unit.connection, "closed", closed_at=unit.now, state="CLOSED")
        unit.commit()
    refused = started(office, "small", **{**given, "case_no": "closed"})
    assert (values(office, noted)["noted"], values(office, refused)["noted"]) == (True, False)


# -- bounds ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_circle_of_house_jobs_ends_in_an_incident(office: Office) -> None:
    """The bound stops it; the numbers it took stand, the instance waits for the operator."""
    number = drawing.job("number_it", "huiyin:next-number")
    gateway = '<bpmn:exclusiveGateway id="again" default="again_to_end" />'
    circle = drawing.flow("again", "number_it", "go_on")
    deployed(office, drawing.line("circle", number, gateway, beside=circle))
    key = started(office, "circle", code="HB", go_on=True)

    assert str(HOUSE_JOBS_A_TRANSACTION) in incident(office).message
    assert values(office, key)["number"] == f"HB-202611-{HOUSE_JOBS_A_TRANSACTION:04d}"
    mend(office, key, go_on=False)
    resolve(office)
    assert state(office, key) == "COMPLETED"


def test_a_house_job_whose_element_was_left_is_not_done(office: Office) -> None:
    """The branch of the house job before it has ended the instance meanwhile."""
    fork = '<bpmn:parallelGateway id="fork" />'
    stop = '<bpmn:endEvent id="stop"><bpmn:terminateEventDefinition /></bpmn:endEvent>'
    beside = drawing.job("work", "huiyin:publish-message", messageName="m") + stop
    beside += drawing.flow("fork", "work") + drawing.flow("work", "stop")
    late = drawing.job("late", "huiyin:next-number")
    deployed(office, drawing.line("race", fork, late, beside=beside))
    key = started(office, "race", correlation_key="k", code="HB")
    assert state(office, key) == "COMPLETED"
    assert "number" not in values(office, key)
    assert office.rows(cases.number_series, cases.number_series.c.name == "HB-202611") == []


def test_who_waits_in_two_processes_is_reached_in_both(office: Office) -> None:
    """One message, one subscription a process."""
    deployed(office, receiver(starts=False))
    first = started(office, "receiver")
    second = started(office, "receiver")
    messages.publish(office.house, office.operator, PublishMessage("handed_over", "k"))
    assert open_tasks(office) == ["received"]
    assert (state(office, first), state(office, second)) == ("ACTIVE", "ACTIVE")


@pytest.mark.parametrize("error", [BusyError("met"), UnavailableError("gone")])
def test_a_house_job_that_meets_somebody_is_no_incident(office: Office, error: HuiyinError) -> None:
    """The command is refused as a whole: nothing of it is kept, and it may be sent again."""

    def meets(job: HouseJob) -> Mapping[str, Any]:
        raise error

    house = replace(office.house, handlers={**office.house.handlers, "huiyin:notify": meets})
    work = drawing.job("work", "huiyin:notify")
    deployed(office, drawing.line("small", work, drawing.user_task("after"), properties=CASE))
    busy = replace(office, house=house)

    with pytest.raises(type(error)):
        started(busy, "small")

    assert active_incidents(office) == []
    assert office.rows(instances.process_instances) == []
