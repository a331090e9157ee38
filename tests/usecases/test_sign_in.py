"""Signing in: right, wrong, and too often wrong."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from service.domain.errors import NotSignedInError, OverloadedError
from service.identity import Person, needs_rehash
from service.persistence.tables.house import people as table
from service.usecases.house import House
from service.usecases.sign_in import DECOY, FAILURES, WINDOW, sign_in
from tests.factories import PASSWORD
from tests.fakes import FakeClock

Staff = Mapping[str, Person]
HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"


def fail(house: House, username: str = "quinn", address: str = HERE, times: int = 1) -> None:
    """Sign in with a wrong password."""
    for _ in range(times):
        with pytest.raises(NotSignedInError):
            sign_in(house, username, "wrong", address)


def test_the_right_password_signs_in(house: House, people: Staff) -> None:
    """The person comes back with all that is known of him."""
    assert sign_in(house, "quinn", PASSWORD, HERE) == people["quinn"]


def test_unknown_user_and_wrong_password_look_alike(house: House, people: Staff) -> None:
    """Nobody learns from the answer which user names there are."""
    answers = set()
    for username, password in (("quinn", "wrong"), ("nobody", PASSWORD), ("", "")):
        with pytest.raises(NotSignedInError) as refused:
            sign_in(house, username, password, HERE)
        answers.add((refused.value.detail, refused.value.code, str(refused.value.facts)))

    assert len(answers) == 1


@pytest.mark.usefixtures("hashed_as_shipped")
def test_an_unknown_user_costs_as_much_as_a_wrong_password() -> None:
    """The hash checked for unknown users has the parameters of a stored one."""
    assert not needs_rehash(DECOY)


@pytest.mark.parametrize("values", [{"is_active": False}, {"password_hash": None}])
def test_a_closed_account_and_one_without_password_do_not_sign_in(
    house: House, people: Staff, values: dict[str, object]
) -> None:
    """The right password of before does not help."""
    with house.database.unit(house.outside) as unit:
        unit.connection.execute(update(table).where(table.c.username == "quinn").values(**values))
        unit.commit()

    with pytest.raises(NotSignedInError):
        sign_in(house, "quinn", PASSWORD, HERE)


@pytest.mark.slow
def test_guessing_at_one_user_ends_after_ten_failures(house: House, people: Staff) -> None:
    """Then even the right password is refused, from wherever it comes; others still sign in."""
    fail(house, times=FAILURES)

    with pytest.raises(OverloadedError) as refused:
        sign_in(house, "quinn", PASSWORD, ELSEWHERE)
    assert refused.value.retry_after_s == WINDOW.total_seconds()
    assert sign_in(house, "qiao", PASSWORD, ELSEWHERE) == people["qiao"]


@pytest.mark.slow
def test_guessing_from_one_address_ends_after_ten_failures(house: House, people: Staff) -> None:
    """Trying one password on many users counts together."""
    for number in range(FAILURES):
        fail(house, username=f"user{number}")

    with pytest.raises(OverloadedError):
        sign_in(house, "quinn", PASSWORD, HERE)
    assert sign_in(house, "quinn", PASSWORD, ELSEWHERE) == people["quinn"]


@pytest.mark.slow
def test_one_failure_less_is_borne(house: House, people: Staff) -> None:
    """The tenth attempt is still looked at."""
    fail(house, times=FAILURES - 1)

    assert sign_in(house, "quinn", PASSWORD, HERE) == people["quinn"]


@pytest.mark.slow
def test_the_refusal_ends_when_the_oldest_failure_is_out_of_the_window(
    house: House, people: Staff, clock: FakeClock
) -> None:
    """Refused just before, let in at the moment that was told."""
    fail(house)
    clock.advance(minutes=5)
    fail(house, times=FAILURES - 1)
    clock.advance(minutes=1)

    with pytest.raises(OverloadedError) as refused:
        sign_in(house, "quinn", PASSWORD, HERE)
    assert refused.value.retry_after_s == 9 * 60

    clock.advance(timedelta(minutes=9, microseconds=-1))
    with pytest.raises(OverloadedError):
        sign_in(house, "quinn", PASSWORD, HERE)
    clock.advance(timedelta(microseconds=1))
    assert sign_in(house, "quinn", PASSWORD, HERE) == people["quinn"]


@pytest.mark.slow
def test_failures_without_an_address_count_for_their_user_only(house: House, people: Staff) -> None:
    """Where the address is not known, one user's failures lock out nobody else."""
    fail(house, address="", times=FAILURES)

    assert sign_in(house, "qiao", PASSWORD, "") == people["qiao"]


def test_a_hash_of_older_parameters_is_renewed(house: House, people: Staff) -> None:
    """Signing in stores the password anew, and it still fits."""
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with house.database.unit(house.outside) as unit:
        one = table.c.username == "quinn"
        unit.connection.execute(update(table).where(one).values(password_hash=weak))
        unit.commit()

    sign_in(house, "quinn", PASSWORD, HERE)

    with house.database.reading() as connection:
        renewed = connection.execute(select(table.c.password_hash).where(one)).scalar_one()
    assert not needs_rehash(renewed)
    assert sign_in(house, "quinn", PASSWORD, HERE) == people["quinn"]
