"""JSON of the database is read fast and exactly."""

import json

import pytest

from service.persistence.json_values import json_text, json_value


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, -2.5, true, null, "晨光\\u0041"]}',
        "9223372036854775807",
        "-123456789012345678901234567890",
        '{"n": [18446744073709551616, 1.5]}',
        '{"key": "1234567890123456789"}',
        "0.1234567890123456789",
    ],
)
def test_values_are_what_pythons_own_reader_gives(text: str) -> None:
    """Integers of any length stay integers."""
    for given in (text, text.encode()):
        value = json_value(given)
        assert value == json.loads(text)
        assert type(value) is type(json.loads(text))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": [1, None, "晨光"]}, '{"a":[1,null,"晨光"]}'),
        (2**64, "18446744073709551616"),
        ({"n": [-(10**30), "晨光"]}, '{"n":[-1000000000000000000000000000000,"晨光"]}'),
    ],
)
def test_values_are_written_compactly_and_exactly(value: object, text: str) -> None:
    """Integers of any length are written, and read again as they were."""
    assert json_text(value) == text
    assert json_value(json_text(value)) == value
