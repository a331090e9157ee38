"""A submission in words."""

from collections.abc import Callable
from typing import Any

import pytest

from service.feel import Surroundings
from service.forms import DocumentFacts, Form, read_only_view, reference_to

Make = Callable[..., Form]


@pytest.mark.parametrize(
    ("component", "value", "kind", "text"),
    [
        pytest.param({"type": "textfield"}, "开胶", "text", "开胶", id="text"),
        pytest.param({"type": "textfield"}, "", "text", "—", id="empty_text"),
        pytest.param({"type": "textfield"}, 3, "text", "3", id="number_in_a_text_field"),
        pytest.param({"type": "textarea"}, "一\n二", "long_text", "一\n二", id="area"),
        pytest.param({"type": "number"}, 1200, "number", "1,200", id="number"),
        pytest.param({"type": "number"}, 0, "number", "0", id="zero"),
        pytest.param({"type": "number"}, None, "number", "—", id="no_number"),
        pytest.param(
            {"type": "number", "appearance": {"suffixAdorner": "箱"}},
            120,
            "number",
            "120 箱",
            id="unit",
        ),
        pytest.param(
            {"type": "number", "appearance": {"suffixAdorner": "元"}},
            9999.9,
            "money",
            "¥9,999.90",
            id="money_by_unit",
        ),
        pytest.param(
            {"type": "number", "label": "涉及金额（元）"},
            "-5",
            "money",
            "-¥5.00",
            id="money_by_label",
        ),
        pytest.param({"type": "datetime"}, "2026-01-05", "date", "2026年1月5日", id="date"),
        pytest.param(
            {"type": "datetime", "subtype": "datetime"},
            "2026-11-24T02:30Z",
            "datetime",
            "2026年11月24日 10:30",
            id="moment_in_shanghai",
        ),
        pytest.param(
            {"type": "datetime", "subtype": "datetime"},
            "2026-11-24T02:30",
            "datetime",
            "2026年11月24日 02:30",
            id="moment_without_zone",
        ),
        pytest.param(
            {"type": "datetime", "subtype": "time"}, "10:30:00+08:00", "time", "10:30", id="time"
        ),
        pytest.param({"type": "datetime"}, "no date", "date", "no date", id="no_date"),
        pytest.param({"type": "checkbox"}, True, "yes_no", "是", id="ticked"),
        pytest.param({"type": "checkbox"}, False, "yes_no", "否", id="not_ticked"),
        pytest.param(
            {"type": "radio", "values": [{"label": "电话", "value": "TEL"}]},
            "TEL",
            "choice",
            "电话",
            id="label_of_an_option",
        ),
        pytest.param(
            {"type": "select", "valuesKey": "users"},
            "wang",
            "choice",
            "王小明",
            id="option_of_case",
        ),
        pytest.param(
            {"type": "select", "valuesKey": "users"}, "gone", "choice", "gone", id="option_gone"
        ),
        pytest.param(
            {"type": "checklist", "values": [{"label": "退货", "value": 1}, "换货"]},
            [1, "换货"],
            "choices",
            "退货、换货",
            id="several_options",
        ),
        pytest.param(
            {"type": "expression", "expression": "=1"}, [1, True], "value", "1、是", id="computed"
        ),
        pytest.param(
            {"type": "filepicker"},
            [reference_to(DocumentFacts("d", "传真.pdf", "application/pdf", 1, "00"))],
            "files",
            "传真.pdf",
            id="files",
        ),
        pytest.param({"type": "filepicker"}, None, "files", "—", id="no_files"),
    ],
)
def test_a_value_is_told_in_words(
    make: Make, surroundings: Surroundings, component: Any, value: Any, kind: str, text: str
) -> None:
    """Dates in Chinese, money with two decimals, options by their labels."""
    form = make({"key": "a", **component})
    variables = {"users": [{"label": "王小明", "value": "wang"}]}

    (shown,) = read_only_view(form, {"a": value}, variables, surroundings)

    assert (shown.kind, shown.text, shown.path, shown.field_id) == (kind, text, "a", "field_a")


def test_only_stored_fields_are_shown_in_the_order_of_the_form(
    make: Make, surroundings: Surroundings
) -> None:
    """A field that was hidden is not in the values and not on the page."""
    form = make(
        {"type": "textfield", "key": "b", "label": "批次号"},
        {"type": "textfield", "key": "hidden"},
        {"type": "text", "text": "说明"},
        {"type": "group", "path": "g", "components": [{"type": "textfield", "key": "a"}]},
    )

    shown = read_only_view(form, {"g": {"a": "x"}, "b": "B1"}, {}, surroundings)

    assert [(line.label, line.text) for line in shown] == [("批次号", "B1"), ("a", "x")]


def test_a_list_is_a_line_a_row(make: Make, surroundings: Surroundings) -> None:
    """Each row names its fields; an empty list says so."""
    rows = {
        "type": "dynamiclist",
        "label": "预算明细",
        "components": [
            {"type": "textfield", "key": "item", "label": "项目"},
            {"type": "number", "key": "amount", "label": "金额(元)"},
        ],
    }
    form = make({**rows, "path": "rows"}, {**rows, "path": "none"})
    values = {"rows": [{"item": "纸箱", "amount": 1200}, {"item": "人工"}], "none": []}

    shown = read_only_view(form, values, {}, surroundings)

    assert [(line.label, line.text, line.kind) for line in shown] == [
        ("预算明细（1）", "项目：纸箱；金额(元)：¥1,200.00", "rows"),
        ("预算明细（2）", "项目：人工", "rows"),
        ("预算明细", "—", "rows"),
    ]


def test_a_label_may_be_computed(make: Make, surroundings: Surroundings) -> None:
    """Labels are told as the person saw them, with the case's values in them."""
    form = make(
        {"type": "textfield", "key": "a", "label": "{{dept}}意见"},
        {"type": "textfield", "key": "b", "label": "=dept"},
    )

    shown = read_only_view(form, {"a": "x", "b": "y"}, {"dept": "质量部"}, surroundings)

    assert [line.label for line in shown] == ["质量部意见", "质量部"]
