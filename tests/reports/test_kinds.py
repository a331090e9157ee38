"""What the fields of the API take."""

import pytest

from service.domain.errors import BadInputError
from service.reports.search.kinds import MOMENT


@pytest.mark.parametrize(
    "text", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+08:00", "2026-11-24T10:00"]
)
def test_a_moment_is_one_that_every_page_can_show(text: str) -> None:
    """At the ends of the calendar it has no date in the house's time."""
    with pytest.raises(BadInputError):
        MOMENT.value(text, "dueDate")
