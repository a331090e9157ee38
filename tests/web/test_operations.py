"""The pages of operators: running instances, migration with its dry run, batch operations."""

import html
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from service.domain import jobs as names
from service.persistence.tables import instances
from service.usecases import job_activation, jobs, process_instances, timers, user_tasks
from service.usecases.deployments import DeployFile, deploy
from service.usecases.house import House
from service.usecases.job_activation import ActivateJobs
from service.usecases.process_instances import CreateInstance, StartedWithForm
from service.usecases.transaction import SYSTEM
from service.web.places import migrations
from tests.fakes import FakeClock, RecordingQueue
from tests.usecases import drawing
from tests.web.conftest import FILES, OWNER, WANG, SignedIn
from workers.jobs import REGISTERED

DIAGRAM = "small_complaint.bpmn"


def second_version(office: House) -> int:
    """Deploy a version in which the first task has another id, and return its key."""
    xml = (FILES / DIAGRAM).read_bytes().replace(b"check_complaint", b"check_again")
    files = [DeployFile(DIAGRAM, xml)]
    return int(deploy(office, OWNER, files).processes[0].key)


def definition(office: House, instance_key: int) -> int:
    """Return the key of the definition of an instance."""
    table = instances.process_instances
    with office.database.reading() as connection:
        row = connection.execute(table.select().where(table.c.key == instance_key)).one()
    return int(row.process_key)


def work_off(office: House, queue: RecordingQueue) -> None:
    """Do the jobs of batch operations that the queue was told of."""
    while queue.sent:
        job, key = queue.sent.pop(0)
        if job in (names.PREPARE_BATCH, names.RUN_BATCH_CHUNK):
            REGISTERED[job](office, key)


@pytest.fixture
def operator(signed_in: SignedIn) -> FlaskClient:
    """Return a browser in which the operator is signed in."""
    return signed_in("operator")


def test_only_operators_see_these_pages(
    signed_in: SignedIn, office: House, complaint: StartedWithForm
) -> None:
    """Staff neither find the link nor open the address."""
    process = definition(office, complaint.key)
    pages = (f"/processes/{process}/instances", "/operations", f"/instances/{complaint.key}")
    assert [signed_in("wang").get(page).status_code for page in pages] == [403] * 3
    assert [signed_in("operator").get(page).status_code for page in pages] == [200] * 3
    assert "运行实例" not in signed_in("wang").get(f"/processes/{process}").text
    assert "运行实例" in signed_in("operator").get(f"/processes/{process}").text


def test_the_list_tells_where_each_instance_stands(
    operator: FlaskClient, office: House, complaint: StartedWithForm
) -> None:
    """Case number, state and present element."""
    text = operator.get(f"/processes/{definition(office, complaint.key)}/instances").text
    assert str(complaint.case_no) in text
    assert ("运行中" in text, "核对投诉" in text) == (True, True)


def test_an_instance_is_suspended_and_resumed_by_hand(
    operator: FlaskClient, signed_in: SignedIn, office: House, complaint: StartedWithForm
) -> None:
    """The page and the task say so; the task takes no command meanwhile."""
    page, task = f"/instances/{complaint.key}", f"/tasks/{complaint.next_task_key}"
    suspended = operator.post(f"{page}/suspend", follow_redirects=True).text
    assert ("已暂停" in suspended, "恢复后才能修改" in suspended) == (True, True)
    assert f"{page}/modify" not in suspended
    shown = signed_in("wang").get(task).text
    assert "流程实例已由管理员暂停" in shown
    assert "领取任务" not in shown
    again = operator.post(f"{page}/suspend", follow_redirects=True)
    assert 'data-toast="danger"' in again.text
    assert "运行中" in operator.post(f"{page}/resume", follow_redirects=True).text
    user_tasks.claim(office, WANG, int(complaint.next_task_key or 0))


def test_a_token_is_moved_by_hand(
    operator: FlaskClient, office: House, complaint: StartedWithForm
) -> None:
    """What is chosen is terminated and activated; nothing chosen is told so."""
    page = f"/instances/{complaint.key}"
    source = re.search(r'<option value="(\d+)">核对投诉', operator.get(page).text)
    assert source is not None
    form = {"source": source[1], "target": "answer_customer"}
    moved = operator.post(f"{page}/modify", data=form, follow_redirects=True).text
    assert "流程已调整" in moved
    assert re.search(r'<option value="\d+">[^<]*\(answer_customer\)', moved)
    nothing = operator.post(f"{page}/modify", data={}, follow_redirects=True).text
    assert "请选择要终止或要激活的环节" in nothing


def test_a_migration_is_tried_mapped_and_done(
    operator: FlaskClient, office: House, complaint: StartedWithForm, queue: RecordingQueue
) -> None:
    """Refused while the renamed task is not mapped; then what would happen is told; then it is done."""
    process, target = definition(office, complaint.key), second_version(office)
    url = f"/processes/{process}/migration"
    chosen = {"instance": str(complaint.key)}
    first = operator.post(url, data=chosen).text
    assert "没有映射到目标版本" in first
    assert 'name="map:check_complaint"' in first
    assert "0 个可以迁移" in first
    mapped = {**chosen, "mapped_for": str(target), "map:check_complaint": "check_again"}
    second = operator.post(url, data=mapped).text
    assert "check_complaint → check_again" in second
    assert "1 个可以迁移" in second
    assert definition(office, complaint.key) == process
    done = operator.post(url, data={**mapped, "step": "go"})
    work_off(office, queue)
    page = operator.get(done.headers["Location"]).text
    assert "已完成" in page
    assert definition(office, complaint.key) == target


def test_a_dry_run_tells_that_what_is_suspended_does_not_migrate(
    operator: FlaskClient, office: House, complaint: StartedWithForm
) -> None:
    """In place of an empty table: 0 of 0."""
    page = f"/processes/{definition(office, complaint.key)}/migration"
    second_version(office)
    operator.post(f"/instances/{complaint.key}/suspend")
    chosen = {"all": "1"}
    told = "已暂停的须先恢复运行，才能迁移"
    assert told in operator.post(page, data=chosen).text
    operator.post(f"/instances/{complaint.key}/resume")
    assert told not in operator.post(page, data=chosen).text


def test_a_dry_run_tells_in_words_what_becomes_of_a_job_and_why_not(
    operator: FlaskClient, office: House
) -> None:
    """A user task that is a job becomes one in the inbox; mapped to what it cannot be, both kinds are named."""
    inbox = '<bpmn:userTask id="ask" />'
    deploy(office, OWNER, [drawing.line("moving", inbox)])
    key = process_instances.create(office, OWNER, CreateInstance(process_id="moving")).key
    process = definition(office, key)
    newer = drawing.line("moving", drawing.user_task("ask"), drawing.job("work", "work"))
    target = int(deploy(office, OWNER, [newer]).processes[0].key)
    url, chosen = f"/processes/{process}/migration", {"instance": str(key)}
    assert "ask，原作业结束，改为待办任务" in operator.post(url, data=chosen).text
    wrong = {**chosen, "mapped_for": str(target), "map:ask": "work"}
    told = operator.post(url, data=wrong).text
    assert "ask（用户任务）不能映射到 work（服务任务）：类型必须相同。" in told


def another(office: House, complaint: StartedWithForm) -> int:
    """Start the process of a complaint again and return the key of the instance."""
    process = definition(office, complaint.key)
    return int(process_instances.create(office, WANG, CreateInstance(process_key=process)).key)


def test_the_dry_run_tells_of_all_instances_page_by_page(
    operator: FlaskClient,
    office: House,
    complaint: StartedWithForm,
    queue: RecordingQueue,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All of a version are chosen at once; each is on one page; what was mapped on one counts for all."""
    keys = [complaint.key, another(office, complaint), another(office, complaint)]
    process, target = definition(office, complaint.key), second_version(office)
    # Fifty instances would only take longer.
    monkeypatch.setattr(migrations, "TRIED", 2)
    url = f"/processes/{process}/migration"
    assert "全部 3 个运行中的实例" in operator.get(f"/processes/{process}/instances").text
    form = {"all": "1", "mapped_for": str(target), "map:check_complaint": "check_again"}
    first = operator.post(url, data=form).text
    assert "本页 2 个，其中 2 个可以迁移；所选共 3 个" in first
    assert "所选 3 个已全部试运行：3 个可以迁移，0 个不能迁移。" in first
    assert [str(key) in first for key in keys] == [True, True, False]
    after = re.search(r'name="after" value="(\d+)"', first)
    assert after is not None
    form["map:answer_customer"] = "answer_customer"
    second = operator.post(url, data={**form, "after": after[1]}).text
    assert 'name="map:answer_customer"' in second
    assert [f"/instances/{key}" in second for key in keys] == [False, False, True]
    assert ("回到第一页" in second, "下一页" in second) == (True, False)
    done = operator.post(url, data={**form, "step": "go"})
    work_off(office, queue)
    assert "已完成" in operator.get(done.headers["Location"]).text
    assert {definition(office, key) for key in keys} == {target}


def test_ticked_instances_are_tried_page_by_page_too(
    operator: FlaskClient,
    office: House,
    complaint: StartedWithForm,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those that are not ticked stand on no page."""
    ticked = [complaint.key, another(office, complaint)]
    left_out = another(office, complaint)
    process = definition(office, complaint.key)
    second_version(office)
    monkeypatch.setattr(migrations, "TRIED", 1)
    url, form = f"/processes/{process}/migration", {"instance": [str(key) for key in ticked]}
    pages = [operator.post(url, data={**form, "after": after}).text for after in ("", ticked[0])]
    shown = [[f"/instances/{key}" in page for key in (*ticked, left_out)] for page in pages]
    assert shown == [[True, False, False], [False, True, False]]


def test_many_are_operated_and_failures_are_told(
    operator: FlaskClient, office: House, complaint: StartedWithForm, queue: RecordingQueue
) -> None:
    """The page of the batch operation is asked how far it is, until it is over."""
    url = f"/processes/{definition(office, complaint.key)}/instances"
    data = {"instance": str(complaint.key), "action": "resolve"}
    begun = operator.post(url, data=data).headers["Location"]
    waiting = operator.get(begun).text
    told = "没有适用此操作的"
    assert [text in waiting for text in ("等待开始", "已找到", "every 2s")] == [True] * 3
    work_off(office, queue)
    part = operator.get(begun, headers={"HX-Request": "true"}).text
    assert ("已完成" in part, "<html" in part, "every 2s" in part) == (True, False, False)
    assert (told in waiting, told in part) == (False, True)

    begun = operator.post(url, data={**data, "action": "cancel"}).headers["Location"]
    REGISTERED[names.PREPARE_BATCH](office, int(begun.rsplit("/", 1)[1]))
    operator.post(f"/instances/{complaint.key}/cancel")
    work_off(office, queue)
    failed = operator.get(begun).text
    assert "失败的条目" in failed
    assert "终止流程" in operator.get("/operations").text
    late = operator.post(f"{begun}/cancel", follow_redirects=True)
    assert (late.status_code, "批量操作的状态已经改变" in late.text) == (200, True)
    assert operator.post("/operations/7/cancel").status_code == 404


def test_choosing_nothing_is_told(
    operator: FlaskClient, office: House, complaint: StartedWithForm
) -> None:
    """And an unknown action is bad input."""
    url = f"/processes/{definition(office, complaint.key)}/instances"
    refused = operator.post(url, data={"action": "cancel"})
    assert (refused.status_code, "请先选择流程实例" in refused.text) == (400, True)
    assert operator.post(url, data={"instance": "1", "action": "x"}).status_code == 400
    assert operator.post(f"/instances/{complaint.key}/x").status_code == 400


def test_operators_see_how_punctual_timers_are(
    office: House,
    operator: FlaskClient,
    signed_in: SignedIn,
    complaint: StartedWithForm,
    clock: FakeClock,
) -> None:
    """Fired within the hour, how late, and how many wait; the history tells of a late one."""
    wait = f'<bpmn:intermediateCatchEvent id="wait">{drawing.timer("PT1H")}</bpmn:intermediateCatchEvent>'
    properties = {"caseNumber": "document:WT"}
    steps = (wait, drawing.user_task("after"))
    deploy(office, OWNER, [drawing.line("waiting", *steps, properties=properties)])
    page = f"/processes/{definition(office, complaint.key)}/instances"
    assert "近一小时没有触发；已到时间、尚未触发 0 个" in operator.get(page).text

    command = CreateInstance(process_id="waiting")
    late, waits = (process_instances.create(office, OWNER, command).case_no for _ in range(2))
    clock.advance(hours=1, seconds=90)
    timers.fire_due(office, 1)
    assert (
        "近一小时触发 1 个，平均晚 90.0 秒，最多晚 90.0 秒；已到时间、尚未触发 1 个"
        in operator.get(page).text
    )
    told = [signed_in("admin").get(f"/cases/{case_no}").text for case_no in (late, waits)]
    assert ["比设定时间晚 90 秒" in text for text in told] == [True, False]


def test_an_incident_is_told_in_the_readers_language(operator: FlaskClient, office: House) -> None:
    """On its page; who reads Traditional Chinese or English is told in that."""
    asked = drawing.job("ask", "=客户变量")
    deploy(office, OWNER, [drawing.line("broken", asked)])
    command = CreateInstance(process_id="broken", variables={"客户变量": 7})
    key = process_instances.create(office, SYSTEM, command).key
    expected = {
        "zh_Hans_CN": "作业类型（=客户变量）应得到文本，实际得到 数字 7。",
        "zh_Hant_TW": "作業類型（=客户变量）應得到文字，實際得到 數字 7。",
        "en": "Expected the type of the job (=客户变量) to give",
    }
    for language, text in expected.items():
        with operator.session_transaction() as session:
            session["language"] = language
        assert text in operator.get(f"/instances/{key}").text


def test_a_job_without_retries_is_tried_again_from_the_page(
    operator: FlaskClient, office: House
) -> None:
    """It gets one retry, as in a batch: the page has no other way to give it any."""
    deploy(office, OWNER, [drawing.line("failing", drawing.job("ask", "ask"))])
    instance = process_instances.create(office, SYSTEM, CreateInstance(process_id="failing")).key
    ask = ActivateJobs("ask", "w", timeout=timedelta(minutes=1), max_jobs=1)
    (job,) = job_activation.activate(office, SYSTEM, ask)
    jobs.fail(office, SYSTEM, job.key, message="断网")
    shown = operator.get(f"/instances/{instance}").text
    (incident,) = re.findall(r'name="incident" value="(\d+)"', shown)
    operator.post(f"/instances/{instance}/resolve", data={"incident": incident})
    assert "异常已解除，流程继续运行" in operator.get(f"/instances/{instance}").text
    (again,) = job_activation.activate(office, SYSTEM, ask)
    assert (again.key, again.retries) == (job.key, 1)


def test_an_incident_of_a_called_instance_is_found_from_its_caller(
    operator: FlaskClient, office: House
) -> None:
    """Each caller is shown as held up, with the way down to the one that failed and back up again."""
    deploy(office, OWNER, [drawing.line("broken", drawing.job("ask", "=客户变量"))])
    deploy(office, OWNER, [drawing.line("between", drawing.call("on", "broken"))])
    deploy(office, OWNER, [drawing.line("whole", drawing.call("hand_over", "between"))])
    for value in (7, "fine"):
        command = CreateInstance(process_id="whole", variables={"客户变量": value})
        whole = process_instances.create(office, SYSTEM, command).key
    assert ">1</span>" in operator.get("/processes").text
    process = definition(office, whole)
    assert "1 个异常" in operator.get(f"/processes/{process}").text
    rows = operator.get(f"/processes/{process}/instances").text.split("<tr>")[2:]
    assert ["异常" in row for row in rows] == [False, True]
    top = _only_link(rows[1])
    shown = operator.get(f"/instances/{top}").text
    assert "“hand_over”调用的“between”出现异常" in shown
    assert '"incidents": ["hand_over"]' in html.unescape(shown)
    middle = _only_link(shown.split("<h2>调用的流程</h2>")[1])
    bottom = _only_link(operator.get(f"/instances/{middle}").text.split("<h2>调用的流程</h2>")[1])
    deepest = operator.get(f"/instances/{bottom}").text
    assert "作业类型（=客户变量）应得到文本" in deepest
    assert "由“between”的“on”调用" in deepest
    assert f'href="/instances/{middle}"' in deepest


def _only_link(text: str) -> int:
    """Return the key of the only instance that a text leads to."""
    (key,) = re.findall(r'href="/instances/(\d+)"', text)
    return int(key)
