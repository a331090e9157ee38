"""Problem details in the reader's language."""

import importlib
import pkgutil
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

import service
from service.api import unsupported
from service.api.error_texts import SENTENCES
from service.api.field_texts import FIELD_TEXTS
from service.api.sentences import (
    command_sentence,
    failure_sentence,
    finding_sentence,
    problem_sentence,
    sentence,
    status_sentence,
)
from service.api.words import BECAUSE, RIGHTS_IN_TRADITIONAL
from service.domain.errors import (
    BadInputError,
    BusyError,
    DeploymentRefusedError,
    FieldProblem,
    Finding,
    HuiyinError,
    InvalidFormError,
    NotFoundError,
    NotSupportedError,
    WrongStateError,
)
from service.domain.languages import ENGLISH, SIMPLIFIED, TRADITIONAL
from service.engine.errors import UncaughtError
from service.feel.wording import Text
from service.forms.messages import TEXTS
from service.identity.verdict import REASONS
from service.reports.search.kinds import refused
from tests.api.test_doors import basic, problem

CJK = re.compile(r"[一-鿿]")
ROOMS = ("api", "domain", "engine", "forms", "identity", "sla", "usecases")
FINDING = Finding(
    "error",
    "feel_syntax",
    "表达式有误。",
    "It is no FEEL.",
    "運算式有誤。",
    "",
    "a.bpmn",
    "check",
    7,
)


def all_classes() -> list[type[HuiyinError]]:
    """Return every class of errors of the rooms that answer programs."""
    for room in ROOMS:
        for module in pkgutil.walk_packages([f"{service.__path__[0]}/{room}"], f"service.{room}."):
            importlib.import_module(module.name)

    def below(kind: type[HuiyinError]) -> set[type[HuiyinError]]:
        return {kind, *(one for sub in kind.__subclasses__() for one in below(sub))}

    found = {kind for kind in below(HuiyinError) if kind.__module__.startswith("service.")}
    return sorted(found, key=lambda kind: kind.__name__)


def made(kind: type[HuiyinError]) -> HuiyinError:
    """Return an error of a class, with as little as it can be raised with."""
    second: dict[str, tuple[Any, ...]] = {
        "InvalidFormError": ([],),
        "DeploymentRefusedError": ([FINDING],),
        "MethodNotAllowedError": (["GET"],),
        "FeelSyntaxError": (3, Text("数字", "a number"), Text("“)”", "')'")),
        "UncaughtError": (("a",),),
        "HouseJobError": ("It does not go.",),
    }
    firsts: dict[str, Any] = {
        "FeelSyntaxError": 2,
        "BadInputsError": [refused(name, "an object", 1) for name in ("a", "b")],
    }
    first = firsts.get(kind.__name__, "Expected something else.")
    return kind(first, *second.get(kind.__name__, ()))


@pytest.mark.parametrize("kind", all_classes(), ids=lambda kind: kind.__name__)
def test_every_error_speaks_three_languages(kind: type[HuiyinError]) -> None:
    """A class without sentence of its own has that of its base, filled in."""
    told = {code: sentence(made(kind), code) for code in (ENGLISH, SIMPLIFIED, TRADITIONAL)}
    assert told[ENGLISH].isascii() or kind is UncaughtError
    for code in (SIMPLIFIED, TRADITIONAL):
        assert CJK.search(told[code])
        assert "{" not in told[code]


def test_every_class_raised_ends_in_a_sentence_without_facts() -> None:
    """Whatever facts a raise gives, the last sentence of the class fits."""
    for position, one in enumerate(SENTENCES):
        if not one.facts:
            later = [
                other for other in SENTENCES[position + 1 :] if issubclass(other.kind, one.kind)
            ]
            assert later == [], one


@pytest.mark.parametrize(
    ("error", "simplified", "traditional"),
    [
        (
            refused("page.limit", "an integer of 0 to 10000", "ten"),
            "字段 page.limit 应为0 至 10000 的整数，实际为 'ten'。",
            "欄位 page.limit 應為0 至 10000 的整數，實際為 'ten'。",
        ),
        (
            refused("sort[0].order", "one of a, b (it takes no operators)", 1),
            "字段 sort[0].order 应为以下之一：a, b（不接受运算符），实际为 1。",
            "欄位 sort[0].order 應為以下之一：a, b（不接受運算子），實際為 1。",
        ),
        (
            NotFoundError("x", key=5),
            "未找到键为 5 的对象，或您无权查看。",
            "未找到鍵為 5 的物件，或您無權查看。",
        ),
        (
            WrongStateError(
                "x",
                task_key=5,
                state="COMPLETED",
                completed_by="lina",
                completed_at=datetime(2026, 11, 24, tzinfo=UTC),
            ),
            "任务 5 应为待办，但已由 lina 于 2026-11-24T00:00:00+00:00 办理完成。",
            "任務 5 應為待辦，但已由 lina 於 2026-11-24T00:00:00+00:00 辦理完成。",
        ),
        (
            WrongStateError("x", task_key=5, state="CANCELED", completed_by=None),
            "任务 5 应为待办（CREATED），实际状态为 CANCELED。",
            "任務 5 應為待辦（CREATED），實際狀態為 CANCELED。",
        ),
        (
            BusyError("x", 3),
            "其他人正在处理同一内容，操作未生效，请于 3 秒后重试。",
            "其他人正在處理同一內容，操作未生效，請於 3 秒後重試。",
        ),
        (
            NotSupportedError(
                "x", path="/v2/mode", because="there is no mode of a cluster to change"
            ),
            "API 中有 /v2/mode，但本系统不提供：没有可切换的集群模式。",
            "API 中有 /v2/mode，但本系統不提供：沒有可切換的叢集模式。",
        ),
        (BadInputError("x", message="请填写数字"), "请填写数字", "请填写数字"),
    ],
    ids=lambda value: "" if isinstance(value, str) else type(value).__name__,
)
def test_a_sentence_says_what_the_facts_tell(
    error: HuiyinError, simplified: str, traditional: str
) -> None:
    """What was expected and what is so; a sentence that the error carries stands above all."""
    assert sentence(error, SIMPLIFIED) == simplified
    assert sentence(error, TRADITIONAL) == traditional


def test_what_a_table_says_in_chinese_it_says_of_everything() -> None:
    """Each refusal of rights, each reason of a missing path, each check of a field."""
    assert RIGHTS_IN_TRADITIONAL.keys() == REASONS.keys()
    assert BECAUSE.keys() == {one.reason for one in unsupported.UNSUPPORTED}
    assert FIELD_TEXTS.keys() == TEXTS.keys()


def test_refused_fields_and_findings_have_an_english_text() -> None:
    """The facts of a field are filled in; a finding names its place."""
    short = FieldProblem("name", "min_length", "至少输入 3 个字符", "f1", {"limit": 3})
    typed = FieldProblem("ok", "type", "数据格式不正确，应为是或否", "f2", {"expected": "是或否"})
    new = FieldProblem("name", "brand_new", "不行")
    assert problem_sentence(short, ENGLISH) == "Expected at least 3 characters."
    assert problem_sentence(typed, ENGLISH) == "Expected true or false."
    assert "brand_new" in problem_sentence(new, ENGLISH)
    assert problem_sentence(short, SIMPLIFIED) == "至少输入 3 个字符"
    english = "In 'a.bpmn', line 7, at 'check': It is no FEEL."
    assert finding_sentence(FINDING, ENGLISH) == english
    assert finding_sentence(FINDING, SIMPLIFIED) == "表达式有误。"


def test_text_that_is_no_feel_is_told_with_its_place(client: FlaskClient) -> None:
    """English says where and what was expected; Chinese stands beside it."""
    response = client.post(
        "/v2/expression/evaluation", headers=basic(), json={"expression": "=1 +"}
    )
    told = problem(response, 400)
    assert "Line 1, column 4: expected an expression" in told["detail"]
    assert CJK.search(told["message"])


def test_warnings_of_an_expression_are_told_in_the_readers_language(client: FlaskClient) -> None:
    """A mistake of the model is a null with a warning that says where and what may be meant."""
    for asked, expected in (
        ("en", "Line 1, column 1: There is no variable 'amuont'. Did you mean 'amount'?"),
        ("zh-CN", "第 1 行第 1 列：找不到变量“amuont”。你是不是想写“amount”？"),
    ):
        response = client.post(
            "/v2/expression/evaluation",
            headers={**basic(), "Accept-Language": asked},
            json={"expression": "=amuont", "variables": {"amount": 1}},
        )
        answer = response.get_json()
        assert (answer["result"], answer["warnings"]) == (None, [{"message": expected}])


def test_commands_statuses_and_failures_are_told_in_each_language() -> None:
    """What stands around a sentence is of the same language."""
    assert command_sentence("Expected.", "FAIL", "X", ENGLISH).startswith("Command 'FAIL'")
    assert command_sentence("无。", "FAIL", "X", SIMPLIFIED) == "命令 FAIL 被拒绝（X）：无。"
    assert status_sentence(413, "Too large.", ENGLISH) == "Too large."
    assert status_sentence(413, "Too large.", TRADITIONAL).startswith("提交的內容超過")
    assert status_sentence(418, "I'm a teapot.", SIMPLIFIED).startswith("提交的内容有误")
    assert all("a1b2" in failure_sentence("a1b2", code) for code in (ENGLISH, TRADITIONAL))


@pytest.mark.parametrize(
    ("asked", "expect"),
    [
        (None, "Expected"),
        ("*", "Expected"),
        ("fr", "Expected"),
        ("zh;q=0", "Expected"),
        ("en-GB,zh;q=0.5", "Expected"),
        ("zh-CN", "未找到键为 1"),
        ("fr, zh;q=0.5", "未找到键为 1"),
        ("zh-TW,zh;q=0.9", "未找到鍵為 1"),
    ],
)
def test_the_client_chooses_the_language(
    client: FlaskClient, asked: str | None, expect: str
) -> None:
    """No wish, `*` and unknown languages get English, as official clients expect."""
    headers = {**basic(), **({"Accept-Language": asked} if asked else {})}
    response = client.get("/v2/user-tasks/1", headers=headers)
    assert problem(response, 404)["detail"].startswith(expect)
    assert "Accept-Language" in response.headers["Vary"]


def test_a_refused_command_is_told_in_chinese_with_its_code(client: FlaskClient) -> None:
    """The title stays what programs compare."""
    headers = {**basic(), "Accept-Language": "zh"}
    response = client.post("/v2/jobs/1/error", headers=headers, json={"errorCode": " "})
    told = problem(response, 400)
    assert told["title"] == "INVALID_ARGUMENT"
    assert told["detail"].startswith("命令 THROW_ERROR 被拒绝（INVALID_ARGUMENT）：")
    assert "errorCode" in told["detail"]
    assert response.headers["Content-Language"] == "zh-Hans-CN"


def test_the_detail_of_a_refused_deployment_counts_the_errors_only() -> None:
    """Remarks refuse nothing; the first error is the one named."""
    remark = Finding("warning", "unused", "未使用。", "It is unused.", "未使用。")
    error = DeploymentRefusedError("x", [remark, FINDING])
    assert "found 1; the first: In 'a.bpmn', line 7, at 'check': It is no FEEL." in sentence(
        error, ENGLISH
    )
    assert sentence(InvalidFormError("Expected values.", []), ENGLISH) == "Expected values."
