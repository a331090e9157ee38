"""Working on a task: claim, draft, submit, and what happens when somebody else was faster."""

import json
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from service.persistence.tables import tasks
from service.persistence.tables.cases import cases
from service.usecases import process_instances, user_tasks
from service.usecases.house import House
from service.usecases.process_instances import StartedWithForm
from service.usecases.transaction import SYSTEM
from tests.web.conftest import COMPLAINT, LI, WANG, SignedIn

CHECKED = {"contact_phone": "13812345207", "check_note": "已核对"}
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")


def island(client: FlaskClient, url: str) -> dict[str, Any]:
    """Return what the form island of a page is given."""
    script = client.get(url).text.split('id="task-form"><script type="application/json">')[1]
    found: dict[str, Any] = json.loads(script.split("</script>")[0])
    return found


@pytest.fixture
def url(complaint: StartedWithForm) -> str:
    """Return the address of the task «核对投诉»."""
    return f"/tasks/{complaint.next_task_key}"


def test_a_claimable_task_is_shown_before_it_is_taken(signed_in: SignedIn, url: str) -> None:
    """Everybody of the group sees it, with a button to claim it and a form that is only looked at."""
    page = signed_in("wang").get(url).text

    assert "王小明：装订开裂" in page
    assert "任务还没有人领取" in page
    assert "data-key-claim" in page
    assert island(signed_in("wang"), url)["readOnly"] is True


def test_claiming_opens_the_form(signed_in: SignedIn, url: str) -> None:
    """After claiming the same page has the form to fill in, with what is known already."""
    client = signed_in("wang")

    answer = client.post(f"{url}/claim", follow_redirects=True)

    assert "由我办理" in answer.text
    assert '<div data-toast="success">已领取</div>' in answer.text
    form = island(client, url)
    assert form["submitUrl"] == f"{url}/complete"
    assert form["data"]["contact_phone"] == "13812345207"


def test_claiming_what_somebody_else_has_tells_who(
    signed_in: SignedIn, office: House, complaint: StartedWithForm, url: str
) -> None:
    """The loser of the race reads the name of the winner."""
    client = signed_in("wang")
    user_tasks.claim(office, LI, int(complaint.next_task_key or 0))

    answer = client.post(f"{url}/claim", follow_redirects=True)

    assert '<div data-toast="warning">该任务已由 李静 领取</div>' in answer.text


def test_who_fills_in_a_task_that_is_cancelled_meanwhile_is_told_so(
    signed_in: SignedIn, office: House, complaint: StartedWithForm, url: str
) -> None:
    """With the draft already, and when it is handed in."""
    client = signed_in("wang")
    client.post(f"{url}/claim")
    process_instances.cancel(office, SYSTEM, complaint.key)
    typed = {"variables": {"check_note": "一"}}
    late = [client.put(f"{url}/draft", json=typed), client.post(f"{url}/complete", json=typed)]
    told = "该任务已取消，流程不再需要办理，您的操作未生效"
    assert [(answer.status_code, answer.json["detail"]) for answer in late if answer.json] == [
        (409, told),
        (409, told),
    ]


def test_a_draft_tells_when_somebody_else_has_the_task(
    signed_in: SignedIn, office: House, complaint: StartedWithForm, url: str
) -> None:
    """Whoever types on is told at once, and what he typed is kept all the same."""
    client, key = signed_in("wang"), int(complaint.next_task_key or 0)
    client.post(f"{url}/claim")
    own = client.put(f"{url}/draft", json={"variables": {"check_note": "一"}})
    user_tasks.unassign(office, WANG, key)
    user_tasks.claim(office, LI, key)

    late = client.put(f"{url}/draft", json={"variables": {"check_note": "一二"}})

    assert own.json == {"draft_version": 1, "remark": None}
    assert late.json == {
        "draft_version": 2,
        "remark": "任务现由 李静 办理：您填写的内容已存为草稿，但不能提交",
    }


def test_a_paper_handed_in_twice_is_taken_once(signed_in: SignedIn, url: str) -> None:
    """Whoever saw no answer and submits again is told that it is done, not that the task is closed."""
    client = signed_in("wang")
    client.post(f"{url}/claim")
    sent = {"variables": CHECKED, "paper_id": "p1"}
    first = client.post(f"{url}/complete", json=sent)

    second = client.post(f"{url}/complete", json=sent)
    other = signed_in("wang").post(f"{url}/complete", json={**sent, "paper_id": "p2"})

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json == first.json
    assert other.status_code == 409


def test_what_was_changed_after_an_attempt_that_came_through_is_said_not_to_count(
    signed_in: SignedIn, url: str
) -> None:
    """Nobody is to think that the second version was taken."""
    client = signed_in("wang")
    client.post(f"{url}/claim")
    client.post(f"{url}/complete", json={"variables": CHECKED, "paper_id": "p1"})
    changed = {**CHECKED, "check_note": "另有更正"}

    client.post(f"{url}/complete", json={"variables": changed, "paper_id": "p1"})

    assert "此后修改的内容没有提交" in client.get("/tasks").text


def test_a_start_form_handed_in_twice_starts_one_case(signed_in: SignedIn, office: House) -> None:
    """Both answers lead to the same task; another person's paper of that id is another paper."""
    sent = {"variables": COMPLAINT, "paper_id": "p1"}
    client = signed_in("wang")
    address = "/start/small_complaint/submit"

    first, second = client.post(address, json=sent), client.post(address, json=sent)
    of_other = signed_in("li").post(address, json=sent)

    assert first.json["next"].startswith("/tasks/")
    assert second.json == first.json
    assert of_other.json != first.json
    with office.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(cases)).scalar_one() == 2


def test_a_refused_paper_may_be_corrected(signed_in: SignedIn) -> None:
    """What was refused was not handed in: the same page sends it again."""
    client = signed_in("wang")
    address = "/start/small_complaint/submit"

    refused = client.post(address, json={"variables": {}, "paper_id": "p1"})
    taken = client.post(address, json={"variables": COMPLAINT, "paper_id": "p1"})

    assert (refused.status_code, taken.status_code) == (422, 200)


def test_a_task_whose_listeners_are_asked_is_not_called_canceled(
    signed_in: SignedIn, office: House, complaint: StartedWithForm, url: str
) -> None:
    """The page says that the system has still to confirm, and offers nothing meanwhile."""
    with office.database.unit(office.outside) as unit:
        key = int(complaint.next_task_key or 0)
        unit.update(tasks.user_tasks, key, {"state": "ASSIGNING", "assignee": WANG.username})
        unit.commit()

    page = signed_in("wang").get(url).text
    assert "等待系统确认" in page
    assert "任务已取消" not in page
    assert "data-key-claim" not in page


def test_a_task_that_is_put_back_is_claimable_again(signed_in: SignedIn, url: str) -> None:
    """Putting back gives it to the group."""
    client = signed_in("wang")
    client.post(f"{url}/claim")

    client.post(f"{url}/unassign")

    assert "任务还没有人领取" in signed_in("li").get(url).text


def test_completing_leads_to_the_next_task_of_the_case(signed_in: SignedIn, url: str) -> None:
    """The next task is open at once, with a notice."""
    client = signed_in("wang")
    client.post(f"{url}/claim")

    answer = client.post(f"{url}/complete", json={"variables": CHECKED, "draft_version": None})

    assert answer.status_code == 200
    following = client.get(answer.json["next"]).text
    assert "答复客户" in following
    assert '<div data-toast="success">已提交</div>' in following


def test_what_was_written_shows_at_once(signed_in: SignedIn, url: str) -> None:
    """The finished task says who finished it and shows what was handed in."""
    client = signed_in("wang")
    client.post(f"{url}/claim")
    client.post(f"{url}/complete", json={"variables": CHECKED})

    page = client.get(url).text

    assert "任务已办结" in page
    assert island(client, url)["data"]["check_note"] == "已核对"
    assert "王小明：装订开裂" not in client.get("/tasks").text
    assert "核对投诉" in client.get("/tasks?tab=done").text


def test_refused_values_are_told_field_by_field(signed_in: SignedIn, url: str) -> None:
    """422 with path, field and sentence; nothing is stored."""
    client = signed_in("wang")
    client.post(f"{url}/claim")
    values = {"check_note": "字" * 21, "nonsense": 1}

    answer = client.post(f"{url}/complete", json={"variables": values})

    assert answer.status_code == 422
    assert answer.json is not None
    problems = {problem["path"]: problem for problem in answer.json["problems"]}
    assert problems["check_note"]["field_id"] == "field_note"
    assert problems["check_note"]["message"] == "最多输入 20 个字符"
    assert problems["nonsense"]["field_id"] is None
    assert "任务已办结" not in client.get(url).text


def test_problems_are_told_in_the_readers_language(signed_in: SignedIn, url: str) -> None:
    """An English reader gets English sentences at the fields."""
    client = signed_in("wang")
    client.post(f"{url}/claim")
    client.post("/language", data={"language": "en"})

    answer = client.post(f"{url}/complete", json={"variables": {}})

    assert answer.json is not None
    assert [problem["message"] for problem in answer.json["problems"]] == ["This field is required"]


def test_the_second_of_two_who_complete_is_told_who_was_faster(
    signed_in: SignedIn, office: House, complaint: StartedWithForm, url: str
) -> None:
    """409 names the other and the moment; the browser keeps what was typed."""
    client = signed_in("wang")
    client.get(url)
    user_tasks.complete(office, LI, int(complaint.next_task_key or 0), CHECKED)

    answer = client.post(f"{url}/complete", json={"variables": CHECKED})

    assert answer.status_code == 409
    assert answer.json is not None
    assert "李静" in answer.json["detail"]
    assert "2026-11-24 10:00" in answer.json["detail"]


def test_a_draft_is_kept_on_the_server(signed_in: SignedIn, url: str) -> None:
    """Another browser of the same person goes on where he stopped; it is nobody else's."""
    client = signed_in("wang")
    client.post(f"{url}/claim")

    saved = client.put(f"{url}/draft", json={"variables": {"check_note": "写到一半"}})

    assert saved.json == {"draft_version": 1, "remark": None}
    form = island(signed_in("wang"), url)
    assert form["data"]["check_note"] == "写到一半"
    assert form["draftVersion"] == 1


@pytest.mark.parametrize("body", [None, [], {"variables": []}, {"draft_version": "x"}])
def test_a_body_of_the_wrong_shape_is_refused(signed_in: SignedIn, url: str, body: object) -> None:
    """400, and nothing happens."""
    client = signed_in("wang")
    client.post(f"{url}/claim")

    assert client.post(f"{url}/complete", json=body).status_code == 400
    assert client.put(f"{url}/draft", json=body).status_code == 400


@pytest.mark.parametrize(
    "path", ["", "/claim", "/unassign", "/complete", "/upload", "/attachments"]
)
def test_a_stranger_cannot_tell_that_a_task_exists(
    signed_in: SignedIn, url: str, path: str
) -> None:
    """Somebody of another department gets nothing out of any address of a task."""
    stranger = signed_in("liu")
    send = stranger.post if path else stranger.get

    status = send(url + path, **({"json": {"variables": {}}} if path else {})).status_code

    assert status in ((404,) if not path else (400, 403, 404))


def test_the_list_is_answered_with_the_detail_alone_when_it_asks(
    signed_in: SignedIn, url: str
) -> None:
    """htmx gets the pane, a full load the whole page."""
    client = signed_in("wang")
    pane = client.get(url, headers={"HX-Request": "true", "HX-Target": "detail"}).text

    assert pane.lstrip().startswith("<article")
    assert "<html" not in pane
    assert "<html" in client.get(url).text


def test_a_file_goes_with_the_form_into_the_case(signed_in: SignedIn, url: str) -> None:
    """Uploaded first, named by the form, listed with the case, handed out as a download."""
    client = signed_in("wang")
    client.post(f"{url}/claim")
    upload = {"file": (BytesIO(PNG), "现场.png")}
    reference = client.post(f"{url}/upload", data=upload).json

    client.post(f"{url}/complete", json={"variables": {**CHECKED, "proofs": [reference]}})

    assert reference is not None
    assert "现场.png" in client.get(url).text
    document = client.get(f"/documents/{reference['documentId']}")
    assert document.data == PNG
    assert document.headers["Content-Disposition"].startswith("attachment")
    assert document.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "content"),
    [("页面.html", b"<script>1</script>"), ("图.svg", b"<svg/>"), ("x.png", b"MZ")],
)
def test_files_that_could_run_are_refused(
    signed_in: SignedIn, url: str, name: str, content: bytes
) -> None:
    """HTML, SVG and disguised programs are not taken; the person is told why."""
    client = signed_in("wang")
    client.post(f"{url}/claim")

    answer = client.post(
        f"{url}/upload",
        data={"file": (BytesIO(content), name)},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 400
    assert "不支持的文件类型" in answer.json["detail"]


def test_a_file_of_a_case_is_hidden_from_strangers(signed_in: SignedIn, url: str) -> None:
    """Somebody who may not read the case does not get its files either."""
    client = signed_in("wang")
    client.post(f"{url}/claim")
    answer = client.post(f"{url}/upload", data={"file": (BytesIO(PNG), "a.png")})

    document = f"/documents/{answer.json['documentId']}"

    assert signed_in("liu").get(document).status_code == 404


def test_the_reasons_of_the_grade_are_told_in_words(signed_in: SignedIn, url: str) -> None:
    """Which row of the table fired, under which conditions, by which rule of the catalogue."""
    page = signed_in("wang").get(url).text

    assert "为什么定为「1级」" in page
    assert "适用规则 SG-1：箱数 ≥ 100" in page
    assert "依据 FB-4.1-3" in page


def test_the_rows_that_did_not_count_tell_why(signed_in: SignedIn, url: str) -> None:
    """«为什么不是其他规则»: the row after the first that fits comes too late."""
    page = signed_in("wang").get(url).text

    assert "为什么不是其他规则" in page
    assert "也符合，但另一条规则优先" in page


def test_starting_leads_to_the_first_task(signed_in: SignedIn) -> None:
    """A process that was started is gone on with at once."""
    client = signed_in("wang")
    values = {"customer_name": "李先生", "boxes": 2, "problem": "少发"}

    answer = client.post("/start/small_complaint/submit", json={"variables": values})

    page = client.get(answer.json["next"]).text
    assert "李先生：少发" in page
    assert "已发起，案件号 20261124-OTH-001" in page


def test_a_process_is_offered_to_those_who_may_start_it(signed_in: SignedIn) -> None:
    """客服部 may start it, 质量部 may not even open its form."""
    assert "小投诉" in signed_in("wang").get("/start").text
    assert "小投诉" not in signed_in("liu").get("/start").text
    assert signed_in("liu").get("/start/small_complaint").status_code == 403
    assert signed_in("wang").get("/start/nothing").status_code == 404


def test_putting_somebody_elses_task_back_is_refused(
    signed_in: SignedIn, office: House, complaint: StartedWithForm, url: str
) -> None:
    """A colleague of the group cannot take a task away."""
    user_tasks.claim(office, WANG, int(complaint.next_task_key or 0))

    answer = signed_in("li").post(f"{url}/unassign", headers={"Accept": "application/json"})

    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["detail"] == "只有任务的办理人、其主管或系统管理员可以转交或放回该任务"
