"""What a submission stores, and why it is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from service.forms import Submission

Submit = Callable[..., Submission]

TEXT = {"type": "textfield", "key": "a"}
AREA = {"type": "textarea", "key": "a"}
NUMBER = {"type": "number", "key": "a"}
SELECT = {"type": "select", "key": "a", "values": [{"label": "甲", "value": "A"}, "B", 3]}
CHECKLIST = {**SELECT, "type": "checklist"}
DATE = {"type": "datetime", "key": "a", "subtype": "date"}
TIME = {"type": "datetime", "key": "a", "subtype": "time"}
MOMENT = {"type": "datetime", "key": "a", "subtype": "datetime"}


def told(submission: Submission) -> list[tuple[str, str]]:
    """Return path and code of every problem."""
    return [(problem.path, problem.code) for problem in submission.problems]


def checked(component: dict[str, Any], **checks: Any) -> dict[str, Any]:
    """Return a component with a `validate` section."""
    return component | {"validate": checks}


@pytest.mark.parametrize(
    ("component", "value", "message"),
    [
        pytest.param(checked(TEXT, required=True), "", "此项必填", id="required_empty"),
        pytest.param(checked(TEXT, required=True), None, "此项必填", id="required_null"),
        pytest.param(
            checked({"type": "checkbox", "key": "a"}, required=True),
            False,
            "此项必填",
            id="required_not_ticked",
        ),
        pytest.param(checked(CHECKLIST, required=True), [], "此项必填", id="required_none_chosen"),
        pytest.param(checked(SELECT, required=True), None, "此项必填", id="required_not_chosen"),
        pytest.param(TEXT, 7, "数据格式不正确，应为文本", id="number_for_text"),
        pytest.param(TEXT, ["x"], "数据格式不正确，应为文本", id="list_for_text"),
        pytest.param(TEXT, "a\nb", "不能包含换行或不可见的控制字符", id="newline_in_a_line"),
        pytest.param(AREA, "a\x00b", "不能包含换行或不可见的控制字符", id="nul"),
        pytest.param(AREA, "a\ud800", "不能包含换行或不可见的控制字符", id="half_a_character"),
        pytest.param(checked(TEXT, minLength=3), " ab ", "至少输入 3 个字符", id="too_short"),
        pytest.param(checked(TEXT, maxLength=2), "三个字", "最多输入 2 个字符", id="too_long"),
        pytest.param(
            checked(TEXT, maxLength="=limit"), "三个字", "最多输入 2 个字符", id="computed_limit"
        ),
        pytest.param(TEXT, "x" * 10_001, "最多输入 10000 个字符", id="longer_than_any"),
        pytest.param(checked(TEXT, pattern="^B\\d+$"), "B12x", "格式不正确", id="pattern"),
        pytest.param(
            checked(TEXT, pattern="^B", patternErrorMessage="批次号以 B 开头"),
            "12",
            "批次号以 B 开头",
            id="pattern_with_own_words",
        ),
        pytest.param(
            checked(TEXT, validationType="email"), "a@", "请输入有效的电子邮箱", id="email"
        ),
        pytest.param(
            checked(TEXT, validationType="phone"), "12345", "请输入有效的电话号码", id="phone"
        ),
        pytest.param(NUMBER, "7", "请输入数字", id="text_for_number"),
        pytest.param(NUMBER, True, "请输入数字", id="boolean_for_number"),
        pytest.param(NUMBER, float("nan"), "请输入数字", id="not_a_number"),
        pytest.param(NUMBER, 10**40, "请输入数字", id="beyond_all_measure"),
        pytest.param(NUMBER | {"serializeToString": True}, "1e3", "请输入数字", id="exponent_text"),
        pytest.param(NUMBER | {"decimalDigits": 0}, 1.5, "请输入整数", id="no_integer"),
        pytest.param(NUMBER | {"decimalDigits": 2}, 1.005, "最多保留 2 位小数", id="digits"),
        pytest.param(
            NUMBER | {"increment": "0.5"},
            1.2,
            "请输入有效的数值，最接近的是 1 和 1.5",
            id="increment",
        ),
        pytest.param(checked(NUMBER, min=0), -0.01, "不能小于 0", id="just_below"),
        pytest.param(checked(NUMBER, max=100), 100.01, "不能大于 100", id="just_above"),
        pytest.param(checked(NUMBER, max="=limit"), 3, "不能大于 2", id="computed_max"),
        pytest.param(
            {"type": "checkbox", "key": "a"}, "yes", "数据格式不正确，应为是或否", id="no_boolean"
        ),
        pytest.param(SELECT, "C", "请从选项中选择", id="no_option"),
        pytest.param(SELECT, True, "请从选项中选择", id="true_is_no_option"),
        pytest.param(SELECT | {"values": [1, 2]}, True, "请从选项中选择", id="true_is_not_one"),
        pytest.param(CHECKLIST, ["A"] * 4, "请从选项中选择", id="more_than_there_are_options"),
        pytest.param(SELECT, {"x": 1}, "请从选项中选择", id="object_is_no_option"),
        pytest.param(CHECKLIST, "A", "数据格式不正确，应为列表", id="no_list_of_options"),
        pytest.param(CHECKLIST, ["A", "C"], "请从选项中选择", id="one_no_option"),
        pytest.param(CHECKLIST, ["A", "A"], "同一选项不能重复选择", id="option_twice"),
        pytest.param(DATE, "2026-02-29", "请输入有效的日期", id="no_such_day"),
        pytest.param(DATE, "2026-2-9", "请输入有效的日期", id="date_badly_written"),
        pytest.param(DATE, "2026-11-24T10:00", "请输入有效的日期", id="moment_for_date"),
        pytest.param(DATE, 20261124, "请输入有效的日期", id="number_for_date"),
        pytest.param(TIME, "24:00", "请输入有效的时间", id="no_such_time"),
        pytest.param(MOMENT, "2026-11-24", "请输入有效的日期和时间", id="date_for_moment"),
        pytest.param(
            MOMENT | {"timeSerializingFormat": "utc_normalized", "disallowPassedDates": True},
            "9999-12-31T23:59:59Z",
            "请输入有效的日期和时间",
            id="beyond_the_calendar",
        ),
        pytest.param(
            MOMENT | {"timeSerializingFormat": "utc_offset"},
            "2026-11-24T10:00",
            "请输入有效的日期和时间",
            id="offset_missing",
        ),
        pytest.param(
            MOMENT | {"timeSerializingFormat": "no_timezone"},
            "2026-11-24T10:00Z",
            "请输入有效的日期和时间",
            id="offset_too_much",
        ),
        pytest.param(
            DATE | {"disallowPassedDates": True}, "2026-11-23", "不能早于今天", id="yesterday"
        ),
        pytest.param(
            MOMENT | {"disallowPassedDates": True},
            "2026-11-23T15:59Z",
            "不能早于今天",
            id="yesterday_in_shanghai",
        ),
        pytest.param(
            TIME | {"timeInterval": 15}, "10:20", "分钟须为 15 的整数倍", id="time_interval"
        ),
    ],
)
def test_a_wrong_value_is_refused_at_its_field_in_chinese(
    submit: Submit, component: dict[str, Any], value: Any, message: str
) -> None:
    """One problem, at the field, with the sentence the browser shows."""
    submission = submit(component, {"a": value}, variables={"limit": 2})

    assert [(found.path, found.field_id, found.message) for found in submission.problems] == [
        ("a", "field_a", message)
    ]


@pytest.mark.parametrize(
    ("component", "value", "stored"),
    [
        pytest.param(checked(TEXT, minLength=3), "", "", id="empty_text_is_not_too_short"),
        pytest.param(checked(TEXT, pattern="^B"), "", "", id="empty_text_skips_the_pattern"),
        pytest.param(checked(TEXT, pattern="b"), "abc", "abc", id="pattern_is_not_anchored"),
        pytest.param(checked(TEXT, minLength=2, maxLength=2), " 二字 ", " 二字 ", id="trimmed"),
        pytest.param(AREA, "一\n二\t三", "一\n二\t三", id="lines_in_an_area"),
        pytest.param(
            checked(TEXT, validationType="email"), "a.b@x.com.cn", "a.b@x.com.cn", id="email"
        ),
        pytest.param(checked(TEXT, validationType="phone"), "13812345678", "13812345678", id="tel"),
        pytest.param(
            checked(TEXT, validationType="phone"), "+86 138 1234 5678", "+86 138 1234 5678", id="86"
        ),
        pytest.param(
            checked(TEXT, validationType="phone"), "0571-88886666", "0571-88886666", id="land_line"
        ),
        pytest.param(
            checked(TEXT, validationType="phone"), "400-800-1234", "400-800-1234", id="service"
        ),
        pytest.param(
            checked(TEXT, validationType="phone"), "+4930664040900", "+4930664040900", id="abroad"
        ),
        pytest.param(NUMBER, None, None, id="no_number"),
        pytest.param(checked(NUMBER, min=0, max=100), 0, 0, id="lowest"),
        pytest.param(checked(NUMBER, min=0, max=100), 100, 100, id="highest"),
        pytest.param(NUMBER | {"decimalDigits": 2}, 9999.99, 9999.99, id="digits_held"),
        pytest.param(NUMBER | {"increment": "0.1"}, 0.3, 0.3, id="increment_is_decimal"),
        pytest.param(
            NUMBER | {"serializeToString": True}, "10.50", "10.5", id="number_kept_as_text"
        ),
        pytest.param(NUMBER | {"serializeToString": True}, 7, "7", id="number_made_text"),
        pytest.param(checked(NUMBER, max="=missing"), 7, 7, id="null_limit_is_none"),
        pytest.param({"type": "checkbox", "key": "a"}, None, False, id="not_ticked"),
        pytest.param(SELECT, "A", "A", id="option"),
        pytest.param(SELECT, 3, 3, id="option_number"),
        pytest.param(SELECT, "", None, id="nothing_chosen"),
        pytest.param(CHECKLIST, ["B", "A"], ["B", "A"], id="options_in_given_order"),
        pytest.param(CHECKLIST, None, [], id="no_options"),
        pytest.param(DATE, "2024-02-29", "2024-02-29", id="leap_day"),
        pytest.param(DATE | {"disallowPassedDates": True}, "2026-11-24", "2026-11-24", id="today"),
        pytest.param(
            MOMENT | {"disallowPassedDates": True},
            "2026-11-23T16:00Z",
            "2026-11-23T16:00Z",
            id="today_in_shanghai",
        ),
        pytest.param(
            MOMENT | {"timeSerializingFormat": "utc_offset"},
            "2026-11-24T10:00+08:00",
            "2026-11-24T10:00+08:00",
            id="offset",
        ),
        pytest.param(TIME | {"timeInterval": 15}, "10:45", "10:45", id="time_interval"),
        pytest.param(DATE, "", None, id="no_date"),
    ],
)
def test_a_right_value_is_stored(
    submit: Submit, component: dict[str, Any], value: Any, stored: Any
) -> None:
    """Values come out as the form stores them."""
    submission = submit(component, {"a": value}, variables={"limit": 2})

    assert told(submission) == []
    assert submission.values == {"a": stored}


def test_what_is_not_submitted_is_empty(submit: Submit) -> None:
    """A submission is complete: a field left out is a field left empty."""
    submission = submit(
        [TEXT, {"type": "number", "key": "b"}, {"type": "checkbox", "key": "c"}],
        {},
        variables={"a": "earlier"},
    )

    assert told(submission) == []
    assert submission.values == {"a": "", "b": None, "c": False}


def test_unknown_keys_are_refused_wherever_they_stand(submit: Submit) -> None:
    """Nothing the form does not name gets in, at the top, in groups or in rows."""
    form = [
        {"type": "group", "path": "g", "components": [TEXT]},
        {"type": "dynamiclist", "path": "rows", "components": [TEXT]},
    ]

    submission = submit(
        form, {"x": 1, "g": {"a": "1", "y": 2}, "rows": [{"a": "1"}, {"a": "2", "z": 3}]}
    )

    assert told(submission) == [
        ("x", "unknown_key"),
        ("g.y", "unknown_key"),
        ("rows.1.z", "unknown_key"),
    ]
    assert submission.values == {"g": {"a": "1"}, "rows": [{"a": "1"}, {"a": "2"}]}


@pytest.mark.parametrize(
    ("submitted", "path"),
    [
        pytest.param({"g": 7}, "g", id="group_is_a_number"),
        pytest.param({"g": [{"a": "1"}]}, "g", id="group_is_a_list"),
        pytest.param({"rows": {"a": "1"}}, "rows", id="list_is_an_object"),
        pytest.param({"rows": ["x"]}, "rows.0", id="row_is_a_text"),
    ],
)
def test_objects_and_lists_must_stand_where_the_form_has_them(
    submit: Submit, submitted: Any, path: str
) -> None:
    """A wrong shape is a problem, never a crash."""
    form = [
        {"type": "group", "path": "g", "components": [TEXT]},
        {"type": "dynamiclist", "path": "rows", "components": [TEXT]},
    ]

    assert told(submit(form, submitted)) == [(path, "type")]


def test_dotted_keys_groups_and_lists_nest_their_values(submit: Submit) -> None:
    """The path of a value is that of its containers and its own key."""
    form = [
        {"type": "group", "components": [{"type": "textfield", "key": "customer.name"}]},
        {
            "type": "group",
            "path": "customer",
            "components": [
                {
                    "type": "dynamiclist",
                    "path": "phones",
                    "components": [{"type": "textfield", "key": "no"}],
                }
            ],
        },
    ]
    submitted = {"customer": {"name": "王小明", "phones": [{"no": "1"}, {"no": "2"}]}}

    submission = submit(form, submitted)

    assert told(submission) == []
    assert submission.values == submitted


def test_problems_come_in_the_order_of_the_form_with_row_numbers(submit: Submit) -> None:
    """The first problem is the first field on the page."""
    form = [
        checked(TEXT, required=True),
        {
            "type": "dynamiclist",
            "path": "rows",
            "components": [checked({"type": "number", "key": "n"}, required=True, min=1)],
        },
        checked({"type": "textfield", "key": "z"}, required=True),
    ]

    submission = submit(form, {"rows": [{"n": 1}, {"n": 0}, {}]})

    assert told(submission) == [
        ("a", "required"),
        ("rows.1.n", "min"),
        ("rows.2.n", "required"),
        ("z", "required"),
    ]
    assert submission.problems[1].field_id == "field_rows_n"


@pytest.mark.parametrize(
    ("changes", "count", "code"),
    [
        pytest.param({"properties": {"minItems": "1"}}, 0, "min_items", id="none"),
        pytest.param({"properties": {"minItems": "1"}}, 1, None, id="one"),
        pytest.param({"properties": {"maxItems": "2"}}, 2, None, id="most"),
        pytest.param({"properties": {"maxItems": "2"}}, 3, "max_items", id="too_many"),
        pytest.param({}, 501, "max_items", id="more_than_any_form_takes"),
        pytest.param({}, 100_000, "max_items", id="far_more_than_any_form_takes"),
        pytest.param(
            {"allowAddRemove": False, "defaultRepetitions": 3}, 3, None, id="fixed_number"
        ),
        pytest.param(
            {"allowAddRemove": False, "defaultRepetitions": 3}, 2, "fixed_items", id="row_removed"
        ),
    ],
)
def test_a_list_keeps_to_its_number_of_rows(
    submit: Submit, changes: dict[str, Any], count: int, code: str | None
) -> None:
    """Rows are bounded by the form and in any case by the house."""
    rows = {"type": "dynamiclist", "path": "rows", "components": [TEXT], **changes}

    submission = submit(rows, {"rows": [{"a": "x"}] * count})

    assert told(submission) == ([("rows", code)] if code else [])


def test_a_hostile_value_is_a_problem_and_nothing_else(submit: Submit) -> None:
    """Any JSON at any field ends in problems, not in an error."""
    hostile: list[Any] = [None, True, -1, 1e308, "x", "", [], [[]], {}, {"a": {"a": []}}, [None]]
    components = [TEXT, AREA, NUMBER, SELECT, CHECKLIST, DATE, TIME, MOMENT]
    components += [{"type": "filepicker", "key": "a"}, {"type": "checkbox", "key": "a"}]
    components.append({"type": "dynamiclist", "path": "a", "components": [TEXT]})

    for component in components:
        for value in hostile:
            submission = submit(component, {"a": value})
            assert {found.path.split(".")[0] for found in submission.problems} <= {"a"}
