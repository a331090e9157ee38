"""English sentences at refused form fields; the Chinese ones are those of `forms.messages`."""

from collections.abc import Mapping

from service.domain.errors import FieldProblem

FIELD_TEXTS: Mapping[str, str] = {
    "required": "This field is required.",
    "type": "Expected {expected}.",
    "number": "Expected a number.",
    "integer": "Expected a whole number.",
    "decimal_digits": "Expected at most {digits} decimal places.",
    "increment": "Expected a multiple of the step; the nearest are {below} and {above}.",
    "min": "Expected at least {limit}.",
    "max": "Expected at most {limit}.",
    "min_length": "Expected at least {limit} characters.",
    "max_length": "Expected at most {limit} characters.",
    "characters": "Expected neither line breaks nor control characters.",
    "pattern": "Expected a text of the field's format.",
    "email": "Expected an e-mail address.",
    "phone": "Expected a phone number.",
    "option": "Expected one of the options.",
    "repeated_option": "Expected each option at most once.",
    "date": "Expected a date.",
    "time": "Expected a time.",
    "datetime": "Expected a date and time.",
    "passed_date": "Expected today or later.",
    "time_interval": "Expected minutes that are a multiple of {minutes}.",
    "document_unknown": "Expected a file that was uploaded, but there is none of this id.",
    "document_type": "Expected '{file_name}' to be of a type of {accept}.",
    "document_count": "Expected one file only.",
    "min_items": "Expected at least {limit} items.",
    "max_items": "Expected at most {limit} items.",
    "fixed_items": "Expected exactly {limit} items.",
    "condition": "The condition of this field is not met.",
    "unknown_key": "The form has no field '{key}'.",
    "hidden_field": "This field is hidden now and takes no value.",
    "disabled_field": "This field is disabled and takes no value.",
    "unsettled": "The form's conditions contradict each other: what to fill in cannot be decided.",
}
"""Code -> sentence; `{name}` stands for a fact."""

_EXPECTED: Mapping[str, str] = {
    "是或否": "true or false",
    "列表": "a list",
    "文件引用的列表": "a list of document references",
    "一组数据": "an object",
    "文本": "a text",
}
"""What the fact `expected` says, in English."""


def english_text(problem: FieldProblem) -> str:
    """Return the English sentence at a refused field; of a check of no table its name."""
    text = FIELD_TEXTS.get(problem.code)
    if text is None:
        return f"The check '{problem.code}' refused the value."
    expected = str(problem.facts.get("expected"))
    return text.format_map({**problem.facts, "expected": _EXPECTED.get(expected, expected)})
