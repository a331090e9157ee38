"""Every rule of the catalogue for the shipped processes is carried out somewhere."""

from csv import DictReader

import pytest

from tests import trace


def test_every_rule_is_quoted_somewhere() -> None:
    """No rule is lost, and what is left open is exactly what nothing quotes."""
    assert trace.missing() == set(trace.LEFT_OPEN)


def test_the_copy_of_the_rules_is_that_of_the_catalogue() -> None:
    """A clone without the catalogue traces the same rules."""
    if not trace.CATALOGUE.exists():
        pytest.skip("the catalogue is not beside this clone")
    with trace.COPY.open(encoding="utf-8", newline="") as file:
        copied = {row["rule_id"]: row["origin"] for row in DictReader(file)}
    assert copied == trace.rules()
