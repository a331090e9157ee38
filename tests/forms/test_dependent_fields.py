"""Fields that depend on others: hidden, read-only, disabled, computed, required, cross-checked."""

from collections.abc import Callable
from typing import Any

import pytest

from service.forms import Submission

Submit = Callable[..., Submission]

KIND = {"type": "radio", "key": "kind", "values": ["抱怨", "建议"]}
REASON = {
    "type": "textarea",
    "key": "reason",
    "validate": {"required": True},
    "conditional": {"hide": '=kind != "抱怨"'},
}


def told(submission: Submission) -> list[tuple[str, str]]:
    """Return path and code of every problem."""
    return [(problem.path, problem.code) for problem in submission.problems]


@pytest.mark.parametrize(
    ("submitted", "problems", "values"),
    [
        pytest.param(
            {"kind": "抱怨", "reason": "开胶"},
            [],
            {"kind": "抱怨", "reason": "开胶"},
            id="visible_and_filled",
        ),
        pytest.param(
            {"kind": "抱怨"},
            [("reason", "required")],
            {"kind": "抱怨", "reason": ""},
            id="visible_and_empty",
        ),
        pytest.param({"kind": "建议"}, [], {"kind": "建议"}, id="hidden_and_not_sent"),
        pytest.param(
            {"kind": "建议", "reason": ""}, [], {"kind": "建议"}, id="hidden_and_sent_empty"
        ),
        pytest.param(
            {"kind": "建议", "reason": "开胶"},
            [("reason", "hidden_field")],
            {"kind": "建议"},
            id="hidden_and_sent",
        ),
    ],
)
def test_a_hidden_field_is_neither_asked_nor_taken(
    submit: Submit, submitted: Any, problems: Any, values: Any
) -> None:
    """A field is hidden exactly when its condition is true; a value sent for it is refused."""
    submission = submit([KIND, REASON], submitted)

    assert told(submission) == problems
    assert submission.values == values


@pytest.mark.parametrize("condition", ["=missing", "=missing > 3", '="true"', "=1"])
def test_a_condition_that_is_not_exactly_true_hides_nothing(submit: Submit, condition: str) -> None:
    """Null, texts and numbers do not hide."""
    field = {"type": "textfield", "key": "a", "conditional": {"hide": condition}}

    assert submit(field, {"a": "x"}).values == {"a": "x"}


def test_an_earlier_value_of_a_hidden_field_hides_nothing_further(submit: Submit) -> None:
    """What is hidden counts as null in other conditions, whatever the variable still holds."""
    form = [
        KIND,
        {"type": "textfield", "key": "b", "conditional": {"hide": '=kind = "建议"'}},
        {"type": "textfield", "key": "c", "conditional": {"hide": '=b = "old"'}},
    ]

    submission = submit(form, {"kind": "建议", "c": "new"}, variables={"b": "old"})

    assert told(submission) == []
    assert submission.values == {"kind": "建议", "c": "new"}


def test_conditions_that_contradict_each_other_are_refused(submit: Submit) -> None:
    """A form that cannot come to rest takes no submission."""
    form = [
        {"type": "textfield", "key": "a", "conditional": {"hide": '=b = "x"'}},
        {"type": "textfield", "key": "b", "conditional": {"hide": '=a != "y"'}},
    ]

    assert ("", "unsettled") in told(submit(form, {"a": "y", "b": "x"}))


def test_a_hidden_container_hides_what_is_in_it(submit: Submit) -> None:
    """Groups and lists are hidden with all their fields."""
    form = [
        KIND,
        {
            "type": "group",
            "path": "g",
            "conditional": {"hide": '=kind = "建议"'},
            "components": [{"type": "textfield", "key": "a", "validate": {"required": True}}],
        },
        {
            "type": "dynamiclist",
            "path": "rows",
            "conditional": {"hide": '=kind = "建议"'},
            "properties": {"minItems": "1"},
            "components": [{"type": "textfield", "key": "a"}],
        },
    ]

    assert told(submit(form, {"kind": "建议"})) == []
    assert submit(form, {"kind": "建议"}).values == {"kind": "建议"}
    assert told(submit(form, {"kind": "建议", "g": {"a": "x"}, "rows": [{"a": "y"}]})) == [
        ("g.a", "hidden_field"),
        ("rows", "hidden_field"),
    ]


def test_a_condition_in_a_list_sees_its_own_row(submit: Submit) -> None:
    """`this` is the row, `parent` what is around it, `i` the row number from 1."""
    rows = {
        "type": "dynamiclist",
        "path": "rows",
        "components": [
            {"type": "number", "key": "n"},
            {
                "type": "textfield",
                "key": "why",
                "validate": {"required": True},
                "conditional": {"hide": "=this.n <= parent.limit"},
            },
            {"type": "textfield", "key": "first", "conditional": {"hide": "=i[1] > 1"}},
        ],
    }
    form = [{"type": "number", "key": "limit"}, rows]
    submitted = {"limit": 5, "rows": [{"n": 5, "first": "x"}, {"n": 6}]}

    submission = submit(form, submitted)

    assert told(submission) == [("rows.1.why", "required")]
    assert submission.values["rows"] == [{"n": 5, "first": "x"}, {"n": 6, "why": ""}]


@pytest.mark.parametrize("sent", [{}, {"a": "forged"}])
def test_a_read_only_field_keeps_the_case_s_value(submit: Submit, sent: Any) -> None:
    """Whatever the client sends for it is replaced."""
    field = {"type": "textfield", "key": "a", "readonly": True}

    submission = submit(field, sent, variables={"a": "true value"})

    assert told(submission) == []
    assert submission.values == {"a": "true value"}


def test_a_read_only_field_without_a_value_stores_nothing(submit: Submit) -> None:
    """Nothing is made up for a variable that does not exist; a required one is missed."""
    field = {"type": "textfield", "key": "a", "readonly": True}

    assert submit(field, {"a": "forged"}).values == {}
    assert told(submit(field | {"validate": {"required": True}}, {"a": "forged"})) == [
        ("a", "required")
    ]


def test_read_only_may_depend_on_a_condition(submit: Submit) -> None:
    """The same field is taken or replaced as the condition says."""
    form = [KIND, {"type": "textfield", "key": "a", "readonly": '=kind = "建议"'}]

    assert submit(form, {"kind": "抱怨", "a": "new"}, variables={"a": "old"}).values["a"] == "new"
    assert submit(form, {"kind": "建议", "a": "new"}, variables={"a": "old"}).values["a"] == "old"


def test_the_rows_of_a_read_only_list_are_those_of_the_case(submit: Submit) -> None:
    """No row is added, removed or changed."""
    rows = {
        "type": "dynamiclist",
        "path": "rows",
        "readonly": True,
        "components": [{"type": "number", "key": "n"}],
    }
    stored = [{"n": 1}, {"n": 2}]

    submission = submit(rows, {"rows": [{"n": 9}]}, variables={"rows": stored})

    assert told(submission) == []
    assert submission.values == {"rows": stored}


def test_a_disabled_field_is_neither_asked_nor_taken(submit: Submit) -> None:
    """A value sent for it is refused unless it is what the case holds."""
    field = {"type": "textfield", "key": "a", "disabled": True, "validate": {"required": True}}

    assert told(submit(field, {})) == []
    assert submit(field, {}).values == {}
    assert told(submit(field, {"a": "x"}, variables={"a": "x"})) == []
    assert told(submit(field, {"a": "y"}, variables={"a": "x"})) == [("a", "disabled_field")]


def test_what_is_around_a_field_may_switch_it_off_or_lock_it(submit: Submit) -> None:
    """Fields in a disabled group are disabled; rows of a read-only list are not judged again."""
    number = {"type": "number", "key": "n", "validate": {"required": True, "min": 5}}
    group = {"type": "group", "path": "g", "disabled": True, "components": [number]}
    rows = {"type": "dynamiclist", "path": "rows", "readonly": True, "components": [number]}

    submission = submit([group, rows], {}, variables={"g": {"n": 1}, "rows": [{"n": 1}]})

    assert told(submission) == []
    assert submission.values == {"rows": [{"n": 1}]}


def test_automatic_fields_are_filled_by_the_server(submit: Submit) -> None:
    """User, department and case number come from the server, whatever was sent."""
    form = [
        {"type": "textfield", "key": "who", "properties": {"auto": "user_name"}},
        {"type": "textfield", "key": "dept", "properties": {"auto": "user_dept"}},
        {
            "type": "textfield",
            "key": "no",
            "properties": {"auto": "case_no"},
            "validate": {"required": True},
        },
    ]

    submission = submit(
        form, {"who": "forged", "no": "1"}, auto={"user_name": "王小明", "user_dept": "质量部"}
    )

    assert told(submission) == []
    assert submission.values == {"who": "王小明", "dept": "质量部"}


@pytest.mark.parametrize(
    ("changes", "stored"),
    [
        pytest.param({"subtype": "date"}, "2026-11-24", id="date"),
        pytest.param({"subtype": "datetime"}, "2026-11-24T10:30:00+08:00", id="default_format"),
        pytest.param(
            {"subtype": "datetime", "timeSerializingFormat": "utc_offset"},
            "2026-11-24T10:30:00+08:00",
            id="offset",
        ),
        pytest.param(
            {"subtype": "datetime", "timeSerializingFormat": "utc_normalized"},
            "2026-11-24T02:30:00Z",
            id="utc",
        ),
        pytest.param(
            {"subtype": "datetime", "timeSerializingFormat": "no_timezone"},
            "2026-11-24T10:30:00",
            id="without_zone",
        ),
        pytest.param(
            {"subtype": "time", "timeSerializingFormat": "no_timezone"}, "10:30:00", id="time"
        ),
    ],
)
def test_now_is_written_as_the_field_wants_it(
    submit: Submit, changes: dict[str, Any], stored: str
) -> None:
    """The moment of the submission, in the zone of the house, in the field's own format."""
    field = {"type": "datetime", "key": "at", "properties": {"auto": "now"}, **changes}

    assert submit(field, {"at": "1999-01-01"}).values == {"at": stored}


def test_computed_fields_are_computed_anew(submit: Submit) -> None:
    """One computed field may use another, in any order; what was sent for them is replaced."""
    form = [
        {"type": "expression", "key": "total", "expression": "=net + tax"},
        {"type": "expression", "key": "tax", "expression": "=net * 0.5"},
        {"type": "number", "key": "net"},
    ]

    submission = submit(form, {"net": 10, "total": 1, "tax": 0})

    assert told(submission) == []
    assert submission.values == {"net": 10, "total": 15, "tax": 5}


BUDGET = [
    {"type": "number", "key": "budget_amount"},
    {
        "type": "dynamiclist",
        "path": "budget_items",
        "components": [{"type": "number", "key": "amount"}],
        "properties": {
            "validate": "=sum(budget_items.amount) = budget_amount",
            "validateMessage": "明细合计须等于预算金额",
        },
    },
]


@pytest.mark.parametrize(
    ("amounts", "is_right"),
    [
        pytest.param([0.1, 0.2, 0.7], True, id="exact_in_decimals"),
        pytest.param([1], True, id="one"),
        pytest.param([0.5, 0.4], False, id="too_little"),
        pytest.param([], False, id="none"),
    ],
)
def test_a_rule_over_several_fields_must_be_exactly_true(
    submit: Submit, amounts: list[float], is_right: bool
) -> None:
    """The sum of the items is the budget, or the form's own sentence stands at the list (FB-F8)."""
    submitted = {"budget_amount": 1, "budget_items": [{"amount": amount} for amount in amounts]}

    submission = submit(BUDGET, submitted)

    told_problems = [(found.path, found.message) for found in submission.problems]
    assert told_problems == ([] if is_right else [("budget_items", "明细合计须等于预算金额")])


def test_a_rule_is_not_asked_of_an_empty_field_and_sees_variables(submit: Submit) -> None:
    """An optional field may stay empty; a filled one is compared with the case."""
    field = {"type": "number", "key": "n", "properties": {"validate": "n <= quantity"}}

    assert told(submit(field, {}, variables={"quantity": 3})) == []
    assert told(submit(field, {"n": 3}, variables={"quantity": 3})) == []
    assert told(submit(field, {"n": 4}, variables={"quantity": 3})) == [("n", "condition")]
    assert told(submit(field, {"n": 4})) == [("n", "condition")]


@pytest.mark.parametrize(
    ("kind", "problems"),
    [("抱怨", [("quantity", "required")]), ("建议", []), (None, [])],
)
def test_a_field_is_required_when_its_condition_is_exactly_true(
    submit: Submit, kind: str | None, problems: list[tuple[str, str]]
) -> None:
    """`requiredIf` asks only where it says so (FB-F1: 数量 for 顾客抱怨)."""
    quantity = {"type": "number", "key": "quantity", "properties": {"requiredIf": '=kind = "抱怨"'}}

    assert told(submit([KIND, quantity], {"kind": kind})) == problems


def test_zero_is_something_entered(submit: Submit) -> None:
    """A required number may be zero."""
    field = {"type": "number", "key": "n", "validate": {"required": True}}

    assert told(submit(field, {"n": 0})) == []


@pytest.mark.parametrize(
    ("source", "variables", "value", "is_option"),
    [
        pytest.param({"valuesKey": "depts"}, {"depts": ["质量部"]}, "质量部", True, id="variable"),
        pytest.param(
            {"valuesKey": "depts"}, {"depts": ["质量部"]}, "财务部", False, id="not_in_it"
        ),
        pytest.param({"valuesKey": "depts"}, {}, "质量部", False, id="no_variable"),
        pytest.param({"valuesKey": "depts"}, {"depts": "质量部"}, "质量部", False, id="no_list"),
        pytest.param(
            {"valuesKey": "depts"},
            {"depts": [{"label": "质量部", "value": "quality"}]},
            "quality",
            True,
            id="label_and_value",
        ),
        pytest.param(
            {"valuesExpression": "=rows.name"}, {"rows": [{"name": "x"}]}, "x", True, id="computed"
        ),
        pytest.param({"valuesExpression": "=rows.name"}, {}, "x", False, id="computed_null"),
    ],
)
def test_options_may_come_from_the_case(
    submit: Submit, source: Any, variables: Any, value: str, is_option: bool
) -> None:
    """Membership is judged by the server's variables, never by what the client sent."""
    field = {"type": "select", "key": "a", **source}

    submission = submit(field, {"a": value}, variables=variables)

    assert told(submission) == ([] if is_option else [("a", "option")])
