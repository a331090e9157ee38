"""What an expression expects an AI agent to fill in."""

import pytest

from service.feel import AiParameter, ai_parameters, compile_expression


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2", ()),
        ("fromAi(toolCall.url)", (AiParameter("url"),)),
        (
            'fromAi(value: size, type: "number", options: {required: false})',
            (AiParameter("size", type="number", options={"required": False}),),
        ),
        (
            '{a: fromAi(x, "An x"), b: [fromAi(y)]}',
            (AiParameter("x", "An x"), AiParameter("y")),
        ),
    ],
    ids=["none", "name", "named", "nested"],
)
def test_each_call_is_a_parameter(text: str, expected: tuple[AiParameter, ...]) -> None:
    """Wherever it stands; what is not written is None."""
    assert ai_parameters(compile_expression(text)) == expected
