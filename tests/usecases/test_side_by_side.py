"""Commands beside each other, on SQLite and PostgreSQL: numbers stay unique, a batch keeps one notice."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from sqlalchemy import Engine

from service.domain.errors import AlreadyExistsError
from service.domain.outside import Outside
from service.persistence.database import Database
from service.persistence.unit import Unit
from service.usecases import cases, registers
from tests.persistence.postgresql import migrated_database

T = TypeVar("T")

WORKERS = 4


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Engine]:
    """Give an engine on a migrated PostgreSQL."""
    with migrated_database() as engine:
        yield engine


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def beside(request: pytest.FixtureRequest, outside: Outside) -> Callable[..., list[object]]:
    """Return a function that runs a piece of work in many units beside each other."""
    if request.param == "postgresql":
        database = Database(request.getfixturevalue("postgresql"))
    else:
        database = request.getfixturevalue("database")

    def once(work: Callable[[Unit], T]) -> T | str:
        try:
            with database.unit(outside) as unit:
                result = work(unit)
                unit.commit()
        except AlreadyExistsError:
            return "refused"
        return result

    def run(work: Callable[[Unit], T], times: int) -> list[object]:
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(lambda _: once(work), range(times)))

    return run


def test_a_number_is_given_once(beside: Callable[..., list[object]]) -> None:
    """XC-NO-1, XC-X-1: twenty commands get twenty numbers without a gap."""
    numbers = beside(lambda unit: cases.next_number(unit, "PF"), 20)
    assert sorted(map(str, numbers)) == [f"PF-202611-{n:04d}" for n in range(1, 21)]


def test_one_of_many_notices_for_a_batch_comes_into_force(
    beside: Callable[..., list[object]],
) -> None:
    """BQ-X-2: the others see it and are refused."""

    def put(unit: Unit) -> str:
        registers.put_notice_in_force(
            unit,
            notice_no=f"BQ-{unit.new_key()}",
            batches=["B1"],
            problem_type="开胶",
            valid_to_on=None,
            content={},
            case_key=None,
            who="lina",
        )
        return "in force"

    assert sorted(map(str, beside(put, 8))) == ["in force"] + ["refused"] * 7
