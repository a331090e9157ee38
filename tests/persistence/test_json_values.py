"""JSON of the database is read fast and exactly."""

import json

import pytest

from service.persistence.json_values import json_value


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
