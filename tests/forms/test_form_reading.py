"""What a form file must be to be taken, and what it says when it is not."""

from collections.abc import Callable
from json import dumps
from typing import Any

import pytest

from service.domain.errors import DeploymentRefusedError
from service.forms import Form, parse
from tests.finding_texts import assert_told_in_every_language


def refused(text: bytes) -> list[tuple[str, str | None]]:
    """Return rule and element of every finding of a refused file."""
    with pytest.raises(DeploymentRefusedError) as caught:
        parse(text, "test_form.form")
    assert all(finding.severity == "error" for finding in caught.value.findings)
    assert all(finding.resource == "test_form.form" for finding in caught.value.findings)
    for finding in caught.value.findings:
        assert_told_in_every_language(finding)
    return [(finding.rule, finding.element_id) for finding in caught.value.findings]


def form(*components: dict[str, Any], **head: Any) -> bytes:
    """Return a form file with the components exactly as given."""
    return dumps({"id": "f", "type": "default", "components": list(components)} | head).encode()


TEXT = {"type": "textfield", "id": "a", "key": "a"}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        pytest.param(b"{", "not_json", id="broken"),
        pytest.param(b"", "not_json", id="nothing"),
        pytest.param(b"[]", "not_a_form", id="a_list"),
        pytest.param(b'"x"', "not_a_form", id="a_text"),
        pytest.param(b'{"id": "f", "id": "g"}', "not_json", id="a_name_twice"),
        pytest.param(b'{"id": NaN}', "not_json", id="not_a_number"),
        pytest.param(b'\xff\xfe{"id": "f"}', "not_json", id="not_utf_8"),
        pytest.param(b"[" * 100_000, "too_deep", id="a_hundred_thousand_brackets"),
        pytest.param(b" " * 1_048_577, "too_large", id="over_a_megabyte"),
        pytest.param(b"{}", "missing_id", id="no_id"),
        pytest.param(form(id=7), "missing_id", id="id_is_a_number"),
        pytest.param(form(type="survey"), "not_a_form", id="another_type"),
        pytest.param(form(schemaVersion=20), "schema_version", id="newer_schema"),
        pytest.param(form(schemaVersion="19"), "schema_version", id="version_is_text"),
        pytest.param(form(components={}), "wrong_type", id="components_no_list"),
        pytest.param(form(7), "wrong_type", id="component_no_object"),  # type: ignore[arg-type]
    ],
)
def test_a_file_that_is_no_form_is_refused(text: bytes, rule: str) -> None:
    """Whatever comes in, the answer is a finding, never another error."""
    assert refused(text) == [(rule, None)]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        pytest.param({"type": "signature"}, "unknown_type", id="unknown_type"),
        pytest.param({"type": "iframe"}, "iframe", id="iframe"),
        pytest.param({"key": ""}, "bad_key", id="empty_key"),
        pytest.param({"key": "a..b"}, "bad_key", id="gap_in_key"),
        pytest.param({"key": 7}, "bad_key", id="key_is_a_number"),
        pytest.param({"conditional": {"hide": "=1 +"}}, "feel_syntax", id="hide_syntax"),
        pytest.param({"conditional": {"hide": "a > 1"}}, "feel_prefix", id="hide_without_sign"),
        pytest.param({"conditional": "x"}, "wrong_type", id="conditional_no_object"),
        pytest.param({"readonly": "=("}, "feel_syntax", id="readonly_syntax"),
        pytest.param({"label": "={"}, "feel_syntax", id="label_syntax"),
        pytest.param({"description": "Dear {{1 +}}"}, "feel_syntax", id="template_syntax"),
        pytest.param({"validate": {"maxLength": "=1 +"}}, "feel_syntax", id="limit_syntax"),
        pytest.param({"validate": {"maxLength": "ten"}}, "wrong_type", id="limit_no_number"),
        pytest.param({"validate": {"required": "yes"}}, "wrong_type", id="required_is_text"),
        pytest.param({"validate": {"pattern": "("}}, "bad_pattern", id="pattern_syntax"),
        pytest.param({"validate": {"pattern": "(a+)+$"}}, "slow_pattern", id="endless_pattern"),
        pytest.param({"validate": {"validationType": "iban"}}, "wrong_type", id="unknown_kind"),
        pytest.param({"properties": {"validate": "=1 +"}}, "feel_syntax", id="rule_syntax"),
        pytest.param({"properties": {"requiredIf": "=1 +"}}, "feel_syntax", id="required_if"),
        pytest.param({"properties": {"auto": "ip"}}, "bad_auto", id="unknown_auto"),
        pytest.param({"properties": "x"}, "wrong_type", id="properties_no_object"),
        pytest.param({"disabled": "true"}, "wrong_type", id="disabled_is_text"),
        pytest.param({"type": "select"}, "missing_options", id="select_without_options"),
        pytest.param({"type": "select", "values": {"a": 1}}, "wrong_type", id="options_no_list"),
        pytest.param(
            {"type": "radio", "valuesExpression": "=["}, "feel_syntax", id="options_syntax"
        ),
        pytest.param(
            {"type": "radio", "valuesExpression": "x"}, "feel_prefix", id="options_without_sign"
        ),
        pytest.param({"type": "expression", "expression": "x"}, "feel_prefix", id="computed"),
        pytest.param({"type": "datetime", "subtype": "year"}, "wrong_type", id="unknown_subtype"),
        pytest.param(
            {"type": "datetime", "timeSerializingFormat": "local"}, "wrong_type", id="zone_format"
        ),
        pytest.param(
            {"type": "datetime", "timeInterval": [5]}, "wrong_type", id="interval_is_list"
        ),
        pytest.param({"type": "number", "decimalDigits": -1}, "wrong_type", id="minus_digits"),
        pytest.param({"type": "number", "increment": "0"}, "wrong_type", id="no_increment"),
        pytest.param({"type": "dynamiclist"}, "bad_key", id="list_without_path"),
        pytest.param(
            {"type": "dynamiclist", "path": "a", "defaultRepetitions": 1e9},
            "wrong_type",
            id="endless_rows",
        ),
        pytest.param(
            {"type": "dynamiclist", "path": "a", "properties": {"minItems": "one"}},
            "wrong_type",
            id="rows_no_number",
        ),
        pytest.param({"type": "html", "content": "<script>1</script>"}, "html_active", id="script"),
    ],
)
def test_a_component_with_a_mistake_is_refused_by_name(changes: dict[str, Any], rule: str) -> None:
    """The finding names the rule and the component."""
    assert refused(form(TEXT | changes)) == [(rule, "a")]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        pytest.param(
            {"type": "html", "content": "<p style='color:red'>x</p>"}, "html_style", id="style"
        ),
        pytest.param(
            {"type": "html", "content": "<STYLE>p{}</STYLE>"}, "html_style", id="style_element"
        ),
        pytest.param(
            {"type": "image", "source": "https://example.com/a.png"}, "foreign_image", id="image"
        ),
    ],
)
def test_what_our_pages_do_not_show_is_remarked_by_name(changes: dict[str, Any], rule: str) -> None:
    """The form is taken, wherever the component stands: the work is the same without a decoration."""
    group = {"type": "group", "id": "g", "components": [TEXT | changes]}

    (remark,) = parse(form(group)).remarks
    assert (remark.rule, remark.element_id) == (rule, "a")
    assert_told_in_every_language(remark)


def test_every_mistake_of_a_file_is_told_at_once() -> None:
    """A process owner mends a form in one go, not in ten."""
    text = form(
        {"type": "textfield", "id": "a", "key": "a", "conditional": {"hide": "=1 +"}},
        {"type": "textfield", "id": "b", "key": "a"},
        {"type": "textfield", "id": "a", "key": "c"},
        {"type": "textfield", "key": "d"},
    )

    assert sorted(refused(text), key=str) == [
        ("duplicate_id", "a"),
        ("duplicate_key", "b"),
        ("feel_syntax", "a"),
        ("missing_id", None),
    ]


def test_a_finding_tells_the_line_of_the_component() -> None:
    """The line is where the component's id stands, from 1."""
    text = b'{"id": "f",\n "components": [\n  {"type": "nope", "key": "k",\n   "id": "x"}]}'

    with pytest.raises(DeploymentRefusedError) as caught:
        parse(text)

    assert [finding.line for finding in caught.value.findings] == [4]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            {"type": "textfield", "key": "a"}, {"type": "number", "key": "a"}, id="same_key"
        ),
        pytest.param(
            {"type": "textfield", "key": "a"}, {"type": "number", "key": "a.b"}, id="inside_a_value"
        ),
        pytest.param(
            {"type": "textfield", "key": "a.b"}, {"type": "number", "key": "a"}, id="around_a_value"
        ),
        pytest.param(
            {"type": "dynamiclist", "path": "a", "components": []},
            {"type": "number", "key": "a.b"},
            id="inside_a_list",
        ),
        pytest.param(
            {"type": "textfield", "key": "a"},
            {"type": "group", "path": "a", "components": []},
            id="group_on_a_value",
        ),
    ],
)
def test_two_components_cannot_have_one_place(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Keys and paths that collide are refused, as form-js refuses to draw them."""
    assert refused(form({**one, "id": "one"}, {**other, "id": "other"})) == [
        ("duplicate_key", "other")
    ]


def test_a_form_too_deep_or_with_too_many_components_is_refused() -> None:
    """Hostile nesting ends in a finding."""
    nested: dict[str, Any] = {"type": "group", "id": "g0", "components": []}
    for level in range(1, 25):
        nested = {"type": "group", "id": f"g{level}", "components": [nested]}
    many = [{"type": "spacer", "id": f"s{number}"} for number in range(2_005)]

    assert refused(form(nested)) == [("too_deep", None)]
    assert refused(form(*many)) == [("too_large", None)]


def test_a_form_tells_its_fields_with_paths_rules_and_automatic_values(
    make: Callable[..., Form],
) -> None:
    """Groups nest, lists are marked, and shown components are no fields."""
    read = make(
        {"type": "text", "text": "说明"},
        {
            "type": "group",
            "path": "customer",
            "components": [
                {
                    "type": "textfield",
                    "key": "name",
                    "label": "顾客名称",
                    "properties": {"ruleRefs": "FB-4.3-2, FB-4.3-3", "auto": "user_name"},
                }
            ],
        },
        {
            "type": "dynamiclist",
            "path": "items",
            "components": [{"type": "number", "key": "price.amount"}],
        },
        versionTag="v2",
    )

    name, amount = read.fields

    assert (read.id, read.version_tag) == ("test_form", "v2")
    assert (name.path, name.label, name.type) == ("customer.name", "顾客名称", "textfield")
    assert name.auto == "user_name"
    assert (amount.path, amount.auto) == ("items[].price.amount", None)


def test_a_file_name_other_than_the_id_is_remarked() -> None:
    """The file is taken, because modelers name files freely, but the remark is there."""
    (remark,) = parse(form(TEXT), "other.form").remarks
    assert remark.rule == "id_mismatch"
    assert_told_in_every_language(remark)
    assert parse(form(TEXT), "forms/x/f.form").remarks == ()
