"""What an expression expects an AI agent to fill in."""

import pytest

from service.feel import (
    AiParameter,
    ai_parameters,
    compile_expression,
    misread_ai_arguments,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2", ()),
        ("fromAi(toolCall.url)", (AiParameter("toolCall.url"),)),
        ("string(fromAi(a.b.c, null, fromAi(x)))", (AiParameter("a.b.c"),)),
        (
            'fromAi(value: size, type: "number", options: {required: false})',
            (AiParameter("size", type="number", options={"required": False}),),
        ),
        (
            '{a: fromAi(x, "An x"), b: [fromAi(y)]}',
            (AiParameter("x", "An x"), AiParameter("y")),
        ),
    ],
    ids=["none", "name", "inside", "named", "nested"],
)
def test_each_call_is_a_parameter(text: str, expected: tuple[AiParameter, ...]) -> None:
    """Wherever it stands; what is not written is None."""
    assert ai_parameters(compile_expression(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('fromAi(a.b, "A b", "string", {enum: ["A", {b: 1}]}, {optional: true})', ()),
        ('fromAi("a.b")', ("value",)),
        ("fromAi(fromAi(a))", ("value",)),
        ('fromAi(a, 10, "str" + "ing")', ("description", "type")),
        ("fromAi(a, null)", ("description",)),
        (
            '[fromAi(a), fromAi(value: b, schema: "text", options: {a: now()})]',
            ("schema", "options"),
        ),
    ],
)
def test_an_argument_that_has_to_be_evaluated_says_nothing(
    text: str, expected: tuple[str, ...]
) -> None:
    """Who reads the diagram has no variables: a reference, texts and contexts as they are written."""
    assert misread_ai_arguments(compile_expression(text)) == expected
